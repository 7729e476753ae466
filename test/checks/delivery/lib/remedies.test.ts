import { PrincipalKind, explainUnknown, remedyFor } from '../../../../src/checks/delivery/lib/remedies';
import { UNKNOWN, Values } from '../../../../src/iam/condition-keys';
import { expectMessage } from '../../../support/messages';

const condition = (key: string, requestValues: Values) => ({
  operator: 'StringEquals',
  key,
  values: [],
  requestValues,
});

/** The remedy for a call that a statement denies if it has such conditions. */
const remedy = (principalKind: PrincipalKind, conditions: [string, Values][], namesPrincipal = false) => {
  const explicitDeny = {
    name: "statement 'Stop'",
    conditions: conditions.map((one) => condition(...one)),
    namesPrincipal,
  };
  return remedyFor({ decision: 'denied', reason: '', explicitDeny }, principalKind, 'allow it');
};

test('the remedy for a call that nothing denies explicitly is to allow it', () => {
  expect(remedyFor({ decision: 'denied', reason: '' }, 'service', 'allow it')).toBe('allow it');
});

describe('the remedy for a call that a statement denies', () => {
  test.each<[string, PrincipalKind, [string, Values][]]>([
    ['a service, and no condition', 'service', []],
    ['a service, and a key that its calls never have', 'service', [['aws:PrincipalOrgID', []]]],
    [
      'a service, and another key too',
      'service',
      [
        ['aws:RequestedRegion', ['eu-west-1']],
        ['aws:SourceVpc', []],
      ],
    ],
    ['a service, and another key', 'service', [['aws:RequestedRegion', ['eu-west-1', 'eu-west-2']]]],
    ['a role, and a key that services never have', 'principal', [['aws:PrincipalOrgID', ['o-a1b2c3d4e5']]]],
    ['an absent value', 'principal', [['aws:SourceVpc', []]]],
    ['an unknown value', 'principal', [['aws:SourceVpc', UNKNOWN]]],
    ['a presumed value', 'principal', [['aws:SourceOrgID', {}]]],
    ['a value that is known only at deployment', 'principal', [['aws:SourceAccount', ['‹AWS::AccountId›']]]],
    [
      'two keys, one of them twice',
      'principal',
      [
        ['a', ['1']],
        ['b', ['2']],
        ['a', ['1']],
      ],
    ],
  ])('names what to change for %s', (_, principalKind, conditions) => {
    expectMessage(remedy(principalKind, conditions));
  });

  test('is its condition if it lists principals', () => {
    expect(remedy('service', [['aws:SourceVpc', []]], true)).toMatch(/^correct the condition of statement 'Stop' on/);
  });
});

describe('the explanation of an unknown decision', () => {
  test.each<[string, string | undefined, boolean]>([
    ['without a key', undefined, false],
    ['without a key, for any account', undefined, true],
    ['by the organization of the resource', 'aws:ResourceOrgID', false],
    ['by the source', 'events:Source', false],
    ['by the detail type', 'events:detail-type', false],
    ['by a key that begins in the same way', 'events:detail-type.x', false],
    ['by a key that ends in the same way', 'x:events:source', false],
    ['by a key that contains that of the organization', 'x:aws:ResourceOrgIDs', false],
    ['by another key', 'aws:ResourceOrgIDs', true],
    ['by the end of another key', 'x:aws:ResourceOrgID', false],
  ])('names what to do: %s', (_, unknownKey, ofAnyAccount) => {
    const { reason, fix } = explainUnknown({ decision: 'unknown', reason: 'it depends', unknownKey }, ofAnyAccount);
    expectMessage(`${reason}\n${fix}`);
  });
});
