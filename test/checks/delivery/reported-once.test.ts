import { App, CfnParameter, Fn, NestedStack, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventChecks } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { SHOP, messagesOf, testApp, testStack } from '../../support/apps';
import { annotationsOf, faults } from '../../support/faults';
import { expectFindings } from '../../support/messages';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  executionRole,
  inThreeAccounts,
  publisherRole,
  ruleArn,
} from '../../support/three-accounts';

describe('a bus whose ARN is known only at deployment is reported once for each stack', () => {
  let app: App;
  let shop: Stack;
  beforeEach(() => {
    app = testApp();
    shop = testStack('Shop', SHOP, app);
  });
  const publisher = (scope: Construct, id: string, arn: string) =>
    new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }).addToPolicy(
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [arn] }),
    );
  const parameter = (id = 'BusArn') => new CfnParameter(shop, id).valueAsString;
  const messages = (stack = shop) => {
    CrossAccountEventChecks.applyTo(app);
    return messagesOf(stack);
  };

  test('on the policy of a single publisher', () => {
    publisher(shop, 'One', parameter());
    expectFindings(messages(), ['warning deliveryUnverified /Shop/One/DefaultPolicy/Resource']);
  });

  test('on the stack, for publishers in the stack', () => {
    const arn = parameter();
    for (let i = 1; i <= 7; i++) publisher(shop, `P${i}`, arn);
    expectFindings(messages(), ['warning deliveryUnverified /Shop']);
  });

  test('on the construct that contains the publishers', () => {
    const service = new Construct(shop, 'Service');
    const arn = parameter();
    for (const id of ['One', 'Two']) publisher(service, id, arn);
    expectFindings(messages(), ['warning deliveryUnverified /Shop/Service']);
  });

  test('for each of two buses', () => {
    const arns = [parameter(), Fn.importValue('BusArn')];
    for (const id of ['One', 'Two']) for (const [i, arn] of arns.entries()) publisher(shop, `${id}${i}`, arn);
    expectFindings(messages(), ['warning deliveryUnverified /Shop', 'warning deliveryUnverified /Shop']);
  });

  test('in a nested stack and in its parent', () => {
    const arn = Fn.importValue('BusArn');
    const nested = new NestedStack(shop, 'Nested');
    for (const id of ['One', 'Two']) publisher(nested, id, arn);
    for (const id of ['One', 'Two']) publisher(shop, id, arn);
    const found = messages();
    expectFindings(found, ['warning deliveryUnverified /Shop', 'warning deliveryUnverified /Shop/Nested']);
  });

  test('with the same text in each synthesis, in the order of the tree', () => {
    const arn = parameter();
    for (const id of ['Zulu', 'Alpha']) publisher(shop, id, arn);
    expectFindings(messages(), ['warning deliveryUnverified /Shop']);
  });
});

describe('a statement that allows no principal is reported once', () => {
  const NEVER = { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } };

  test.each<[string, (three: ThreeAccounts) => unknown]>([
    ['with a rule that matches events from any account', ({ hub }) => [cfnEventBusPolicy(hub, NEVER), ruleOn(hub, {})]],
    [
      'with a rule that names a publisher',
      ({ hub, shop }) => {
        cfnEventBusPolicy(hub, NEVER);
        publisherRole(shop);
        ruleOn(hub, { account: [SHOP.account] });
      },
    ],
    [
      'with a rule of another account',
      ({ hub, shop }) => {
        const Action = ['events:PutRule', 'events:PutTargets'];
        cfnEventBusPolicy(hub, { ...NEVER, Action, Resource: ruleArn('orders/*') });
        cfnRule(shop, undefined, { eventBusName: busArn(), state: 'DISABLED' });
        shop.addDependency(hub);
      },
    ],
    ['with all actions', ({ hub }) => cfnEventBusPolicy(hub, { ...NEVER, Action: 'events:*' })],
  ])('%s', (_, define) => {
    const app = inThreeAccounts((three) => [cfnEventBus(three.hub), define(three)])();
    CrossAccountEventChecks.applyTo(app);
    expect(annotationsOf(app).map(({ id, at }) => [id, at])).toEqual([
      [FindingId.CONDITION_NEVER_MATCHES, '/Hub/Policy'],
    ]);
  });
});

const ruleOn = (stack: Stack, pattern: object, source = 'com.shop') =>
  cfnRuleToQueue(stack, { eventBusName: 'orders', eventPattern: { source: [source], ...pattern } });

faults('a missing statement is reported once, with the publisher', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  healthy: {},
  faulty: {
    'a rule that names the account of the publisher': {
      at: '/Shop/Publisher',
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        publisherRole(shop);
        ruleOn(hub, { account: [SHOP.account] });
      }),
    },
    'a rule for the source of the publisher': {
      at: '/Shop/Publisher',
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub, { Condition: { StringEquals: { 'events:source': 'com.other' } } });
        publisherRole(shop, busArn(), { StringEquals: { 'events:source': 'com.shop' } });
        ruleOn(hub, {});
      }),
    },
    'a rule that names the account from which another rule forwards': {
      at: '/Shop',
      finds: FindingId.TARGET_ACCESS_DENIED,
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        const role = executionRole(shop, ruleArn('rule', SHOP), busArn());
        cfnRule(shop, { arn: busArn(), roleArn: role.roleArn });
        ruleOn(hub, { account: [SHOP.account] });
      }),
    },
  },
});

test('a rule for events that no publisher puts is reported beside a publisher that is denied', () => {
  const app = inThreeAccounts(({ hub, shop }) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub, { Condition: { StringEquals: { 'events:source': 'com.other' } } });
    publisherRole(shop, busArn(), { StringEquals: { 'events:source': 'com.shop' } });
    ruleOn(hub, {}, 'com.unused');
  })();
  CrossAccountEventChecks.applyTo(app);
  expect(annotationsOf(app).map(({ id }) => id)).toEqual([
    FindingId.PATTERN_NEVER_MATCHES,
    FindingId.PUBLISHER_ACCESS_DENIED,
  ]);
});
