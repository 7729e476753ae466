import {
  accountOfPartlyKnown,
  possibleValuesOf,
  possibleValuesAmong,
  possibleValuesOfParameter,
  partlyKnownText,
  evaluateForEveryValue,
  isOfForm,
  listItemPlaceholder,
  parameterPlaceholder,
} from '../../src/iam/chosen-values';
import { equals, like } from '../../src/iam/matching';

const ROLE = 'arn:aws:iam::222222222222:role/publisher';

describe('a parameter names', () => {
  test.each<[string, string, string | undefined]>([
    ['one account, by twelve digits', '\\d{12}', 'account'],
    ['one account, by a pattern with anchors', '^[0-9]{12}$', 'account'],
    ['one of some accounts', '(111111111111|222222222222)', 'account'],
    ['one role', 'arn:aws:iam::\\d{12}:role/[\\w+=,.@-]+', 'arn'],
    ['one role of any partition', 'arn:aws[a-z-]*:iam::[0-9]{12}:role/[a-z-]+', 'arn'],
    ['one role or another', '^arn:aws:iam::222222222222:role/shop|arn:aws:iam::333333333333:role/store$', 'arn'],
    ['units of one organization', 'o-[a-z0-9]{10,32}/r-[a-z0-9]+/ou-[a-z0-9-]+/*', 'path'],
    ['anything', '.*', undefined],
    ['a number of any length', '\\d+', undefined],
    ['an account, or a wildcard', '(\\d{12}|\\*)', undefined],
    ['an account, or digits and wildcards', '[0-9*]{12}', undefined],
    ['a role of any account', 'arn:aws:iam::.*:role/x', undefined],
    ['a role of accounts by digits and wildcards', 'arn:aws:iam::[0-9*]{1,12}:role/[a-z]+x', undefined],
    ['any ARN of a service', 'arn:aws:sns:.*', undefined],
    ['roles of one account, with a wildcard in their names', 'arn:aws:iam::\\d{12}:role/[a-z*]+', 'arn'],
    ['letters', '[a-z]{5}', undefined],
    ['any organization', 'o-.*', undefined],
    ['an invalid pattern', '(', undefined],
  ])('%s', (_, allowedPattern, form) => {
    expect(possibleValuesOfParameter({ allowedPattern }).form).toBe(form);
  });

  test.each<[string, unknown, string | undefined]>([
    ['one of some accounts', ['111111111111', '222222222222'], 'account'],
    ['one of some roles', [ROLE], 'arn'],
    ['one of some units', ['o-a1b2c3d4e5/r-ab12/*'], 'path'],
    ['an account or a wildcard', ['111111111111', '*'], undefined],
    ['numbers', [111111111111], 'account'],
    ['a Boolean', [true], undefined],
    ['an empty list', [], undefined],
  ])('by the values that it allows, %s', (_, allowedValues, form) => {
    expect(possibleValuesOfParameter({ allowedValues }).form).toBe(form);
  });

  test('nothing by the pattern for the name of an SSM parameter', () => {
    expect(
      possibleValuesOfParameter({ type: 'AWS::SSM::Parameter::Value<String>', allowedPattern: '\\d{12}' }),
    ).toEqual({});
  });

  test('the account of a role as well as the role', () => {
    const text = parameterPlaceholder('Hub/Role', { allowedPattern: 'arn:aws:iam::\\d{12}:role/.+' });
    expect([
      isOfForm(text, 'arn'),
      isOfForm(text, 'account'),
      isOfForm(accountOfPartlyKnown(text), 'account'),
      isOfForm(parameterPlaceholder('Hub/Role', {}), 'arn'),
    ]).toEqual([true, false, true, false]);
  });

  test('in a list, what each item is', () => {
    const list = parameterPlaceholder('Hub/Shops', { type: 'CommaDelimitedList', allowedPattern: '\\d{12}' });
    expect([
      isOfForm(list, 'account'),
      isOfForm(listItemPlaceholder(list, 0)!, 'account'),
      listItemPlaceholder(list, 0) === listItemPlaceholder(list, 1),
    ]).toEqual([true, true, false]);
    expect(listItemPlaceholder(parameterPlaceholder('Hub/Shop', {}), 0)).toBeUndefined();
  });

  test('one of the values of a list, in each item', () => {
    const list = parameterPlaceholder('Hub/Shops', {
      type: 'CommaDelimitedList',
      allowedValues: ['111111111111', '222222222222'],
    });
    expect([possibleValuesOf(list), possibleValuesOf(listItemPlaceholder(list, 1)!)]).toEqual([
      ['111111111111', '222222222222'],
      ['111111111111', '222222222222'],
    ]);
    expect(
      listItemPlaceholder(
        parameterPlaceholder('Hub/Shops', { type: 'CommaDelimitedList', allowedValues: ['111111111111'] }),
        0,
      ),
    ).toBe('111111111111');
  });
});

