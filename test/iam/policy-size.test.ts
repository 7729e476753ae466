import { documentSize, statementSize } from '../../src/iam/policy-size';
import { Json, canonical, isObject, toList, scalarOrList, getOwn, statementsOf, toText } from '../../src/iam/statement';
import {
  OWN_ACCOUNT,
  OWN_REGION,
  attribute,
  hasUnresolved,
  isAttribute,
  knownLength,
  splitText,
  displayText,
  partlyKnown,
  unresolved,
} from '../../src/iam/unresolved-text';

const statement = (accounts: string[]): Json => ({
  Effect: 'Allow',
  Principal: { AWS: accounts },
  Action: 'events:PutEvents',
  Resource: '*',
});
const account = (i: number) => String(100000000000 + i);

describe('the size of a policy', () => {
  test('is that of compact JSON', () => {
    const empty = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny"}]}';
    expect(documentSize([{ Effect: 'Deny' }])).toEqual({ minimum: empty.length, estimate: empty.length });
  });

  test('grows by 33 characters for each account ID or root ARN', () => {
    const bare =
      documentSize([statement([account(1), account(2)])]).minimum - documentSize([statement([account(1)])]).minimum;
    const arns = [1, 2].map((i) => `arn:aws:iam::${account(i)}:root`);
    const full = documentSize([statement(arns)]).minimum - documentSize([statement(arns.slice(1))]).minimum;
    expect([bare, full]).toEqual([33, 33]);
  });

  test('includes a single account as its ARN', () => {
    expect(statementSize({ Principal: { AWS: '111111111111' } })).toEqual(
      statementSize({ Principal: { AWS: 'arn:aws:iam::111111111111:root' } }),
    );
  });

  test.each(['aws', 'aws-cn', 'aws-us-gov'])('includes an account as its ARN in partition %s', (partition) => {
    const sizeWith = (principal: string) =>
      statementSize({
        Principal: { AWS: [principal] },
        Resource: ['*', `arn:${partition}:events:x-y-1:1:event-bus/z`],
      });
    expect(sizeWith('111111111111')).toEqual(sizeWith(`arn:${partition}:iam::111111111111:root`));
  });

  test('includes values of conditions unchanged', () => {
    expect(statementSize({ Condition: { StringEquals: { 'aws:PrincipalAccount': '111111111111' } } }).minimum).toBe(
      '{"Condition":{"StringEquals":{"aws:PrincipalAccount":"111111111111"}}}'.length,
    );
  });

  test('is an estimate if a value is unresolved', () => {
    const { minimum, estimate } = statementSize({ Resource: unresolved('parameter Bus') });
    expect(minimum).toBe('{"Resource":""}'.length);
    expect(estimate).toBe(minimum + 40);
  });

  test.each<[string, string, string, string]>([
    ['the account of the stack', OWN_ACCOUNT, '123456789012', '123456789012'],
    ['the Region of the stack', OWN_REGION, 'us-east-1', 'us-isof-south-1'],
    [
      'a value with the form of an account ID',
      partlyKnown('parameter A', 'account', []),
      '0'.repeat(12),
      '0'.repeat(12),
    ],
    ['one of several values', partlyKnown('parameter Stage', '', ['dev', 'production']), 'dev', 'production'],
  ])('includes %s with the length that it will have', (_, value, shortest, longest) => {
    const sizeWith = (text: string) => statementSize({ Resource: `a${text}z` });
    expect(sizeWith(value)).toEqual({ minimum: sizeWith(shortest).minimum, estimate: sizeWith(longest).estimate });
  });

  test('includes the account of the stack as its ARN', () => {
    expect(statementSize({ Principal: { AWS: OWN_ACCOUNT } })).toEqual(
      statementSize({ Principal: { AWS: '111111111111' } }),
    );
  });
});

describe('policy JSON', () => {
  test.each<[Json | undefined, Json[]]>([
    [{ Statement: [{ Effect: 'Allow' }] }, [{ Effect: 'Allow' }]],
    [{ Statement: { Effect: 'Allow' } }, [{ Effect: 'Allow' }]],
    ['{"Statement":[{"Effect":"Allow"}]}', [{ Effect: 'Allow' }]],
    ['no policy', ['no policy']],
    [{ Version: '2012-10-17' }, []],
    [undefined, []],
  ])('%j has the statements %j', (document, expected) => {
    expect(statementsOf(document)).toEqual(expected);
  });

  test('has one canonical text for any order of properties', () => {
    expect(canonical({ b: [1, { d: 2, c: undefined }], a: 'x' })).toBe('{"a":"x","b":[1,{"c":null,"d":2}]}');
  });

  test('is converted safely', () => {
    expect([undefined, null, 'a', ['a', 1], { a: 1 }].map((v) => toList(v as Json))).toEqual([
      [],
      [],
      ['a'],
      ['a', '1'],
      ['{"a":1}'],
    ]);
    expect([{}, [], null, 'a'].map(isObject)).toEqual([true, false, false, false]);
    expect([['a'], ['a', 'b'], ['#{Token[1]}'], []].map(scalarOrList)).toEqual(['a', ['a', 'b'], ['#{Token[1]}'], []]);
    expect([undefined, 'a', { toString: 1 }].map((v) => toText(v as Json))).toEqual(['null', 'a', '{"toString":1}']);
    expect([getOwn({ a: 1 }, 'a'), getOwn({}, 'constructor')]).toEqual([1, undefined]);
  });
});

describe('unresolved text', () => {
  const text = `arn:aws:events:${unresolved('AWS::Region')}:1:event-bus/${attribute('Name', 'Hub/Bus')}`;

  test('has a known number of literal characters', () => {
    expect(knownLength(text)).toEqual({ characters: 'arn:aws:events::1:event-bus/'.length, unknownParts: 2 });
    expect([text, 'arn'].map(hasUnresolved)).toEqual([true, false]);
  });

  test('differs from an attribute of a resource in the app', () => {
    expect([attribute('Arn', 'Hub/Bus'), unresolved('parameter Hub/Name'), text, 'x'].map(isAttribute)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('is split only outside placeholders', () => {
    expect(splitText(text, ':')).toEqual([
      'arn',
      'aws',
      'events',
      unresolved('AWS::Region'),
      '1',
      `event-bus/${attribute('Name', 'Hub/Bus')}`,
    ]);
  });

  test('is displayed with paths', () => {
    expect(displayText(`rule ${attribute('Sid', 'Hub/Rule')}`)).toBe('rule Hub/Rule');
  });

  test('removes marks from descriptions', () => {
    expect(unresolved('a‹b›c')).toBe('‹abc›');
  });
});
