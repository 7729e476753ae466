import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FixRow, jsonIn } from './fix-row';
import { RULE, eventPattern, hubBus } from './rules';
import { CrossAccountEventBusTarget, CrossAccountRule, EventPublisher } from '../../../src';
import { BILLING, SHOP } from '../../support/apps';
import { ThreeAccounts, busArn, cfnEventBus, cfnRule, executionRole, ruleArn } from '../../support/three-accounts';

/** A rule of another account on the bus of the hub, to a bus of its own account; a `CrossAccountRule` with the fix. */
function ruleToLocalBus(three: ThreeAccounts, fix: string | undefined, arn: string, eventBusName: string): unknown {
  const { billing } = three;
  const eventBus = hubBus(three);
  const local = new EventBus(billing, 'Local', { eventBusName: 'local' });
  const targets = [new CrossAccountEventBusTarget(local)];
  if (fix) return new CrossAccountRule(billing, 'Rule', { eventBus, eventPattern, targets });
  const role = executionRole(billing, arn, busArn('local', BILLING));
  role.node.addDependency(local);
  return cfnRule(billing, { arn: local.eventBusArn, roleArn: role.roleArn }, { eventBusName, eventPattern });
}

export const RULE_MANAGEMENT_FIXES: readonly FixRow[] = [
  {
    what: 'CrossAccountRule for a rule with a bus as target',
    finds: 'ruleManagementAccessDenied',
    names: 'CrossAccountRule',
    app: (three, fix) => ruleToLocalBus(three, fix, ruleArn('orders/rule'), busArn()),
  },
  {
    what: 'a CrossAccountRule that forwards to a bus in its account',
    finds: 'ruleManagementAccessDenied',
    names: [
      'CrossAccountRule',
      'CrossAccountEventBusTarget',
      `forward the events to a bus in account ${BILLING.account}`,
    ],
    app: (three, fix) => {
      const { billing } = three;
      const eventBus = hubBus(three);
      const queue = new Queue(billing, 'Queue', { queueName: 'queue' });
      if (!fix) return cfnRuleTo(billing, queue);
      const local = new EventBus(billing, 'Local', { eventBusName: 'local' });
      new CrossAccountRule(billing, 'Rule', {
        eventBus,
        eventPattern,
        targets: [new CrossAccountEventBusTarget(local)],
      });
      return new Rule(billing, 'ToQueue', { eventBus: local, eventPattern, targets: [new SqsQueue(queue)] });
    },
  },
  {
    what: 'CrossAccountRule for a rule with the name of a bus in another account',
    finds: 'eventBusNotFound',
    names: "use a CrossAccountRule on 'Hub/Bus'",
    app: (three, fix) => ruleToLocalBus(three, fix, ruleArn('orders/rule', BILLING), 'orders'),
  },
  {
    what: 'allowRuleManagement() for a pattern without exact values',
    finds: 'ruleManagementAccessDenied',
    names: [`allowRuleManagement(EventPublisher.accounts('${BILLING.account}')`, "on 'Hub/Bus'", 'CrossAccountRule'],
    app: (three, fix) => {
      const { billing } = three;
      const eventBus = hubBus(three);
      const local = new EventBus(billing, 'Local', { eventBusName: 'local' });
      const targets = [new CrossAccountEventBusTarget(local)];
      const account = [SHOP.account];
      if (fix) {
        const targetArns = [`arn:aws:events:*:${BILLING.account}:event-bus/*`];
        eventBus.allowRuleManagement(EventPublisher.accounts(BILLING.account), { targetArns });
        return new CrossAccountRule(billing, 'Rule', { eventBus, eventPattern: { account }, targets });
      }
      const role = executionRole(billing, RULE, busArn('local', BILLING));
      const target = { arn: local.eventBusArn, roleArn: role.roleArn };
      return cfnRule(billing, target, { eventBusName: busArn(), eventPattern: { account } });
    },
  },
  {
    what: 'exact values, so that the limit of the grant stays',
    finds: 'ruleManagementAccessDenied',
    names: "list exact values for 'source' ('com.shop') in the pattern",
    app: (three, fix) => {
      const { billing } = three;
      const targetArns = [`arn:aws:events:*:${BILLING.account}:event-bus/*`];
      hubBus(three).allowRuleManagement(EventPublisher.accounts(BILLING.account), {
        sources: ['com.shop'],
        targetArns,
      });
      const eventBus = EventBus.fromEventBusArn(billing, 'Imported', busArn());
      const local = new EventBus(billing, 'Local', { eventBusName: 'local' });
      const source: any[] = fix ? ['com.shop'] : [{ prefix: 'com.shop' }];
      new CrossAccountRule(billing, 'Rule', {
        eventBus,
        eventPattern: { source, account: [SHOP.account] },
        targets: [new CrossAccountEventBusTarget(local)],
      });
    },
  },
  {
    what: "a value in a statement of the bus's own policy",
    finds: 'ruleManagementAccessDenied',
    names: [
      "add its sources and detail types to the conditions of statement 'Rules'",
      "'policy' property of 'Hub/Bus'",
    ],
    app: ({ hub, billing }, fix) => {
      const sources = fix ? ['com.other', 'com.shop'] : ['com.other'];
      const Statement = {
        Sid: 'Rules',
        Effect: 'Allow',
        Principal: { AWS: BILLING.account },
        Action: 'events:PutRule',
        Resource: RULE,
        Condition: {
          StringEquals: { 'events:source': sources },
          StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' },
        },
      };
      cfnEventBus(hub, 'Bus', 'orders', { policy: { Version: '2012-10-17', Statement } });
      billing.addDependency(hub);
      cfnRule(billing, undefined, {
        eventBusName: busArn(),
        eventPattern: { source: ['com.shop'] },
        state: 'DISABLED',
      });
    },
  },
  {
    what: "a statement in the bus's own policy",
    finds: 'ruleManagementAccessDenied',
    names: ["'policy' property of 'Hub/Bus'", '"events:creatorAccount"'],
    app: ({ hub, billing }, fix) => {
      const other = {
        Effect: 'Allow',
        Principal: { AWS: SHOP.account },
        Action: 'events:PutEvents',
        Resource: busArn(),
      };
      const Statement = [other, ...(fix ? [jsonIn(fix)] : [])];
      cfnEventBus(hub, 'Bus', 'orders', { policy: { Version: '2012-10-17', Statement } });
      billing.addDependency(hub);
      new EventBus(billing, 'Local', { eventBusName: 'local' });
      cfnRule(billing, undefined, { eventBusName: busArn(), eventPattern, state: 'DISABLED' });
    },
  },
];

/** A rule of the L1 on the bus of the hub, with a queue of its account as target. */
function cfnRuleTo(stack: Stack, queue: Queue): void {
  const conditions = { ArnEquals: { 'aws:SourceArn': RULE } };
  queue.grantSendMessages(new ServicePrincipal('events.amazonaws.com', { conditions }));
  cfnRule(stack, { arn: queue.queueArn }, { eventBusName: busArn(), eventPattern });
}
