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
import { BILLING, HUB, ORGANIZATION, SHOP, testFunction } from '../../support/apps';
import { annotationsOf } from '../../support/faults';
import { errorOf, expectFindings, expectMessage } from '../../support/messages';
import {
  LENIENT,
  ThreeAccounts,
  cfnEventBus,
  cfnPermission,
  cfnEventBusPolicy,
  cfnRule,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

const RULES = ruleArn('orders/*');
const MANAGE = {
  Principal: { AWS: rootArn(BILLING) },
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

/** The findings about a function that allows all rules of a bus on which other accounts can manage rules. */
function findingsOf(
  management: object | undefined,
  permission: (hub: Stack) => unknown = (hub) => cfnPermission(hub, 'handler', RULES),
  more?: (three: ThreeAccounts) => unknown,
): string[] {
  const three = new ThreeAccounts(LENIENT);
  const { hub } = three;
  cfnEventBus(hub);
  testFunction(hub, 'Handler', { functionName: 'handler' });
  permission(hub);
  if (management) cfnEventBusPolicy(hub, management, { id: 'Management', sid: 'Management' });
  more?.(three);
  Aspects.of(three.app).add(new WildcardPrincipalAspect());
  return annotationsOf(three.app)
    .filter(({ id }) => id === FindingId.WILDCARD_RULE)
    .map(({ level, at, text }) => `${level} ${at} ${text}`);
}

describe('a permission for all rules of a bus on which other accounts create rules', () => {
  const FINDING = 'warning wildcardRule /Hub/Permission';

  test.each<[string, object]>([
    ['with any target', MANAGE],
    ['with that target', only('arn:aws:lambda:*:111111111111:function:*')],
    [
      'with that target, if the call has a target',
      { ...MANAGE, Condition: { 'ForAllValues:ArnLike': { 'events:TargetArn': 'arn:aws:lambda:*:*:*' } } },
    ],
    ['by a wildcard action', { ...MANAGE, Action: 'events:*' }],
    ['by NotAction', { ...MANAGE, Action: undefined, NotAction: 'events:PutEvents' }],
    [
      'in the whole organization',
      { ...MANAGE, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
    ],
    ['with a name prefix', { ...MANAGE, Resource: ruleArn('orders/team-*') }],
    ['on all buses', { ...MANAGE, Resource: '*' }],
    ['by one role', { ...MANAGE, Principal: { AWS: `arn:aws:iam::${BILLING.account}:role/deployer` } }],
  ])('%s, is reported', (_, management) => {
    expectFindings(findingsOf(management), [FINDING]);
  });

  test.each<[string, object | undefined]>([
    ['with other targets', only('arn:aws:events:*:333333333333:event-bus/*')],
    ['on another bus', { ...MANAGE, Resource: ruleArn('other/*') }],
    ['in the account of the bus', { ...MANAGE, Principal: { AWS: rootArn(HUB) } }],
    ['without targets', { ...MANAGE, Action: 'events:PutRule' }],
    ['never', undefined],
  ])('%s, is not reported', (_, management) => {
    expect(findingsOf(management)).toEqual([]);
  });

  test('is reported if only one of two accounts is denied', () => {
    const both = { ...MANAGE, Principal: { AWS: [rootArn(SHOP), rootArn(BILLING)] } };
    const deny = (account: { account: string }) => ({
      Effect: 'Deny',
      Principal: { AWS: rootArn(account) },
      Action: 'events:PutTargets',
      Resource: RULES,
    });
    const denied = (...accounts: { account: string }[]) =>
      findingsOf(both, undefined, ({ hub }) =>
        accounts.forEach((one) =>
          cfnEventBusPolicy(hub, deny(one), { id: `Deny${one.account}`, sid: `Deny${one.account}` }),
        ),
      );
    expectFindings(denied(SHOP), [FINDING]);
    expect(denied(SHOP, BILLING)).toEqual([]);
  });

  test.each<[string, (hub: Stack) => unknown, number]>([
    ['one rule', (hub) => cfnPermission(hub, 'handler', ruleArn('orders/rule')), 0],
    [
      'the account of the bus',
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
      'another account',
      (hub) =>
        new CfnPermission(hub, 'Permission', {
          functionName: 'handler',
          action: 'lambda:InvokeFunction',
          principal: 'events.amazonaws.com',
          sourceAccount: BILLING.account,
        }),
      0,
    ],
    ['rules of every bus', (hub) => cfnPermission(hub, 'handler', ruleArn('*')), 1],
    ['another service', (hub) => cfnPermission(hub, 'handler', RULES, { principal: 'sns.amazonaws.com' }), 0],
    [
      'any AWS account, which another check reports',
      (hub) =>
        new CfnPermission(hub, 'Permission', {
          functionName: 'handler',
          action: 'lambda:InvokeFunction',
          principal: 'events.amazonaws.com',
        }),
      0,
    ],
  ])('for %s has the expected findings', (_, permission, count) => {
    expectFindings(findingsOf(MANAGE, permission), Array<string>(count).fill(FINDING));
  });

  test('of a queue that is a target, is reported', () => {
    const found = findingsOf(MANAGE, (hub) => {
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
      cfnRule(hub, { arn: queue.attrArn }, { eventBusName: 'orders' });
    });
    expectFindings(found, [FINDING]);
  });
});

describe('a target with LambdaPermissionScope.EVENT_BUS', () => {
  const addRule = (scope: Stack, bus: CrossAccountEventBus) =>
    new Rule(scope, 'All', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'], account: [HUB.account] },
      targets: [
        new LambdaEventTarget(testFunction(scope, 'Handler', { functionName: 'handler' }), {
          permissionScope: LambdaPermissionScope.EVENT_BUS,
        }),
      ],
    });
  test.each<[string, (three: ThreeAccounts, bus: CrossAccountEventBus) => unknown, string]>([
    ['addToResourcePolicy()', (_, bus) => bus.addToResourcePolicy(statementOf(MANAGE)), 'Hub/Bus/Policy'],
    ['an L1', ({ hub }) => cfnEventBusPolicy(hub, MANAGE, { id: 'Management', sid: 'Management' }), 'Hub/Management'],
    [
      'another stack',
      (three) => cfnEventBusPolicy(three.stack('Other', HUB), MANAGE, { id: 'Management', sid: 'Management' }),
      'Other/Management',
    ],
    [
      'allowRuleManagement() with any target',
      (_, bus) =>
        bus.allowRuleManagement(EventPublisher.accounts(BILLING.account), {
          targetArns: [`arn:aws:lambda:*:${HUB.account}:function:*`],
        }),
      'Hub/Bus/Policy',
    ],
  ])('fails if other accounts can manage rules by %s', (_, allow, path) => {
    const three = new ThreeAccounts(LENIENT);
    const bus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    addRule(three.hub, bus);
    allow(three, bus);
    const error = errorOf(() => three.app.synth());
    const [message] = /'permissionScope' must be RULE .*/.exec(error)!;
    expect(message).toContain(`of '${path}`);
    expectMessage(message);
  });

  test('is a warning if the account of the function is known only at deployment', () => {
    const three = new ThreeAccounts(LENIENT);
    const bus = new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' });
    bus.allowRuleManagement(EventPublisher.accounts(BILLING.account));
    const agnostic = new Stack(three.app, 'Agnostic');
    new Rule(agnostic, 'All', {
      eventBus: CrossAccountEventBus.fromEventBusName(agnostic, 'Imported', 'orders'),
      eventPattern: { source: ['com.shop'] },
      targets: [
        new LambdaEventTarget(testFunction(agnostic, 'Handler'), { permissionScope: LambdaPermissionScope.EVENT_BUS }),
      ],
    });
    const findings = annotationsOf(three.app);
    expect(findings).toMatchObject([
      { level: 'warning', id: FindingId.WILDCARD_RULE, at: expect.stringMatching('^/Agnostic/Handler/AllowEventBus-') },
    ]);
    expectMessage(findings[0].text);
  });

  test('synthesizes if other accounts manage rules only on another bus', () => {
    const three = new ThreeAccounts(LENIENT);
    addRule(three.hub, new CrossAccountEventBus(three.hub, 'Bus', { eventBusName: 'orders' }));
    new CfnEventBus(three.hub, 'Other', { name: 'other' });
    cfnEventBusPolicy(
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
