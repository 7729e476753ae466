import * as fc from 'fast-check';
import { isInRange, isKnownOperator, parseOperator } from '../../src/iam/condition-operators';
import { evaluateCondition } from '../../src/iam/evaluate-condition';
import { arnLike, like } from '../../src/iam/matching';
import { randomCases } from '../support/random-cases';

const NO_ASSUMPTIONS = { presumed: undefined, anyValue: undefined };

/** A regular expression for the same texts. Each character is escaped by its code. */
function regExpOf(pattern: string, anyCharacter = '[^]'): RegExp {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const sources: { [wildcard: string]: string } = { '*': `${anyCharacter}*`, '?': anyCharacter };
  return new RegExp(`^${[...pattern].map((character) => sources[character] ?? escaped(character)).join('')}$`);
}

const textOf = (...characters: string[]) =>
  fc.array(fc.constantFrom(...characters), { maxLength: 7 }).map((list) => list.join(''));

describe('wildcards', () => {
  test('match what a regular expression matches', () => {
    fc.assert(
      fc.property(textOf(...'aab.*?*\\$[(/:\n'), textOf(...'aab.*?\\$[(/:\n'), (pattern, text) => {
        expect(like(pattern, text)).toBe(regExpOf(pattern).test(text));
      }),
      randomCases(20_000),
    );
  });

  test('in an ARN match no colon before its resource', () => {
    const arnOf = (...characters: string[]) =>
      fc.tuple(
        ...Array.from({ length: 4 }, () => fc.constantFrom('', ...characters)),
        textOf(...characters, ...characters, ':'),
      );
    fc.assert(
      fc.property(arnOf('a', 'b', '*', '?'), arnOf('a', 'b'), (patternParts, valueParts) => {
        const expected = patternParts.every((part, i) => regExpOf(part).test(valueParts[i]));
        expect(arnLike(`arn:${patternParts.join(':')}`, `arn:${valueParts.join(':')}`)).toBe(expected);
        // Without a colon in the resource, it is the same as one expression for the whole ARN.
        if (valueParts[4].includes(':')) return;
        const whole = regExpOf(`arn:${patternParts.join(':')}`, '[^:]');
        expect(whole.test(`arn:${valueParts.join(':')}`)).toBe(expected);
      }),
      randomCases(5_000),
    );
  });

  test.each(['*a'.repeat(30), '*?'.repeat(30), '*'.repeat(60)])(
    'of %s are compared without trying every split of a text, which would not end',
    (pattern) => {
      expect(like(`${pattern}b`, 'a'.repeat(2_000))).toBe(false);
      expect(like(pattern, 'a'.repeat(2_000))).toBe(true);
    },
  );
});

/** What AWS documents of each operator, for one policy value and one value in the request. */
const MATCHES: { readonly [operator: string]: (policyValue: string, requestValue: string) => boolean } = {
  StringEquals: (policy, request) => policy === request,
  StringEqualsIgnoreCase: (policy, request) => policy.toUpperCase() === request.toUpperCase(),
  StringLike: (policy, request) => regExpOf(policy).test(request),
  ArnEquals: (policy, request) => regExpOf(policy).test(request),
  ArnLike: (policy, request) => regExpOf(policy).test(request),
  Bool: (policy, request) => ['true', 'false'].some((v) => v === policy.toLowerCase() && v === request.toLowerCase()),
  BinaryEquals: (policy, request) => policy === request,
  IpAddress: isInNetwork,
  NumericEquals: (policy, request) => numberOf(request) === numberOf(policy),
  NumericLessThan: (policy, request) => numberOf(request) < numberOf(policy),
  NumericLessThanEquals: (policy, request) => numberOf(request) <= numberOf(policy),
  NumericGreaterThan: (policy, request) => numberOf(request) > numberOf(policy),
  NumericGreaterThanEquals: (policy, request) => numberOf(request) >= numberOf(policy),
  DateEquals: (policy, request) => dateOf(request) === dateOf(policy),
  DateLessThan: (policy, request) => dateOf(request) < dateOf(policy),
  DateLessThanEquals: (policy, request) => dateOf(request) <= dateOf(policy),
  DateGreaterThan: (policy, request) => dateOf(request) > dateOf(policy),
  DateGreaterThanEquals: (policy, request) => dateOf(request) >= dateOf(policy),
};

const NEGATED: { readonly [operator: string]: string } = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NotIpAddress: 'IpAddress',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

function numberOf(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

function dateOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : new Date(text).getTime() / 1_000;
}

