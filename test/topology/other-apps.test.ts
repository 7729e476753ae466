import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { walkAssembly } from '../../src/app-model/assembly';
import { readApp } from '../../src/app-model/read-app';
import { readOtherApps } from '../../src/topology/other-apps';
import { topologyText } from '../../src/topology/topology-file';
import { HUB, testApp, testStack } from '../support/apps';
import { topologyOfApp } from '../support/topologies';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'other-apps-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** An app with the stack `id`, which contains a nested stack with a bus. */
function appWithNestedBus(id: string, eventBusName: string, outerBusName?: string): App {
  const app = testApp();
  const stack = testStack(id, HUB, app);
  const inner = new NestedStack(new NestedStack(stack, 'Nested'), 'Inner');
  new CfnEventBus(inner, 'Bus', { name: eventBusName });
  if (outerBusName !== undefined) new CfnEventBus(stack, 'Bus', { name: outerBusName });
  return app;
}

function topologyFile(name: string, app: App): string {
  const file = join(directory, `${name}.event-topology.json`);
  writeFileSync(file, topologyText(topologyOfApp(app)));
  return file;
}

/** The buses of an app and of the other apps that it knows. */
function busNames(app: App, paths: readonly string[]): string[] {
  return readApp(app, readOtherApps(paths)(walkAssembly(app))).eventBuses.map(({ name }) => name);
}

describe.each<[string, (name: string, app: App) => string]>([
  ['topology files', topologyFile],
  ['cloud assemblies', (_, app) => app.synth().directory],
])('in %s', (_, write) => {
  test.each([undefined, 'older-outer'])('an older copy of a nested stack is ignored with its stack (%s)', (outer) => {
    const older = write('hub', appWithNestedBus('Hub', 'older', outer));
    expect(busNames(appWithNestedBus('Hub', 'newer'), [older])).toEqual(['newer']);
    expect(busNames(testApp(), [older]).sort()).toEqual(outer === undefined ? ['older'] : ['older', outer]);
  });

  test('a nested stack of another app is read, even if this app has one of the same ID', () => {
    const others = ['Billing', 'Shop'].map((id) => write(id, appWithNestedBus(id, `bus-of-${id}`)));
    expect(busNames(appWithNestedBus('Hub', 'own'), others)).toEqual(['own', 'bus-of-Billing', 'bus-of-Shop']);
  });

  test('of two copies of a nested stack, the first one counts', () => {
    const copies = ['first', 'second'].map((name) => write(name, appWithNestedBus('Hub', name)));
    expect(busNames(testApp(), copies)).toEqual(['first']);
  });

  test('a stack in the scope of another one is read with it', () => {
    const app = testApp();
    const outer = testStack('Hub', HUB, app);
    new CfnEventBus(outer, 'Bus', { name: 'outer' });
    new CfnEventBus(new Stack(outer, 'Inner', { env: HUB }), 'Bus', { name: 'inner' });
    expect([...busNames(testApp(), [write('hub', app)])].sort()).toEqual(['inner', 'outer']);
  });
});

test.each(['billing/cdk.out/event-topology.json', 'billing/event-topology.json', 'billing.event-topology.json'])(
  'an app is named after %s',
  (path) => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, topologyText(topologyOfApp(appWithNestedBus('Billing', 'orders', 'billing'))));

    const { eventBuses } = readApp(testApp(), readOtherApps([file])(walkAssembly(testApp())));
    expect(eventBuses.map(({ construct }) => construct.node.path.split('/')[0])).toEqual(['billing', 'billing']);
  },
);
