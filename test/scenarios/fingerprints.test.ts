import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CrossAccountEventBus, CrossAccountEventChecks, PublisherRole } from '../../src';
import { EventTopology } from '../../src/topology/topology';
import { BILLING, HUB, REGION, SHOP, messagesOf } from '../support/apps';
import { appIn, command, emptyDirectory } from '../support/command';
import { idToAcknowledge } from '../support/messages';
import { role, roleIn } from '../support/separate-apps';
import { schemaErrors } from '../support/topology-schema';

const busIn = ({ account }: typeof HUB, name: string) => `arn:aws:events:${REGION}:${account}:event-bus/${name}`;

interface Content {
  readonly eventPattern?: object;
  readonly targetArn?: string;
}

/** An app with a rule that sends the events of its default bus to a bus in another account. */
function forwarding({ eventPattern = { source: ['shop'] }, targetArn = busIn(HUB, 'orders') }: Content): App {
  return appWith({ eventPattern }, targetArn);
}

/** An app with a rule on a bus in another account. */
function subscribing({ eventPattern = { source: ['shop'] }, targetArn = busIn(SHOP, 'local') }: Content): App {
  return appWith({ eventBusName: busIn(HUB, 'orders'), eventPattern }, targetArn);
}

function appWith({ id = 'Rule', ...rule }: { readonly [name: string]: unknown }, targetArn: string): App {
  const app = appIn(emptyDirectory(), 'shop');
  const stack = new Stack(app, 'Shop', { env: SHOP });
  const targets = [{ id: 'Bus', arn: targetArn, roleArn: roleIn(SHOP, 'forward') }];
  new CfnRule(stack, String(id), { name: 'rule', targets, ...rule });
  role(SHOP, 'forward', 'events.amazonaws.com', targetArn).define(stack);
  CrossAccountEventChecks.applyTo(app, { topology: true });
  return app;
}

const APPS: [string, string, (content: Content) => App][] = [
  ['that sends events to a bus in another account', 'manuallyAddEventBusPolicy', forwarding],
  ['on a bus in another account', 'manuallyAllowRuleManagement', subscribing],
];

/** The ID that the checks print with the fingerprint. */
function printedId(app: App, id: string): string {
  const messages = messagesOf(app.node.findChild('Shop') as Stack);
  return idToAcknowledge(messages.filter((message) => message.includes(`${id}:`)));
}

describe('the fingerprint is the same from constructs and assembly', () => {
  const printedBy = (app: App, id: string) =>
    [app, ...app.node.children.filter(Stage.isStage)].flatMap((scope) => {
      const stacks = scope.node.children.filter((child): child is Stack => Stack.isStack(child));
      return messagesOf(...stacks).filter((message) => message.includes(`${id}:`));
    });

  test('for the imported key of a bus', () => {
    const app = appIn(emptyDirectory(), 'hub');
    const stack = new Stack(app, 'Hub', { env: HUB });
    const kmsKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:333333333333:key/1234');
    new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders', kmsKey });
    CrossAccountEventChecks.applyTo(app);
    const printed = printedBy(app, 'manuallyAddKeyPolicy').map((message) => idToAcknowledge([message]));

    expect(printed).toHaveLength(1);
    expect(command('check', app.outdir).out).toContain(`warning ${printed[0]}\n`);
  });

  test('for a resource with a generated name in a stage', () => {
    const app = appIn(emptyDirectory(), 'shop');
    const stack = new Stack(new Stage(app, 'Prod'), 'Shop', { env: SHOP });
    const deadLetterConfig = { arn: 'arn:aws:sqs:eu-west-1:222222222222:letters' };
    const targets = [{ id: 'Bus', arn: busIn(SHOP, 'local'), roleArn: roleIn(SHOP, 'forward'), deadLetterConfig }];
    new CfnRule(stack, 'Rule', { eventPattern: { source: ['shop'] }, targets });
    CrossAccountEventChecks.applyTo(app);
    const printed = printedBy(app, 'manuallyAddQueuePolicy').map((message) => idToAcknowledge([message]));

    expect(printed).toHaveLength(1);
    expect(command('check', app.outdir).out).toContain(`warning ${printed[0]}\n`);
  });
});