/** The addresses as binary texts, of which a network is a prefix. */
function isInNetwork(network: string, address: string): boolean {
  const bits = (text: string) => {
    const bytes = text.split('.').map(Number);
    return bytes.length === 4 && bytes.every((byte) => byte >= 0 && byte <= 255)
      ? bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')
      : undefined;
  };
  const [base, length = '32'] = network.split('/');
  const [of, is] = [bits(base), bits(address)];
  return of !== undefined && is !== undefined && is.startsWith(of.slice(0, Number(length)));
}

const TEXTS = ['a', 'A', 'ab', 'b', ''];
const DATES = ['2026-11-30T00:00:00Z', '2026-11-30', '1796000000', '2027-01-01T10:00:00+02:00'];
const VALUES: [operators: RegExp, inPolicies: string[], inRequests: string[]][] = [
  [/^(String|Arn|Binary)/, [...TEXTS, '*', 'a*', '?', '*b'], TEXTS],
  [/^Bool/, ['true', 'false', 'True', 'yes'], ['true', 'false', 'TRUE', 'yes']],
  [/Ip/, ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3', '0.0.0.0/0', '10.1.2.3/31'], ['10.1.2.3', '10.1.2.2', '11.0.0.1']],
  [/^Numeric/, ['1', '2', '2.0', '-3', '0.5', 'x'], ['1', '2', '-3', '0.5', 'x']],
  [/^Date/, [...DATES, 'x'], DATES],
];
const anyCondition = fc.constantFrom(...Object.keys(MATCHES), ...Object.keys(NEGATED)).chain((base) => {
  const [, inPolicies, inRequests] = VALUES.find(([operators]) => operators.test(base))!;
  return fc.record({
    base: fc.constant(base),
    quantifier: fc.constantFrom('', 'ForAnyValue:', 'ForAllValues:'),
    end: fc.constantFrom('', '', 'IfExists'),
    policyValues: fc.array(fc.constantFrom(...inPolicies), { maxLength: 3 }),
    requestValues: fc.array(fc.constantFrom(...inRequests), { maxLength: 3 }),
  });
});

describe('a condition operator', () => {
  test('is evaluated as AWS documents it, with each prefix and suffix', () => {
    fc.assert(
      fc.property(anyCondition, ({ base, quantifier, end, policyValues, requestValues }) => {
        const positive = MATCHES[NEGATED[base] ?? base];
        const isNegated = base in NEGATED;
        /** Whether one value of the request is what the operator asks for. */
        const holds = (value: string) => policyValues.some((policyValue) => positive(policyValue, value)) !== isNegated;
        fc.pre(quantifier !== '' || requestValues.length <= 1);
        const ofMissingKey = quantifier === 'ForAllValues:' || (quantifier === '' && (end !== '' || isNegated));
        const ofValues = quantifier === 'ForAnyValue:' ? requestValues.some(holds) : requestValues.every(holds);
        const expected = requestValues.length === 0 ? ofMissingKey : ofValues;
        const operator = `${quantifier}${base}${end}`;
        expect(isKnownOperator(operator)).toBe(true);
        const result = evaluateCondition(
          { operator, key: 'aws:PrincipalTag/team', values: policyValues },
          () => requestValues,
          NO_ASSUMPTIONS,
        );
        // AWS documents both results for this one.
        const isUndocumented = quantifier === 'ForAnyValue:' && end !== '' && requestValues.length === 0;
        expect(result).toBe(isUndocumented ? undefined : expected);
      }),
      randomCases(10_000),
    );
  });

  test.each(['true', 'false'])('Null with %s asks whether the key is missing', (value) => {
    const evaluated = (requestValues: readonly string[]) =>
      evaluateCondition(
        { operator: 'Null', key: 'aws:SourceArn', values: [value] },
        () => requestValues,
        NO_ASSUMPTIONS,
      );
    expect([evaluated([]), evaluated(['x'])]).toEqual([value === 'true', value === 'false']);
  });

  test('has the same parts in any case', () => {
    fc.assert(
      fc.property(anyCondition, fc.infiniteStream(fc.boolean()), ({ base, quantifier, end }, upper) => {
        const operator = `${quantifier}${base}${end}`;
        const other = [...operator].map((c) => (upper.next().value ? c.toUpperCase() : c.toLowerCase())).join('');
        expect(parseOperator(other)).toEqual(parseOperator(operator));
        expect(parseOperator(operator)).toMatchObject({ base: base.toLowerCase(), ifExists: end !== '' });
      }),
      randomCases(1_000),
    );
  });

  test('matches the addresses that begin with the bits of a network', () => {
    const byte = fc.constantFrom(0, 1, 127, 128, 255);
    const address = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
    fc.assert(
      fc.property(address, fc.integer({ min: 0, max: 32 }), address, (base, length, other) => {
        expect(isInRange(`${base}/${length}`, other)).toBe(isInNetwork(`${base}/${length}`, other));
      }),
      randomCases(2_000),
    );
  });
});
