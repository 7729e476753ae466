import { Fn } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { checkRuleRoleTrust } from '../../../src/checks/access/rule-role-trust';
import { findingsOfCheck, placeOf } from '../../support/check-findings';
import { ThreeAccounts, busArn, cfnRule, functionArn, rootArn } from '../../support/three-accounts';

const EVENTS = 'events.amazonaws.com';
const ANYONE = { Principal: '*' };
const HUB_ACCOUNT = '111111111111';
const OWN = { Principal: { AWS: rootArn({ account: HUB_ACCOUNT }) } };
const service = (Service: unknown, account?: unknown) => ({
  Principal: { Service },
  ...(account !== undefined && { Condition: { StringEquals: { 'aws:SourceAccount': account } } }),
});
const UNKNOWN_ACCOUNT = Fn.importValue('Account');

interface Options {
  readonly isUsed?: boolean;
  readonly requireSource?: boolean;
  /** The ARNs of the targets of the rule. */
  readonly targets?: string[];
}

/** The findings about a role with a trust policy, which a rule uses or not. */
function findingsOf(
  trust: object[] | string,
  { isUsed = true, requireSource = false, targets = [functionArn('handler'), busArn('other')] }: Options = {},
) {
  const three = new ThreeAccounts();
  const role = new CfnRole(three.hub, 'Role', {
    roleName: 'sender',
    assumeRolePolicyDocument:
      typeof trust === 'string'
        ? trust
        : { Statement: trust.map((one) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...one })) },
  });
  const roleArn = isUsed ? role.attrArn : undefined;
  for (const id of ['First', 'Second']) {
    cfnRule(three.hub, undefined, { targets: targets.map((arn, i) => ({ id: `T${i}`, arn, roleArn })) }, id);
  }
  return findingsOfCheck(three.app, (app) => checkRuleRoleTrust(app, { requireSource }));
}

const FINDING = ['warning ruleRoleTrustTooBroad /Hub/Role'];
const REQUIRED = { requireSource: true };

describe('the role of a rule', () => {
  test.each<[string, object[] | string, Options?]>([
    ['any principal', [ANYONE]],
    ['any principal, in any statement', [OWN, ANYONE]],
    ['any principal, beside EventBridge', [{ Principal: { AWS: '*', Service: EVENTS } }]],
    ['a principal known only at deployment', [{ Principal: { AWS: UNKNOWN_ACCOUNT } }]],
    ['text in place of a policy', 'text'],
    ['EventBridge for any rule', [service(EVENTS)], REQUIRED],
    ['EventBridge in China', [service(`${EVENTS}.cn`)], REQUIRED],
    ['EventBridge, among others', [service(['lambda.amazonaws.com', EVENTS])], REQUIRED],
    ['any service', [service('*')], REQUIRED],
    ['a service known only at deployment', [service(Fn.importValue('Service'))], REQUIRED],
    ['EventBridge, if no rule uses the role', [service(EVENTS)], { requireSource: true, isUsed: false }],
    [
      'EventBridge or an unknown service, if no rule uses the role',
      [service([Fn.importValue('Service'), EVENTS])],
      { requireSource: true, isUsed: false },
    ],
    ['EventBridge in an unknown account', [service(EVENTS, UNKNOWN_ACCOUNT)], REQUIRED],
  ])('is reported if its trust policy allows %s', (_, trust, options = {}) => {
    expect(findingsOf(trust, options).map(placeOf)).toEqual(FINDING);
  });

  test.each<[string, object[] | string, Options?]>([
    ['its own account', [OWN]],
    ['EventBridge for any rule', [service(EVENTS)]],
    ['EventBridge for an account', [service(EVENTS, HUB_ACCOUNT)], REQUIRED],
    ['another service', [service('lambda.amazonaws.com')], REQUIRED],
    ['a service whose name ends like EventBridge', [service(`x${EVENTS}`)], REQUIRED],
    ['a service whose name begins like EventBridge', [service(`${EVENTS}.example`)], REQUIRED],
    ['any principal for another action', [{ ...ANYONE, Action: 'sts:TagSession' }]],
    ['any principal, if no rule uses the role', [ANYONE], { isUsed: false }],
    ['text, if no rule uses the role', 'text', { requireSource: true, isUsed: false }],
    [
      'a service known only at deployment, if no rule uses the role',
      [service(Fn.importValue('Service'))],
      { requireSource: true, isUsed: false },
    ],
  ])('is not reported if its trust policy allows %s', (_, trust, options = {}) => {
    expect(findingsOf(trust, options)).toEqual([]);
  });

  test('is reported with its first rule', () => {
    const [{ problem, fix }] = findingsOf([ANYONE]);
    expect(problem).toContain("'first'");
    expect(fix).toContain(':rule/first');
  });

  test('is reported with what is certain, before what is known only at deployment', () => {
    const unknown = { Principal: { AWS: UNKNOWN_ACCOUNT } };
    const problemOf = (...trust: object[]) => findingsOf(trust)[0].problem;
    expect(problemOf(unknown, ANYONE)).toBe(problemOf(ANYONE));
    expect(problemOf(unknown)).not.toBe(problemOf(ANYONE));
  });

  test('is reported with whether principals or rules are not restricted', () => {
    const problemOf = (statement: object) => findingsOf([statement], REQUIRED)[0].problem;
    const certain = [problemOf(ANYONE), problemOf(service(EVENTS))];
    const unknown = [problemOf({ Principal: { AWS: UNKNOWN_ACCOUNT } }), problemOf(service(EVENTS, UNKNOWN_ACCOUNT))];
    expect(new Set([...certain, ...unknown]).size).toBe(4);
    expect([...certain, ...unknown].map((text) => text.includes('EventBridge'))).toEqual([false, true, false, true]);
  });

  test('can be created by this library, if one of the targets is a bus', () => {
    const fixOf = (targets: string[]) => findingsOf([ANYONE], { targets })[0].fix;
    expect(fixOf([functionArn('handler'), busArn('other')])).toContain('CrossAccountEventBusTarget');
    expect(fixOf([functionArn('handler')])).not.toContain('CrossAccountEventBusTarget');
  });
});
