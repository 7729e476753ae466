import { Stack } from 'aws-cdk-lib';
import { CfnEndpoint, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { FixRow } from './fix-row';
import { CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher, PublisherRole } from '../../../src';
import { HUB, SHOP } from '../../support/apps';
import {
  PARTNER,
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnRule,
  cfnRuleToQueue,
  executionRole,
  ruleArn,
} from '../../support/three-accounts';

export const eventPattern = { source: ['com.shop'], account: [SHOP.account] };
export const RULE = ruleArn('orders/rule');

/** A bus of the hub that the shop may publish on, deployed before the other stacks. */
export function hubBus({ hub, shop, billing }: ThreeAccounts): CrossAccountEventBus {
  new Queue(shop, 'Any');
  shop.addDependency(hub);
  billing.addDependency(hub);
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  bus.allowPublisher(EventPublisher.accounts(SHOP.account), { sources: ['com.shop'] });
  return bus;
}

const withRule = (stack: Stack, props: object) =>
  cfnRuleToQueue(stack, { eventBusName: 'orders', eventPattern, ...props });

const PATTERN_ROWS: readonly FixRow[] = [
  {
    what: 'the account of the pattern is allowed',
    finds: 'patternNeverMatches',
    names: `allowPublisher(EventPublisher.accounts('${PARTNER.account}'), { sources: ['com.partner'] })`,
    app: (three, fix) => {
      const bus = hubBus(three);
      withRule(three.hub, { eventPattern: { source: ['com.partner'], account: [PARTNER.account] } });
      if (fix) bus.allowPublisher(EventPublisher.accounts(PARTNER.account), { sources: ['com.partner'] });
    },
  },
  {
    what: 'a pattern with fields that events have',
    finds: 'patternNeverMatches',
    names: 'correct the pattern',
    app: (three, fix) => {
      hubBus(three);
      const field = fix ? 'detail' : 'details';
      withRule(three.hub, { eventPattern: { ...eventPattern, [field]: { status: ['new'] } } });
    },
  },
  {
    what: 'a rule on the default event bus for events of a service',
    finds: 'patternNeverMatches',
    names: 'define the rule on the default event bus',
    app: (three, fix) => {
      hubBus(three);
      withRule(three.hub, { eventPattern: { source: ['aws.ec2'] }, eventBusName: fix ? undefined : 'orders' });
    },
  },
  {
    what: 'a matcher for a wildcard',
    finds: 'patternNeverMatches',
    names: "{ 'wildcard': 'Order*' }",
    app: (three, fix) => {
      hubBus(three);
      const detailType = fix ? [{ wildcard: 'Order*' }] : ['Order*'];
      withRule(three.hub, { eventPattern: { ...eventPattern, 'detail-type': detailType } });
    },
  },
];

const REJECTED_ROWS: readonly FixRow[] = [
  {
    what: 'a rule in the Region of its bus',
    finds: 'ruleRejected',
    names: 'define the rule in a stack in eu-west-1',
    app: (three, fix) => {
      hubBus(three);
      const far = three.stack('Far', { account: HUB.account, region: 'us-east-1' });
      new Queue(far, 'Other');
      withRule(fix ? three.hub : far, { eventBusName: busArn() });
    },
  },
  {
    what: 'a schedule on the default event bus',
    finds: 'ruleRejected',
    names: "remove 'EventBusName'",
    app: (three, fix) => {
      hubBus(three);
      const scheduleExpression = 'rate(1 day)';
      withRule(three.hub, { eventPattern: undefined, scheduleExpression, eventBusName: fix ? undefined : 'orders' });
    },
  },
  {
    what: 'no input transformation on the way to another account',
    finds: 'ruleRejected',
    names: "remove 'Input'",
    app: (three, fix) => {
      hubBus(three);
      const { shop } = three;
      cfnEventBus(shop, 'Local', 'local');
      const role = executionRole(shop, ruleArn('local/rule', SHOP), busArn());
      const target = { arn: busArn(), roleArn: role.roleArn, ...(!fix && { input: '{}' }) };
      cfnRule(shop, target, { eventBusName: 'local', eventPattern });
    },
  },
  {
    what: 'a target',
    finds: 'ruleWithoutTargets',
    names: 'add a target',
    app: (three, fix) => {
      hubBus(three);
      if (fix) withRule(three.hub, {});
      else cfnRule(three.hub, undefined, { eventBusName: 'orders', eventPattern });
    },
  },
  {
    what: 'eventBridgeEnabled on the bucket',
    finds: 'bucketEventsDisabled',
    names: "set 'eventBridgeEnabled: true' on the bucket",
    app: ({ hub }, fix) => {
      new Bucket(hub, 'Bucket', { bucketName: 'uploads-of-the-shop', eventBridgeEnabled: fix ? true : undefined });
      const detail = { bucket: { name: ['uploads-of-the-shop'] } };
      cfnRuleToQueue(hub, { eventPattern: { source: ['aws.s3'], 'detail-type': ['Object Created'], detail } });
    },
  },
  {
    what: 'a rule for the events',
    finds: 'eventsWithoutRule',
    names: 'define a rule for these events',
    options: () => ({ reportEventsWithoutRule: true }),
    app: ({ hub, shop }, fix) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      const allowedEvents = { sources: ['com.shop'] };
      const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
      new PublisherRole(shop, 'Publisher', { assumedBy, eventBuses: [bus], allowedEvents });
      if (fix) withRule(hub, {});
    },
  },
  {
    what: 'events are put on the second bus directly',
    finds: 'eventForwardedTooFar',
    names: 'exclude them from the pattern of this rule',
    app: (three, fix) => {
      const { hub, shop, billing } = three;
      const ledger = new CrossAccountEventBus(billing, 'Ledger', { eventBusName: 'ledger' });
      const orders = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      const local = new EventBus(shop, 'Local', { eventBusName: 'local' });
      const onward = { source: [fix ? 'com.hub' : 'com.shop'], account: [fix ? HUB.account : SHOP.account] };
      forward(hub, orders, ledger, onward);
      forward(shop, local, orders, { source: ['com.shop'] });
    },
  },
];

function forward(stack: Stack, eventBus: EventBus, to: CrossAccountEventBus, pattern: object): void {
  new Rule(stack, 'Onward', { eventBus, eventPattern: pattern, targets: [new CrossAccountEventBusTarget(to)] });
}

const ENDPOINT_ROWS: readonly FixRow[] = [
  {
    what: 'buses of one name',
    finds: 'globalEndpointInvalid',
    names: 'give both buses the same name',
    app: ({ hub }, fix) => {
      cfnEventBus(hub);
      const second = busArn(fix ? 'orders' : 'orders-dr', { ...HUB, region: 'us-west-2' });
      new CfnEndpoint(hub, 'Endpoint', {
        eventBuses: [{ eventBusArn: busArn() }, { eventBusArn: second }],
        routingConfig: {
          failoverConfig: {
            primary: { healthCheck: 'arn:aws:route53:::healthcheck/12345678-1234-1234-1234-123456789012' },
            secondary: { route: 'us-west-2' },
          },
        },
      });
    },
  },
];

export const RULE_FIXES: readonly FixRow[] = [...PATTERN_ROWS, ...REJECTED_ROWS, ...ENDPOINT_ROWS];
