import { CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnArchive, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { EventBus as EventBusTarget, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP } from '../../support/apps';
import { deliveryAnnotationsOf, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  executionRole,
  inThreeAccounts,
  ruleArn,
} from '../../support/three-accounts';

const EC2 = { source: ['aws.ec2'], 'detail-type': ['EC2 Instance State-change Notification'] };

/** A rule on the bus `orders`. */
const onCustomBus = (eventPattern: object, more: (three: ThreeAccounts) => unknown = () => undefined, props = {}) =>
  inThreeAccounts((three) => {
    const bus = cfnEventBus(three.hub);
    cfnRuleToQueue(three.hub, { eventBusName: 'orders', eventPattern, ...props }).node.addDependency(bus);
    more(three);
  });

/** A rule on the default bus that forwards events to the bus `orders`. */
const forward = (stack: Stack, eventPattern: object, to = busArn()) => {
  const { roleArn } = executionRole(stack, ruleArn('forward', stack), to);
  cfnRule(stack, { arn: to, roleArn }, { eventPattern }, 'Forward');
};

faults('a rule for events of AWS services on a custom bus', {
  finds: FindingId.PATTERN_NEVER_MATCHES,
  level: 'warning',
  healthy: {
    'the default bus': inThreeAccounts(({ hub }) => cfnRuleToQueue(hub, { eventPattern: EC2 })),
    'a source of the app': onCustomBus({ source: ['aws.ec2', 'com.shop'] }),
    'a source of a partner': onCustomBus({ source: [{ prefix: 'aws.partner/example.com' }] }),
    'any source that begins with aws.': onCustomBus({ source: [{ prefix: 'aws.' }] }),
    'the bus of a partner': inThreeAccounts(({ hub }) => {
      const name = 'aws.partner/example.com/orders';
      const bus = cfnEventBus(hub, 'Bus', name, { eventSourceName: name });
      cfnRuleToQueue(hub, { eventBusName: name, eventPattern: { source: [name] } }).node.addDependency(bus);
    }),
    'events that a rule forwards': onCustomBus(EC2, ({ hub }) => forward(hub, EC2)),
    'events that a rule forwards with others': onCustomBus(EC2, ({ hub }) =>
      forward(hub, { source: [{ prefix: 'aws.' }] }),
    ),
    'events that a rule in another Region forwards': onCustomBus(EC2, (three) =>
      forward(three.stack('East', { ...HUB, region: 'us-east-1' }), EC2),
    ),
    'a bus that rules of another account may put events on': onCustomBus(EC2, ({ hub }) =>
      cfnEventBusPolicy(hub).node.addDependency(hub.node.findChild('Bus')),
    ),
    'a bus that a service may put events on': onCustomBus({ ...EC2, account: [HUB.account] }, ({ hub }) =>
      cfnEventBusPolicy(hub, {
        Principal: { Service: 'ses.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': HUB.account } },
      }).node.addDependency(hub.node.findChild('Bus')),
    ),
    'a bus of another app': inThreeAccounts(({ hub }) =>
      cfnRuleToQueue(hub, { eventBusName: 'imported', eventPattern: EC2 }),
    ),
    'a disabled rule': onCustomBus(EC2, undefined, { state: 'DISABLED' }),
    'constructs of aws-cdk-lib': inThreeAccounts(({ hub }) => {
      const eventBus = new EventBus(hub, 'Bus');
      const eventPattern = { source: ['aws.ec2'] };
      const role = executionRole(hub, ruleArn('forward'), eventBus.eventBusArn);
      const targets = [new EventBusTarget(eventBus, { role })];
      new Rule(hub, 'Forward', { ruleName: 'forward', eventPattern, targets });
      new Rule(hub, 'Rule', { eventBus, eventPattern, targets: [new SqsQueue(new Queue(hub, 'Queue'))] });
    }),
  },
  faulty: {
    'no rule that forwards them': { at: '/Hub/Rule', app: onCustomBus(EC2) },
    'a prefix': { at: '/Hub/Rule', app: onCustomBus({ source: [{ prefix: 'aws.ec2' }] }) },
    'events of a global service': { at: '/Hub/Rule', app: onCustomBus({ source: ['aws.iam'] }) },
    'a rule that forwards other events': {
      at: '/Hub/Rule',
      app: onCustomBus(EC2, ({ hub }) => forward(hub, { source: ['aws.s3'] })),
    },
    'a bus policy for another source': {
      at: '/Hub/Rule',
      app: onCustomBus(EC2, ({ hub }) =>
        cfnEventBusPolicy(hub, {
          Condition: { StringEquals: { 'events:source': 'com.shop' } },
        }).node.addDependency(hub.node.findChild('Bus')),
      ),
    },
    'constructs of aws-cdk-lib': {
      at: '/Hub/Rule',
      app: inThreeAccounts(
        ({ hub }) =>
          new Rule(hub, 'Rule', {
            eventBus: new EventBus(hub, 'Bus', { eventBusName: 'orders' }),
            eventPattern: EC2,
            targets: [new SqsQueue(new Queue(hub, 'Queue'))],
          }),
      ),
    },
  },
});

