import { Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, CfnRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { FixRow } from './fix-row';
import {
  AccountGrantForm,
  AllowedEvents,
  CrossAccountEventBus,
  EventPublisher,
  LambdaEventTarget,
  LambdaPermissionScope,
} from '../../../src';
import { ORGANIZATION, count, testFunction } from '../../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnRule,
  cfnRuleToQueue,
  queueArn,
  ruleArn,
} from '../../support/three-accounts';

const ids = (n: number) => count(n, (i) => String(400_000_000_000 + i));
const roles = (n: number) =>
  count(n, (i) => `arn:aws:iam::${400_000_000_000 + (i % 5)}:role/publisher-of-team-${String(i).padStart(3, '0')}`);
const scope = (i: number): AllowedEvents => ({ sources: [`com.example.team-${String(i).padStart(3, '0')}`] });

const busOf = ({ hub }: ThreeAccounts, props: object = {}) =>
  new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', ...props });
const eventPattern = { source: ['com.shop'], account: ['222222222222'] };

const EVENT_BUS_ROWS: readonly FixRow[] = [
  {
    what: 'one list for accounts that have a statement each',
    finds: 'eventBusPolicySize',
    names: "allow 60 accounts with allowPublisher() without a 'sid'",
    app: (three, fix) => {
      const bus = busOf(three);
      if (fix) bus.allowPublisher(EventPublisher.accounts(...ids(60)));
      else ids(60).forEach((id) => bus.grantPutEventsTo(new AccountPrincipal(id), `Account${id}`));
    },
  },
  {
    what: 'AccountGrantForm.COMPACT',
    finds: 'eventBusPolicySize',
    names: "set 'accountGrantForm' to AccountGrantForm.COMPACT",
    app: (three, fix) => {
      const publishers = [EventPublisher.accounts(...ids(310))];
      busOf(three, { publishers, accountGrantForm: fix ? AccountGrantForm.COMPACT : undefined });
    },
  },
  {
    what: 'an organization in place of accounts',
    finds: 'eventBusPolicySize',
    names: 'allow an organization instead of 400 accounts: 271 characters',
    app: (three, fix) => {
      const publisher = fix ? EventPublisher.organization(ORGANIZATION) : EventPublisher.accounts(...ids(400));
      busOf(three, { publishers: [publisher] });
    },
  },
  {
    what: 'accounts in place of roles',
    finds: 'eventBusPolicySize',
    names: 'allow the accounts of the 200 roles with EventPublisher.accounts()',
    app: (three, fix) => {
      const publishers = fix ? [EventPublisher.accounts(...ids(5))] : roles(200).map((arn) => EventPublisher.role(arn));
      busOf(three, { publishers });
    },
  },
  {
    what: 'the same events for accounts with events of their own',
    finds: 'eventBusPolicySize',
    names: "use one 'allowedEvents' with all values for 60 accounts",
    app: (three, fix) => {
      const bus = busOf(three);
      const sources = count(60, (i) => scope(i).sources![0]);
      ids(60).forEach((id, i) => bus.allowPublisher(EventPublisher.accounts(id), fix ? { sources } : scope(i)));
    },
  },
  {
    what: 'an organization in place of roles with events of their own',
    finds: 'eventBusPolicySize',
    names: 'allow an organization instead of 60 roles',
    app: (three, fix) => {
      const bus = busOf(three);
      const sources = count(60, (i) => scope(i).sources![0]);
      if (fix) bus.allowPublisher(EventPublisher.organization(ORGANIZATION), { sources });
      else roles(60).forEach((arn, i) => bus.allowPublisher(EventPublisher.role(arn), scope(i)));
    },
  },
  {
    what: 'a quota increase for one long statement',
    finds: 'eventBusPolicySize',
    names: "request a quota increase (Service Quotas L-FC354966) and set 'eventBusPolicyLimit'",
    options: (isFixed) => ({ policySize: { eventBusPolicyLimit: isFixed ? 30_720 : undefined } }),
    app: ({ hub }) => {
      const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
      const source = 'x'.repeat(12_000);
      new CfnEventBusPolicy(hub, 'Long', {
        eventBusName: bus.eventBusName,
        statementId: 'Long',
        statement: {
          Effect: 'Allow',
          Principal: { AWS: '222222222222' },
          Action: 'events:PutEvents',
          Resource: busArn(),
          Condition: { StringEquals: { 'events:source': source } },
        },
      });
    },
  },
];

/** A function with a permission for each of many rules, or one for all of them. */
function manyRules({ hub }: ThreeAccounts, permissionScope?: LambdaPermissionScope): void {
  const eventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
  const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
  count(60, (i) => {
    const targets = [new LambdaEventTarget(handler, { permissionScope })];
    return new Rule(hub, `Rule${i}`, { eventBus, eventPattern, targets });
  });
}

