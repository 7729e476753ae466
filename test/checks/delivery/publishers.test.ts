import { NestedStack, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  CfnGroup,
  CfnGroupPolicy,
  CfnPolicy,
  CfnRole,
  CfnUser,
  CfnUserToGroupAddition,
  Effect,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import { AccountGrantForm, CrossAccountEventBus, EventPublisher, PublisherRole } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, SHOP } from '../../support/apps';
import { Faulty, faults, published } from '../../support/faults';
import {
  LENIENT,
  ThreeAccounts,
  policyDocument,
  busArn,
  PARTNER,
  trustForRule,
  inThreeAccounts,
  publisherRole,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  roleArn,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const SOURCE = { StringEquals: { 'events:source': 'com.shop' } };
const DETAIL_TYPE = { StringEquals: { 'events:detail-type': 'OrderPlaced' } };
const event = { source: 'com.shop', detailType: 'OrderPlaced' };

/** A bus with one statement, and a role in another account whose policy allows events:PutEvents on it. */
const withStatement = (statement: object | undefined, conditions?: object) =>
  inThreeAccounts(({ hub, shop }) => {
    cfnEventBus(hub);
    if (statement) cfnEventBusPolicy(hub, statement);
    publisherRole(shop, busArn(), conditions);
  });

/** The same with the constructs of this library, and an override of the bus policy. */
const withThisLibrary = (override: (policy: CfnEventBusPolicy) => unknown) =>
  inThreeAccounts(({ hub, shop }) => {
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    new PublisherRole(shop, 'Publisher', {
      roleName: 'publisher',
      assumedBy: LAMBDA,
      eventBuses: [bus],
      allowedEvents: { sources: ['com.shop'] },
    });
    override(bus.node.findAll().find((c): c is CfnEventBusPolicy => c instanceof CfnEventBusPolicy)!);
  });

/** A bus whose policy allows account 222222222222, and additional resources. */
const withBus = (define: (three: ThreeAccounts) => unknown, statement: object = {}) =>
  inThreeAccounts((three) => {
    cfnEventBus(three.hub);
    cfnEventBusPolicy(three.hub, statement);
    define(three);
  });

/** A user in a group whose policy allows events:PutEvents, with each way to attach the user and the policy. */
function inGroup(stack: Stack, how: 'groups' | 'policy' | 'addition' | 'inline'): void {
  const document = policyDocument('events:PutEvents', busArn());
  const policies = how === 'inline' ? [{ policyName: 'Put', policyDocument: document }] : undefined;
  const group = new CfnGroup(stack, 'Group', { groupName: 'publishers', policies });
  const user = new CfnUser(stack, 'Publisher', {
    userName: 'publisher',
    groups: how === 'addition' ? undefined : [group.ref],
  });
  if (how === 'addition') new CfnUserToGroupAddition(stack, 'Addition', { groupName: group.ref, users: [user.ref] });
  if (how === 'policy') {
    new CfnGroupPolicy(stack, 'Put', { policyName: 'Put', groupName: group.ref, policyDocument: document });
  }
  if (how === 'groups' || how === 'addition') {
    new CfnPolicy(stack, 'Put', { policyName: 'Put', groups: [group.ref], policyDocument: document });
  }
}

const principalArn = (...arns: string[]) => ({ Condition: { ArnEquals: { 'aws:PrincipalArn': arns } } });
const atPublisher = (row: Partial<Faulty> & Pick<Faulty, 'app'>): Faulty => ({
  at: '/Shop/Publisher',
  ...row,
});

faults('a publisher that the bus policy in another account does not allow', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  asks: published('Shop/Publisher', 'Hub/Bus', event),
  healthy: {
    'a grant for the account': withStatement({}),
    'a grant for the account by its number': withStatement({ Principal: { AWS: SHOP.account } }),
    'a grant for the role': withStatement({ Principal: { AWS: roleArn('publisher') } }),
    'a grant for one role of the account': withStatement(principalArn(roleArn('publisher'))),
    'a grant for a role by its name': withStatement({
      Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/publisher' } },
    }),
    'a grant for an account by condition': withStatement({
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': [BILLING.account, SHOP.account] } },
    }),
    'a grant for the source that the role is allowed to send': withStatement({ Condition: SOURCE }, SOURCE),
    'a grant for one of the sources that the role is allowed to send': withStatement({ Condition: SOURCE }),
    'a role that is allowed to send any source but one': withStatement(
      {},
      { StringNotEquals: { 'events:source': 'com.other' } },
    ),
    'a role that is allowed to send any source but those with a prefix': withStatement(
      { Condition: SOURCE },
      { 'ForAllValues:StringNotLike': { 'events:source': 'aws.*' } },
    ),
    'a grant for the detail type that the role is allowed to send': withStatement(
      { Condition: DETAIL_TYPE },
      DETAIL_TYPE,
    ),
    'a grant with a prefix of the source': withStatement(
      { Condition: { StringLike: { 'events:source': 'com.*' } } },
      SOURCE,
    ),
    'two statements, one of which allows the role': withBus(
      ({ hub, shop }) => {
        cfnEventBusPolicy(hub, {}, { id: 'Second', sid: 'Second' });
        publisherRole(shop);
      },
      { Principal: { AWS: rootArn(PARTNER) } },
    ),
    'a Deny for another account': withBus(({ hub, shop }) => {
      cfnEventBusPolicy(hub, { Effect: 'Deny', Principal: { AWS: rootArn(PARTNER) } }, { id: 'Deny', sid: 'Deny' });
      publisherRole(shop);
    }),
    'the policy as a property of the bus': inThreeAccounts(({ hub, shop }) => {
      const policy = {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Shop',
            Effect: 'Allow',
            Principal: { AWS: rootArn(SHOP) },
            Action: 'events:PutEvents',
            Resource: busArn(),
          },
        ],
      };
      cfnEventBus(hub, 'Bus', 'orders', { policy });
      publisherRole(shop);
    }),
    'constructs of aws-cdk-lib': inThreeAccounts(({ hub, shop }) => {
      const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
      const role = new Role(shop, 'Publisher', { roleName: 'publisher', assumedBy: LAMBDA });
      bus.grantPutEventsTo(role);
      bus.addToResourcePolicy(
        new PolicyStatement({
          sid: 'Shop',
          principals: [new AccountPrincipal(SHOP.account)],
          actions: ['events:PutEvents'],
          resources: [bus.eventBusArn],
        }),
      );
    }),
    'constructs of this library': withThisLibrary(() => undefined),
    'the compact form of this library': inThreeAccounts(({ hub, shop }) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', {
        eventBusName: 'orders',
        accountGrantForm: AccountGrantForm.COMPACT,
      });
      bus.allowPublisher(EventPublisher.accounts(SHOP.account, BILLING.account), { sources: ['com.shop'] });
      publisherRole(shop, busArn(), SOURCE);
    }),
    'a role in the account of the bus, without any statement': {
      app: inThreeAccounts(({ hub }) => [cfnEventBus(hub), publisherRole(hub)]),
      asks: published('Hub/Publisher', 'Hub/Bus'),
    },
    'a user': {
      app: withBus(({ shop }) =>
        new User(shop, 'Publisher').addToPolicy(
          new PolicyStatement({ actions: ['events:PutEvents'], resources: [busArn()] }),
        ),
      ),
      asks: 'nothing',
    },
    'a user with the policy of its group': { app: withBus(({ shop }) => inGroup(shop, 'groups')), asks: 'nothing' },
    'a nested stack': {
      app: withBus(({ shop }) => publisherRole(new NestedStack(shop, 'Nested'))),
      asks: published('Shop/Nested/Publisher', 'Hub/Bus'),
    },
    'an organization, whose members are not in the template': {
      app: withStatement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      asks: 'nothing',
    },
  },
  faulty: {
    'no statement at all': atPublisher({ app: withStatement(undefined) }),
    'a grant for another account': atPublisher({ app: withStatement({ Principal: { AWS: rootArn(PARTNER) } }) }),
    'a grant for another role': atPublisher({ app: withStatement(principalArn(roleArn('publisher2'))) }),
    'a grant for a role of that name in another account': atPublisher({
      app: withStatement(principalArn(roleArn('publisher', PARTNER))),
    }),
    'a grant for another account by condition': atPublisher({
      app: withStatement({
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': [BILLING.account, PARTNER.account] } },
      }),
    }),
    'a grant for another source': atPublisher({
      app: withStatement({ Condition: { StringEquals: { 'events:source': 'com.other' } } }, SOURCE),
    }),
    'a grant for another source, with the condition key in another case': atPublisher({
      app: withStatement(
        { Condition: { StringEquals: { 'events:source': 'com.other' } } },
        { StringEquals: { 'Events:Source': 'com.shop' } },
      ),
    }),
    'a grant for a source in another case': atPublisher({
      app: withStatement({ Condition: { StringEquals: { 'events:source': 'Com.Shop' } } }, SOURCE),
    }),
    'a grant for another detail type': atPublisher({
      app: withStatement({ Condition: { StringEquals: { 'events:detail-type': 'OrderSent' } } }, DETAIL_TYPE),
    }),
    'a grant for rules only': atPublisher({
      app: withStatement({ Condition: { Bool: { 'events:eventBusInvocation': 'true' } } }),
    }),
    'a grant for another action': atPublisher({ app: withStatement({ Action: 'events:PutRule' }) }),
    'a Deny': atPublisher({
      app: withBus(({ hub, shop }) => {
        cfnEventBusPolicy(
          hub,
          { Effect: 'Deny', Principal: '*', ...principalArn(roleArn('publisher')) },
          { id: 'Deny', sid: 'Deny' },
        );
        publisherRole(shop);
      }),
    }),
    'a grant on another bus in that account': atPublisher({
      app: inThreeAccounts(({ hub, shop }) => [
        cfnEventBus(hub),
        cfnEventBus(hub, 'Other', 'audit'),
        cfnEventBusPolicy(hub, {}, { bus: 'audit' }),
        publisherRole(shop),
      ]),
    }),
    'grantPutEventsTo() of aws-cdk-lib': atPublisher({
      app: inThreeAccounts(({ hub, shop }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        bus.grantPutEventsTo(new Role(shop, 'Publisher', { roleName: 'publisher', assumedBy: LAMBDA }));
      }),
    }),
    'an overridden principal of this library': atPublisher({
      app: withThisLibrary((policy) => policy.addPropertyOverride('Statement.Principal', { AWS: rootArn(PARTNER) })),
    }),
    'an overridden source of this library': atPublisher({
      app: withThisLibrary((policy) =>
        policy.addPropertyOverride('Statement.Condition', {
          ...SOURCE,
          StringEquals: { 'events:source': ['com.shop.v2'] },
        }),
      ),
    }),
    'an overridden effect of this library': atPublisher({
      app: withThisLibrary((policy) => policy.addPropertyOverride('Statement.Effect', 'Deny')),
    }),
    'an identity policy as a separate resource': atPublisher({
      at: ['/Shop/Policy', '/Shop/Publisher'],
      app: withBus(
        ({ shop }) => {
          const role = new Role(shop, 'Publisher', { roleName: 'publisher', assumedBy: LAMBDA });
          new CfnPolicy(shop, 'Policy', {
            policyName: 'put',
            policyDocument: policyDocument('events:PutEvents', busArn()),
            roles: [role.roleName],
          });
        },
        { Principal: { AWS: rootArn(PARTNER) } },
      ),
    }),
    'a managed policy': atPublisher({
      at: ['/Shop/Managed', '/Shop/Publisher'],
      app: withBus(
        ({ shop }) => {
          const managed = new ManagedPolicy(shop, 'Managed', {
            document: policyDocument('events:PutEvents', busArn()),
          });
          new Role(shop, 'Publisher', { roleName: 'publisher', assumedBy: LAMBDA, managedPolicies: [managed] });
        },
        { Principal: { AWS: rootArn(PARTNER) } },
      ),
    }),
    'a user': atPublisher({
      app: withBus(
        ({ shop }) =>
          new User(shop, 'Publisher').addToPolicy(
            new PolicyStatement({ actions: ['events:PutEvents'], resources: [busArn()] }),
          ),
        { Principal: { AWS: rootArn(PARTNER) } },
      ),
      asks: 'nothing',
    }),
    ...Object.fromEntries(
      (['groups', 'policy', 'addition', 'inline'] as const).map((how) => [
        `a user with the policy of its group: ${how}`,
        atPublisher({
          app: withBus(({ shop }) => inGroup(shop, how), { Principal: { AWS: rootArn(PARTNER) } }),
          asks: 'nothing',
        }),
      ]),
    ),
    'a policy for a bus of another name': atPublisher({
      at: '/Hub/Policy',
      app: inThreeAccounts(({ hub, shop }) => [
        cfnEventBus(hub),
        cfnEventBusPolicy(hub, {}, { bus: 'ordres' }),
        publisherRole(shop),
      ]),
    }),
    // A correction of the other statement would allow other principals.
    ...Object.fromEntries(
      Object.entries({
        'for another account': { Principal: { AWS: rootArn(BILLING) } },
        'that denies': { Effect: 'Deny' },
      }).map(([what, statement]) => [
        `no statement, and one ${what} on a bus of a similar name`,
        atPublisher({
          app: inThreeAccounts(({ hub, shop }) => [
            cfnEventBus(hub),
            cfnEventBusPolicy(hub, statement, { bus: 'orders-archive' }),
            publisherRole(shop),
          ]),
        }),
      ]),
    ),
    'a second bus of the role of a rule that other principals can assume too': atPublisher({
      at: '/Shop/Sender',
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub);
        cfnEventBus(hub, 'Audit', 'audit');
        const role = executionRole(shop, ruleArn('rule', SHOP), '', 'events:PutEvents');
        const cfnRole = role.node.defaultChild as CfnRole;
        cfnRole.addPropertyOverride('Policies.0.PolicyDocument.Statement.0.Resource', [busArn(), busArn('audit')]);
        cfnRole.addPropertyOverride('AssumeRolePolicyDocument.Statement.1', {
          Effect: 'Allow',
          NotPrincipal: { AWS: rootArn(PARTNER) },
          Action: 'sts:AssumeRole',
        });
        cfnRule(shop, { arn: busArn(), roleArn: role.roleArn });
        shop.addDependency(hub);
      }, LENIENT),
      asks: 'nothing',
    }),
    'a nested stack': atPublisher({
      at: '/Shop/Nested/Publisher',
      app: withBus(({ shop }) => publisherRole(new NestedStack(shop, 'Nested')), {
        Principal: { AWS: rootArn(PARTNER) },
      }),
      asks: published('Shop/Nested/Publisher', 'Hub/Bus'),
    }),
    'one of two buses': atPublisher({
      app: withBus(({ hub, shop }) => {
        cfnEventBus(hub, 'Audit', 'audit');
        publisherRole(shop, busArn(), undefined, {
          inlinePolicies: { put: policyDocument('events:PutEvents', [busArn(), busArn('audit')]) },
        });
      }),
      asks: published('Shop/Publisher', 'Hub/Audit'),
    }),
    'a default bus with a policy for another account': atPublisher({
      app: inThreeAccounts(({ hub, shop }) => [
        cfnEventBusPolicy(hub, { Principal: { AWS: rootArn(PARTNER) } }, { bus: 'default' }),
        publisherRole(shop, busArn('default')),
      ]),
      asks: published('Shop/Publisher', { account: '111111111111', name: 'default' }),
    }),
  },
});