const IAM = { source: ['aws.iam', 'aws.organizations'] };
const inRegion = (
  region: string,
  eventPattern: object,
  more: (three: ThreeAccounts, stack: Stack) => unknown = () => 0,
) =>
  inThreeAccounts((three) => {
    const stack = three.stack('Stack', { ...HUB, region });
    cfnRuleToQueue(stack, { eventPattern });
    more(three, stack);
  });

faults('a rule for events of global services in another Region', {
  finds: FindingId.PATTERN_NEVER_MATCHES,
  level: 'warning',
  healthy: {
    'us-east-1': inRegion('us-east-1', IAM),
    'us-gov-west-1': inRegion('us-gov-west-1', IAM),
    'another service too': inRegion('eu-west-1', { source: ['aws.iam', 'aws.ec2'] }),
    'sign-in, which is in all Regions': inRegion('eu-west-1', { source: ['aws.signin'] }),
    'an environment-agnostic stack': inThreeAccounts(({ app }) =>
      cfnRuleToQueue(new Stack(app, 'Agnostic'), { eventPattern: IAM }),
    ),
    'events that a rule in us-east-1 forwards': inRegion('eu-west-1', IAM, (three) =>
      forward(three.stack('East', { ...HUB, region: 'us-east-1' }), IAM, busArn('default')),
    ),
  },
  faulty: {
    'eu-west-1': { at: '/Stack/Rule', app: inRegion('eu-west-1', IAM) },
    'us-gov-east-1': { at: '/Stack/Rule', app: inRegion('us-gov-east-1', { source: ['aws.iam'] }) },
  },
});

test('events may be forwarded by a rule whose target is known only at deployment', () => {
  const app = inRegion('eu-west-1', IAM, (_, stack) => {
    const arn = new CfnParameter(stack, 'Target').valueAsString;
    cfnRule(stack, { arn }, { eventPattern: { source: [{ prefix: 'aws.' }] } }, 'Other');
  })();
  const ids = deliveryAnnotationsOf(app).map(({ id, at }) => `${at} ${id}`);
  expect(ids).toEqual([`/Stack/Other ${FindingId.DELIVERY_UNVERIFIED}`]);
});

const resources = (...list: unknown[]) => ({ source: ['aws.states'], resources: list });
const machine = (account: string) => `arn:aws:states:eu-west-1:${account}:stateMachine:orders`;

faults('a rule for resources of other accounts', {
  finds: FindingId.PATTERN_NEVER_MATCHES,
  level: 'warning',
  healthy: {
    'a resource of the account of the bus': inRegion('eu-west-1', resources(machine(HUB.account))),
    'a resource of the account among others': inRegion(
      'eu-west-1',
      resources(machine(SHOP.account), machine(HUB.account)),
    ),
    'a resource without an account': inRegion('eu-west-1', resources('arn:aws:s3:::orders')),
    'a suffix': inRegion('eu-west-1', resources({ suffix: 'orders' })),
    'a source of the app': inRegion('eu-west-1', { ...resources(machine(SHOP.account)), source: ['com.shop'] }),
    'an account in the pattern': inRegion('eu-west-1', {
      ...resources(machine(SHOP.account)),
      account: [SHOP.account],
    }),
    'an account that may put events on the bus': inRegion(HUB.region, resources(machine(SHOP.account)), (_, stack) =>
      cfnEventBusPolicy(stack, {}, { bus: 'default' }),
    ),
  },
  faulty: {
    'a resource of another account': {
      at: '/Stack/Rule',
      app: inRegion('eu-west-1', resources(machine(SHOP.account))),
    },
    'a prefix of another account': {
      at: '/Stack/Rule',
      app: inRegion('eu-west-1', resources({ prefix: machine(SHOP.account).slice(0, -6) })),
    },
  },
});

const archive = (eventPattern: unknown) =>
  inThreeAccounts(({ hub }) => {
    const sourceArn = cfnEventBus(hub).attrArn;
    new CfnArchive(hub, 'Archive', { archiveName: 'all', sourceArn, eventPattern });
  });

faults('an archive whose pattern matches nothing', {
  finds: FindingId.PATTERN_NEVER_MATCHES,
  level: 'error',
  healthy: {
    'no pattern': archive(undefined),
    'a source': archive({ source: ['com.shop'] }),
  },
  faulty: {
    'a field that no event has': { at: '/Hub/Archive', app: archive({ source: ['com.shop'], details: { a: ['b'] } }) },
    'an account that is none': { at: '/Hub/Archive', app: archive({ account: ['*'] }) },
  },
});
