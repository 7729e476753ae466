import { Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { BILLING, HUB, REGION, SHOP, testFunction } from '../support/apps';
import { SeparateApps, WAYS, Way, bus, findingsAmong, role, roleIn } from '../support/separate-apps';

const BUS = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;
const LOCAL = `arn:aws:events:${REGION}:${BILLING.account}:event-bus/local`;
const RULE = `arn:aws:events:${REGION}:${HUB.account}:rule/orders/orders`;
const FUNCTION = `arn:aws:lambda:${REGION}:${HUB.account}:function:handler`;
const QUEUE = `arn:aws:sqs:${REGION}:${HUB.account}:inbox`;
const patternFor = ({ account }: typeof HUB) => ({ source: ['shop'], account: [account] });

/** The bus, and a rule with a target that another app of the same account defines. */
const hub = (target: Partial<CfnRule.TargetProperty>) => ({
  env: HUB,
  define: (stack: Stack) => {
    new CfnEventBus(stack, 'Bus', { name: 'orders' });
    const targets = [{ id: 'Target', arn: FUNCTION, ...target }];
    new CfnRule(stack, 'Rule', {
      name: 'orders',
      eventBusName: 'orders',
      eventPattern: patternFor(HUB),
      targets,
    });
  },
});

const handler = (permission: object) => ({
  env: HUB,
  define: (stack: Stack) => {
    testFunction(stack, 'Handler', { functionName: 'handler' });
    const invoke = { functionName: 'handler', action: 'lambda:InvokeFunction', principal: 'events.amazonaws.com' };
    new CfnPermission(stack, 'Permission', { ...invoke, sourceArn: RULE, ...permission });
  },
});

const inbox = (sourceArn: string, kmsKey?: (stack: Stack) => string) => ({
  env: HUB,
  define: (stack: Stack) => {
    new CfnQueue(stack, 'Queue', { queueName: 'inbox', kmsMasterKeyId: kmsKey?.(stack) });
    const statement = {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: QUEUE,
      Condition: { ArnEquals: { 'aws:SourceArn': sourceArn } },
    };
    const queueUrl = `https://sqs.${REGION}.amazonaws.com/${HUB.account}/inbox`;
    new CfnQueuePolicy(stack, 'Policy', { queues: [queueUrl], policyDocument: { Statement: [statement] } });
  },
});

function keyFor(stack: Stack, principal: object): string {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'kms:*', Resource: '*' };
  return new CfnKey(stack, 'Key', { keyPolicy: { Statement: [statement] } }).attrArn;
}

const forRule = { ArnLike: { 'aws:SourceArn': RULE } };
const forwarder = roleIn(HUB, 'forward');
const forwarding = hub({ arn: LOCAL, roleArn: forwarder });
const publisher = role(SHOP, 'publisher', 'lambda.amazonaws.com', BUS);
const schedule = {
  env: SHOP,
  define: (stack: Stack) => {
    const eventBridgeParameters = { source: 'shop', detailType: 'Tick' };
    const target = { arn: BUS, roleArn: roleIn(SHOP, 'schedule'), eventBridgeParameters };
    const when = { scheduleExpression: 'rate(1 hour)', flexibleTimeWindow: { mode: 'OFF' } };
    new CfnSchedule(stack, 'Schedule', { ...when, target });
  },
};
const scheduleRole = (service: string, busArn = BUS) => role(SHOP, 'schedule', service, busArn);
const allowedSchedule = bus(HUB, 'orders', roleIn(SHOP, 'schedule'));
const unencrypted = { arn: QUEUE };

