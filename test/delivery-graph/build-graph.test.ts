import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CrossAccountEventBus, EventPublisher } from '../../src';
import { KIND_NOUNS } from '../../src/delivery-graph/words';
import { BILLING, HUB, SHOP, testFunction } from '../support/apps';
import { connectionLines, deliveryLines, elementNamed, graphOf } from '../support/graphs';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  executionRole,
  functionArn,
  publisherRole,
  queueArn,
  roleArn,
  ruleArn,
} from '../support/three-accounts';

const HANDLER = functionArn('handler');
let three: ThreeAccounts;
beforeEach(() => (three = new ThreeAccounts()));

/** A bus with a rule that invokes a function. */
function busWithRule(hub: Stack, { permission = true, pattern = { source: ['com.shop'] } as object } = {}): CfnRule {
  cfnEventBus(hub);
  testFunction(hub, 'Handler', { functionName: 'handler' });
  if (permission) cfnPermission(hub, 'handler', ruleArn('orders/rule'));
  return cfnRule(hub, { arn: HANDLER }, { eventBusName: 'orders', name: 'rule', eventPattern: pattern });
}

test.each([
  ['kinesis', 'stream/records', 'stream', 'stream'],
  ['firehose', 'deliverystream/records', 'deliveryStream', 'delivery stream'],
  ['sqs', 'records', 'queue', 'queue'],
  ['logs', 'log-group:records:*', 'logGroup', 'log group'],
  ['events', 'api-destination/records/1a2b', 'API destination', 'API destination'],
  ['codebuild', 'project/records', 'other', 'other resource'],
])('a target of the service %s is named by its kind', (service, resource, kind, noun) => {
  cfnEventBus(three.hub);
  const arn = `arn:aws:${service}:eu-west-1:${HUB.account}:${resource}`;
  cfnRule(three.hub, { arn }, { eventBusName: 'orders', eventPattern: { source: ['com.shop'] } });
  const graph = graphOf(three.app);
  const target = graph.elements.find(({ role }) => role === 'target')!;
  expect(target.kind).toBe(kind);
  expect(KIND_NOUNS[target.kind]).toBe(noun);
  expect(target.name).toMatch(/records/);
});

test('a graph has publishers, buses, rules and targets, and how they are connected', () => {
  publisherRole(three.shop);
  busWithRule(three.hub);
  cfnEventBusPolicy(three.hub, { Principal: { AWS: roleArn('publisher') } });
  const graph = graphOf(three.app);

  expect(graph.elements.map(({ account, kind, path, role }) => [role, kind, account, path])).toEqual([
    ['publisher', 'role', SHOP.account, 'Shop/Publisher'],
    ['eventBus', 'eventBus', HUB.account, 'Hub/Bus'],
    ['rule', 'rule', HUB.account, 'Hub/Rule'],
    ['target', 'function', HUB.account, 'Hub/Handler'],
  ]);
  expect(connectionLines(graph)).toEqual([
    'putEvents publisher > orders */* allowed',
    'match orders > rule com.shop/* allowed',
    'send rule > handler com.shop/* allowed',
  ]);
  expect(deliveryLines(graph)).toEqual(['publisher > handler com.shop/* allowed']);
  const [delivery] = graph.deliveries;
  expect(delivery.connections).toEqual(graph.connections.map(({ id }) => id));
  const [put, , send] = graph.connections;
  expect(put.allowedBy.map(({ path, policyType }) => [policyType, path])).toEqual([
    ['identity', 'Shop/Publisher'],
    ['resource', 'Hub/Policy'],
  ]);
  expect(send.allowedBy.map(({ path, policyType }) => [policyType, path])).toEqual([['resource', 'Hub/Permission']]);
  // The ID of the statement is generated.
  expect(send.allowedBy[0].statement).not.toHaveProperty('Sid');
  expect(put.allowedBy[1].statement).toHaveProperty('Sid', 'Publishers');
});