describe('a value with known possible values', () => {
  const SHOP = partlyKnownText('parameter Hub/Shop', possibleValuesAmong(['111111111111', '222222222222']));

  test('is the value itself if only one is possible', () => {
    expect(partlyKnownText('parameter Hub/Shop', possibleValuesAmong(['111111111111', '111111111111']))).toBe(
      '111111111111',
    );
  });

  test.each<[string, string, string, boolean | undefined]>([
    ['none of them', SHOP, '333333333333', false],
    ['one of them, for one choice', SHOP, '111111111111', undefined],
    ['itself, in the middle of an ARN', `arn:aws:iam::${SHOP}:role/x`, `arn:aws:iam::${SHOP}:role/x`, true],
    ['an ARN of another account', `arn:aws:iam::${SHOP}:role/x`, 'arn:aws:iam::333333333333:role/x', false],
  ])('equals %s', (_, one, other, truth) => {
    expect([equals(one, other), equals(other, one)]).toEqual([truth, truth]);
  });

  test.each<[string, string, boolean | undefined]>([
    ['all of them', '??????????2?', undefined],
    ['every twelve characters', '????????????', true],
    ['what no choice begins with', '3*', false],
  ])('is like %s', (_, pattern, truth) => {
    expect(like(pattern, SHOP)).toBe(truth);
  });

  test('has no possible values if they contain a separator', () => {
    expect(possibleValuesAmong(['a, b', 'c'])).toEqual({ form: undefined });
  });

  test('has the account of each possible ARN', () => {
    const role = partlyKnownText(
      'parameter Hub/Role',
      possibleValuesAmong(['arn:aws:iam::111111111111:role/x', 'arn:aws:iam::222222222222:role/y']),
    );
    expect(possibleValuesOf(accountOfPartlyKnown(role))).toEqual(['111111111111', '222222222222']);
  });

  test('is not evaluated if there are too many combinations', () => {
    const part = (name: string) =>
      partlyKnownText(name, possibleValuesAmong(Array.from({ length: 30 }, (_, i) => `${name}${i}`)));
    const evaluate = jest.fn(() => false);
    expect(evaluateForEveryValue([part('a'), part('b'), part('c')], evaluate)).toBeUndefined();
    expect(evaluate).not.toHaveBeenCalled();
  });

  test('is evaluated with every combination', () => {
    const bus = partlyKnownText('Fn::If Live in Hub', possibleValuesAmong(['orders', 'test']));
    expect(evaluateForEveryValue([`${SHOP}:${bus}`], (text) => /^\d+:(orders|test)$/.test(text))).toBe(true);
  });
});

describe('a pattern', () => {
  test.each<[string, string]>([
    ['role/?', 'arn:aws[a-zA-Z-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+'],
    ['a path in a class', 'arn:aws:iam::\\d{12}:role/[\\w+=,.@/-]+'],
    ['an escaped slash', 'arn:aws:iam::\\d{12}:role\\/[a-z]+'],
    ['a literal account', 'arn:aws:iam::222222222222:role/.+'],
    ['groups', '^arn:(?:aws|aws-cn):iam::(111111111111|2{12}):(role|user)/(?:[a-z]+/)*[a-z]{3,}$'],
    ['a negated class', 'arn:aws:iam::\\d{12}:role/[^*]+'],
    ['a hyphen between a class and a character', 'arn:aws:iam::\\d{12}:role/[\\w-.]+'],
    ['digits in parts', 'arn:aws:iam::\\d{4}\\d{8}:role/x'],
  ])('names one account with %s', (_, allowedPattern) => {
    expect(possibleValuesOfParameter({ allowedPattern }).form).toBe('arn');
  });

  test.each<[string, string]>([
    ['a wildcard in the partition', 'arn:.*:iam::\\d{12}:role/x'],
    ['any partition that is no colon, wildcards too', 'arn:[^:]+:iam::\\d{12}:role/x'],
    ['an account that may be left out', 'arn:aws:iam::(\\d{12})?:role/x'],
    ['eleven to twelve digits', 'arn:aws:iam::\\d{11,12}:role/x'],
    ['an account or a wildcard', 'arn:aws:iam::(\\d{12}|\\*):role/x'],
    ['a colon in the name of the service', 'arn:aws:[a-z:]+:\\d{12}:role/x'],
    ['nothing behind the account', 'arn:aws:iam::\\d{12}:'],
    ['lookahead', 'arn:aws:iam::(?=1)\\d{12}:role/x'],
    ['classes in common', 'arn:aws:iam::[0-9&&[1]]{12}:role/x'],
    ['a class of Unicode', 'arn:aws:iam::\\p{Digit}{12}:role/x'],
    ['a group without end', 'arn:aws:iam::(\\d{12}:role/x'],
    ['another alternative', 'arn:aws:iam::\\d{12}:role/x|.*'],
    ['a range that is none', 'arn:aws:iam::[9-0]{12}:role/x'],
    ['too many alternatives', `arn:aws:iam::${'(1|2)'.repeat(12)}:role/x`],
    ['a pattern that is too long', `arn:aws:iam::\\d{12}:role/${'c'.repeat(1_000)}`],
    ['a class that has digits of all scripts left', 'arn:aws:iam::[^\\s!-/:-~]{12}:role/x'],
    ['a class of nothing', 'arn:aws:iam::[^\\s\\S]{12}:role/x'],
  ])('does not with %s', (_, allowedPattern) => {
    expect(possibleValuesOfParameter({ allowedPattern }).form).toBeUndefined();
  });
});
