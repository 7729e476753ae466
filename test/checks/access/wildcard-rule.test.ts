import { Aspects, Stack } from 'aws-cdk-lib';
import { CfnEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  EventPublisher,
  LambdaEventTarget,
  LambdaPermissionScope,
  WildcardPrincipalAspect,
} from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, HUB, ORGANIZATION, PUBLISHER, testFunction } from '../../support/apps';
import { shown } from '../../support/faults';
import { pattern } from '../../support/pattern';
import {
  LENIENT,
  ThreeAccounts,
  rawBus,
  rawPermission,
  rawPolicy,
  rawRule,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

const RULES = ruleArn('orders/*');
const MANAGE = {
  Principal: { AWS: rootArn(CONSUMER) },
  Action: ['events:PutRule', 'events:PutTargets'],
  Resource: RULES,
  Condition: { StringEqualsIfExists: { 'events:creatorAccount': '${aws:PrincipalAccount}' } },
};
const only = (targets: unknown, operator = 'ForAllValues:ArnLike') => ({
  ...MANAGE,
  Condition: {
    ...MANAGE.Condition,
    [operator]: { 'events:TargetArn': targets },
    Null: { 'events:TargetArn': 'false' },
  },
});

/** A function that lets in all rules of a bus, and who else manages rules there. */
function told(
  management: object | undefined,
  permission: (hub: Stack) => unknown = (hub) => rawPermission(hub, 'handler', RULES),
  more?: (three: ThreeAccounts) => unknown,
): string[] {
  const three = new ThreeAccounts(LENIENT);
  const { hub } = three;
  rawBus(hub);
  testFunction(hub, 'Handler', { functionName: 'handler' });
  permission(hub);
  if (management) rawPolicy(hub, management, { id: 'Management', sid: 'Management' });
  more?.(three);
  Aspects.of(three.app).add(new WildcardPrincipalAspect());
  return shown(three.app)
    .filter(({ id }) => id === FindingId.WILDCARD_RULE)
    .map(({ level, at, text }) => `${level} ${at} ${text}`);
}

describe('a permission for all rules of a bus, where others make rules', () => {
  const TOLD = [
    expect.stringMatching(
      pattern(
        /^warning \/Hub\/Permission statement .* allows all rules of .*rule\/orders\/\* /,
        /to invoke function 'handler', and statement 'Management' \('Hub\/Management'\)/,
      ),
    ),
  ];

  test.each<[string, object]>([
    ['with any target', MANAGE],
    ['with that target', only('arn:aws:lambda:*:111111111111:function:*')],
    [
      'with a target if it is said',
      { ...MANAGE, Condition: { 'ForAllValues:ArnLike': { 'events:TargetArn': 'arn:aws:lambda:*:*:*' } } },
    ],
    ['by a wildcard of actions', { ...MANAGE, Action: 'events:*' }],
    ['by what is not taken out of actions', { ...MANAGE, Action: undefined, NotAction: 'events:PutEvents' }],
    [
      'of the whole organization',
      { ...MANAGE, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ],
    ['of some names', { ...MANAGE, Resource: ruleArn('orders/team-*') }],
    ['on all buses', { ...MANAGE, Resource: '*' }],
    ['by one role', { ...MANAGE, Principal: { AWS: `arn:aws:iam::${CONSUMER.account}:role/deployer` } }],
  ])('%s, is told', (_, management) => {
    expect(told(management)).toEqual(TOLD);
  });

  test.each<[string, object | undefined]>([
    ['with other targets', only('arn:aws:events:*:333333333333:event-bus/*')],
    ['on another bus', { ...MANAGE, Resource: ruleArn('other/*') }],
    ['of its own account', { ...MANAGE, Principal: { AWS: rootArn(HUB) } }],
    ['without targets', { ...MANAGE, Action: 'events:PutRule' }],
    ['never', undefined],
  ])('%s, is silent', (_, management) => {
    expect(told(management)).toEqual([]);
  });

  test('is told where one of two is denied, since the other is not', () => {
    const both = { ...MANAGE, Principal: { AWS: [rootArn(PUBLISHER), rootArn(CONSUMER)] } };
    const deny = (account: { account: string }) => ({
      Effect: 'Deny',
      Principal: { AWS: rootArn(account) },
      Action: 'events:PutTargets',
      Resource: RULES,
    });
    const denied = (...accounts: { account: string }[]) =>
      told(both, undefined, ({ hub }) =>
        accounts.forEach((one) => rawPolicy(hub, deny(one), { id: `Deny${one.account}`, sid: `Deny${one.account}` })),
      );
    expect(denied(PUBLISHER)).toEqual(TOLD);
    expect(denied(PUBLISHER, CONSUMER)).toEqual([]);
  });

  test.each<[string, (hub: Stack) => unknown, number]>([
    ['one rule', (hub) => rawPermission(hub, 'handler', ruleArn('orders/rule')), 0],
    [
      'the account alone',
      (hub) =>
        new CfnPermission(hub, 'Permission', {
          functionName: 'handler',
          action: 'lambda:InvokeFunction',
          principal: 'events.amazonaws.com',
          sourceAccount: HUB.account,
        }),
      1,
    ],
    [
      'an account that is not the one of the bus',
      (hub) =>
        new CfnPermission(hub, 'Permission', {
          functionName: 'handler',
          action: 'lambda:InvokeFunction',
          principal: 'events.amazonaws.com',
          sourceAccount: CONSUMER.account,
        }),
      0,
    ],
    ['rules of every bus', (hub) => rawPermission(hub, 'handler', ruleArn('*')), 1],
    ['another service', (hub) => rawPermission(hub, 'handler', RULES, { principal: 'sns.amazonaws.com' }), 0],
    [
      'everybody, which is told as that',
      (hub) =>
        new CfnPermission(hub, 'Permission', {
          functionName: 'handler',
          action: 'lambda:InvokeFunction',
          principal: 'events.amazonaws.com',
        }),
      0,
    ],
  ])('counts if it is for %s', (_, permission, count) => {
    expect(told(MANAGE, permission)).toHaveLength(count);
  });

  test('is told of queues that rules send to, too', () => {
    const found = told(MANAGE, (hub) => {
      const queue = new CfnQueue(hub, 'Queue', { queueName: 'queue' });
      const Statement = [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: 'sqs:SendMessage',
          Resource: queue.attrArn,
          Condition: { ArnLike: { 'aws:SourceArn': RULES } },
        },
      ];
      new CfnQueuePolicy(hub, 'Permission', {
        queues: [queue.ref],
        policyDocument: { Version: '2012-10-17', Statement },
      });
      rawRule(hub, { arn: queue.attrArn }, { eventBusName: 'orders' });
    });
    expect(found).toEqual([expect.stringContaining("send to queue 'queue'")]);
  });
});

describe('a function for all rules of a bus', () => {
  const forAll = (scope: Stack, bus: CrossAccountEventBus) =>
    new Rule(scope, 'All', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'], account: [HUB.account] },
      targets: [
        new LambdaEventTarget(testFunction(scope, 'Handler', { functionName: 'handler' }), {
          permissionScope: LambdaPermissionScope.EVENT_BUS,
        }),
      ],
    });
  const REFUSED = pattern(
    /'permissionScope' must be RULE where others manage rules with any target, /,
    /got EVENT_BUS and statement '[^']+' of '([^']+)'/,
  );

  test.each<[string, (three: ThreeAccounts, bus: CrossAccountEventBus) => unknown, string]>([
    ['the bus, by a statement as it is', (_, bus) => bus.addToResourcePolicy(statementOf(MANAGE)), 'Hub/Bus/Policy'],
    ['an L1', ({ hub }) => rawPolicy(hub, MANAGE, { id: 'Management', sid: 'Management' }), 'Hub/Management'],
    [
      'another stack',
      (three) => rawPolicy(three.stack('Other', HUB), MANAGE, { id: 'Management', sid: 'Management' }),
      'Other/Management',
    ],
    [
      'targets that are any',
      (_, bus) =>
        bus.allowRuleManagement(EventPublisher.accounts(CONSUMER.account), {
          targetArns: [`arn:aws:lambda:*:${HUB.account}:function:*`],
        }),
      'Hub/Bus/Policy',
    ],
  ])('fails where others manage rules by %s', (_, open, at) => {
    const three = new ThreeAccounts(LENIENT);
    const bus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    forAll(three.hub, bus);
    open(three, bus);
    expect(() => three.app.synth()).toThrow(REFUSED);
    expect(() => three.app.synth()).toThrow(at);
  });

  test('is warned of where only deployment tells whether it is of the account of that bus', () => {
    const three = new ThreeAccounts(LENIENT);
    const bus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    bus.allowRuleManagement(EventPublisher.accounts(CONSUMER.account));
    const agnostic = new Stack(three.app, 'Agnostic');
    new Rule(agnostic, 'All', {
      eventBus: CrossAccountEventBus.fromEventBusName(agnostic, 'Imported', 'orders'),
      eventPattern: { source: ['com.shop'] },
      targets: [
        new LambdaEventTarget(testFunction(agnostic, 'Handler'), { permissionScope: LambdaPermissionScope.EVENT_BUS }),
      ],
    });
    expect(shown(three.app).map(({ id, at, text }) => [id, at, text.slice(0, 41)])).toEqual([
      [
        FindingId.WILDCARD_RULE,
        expect.stringMatching('^/Agnostic/Handler/AllowEventBus-'),
        'it cannot be told at synth whether statem',
      ],
    ]);
  });

  test('is right on a bus of another name, and beside buses that others do not manage', () => {
    const three = new ThreeAccounts(LENIENT);
    forAll(three.hub, new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' }));
    new CfnEventBus(three.hub, 'Other', { name: 'other' });
    rawPolicy(
      three.hub,
      { ...MANAGE, Resource: ruleArn('other/*') },
      { id: 'Management', sid: 'Management', bus: 'other' },
    );
    expect(() => three.app.synth()).not.toThrow();
  });
});

function statementOf(json: object) {
  return PolicyStatement.fromJson({ Effect: 'Allow', ...json });
}
