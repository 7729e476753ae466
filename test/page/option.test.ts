import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, CrossAccountEventChecks, CrossAccountEventChecksOptions } from '../../src';
import { readArguments } from '../../src/cli/arguments';
import { checkOptions } from '../../src/cli/check-options';
import { graphInput } from '../../src/cli/graph-of-apps';
import { readApps } from '../../src/cli/inputs';
import { deliveryGraph } from '../../src/delivery-graph/build-graph';
import { DeliveryGraph } from '../../src/delivery-graph/delivery-graph';
import { graphOf } from '../../src/page/page-data';
import { HUB, testApp } from '../support/apps';
import { emptyDirectory } from '../support/command';
import { CONTENT, NAMES, Name, stackOf } from '../support/three-repositories';

/** An app with an open bus in a stack, and one in a stage. */
function appWithStage(): { app: App; stage: Stage } {
  const app = testApp();
  const stage = new Stage(app, 'Prod');
  for (const scope of [app, stage]) {
    const hub = new Stack(scope, 'Hub', { env: HUB });
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: bus.eventBusArn };
    new CfnEventBusPolicy(hub, 'Open', { statementId: 'Open', eventBusName: 'orders', statement });
  }
  return { app, stage };
}

const fileOf = ({ outdir }: Stage) => join(outdir, 'event-topology.html');

function graphIn(assembly: Stage): DeliveryGraph {
  const [, data] = /type="application\/json">(.*?)<\/script>/s.exec(readFileSync(fileOf(assembly), 'utf8'))!;
  return graphOf(JSON.parse(data));
}

test('writes the page of the app and that of each stage, with the findings', () => {
  const { app, stage } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topologyPage: true });
  app.synth();
  const buses = [app, stage].map((assembly) => {
    const [bus] = graphIn(assembly).elements.filter(({ kind }) => kind === 'eventBus');
    return [bus.app, bus.name, bus.openTo, bus.findings.map(({ id }) => id)];
  });
  const finding = 'cdk-cross-account-eventbridge:wildcardPrincipal';
  expect(buses).toEqual([
    ['app', 'orders', ['any AWS account'], [finding]],
    ['Prod', 'orders', ['any AWS account'], [finding]],
  ]);
});

test('writes one page if the checks are applied twice', () => {
  const { app } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topologyPage: true });
  CrossAccountEventChecks.applyTo(app, { topologyPage: true });
  app.synth();
  expect(graphIn(app).elements.filter(({ kind }) => kind === 'eventBus')).toHaveLength(1);
});

test('writes no page by default', () => {
  const { app, stage } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topology: true });
  app.synth();
  expect([app, stage].map((assembly) => existsSync(fileOf(assembly)))).toEqual([false, false]);
});

describe('the page of an app that knows others', () => {
  const directory = emptyDirectory();
  const outdirOf = (name: Name) => join(directory, name, 'cdk.out');
  const synthesize = (name: Name, options?: CrossAccountEventChecksOptions) => {
    const app = stackOf(name, CONTENT, undefined, outdirOf(name)).node.root as App;
    if (options) CrossAccountEventChecks.applyTo(app, options);
    app.synth();
    return app;
  };
  let graph: DeliveryGraph;
  beforeAll(() => {
    synthesize('hub');
    synthesize('billing');
    graph = graphIn(synthesize('shop', { topologyPage: true, otherApps: (['hub', 'billing'] as const).map(outdirOf) }));
  });

  test('has the same elements, connections and deliveries as the command', () => {
    const command = deliveryGraph(
      graphInput(readApps(NAMES.map((name) => ({ path: outdirOf(name) }))), checkOptions(readArguments(['page']))),
    );
    const idsIn = ({ connections, deliveries, elements }: DeliveryGraph) => ({
      elements: elements.map(({ id, kind, role }) => [id, kind, role]),
      connections: connections.map(({ decision, events, from, kind, to }) => [kind, from, to, decision, events]),
      deliveries: deliveries.map(({ decision, event, publisher, target }) => [publisher, target, decision, event]),
    });
    expect(idsIn(graph)).toEqual(idsIn(command));
    expect(graph.deliveries.length).toBeGreaterThan(0);
  });

  test('can be filtered by each app', () => {
    const apps = graph.elements.map(({ app, name }) => [app, name]);
    expect(new Set(apps.map(([app]) => app))).toEqual(new Set(['app', 'hub', 'billing']));
    expect(apps).toEqual(
      expect.arrayContaining([
        ['hub', 'orders'],
        ['app', 'shop-publisher'],
        ['billing', 'invoices'],
      ]),
    );
  });

  test('has the paths that constructs have in their apps', () => {
    const bus = graph.elements.find(({ name }) => name === 'orders')!;
    expect(bus.path).toBe('hub/Bus');
    const statements = graph.connections.flatMap(({ allowedBy }) => allowedBy);
    expect(statements.map(({ app, path }) => `${app} ${path.split('/')[0]}`)).toEqual(
      expect.arrayContaining(['hub hub', 'app shop', 'billing billing']),
    );
  });
});
