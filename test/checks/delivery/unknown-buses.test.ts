import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget, LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBus, CrossAccountRule, LambdaEventTarget, PublisherRole } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, HUB, PUBLISHER, testFunction } from '../../support/apps';
import { faults, published } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  elsewhere,
  functionArn,
  importedBus,
  inThreeAccounts,
  publisher,
  queueArn,
  rawBus,
  rawPolicy,
  rawRule,
  ruleArn,
  senderRole,
} from '../../support/three-accounts';

const eventPattern = { source: ['com.shop'] };
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

/** A bus that lets account 222222222222 in, and what is there besides. */
const beside = (make: (three: ThreeAccounts) => unknown) =>
  inThreeAccounts((three) => {
    rawBus(three.hub);
    rawPolicy(three.hub);
    make(three);
  });

/** A rule with a role that fits, to a bus that may not. */
const ruleTo = (arn: string) =>
  beside(({ hub, shop }) => {
    rawRule(shop, { arn, roleArn: senderRole(shop, ruleArn('rule', PUBLISHER), arn).roleArn });
    shop.addDependency(hub);
  });

const there = (region: string) => ({ account: HUB.account, region });

faults('a bus that no stack makes, near one that is made', {
  finds: FindingId.EVENT_BUS_NOT_FOUND,
  level: 'warning',
  asks: published('Shop/Publisher', 'Hub/Bus'),
  healthy: {
    'the right ARN': beside(({ shop }) => importedBus(shop).grantPutEventsTo(publisher(shop))),
    'a rule on the default bus, which is always there': {
      app: beside(({ hub, shop }) => [rawRule(hub, undefined), rawRule(shop, undefined)]),
      asks: 'nothing',
    },
    'a rule on a bus of that name in its own account': {
      app: beside(({ shop }) => {
        rawBus(shop);
        rawRule(shop, undefined, { eventBusName: 'orders' }).node.addDependency(shop.node.findChild('Bus'));
      }),
      asks: 'nothing',
    },
    'a rule on a bus of its account that no stack makes': {
      app: beside(({ hub }) => rawRule(hub, undefined, { eventBusName: 'legacy-events-of-2019' })),
      asks: 'nothing',
    },
    'a rule of aws-cdk-lib on its bus': {
      app: inThreeAccounts(
        ({ hub }) => new Rule(hub, 'Rule', { eventBus: new EventBus(hub, 'Bus'), eventPattern, targets: [] }),
      ),
      asks: 'nothing',
    },
    'a policy for a bus that no stack makes and none resembles': {
      app: beside(({ hub }) => rawPolicy(hub, {}, { id: 'Theirs', bus: 'legacy-events-of-2019', sid: 'Theirs' })),
      asks: 'nothing',
    },
    'a policy for a bus whose name has that of another one in it': {
      app: beside(({ hub }) => rawPolicy(hub, {}, { id: 'Theirs', bus: 'orders-archive', sid: 'Theirs' })),
      asks: 'nothing',
    },
    'a role of the account of a bus that no stack makes': {
      app: beside(({ hub }) => publisher(hub, busArn('legacy-events-of-2019'))),
      asks: 'nothing',
    },
  },
  faulty: {
    'a role with another name': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) => publisher(shop, busArn('ordres'))),
    },
    'a role with a name in another case': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) => publisher(shop, busArn('Orders'))),
    },
    'a role with another account': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) => publisher(shop, busArn('orders', elsewhere))),
    },
    'a role with its own account': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) => publisher(shop, busArn('orders', PUBLISHER))),
    },
    'a role with digits of the account turned round': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) => publisher(shop, busArn('orders', { ...HUB, account: '111111111121' }))),
    },
    'a role with another partition': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) => publisher(shop, busArn().replace('aws', 'aws-cn'))),
      asks: 'nothing',
    },
    'a policy for another name': {
      at: '/Hub/Misspelt',

      app: beside(({ hub }) => rawPolicy(hub, {}, { id: 'Misspelt', bus: 'ordres', sid: 'Misspelt' })),
      asks: 'nothing',
    },
    'a policy for another name, beside the role of a rule that sends to a third bus': {
      at: '/Hub/Policy',

      app: inThreeAccounts(({ hub, shop, billing }) => {
        rawBus(hub);
        rawPolicy(hub, {}, { bus: 'ordres' });
        rawBus(billing, 'Ledger', 'ledger');
        rawPolicy(billing, {}, { bus: 'ledger' });
        const role = senderRole(shop, ruleArn('rule', PUBLISHER), [busArn(), busArn('ledger', CONSUMER)]);
        rawRule(shop, { arn: busArn('ledger', CONSUMER), roleArn: role.roleArn });
        shop.addDependency(billing);
      }),
      asks: 'nothing',
    },
    'a role with another region': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) => publisher(shop, busArn('orders', there('eu-west-2')))),
    },
    'a grant of aws-cdk-lib on an imported bus': {
      at: '/Shop/Publisher',

      app: beside(({ shop }) =>
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
    'a rule with a target in another account': {
      at: '/Shop',

      app: ruleTo(busArn('orders', elsewhere)),
      asks: 'nothing',
    },
    'a rule with a target in another region': {
      at: '/Shop',

      app: ruleTo(busArn('orders', there('eu-west-3'))),
      asks: 'nothing',
    },
    'a target of aws-cdk-lib': {
      at: '/Shop',

      app: beside(({ hub, shop }) => {
        new Rule(shop, 'Rule', { eventPattern, targets: [new EventBusTarget(importedBus(shop, busArn('order')))] });
        shop.addDependency(hub);
      }),
      asks: 'nothing',
    },
    'a rule on a bus of its account, by another name': {
      at: '/Hub/Rule',

      app: beside(({ hub }) => rawRule(hub, undefined, { eventBusName: 'order' })),
      asks: 'nothing',
    },
    'a rule bound by name to a bus of another account': {
      at: '/Shop/Rule',

      app: beside(({ shop }) => rawRule(shop, undefined, { eventBusName: 'orders' })),
      asks: 'nothing',
    },
    'a rule of aws-cdk-lib bound to a bus of another account': {
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
    'a rule of this library whose bus was overridden by its name': {
      at: '/Shop/Rule',

      app: inThreeAccounts(({ hub, shop }) => {
        const eventBus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
        const rule = new CrossAccountRule(shop, 'Rule', { eventBus, eventPattern });
        (rule.node.defaultChild as CfnRule).addPropertyOverride('EventBusName', 'orders');
      }),
      asks: 'nothing',
    },
  },
});

