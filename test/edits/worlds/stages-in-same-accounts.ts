import { App, Environment, Stack, Stage } from 'aws-cdk-lib';

import { EventBus, Rule } from 'aws-cdk-lib/aws-events';

import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import { Function } from 'aws-cdk-lib/aws-lambda';

import { Queue } from 'aws-cdk-lib/aws-sqs';

import {
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { testFunction } from '../../support/apps';
import * as w from '../world';
import { BILLING, Edit, HUB, PLATFORM, REGION, SHOP, World } from '../world';

const platformStage = (name: string) => ({
  hub: HUB as Environment,
  shop: SHOP as Environment,
  busName: `${name}-orders`,
  ruleBus: undefined as string | undefined,
  grantTo: w.roleArn(SHOP, `${name}-publisher`),
  grantSources: ['com.shop'],
  grantEverybody: false,
  pattern: ['com.shop'],
  roleName: `${name}-publisher`,
  shopBus: w.busArn(HUB, `${name}-orders`),
  shopSources: ['com.shop'],
  fn: w.fnArn(BILLING, `${name}-invoices`),
  queueName: `${name}-failed`,
  deadLetters: undefined as string | undefined,
});

type PlatformStage = ReturnType<typeof platformStage>;

function addPlatformStage(app: App, id: string, c: PlatformStage): void {
  const stage = new Stage(app, id);
  const hub = new Stack(stage, 'Hub', { env: c.hub });
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: c.busName });
  bus.allowPublisher(EventPublisher.role(c.grantTo), { sources: c.grantSources });
  if (c.grantEverybody) {
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Everybody',
        effect: Effect.ALLOW,
        principals: [new AnyPrincipal()],
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
      }),
    );
  }
  const queue = new Queue(hub, 'Failed', { queueName: c.queueName });
  const deadLetterQueue = c.deadLetters === undefined ? queue : Queue.fromQueueArn(hub, 'Dlq', c.deadLetters);
  new Rule(hub, 'Rule', {
    eventBus: c.ruleBus === undefined ? bus : EventBus.fromEventBusName(hub, 'RuleBus', c.ruleBus),
    eventPattern: { source: c.pattern },
    targets: [new LambdaEventTarget(Function.fromFunctionArn(hub, 'Fn', c.fn), { deadLetterQueue })],
  });
  const shop = new Stack(stage, 'Shop', { env: c.shop });
  new PublisherRole(shop, 'Publisher', {
    roleName: c.roleName,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [EventBus.fromEventBusArn(shop, 'Bus', c.shopBus)],
    allowedEvents: { sources: c.shopSources },
  });
}

const billingStage = (name: string) => ({
  env: BILLING as Environment,
  name: `${name}-invoices`,
  account: HUB.account,
});

function addBillingStage(app: App, id: string, c: ReturnType<typeof billingStage>): void {
  const stack = new Stack(new Stage(app, id, { env: c.env }), 'Billing');
  const handler = testFunction(stack, 'Handler', { functionName: c.name });
  if (c.account) new CrossAccountInvokePermission(stack, 'FromHub', { handler, eventBusAccount: c.account });
}

const question = (stage: string) => ({
  name: stage,
  path: {
    from: { account: SHOP.account, role: `${stage}-publisher` },
    to: { bus: w.busAt(HUB, `${stage}-orders`) },
    event: { source: 'com.shop', detailType: 'x' },
    reaches: [{ account: BILLING.account, region: REGION, name: `${stage}-invoices` }],
    allDelivered: true,
  },
});

/** Where a stage has a stack itself, the others are not read when it is synthesized. */
const DIFFERS = 'the command reads the other stage too';

const breaks = (title: string, change: (c: any) => void, more: Partial<Edit> = {}): Edit =>
  w.breaksIn('platform')(title, (c) => change(c.Prod), more);

