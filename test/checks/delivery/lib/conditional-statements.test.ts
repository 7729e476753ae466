import { ConditionalStatement, evaluateConditional } from '../../../../src/checks/delivery/lib/conditional-statements';
import { Json } from '../../../../src/iam/statement';
import { busArn, roleArn } from '../../../support/three-accounts';

const REQUEST = { action: 'events:PutEvents', resource: busArn(), principalArn: roleArn('publisher'), context: [] };

const statement = (Effect: string, ...conditions: string[]): ConditionalStatement => ({
  statement: { Effect, Action: '*', Resource: '*' } as Json,
  conditional: conditions.length > 0,
  ...(conditions.length > 0 && { conditions }),
});
const allow = (...conditions: string[]) => statement('Allow', ...conditions);
const deny = (...conditions: string[]) => statement('Deny', ...conditions);
/** Created under conditions that are not known. */
const unknown = (Effect: string): ConditionalStatement => ({ ...statement(Effect), conditional: true });
/** Not conditional itself, but created only if the call is made, with the role. */
const withRole = (Effect: string, condition: string) => ({ ...statement(Effect, condition), conditional: false });

const decide = (statements: ConditionalStatement[], ...given: string[]) =>
  evaluateConditional(statements, REQUEST, new Set(given))?.decision;

describe('statements that CloudFormation conditions may leave out', () => {
  test.each<[string, ConditionalStatement[], string[], string | undefined]>([
    ['none', [], [], 'denied'],
    ['one without conditions', [allow()], [], 'allowed'],
    ['one without conditions, whatever is given', [allow()], ['A'], 'allowed'],
    ['one that depends', [allow('A')], [], undefined],
    ['one whose condition is given', [allow('A')], ['A'], 'allowed'],
    ['one whose condition is not true', [allow('A')], ['!A'], 'denied'],
    ['one that needs a condition to be false', [allow('!A')], ['!A'], 'allowed'],
    ['one that needs a condition to be false, which is true', [allow('!A')], ['A'], 'denied'],
    ['one of whose conditions only one is given', [allow('A', 'B')], ['A'], undefined],
    ['one of whose conditions one is not true', [allow('A', 'B')], ['A', '!B'], 'denied'],
    ['one whose conditions contradict each other', [allow('A', '!A')], [], 'denied'],
    ['one that allows the same in any case', [allow(), allow('A')], [], 'allowed'],
    ['one that denies what nothing allows', [deny('A')], [], 'denied'],
    ['one that denies what another one allows', [allow(), deny('A')], [], undefined],
    ['one that denies what another one allows, never', [allow(), deny('A')], ['!A'], 'allowed'],
    ['one for each value of a condition', [allow('A'), allow('!A')], [], 'allowed'],
    ['one for each value of a condition, of two', [allow('A', 'B'), allow('!A', 'B')], [], undefined],
    ['one for each value of a condition, where another one is given', [allow('A', 'B'), allow('!A')], ['B'], 'allowed'],
    ['all combinations of two', [allow('A', 'B'), allow('A', '!B'), allow('!A')], [], 'allowed'],
    ['one that denies exactly where the other does not allow', [allow('A'), deny('!A')], [], undefined],
    ['one that denies under the condition of the other', [allow('A'), deny('A')], [], 'denied'],
    ['one of the role of the call', [withRole('Allow', 'A')], [], 'allowed'],
    ['one of a role that does not exist', [withRole('Allow', 'A')], ['!A'], 'denied'],
  ])('decide the same in all cases, or nothing: %s', (_, statements, given, decision) => {
    expect(decide(statements, ...given)).toBe(decision);
  });

  test.each<[string, ConditionalStatement[], string[], string | undefined]>([
    ['one that allows', [unknown('Allow')], [], undefined],
    ['one that allows, whatever is given', [unknown('Allow')], ['A'], undefined],
    ['one that denies what nothing allows', [unknown('Deny')], [], 'denied'],
    ['one that allows what is allowed', [unknown('Allow'), allow()], [], 'allowed'],
    ['one that denies what is allowed', [unknown('Deny'), allow()], [], undefined],
    ['one that allows, beside one that depends', [unknown('Allow'), allow('A')], [], undefined],
    ['one that allows, beside one whose condition is given', [unknown('Allow'), allow('A')], ['A'], 'allowed'],
    ['one that allows, beside one whose condition is not true', [unknown('Allow'), allow('A')], ['!A'], undefined],
  ])('decide the same with and without those whose conditions are not known: %s', (_, statements, given, decision) => {
    expect(decide(statements, ...given)).toBe(decision);
  });

  const letters = (count: number) => [...'ABCDEFGHIJ'].slice(0, count);
  /** Each combination of conditions allows, in as many statements: whether the first false one is A, B, … or none. */
  const allCases = (count: number) => [
    ...letters(count).map((last, i) => allow(...letters(i), `!${last}`)),
    allow(...letters(count)),
  ];

  test.each([
    [1, 'allowed'],
    [6, 'allowed'],
    [7, undefined],
  ])('are followed in all combinations of few conditions: %i', (count, decision) => {
    expect(decide(allCases(count))).toBe(decision);
    expect(decide(allCases(count).slice(0, -1))).toBeUndefined();
    expect(decide(allCases(count), 'A')).toBe('allowed');
  });
});
