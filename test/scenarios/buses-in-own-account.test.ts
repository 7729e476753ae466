import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBusTarget, CrossAccountEventChecks, PublisherRole } from '../../src';
import { HUB, messagesOfApp, testApp, testStack } from '../support/apps';
import { command, findingsOf } from '../support/command';
import { brief } from '../support/messages';
import { SeparateApp, WAYS, Way, findingsAmong, messagesAmong, role } from '../support/separate-apps';
import { busArn } from '../support/three-accounts';

const US = { account: HUB.account, region: 'us-east-1' };

/** The app with the bus, which no name below is a misspelling of. */
const busIn = (env: typeof HUB, nameIn = (_: Stack) => 'orders'): SeparateApp => ({
  env,
  define: (stack) => void new CfnEventBus(stack, 'Bus', { name: nameIn(stack) }),
});

const forward = (stack: Stack, arn: string) =>
  new Rule(stack, 'Rule', {
    eventPattern: { source: ['com.shop'] },
    targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(stack, 'Other', arn))],
  });

const CASES: [string, string, (stack: Stack, name: string) => void][] = [
  ['a rule sends to it', '/Team/Rule/Resource', (stack, name) => void forward(stack, busArn(name))],
  [
    'a construct may put events on it',
    '/Team/Publisher/DefaultPolicy/Resource',
    (stack, name) =>
      void new PublisherRole(stack, 'Publisher', {
        assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
        eventBuses: [EventBus.fromEventBusArn(stack, 'Other', busArn(name))],
      }),
  ],
  [
    'a role may put events on it',
    '/Team/Role',
    (stack, name) => role(HUB, 'publisher', 'lambda.amazonaws.com', busArn(name)).define(stack),
  ],
  [
    'a rule is on it',
    '/Team/Rule',
    (stack, name) => void new CfnRule(stack, 'Rule', { eventBusName: name, eventPattern: { source: ['com.shop'] } }),
  ],
];

const notFound = (found: string[]) => found.filter((one) => one.includes('eventBusNotFound'));

describe.each(Object.keys(WAYS) as Way[])('a bus of another app in the account of this one, known by %s', (way) => {
  const apps = (define: (stack: Stack, name: string) => void, name: string, Hub = busIn(HUB)) => ({
    Team: { env: HUB, define: (stack: Stack) => define(stack, name) },
    Hub,
  });

  test.each(CASES)('is an error if it does not exist, and %s', (_, path, define) => {
    expect(notFound(findingsAmong(apps(define, 'payments'), 'Team', way))).toEqual([`error eventBusNotFound ${path}`]);
    const [message] = notFound(messagesAmong(apps(define, 'payments'), 'Team', way));
    expect(message).toContain(
      "is not defined in this app: app 'Hub' describes account 111111111111 and does not define the bus; " +
        "the nearest name there is 'orders'\nFix: correct the ARN, define the bus in app 'Hub', or pass the app",
    );
  });

  test.each(CASES)('is no error if it exists, and %s', (_, __, define) => {
    expect(notFound(findingsAmong(apps(define, 'orders'), 'Team', way))).toEqual([]);
  });

  test.each(CASES)('is no error if its app may be another one, and %s', (_, __, define) => {
    const withParameter = busIn(HUB, (stack) => new CfnParameter(stack, 'Name').valueAsString);
    for (const Hub of [busIn(US), withParameter]) {
      expect(notFound(findingsAmong(apps(define, 'payments', Hub), 'Team', way))).toEqual([]);
    }
  });
});

describe('a bus of another stage in the account of this one', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'apps-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  /** An app whose stage in one Region sends events to that in another one. */
  const app = (target: string): App => {
    const twoRegions = testApp({ outdir: join(directory, 'app', 'cdk.out') });
    const [ofRule, ofBus] = ['Eu', 'Us'].map((id) => new Stage(twoRegions, id));
    forward(new Stack(ofRule, 'Hub', { env: HUB }), `arn:aws:events:${US.region}:${US.account}:event-bus/${target}`);
    busIn(US).define(new Stack(ofBus, 'Hub', { env: US }));
    CrossAccountEventChecks.applyTo(twoRegions, { topology: true });
    return twoRegions;
  };

  test.each([
    ['is an error if it does not exist', 'payments', ['error eventBusNotFound /Eu/Hub/Rule/Resource']],
    ['is no error if it exists', 'orders', []],
  ])('%s', (_, target, expected) => {
    expect(messagesOfApp(app(target)).map(brief)).toEqual(expected);
    const assembly = join(directory, 'app', 'cdk.out');
    for (const path of [assembly, join(assembly, 'event-topology.json')]) {
      const found = findingsOf(command('check', '--json', path).out);
      expect(found).toEqual(expected.map(() => 'app error eventBusNotFound Eu/Hub/Rule/Resource'));
    }
  });
});

test('a bus in the account of a single app is not reported, as it may be of another app', () => {
  for (const [, , define] of CASES) {
    const stack = testStack('Team');
    define(stack, 'payments');
    const { directory } = (stack.node.root as App).synth();
    expect(notFound(findingsOf(command('check', '--json', directory).out))).toEqual([]);
  }
});
