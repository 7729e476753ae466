import * as fc from 'fast-check';
import { putEventsStatements } from '../../src/eventbridge/bus-statements';
import { accountCapacity } from '../../src/eventbridge/policy-capacity';
import { shorterPolicies } from '../../src/eventbridge/shorter-policies';
import { Unit, documentSize, jsonSize, statementSize } from '../../src/iam/policy-size';
import { Json } from '../../src/iam/statement';
import { OWN_ACCOUNT, OWN_REGION, partlyKnown, unresolved } from '../../src/iam/unresolved-text';
import { randomCases } from '../support/random-cases';
import { EVENT_BUS as bus, anyGrants } from '../support/random-grants';

const accountId = fc.integer({ min: 0, max: 999_999_999_999 }).map((n) => String(n).padStart(12, '0'));
const anyText = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/[‹›¦]/.test(text));
const awsPrincipal = fc.oneof(
  accountId,
  accountId.map((account) => `arn:aws:iam::${account}:root`),
  accountId.map((account) => `arn:aws:iam::${account}:role/publisher`),
  fc.constantFrom('*', '11111111111'),
);

/** Statements with text of any length and any characters. */
const anyStatement = fc
  .record(
    {
      Sid: anyText,
      Effect: fc.constantFrom('Allow', 'Deny'),
      Principal: fc.oneof(
        fc.constant<Json>('*'),
        awsPrincipal.map((AWS): Json => ({ AWS })),
        fc.array(awsPrincipal, { minLength: 1, maxLength: 4 }).map((AWS): Json => ({ AWS })),
        fc.constant<Json>({ Service: 'events.amazonaws.com', AWS: '111111111111' }),
      ),
      Action: fc.constantFrom<Json>('events:PutEvents', ['events:PutEvents', 'events:PutRule']),
      Resource: fc.constantFrom(
        '*',
        'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
        'arn:aws-cn:events:cn-north-1:111111111111:event-bus/orders',
      ),
      Condition: fc.record({
        StringEquals: fc.record({ 'aws:PrincipalAccount': accountId, 'events:source': fc.array(anyText) }),
      }),
    },
    { requiredKeys: ['Effect'] },
  )
  .map((statement) => statement as { [element: string]: Json });
const anyStatements = fc.array(anyStatement, { maxLength: 5 });

/** The text of a policy, as EventBridge stores it: compact, and with root ARNs in place of account IDs. */
function storedText(statements: { [element: string]: Json }[]): string {
  const texts = statements.map((statement) => {
    const partition = /^arn:([^:]+):/.exec(String(statement.Resource))?.[1] ?? 'aws';
    const stored = (value: Json) => (/^[0-9]{12}$/.test(String(value)) ? `arn:${partition}:iam::${value}:root` : value);
    return JSON.stringify(statement, (key, value: Json) => {
      if (key !== 'AWS') return value;
      return Array.isArray(value) ? value.map(stored) : stored(value);
    });
  });
  return `{"Version":"2012-10-17","Statement":[${texts.join(',')}]}`;
}

const LENGTHS: [Unit, (text: string) => number][] = [
  ['characters', (text) => text.length],
  ['visible characters', (text) => [...text].filter((c) => c.trim() !== '').join('').length],
  ['bytes', (text) => new TextEncoder().encode(text).length],
];

/** Parts that are known only at deployment, with all values that they can have. */
const PARTS: readonly (readonly [placeholder: string, ...values: string[]])[] = [
  [OWN_ACCOUNT, '111111111111'],
  [partlyKnown('parameter Account', 'account', []), '222222222222'],
  [partlyKnown('parameter Partner', 'account', ['222222222222', '333333333333']), '333333333333'],
  [partlyKnown('parameter Stage', '', ['dev', 'production']), 'dev', 'production'],
  [OWN_REGION, 'eu-west-1', 'ap-northeast-1', 'us-gov-west-1', 'us-isof-south-1'],
];
const withParts = fc.array(
  fc
    .constantFrom(...PARTS)
    .chain(([placeholder, ...values]) =>
      fc.record({ placeholder: fc.constant(placeholder), value: fc.constantFrom(...values) }),
    ),
  { minLength: 1, maxLength: 4 },
);

