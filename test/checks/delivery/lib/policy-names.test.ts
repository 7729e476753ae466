import { CrossAccountEvaluation, certainlyDiffer, withPolicyName } from '../../../../src/checks/delivery/lib/authorize';
import { busArn, queueArn } from '../../../support/three-accounts';

test.each<[string, string, boolean]>([
  ['1', '2', true],
  ['1', '1', false],
  ['1', '‹Account›', false],
  ['‹Account›', '1', false],
])('%s and %s are different in any case: %s', (first, second, expected) => {
  expect(certainlyDiffer(first, second)).toBe(expected);
});

describe('the reason of a decision names its policy', () => {
  const named = (more: object, arn: string, noun?: 'user') =>
    withPolicyName(
      { decision: 'denied', reason: 'r', policyType: 'resource', ...more } as CrossAccountEvaluation,
      arn,
      noun,
    ).reason;

  test.each<[string, string]>([
    [busArn(), 'the bus policy'],
    [queueArn('q'), 'the queue policy'],
    ['arn:aws:kms:eu-west-1:111111111111:key/k', 'the key policy'],
    ['arn:aws:x:eu-west-1:111111111111:y', 'the resource-based policy'],
  ])('of %s: %s', (arn, policyName) => {
    expect(named({}, arn)).toBe(`in ${policyName}, r`);
    expect(named({ decision: 'unknown' }, arn)).toBe(`in ${policyName}, r`);
  });

  test('of a role or user, unless its boundary decides or it is allowed', () => {
    expect(named({ policyType: 'identity' }, busArn())).toBe('in the identity-based policies of the role, r');
    expect(named({ policyType: 'identity' }, busArn(), 'user')).toBe('in the identity-based policies of the user, r');
    expect(named({ decision: 'allowed' }, busArn())).toBe('r');
    expect(named({ isBoundary: true }, busArn())).toBe('r');
  });
});