test('what does not arrive has the text and the statement that is missing', () => {
  publisherRole(three.shop);
  busWithRule(three.hub, { permission: false });
  const graph = graphOf(three.app);

  expect(deliveryLines(graph)).toEqual(['publisher > handler com.shop/* denied']);
  expect(connectionLines(graph).map((line) => line.split(' ').pop())).toEqual(['denied', 'allowed', 'denied']);
  expect(graph.connections.map(({ missing }) => missing?.policyOf)).toEqual([busArn(), undefined, HANDLER]);
  expect(graph.connections[2].text?.problem).toContain('lambda:InvokeFunction');
  const found = (name: string) => elementNamed(graph, name).findings.map(({ id }) => id.split(':')[1]);
  expect(found('publisher')).toEqual(['publisherAccessDenied']);
  expect(found('handler')).toEqual(['targetAccessDenied']);
  expect(graph.otherFindings).toEqual([]);
});

test('the same apps have the same graph, without what is known only at deployment', () => {
  publisherRole(three.shop);
  busWithRule(three.hub);
  expect(JSON.stringify(graphOf(three.app))).toBe(JSON.stringify(graphOf(three.app)));
  expect(JSON.stringify(graphOf(three.app))).not.toContain('‹');
});

describe('the principals that a bus policy names', () => {
  const putBy = (...publishers: EventPublisher[]) => {
    new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders', publishers });
    return graphOf(three.app);
  };

  test('are publishers, also if no app defines them', () => {
    const lines = connectionLines(
      putBy(
        EventPublisher.accounts(SHOP.account),
        EventPublisher.role('arn:aws:iam::333333333333:role/invoices'),
        EventPublisher.organization('o-a1b2c3d4e5'),
        EventPublisher.service('ses.amazonaws.com', { sourceAccounts: [BILLING.account] }),
      ),
    );
    expect(lines).toEqual([
      `putEvents account ${SHOP.account} > orders */* allowed`,
      'putEvents invoices > orders */* allowed',
      'putEvents organization o-a1b2c3d4e5 > orders */* allowed',
      'putEvents ses.amazonaws.com > orders */* allowed',
    ]);
  });

  test('are listed on the bus if they are more than accounts and roles', () => {
    const graph = putBy(EventPublisher.organization('o-a1b2c3d4e5'), EventPublisher.accounts(SHOP.account));
    expect(elementNamed(graph, 'orders').openTo).toEqual(['organization o-a1b2c3d4e5']);
  });

  test('can be anybody', () => {
    cfnEventBus(three.hub);
    cfnEventBusPolicy(three.hub, { Principal: '*' });
    const graph = graphOf(three.app);
    expect(connectionLines(graph)).toEqual(['putEvents any AWS account > orders */* allowed']);
    expect(elementNamed(graph, 'orders').openTo).toEqual(['any AWS account']);
  });

  test('are denied if their own policies do not allow it', () => {
    publisherRole(three.shop, busArn(), undefined, { inlinePolicies: {} });
    cfnEventBus(three.hub);
    cfnEventBusPolicy(three.hub, { Principal: { AWS: roleArn('publisher') } });
    const [{ decision, missing }] = graphOf(three.app).connections;
    expect([decision, missing?.policyOf]).toEqual(['denied', roleArn('publisher')]);
  });

  test('are no publishers if only rules use them', () => {
    executionRole(three.shop, ruleArn('rule', SHOP), busArn());
    cfnEventBus(three.hub);
    cfnEventBusPolicy(three.hub, { Principal: { AWS: roleArn('sender') } });
    cfnRule(three.shop, { arn: busArn(), roleArn: roleArn('sender') });
    expect(graphOf(three.app).elements.filter(({ role }) => role === 'publisher')).toEqual([]);
  });
});

