import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { FixRow, jsonIn } from './fix-row';
import { HUB, SHOP, testFunction } from '../../support/apps';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  cfnRule,
  functionArn,
  publisherRole,
  queueArn,
  roleArn,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

export const RULE = ruleArn('orders/rule');

/** A bus with a changed statement for the account of the shop, and a publisher there. */
export function withStatement({ hub, shop }: ThreeAccounts, statement: object, props: object = {}): void {
  cfnEventBus(hub);
  cfnEventBusPolicy(hub, statement, props);
  publisherRole(shop);
}

/** A bus with a statement in the short form, and a publisher. */
function withShortForm({ hub, shop }: ThreeAccounts, props: object): void {
  cfnEventBus(hub);
  new CfnEventBusPolicy(hub, 'Policy', { eventBusName: 'orders', statementId: 'Publishers', ...props });
  publisherRole(shop);
}

export const condition = (operator: string, key: string, value: string) => ({
  Condition: { [operator]: { [key]: value } },
});

export const STATEMENT_FIXES: readonly FixRow[] = [
  {
    what: 'a missing element is added',
    finds: 'invalidStatement',
    names: 'add "Action", such as "events:PutEvents"',
    app: (three, fix) => withStatement(three, fix ? {} : { Action: undefined }),
  },
  {
    what: 'a misspelled element is renamed',
    finds: 'invalidStatement',
    names: "rename 'Principle' to 'Principal'",
    app: (three, fix) => withStatement(three, fix ? {} : { Principal: undefined, Principle: { AWS: rootArn(SHOP) } }),
  },
  {
    what: 'the effect is written as AWS requires',
    finds: 'invalidStatement',
    names: '"Effect": "Allow"',
    app: (three, fix) => withStatement(three, fix ? {} : { Effect: 'allow' }),
  },
  {
    what: 'a wildcard in a principal becomes a condition',
    finds: 'invalidStatement',
    names: [rootArn(SHOP), `"ArnLike": { "aws:PrincipalArn": "${roleArn('publish*')}" }`],
    app: (three, fix) =>
      withStatement(
        three,
        fix
          ? { Principal: { AWS: rootArn(SHOP) }, ...condition('ArnLike', 'aws:PrincipalArn', roleArn('publish*')) }
          : { Principal: { AWS: roleArn('publish*') } },
      ),
  },
  {
    what: 'a service is a principal of type Service',
    finds: 'invalidStatement',
    names: "change 'AWS' to 'Service'",
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      const type = fix ? 'Service' : 'AWS';
      const source = condition('StringEquals', 'aws:SourceAccount', HUB.account);
      cfnEventBusPolicy(hub, { Principal: { [type]: 'ses.amazonaws.com' }, ...(fix && source) });
    },
  },
  {
    what: 'an account ID has 12 digits',
    finds: 'invalidStatement',
    names: 'write a 12-digit account ID',
    app: (three, fix) => withStatement(three, { Principal: { AWS: fix ? SHOP.account : '22222222222' } }),
  },
  {
    what: 'the resource is the bus',
    finds: 'invalidStatement',
    names: `change 'Resource' to ${busArn()}`,
    app: (three, fix) => withStatement(three, { Resource: fix ? busArn() : queueArn('letters') }),
  },
  {
    what: 'the bus is the resource',
    finds: 'invalidStatement',
    names: "set 'EventBusName' to 'orders'",
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub, { Resource: busArn() }, { bus: fix ? 'orders' : 'default' });
      publisherRole(shop);
    },
  },
  {
    what: 'Statement in place of a role in the short form',
    finds: 'invalidStatement',
    names: "use 'Statement' in place of 'Action', 'Principal' and 'Condition'",
    app: (three, fix) =>
      withShortForm(
        three,
        fix ? { statement: jsonIn(fix) } : { action: 'events:PutEvents', principal: roleArn('publisher') },
      ),
  },
  {
    what: 'Statement with the operator that the condition of the short form needs',
    finds: 'invalidStatement',
    names: '"StringLike"',
    app: (three, fix) => {
      const limit = { type: 'StringEquals', key: 'events:source', value: 'com.*' };
      const short = { action: 'events:PutEvents', principal: SHOP.account, condition: limit };
      withShortForm(three, fix ? { statement: jsonIn(fix) } : short);
    },
  },
  {
    what: 'the short form with an account',
    finds: 'invalidStatement',
    names: "set 'Principal' to an account ID",
    app: (three, fix) => withShortForm(three, { action: 'events:PutEvents', principal: fix && SHOP.account }),
  },
  {
    what: 'the account of an ARN',
    finds: 'invalidArn',
    names: 'write the account of the resource in the ARN',
    app: ({ hub }, fix) => {
      const queue = queueArn('queue', { account: fix ? '333333333333' : 'undefined', region: 'eu-west-1' });
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      const arn = fix ? queue.replace('333333333333', HUB.account) : queue;
      testFunction(hub, 'Handler', { functionName: 'handler' });
      cfnPermission(hub, 'handler', RULE);
      const target = { arn: functionArn('handler'), ...(!fix && { deadLetterConfig: { arn } }) };
      cfnRule(hub, target, { eventBusName: 'orders', eventPattern: { account: [SHOP.account] } });
    },
  },
];
