import { accountOfParameter, formOf, isOfForm, parameterText } from '../../src/policy/parameter-form';

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
    ['whatever ARN there is', 'arn:aws:sns:.*', undefined],
    ['roles with a wildcard in their name', 'arn:aws:iam::\\d{12}:role/[a-z*]+', undefined],
    ['letters', '[a-z]{5}', undefined],
    ['any organization', 'o-.*', undefined],
    ['something that no pattern says', '(', undefined],
  ])('%s', (_, allowedPattern, form) => {
    expect(formOf({ allowedPattern })).toBe(form);
  });

  test.each<[string, unknown, string | undefined]>([
    ['one of some accounts', ['111111111111', '222222222222'], 'account'],
    ['one of some roles', [ROLE], 'arn'],
    ['one of some units', ['o-a1b2c3d4e5/r-ab12/*'], 'path'],
    ['an account or everybody', ['111111111111', '*'], undefined],
    ['what is no text', [111111111111], undefined],
    ['none of those that are listed', [], undefined],
  ])('by the values that it allows, %s', (_, allowedValues, form) => {
    expect(formOf({ allowedValues })).toBe(form);
  });

  test('whatever is found by its name, which is all that its pattern is for', () => {
    expect(formOf({ type: 'AWS::SSM::Parameter::Value<String>', allowedPattern: '\\d{12}' })).toBeUndefined();
  });

  test('the account of a role as well as the role', () => {
    const text = parameterText('Hub/Role', 'arn');
    expect([isOfForm(text, 'arn'), isOfForm(text, 'account'), isOfForm(accountOfParameter(text), 'account'), isOfForm(parameterText('Hub/Role', undefined), 'arn')])
      .toEqual([true, false, true, false]);
  });
});
