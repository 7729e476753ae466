import { CfnResource, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';

import { CfnEventBusPolicy, CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { CfnRole, Effect, ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

import { CfnPermission, Function } from 'aws-cdk-lib/aws-lambda';

import {
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../../src';
import { testFunction } from '../../support/apps';
import * as w from '../world';
import { BILLING, HUB, ORGANIZATION, REGION, SHOP, World } from '../world';

/** A hook that an edit sets, to change what constructs made. */
type After = ((stack: Stack) => void) | undefined;
const hooks = new Map<string, (stack: Stack) => void>();
/** Content is cloned, so a hook is known by its name. */
const after = (name: string, change: (stack: Stack) => void) => (hooks.set(name, change), name);
const run = (stack: Stack, hook: string | undefined) => hook && hooks.get(hook)!(stack);
void (undefined as After);

const resource = (stack: Stack, type: string) =>
  stack.node.findAll().find((c) => CfnResource.isCfnResource(c) && c.cfnResourceType === type) as CfnResource;

// order-to-invoice-by-arn

const ROLE = w.roleArn(SHOP, 'web-store-publisher');
const EVENTS = { sources: ['com.shop'], detailTypes: ['OrderPlaced'] };
const QUESTIONS_OF_ORDERS = [
  { noProblems: true, name: 'no problems' },
  {
    name: 'put',
    putEvents: {
      as: { account: SHOP.account, role: 'Shop/Publisher' },
      bus: { account: HUB.account, region: REGION, name: 'central' },
      source: 'com.shop',
      detailType: 'OrderPlaced',
    },
    expect: 'allow',
  },
  {
    name: 'path',
    path: {
      from: { account: SHOP.account, role: 'Shop/Publisher' },
      to: { bus: { account: HUB.account, region: REGION, name: 'central' } },
      event: { source: 'com.shop', detailType: 'OrderPlaced', detail: { total: 5 } },
      reaches: ['Billing/Handler'],
      allDelivered: true,
    },
  },
  {
    name: 'strangers',
    strangers: true,
    bus: { account: HUB.account, region: REGION, name: 'central' },
    welcome: [{ principalArn: ROLE }],
  },
  { name: 'function strangers', strangers: true, function: 'Billing/Handler', welcome: [{ account: HUB.account }] },
];

export const ORDERS: World = {
  name: 'order-to-invoice-by-arn',
  questions: QUESTIONS_OF_ORDERS,
  apps: {
    hub: w.program(
      {
        env: HUB,
        busName: 'central',
        roleArn: ROLE,
        events: EVENTS,
        pattern: { source: ['com.shop'] } as any,
        fn: w.fnArn(BILLING, 'invoices'),
        ruleName: undefined as string | undefined,
        ruleId: 'Rule',
        stackId: 'Hub',
        hook: undefined as string | undefined,
      },
      (app, c) => {
        const stack = new Stack(app, c.stackId, { env: c.env });
        const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: c.busName });
        bus.allowPublisher(EventPublisher.role(c.roleArn), c.events);
        new Rule(stack, c.ruleId, {
          eventBus: bus,
          ruleName: c.ruleName,
          eventPattern: c.pattern,
          targets: [new LambdaEventTarget(Function.fromFunctionArn(stack, 'Fn', c.fn))],
        });
        run(stack, c.hook);
      },
    ),
    shop: w.program(
      {
        env: SHOP,
        roleName: 'web-store-publisher' as string | undefined,
        path: undefined as string | undefined,
        busArn: w.busArn(HUB, 'central'),
        events: EVENTS as any,
        id: 'Publisher',
        hook: undefined as string | undefined,
      },
      (app, c) => {
        const stack = new Stack(app, 'Shop', { env: c.env });
        new PublisherRole(stack, c.id, {
          roleName: c.roleName,
          path: c.path,
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [EventBus.fromEventBusArn(stack, 'Bus', c.busArn)],
          allowedEvents: c.events,
        });
        run(stack, c.hook);
      },
    ),
    billing: w.program(
      { env: BILLING, name: 'invoices', account: HUB.account, hook: undefined as string | undefined, qualifier: false },
      (app, c) => {
        const stack = new Stack(app, 'Billing', { env: c.env });
        const handler = testFunction(stack, 'Handler', { functionName: c.name });
        new CrossAccountInvokePermission(stack, 'FromHub', {
          handler: c.qualifier ? handler.currentVersion : handler,
          eventBusAccount: c.account,
        });
        run(stack, c.hook);
      },
    ),
  },
  edits: [
    {
      title: 'hub: the Region of the role ARN account is off',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.roleArn = ROLE.replace('2222', '2223')),
    },
    {
      title: 'hub: the role has a path in the grant',
      app: 'hub',
      effect: 'breaks',
      oracle: 'no paths',
      alone: 'unchanged need',
      change: (c) => (c.roleArn = w.roleArn(SHOP, 'shop/web-store-publisher')),
    },
    {
      title: 'shop: the role has a path',
      app: 'shop',
      effect: 'breaks',
      oracle: 'no paths',
      change: (c) => (c.path = '/shop/'),
      fix: { hub: (c) => (c.roleArn = w.roleArn(SHOP, 'shop/web-store-publisher')) },
    },
    {
      title: 'hub: allowed detail types no longer cover',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.events = { sources: ['com.shop'], detailTypes: ['OrderPaid', 'OrderShipped'] }),
    },
    {
      title: 'hub: allowed for rules only',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.events = { ...EVENTS, invocation: EventBusInvocation.RULE }),
    },
    {
      title: 'hub: allowed for rules of a Region only',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.events = { ...EVENTS, ruleRegions: ['eu-west-1'] }),
    },
    {
      title: 'hub: allowed but for rules of a Region',
      app: 'hub',
      effect: 'harmless',
      change: (c) => (c.events = { ...EVENTS, excludedRuleRegions: ['us-east-1'] }),
    },
    {
      title: 'hub: allowed source becomes a prefix that covers',
      app: 'hub',
      effect: 'opens',
      oracle: 'x',
      unreported: 'the same role may put more: a choice',
      alone: 'unchanged need',
      change: (c) => (c.events = { detailTypes: ['OrderPlaced'] }),
    },
    {
      title: 'shop: no limit of events',
      app: 'shop',
      effect: 'harmless',
      needChanges: true,
      change: (c) => (c.events = undefined),
    },
    {
      title: 'shop: no limit of detail types',
      app: 'shop',
      effect: 'harmless',
      needChanges: true,
      change: (c) => (c.events = { sources: ['com.shop'] }),
    },
    {
      title: 'shop: fewer events than allowed',
      app: 'shop',
      effect: 'harmless',
      oracle: '',
      change: (c) => (c.events = { sources: ['com.shop'], detailTypes: ['OrderPlaced'], invocation: undefined }),
    },
    {
      title: 'shop: case of the bus name',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.busArn = w.busArn(HUB, 'Central')),
    },
    {
      title: 'shop: Region of the bus',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.busArn = w.busArn({ ...HUB, region: 'eu-west-3' }, 'central')),
    },
    {
      title: 'shop: account of billing in the bus ARN',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.busArn = w.busArn(BILLING, 'central')),
    },
    {
      title: 'shop: own account in the bus ARN',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.busArn = w.busArn(SHOP, 'central')),
    },
    {
      title: 'shop: default bus of the hub',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.busArn = w.busArn(HUB, 'default')),
    },
    {
      title: 'shop: another account',
      app: 'shop',
      effect: 'breaks',
      change: (c) => (c.env = { ...SHOP, account: '222222222233' }),
    },
    {
      title: 'shop: another Region of its own',
      app: 'shop',
      effect: 'harmless',
      change: (c) => (c.env = { ...SHOP, region: 'us-east-1' }),
    },
    {
      title: 'shop: an inline Deny of the source',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.hook = after('deny', (s) =>
          (s.node.findChild('Publisher') as PublisherRole).addToPolicy(
            new PolicyStatement({ effect: Effect.DENY, actions: ['events:Put*'], resources: ['*'] }),
          ),
        )),
    },
    {
      title: 'shop: a managed policy with a Deny of the account of the hub',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.hook = after('mp', (s) => {
          const p = new ManagedPolicy(s, 'Guard', {
            statements: [
              new PolicyStatement({
                effect: Effect.DENY,
                actions: ['events:PutEvents'],
                resources: [`arn:aws:events:*:${HUB.account}:*`],
              }),
            ],
          });
          (s.node.findChild('Publisher') as PublisherRole).addManagedPolicy(p);
        })),
    },
    {
      title: 'shop: the identity policy is removed by an override',
      app: 'shop',
      effect: 'breaks',
      change: (c) =>
        (c.hook = after('nopol', (s) =>
          (resource(s, 'AWS::IAM::Policy') as CfnResource).addPropertyOverride(
            'PolicyDocument.Statement.0.Action',
            'events:PutRule',
          ),
        )),
    },
    { title: 'hub: the rule is renamed', app: 'hub', effect: 'harmless', change: (c) => (c.ruleName = 'invoices') },
    {
      title: 'hub: the version of the function',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.fn = w.fnArn(BILLING, 'invoices:1')),
    },
    {
      title: 'hub: $LATEST of the function',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.fn = w.fnArn(BILLING, 'invoices:$LATEST')),
    },
    {
      title: 'hub: the function in another Region',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.fn = w.fnArn({ ...BILLING, region: 'eu-west-2' }, 'invoices')),
    },
    {
      title: 'hub: the function in the account of the shop',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.fn = w.fnArn(SHOP, 'invoices')),
    },
    {
      title: 'hub: the execution role is for another rule',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.hook = after('trust', (s) => {
          const r = s.node.findAll().find((x) => x instanceof CfnRole) as CfnRole;
          r.addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', {
            ArnEquals: { 'aws:SourceArn': w.ruleArn(HUB, 'central/other') },
          });
        })),
    },
    {
      title: 'hub: the target has no role',
      app: 'hub',
      effect: 'breaks',
      change: (c) =>
        (c.hook = after('norole', (s) =>
          (resource(s, 'AWS::Events::Rule') as CfnRule).addPropertyDeletionOverride('Targets.0.RoleArn'),
        )),
    },
    {
      title: 'hub: the statement becomes a Deny',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.hook = after('effect', (s) =>
          (resource(s, 'AWS::Events::EventBusPolicy') as CfnEventBusPolicy).addPropertyOverride(
            'Statement.Effect',
            'Deny',
          ),
        )),
    },
    {
      title: 'hub: the statement is for all but the role',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.hook = after('notp', (s) => {
          const p = resource(s, 'AWS::Events::EventBusPolicy') as CfnEventBusPolicy;
          p.addPropertyOverride('Statement.NotPrincipal', { AWS: ROLE });
          p.addPropertyDeletionOverride('Statement.Principal');
        })),
    },
    {
      title: 'hub: IfExists is no limit of strangers',
      app: 'hub',
      effect: 'opens',
      change: (c) =>
        (c.hook = after('ifexists', (s) => {
          const p = resource(s, 'AWS::Events::EventBusPolicy') as CfnEventBusPolicy;
          p.addPropertyOverride('Statement.Principal', '*');
          p.addPropertyDeletionOverride('Statement.Condition.StringEquals');
          p.addPropertyOverride('Statement.Condition.StringEqualsIfExists', { 'aws:PrincipalArn': ROLE });
        })),
    },
    {
      title: 'billing: the permission is for the account of the shop',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.account = SHOP.account),
    },
    {
      title: 'billing: the permission is on a version',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.qualifier = true),
    },
    {
      title: 'billing: a hyphen in the function name',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.name = 'invoices-'),
    },
    {
      title: 'billing: another account',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.env = { ...BILLING, account: '333333333334' }),
    },
    {
      title: 'billing: the permission has an organization',
      app: 'billing',
      effect: 'harmless',
      oracle: 'no organization',
      change: (c) =>
        (c.hook = after('org', (s) =>
          (resource(s, 'AWS::Lambda::Permission') as CfnPermission).addPropertyOverride('PrincipalOrgID', ORGANIZATION),
        )),
    },
    {
      title: 'billing: Lambda permission in another Region',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.hook = after('preg', (s) => {
          resource(s, 'AWS::Lambda::Permission').node.scope!.node.tryRemoveChild(
            resource(s, 'AWS::Lambda::Permission').node.id,
          );
          const other = new Stack(s.node.root as any, 'Elsewhere', { env: { ...BILLING, region: 'us-west-2' } });
          new CfnPermission(other, 'P', {
            functionName: 'invoices',
            action: 'lambda:InvokeFunction',
            principal: HUB.account,
          });
        })),
    },
    {
      title: 'harmless: the rule construct is renamed, with its generated role',
      app: 'hub',
      effect: 'harmless',
      oracle: 'the account is allowed',
      needChanges: true,
      change: (c) => (c.ruleId = 'Renamed'),
    },
    {
      title: 'harmless: the publisher construct is renamed',
      app: 'shop',
      effect: 'harmless',
      oracle: 'IDs',
      change: (c) => (c.id = 'Writer'),
    },
    {
      title: 'harmless: tags',
      app: 'hub',
      effect: 'harmless',
      change: (c) => (c.hook = after('tags', (s) => Tags.of(s).add('team', 'hub'))),
    },
    {
      title: 'harmless: a removal policy and a description',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        (c.hook = after('rp', (s) => {
          (s.node.findChild('Bus') as CrossAccountEventBus).applyRemovalPolicy(RemovalPolicy.RETAIN);
          (resource(s, 'AWS::Events::Rule') as CfnRule).description = 'x';
        })),
    },
    {
      title: 'harmless: a second rule and a second bus',
      app: 'hub',
      effect: 'harmless',
      change: (c) =>
        (c.hook = after('second', (s) => {
          const b = new CrossAccountEventBus(s, 'Second', { eventBusName: 'second' });
          const handler = testFunction(s, 'Own');
          new Rule(s, 'SecondRule', {
            eventBus: b,
            eventPattern: { source: ['com.hub'], account: [HUB.account] },
            targets: [new LambdaEventTarget(handler)],
          });
        })),
      oracle: '',
      finds: [],
    },
  ],
};
