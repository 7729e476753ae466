import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget, LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBus, CrossAccountRule, LambdaEventTarget, PublisherRole } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, SHOP, testFunction } from '../../support/apps';
import { faults, published } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  PARTNER,
  functionArn,
  importedBus,
  inThreeAccounts,
  publisherRole,
  queueArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

const eventPattern = { source: ['com.shop'] };
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

/** A bus whose policy allows account 222222222222, and additional resources. */
const withBus = (define: (three: ThreeAccounts) => unknown) =>
  inThreeAccounts((three) => {
    cfnEventBus(three.hub);
    cfnEventBusPolicy(three.hub);
    define(three);
  });

/** A rule whose role is allowed to put events on its target bus, which may not exist. */
const ruleTo = (arn: string) =>
  withBus(({ hub, shop }) => {
    cfnRule(shop, { arn, roleArn: executionRole(shop, ruleArn('rule', SHOP), arn).roleArn });
    shop.addDependency(hub);
  });

const inRegion = (region: string) => ({ account: HUB.account, region });

faults('a bus that no stack defines, similar to one that a stack defines', {
  finds: FindingId.EVENT_BUS_NOT_FOUND,
  level: 'warning',
  asks: published('Shop/Publisher', 'Hub/Bus'),
  healthy: {
    'the right ARN': withBus(({ shop }) => importedBus(shop).grantPutEventsTo(publisherRole(shop))),
    'a rule on the default bus, which always exists': {
      app: withBus(({ hub, shop }) => [cfnRuleToQueue(hub), cfnRuleToQueue(shop)]),
      asks: 'nothing',
    },
    'a rule on a bus of that name in its own account': {
      app: withBus(({ shop }) => {
        cfnEventBus(shop);
        cfnRuleToQueue(shop, { eventBusName: 'orders' }).node.addDependency(shop.node.findChild('Bus'));
      }),
      asks: 'nothing',
    },
    'a rule on a bus in its account that no stack defines': {
      app: withBus(({ hub }) => cfnRuleToQueue(hub, { eventBusName: 'legacy-events-of-2019' })),
      asks: 'nothing',
    },
    'a rule of aws-cdk-lib on its bus': {
      app: inThreeAccounts(
        ({ hub }) => new Rule(hub, 'Rule', { eventBus: new EventBus(hub, 'Bus'), eventPattern, enabled: false }),
      ),
      asks: 'nothing',
    },
    'a policy for a bus that no stack defines and that is not similar to another one': {
      app: withBus(({ hub }) =>
        cfnEventBusPolicy(hub, {}, { id: 'Partner', bus: 'legacy-events-of-2019', sid: 'Partner' }),
      ),
      asks: 'nothing',
    },
    'a policy for a bus whose name contains that of another one': {
      app: withBus(({ hub }) => cfnEventBusPolicy(hub, {}, { id: 'Partner', bus: 'orders-archive', sid: 'Partner' })),
      asks: 'nothing',
    },
    'a bus whose name has a word in common, as target of a rule': {
      app: inThreeAccounts(({ hub }) => {
        cfnEventBus(hub, 'Bus', 'acme-shared-event-bus');
        const arn = busArn('acme-orders-event-bus');
        cfnRule(hub, { arn, roleArn: executionRole(hub, ruleArn('rule'), arn).roleArn });
      }),
      asks: 'nothing',
    },
    'a bus with another suffix, for a publisher': {
      app: withBus(({ hub }) => publisherRole(hub, busArn('orders-archive'))),
      asks: 'nothing',
    },
    'a bus of that name in a region to which the app deploys': {
      app: withBus((three) => {
        publisherRole(three.hub, busArn('orders', inRegion('eu-west-2')));
        cfnEventBus(three.stack('Second', inRegion('eu-west-2')), 'Bus', 'replicas');
      }),
      asks: 'nothing',
    },
    'a bus of that name in a region with another name': {
      app: withBus(({ hub }) => publisherRole(hub, busArn('orders', inRegion('us-west-2')))),
      asks: 'nothing',
    },
    'a role in the account of a bus that no stack defines': {
      app: withBus(({ hub }) => publisherRole(hub, busArn('legacy-events-of-2019'))),
      asks: 'nothing',
    },
  },
  faulty: {
    'a role with another name': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) => publisherRole(shop, busArn('ordres'))),
    },
    'a role with a name in another case': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) => publisherRole(shop, busArn('Orders'))),
    },
    'a role with its own account': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) => publisherRole(shop, busArn('orders', SHOP))),
    },
    'a role with transposed digits of the account': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) => publisherRole(shop, busArn('orders', { ...HUB, account: '111111111121' }))),
    },
    'a role with a misspelled region': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) => publisherRole(shop, busArn('orders', inRegion('eu-wset-1')))),
    },
    'a role with another partition': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) => publisherRole(shop, busArn().replace('aws', 'aws-cn'))),
      asks: 'nothing',
    },
    'a policy for another name': {
      at: '/Hub/Misspelt',
      app: withBus(({ hub }) => cfnEventBusPolicy(hub, {}, { id: 'Misspelt', bus: 'ordres', sid: 'Misspelt' })),
      asks: 'nothing',
    },
    'a policy for another name, and the role of a rule that sends to a third bus': {
      at: '/Hub/Policy',
      app: inThreeAccounts(({ hub, shop, billing }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub, {}, { bus: 'ordres' });
        cfnEventBus(billing, 'Ledger', 'ledger');
        cfnEventBusPolicy(billing, {}, { bus: 'ledger' });
        const role = executionRole(shop, ruleArn('rule', SHOP), [busArn(), busArn('ledger', BILLING)]);
        cfnRule(shop, { arn: busArn('ledger', BILLING), roleArn: role.roleArn });
        shop.addDependency(billing);
      }),
      asks: 'nothing',
    },
    'a role with another region': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) => publisherRole(shop, busArn('orders', inRegion('eu-west-2')))),
    },
    'a grant of aws-cdk-lib on an imported bus': {
      at: '/Shop/Publisher',
      app: withBus(({ shop }) =>
        importedBus(shop, busArn('ordres')).grantPutEventsTo(
          new Role(shop, 'Publisher', { roleName: 'publisher', assumedBy: LAMBDA }),
        ),
      ),
    },
    'a rule with a target by another name': {
      at: '/Shop',
      app: ruleTo(busArn('oders')),
      asks: 'nothing',
    },
    'a rule with a target in another region': {
      at: '/Shop',
      app: ruleTo(busArn('orders', inRegion('eu-west-3'))),
      asks: 'nothing',
    },
    'a target of aws-cdk-lib': {
      at: '/Shop',
      app: withBus(({ hub, shop }) => {
        new Rule(shop, 'Rule', { eventPattern, targets: [new EventBusTarget(importedBus(shop, busArn('order')))] });
        shop.addDependency(hub);
      }),
      asks: 'nothing',
    },
    'a rule on a bus in its account, by another name': {
      at: '/Hub/Rule',
      app: withBus(({ hub }) => cfnRuleToQueue(hub, { eventBusName: 'order' })),
      asks: 'nothing',
    },
    'a rule on a bus in another account by name': {
      at: '/Shop/Rule',
      app: withBus(({ shop }) => cfnRuleToQueue(shop, { eventBusName: 'orders' })),
      asks: 'nothing',
    },
    'a rule of aws-cdk-lib on a bus in another account': {
      at: '/Shop/Rule',
      app: inThreeAccounts(({ hub, shop }) => {
        const eventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        new Rule(shop, 'Rule', {
          eventBus,
          eventPattern,
          targets: [new LambdaFunction(testFunction(shop, 'Handler'))],
        });
      }),
      asks: 'nothing',
    },
    'a rule of this library whose bus ARN was overridden with its name': {
      at: '/Shop/Rule',
      app: inThreeAccounts(({ hub, shop }) => {
        const eventBus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
        const rule = new CrossAccountRule(shop, 'Rule', { eventBus, eventPattern, enabled: false });
        (rule.node.defaultChild as CfnRule).addPropertyOverride('EventBusName', 'orders');
      }),
      asks: 'nothing',
    },
  },
});

