import { App, CfnCondition, CfnParameter, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, CfnRole, CfnUser } from 'aws-cdk-lib/aws-iam';
import { AppIndex } from '../../../../src/app-model/app-index';
import { Call, authorize, authorizeService, statementsFor } from '../../../../src/checks/delivery/lib/authorize';
import { HUB, SHOP, testApp, testStack } from '../../../support/apps';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnPermission,
  functionArn,
  roleArn,
  ruleArn,
} from '../../../support/three-accounts';

let app: App;
let shop: Stack;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  shop = testStack('Shop', SHOP, app);
  hub = testStack('Hub', HUB, app);
});

const PUT = { action: 'events:PutEvents', resource: busArn() };
const IN_ACCOUNT = { ...PUT, resource: busArn('own', SHOP) };
const TRUST = { Statement: [] };
const policy = (Effect: string, more: object = {}) => ({
  Statement: [{ Effect, Action: '*', Resource: '*', ...more }],
});
const ALLOW = policy('Allow');
const DENY = policy('Deny');

function condition(stack = shop, id = 'Condition'): CfnCondition {
  const name = `${id}Value`;
  const known = stack.node.tryFindChild(name) as CfnParameter | undefined;
  const parameter = known ?? new CfnParameter(stack, name);
  return (
    (stack.node.tryFindChild(id) as CfnCondition | undefined) ??
    new CfnCondition(stack, id, { expression: Fn.conditionEquals(parameter, 'x') })
  );
}
function under<T extends CfnResource>(resource: T, one = condition(resource.stack)): T {
  resource.cfnOptions.condition = one;
  return resource;
}
const role = (props: object = {}) =>
  new CfnRole(shop, 'Role', { roleName: 'publisher', assumeRolePolicyDocument: TRUST, ...props });
const attached = (policyDocument: object, id = 'Policy') =>
  new CfnPolicy(shop, id, { policyName: id, policyDocument, roles: ['publisher'] });
const inline = (policyDocument: object) => role({ policies: [{ policyName: 'Inline', policyDocument }] });

/** The decision about the call of the role of the app. */
function decide(call: Call = IN_ACCOUNT) {
  const index = AppIndex.of(app);
  return authorize(index, index.identitiesIn(SHOP.account)[0], call);
}

describe('a call of a role within its account', () => {
  test.each<[string, () => unknown, string]>([
    ['a policy', () => inline(ALLOW), 'allowed'],
    ['no policy', () => role(), 'denied'],
    ['a policy that may not be created', () => [role(), under(attached(ALLOW))], 'unknown'],
    ['a policy that may not be created, beside another one', () => [inline(ALLOW), under(attached(ALLOW))], 'allowed'],
    ['a policy that may deny it', () => [inline(ALLOW), under(attached(DENY))], 'unknown'],
    ['a policy that may deny what nothing allows', () => [role(), under(attached(DENY))], 'denied'],
    ['a policy that is created whenever the role is', () => [under(role()), under(attached(ALLOW))], 'allowed'],
    [
      'two policies under opposite conditions',
      () => {
        const not = new CfnCondition(shop, 'Not', { expression: Fn.conditionNot(condition()) });
        return [role(), under(attached(ALLOW)), under(attached(ALLOW, 'Other'), not)];
      },
      'unknown',
    ],
  ])('is decided by its policies, unless a condition decides: %s', (_, make, decision) => {
    make();
    expect(decide()).toMatchObject({ decision, policyType: 'identity' });
  });

  test('says that a condition decides', () => {
    role();
    under(attached(ALLOW));
    expect(decide().reason).toMatch(
      /^a CloudFormation condition decides at deployment whether a policy is created \(.*\)$/,
    );
  });

  test.each<[string, object, string, string]>([
    ['that names it', { Principal: { AWS: roleArn('publisher') } }, 'allowed', 'identity'],
    ['for everybody', { Principal: '*' }, 'allowed', 'identity'],
    ['for everybody, as a list', { Principal: { AWS: ['*'] } }, 'allowed', 'identity'],
    ['for the account, which delegates', { Principal: { AWS: SHOP.account } }, 'denied', 'identity'],
    ['for another role', { Principal: { AWS: roleArn('other') } }, 'denied', 'identity'],
    ['that denies it', { Effect: 'Deny', Principal: '*' }, 'denied', 'resource'],
  ])('is allowed by a statement of the resource %s', (_, statement, decision, policyType) => {
    role();
    cfnEventBus(shop, 'Bus', 'own');
    cfnEventBusPolicy(shop, statement, { bus: 'own' });
    expect(decide()).toMatchObject({ decision, policyType });
  });

  test('is denied by its own policy if that and the resource deny it', () => {
    inline(DENY);
    cfnEventBus(shop, 'Bus', 'own');
    cfnEventBusPolicy(shop, { Effect: 'Deny', Principal: '*' }, { bus: 'own' });
    expect(decide()).toMatchObject({ decision: 'denied', policyType: 'identity' });
  });
});