faults('a role that the bus policy names, without an identity-based policy', {
  finds: FindingId.PUBLISHER_IDENTITY_POLICY_MISSING,
  level: 'error',
  asks: published('Shop/Publisher', 'Hub/Bus', event),
  healthy: {
    'a role with both policies': withStatement({ Principal: { AWS: roleArn('publisher') } }),
    'a grant for the whole account': withBus(({ shop }) => [
      publisherRole(shop),
      new Role(shop, 'Other', { assumedBy: LAMBDA }),
    ]),
    'a grant for an account in which the app defines no role': { app: withBus(() => undefined), asks: 'nothing' },
    'a grant for an account in which the app defines roles for rules only': {
      app: withBus(({ shop }) => new Role(shop, 'Invoker', { assumedBy: trustForRule(ruleArn('rule', SHOP)) })),
      asks: 'nothing',
    },
    'a role that no stack defines': {
      app: withBus(() => undefined, { Principal: { AWS: roleArn('partner', PARTNER) } }),
      asks: 'nothing',
    },
    'a role in the account of the bus': {
      app: inThreeAccounts(({ hub }) => {
        cfnEventBus(hub);
        const role = new Role(hub, 'Publisher', { assumedBy: LAMBDA });
        cfnEventBusPolicy(hub, { Principal: { AWS: role.roleArn } });
      }),
      asks: published('Hub/Publisher', 'Hub/Bus'),
    },
    'a role with an AWS managed policy, which may allow it': {
      app: withBus(
        ({ shop }) =>
          new Role(shop, 'Publisher', {
            roleName: 'publisher',
            assumedBy: LAMBDA,
            managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('PowerUserAccess')],
          }),
        principalArn(roleArn('publisher')),
      ),
      asks: 'nothing',
    },
  },
  faulty: {
    'an account without a publisher': {
      at: '/Hub/Policy',
      level: 'warning',
      app: withBus(({ shop }) => new Role(shop, 'Publisher', { assumedBy: LAMBDA })),
    },
    'a role as principal': {
      at: '/Hub/Policy',
      app: withBus(({ shop }) => publisherRole(shop, '', undefined, { inlinePolicies: {} }), {
        Principal: { AWS: roleArn('publisher') },
      }),
    },
    'a condition on the role': {
      at: '/Hub/Policy',
      app: withBus(
        ({ shop }) => publisherRole(shop, '', undefined, { inlinePolicies: {} }),
        principalArn(roleArn('publisher')),
      ),
    },
    'an identity policy for another action': {
      at: '/Hub/Policy',
      app: withBus(
        ({ shop }) =>
          publisherRole(shop, '', undefined, {
            inlinePolicies: { put: policyDocument('events:DescribeEventBus', busArn()) },
          }),
        principalArn(roleArn('publisher')),
      ),
    },
    'one of two roles': {
      at: '/Hub/Policy',
      app: withBus(
        ({ shop }) => [publisherRole(shop), new Role(shop, 'Second', { roleName: 'second', assumedBy: LAMBDA })],
        principalArn(roleArn('publisher'), roleArn('second')),
      ),
      asks: published('Shop/Second', 'Hub/Bus'),
    },
    'a grant of this library by the ARN of the role': {
      at: '/Hub/Bus',
      app: inThreeAccounts(({ hub, shop }) => {
        new CrossAccountEventBus(hub, 'Bus', {
          eventBusName: 'orders',
          publishers: [EventPublisher.role(roleArn('publisher'))],
        });
        publisherRole(shop, '', undefined, { inlinePolicies: {} });
      }),
    },
    'an identity policy that denies': {
      finds: [FindingId.PUBLISHER_IDENTITY_POLICY_MISSING, FindingId.PUBLISHER_ACCESS_DENIED],
      at: ['/Hub/Policy', '/Shop/Publisher'],
      app: withBus(
        ({ shop }) =>
          publisherRole(shop, busArn()).addToPolicy(
            new PolicyStatement({ effect: Effect.DENY, actions: ['events:*'], resources: ['*'] }),
          ),
        principalArn(roleArn('publisher')),
      ),
    },
    'a permissions boundary that does not allow it': {
      finds: [FindingId.PUBLISHER_IDENTITY_POLICY_MISSING, FindingId.PUBLISHER_ACCESS_DENIED],
      at: ['/Hub/Policy', '/Shop'],
      app: withBus(
        ({ shop }) =>
          publisherRole(shop, busArn(), undefined, {
            permissionsBoundary: new ManagedPolicy(shop, 'Boundary', { document: policyDocument('s3:GetObject', '*') }),
          }),
        principalArn(roleArn('publisher')),
      ),
    },
    'an imported role of aws-cdk-lib': {
      at: '/Hub/Bus',
      app: inThreeAccounts(({ hub, shop }) => {
        publisherRole(shop, '', undefined, { inlinePolicies: {} });
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        bus.addToResourcePolicy(
          new PolicyStatement({
            sid: 'Shop',
            principals: [Role.fromRoleArn(hub, 'Imported', roleArn('publisher'))],
            actions: ['events:PutEvents'],
            resources: [bus.eventBusArn],
          }),
        );
      }),
    },
  },
});