describe('the size of any policy', () => {
  test.each(LENGTHS)('is that of the text which AWS stores, in %s', (unit, lengthOf) => {
    fc.assert(
      fc.property(anyStatements, (statements) => {
        const expected = lengthOf(storedText(statements));
        expect(documentSize(statements, unit)).toEqual({ minimum: expected, estimate: expected });
      }),
      randomCases(2_000),
    );
  });

  test.each(LENGTHS)('grows with each statement by its size and a comma, in %s', (unit) => {
    fc.assert(
      fc.property(anyStatements, anyStatement, (statements, more) => {
        fc.pre(statements.length > 0);
        const added = documentSize([...statements, more], unit).estimate - documentSize(statements, unit).estimate;
        expect(added).toBe(statementSize(more, unit).estimate + 1);
        expect(added).toBeGreaterThan('{}'.length);
      }),
      randomCases(1_000),
    );
  });

  test('is between the sizes with the shortest and longest values of unresolved parts', () => {
    fc.assert(
      fc.property(anyStatement, withParts, fc.boolean(), (statement, parts, inPrincipal) => {
        const [template, actual] = (['placeholder', 'value'] as const).map((property) => {
          const texts = parts.map((part) => part[property]);
          const Principal: Json = inPrincipal ? { AWS: texts } : (statement.Principal ?? '*');
          return { ...statement, Principal, Resource: [`arn:${texts.join(':')}`, ...texts] };
        });
        const { minimum, estimate } = statementSize(template);
        const size = statementSize(actual).estimate;
        expect(minimum).toBeLessThanOrEqual(size);
        expect(estimate).toBeGreaterThanOrEqual(size);
      }),
      randomCases(2_000),
    );
  });

  test('has the literal text as its minimum, and more as its estimate', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const { minimum, estimate } = jsonSize(`${before}${unresolved('parameter Name')}${after}`);
        expect(minimum).toBe(jsonSize(before + after).minimum);
        expect(estimate).toBeGreaterThan(minimum);
      }),
      randomCases(1_000),
    );
  });
});

describe('the sizes that findings recommend', () => {
  const render = (grants: Parameters<typeof putEventsStatements>[0], compact: boolean) =>
    putEventsStatements(grants, { ...bus, compact }).map(({ statement }) => ({ Sid: 'x', ...statement }));

  test('are less than that of the policy, and become smaller from form to form', () => {
    fc.assert(
      fc.property(anyGrants, fc.boolean(), (grants, compact) => {
        const statements = render(grants, compact);
        const shorter = shorterPolicies(statements, bus.account);
        const size = documentSize(statements).estimate;
        for (const { characters } of shorter) expect(characters).toBeLessThan(size);
        const merged = shorter.find(({ form }) => form === 'merged')?.characters ?? size;
        const short = shorter.find(({ form }) => form === 'compact')?.characters ?? merged;
        expect(short).toBeLessThanOrEqual(merged);
      }),
      randomCases(1_000),
    );
  });

  test('of an account are what one more account needs', () => {
    const accounts = fc.uniqueArray(accountId, { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(accounts, fc.boolean(), (ids, compact) => {
        fc.pre(!ids.includes(bus.account));
        const policyFor = (list: string[]) =>
          render([{ publisher: { kind: 'Accounts', accounts: list }, allowed: { sources: ['shop'] } }], compact);
        const { sizePerAccount, accounts: count } = accountCapacity(policyFor(ids), bus.account);
        expect(count).toBe(ids.length);
        const [with1, without1] = [ids, ids.slice(1)].map((list) => documentSize(policyFor(list)).estimate);
        expect(with1 - without1).toBe(sizePerAccount);
      }),
      randomCases(500),
    );
  });
});