describe('a permissions boundary', () => {
  const boundary = (policyDocument: object) =>
    new CfnManagedPolicy(shop, 'Boundary', { managedPolicyName: 'b', policyDocument }).ref;
  const OTHER = policy('Allow', { Action: 's3:*' });

  test.each<[string, () => unknown, string, boolean]>([
    [
      'that allows the call',
      () => role({ permissionsBoundary: boundary(ALLOW), policies: [named(ALLOW)] }),
      'allowed',
      false,
    ],
    [
      'that allows others',
      () => role({ permissionsBoundary: boundary(OTHER), policies: [named(ALLOW)] }),
      'denied',
      true,
    ],
    ['of what nothing allows', () => role({ permissionsBoundary: boundary(OTHER) }), 'denied', false],
    [
      'of another app',
      () => role({ permissionsBoundary: 'arn:aws:iam::aws:policy/x', policies: [named(ALLOW)] }),
      'allowed',
      false,
    ],
  ])('%s', (_, make, decision, isBoundary) => {
    make();
    const evaluation = decide();
    expect([evaluation.decision, evaluation.isBoundary ?? false]).toEqual([decision, isBoundary]);
    expect(evaluation.reason.startsWith("in permissions boundary 'Shop/Boundary', ")).toBe(isBoundary);
  });

  test.each<[string, object, string]>([
    ['does not limit what a bus allows a user by name', OTHER, 'allowed'],
    ['denies what a bus allows a user by name', DENY, 'denied'],
  ])('%s', (_, document, decision) => {
    new CfnUser(shop, 'User', { userName: 'u', permissionsBoundary: boundary(document) });
    cfnEventBus(shop, 'Bus', 'own');
    cfnEventBusPolicy(shop, { Principal: { AWS: `arn:aws:iam::${SHOP.account}:user/u` } }, { bus: 'own' });
    expect(decide().decision).toBe(decision);
  });

  function named(policyDocument: object) {
    return { policyName: 'p', policyDocument };
  }
});

describe('a call of a role in another account', () => {
  const withBus = (statement?: object) => {
    cfnEventBus(hub);
    return statement && cfnEventBusPolicy(hub, statement);
  };

  test.each<[string, () => unknown, string, string]>([
    ['both allow it', () => [inline(ALLOW), withBus({})], 'allowed', 'resource'],
    ['only the bus allows it', () => [role(), withBus({})], 'denied', 'identity'],
    ['only the role allows it', () => [inline(ALLOW), withBus()], 'denied', 'resource'],
    ['the bus denies it', () => [inline(ALLOW), withBus({ Effect: 'Deny' })], 'denied', 'resource'],
    ['a condition decides about the role', () => [role(), under(attached(ALLOW)), withBus({})], 'unknown', 'identity'],
    ['a condition decides about the bus', () => [inline(ALLOW), under(withBus({})!)], 'unknown', 'resource'],
    [
      'a condition decides about the role, and the bus denies it',
      () => [role(), under(attached(ALLOW)), withBus()],
      'denied',
      'resource',
    ],
  ])('is decided by both policies: %s', (_, make, decision, policyType) => {
    make();
    expect(decide(PUT)).toMatchObject({ decision, policyType });
  });

  test('is unknown if the account may be the same', () => {
    inline(ALLOW);
    const resource = busArn('orders', { ...HUB, account: '‹Account›' });
    const { decision, policyType, reason } = decide({ ...PUT, resource });
    expect({ decision, policyType }).toEqual({ decision: 'unknown', policyType: 'resource' });
    expect(reason).toMatch(/, unless the principal is in the same account, which is known only at deployment$/);
  });

  test('is evaluated with the policy, and the ARN in it, of another resource', () => {
    inline(ALLOW);
    withBus({ Action: 'events:PutRule', Resource: ruleArn('orders/x') });
    const call = { action: 'events:PutRule', resource: ruleArn('x') };
    expect(decide(call).decision).toBe('denied');
    expect(decide({ ...call, policyResource: busArn() }).decision).toBe('denied');
    expect(decide({ ...call, policyResource: busArn(), resourceInPolicy: ruleArn('orders/x') }).decision).toBe(
      'allowed',
    );
  });

  test('has the statements that may allow it', () => {
    inline(ALLOW);
    withBus({});
    cfnEventBusPolicy(hub, { Principal: { AWS: HUB.account } }, { id: 'Other', sid: 'Other' });
    const index = AppIndex.of(app);
    const found = (call: Call) => statementsFor(index, index.identitiesIn(SHOP.account)[0], call).map(({ id }) => id);
    expect(found(PUT)).toEqual(['Publishers']);
    expect(found({ action: 'events:PutEvents', resource: ruleArn('x'), policyResource: busArn() })).toEqual([]);
    expect(found({ ...PUT, action: 'events:PutRule' })).toEqual([]);
  });
});

describe('a call of EventBridge', () => {
  const INVOKE = { action: 'lambda:InvokeFunction', resource: functionArn('handler') };
  const decideFor = (rule?: string) => authorizeService(AppIndex.of(app), rule, INVOKE);

  test.each<[string, string | undefined, string]>([
    ['for the rule', ruleArn('r'), 'allowed'],
    ['for another rule', ruleArn('s'), 'denied'],
  ])('is decided by the policy of the resource: %s', (_, rule, decision) => {
    cfnPermission(hub, INVOKE.resource, ruleArn('r'));
    expect(decideFor(rule)).toMatchObject({ decision, policyType: 'resource' });
  });

  test('is unknown if a condition decides, and says so', () => {
    under(cfnPermission(hub, INVOKE.resource, ruleArn('r')));
    expect(decideFor(ruleArn('r')).decision).toBe('unknown');
    expect(decideFor(ruleArn('r')).reason).toMatch(
      /^a CloudFormation condition decides at deployment whether statement '.*Hub\/Permission.*' is created$/,
    );
  });
});