test('events of AWS services come from the service, in the account of the default bus', () => {
  testFunction(three.hub, 'Handler', { functionName: 'handler' });
  cfnPermission(three.hub, 'handler', ruleArn('rule'));
  cfnRule(three.hub, { arn: HANDLER }, { name: 'rule', eventPattern: { source: ['aws.health'] } });
  const graph = graphOf(three.app);
  expect(deliveryLines(graph)).toEqual(['aws.health > handler aws.health/* allowed']);
  expect(elementNamed(graph, 'aws.health')).toMatchObject({ kind: 'service', account: HUB.account });
});

test('a rule with a schedule sends its own events', () => {
  const target = new LambdaFunction(testFunction(three.hub, 'Handler', { functionName: 'handler' }));
  new Rule(three.hub, 'Rule', {
    ruleName: 'nightly',
    schedule: Schedule.rate(Duration.days(1)),
    targets: [target],
  });
  expect(deliveryLines(graphOf(three.app))).toEqual(['nightly > handler aws.events/Scheduled Event allowed']);
});

test('a schedule puts the event in its template, with its role', () => {
  const role = publisherRole(three.hub, busArn(), undefined, {
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
  });
  new CfnSchedule(three.hub, 'Schedule', {
    flexibleTimeWindow: { mode: 'OFF' },
    scheduleExpression: 'rate(1 day)',
    target: {
      arn: busArn(),
      roleArn: role.roleArn,
      eventBridgeParameters: { source: 'com.shop', detailType: 'Nightly' },
    },
  });
  busWithRule(three.hub);
  const graph = graphOf(three.app);
  expect(deliveryLines(graph)).toEqual(['Hub/Schedule > handler com.shop/Nightly allowed']);
  expect(graph.elements.filter(({ kind }) => kind === 'schedule')).toMatchObject([{ path: 'Hub/Schedule' }]);
});

test('a disabled rule matches nothing, and that is shown', () => {
  publisherRole(three.hub);
  busWithRule(three.hub).state = 'DISABLED';
  const graph = graphOf(three.app);
  expect(graph.deliveries).toEqual([]);
  expect(graph.connections.find(({ kind }) => kind === 'match')).toMatchObject({
    decision: 'denied',
    text: { reason: 'it is disabled' },
  });
});

test('a pattern on the content of events is matched by some of them', () => {
  publisherRole(three.hub);
  busWithRule(three.hub, { pattern: { source: [{ prefix: 'com.' }], detail: { state: ['PAID'] } } });
  expect(deliveryLines(graphOf(three.app))).toContain('publisher > handler */* allowed');
});

test('events are followed over buses as far as EventBridge forwards them', () => {
  publisherRole(three.shop);
  busWithRule(three.hub);
  cfnEventBusPolicy(three.hub, { Principal: { AWS: roleArn('publisher') } });
  const billing = new EventBus(three.billing, 'Bus', { eventBusName: 'bills' });
  executionRole(three.hub, ruleArn('orders/forward'), busArn('bills', BILLING));
  cfnRule(
    three.hub,
    { arn: busArn('bills', BILLING), roleArn: roleArn('sender', HUB) },
    { eventBusName: 'orders', name: 'forward' },
    'Forward',
  );
  cfnRule(three.billing, { arn: queueArn('bills', BILLING) }, { eventBusName: billing.eventBusName, name: 'last' });
  const graph = graphOf(three.app);
  const toQueue = graph.deliveries.find(({ target }) => target === queueArn('bills', BILLING))!;
  const kindsOf = new Map(graph.connections.map(({ decision, id, kind }) => [id, `${kind} ${decision}`]));
  expect(toQueue.connections.map((id) => kindsOf.get(id)!.split(' ')[0])).toEqual([
    ...['putEvents', 'match', 'send'],
    ...['match', 'send'],
  ]);
  // The bus of billing allows the role of the rule by nothing.
  expect(toQueue.decision).toBe('denied');
});