/** What another app makes is what the app hangs on: it can be right. */
const outside = (app: () => ReturnType<ReturnType<typeof inThreeAccounts>>, finds: FindingId, at = '/Hub/Rule') => ({
  app,
  finds,
  at,
  asks: 'nothing' as const,
});
const theirBus = busArn('partner-events-of-2019', elsewhere);
const theirs = functionArn('partner-handler', elsewhere);

faults('what must be done in another app', {
  finds: FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
  level: 'warning',
  healthy: {
    'a bus of the account that no stack makes': inThreeAccounts(({ hub }) => {
      rawRule(hub, { arn: busArn('legacy'), roleArn: senderRole(hub, ruleArn('rule'), busArn('legacy')).roleArn });
    }),
  },
  faulty: {
    'a function of the account': outside(
      inThreeAccounts(({ hub }) => [
        rawBus(hub),
        rawRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders' }),
      ]),
      FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
      '/Hub/Rule',
    ),
    'a queue of the account': outside(
      inThreeAccounts(({ hub }) => [
        rawBus(hub),
        rawRule(hub, { arn: queueArn('letters') }, { eventBusName: 'orders' }),
      ]),
      FindingId.MANUALLY_ADD_QUEUE_POLICY,
      '/Hub/Rule',
    ),
    'a publisher': outside(
      inThreeAccounts(({ shop }) => publisher(shop, theirBus)),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop/Publisher',
    ),
    'a publisher of this library, which says so itself': outside(
      inThreeAccounts(
        ({ shop }) =>
          new PublisherRole(shop, 'Publisher', { assumedBy: LAMBDA, eventBuses: [importedBus(shop, theirBus)] }),
      ),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop/Publisher',
    ),
    'a grant of aws-cdk-lib': outside(
      inThreeAccounts(({ shop }) =>
        importedBus(shop, theirBus).grantPutEventsTo(new Role(shop, 'Publisher', { assumedBy: LAMBDA })),
      ),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Shop/Publisher',
    ),
    'a rule to a bus': outside(
      inThreeAccounts(({ hub }) => {
        rawRule(hub, { arn: theirBus, roleArn: senderRole(hub, ruleArn('rule'), theirBus).roleArn });
      }),
      FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      '/Hub',
    ),
    'a rule to a function': outside(
      inThreeAccounts(({ hub }) => {
        rawRule(hub, {
          arn: theirs,
          roleArn: senderRole(hub, ruleArn('rule'), theirs, 'lambda:InvokeFunction').roleArn,
        });
      }),
      FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
    ),
    'a rule to a function by this library, which says so itself': outside(
      inThreeAccounts(({ hub }) => {
        new Rule(hub, 'Rule', {
          eventPattern,
          targets: [new LambdaEventTarget(Function.fromFunctionArn(hub, 'Imported', theirs))],
        });
      }),
      FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
    ),
    'a rule to a queue': outside(
      inThreeAccounts(({ hub }) => {
        const letters = queueArn('partner-queue', elsewhere);
        rawRule(hub, { arn: letters, roleArn: senderRole(hub, ruleArn('rule'), letters, 'sqs:SendMessage').roleArn });
      }),
      FindingId.MANUALLY_ADD_QUEUE_POLICY,
    ),
    'a rule on a bus': outside(
      inThreeAccounts(({ billing }) => {
        rawBus(billing, 'Own', 'own');
        const arn = busArn('own', CONSUMER);
        const role = senderRole(billing, ruleArn('partner-events-of-2019/rule', elsewhere), arn);
        rawRule(billing, { arn, roleArn: role.roleArn }, { eventBusName: theirBus });
      }),
      FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
      '/Billing/Rule',
    ),
  },
});
