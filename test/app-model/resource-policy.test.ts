import { CfnResource } from 'aws-cdk-lib';
import { ResourcePolicyStatement } from '../../src/app-model/app-model';
import { NO_POLICY, hasConflictingWriters, resourcePolicy } from '../../src/app-model/resource-policy';
import { testStack } from '../support/apps';

let constructs: CfnResource[];
beforeAll(() => {
  const stack = testStack('Hub');
  constructs = ['A', 'B'].map((id) => new CfnResource(stack, id, { type: 'AWS::Any::Type' }));
});

type Entry = readonly [construct: number, whole: boolean, conditional?: boolean];

const entriesOf = (entries: readonly Entry[]) =>
  entries.map(([construct, isWholePolicy, conditional = false], i): ResourcePolicyStatement => {
    return {
      construct: constructs[construct],
      resourceArn: 'arn',
      id: `${i}`,
      statement: i,
      conditional,
      isWholePolicy,
    };
  });

test.each<[string, Entry[], boolean]>([
  ['none', [], false],
  ['one that adds to a policy', [[0, false]], false],
  [
    'two that add to a policy',
    [
      [0, false],
      [1, false],
    ],
    false,
  ],
  [
    'one policy with two statements',
    [
      [0, true],
      [0, true],
    ],
    false,
  ],
  [
    'two policies',
    [
      [0, true],
      [1, true],
    ],
    true,
  ],
  [
    'a policy, and one that adds to it',
    [
      [0, true],
      [1, false],
    ],
    true,
  ],
  [
    'one that adds to a policy, and the policy',
    [
      [0, false],
      [1, true],
    ],
    true,
  ],
  [
    'two policies, one of them on a condition',
    [
      [0, true],
      [1, true, true],
    ],
    false,
  ],
])('several resources define the policy of a resource: %s', (_, entries, conflicting) => {
  const statements = entriesOf(entries);
  const expected = conflicting ? [] : entries.map((__, i) => i);
  expect(resourcePolicy(statements)).toEqual({ entries: statements, statements: expected, conflicting });
});

test('writers conflict under conditions, too', () => {
  expect(
    hasConflictingWriters(
      entriesOf([
        [0, true],
        [1, true, true],
      ]),
    ),
  ).toBe(true);
  expect(resourcePolicy([])).toEqual(NO_POLICY);
});