describe('the fingerprint changes with', () => {
  /** The ID of the only warning of a stack that an ARN is passed to. */
  const warningWith = (define: (stack: Stack, bus: CrossAccountEventBus, arn: string) => void, arn: string) => {
    const app = appIn(emptyDirectory(), 'hub');
    const stack = new Stack(app, 'Hub', { env: HUB });
    define(stack, new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' }), arn);
    CrossAccountEventChecks.applyTo(app);
    return idToAcknowledge(messagesOf(stack));
  };

  test.each<[string, string, string, (stack: Stack, bus: CrossAccountEventBus, arn: string) => void]>([
    [
      'the name of an imported role that is allowed to put events',
      roleIn(SHOP, 'shop'),
      roleIn(SHOP, 'web'),
      (stack, bus, arn) => bus.grantPutEventsTo(Role.fromRoleArn(stack, 'Role', arn)),
    ],
    [
      'the account of an imported role that is allowed to put events',
      roleIn(SHOP, 'shop'),
      roleIn(BILLING, 'shop'),
      (stack, bus, arn) => bus.grantPutEventsTo(Role.fromRoleArn(stack, 'Role', arn)),
    ],
    [
      'the permissions boundary of a role',
      `arn:aws:iam::${HUB.account}:policy/one`,
      `arn:aws:iam::${HUB.account}:policy/other`,
      (stack, bus, arn) =>
        new PublisherRole(stack, 'Publisher', {
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [bus],
          permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', arn),
        }),
    ],
    [
      'the log group that is the target of a rule',
      `arn:aws:logs:${REGION}:${HUB.account}:log-group:one`,
      `arn:aws:logs:${REGION}:${HUB.account}:log-group:other`,
      (stack, bus, arn) => {
        const [eventBusName, eventPattern] = [bus.eventBusName, { source: ['shop'], account: [HUB.account] }];
        new CfnRule(stack, 'Rule', { eventBusName, eventPattern, targets: [{ id: 'Logs', arn }] });
      },
    ],
  ])('%s', (_, first, second, define) => {
    const ids = [first, first, second].map((arn) => warningWith(define, arn));
    expect(ids[0]).toMatch(/:manually\w+:[0-9a-f]{6}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

const PATTERNS: [string, object][] = [
  ['the source', { source: ['web'] }],
  ['no source', { 'detail-type': ['Placed'] }],
  ['the detail type', { source: ['shop'], 'detail-type': ['Placed'] }],
  ['the prefix of the source', { source: [{ prefix: 'a' }] }],
  ['another prefix of the source', { source: [{ prefix: 'b' }] }],
  ['the suffix of the source', { source: [{ suffix: 'b' }] }],
  ['the account', { source: ['shop'], account: ['222222222222'] }],
  ['another account', { source: ['shop'], account: ['333333333333'] }],
  ['the Region', { source: ['shop'], region: ['eu-west-1'] }],
  ['the resources', { source: ['shop'], resources: ['arn:aws:s3:::a'] }],
  ['the detail', { source: ['shop'], detail: { state: ['paid'] } }],
  ['another detail', { source: ['shop'], detail: { state: ['open'] } }],
  ['a range of numbers', { source: ['shop'], detail: { n: [{ numeric: ['>', 0, '<', 5] }] } }],
  ['another range of numbers', { source: ['shop'], detail: { n: [{ numeric: ['>', 0, '<=', 5] }] } }],
];

describe('the fingerprint of a rule that sends events to a bus in another account', () => {
  const POLICY = 'manuallyAddEventBusPolicy';
  const appOf = (rule: object) => appWith({ eventPattern: { source: ['shop'] }, ...rule }, busIn(HUB, 'orders'));

  test('changes with the name of the rule, which the policy of the bus may require', () => {
    expect(printedId(appOf({ name: 'other' }), POLICY)).not.toBe(printedId(appOf({}), POLICY));
  });

  test('does not change with the path of a rule whose name is known only at deployment', () => {
    const [first, second] = [{}, { id: 'Other' }].map((rule) => appOf({ name: undefined, ...rule }));
    expect(printedId(first, POLICY)).toBe(printedId(second, POLICY));
  });

  test.each<[string, object, object]>([
    ['is', {}, { rule: `arn:aws:events:${REGION}:${SHOP.account}:rule/rule` }],
    ['is not', { name: undefined }, {}],
  ])('has a need in which the ARN of the rule %s', (_, rule, expected) => {
    const app = appOf(rule);
    const { directory } = app.synth();
    const topology = JSON.parse(readFileSync(join(directory, 'event-topology.json'), 'utf8')) as EventTopology;
    expect(topology.needs.map((need) => need.rule)).toEqual([(expected as { rule?: string }).rule]);
    expect(schemaErrors(topology)).toEqual([]);
  });
});

describe.each(APPS)('the fingerprint of a rule %s', (_, id, make) => {
  test('changes with everything in its pattern, and with the ARN of its target', () => {
    const contents = [{}, { targetArn: busIn(id === 'manuallyAddEventBusPolicy' ? HUB : SHOP, 'other') }];
    const ids = [...contents, ...PATTERNS.map(([, eventPattern]) => ({ eventPattern }))].map((content) =>
      printedId(make(content), id),
    );
    expect(new Set(ids).size).toBe(PATTERNS.length + contents.length);
  });

  test.each<[string, object, object]>([
    ['values', { source: ['a', { prefix: 'b' }] }, { source: [{ prefix: 'b' }, 'a'] }],
    ['fields', { source: ['a'], account: ['b'] }, { account: ['b'], source: ['a'] }],
    [
      'alternatives',
      { $or: [{ source: ['a'] }, { account: ['b'] }] },
      { $or: [{ account: ['b'] }, { source: ['a'] }] },
    ],
  ])('does not depend on the order of %s', (__, first, second) => {
    const [one, other] = [first, second].map((eventPattern) => printedId(make({ eventPattern }), id));
    expect(one).toBe(other);
  });

  test.each([['exact values', { source: ['shop'] }] as [string, object], ...PATTERNS])(
    'is the same from constructs, assembly and topology file, for %s',
    (__, eventPattern) => {
      const app = make({ eventPattern });
      const printed = printedId(app, id);
      const { directory } = app.synth();
      expect(command('check', directory).out).toContain(`warning ${printed}\n`);
      expect(command('check', join(directory, 'event-topology.json')).out).toContain(`warning ${printed}\n`);
    },
  );
});
