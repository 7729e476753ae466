import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AllowedEvents,
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  EventPublisher,
  PublisherRole,
} from '../../src';
import { HUB, ORGANIZATION, SHOP } from '../support/apps';
import { WAYS, Way, findingsAmong, messagesAmong } from '../support/separate-apps';
import { busArn, ruleArn } from '../support/three-accounts';

const hub = (allowed: AllowedEvents, publisher = EventPublisher.accounts(SHOP.account)) => ({
  env: HUB,
  define: (stack: Stack) => {
    const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
    bus.allowPublisher(publisher, allowed);
  },
});

const imported = (stack: Stack) => EventBus.fromEventBusArn(stack, 'Orders', busArn());
const forwarding = {
  env: SHOP,
  define: (stack: Stack) => {
    new Rule(stack, 'Rule', {
      ruleName: 'forward',
      eventPattern: { source: ['com.shop'] },
      targets: [new CrossAccountEventBusTarget(imported(stack))],
    });
  },
};
const publishing = {
  env: SHOP,
  define: (stack: Stack) => {
    new PublisherRole(stack, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [imported(stack)],
    });
  },
};

const FORWARD = ruleArn('forward', SHOP);
const DENIED = ['error targetAccessDenied /Shop/Rule/Resource'];

describe.each(Object.keys(WAYS) as Way[])('a bus of another app that is limited to rules, known by %s', (way) => {
  test.each([
    ['the ARN of the rule', [], hub({ ruleArns: [FORWARD] })],
    ['a rule of that name in any account', [], hub({ ruleArns: ['arn:aws:events:eu-west-1:*:rule/forward'] })],
    [
      'a rule of that name in any account of the organization',
      [],
      hub({ ruleArns: ['arn:aws:events:eu-west-1:*:rule/forward'] }, EventPublisher.organization(ORGANIZATION)),
    ],
    ['its Region', [], hub({ ruleRegions: ['eu-west-1'] })],
    ['another Region that is excluded', [], hub({ excludedRuleRegions: ['us-west-2'] })],
    ['another rule', DENIED, hub({ ruleArns: [`${FORWARD}2`] })],
    ['another Region', DENIED, hub({ ruleRegions: ['us-west-2'] })],
    ['its Region, which is excluded', DENIED, hub({ excludedRuleRegions: ['eu-west-1'] })],
  ])('and a rule with a CrossAccountEventBusTarget: %s', (_, expected, Hub) => {
    expect(findingsAmong({ Hub, Shop: forwarding }, 'Shop', way)).toEqual(expected);
  });

  test('names the rule in the fix', () => {
    const [message] = messagesAmong({ Hub: hub({ ruleArns: [`${FORWARD}2`] }), Shop: forwarding }, 'Shop', way);
    expect(message).toContain(`ruleArns: ['${FORWARD}']`);
  });

  test('allows no PublisherRole, which calls PutEvents', () => {
    const denied = ['error publisherAccessDenied /Shop/Publisher/DefaultPolicy/Resource'];
    expect(findingsAmong({ Hub: hub({ ruleArns: [FORWARD] }), Shop: publishing }, 'Shop', way)).toEqual(denied);
    expect(findingsAmong({ Hub: hub({ excludedRuleRegions: ['eu-west-1'] }), Shop: publishing }, 'Shop', way)).toEqual(
      [],
    );
  });

  test('is evaluated with its own checks, too', () => {
    expect(findingsAmong({ Hub: hub({ ruleArns: [FORWARD] }), Shop: forwarding }, 'Hub', way)).toEqual([]);
  });
});