/** What the app of the rule, role or schedule reports, and the apps, of which it is the first. */
const FAULTS: [string, string[], SeparateApps][] = [
  [
    'a permission is for another rule',
    ['error targetAccessDenied /Hub/Rule'],
    { Hub: hub({}), Billing: handler({ sourceArn: `${RULE}-2` }) },
  ],
  [
    'a permission is on an alias that is not the target',
    ['error targetAccessDenied /Hub/Rule'],
    { Hub: hub({}), Billing: handler({ functionName: 'handler:live' }) },
  ],
  [
    'a queue policy is for another rule',
    ['error targetAccessDenied /Hub/Rule'],
    { Hub: hub(unencrypted), Billing: inbox(`${RULE}-2`) },
  ],
  [
    'a key does not allow EventBridge',
    ['error kmsKeyAccessDenied /Hub/Rule'],
    { Hub: hub(unencrypted), Billing: inbox(RULE, (stack) => keyFor(stack, { AWS: forwarder })) },
  ],
  [
    'a queue has an AWS managed key',
    ['error kmsKeyAccessDenied /Hub/Rule'],
    { Hub: hub(unencrypted), Billing: inbox(RULE, () => 'alias/aws/sqs') },
  ],
  [
    'a dead-letter queue does not allow the rule',
    ['error deadLetterQueueAccessDenied /Hub/Rule'],
    {
      Hub: hub({ arn: LOCAL, roleArn: forwarder, deadLetterConfig: { arn: QUEUE } }),
      Platform: role(HUB, 'forward', 'events.amazonaws.com', LOCAL, forRule),
      Billing: bus(BILLING, 'local', forwarder),
      Queues: inbox(`${RULE}-2`),
    },
  ],
  [
    'the trust policy of an execution role is for another rule',
    ['error targetRoleInvalid /Hub/Rule'],
    {
      Hub: forwarding,
      Platform: role(HUB, 'forward', 'events.amazonaws.com', LOCAL, { ArnLike: { 'aws:SourceArn': `${RULE}-2` } }),
      Billing: bus(BILLING, 'local', forwarder),
    },
  ],
  [
    'an execution role may not put events on the bus',
    ['error targetRoleInvalid /Hub/Rule'],
    {
      Hub: forwarding,
      Platform: role(HUB, 'forward', 'events.amazonaws.com', BUS, forRule),
      Billing: bus(BILLING, 'local', forwarder),
    },
  ],
  [
    'a statement of the bus policy is for another bus',
    ['error targetAccessDenied /Hub/Rule'],
    {
      Hub: forwarding,
      Platform: role(HUB, 'forward', 'events.amazonaws.com', LOCAL, forRule),
      Billing: bus(BILLING, 'local', forwarder, { Resource: `${LOCAL}-2` }),
    },
  ],
  [
    'a bus policy has a condition that never matches',
    ['error publisherAccessDenied /Shop/Role'],
    {
      Shop: publisher,
      Hub: bus(HUB, 'orders', roleIn(SHOP, 'publisher'), {
        Condition: { StringEquals: { 'aws:PrincipalArn': roleIn(SHOP, '*') } },
      }),
    },
  ],
  [
    'a bus policy has a statement that AWS rejects',
    ['warning deliveryUnverified /Shop/Role'],
    { Shop: publisher, Hub: bus(HUB, 'orders', roleIn(SHOP, 'publisher'), { Action: undefined }) },
  ],
  [
    'the statement of a bus policy is for a bus whose name is misspelled',
    ['error publisherAccessDenied /Shop/Role'],
    {
      Shop: publisher,
      Hub: bus(HUB, 'orders', SHOP.account, { Resource: BUS.replace('orders', 'order') }),
    },
  ],
  [
    'the trust policy of the role of a schedule is for another service',
    ['error targetRoleInvalid /Shop/Schedule'],
    { Shop: schedule, Hub: allowedSchedule, Platform: scheduleRole('pipes.amazonaws.com') },
  ],
  [
    'the role of a schedule may not put events on the bus',
    ['error publisherIdentityPolicyMissing /Shop/Schedule'],
    { Shop: schedule, Hub: allowedSchedule, Platform: scheduleRole('scheduler.amazonaws.com', LOCAL) },
  ],
  [
    'the bus policy denies the role of a schedule',
    ['error publisherAccessDenied /Shop/Schedule'],
    {
      Shop: schedule,
      Hub: bus(HUB, 'orders', roleIn(SHOP, 'schedule'), {
        Condition: { StringEquals: { 'events:source': 'billing' } },
      }),
      Platform: scheduleRole('scheduler.amazonaws.com'),
    },
  ],
  [
    'a rule of another app cannot forward the events a second time',
    ['error eventForwardedTooFar /Shop/Rule'],
    {
      Shop: {
        env: SHOP,
        define: (stack) => {
          role(SHOP, 'forward', 'events.amazonaws.com', BUS).define(stack);
          const target = { id: 'Target', arn: BUS, roleArn: roleIn(SHOP, 'forward') };
          new CfnRule(stack, 'Rule', { eventPattern: patternFor(SHOP), targets: [target] });
        },
      },
      Hub: {
        env: HUB,
        define: (stack) => {
          bus(HUB, 'orders', roleIn(SHOP, 'forward')).define(stack);
          const target = { id: 'Target', arn: LOCAL, roleArn: forwarder };
          const eventPattern = patternFor(SHOP);
          new CfnRule(stack, 'Rule', { eventBusName: 'orders', eventPattern, targets: [target] });
        },
      },
      Platform: role(HUB, 'forward', 'events.amazonaws.com', LOCAL),
      Billing: bus(BILLING, 'local', forwarder),
    },
  ],
];

describe.each(Object.keys(WAYS) as Way[])(
  'an app that knows others by %s reports events that are lost because',
  (way) => {
    test.each(FAULTS)('%s', (_, expected, apps) => {
      const [own] = Object.keys(apps);
      expect(findingsAmong(apps, own, way)).toEqual(expected);
    });
  },
);

test.each(Object.keys(WAYS) as Way[])('the same apps without a fault report nothing, by %s', (way) => {
  const apps = {
    Hub: hub({ deadLetterConfig: { arn: QUEUE } }),
    Billing: handler({}),
    Queues: inbox(RULE, (stack) => keyFor(stack, { Service: 'events.amazonaws.com' })),
  };
  expect(findingsAmong(apps, 'Hub', way)).toEqual([]);
  const scheduled = { Shop: schedule, Hub: allowedSchedule, Platform: scheduleRole('scheduler.amazonaws.com') };
  expect(findingsAmong(scheduled, 'Shop', way)).toEqual([]);
  expect(findingsAmong({ Shop: publisher, Hub: bus(HUB, 'orders', roleIn(SHOP, 'publisher')) }, 'Shop', way)).toEqual(
    [],
  );
});