const bucket = (length: number) => `arn:aws:s3:::${'x'.repeat(length)}`;
const statementOf = (length: number) => new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket(length)] });
const trust = (Statement: object[]) => ({ Version: '2012-10-17', Statement });
const trustedRole = (stack: Stack, statements: object[]) =>
  new CfnRole(stack, 'Role', { roleName: 'publisher', assumeRolePolicyDocument: trust(statements) });
const assume = (AWS: string | string[]) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
const LAMBDA = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

/** A queue that allows rules to send. */
function queueFor(stack: Stack, sources: (string | string[])[]): void {
  const queue = new CfnQueue(stack, 'Queue', { queueName: 'queue' });
  const Statement = sources.map((arns) => ({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn('queue'),
    Condition: { ArnEquals: { 'aws:SourceArn': arns } },
  }));
  new CfnQueuePolicy(stack, 'QueuePolicy', {
    queues: [queue.ref],
    policyDocument: { Version: '2012-10-17', Statement },
  });
}

function key(stack: Stack, principals: readonly string[]): void {
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: '111111111111' }, Action: 'kms:*', Resource: '*' },
    ...principals.map((AWS) => ({ Effect: 'Allow', Principal: { AWS }, Action: 'kms:Decrypt', Resource: '*' })),
  ];
  new CfnKey(stack, 'Key', { keyPolicy: { Version: '2012-10-17', Statement } });
}

const SIZE_ROWS: readonly FixRow[] = [
  {
    what: 'one permission for all rules of a bus',
    finds: 'functionPolicySize',
    names: ["'permissionScope' of LambdaEventTarget", 'LambdaPermissionScope.EVENT_BUS'],
    app: (three, fix) => manyRules(three, fix ? LambdaPermissionScope.EVENT_BUS : undefined),
  },
  {
    what: 'a managed policy for some of the statements',
    finds: 'rolePolicySize',
    names: 'move statements to a managed policy',
    app: ({ shop }, fix) => {
      const policies = [4_000, 4_900].map((length, i) => ({
        policyName: `P${i}`,
        policyDocument: trust([statementOf(length).toStatementJson()]),
      }));
      const managed = fix
        ? [new ManagedPolicy(shop, 'Managed', { statements: [statementOf(4_000)] }).managedPolicyArn]
        : undefined;
      new CfnRole(shop, 'Role', {
        assumeRolePolicyDocument: trust([LAMBDA]),
        policies: fix ? policies.slice(1) : policies,
        managedPolicyArns: managed,
      });
    },
  },
  {
    what: 'several principals in one statement',
    finds: 'trustPolicySize',
    names: 'list several principals in one statement',
    app: ({ shop }, fix) => {
      const arns = roles(20);
      trustedRole(shop, fix ? [assume(arns)] : arns.map(assume));
    },
  },
  {
    what: 'one statement with a list of rules',
    finds: 'queuePolicySize',
    names: ['use one statement for all rules or topics', "'ArnLike'"],
    app: ({ hub }, fix) => {
      const arns = count(21, (i) => ruleArn(`orders/rule-${i}`));
      queueFor(hub, fix ? [arns] : arns);
    },
  },
  {
    what: 'accounts in place of roles',
    finds: 'keyPolicySize',
    names: 'grant access to accounts or an organization instead of roles',
    app: ({ hub }, fix) => key(hub, fix ? ids(5) : roles(230)),
  },
  {
    what: 'one rule for several detail types',
    finds: 'rulesPerEventBus',
    names: 'use one rule for several targets or detail types',
    options: () => ({ policySize: { rulesPerEventBusLimit: 3 } }),
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      const types = count(4, (i) => `Type${i}`);
      const patterns = fix ? [types] : types.map((type) => [type]);
      patterns.forEach((detailTypes, i) =>
        cfnRuleToQueue(hub, { eventBusName: 'orders', eventPattern: { 'detail-type': detailTypes } }, `Rule${i}`),
      );
    },
  },
  {
    what: 'a second rule with the same pattern',
    finds: 'targetsPerRule',
    names: 'create another rule with the same pattern for the other targets',
    app: ({ hub }, fix) => {
      const targets = count(6, (i) => ({ id: `T${i}`, arn: `arn:aws:apigateway:eu-west-1:111111111111:x/${i}` }));
      const rules = fix ? [targets.slice(0, 4), targets.slice(4)] : [targets];
      rules.forEach((some, i) => cfnRule(hub, undefined, { targets: some, eventPattern }, `Rule${i}`));
    },
  },
  {
    what: 'a prefix in place of a long list',
    finds: 'eventPatternSize',
    names: "use 'prefix'",
    app: ({ hub }, fix) => {
      const list = count(200, (i) => `com.shop.orders.${i}`);
      cfnRuleToQueue(hub, {
        eventPattern: { ...eventPattern, 'detail-type': fix ? [{ prefix: 'com.shop.orders.' }] : list },
      });
    },
  },
];

export const QUOTA_FIXES: readonly FixRow[] = [...EVENT_BUS_ROWS, ...SIZE_ROWS];
