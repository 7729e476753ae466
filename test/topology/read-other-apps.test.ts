import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { AssemblyContents, walkAssembly } from '../../src/app-model/assembly';
import { OtherApp } from '../../src/app-model/other-apps';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { readOtherApps, readOtherStacks } from '../../src/topology/other-apps';
import { stackKey } from '../../src/topology/stack-copies';
import { HUB, SHOP, stackIn, testApp } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { busArn } from '../support/three-accounts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'read-other-apps-'))));
afterEach(() => rmSync(directory, { recursive: true }));

/** A file of the stacks with these IDs, each with a bus of the same name. */
function fileAt(path: string, ids: readonly string[] = ['Shop'], env = SHOP): string {
  const stacks = ids.map((id) => ({ path: id, name: id, ...env }));
  const eventBuses = ids.map((id) => ({
    stack: id,
    logicalId: 'Bus',
    path: `${id}/Bus`,
    name: id,
    arn: busArn(id, env),
  }));
  return fileWith(path, JSON.stringify({ version: 1, stacks, eventBuses }));
}

function fileWith(path: string, content: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

function busIn(scope: Stage, id: string, env = HUB): void {
  new CfnEventBus(new Stack(scope, id, { env }), 'Bus', { name: id });
}

function hub(): App {
  const app = testApp();
  busIn(app, 'Hub');
  return app;
}

const read = (...paths: string[]) => readOtherApps(paths)(walkAssembly(hub()));
const stackPaths = (apps: readonly OtherApp[]) =>
  apps.flatMap(({ root }) => walkAssembly(root).stacks.map(({ node }) => node.path));

describe('the name of an app', () => {
  test.each([
    ['billing.json', 'billing'],
    ['billing.event-topology.json', 'billing'],
    ['billing/event-topology.json', 'billing'],
    ['billing/cdk.out/event-topology.json', 'billing'],
    ['billing.json.old/event-topology.json', 'billing.json.old'],
    ['event-topology.json.json', 'event-topology.json'],
  ])('is that of %s', (path, name) => {
    const [app] = read(fileAt(path));
    expect([app.name, app.root.node.path]).toEqual([`app '${name}'`, name]);
  });

  test('is that of the directory around its cloud assembly', () => {
    const app = testApp({ outdir: join(directory, 'billing/cdk.out') });
    busIn(app, 'Billing', SHOP);
    expect(read(app.synth().directory).map((other) => other.name)).toEqual(["app 'billing'"]);
  });

  test('differs from those of the apps before it', () => {
    const apps = read(...['a', 'b', 'c'].map((path, i) => fileAt(`${path}/shop.json`, [`Shop${i}`])));
    expect(apps.map(({ name }) => name)).toEqual(["app 'shop'", "app 'shop''", "app 'shop'''"]);
  });
});

describe('the stacks of other apps', () => {
  test('are none without paths', () => {
    expect(read()).toEqual([]);
  });

  test('are those that neither this app nor an app before has, in the same account and Region', () => {
    const app = hub();
    busIn(app, 'Shop', HUB);
    const files = [fileAt('first.json', ['Shop', 'Hub']), fileAt('second.json', ['Hub', 'Billing', 'Shop'])];
    const sameAsOwn = fileAt('third.json', ['Hub', 'Orders'], HUB);
    expect(stackPaths(readOtherApps([...files, sameAsOwn])(walkAssembly(app)))).toEqual([
      ...['first/Shop', 'first/Hub'],
      'second/Billing',
      'third/Orders',
    ]);
  });

  test('are not those of any stage of this app', () => {
    const app = hub();
    const [first, second] = ['First', 'Second'].map((id) => new Stage(app, id));
    busIn(first, 'A', SHOP);
    busIn(second, 'B', SHOP);
    const file = fileAt('shop.json', ['First-A', 'Second-B', 'Shop']);
    for (const scope of [app, first, second]) {
      expect(stackPaths(readOtherApps([file])(walkAssembly(scope)))).toEqual(['shop/Shop']);
    }
  });

  test('have an account, a Region and a name of their own', () => {
    expect(stackKey({ ...SHOP, name: 'Shop' })).toBe('222222222222 eu-west-1 Shop');
  });
});

describe('the other apps', () => {
  const stageIn = (app: App, id: string, env = HUB): AssemblyContents => {
    const stage = new Stage(app, id);
    busIn(stage, 'Hub', env);
    return walkAssembly(stage);
  };

  test('are the same for a stage that is part of what is known', () => {
    const app = testApp();
    const stages = ['First', 'Second'].map((id) => stageIn(app, id));
    const others = readOtherApps([fileAt('shop.json')]);
    const first = others(stages[0]);
    expect(others(stages[0])).toBe(first);
    expect(others(stages[1])).toBe(first);
  });

  test('are read again for an account that was not known, for a bus that was not known, or entirely', () => {
    const app = testApp();
    const others = readOtherApps([fileAt('shop.json')]);
    const apps = [others(stageIn(app, 'First')), others(stageIn(app, 'Second', SHOP))];
    busIn(app, 'Third');
    apps.push(others(walkAssembly(app)), others(walkAssembly(app), { entirely: true }));
    expect(new Set(apps).size).toBe(apps.length);
  });

  test('stay once they are there entirely', () => {
    const app = hub();
    const others = readOtherApps([fileAt('shop.json')]);
    const all = others(walkAssembly(app), { entirely: true });
    expect(others(walkAssembly(app), { entirely: true })).toBe(all);
    expect(others(walkAssembly(app))).toBe(all);
    stackIn(app, 'Later', SHOP);
    expect(others(walkAssembly(app))).toBe(all);
  });
});

describe('a path cannot be read', () => {
  const CALL = 'CrossAccountEventChecks.applyTo()';

  test.each<[string, string, string | undefined]>([
    ['of no file', 'missing.json', undefined],
    ['of no directory', 'missing/cdk.out', undefined],
    ['of a file that is not JSON', 'shop.json', '{'],
    ['of a file of another version', 'shop.json', '{"version": 2}'],
  ])('%s', (_, path, content) => {
    const file = content === undefined ? join(directory, path) : fileWith(path, content);
    const message = errorOf(() => readOtherApps([file]));
    expect(message).toContain(`${CALL}: 'otherApps' cannot be read: ${file}: `);
    // once
    expect(message.split(file)).toHaveLength(2);
    expectMessage(message.replace(file, path));
  });

  test.each([{ version: 1 }, { version: '48.0.0', missing: [1] }])(
    'of a directory with the manifest %j, with the first line of its error',
    (manifest) => {
      const assembly = dirname(fileWith('cdk.out/manifest.json', JSON.stringify(manifest)));
      const [reason] = errorOf(() => stacksInAssembly(assembly)).split('\n');
      const message = errorOf(() => readOtherApps([assembly]));
      expect(message).toContain(`${CALL}: 'otherApps' cannot be read: ${assembly}: ${reason}; `);
    },
  );

  test('for another call', () => {
    expect(errorOf(() => readOtherStacks('missing.json', 'shop', 'EventAssertions.of()'))).toMatch(
      /^EventAssertions\.of\(\): 'otherApps' cannot be read: missing\.json: /,
    );
  });

  test('unless it has the stacks of an app', () => {
    const stacks = readOtherStacks(fileAt('shop.json', ['A', 'B']), 'shop', CALL);
    expect(stacks.map(({ path }) => path)).toEqual(['A', 'B']);
  });
});
