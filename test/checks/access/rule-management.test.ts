import { CfnResource } from 'aws-cdk-lib';
import {
  allowsRuleManagement,
  appliesToRulesOnly,
  checkRuleManagementCreator,
} from '../../../src/checks/access/rule-management-creator';
import { findingsOfCheck, placeOf } from '../../support/check-findings';
import { ThreeAccounts, busArn, cfnEventBusPolicy, functionArn, ruleArn } from '../../support/three-accounts';

const RULES = ruleArn('orders/*');
const MANAGE = { Action: 'events:PutRule', Resource: RULES };
const creator = (value: unknown, operator = 'StringEquals', key = 'events:creatorAccount') => ({
  ...MANAGE,
  Condition: { [operator]: { [key]: value } },
});

function findingsOf(statement: object) {
  const three = new ThreeAccounts();
  cfnEventBusPolicy(three.hub, statement);
  const Statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutRule', Resource: functionArn('handler') };
  const properties = { ResourceArn: functionArn('handler'), PolicyDocument: { Statement } };
  new CfnResource(three.hub, 'Function', { type: 'AWS::Lambda::ResourcePolicy', properties });
  return findingsOfCheck(three.app, checkRuleManagementCreator);
}

describe('a statement about rules', () => {
  test.each<[string, object]>([
    ['without a condition', MANAGE],
    ['and something else', { ...MANAGE, Action: ['events:PutEvents', 'events:DeleteRule'] }],
    ['by a wildcard that is for rules only', { ...MANAGE, Action: 'events:*' }],
    ['with another condition', creator('222222222222', 'StringEquals', 'aws:PrincipalAccount')],
    ['with any creator', creator('*', 'StringLike')],
    ['with one creator, or any', creator(['222222222222', '2*'], 'StringLike')],
    ['with no creator', creator([])],
    ['with a text around the creator', creator('x222222222222')],
    ['with a text behind the creator', creator('222222222222x')],
    ['with other creators', creator('222222222222', 'StringNotEquals')],
    ['with a creator, for all values', creator('222222222222', 'ForAllValues:StringEquals')],
  ])('is reported %s', (_, statement) => {
    expect(findingsOf(statement).map(placeOf)).toEqual(['warning creatorAccountConditionMissing /Hub/Policy']);
  });

  test.each<[string, object]>([
    ['with its creator', creator('${aws:PrincipalAccount}', 'StringEqualsIfExists')],
    ['with its creator, in any case', creator('${AWS:principalaccount}', 'StringEquals', 'EVENTS:creatoraccount')],
    ['with given creators', creator(['222222222222', '333333333333'])],
    ['by a deny statement', { ...MANAGE, Effect: 'Deny' }],
    ['about reading them', { ...MANAGE, Action: ['events:DescribeRule', 'events:List*'] }],
    ['by a wildcard that is not for rules only', { ...MANAGE, Action: 'events:*', Resource: [RULES, busArn()] }],
    ['for its own account', { ...MANAGE, Principal: { AWS: '111111111111' } }],
  ])('is not reported %s', (_, statement) => {
    expect(findingsOf(statement)).toEqual([]);
  });
});

test.each([
  'events:PutRule',
  'events:DeleteRule',
  'events:PutTargets',
  'events:RemoveTargets',
  'events:EnableRule',
  'events:DisableRule',
  'events:TagResource',
  'events:UntagResource',
  'EVENTS:put*s',
])('%s changes rules', (action) => {
  expect(allowsRuleManagement(action)).toBe(true);
});

test.each<[unknown, boolean]>([
  [{ Resource: RULES }, true],
  [{ Resource: [RULES, RULES] }, true],
  [{ Resource: [RULES, busArn()] }, false],
  [{ Resource: [] }, false],
  [{}, false],
  ['text', false],
])('a statement applies to rules only: %j', (statement, expected) => {
  expect(appliesToRulesOnly(statement as never)).toBe(expected);
});
