import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Version } from 'aws-cdk-lib/aws-lambda';
import { EventBridgeDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, CrossAccountEventChecks, LambdaEventTarget } from '../../src';
import { AssemblyContents, walkAssembly } from '../../src/app-model/assembly';
import { concernedApp } from '../../src/app-model/concerned-app';
import { OtherApp } from '../../src/app-model/other-apps';
import { entriesOfConcern } from '../../src/topology/entries-of-concern';
import { readOtherApps } from '../../src/topology/other-apps';
import { EventTopology } from '../../src/topology/topology';
import { topologyText } from '../../src/topology/topology-file';
import { HUB, SHOP, stackIn, testApp, testFunction, testStack } from '../support/apps';
import { topologyOfApp } from '../support/topologies';

const LISTS = ['functions', 'queues', 'topics', 'streams', 'keys', 'resourcePolicies'] as const;
const ORDERS = { account: [SHOP.account] };

/** The shop: a bus, and rules whose functions and encrypted dead-letter queues have generated names. */
function shop(change: (stack: Stack, bus: EventBus) => void = () => undefined): EventTopology {
  const stack = testStack('Shop', SHOP);
  const bus = new EventBus(stack, 'Bus', { eventBusName: 'orders' });
  for (const id of ['A', 'B', 'C']) addRule(stack, bus, id);
  change(stack, bus);
  return topologyOfApp(stack.node.root as App);
}

function addRule(stack: Stack, bus: EventBus, id: string): Rule {
  const queue = new Queue(stack, `Queue${id}`, {
    encryption: QueueEncryption.KMS,
    encryptionMasterKey: new Key(stack, `Key${id}`),
  });
  const target = new LambdaEventTarget(testFunction(stack, `Function${id}`), { deadLetterQueue: queue });
  return new Rule(stack, `Rule${id}`, { eventBus: bus, eventPattern: ORDERS, targets: [target] });
}

/** An app with a bus in the account of the hub. */
function hub(eventBusName = 'hub', app = testApp()): App {
  new CrossAccountEventBus(stackIn(app, 'Hub', HUB), 'Bus', { eventBusName });
  return app;
}

function partFor(own: App, topology: EventTopology): EventTopology {
  own.synth();
  return entriesOfConcern(topology, concernedApp([walkAssembly(own)])!);
}

/** The IDs of the constructs in the lists of which entries may be left out. */
function idsIn(topology: EventTopology): string[] {
  return LISTS.flatMap((list) => topology[list].map(({ path }) => path.split('/').slice(1).join('/')));
}

const ONE_OF_EACH = ['FunctionA/Resource', 'QueueA/Resource'];
const encryptedQueue = (id: string) => [
  ...[`Key${id}/Resource`, `Key${id}/Resource`],
  ...[`Queue${id}/Policy/Resource`, `Queue${id}/Resource`],
];
const allOf = (id: string) => [
  ...[`Function${id}/Resource`, expect.stringContaining(`Rule${id}/AllowInvoke`)],
  ...encryptedQueue(id),
];

test('of resources with generated names in accounts that the app does not have, one of each kind stays', () => {
  const topology = shop();
  expectIds(topology, ['A', 'B', 'C'].flatMap(allOf));
  const part = partFor(hub(), topology);
  expectIds(part, ONE_OF_EACH);
  const rest = Object.fromEntries(LISTS.map((list) => [list, topology[list]]));
  expect({ ...part, ...rest }).toEqual(topology);
});

test('one of each kind stays in every stack, because stacks are ignored that the app has too', () => {
  const topology = shop((stack, bus) => void addRule(testStack('Second', SHOP, stack.node.root as App), bus, 'A'));
  expectIds(partFor(hub(), topology), [...ONE_OF_EACH, ...ONE_OF_EACH]);
});

describe('all resources stay', () => {
  test('in an account of the app', () => {
    const app = hub();
    new EventBus(testStack('Other', SHOP, app), 'Bus', { eventBusName: 'other' });
    const topology = shop();
    expect(partFor(app, topology)).toEqual(topology);
  });

  test('that rules use on a bus of a name for which the app has a policy', () => {
    const topology = shop();
    expect(partFor(hub('orders'), topology)).toEqual(topology);
    const app = testApp();
    new CfnEventBusPolicy(testStack('Hub', HUB, app), 'Policy', {
      statementId: 'shop',
      eventBusName: 'orders',
      statement: {},
    });
    expect(partFor(app, topology)).toEqual(topology);
  });

  test('that rules use on the default bus, if the app has a policy for it', () => {
    const topology = shop((stack) =>
      stack.node.findAll().forEach((construct) => {
        if (construct instanceof CfnRule) construct.eventBusName = undefined;
      }),
    );
    expectIds(partFor(hub(), topology), ONE_OF_EACH);
    const app = testApp();
    new CfnEventBusPolicy(testStack('Hub', HUB, app), 'Policy', { statementId: 'shop', statement: {} });
    expect(partFor(app, topology)).toEqual(topology);
  });
});

