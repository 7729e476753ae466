import { App, CfnParameter, CfnParameterProps, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP } from '../../support/apps';
import { faults } from '../../support/faults';
import { ruleArn } from '../../support/three-accounts';

const EVENTBRIDGE = new ServicePrincipal('events.amazonaws.com');

/** A condition on the source, for a rule with this ARN. */
type SourceCondition = (arn: string) => { readonly [operator: string]: { readonly [key: string]: string } };
const isRule: SourceCondition = (arn) => ({ ArnEquals: { 'aws:SourceArn': arn } });
const isRuleOf = ({ account, region }: typeof HUB, path: string) =>
  isRule.bind(null, ruleArn(path, { account, region }));
const isAccount = (account: string) => () => ({ StringEquals: { 'aws:SourceAccount': account } });
const isNot = (account: string) => () => ({ StringNotEquals: { 'aws:SourceAccount': account } });

interface Conditions {
  readonly onRole?: SourceCondition;
  readonly onLetters?: SourceCondition;
  readonly busParameter?: CfnParameterProps;
}

/** A rule of the shop on a bus whose name or ARN is a parameter. Its target is a bus of the shop. */
const ruleOnParameter =
  ({ onRole = () => ({}), onLetters = isRule, busParameter }: Conditions = {}) =>
  () => {
    const stack = new Stack(new App(), 'Shop', { env: SHOP });
    const { eventBusArn } = new EventBus(stack, 'Own', { eventBusName: 'own' });
    const letters = new Queue(stack, 'Letters');
    const rule = new CfnRule(stack, 'Rule', {
      name: 'orders',
      eventBusName: new CfnParameter(stack, 'Bus', busParameter).valueAsString,
      eventPattern: { source: ['com.shop'] },
    });
    const role = new Role(stack, 'Role', { assumedBy: EVENTBRIDGE.withConditions(onRole(rule.attrArn)) });
    role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [eventBusArn] }));
    const deadLetterConfig = { arn: letters.queueArn };
    rule.targets = [{ id: 'T', arn: eventBusArn, roleArn: role.roleArn, deadLetterConfig }];
    letters.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        resources: [letters.queueArn],
        principals: [EVENTBRIDGE],
        conditions: onLetters(rule.attrArn),
      }),
    );
    return stack.node.root as App;
  };

faults('a rule on a bus whose name or ARN is known only at deployment', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'policies with the ARN of the rule': ruleOnParameter({ onRole: isRule }),
    'policies with the account of the rule, if the value is a name': ruleOnParameter({
      onRole: isAccount(SHOP.account),
      onLetters: isAccount(SHOP.account),
    }),
  },
  faulty: {
    'a dead-letter queue whose policy has the account of another bus': {
      at: '/Shop',
      app: ruleOnParameter({ onLetters: isAccount(HUB.account) }),
    },
    'a dead-letter queue whose policy has the rule on another bus': {
      at: '/Shop',
      app: ruleOnParameter({ onLetters: isRuleOf(HUB, 'hub/orders') }),
    },
    'a dead-letter queue whose policy excludes its account': {
      at: '/Shop',
      app: ruleOnParameter({ onLetters: isNot(SHOP.account) }),
    },
    'a role whose trust policy has the account of another bus': {
      at: '/Shop',
      app: ruleOnParameter({ onRole: isAccount(HUB.account) }),
    },
    'a role whose trust policy has the rule on another bus': {
      at: '/Shop',
      app: ruleOnParameter({ onRole: isRuleOf(HUB, 'hub/orders') }),
    },
    'a dead-letter queue whose policy has another rule': {
      finds: FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED,
      level: 'error',
      at: '/Shop/Letters',
      app: ruleOnParameter({ onLetters: isRuleOf(HUB, 'hub/invoices') }),
    },
    'a dead-letter queue whose policy has another account, if the bus is one of several names': {
      finds: FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED,
      level: 'error',
      at: '/Shop/Letters',
      app: ruleOnParameter({
        onLetters: isAccount(HUB.account),
        busParameter: { allowedValues: ['orders', 'invoices'] },
      }),
    },
    'a role whose trust policy has another rule': {
      finds: FindingId.TARGET_ROLE_INVALID,
      level: 'error',
      at: '/Shop/Role',
      app: ruleOnParameter({ onRole: isRuleOf(HUB, 'hub/invoices') }),
    },
  },
});