export const SAME_ACCOUNTS: World = {
  name: 'stages-in-same-accounts',
  apps: {
    platform: w.program({ Test: platformStage('test'), Prod: platformStage('prod') }, (app, c) => {
      for (const [id, content] of Object.entries(c)) addPlatformStage(app, id, content);
    }),
    billing: w.program({ Test: billingStage('test'), Prod: billingStage('prod') }, (app, c) => {
      for (const [id, content] of Object.entries(c)) addBillingStage(app, id, content);
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    question('test'),
    question('prod'),
    {
      name: 'dead letters',
      deliver: { rule: 'Prod/Hub/Rule' },
      expect: 'allow',
    },
    {
      name: 'test stays in test',
      putEvents: {
        as: { account: SHOP.account, role: 'test-publisher' },
        bus: w.busAt(HUB, 'prod-orders'),
        source: 'com.shop',
      },
      expect: 'deny',
    },
    {
      name: 'strangers',
      strangers: true,
      bus: w.busAt(HUB, 'prod-orders'),
      welcome: [{ principalArn: w.roleArn(SHOP, 'prod-publisher') }],
    },
  ],
  edits: [
    breaks('the role in the grant', (c) => (c.grantTo = w.roleArn(SHOP, 'prod-publishers'))),
    breaks('the role in the grant is that of the other stage', (c) => (c.grantTo = w.roleArn(SHOP, 'test-publisher')), {
      differs: DIFFERS,
    }),
    breaks('the role in the grant is in another account', (c) => (c.grantTo = w.roleArn(PLATFORM, 'prod-publisher'))),
    breaks('the source in the grant', (c) => (c.grantSources = ['com.web'])),
    breaks('the source of the shop', (c) => (c.shopSources = ['com.web'])),
    breaks('the role is renamed', (c) => (c.roleName = 'prod-writer')),
    breaks('the bus is renamed', (c) => (c.busName = 'prod-all')),
    breaks('the bus of the shop', (c) => (c.shopBus = w.busArn(HUB, 'prod-order'))),
    breaks('the bus of the shop is that of the other stage', (c) => (c.shopBus = w.busArn(HUB, 'test-orders')), {
      differs: DIFFERS,
    }),
    breaks('the bus of the shop is in another account', (c) => (c.shopBus = w.busArn(PLATFORM, 'prod-orders'))),
    breaks('the bus of the rule', (c) => (c.ruleBus = 'prod-order')),
    breaks('the bus of the rule is that of the other stage', (c) => (c.ruleBus = 'test-orders'), {
      unreported: 'a choice',
    }),
    breaks('the function', (c) => (c.fn = w.fnArn(BILLING, 'prod-invoice'))),
    breaks('the function is that of the other stage', (c) => (c.fn = w.fnArn(BILLING, 'test-invoices')), {
      unreported: 'a choice',
    }),
    breaks('the function is in another account', (c) => (c.fn = w.fnArn(PLATFORM, 'prod-invoices'))),
    breaks('the dead-letter queue', (c) => (c.deadLetters = w.queueArn(HUB, 'prod-fail'))),
    breaks(
      'the dead-letter queue is that of the other stage',
      (c) => (c.deadLetters = w.queueArn(HUB, 'test-failed')),
      {
        differs: DIFFERS,
      },
    ),
    breaks('the bus stack is in another account', (c) => (c.hub = PLATFORM)),
    breaks('the shop stack is in another account', (c) => (c.shop = PLATFORM)),
    breaks('the source in the pattern', (c) => (c.pattern = ['com.web'])),
    breaks('the function is renamed', (c) => (c.name = 'prod-bills'), { app: 'billing', alone: 'unchanged need' }),
    breaks('the permission is for another account', (c) => (c.account = SHOP.account), {
      app: 'billing',
      alone: 'unchanged need',
    }),
    breaks('the permission is missing', (c) => (c.account = ''), { app: 'billing', alone: 'unchanged need' }),
    breaks('billing is in another account', (c) => (c.env = PLATFORM), { app: 'billing', alone: 'unchanged need' }),
    breaks('billing is in another Region', (c) => (c.env = { ...BILLING, region: 'us-east-1' }), {
      app: 'billing',
      alone: 'unchanged need',
    }),
    { ...breaks('any account may publish', (c) => (c.grantEverybody = true)), effect: 'opens' },
    {
      title: 'a stage is missing in billing',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => delete c.Prod,
    },
    {
      title: 'a third stage, which billing does not have',
      app: 'platform',
      effect: 'breaks',
      oracle: 'the questions are about the other stages',
      change: (c) => (c.Beta = platformStage('beta')),
    },
  ],
};
