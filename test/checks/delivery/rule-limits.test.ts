import { EventBus } from 'aws-cdk-lib/aws-events';
import { AllowedEvents, CrossAccountEventBus, CrossAccountEventBusPolicy, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { SHOP } from '../../support/apps';
import { Faulty, delivered, faults, published } from '../../support/faults';
import {
  busArn,
  cfnEventBus,
  cfnRule,
  executionRole,
  inThreeAccounts,
  publisherRole,
  roleArn,
  ruleArn,
} from '../../support/three-accounts';

const { accounts, role } = EventPublisher;
const RULE = ruleArn('local/rule', SHOP);
const IN_OREGON = { ...SHOP, region: 'us-west-2' };

interface Grant {
  readonly allowed: AllowedEvents;
  readonly publisher?: EventPublisher;
  readonly env?: typeof SHOP;
  /** Whether another construct than one of this library defines the bus. */
  readonly plain?: boolean;
}

/** A bus with a grant of this library, and a rule on the bus `local` of account 222222222222 that sends to it. */
const forwarding = ({ allowed, publisher = accounts(SHOP.account), env = SHOP, plain }: Grant) =>
  inThreeAccounts((three) => {
    const { hub } = three;
    const shop = three.stack('Shop', env);
    const grants = plain
      ? new CrossAccountEventBusPolicy(hub, 'Grants', {
          eventBus: new EventBus(hub, 'Bus', { eventBusName: 'orders' }),
        })
      : new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    grants.allowPublisher(publisher, allowed);
    const local = cfnEventBus(shop, 'Local', 'local');
    const sender = executionRole(shop, ruleArn('local/rule', env), busArn());
    const target = { arn: busArn(), roleArn: sender.roleArn };
    cfnRule(shop, target, { name: 'rule', eventBusName: 'local' }).addDependency(local);
    shop.addDependency(hub);
  });

const denied = (grant: Grant): Faulty => ({ at: '/Shop/Rule', app: forwarding(grant) });

faults('a publisher that is limited to rules, and a rule', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  asks: delivered('Shop/Rule'),
  healthy: {
    'the ARN of the rule': forwarding({ allowed: { ruleArns: [RULE, ruleArn('other', SHOP)] } }),
    'the ARN of the rule, for its role': forwarding({
      allowed: { ruleArns: [RULE] },
      publisher: role(roleArn('sender')),
    }),
    'a pattern of ARNs': forwarding({ allowed: { ruleArns: ['arn:aws:events:*:*:rule/local/*'] } }),
    'the ARN of the rule, on a bus of another construct': forwarding({ allowed: { ruleArns: [RULE] }, plain: true }),
    'its Region': forwarding({ allowed: { ruleRegions: ['us-west-2', 'eu-west-1'] } }),
    'a Region other than one that is excluded': forwarding({ allowed: { excludedRuleRegions: ['us-west-2'] } }),
  },
  faulty: {
    'the rule of that name on the default bus': denied({ allowed: { ruleArns: [ruleArn('rule', SHOP)] } }),
    'the rule of that name in another Region': denied({ allowed: { ruleArns: [RULE] }, env: IN_OREGON }),
    'the ARN of the rule, for another role': denied({
      allowed: { ruleArns: [RULE] },
      publisher: role(roleArn('other')),
    }),
    'the ARN of another rule, on a bus of another construct': denied({
      allowed: { ruleArns: [`${RULE}2`] },
      plain: true,
    }),
    'another Region': denied({ allowed: { ruleRegions: ['us-west-2'] } }),
    'its Region, which is excluded': denied({ allowed: { excludedRuleRegions: ['us-west-2'] }, env: IN_OREGON }),
  },
});

/** A bus with a grant of this library, and a role that puts events on it by itself. */
const publishing = (allowed: AllowedEvents) =>
  inThreeAccounts(({ hub, shop }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    bus.allowPublisher(accounts(SHOP.account), allowed);
    publisherRole(shop);
    shop.addDependency(hub);
  });

faults('a publisher that is limited to rules, and a role that calls PutEvents', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  asks: published('publisher', 'Hub/Bus/Resource'),
  healthy: {
    'a Region that is excluded for rules': publishing({ excludedRuleRegions: ['eu-west-1'] }),
  },
  faulty: {
    'a rule': { at: '/Shop/Publisher', app: publishing({ ruleArns: [RULE] }) },
    'its Region': { at: '/Shop/Publisher', app: publishing({ ruleRegions: ['eu-west-1'] }) },
  },
});