describe('a resource stays with its policy', () => {
  const stays: { readonly [why: string]: [(stack: Stack, bus: EventBus) => void, unknown[]] } = {
    'that a rule uses together with a resource of the app': [
      (stack) => ruleOf(stack, 'C').addPropertyOverride('Targets.1', { Id: 'Hub', Arn: arnIn(HUB) }),
      allOf('C'),
    ],
    'that a rule uses together with one whose name is known': [
      (stack) => ruleOf(stack, 'C').addPropertyOverride('Targets.1', { Id: 'Named', Arn: arnIn(SHOP) }),
      allOf('C'),
    ],
    'that a rule uses with a role of the app': [
      (stack) =>
        ruleOf(stack, 'C').addPropertyOverride('Targets.0.RoleArn', `arn:aws:iam::${HUB.account}:role/publisher`),
      allOf('C'),
    ],
    'that a rule uses together with one whose account is known at deployment': [
      (stack) => {
        const account = new CfnParameter(stack, 'Account').valueAsString;
        ruleOf(stack, 'C').addPropertyOverride('Targets.1', { Id: 'Any', Arn: arnIn({ account }) });
      },
      allOf('C'),
    ],
    'that is the dead-letter queue of a bus': [
      (stack) => {
        const queue = stack.node.findChild('QueueC') as Queue;
        new CrossAccountEventBus(stack, 'Second', { eventBusName: 'second', deadLetterQueue: queue });
      },
      encryptedQueue('C'),
    ],
    'that encrypts a bus': [
      (stack) => {
        const key = stack.node.findChild('KeyC') as Key;
        new EventBus(stack, 'Second', { eventBusName: 'second', kmsKey: key });
      },
      ['KeyC/Resource', 'KeyC/Resource'],
    ],
  };
  test.each(Object.entries(stays))('%s', (_, [change, expected]) => {
    expectIds(partFor(hub(), shop(change)), [...ONE_OF_EACH, ...expected]);
  });

  test('that has a name', () => {
    const topology = shop((stack) => {
      testFunction(stack, 'Named', { functionName: 'named' }).grantInvoke(new AccountPrincipal(HUB.account));
    });
    const named = idsIn(partFor(hub(), topology)).filter((path) => path.startsWith('Named/'));
    expect(named).toEqual(idsIn(topology).filter((path) => path.startsWith('Named/')));
    expect(named).toHaveLength(2);
  });

  test('that is a function with destinations', () => {
    const topology = shop((stack, bus) => {
      const consumer = stack.node.findChild('FunctionC') as ReturnType<typeof testFunction>;
      consumer.configureAsyncInvoke({ onSuccess: new EventBridgeDestination(bus) });
    });
    const paths = partFor(hub(), topology).functions.map(({ path }) => path);
    expect(paths).toEqual(['Shop/FunctionA/Resource', 'Shop/FunctionC/Resource']);
  });
});

test('the policies of versions are left out with their function', () => {
  const topology = shop((stack) => {
    const version = new Version(stack, 'Version', { lambda: stack.node.findChild('FunctionC') as never });
    version.grantInvoke(new AccountPrincipal(HUB.account));
  });
  const ofVersions = ({ resourcePolicies }: EventTopology) =>
    resourcePolicies.filter(({ resource }) => resource.includes('Version'));
  expect(ofVersions(topology)).toHaveLength(1);
  expect(ofVersions(partFor(hub(), topology))).toEqual([]);
});

test('everything can concern an app with a stack in any account', () => {
  const app = hub();
  new EventBus(new Stack(app, 'AnyAccount'), 'Bus');
  expect(concernedApp([walkAssembly(app)])).toBeUndefined();
});

test('the bus of a policy may depend on a condition', () => {
  const stack = testStack('Hub');
  const policy = new CfnEventBusPolicy(stack, 'Policy', { statementId: 'shop', statement: {} });
  policy.addPropertyOverride('EventBusName', { 'Fn::If': ['IsTest', 'test', { Ref: 'AWS::NoValue' }] });
  const { busesWithPolicy } = concernedApp([walkAssembly(stack.node.root)])!;
  expect([...busesWithPolicy]).toEqual(['events:event-bus/test', 'events:event-bus/default']);
});

describe('of a file of another app', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'entries-of-concern-')), 'shop.event-topology.json');
  beforeAll(() => writeFileSync(file, topologyText(shop())));
  const functionsIn = ([{ resources }]: readonly OtherApp[]) =>
    resources.filter(({ cfnResourceType }) => cfnResourceType === 'AWS::Lambda::Function').length;

  test('the resources are read that can concern the app, or all', () => {
    const [others, own] = [readOtherApps([file]), walkAssembly(hub())];
    expect(functionsIn(others(own))).toBe(1);
    expect(functionsIn(others(own, { entirely: true }))).toBe(3);
  });

  test('the same ones are used for all stages, unless the app had no such stage before', () => {
    const [others, app] = [readOtherApps([file]), testApp()];
    const stageIn = (id: string, env: typeof HUB): AssemblyContents => {
      const stage = new Stage(app, id);
      new EventBus(new Stack(stage, 'Hub', { env }), 'Bus', { eventBusName: 'hub' });
      return walkAssembly(stage);
    };
    const stages = ['First', 'Second'].map((id) => stageIn(id, HUB));
    const [first, second] = stages.map((stage) => others(stage));
    expect(second).toBe(first);
    expect(functionsIn(first)).toBe(1);
    expect(functionsIn(others(stageIn('Third', SHOP)))).toBe(3);
  });

  test('the page shows all', () => {
    const app = hub();
    CrossAccountEventChecks.applyTo(app, { otherApps: [file], topologyPage: true });
    const page = readFileSync(join(app.synth().directory, 'event-topology.html'), 'utf8');
    for (const id of ['A', 'B', 'C']) expect(page).toContain(`Function${id}`);
  });
});

function expectIds(topology: EventTopology, ids: unknown[]): void {
  expect(idsIn(topology)).toHaveLength(ids.length);
  expect(idsIn(topology)).toEqual(expect.arrayContaining(ids));
}

function ruleOf(stack: Stack, id: string): CfnRule {
  return stack.node.findChild(`Rule${id}`).node.defaultChild as CfnRule;
}

function arnIn({ account }: { readonly account: string }): string {
  return `arn:aws:lambda:${SHOP.region}:${account}:function:named`;
}
