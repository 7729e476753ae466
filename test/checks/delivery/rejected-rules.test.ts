import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, CfnRuleProps, RuleTargetInput, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP, testApp, testStack } from '../../support/apps';
import { deliveryAnnotationsOf, faults } from '../../support/faults';
import {
  LENIENT,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  executionRole,
  inThreeAccounts,
  ruleArn,
} from '../../support/three-accounts';

const schedule = { scheduleExpression: 'rate(1 hour)', eventPattern: undefined };

/** A rule in the stack of a bus. */
const onBus = (props: CfnRuleProps | ((bus: CfnEventBus, stack: Stack) => CfnRuleProps)) =>
  inThreeAccounts(({ hub }) => {
    const bus = cfnEventBus(hub);
    cfnRuleToQueue(hub, typeof props === 'function' ? props(bus, hub) : props).node.addDependency(bus);
  });

faults('a rule with a schedule on a custom bus', {
  finds: FindingId.RULE_REJECTED,
  level: 'error',
  healthy: {
    'a schedule on the default bus': onBus(schedule),
    'a schedule on the default bus by name': onBus({ ...schedule, eventBusName: 'default' }),
    'a schedule on the default bus by ARN': onBus({ ...schedule, eventBusName: busArn('default') }),
    'a schedule of aws-cdk-lib': inThreeAccounts(
      ({ hub }) =>
        new Rule(hub, 'Rule', {
          schedule: Schedule.expression('rate(1 hour)'),
          targets: [new SqsQueue(new Queue(hub, 'Q'))],
        }),
    ),
    'a pattern on a custom bus': onBus({ eventBusName: 'orders' }),
    'a schedule on a bus that is known only at deployment': onBus((_, stack) => ({
      ...schedule,
      eventBusName: new CfnParameter(stack, 'BusName', { default: 'default' }).valueAsString,
    })),
  },
  faulty: {
    'a schedule on a bus by name': { at: '/Hub/Rule', app: onBus({ ...schedule, eventBusName: 'orders' }) },
    'a schedule on a bus by ARN': { at: '/Hub/Rule', app: onBus({ ...schedule, eventBusName: busArn() }) },
    'a schedule on a bus by reference': {
      at: '/Hub/Rule',
      app: onBus((bus) => ({ ...schedule, eventBusName: bus.ref })),
    },
    'a schedule and a pattern': {
      at: '/Hub/Rule',
      app: onBus({ scheduleExpression: 'rate(1 hour)', eventBusName: 'orders' }),
    },
    'a schedule on a bus that is not defined in this app': {
      at: '/Hub/Rule',
      app: onBus({ ...schedule, eventBusName: 'imported-from-another-app' }),
    },
    'a rule of aws-cdk-lib with an override': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => {
        const targets = [new SqsQueue(new Queue(hub, 'Q'))];
        const rule = new Rule(hub, 'Rule', { schedule: Schedule.expression('rate(1 hour)'), targets });
        (rule.node.defaultChild as CfnRule).addPropertyOverride('EventBusName', cfnEventBus(hub).ref);
      }),
    },
  },
});

const manageRules = {
  Action: ['events:PutRule', 'events:PutTargets'],
  Resource: ruleArn('orders/*'),
  Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
};

/** A rule of account 222222222222 on the bus of account 111111111111, which forwards to a bus in its own account. */
const ruleIn = (region: string) =>
  inThreeAccounts((three) => {
    cfnEventBusPolicy(three.hub, manageRules).node.addDependency(cfnEventBus(three.hub));
    const there = { ...SHOP, region };
    const stack = three.stack('Spoke', there);
    cfnEventBus(stack, 'Local', 'local');
    const allowHub = { Principal: { AWS: `arn:aws:iam::${HUB.account}:root` } };
    cfnEventBusPolicy(stack, allowHub, { bus: 'local' }).node.addDependency(stack.node.findChild('Local'));
    const local = busArn('local', there);
    const { roleArn } = executionRole(stack, ruleArn('orders/rule'), local);
    cfnRule(stack, { arn: local, roleArn }, { eventBusName: busArn() }).node.addDependency(
      stack.node.findChild('Policy'),
    );
    stack.addDependency(three.hub);
  });

faults('a rule on a bus in another Region', {
  finds: FindingId.RULE_REJECTED,
  level: 'error',
  healthy: { 'a rule in the Region of the bus': ruleIn(HUB.region) },
  faulty: {
    'a rule in another Region': { at: '/Spoke/Rule', app: ruleIn('us-west-2') },
    'a rule on a bus that is not defined in this app': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) =>
        cfnRuleToQueue(hub, { eventBusName: busArn('other', { ...HUB, region: 'us-east-1' }) }),
      ),
    },
    'a rule on the default bus of another Region': {
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) =>
        cfnRuleToQueue(hub, { eventBusName: busArn('default', { ...HUB, region: 'us-east-1' }) }),
      ),
    },
  },
});

const transformer = { inputPathsMap: { kind: '$.detail.kind' }, inputTemplate: '{"detail-type": <kind>}' };

/** A rule whose target is a bus, with input properties. */
const toBus = (input: object, account = SHOP.account) =>
  inThreeAccounts((three) => {
    const { hub } = three;
    cfnEventBusPolicy(hub).node.addDependency(cfnEventBus(hub));
    const stack = account === HUB.account ? hub : three.shop;
    const { roleArn } = executionRole(stack, ruleArn('rule', { ...HUB, account }), busArn());
    cfnRule(stack, { arn: busArn(), roleArn, ...input } as never).node.addDependency(hub.node.findChild('Policy'));
  });

faults('an input transformation for a bus in another account', {
  finds: FindingId.RULE_REJECTED,
  level: 'error',
  healthy: {
    'an event as it is': toBus({}),
    'a transformer for a bus in the account of the rule': toBus({ inputTransformer: transformer }, HUB.account),
    'a constant input for a queue': inThreeAccounts(
      ({ hub }) =>
        new Rule(hub, 'Rule', {
          eventPattern: { source: ['com.shop'] },
          targets: [new SqsQueue(new Queue(hub, 'Q'), { message: RuleTargetInput.fromText('x') })],
        }),
    ),
  },
  faulty: {
    'a transformer': { at: '/Shop/Rule', app: toBus({ inputTransformer: transformer }) },
    'a path': { at: '/Shop/Rule', app: toBus({ inputPath: '$.detail' }) },
    'a constant': { at: '/Shop/Rule', app: toBus({ input: Fn.join('', ['{', '}']) }) },
  },
});

test('a bus that an override sets to null is the default bus, for a schedule', () => {
  const stack = testStack('Hub', HUB, testApp({ context: LENIENT }));
  const rule = new CfnRule(stack, 'Rule', { eventBusName: 'orders', scheduleExpression: 'rate(1 day)', targets: [] });
  rule.addPropertyOverride('EventBusName', null);

  expect(deliveryAnnotationsOf(stack.node.root as App).map(({ id }) => id)).toEqual([FindingId.RULE_WITHOUT_TARGETS]);
});
