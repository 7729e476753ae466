import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { App, ResourceEnvironment, Stack, Stage } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountEventChecks, EventPublisher } from '../../src';
import { ReportEntry } from '../../src/checks/engine/report';
import { BILLING, HUB, SHOP, messagesOfApp, testApp } from '../support/apps';
import { command } from '../support/command';
import { brief } from '../support/messages';
import { busArn } from '../support/three-accounts';

type Places = (app: App) => { readonly ofRule: Construct; readonly ofBus: Construct };

const PLACES: readonly [string, Places][] = [
  ['a rule in the app, to a bus in a stage', (app) => ({ ofRule: app, ofBus: new Stage(app, 'Stage') })],
  ['a rule in a stage, to a bus in the app', (app) => ({ ofRule: new Stage(app, 'Stage'), ofBus: app })],
  [
    'a rule in a stage, to a bus in a stage within it',
    (app) => {
      const ofRule = new Stage(app, 'Stage');
      return { ofRule, ofBus: new Stage(ofRule, 'Inner') };
    },
  ],
  [
    'a rule in a stage, to a bus in the stage around it',
    (app) => {
      const ofBus = new Stage(app, 'Stage');
      return { ofRule: new Stage(ofBus, 'Inner'), ofBus };
    },
  ],
];

const stackIn = (scope: Construct, id: string, env: ResourceEnvironment) => new Stack(scope, id, { env });

function ruleTo(scope: Construct, name: string, env = SHOP): void {
  const rule = new Rule(scope, 'Rule', { eventPattern: { source: ['com.shop'] } });
  rule.addTarget(new CrossAccountEventBusTarget(EventBus.fromEventBusArn(scope, 'Other', busArn(name, env))));
}

function busFor(stack: Stack, name: string): void {
  const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: name });
  bus.allowPublisher(EventPublisher.accounts(HUB.account));
}

type Define = (ofRule: Stack, ofBus: Stack) => void;

function appWith(places: Places, define: Define): App {
  const app = testApp();
  const { ofRule, ofBus } = places(app);
  const shop = stackIn(ofBus, 'Shop', SHOP);
  busFor(shop, 'orders');
  define(stackIn(ofRule, 'Hub', HUB), shop);
  CrossAccountEventChecks.applyTo(app, { topology: true });
  return app;
}

const findings = (places: Places, define: Define): string[] => messagesOfApp(appWith(places, define)).map(brief);

/** The findings of the command in the cloud assembly of the app, which are those in its topology file. */
function findingsOfCommand(places: Places, define: Define): string[] {
  const { directory } = appWith(places, define).synth();
  const [ofAssembly, ofFile] = [directory, `${directory}/event-topology.json`].map((path) =>
    JSON.parse(command('check', '--json', path).out).findings.map(
      ({ level, id, path: at, reason, fix }: ReportEntry) => `${level} ${id} ${at}: ${reason}; ${fix}`,
    ),
  );
  expect(ofFile).toEqual(ofAssembly);
  return ofAssembly;
}

test.each(PLACES)('nothing is found about %s', (_, places) => {
  expect(findings(places, (hub) => ruleTo(hub, 'orders'))).toEqual([]);
});

test.each(PLACES)('a bus that is not defined is found, once, for %s', (_, places) => {
  const found = findings(places, (hub) => ruleTo(hub, 'order'));
  expect(found).toEqual([expect.stringMatching(/^error eventBusNotFound \S*\/Hub\/Rule$/)]);
});

test.each(PLACES)('a bus that is not defined is found by the command too, for %s', (_, places) => {
  expect(findingsOfCommand(places, (hub) => ruleTo(hub, 'orders'))).toEqual([]);
  const [found, ...others] = findingsOfCommand(places, (hub) => ruleTo(hub, 'invoices'));
  expect(found).toMatch(/^error \S+:eventBusNotFound \S*Hub\/Rule\/Resource: /);
  expect(found).toMatch(/: (the app|stage '[\w/]+') describes account 222222222222 and does not define the bus; /);
  expect(found).toMatch(/, or check the app that defines it too$/);
  expect(others).toEqual([]);
});

test('a bus that another stage does not define is found among several apps', () => {
  const other = testApp();
  new EventBus(stackIn(other, 'Billing', BILLING), 'Bus');
  const [rule, bus] = PLACES.slice(0, 2).map(([, places]) => appWith(places, (hub) => ruleTo(hub, 'order')));
  const reasons = [rule, bus].map((app) => {
    const out = join(app.outdir, '..', 'platform');
    cpSync(app.synth().directory, out, { recursive: true });
    return JSON.parse(command('check', '--json', out, other.synth().directory).out).findings[0].reason;
  });
  expect(reasons).toEqual([
    expect.stringMatching(/^stage 'platform\/Stage' describes account 222222222222 /),
    expect.stringMatching(/^app 'platform' describes account 222222222222 /),
  ]);
});

test.each([
  ['as the stage may be a copy of another one', false],
  ['also if it refers to something else in the other one', true],
])('a bus that its own stage should define is no error, %s', (_, refersToOther) => {
  const places: Places = (app) => ({ ofRule: new Stage(app, 'Prod'), ofBus: new Stage(app, 'Test') });
  const define: Define = (hub, ofBus) => {
    ruleTo(hub, 'invoices');
    new CrossAccountEventBus(stackIn(hub.node.scope!, 'Shop', SHOP), 'Other', { eventBusName: 'other' });
    busFor(stackIn(ofBus.node.scope!, 'Billing', BILLING), 'bills');
    if (refersToOther) ruleTo(new Construct(hub, 'Bills'), 'bills', BILLING);
  };
  const id = 'manuallyAddEventBusPolicy';
  expect(findings(places, define)).toEqual([expect.stringMatching(`^warning ${id} /Prod/Hub/Rule$`)]);
  expect(findingsOfCommand(places, define)).toEqual([
    expect.stringMatching(`^warning \\S+:${id} Prod/Hub/Rule/Resource: `),
  ]);
});

test.each(PLACES)('a policy that is too large is found beside %s', (_, places) => {
  const actions = Array.from({ length: 400 }, (__, i) => `events:PutEvents${i}OfTheShop`);
  const found = findings(places, (hub) => {
    ruleTo(hub, 'orders');
    const role = Role.fromRoleName(hub, 'Role', 'role');
    const statements = [new PolicyStatement({ actions, resources: ['*'] })];
    new ManagedPolicy(hub, 'Large', { roles: [role], statements });
  });
  expect(found).toEqual([expect.stringMatching(/^error rolePolicySize \S*\/Hub\/Large\/Resource$/)]);
});
