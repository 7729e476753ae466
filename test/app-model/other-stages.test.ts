import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { AppIndex } from '../../src/app-model/app-index';
import { referencedStages } from '../../src/app-model/other-stages';
import { BILLING, HUB, SHOP, testApp } from '../support/apps';
import { busArn, functionArn, queueArn, roleArn } from '../support/three-accounts';

type Resource = readonly [type: string, properties: object];

/** The names of the stages that a stage in account 111111111111 refers to, or the app itself. */
function referenced(resources: readonly Resource[], { ofApp = false, others = true } = {}): string[] {
  const app = testApp();
  const own = ofApp ? app : new Stage(app, 'Own');
  const stack = new Stack(own, 'Hub', { env: HUB });
  resources.forEach(([type, properties], i) => new CfnResource(stack, `R${i}`, { type: `AWS::${type}`, properties }));
  if (others) {
    new Stack(new Stage(app, 'Copy'), 'Hub', { env: HUB });
    const shop = new Stage(app, 'Shop');
    new Stack(shop, 'Shop', { env: SHOP });
    new Stack(new Stage(shop, 'Billing'), 'Billing', { env: BILLING });
  }
  if (!ofApp) new Stack(app, 'OfApp', { env: { ...SHOP, region: 'us-east-1' } });
  const found = referencedStages(AppIndex.of(own));
  expect(found.every(({ isStage }) => isStage)).toBe(true);
  return found.map(({ name }) => name);
}

const rule = (properties: object): Resource => ['Events::Rule', properties];
const target = (properties: object): Resource => rule({ Targets: [{ Id: 'T', Arn: queueArn('q'), ...properties }] });
const role = (statement: unknown, type = 'Role'): Resource => [
  `IAM::${type}`,
  { Policies: [{ PolicyDocument: { Statement: [statement] } }] },
];
const policy = (bus: string, principal: string): Resource => [
  'Events::EventBusPolicy',
  { EventBusName: bus, Statement: { Effect: 'Allow', Principal: { AWS: principal } } },
];
const inUs = { ...SHOP, region: 'us-east-1' };

test.each<[Resource[], string[]]>([
  [[], []],
  [[rule({ EventBusName: busArn() })], []],
  [[rule({ EventBusName: busArn('orders', SHOP) })], ["stage 'Shop'"]],
  [[rule({ EventBusName: busArn('orders', inUs) })], ['the app']],
  [[rule({ EventBusName: busArn('orders', { ...SHOP, region: 'ap-south-1' }) })], []],
  [[target({})], []],
  [[target({ Arn: functionArn('f', BILLING) })], ["stage 'Shop-Billing'"]],
  [[target({ RoleArn: roleArn('r') })], ['the app', "stage 'Shop'"]],
  [[target({ DeadLetterConfig: { Arn: queueArn('q', SHOP) } })], ["stage 'Shop'"]],
  [[role({ Effect: 'Allow', Resource: busArn('orders', SHOP) })], ["stage 'Shop'"]],
  [[role({ Effect: 'Allow', Resource: ['*', busArn('orders', SHOP)] }, 'User')], ["stage 'Shop'"]],
  [[role({ Effect: 'Allow', Resource: queueArn('q', SHOP) })], []],
  [[role('text')], []],
  [[policy('orders', roleArn('r', BILLING))], ["stage 'Shop-Billing'"]],
  [[policy('orders', `arn:aws:iam::${BILLING.account}:user/u`)], []],
  [[policy(busArn('orders', SHOP), '*')], []],
  [[target({ Arn: functionArn('f‹x›', SHOP) })], []],
  [
    [target({ Arn: functionArn('f', BILLING) }), rule({ EventBusName: busArn('b', SHOP) })],
    ["stage 'Shop'", "stage 'Shop-Billing'"],
  ],
])('a stage with %j refers to %j', (resources, expected) => {
  expect(referenced(resources).map((name) => name.replace('/', '-'))).toEqual(expected);
});

test('the app refers to its stages', () => {
  const resources = [rule({ EventBusName: busArn('orders', SHOP) })];
  expect(referenced(resources, { ofApp: true })).toEqual(["stage 'Shop'"]);
  expect(referenced(resources, { ofApp: true, others: false })).toEqual([]);
  expect(referenced(resources, { others: false })).toEqual([]);
});

test('a model that was not read from an app has no stages', () => {
  const { model } = AppIndex.of(testApp());
  expect(referencedStages(new AppIndex(model))).toEqual([]);
});
