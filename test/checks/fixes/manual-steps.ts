import { Annotations, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { CfnRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { CfnQueue, CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { FixRow, arnIn, jsonIn } from './fix-row';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountInvokePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { BILLING, HUB, SHOP, testFunction } from '../../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  executionRole,
  functionArn,
  queueArn,
  roleArn,
  ruleArn,
} from '../../support/three-accounts';

/**
 * In each row with `fix`, the app also contains what the other app owns, with the manual step completed. The checks
 * then verify the step.
 */

export const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
export const eventPattern = { source: ['com.shop'], account: [SHOP.account] };
export const RULE = ruleArn('orders/rule');

/** The hub, as the app that owns the bus. It is deployed before the other stacks. */
export function ownedBus({ hub, shop, billing }: ThreeAccounts): CrossAccountEventBus {
  for (const stack of [shop, billing]) {
    new Queue(stack, 'Any');
    stack.addDependency(hub);
  }
  return new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
}

/** A rule of the hub that sends to an imported function. */
function toImported(hub: Stack, handler: IFunction): void {
  const eventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
  new Rule(hub, 'Rule', { ruleName: 'rule', eventBus, eventPattern, targets: [new LambdaEventTarget(handler)] });
}

/** A rule of the hub with an imported queue for dead letters. */
function withDeadLetters({ hub }: ThreeAccounts, queue: string): void {
  const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
  const deadLetterQueue = Queue.fromQueueArn(hub, 'Letters', queue);
  const eventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
  const targets = [new LambdaEventTarget(handler, { deadLetterQueue })];
  new Rule(hub, 'Rule', { ruleName: 'rule', eventBus, eventPattern, targets });
}

/** For a construct that cannot verify the step. The checks still verify it. */
function acknowledge(stack: Stack, id: string): void {
  Annotations.of(stack).acknowledgeWarning(`cdk-cross-account-eventbridge:${id}`);
}

export const MANUAL_FIXES: readonly FixRow[] = [
  {
    what: 'CrossAccountInvokePermission in the app of the function',
    finds: 'manuallyAddFunctionPermission',
    names: ['CrossAccountInvokePermission', 'aws lambda add-permission', 'then acknowledge this warning'],
    app: ({ hub, billing }, fix) => {
      const arn = functionArn('handler', BILLING);
      if (fix) {
        const handler = testFunction(billing, 'Handler', { functionName: 'handler' });
        new CrossAccountInvokePermission(billing, 'FromHub', { handler, eventBusAccount: HUB.account });
        acknowledge(hub, 'manuallyAddFunctionPermission');
      }
      toImported(hub, Function.fromFunctionArn(hub, 'Imported', arn));
    },
  },
  {
    what: 'a statement for an imported dead-letter queue',
    finds: 'manuallyAddQueuePolicy',
    names: ['add this statement to the queue policy: {', 'then acknowledge this warning'],
    app: (three, fix) => {
      const owner = three.stack('Owner', HUB);
      if (fix) {
        queueWith(owner, jsonIn(fix));
        acknowledge(three.hub, 'manuallyAddQueuePolicy');
      }
      withDeadLetters(three, queueArn('letters'));
    },
  },
  {
    what: 'a statement for an imported dead-letter queue of the L1',
    finds: 'manuallyAddQueuePolicy',
    names: ['events.amazonaws.com', 'sqs:SendMessage', `'aws:SourceArn' ${RULE}`],
    app: (three, fix) => {
      const { hub } = three;
      const owner = three.stack('Owner', HUB);
      if (fix) {
        const Condition = { ArnEquals: { 'aws:SourceArn': arnIn(fix) } };
        queueWith(owner, { ...SEND, Condition });
      }
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      const role = executionRole(
        hub,
        RULE,
        'arn:aws:states:eu-west-1:111111111111:stateMachine:x',
        'states:StartExecution',
      );
      const target = { arn: 'arn:aws:states:eu-west-1:111111111111:stateMachine:x', roleArn: role.roleArn };
      const deadLetterConfig = { arn: queueArn('letters') };
      cfnRule(hub, { ...target, deadLetterConfig }, { eventBusName: 'orders', eventPattern });
    },
  },
  {
    what: 'a resource policy of CloudWatch Logs',
    finds: 'manuallyAddLogsPolicy',
    names: ["'AWS::Logs::ResourcePolicy'", 'delivery.logs.amazonaws.com', 'logs:PutLogEvents'],
    app: ({ hub }, fix) => {
      const arn = 'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/orders';
      if (fix) {
        const Principal = { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] };
        const Action = ['logs:CreateLogStream', 'logs:PutLogEvents'];
        const Statement = [{ Effect: 'Allow', Principal, Action, Resource: arnIn(fix) }];
        const policyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
        new CfnResourcePolicy(hub, 'LogsPolicy', { policyName: 'logs', policyDocument });
      }
      cfnRule(hub, { arn });
    },
  },
  {
    what: 'the statements for the key of a bus',
    finds: 'manuallyAddKeyPolicy',
    names: ['kms:GenerateDataKey', 'kms:Decrypt', busArn()],
    app: ({ hub }, fix) => {
      const key = new Key(hub, 'Key');
      if (fix) {
        for (const statement of statementsIn(fix)) key.addToResourcePolicy(PolicyStatement.fromJson(statement));
        new CfnEventBus(hub, 'Bus', { name: 'orders', kmsKeyIdentifier: key.keyArn });
      } else {
        const kmsKey = Key.fromKeyArn(
          hub,
          'Imported',
          'arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555',
        );
        new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', kmsKey });
      }
    },
  },
  {
    what: 'the statement for a role that this app does not define',
    finds: 'manuallyAddRolePolicy',
    names: 'add this statement to an identity-based policy of the principal: {',
    app: ({ hub, shop }, fix) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      if (fix) {
        const role = new Role(shop, 'Publisher', { roleName: 'publisher', assumedBy: LAMBDA });
        role.addToPolicy(PolicyStatement.fromJson(jsonIn(fix)));
        bus.allowPublisher(EventPublisher.role(role));
      } else {
        bus.grantPutEventsTo(Role.fromRoleArn(hub, 'Imported', roleArn('publisher')));
      }
    },
  },
  {
    what: 'the trust policy and identity-based policy of an execution role',
    finds: 'manuallyAddRolePolicy',
    names: ['add this statement to the trust policy: {', 'to an identity-based policy of the role this one: {'],
    app: (three, fix) => {
      const { shop } = three;
      const bus = ownedBus(three);
      const eventBus = new EventBus(shop, 'Local', { eventBusName: 'local' });
      const arn = roleArn('sender');
      if (fix) definedSender(shop, fix);
      const executionRoleOf = fix ? undefined : Role.fromRoleArn(shop, 'Sender', arn, { mutable: false });
      if (!fix) {
        const targets = [new CrossAccountEventBusTarget(bus, { executionRole: executionRoleOf })];
        new Rule(shop, 'Rule', { ruleName: 'rule', eventBus, eventPattern: { source: ['com.shop'] }, targets });
      } else {
        bus.allowPublisher(EventPublisher.role(arn));
        cfnRule(
          shop,
          { arn: busArn(), roleArn: arn },
          { eventBusName: 'local', eventPattern: { source: ['com.shop'] } },
        );
      }
    },
  },
  {
    what: 'a permissions boundary that allows the statement',
    finds: 'manuallyCheckPermissionsBoundary',
    names: 'make sure that the boundary allows what this statement allows: {',
    app: ({ hub, shop }, fix) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      const permissionsBoundary = fix
        ? new ManagedPolicy(shop, 'Boundary', { statements: [PolicyStatement.fromJson(jsonIn(fix))] })
        : ManagedPolicy.fromManagedPolicyName(shop, 'Boundary', 'boundary');
      new PublisherRole(shop, 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus], permissionsBoundary });
    },
  },
];

const SEND = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queueArn('letters'),
};

/** The queue `letters` with a statement. */
function queueWith(stack: Stack, statement: object): void {
  const queue = new CfnQueue(stack, 'Queue', { queueName: 'letters' });
  const policyDocument = { Version: '2012-10-17', Statement: [statement] };
  new CfnQueuePolicy(stack, 'QueuePolicy', { queues: [queue.ref], policyDocument });
}

/** All statements in a text. */
function statementsIn(text: string): object[] {
  const start = text.indexOf('{"');
  if (start < 0) return [];
  const first = jsonIn<object>(text);
  const end = start + JSON.stringify(first).length;
  return [first, ...statementsIn(text.slice(end))];
}

/** The role `sender` with both statements of the fix. */
function definedSender(stack: Stack, fix: string): void {
  const [trust, permission] = statementsIn(fix);
  new CfnRole(stack, 'Sender', {
    roleName: 'sender',
    assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
    policies: [{ policyName: 'send', policyDocument: { Version: '2012-10-17', Statement: [permission] } }],
  });
}