/** An app that depends on a resource of another app, and the warning about it. */
const inOtherApp = (app: () => ReturnType<ReturnType<typeof inThreeAccounts>>, finds: FindingId, at = '/Hub/Rule') => ({
  app,
  finds,
  at,
  asks: 'nothing' as const,
});
const partnerBus = busArn('partner-events-of-2019', PARTNER);
const partnerHandler = functionArn('partner-handler', PARTNER);

faults('a policy that must be changed in another app', {
  finds: FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
  level: 'warning',
  healthy: {
    'a bus in the account that no stack defines': inThreeAccounts(({ hub }) => {
      cfnRule(hub, { arn: busArn('legacy'), roleArn: executionRole(hub, ruleArn('rule'), busArn('legacy')).roleArn });
    }),
  },
  faulty: {
    'a function in the account': inOtherApp(
      inThreeAccounts(({ hub }) => [
        cfnEventBus(hub),
        cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders' }),
      ]),
      FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
      '/Hub/Rule',
    ),
    'a queue in the account': inOtherApp(
      inThreeAccounts(({ hub }) => [
        cfnEventBus(hub),
        cfnRule(hub, { arn: queueArn('letters') }, { eventBusName: 'orders' }),
      ]),
      FindingId.MANUALLY_ADD_QUEUE_POLICY,
      '/Hub/Rule',
    ),
    'a publisher': inOtherApp(
      inThreeAccounts(({ shop }) => publisherRole(shop, partnerBus)),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop/Publisher',
    ),
    'a publisher on a bus of a name that the app has in another account': inOtherApp(
      withBus(({ shop }) => publisherRole(shop, busArn('orders', PARTNER))),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop/Publisher',
    ),
    'a rule to a bus of a name that the app has in another account': inOtherApp(
      ruleTo(busArn('orders', PARTNER)),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop',
    ),
    'a publisher of this library, which warns itself': inOtherApp(
      inThreeAccounts(
        ({ shop }) =>
          new PublisherRole(shop, 'Publisher', { assumedBy: LAMBDA, eventBuses: [importedBus(shop, partnerBus)] }),
      ),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop/Publisher',
    ),
    'a grant of aws-cdk-lib': inOtherApp(
      inThreeAccounts(({ shop }) =>
        importedBus(shop, partnerBus).grantPutEventsTo(new Role(shop, 'Publisher', { assumedBy: LAMBDA })),
      ),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop/Publisher',
    ),
    'a rule to a bus': inOtherApp(
      inThreeAccounts(({ hub }) => {
        cfnRule(hub, { arn: partnerBus, roleArn: executionRole(hub, ruleArn('rule'), partnerBus).roleArn });
      }),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Hub',
    ),
    'a rule to a function': inOtherApp(
      inThreeAccounts(({ hub }) => {
        cfnRule(hub, {
          arn: partnerHandler,
          roleArn: executionRole(hub, ruleArn('rule'), partnerHandler, 'lambda:InvokeFunction').roleArn,
        });
      }),
      FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
    ),
    'a rule to a function by this library, which warns itself': inOtherApp(
      inThreeAccounts(({ hub }) => {
        new Rule(hub, 'Rule', {
          eventPattern,
          targets: [new LambdaEventTarget(Function.fromFunctionArn(hub, 'Imported', partnerHandler))],
        });
      }),
      FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
    ),
    'a rule to a queue': inOtherApp(
      inThreeAccounts(({ hub }) => {
        const partnerQueue = queueArn('partner-queue', PARTNER);
        cfnRule(hub, {
          arn: partnerQueue,
          roleArn: executionRole(hub, ruleArn('rule'), partnerQueue, 'sqs:SendMessage').roleArn,
        });
      }),
      FindingId.MANUALLY_ADD_QUEUE_POLICY,
    ),
    'a rule on a bus': inOtherApp(
      inThreeAccounts(({ billing }) => {
        cfnEventBus(billing, 'Own', 'own');
        const arn = busArn('own', BILLING);
        const role = executionRole(billing, ruleArn('partner-events-of-2019/rule', PARTNER), arn);
        cfnRule(billing, { arn, roleArn: role.roleArn }, { eventBusName: partnerBus });
      }),
      FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
      '/Billing/Rule',
    ),
  },
});
