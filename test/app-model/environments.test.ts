import { Aws, Environment, Stack } from 'aws-cdk-lib';
import { Environments, isInKnownEnvironment } from '../../src/app-model/environments';
import { OtherApp } from '../../src/app-model/other-apps';
import { BILLING, HUB, SHOP, testApp, testStack } from '../support/apps';
import { busArn, cfnEventBus, roleArn } from '../support/three-accounts';

let stacks: { readonly [name: string]: Stack };
beforeEach(() => {
  const app = testApp();
  const agnostic: { [name: string]: Environment } = {
    None: {},
    Account: { account: BILLING.account, region: Aws.REGION },
    Region: { account: Aws.ACCOUNT_ID, region: BILLING.region },
  };
  const all = Object.entries({ Hub: HUB, Shop: { ...SHOP, region: 'us-east-1' }, ...agnostic });
  stacks = Object.fromEntries(all.map(([name, env]) => [name, testStack(name, env, app)]));
});

test('the account and the Region of a stack may be known', () => {
  expect(Object.values(stacks).map(isInKnownEnvironment)).toEqual([true, true, false, false, false]);
});

test.each([
  [busArn('any'), true],
  [busArn('any', SHOP), false],
  [busArn('any', { ...SHOP, region: 'us-east-1' }), true],
  [busArn('any', { ...HUB, region: 'us-east-1' }), false],
  [busArn('any', BILLING), false],
  [roleArn('any'), true],
  [roleArn('any', HUB), true],
  [roleArn('any', BILLING), false],
  ['arn:aws:s3:::bucket', false],
  ['text', false],
])('the account and Region of %s are those of a stack: %s', (arn, expected) => {
  expect(new Environments(Object.values(stacks)).include(arn)).toBe(expected);
});

test('another app has the resources of stacks with a known account and Region', () => {
  for (const stack of Object.values(stacks)) cfnEventBus(stack);
  const { root } = stacks.Hub.node;
  const other = new OtherApp("app 'billing'", root);
  expect(other.resources.map(({ node }) => node.path)).toEqual(['Hub/Bus', 'Shop/Bus']);
  expect([other.describes(busArn()), other.describes(busArn('orders', SHOP))]).toEqual([true, false]);
  expect([root, stacks.Hub, stacks.Hub.node.findChild('Bus'), testApp()].map((one) => other.contains(one))).toEqual([
    ...[true, true, true, false],
  ]);
  expect([other.name, other.isStage]).toEqual(["app 'billing'", false]);
});
