import { comparedResourceKey, identityProviderKey, PRINCIPAL_KEYS, RESOURCE_KEYS } from '../../src/iam/principal-keys';
import { CallingIdentity, matchPrincipal } from '../../src/iam/principal-matching';
import { Json } from '../../src/iam/statement';
import { ANYTHING, OWN_ACCOUNT, attribute, partlyKnown, unresolved } from '../../src/iam/unresolved-text';

const A = '111111111111';
const B = '222222222222';
const ROLE = `arn:aws:iam::${A}:role/team/shop`;
const UNKNOWN = unresolved('parameter Hub:Name');

const role: CallingIdentity = { principalArn: ROLE, account: A };
const service: CallingIdentity = { service: 'events.amazonaws.com' };
const anyOfAccount: CallingIdentity = { principalArn: ANYTHING, account: A };
const anyOne: CallingIdentity = { principalArn: ANYTHING, account: ANYTHING };

test.each<[string, CallingIdentity, Json, boolean | undefined]>([
  ['a role', role, '*', true],
  ['a role', role, { AWS: '*' }, true],
  ['a role', role, { AWS: A }, true],
  ['a role', role, { AWS: B }, false],
  ['a role', role, { AWS: ROLE }, true],
  ['a role', role, { AWS: [B, ROLE] }, true],
  ['a role', role, { AWS: `${ROLE}2` }, false],
  ['a role', role, { AWS: `arn:aws:iam::${A}:root` }, true],
  ['a role', role, { AWS: `arn:aws:iam::${B}:root` }, false],
  ['a role', role, { AWS: `arn:aws:iam::${UNKNOWN}:root` }, undefined],
  ['a role', role, { AWS: `arn:aws:iam::${A}:rooted` }, false],
  ['a role', role, { AWS: UNKNOWN }, undefined],
  ['a role', role, { AWS: partlyKnown('parameter A', 'account', [A, B]) }, undefined],
  ['a role', role, { AWS: partlyKnown('parameter A', 'account', [B]) }, false],
  ['a role', role, { AWS: partlyKnown('parameter A', 'account', [A]) }, true],
  ['a role', role, { AWS: attribute('RoleName', 'Hub/Role') }, false],
  ['a role', role, { AWS: `arn:aws:sts::${A}:assumed-role/shop/session` }, undefined],
  ['a role', role, { AWS: `arn:aws:sts::${A}:assumed-role/hop/session` }, false],
  ['a role', role, { AWS: `arn:aws:sts::${B}:assumed-role/shop/session` }, false],
  ['a role', role, { AWS: `arn:aws:sts::${A}:assumed-role/shop` }, false],
  ['a role', role, { AWS: `arn:aws:sts::${A}:federated-user/shop/` }, false],
  ['a role', role, { Service: 'events.amazonaws.com' }, false],
  ['a role', role, { Federated: 'accounts.google.com' }, undefined],
  ['a role', role, { Federated: 'accounts.google.com', AWS: A }, true],
  ['a role', role, UNKNOWN, undefined],
  ['a role', role, ['*'], undefined],
  ['a role', role, {}, false],
  ['a role of an unknown account', { principalArn: ROLE }, { AWS: `arn:aws:iam::${A}:root` }, false],
  ['an account', { account: A }, { AWS: A }, true],
  ['an account', { account: A }, { AWS: ROLE }, false],
  ['an account', { account: A }, { AWS: `arn:aws:sts::${A}:assumed-role/shop/session` }, false],
  ['any role of an account', anyOfAccount, { AWS: ROLE }, undefined],
  ['any role of an account', anyOfAccount, { AWS: ROLE.replace(A, B) }, false],
  ['any role', anyOne, { AWS: ROLE }, undefined],
  ['any role', anyOne, { AWS: '*' }, true],
  ['the own account', { principalArn: ROLE.replace(A, OWN_ACCOUNT), account: OWN_ACCOUNT }, { AWS: OWN_ACCOUNT }, true],
  ['a service', service, '*', true],
  ['a service', service, { AWS: '*' }, true],
  ['a service', service, { AWS: UNKNOWN }, false],
  ['a service', service, { Service: '*' }, true],
  ['a service', service, { Service: ['ses.amazonaws.com', 'events.amazonaws.com'] }, true],
  ['a service', service, { Service: 'ses.amazonaws.com' }, false],
])('%s, %j, is matched by %j: %s', (_, identity, Principal, expected) => {
  expect(matchPrincipal({ Principal }, identity)).toBe(expected);
  expect(matchPrincipal({ NotPrincipal: Principal }, identity)).toBe(expected === undefined ? undefined : !expected);
});

test('a statement without principal matches any', () => {
  expect(matchPrincipal({}, role)).toBe(true);
});

describe('keys that identify principals', () => {
  test.each<[string, string[], string[]]>([
    [
      'aws:principalaccount',
      [A, OWN_ACCOUNT, '${aws:ResourceAccount}'],
      ['1', `${A}1`, `x${A}`, '*', '${aws:resourceaccount}s', UNKNOWN],
    ],
    ['aws:sourceaccount', [A], ['*']],
    ['aws:sourceowner', [A], ['*']],
    ['aws:principalorgid', ['o-a1', '${aws:ResourceOrgID}'], ['o-', 'o-*', 'x o-a1', 'o-a1 x', '*']],
    ['aws:sourceorgid', ['o-a1'], ['*']],
    ['aws:principalorgpaths', ['o-a1/*', '${aws:ResourceOrgID}/r-ab12/'], ['o-a1', 'o-*/', '*', 'x o-a1/']],
    ['aws:sourceorgpaths', ['o-a1/*'], ['*/r-ab12/*']],
    [
      'aws:principalarn',
      [ROLE, `arn:*:sts::${A}:*`, `arn:aws:iam::${OWN_ACCOUNT}:*`],
      ['*', 'arn:aws:iam::*:role/shop', `arn:aws:sqs::${A}:q`, `x ${ROLE}`, `arn::iam::${A}:a`],
    ],
    [
      'aws:userid',
      ['AROAEXAMPLEEXAMPLE12', 'AROAEXAMPLEEXAMPLE12:*', A, attribute('RoleId', 'Hub/Role'), '‹RoleId of Hub/A›:*'],
      ['AROA*', '*:session', `${A}1`, `x${A}`, 'AROAEXAMPLE', 'xAROAEXAMPLEEXAMPLE12', 'AROAEXAMPLEEXAMPLE12*'],
    ],
    [
      'aws:sourcearn',
      [
        ...[`arn:aws:events:*:${A}:*`, `arn:aws:s3::${A}:b`, 'arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/*'],
        `arn:aws:s3::${OWN_ACCOUNT}:b`,
      ],
      [
        '*',
        'arn:aws:events:*:*:rule/*',
        'arn:aws:s3:::*',
        'arn:aws:s3:::b*',
        `arn:aws:*:*:${A}:a`,
        `arn:aws:s3::${A}:`,
      ],
    ],
    ['lambda:eventsourcetoken', ['token'], ['*', 'to?en', '']],
  ])('%s', (key, identifying, others) => {
    const { pattern } = PRINCIPAL_KEYS[key];
    expect(identifying.filter((value) => !pattern.test(value))).toEqual([]);
    expect(others.filter((value) => pattern.test(value))).toEqual([]);
  });

  test('name the principal', () => {
    const principalOf = (key: string, value: string) => PRINCIPAL_KEYS[key].principalOf(value);
    expect(principalOf('aws:sourceaccount', A)).toEqual({ name: `account ${A}`, account: A });
    expect(principalOf('aws:principalorgid', 'o-a1')).toEqual({ name: 'organization o-a1', organization: 'o-a1' });
    expect(principalOf('aws:sourceorgpaths', 'o-a1/r-1/')).toEqual({ name: 'units o-a1/r-1/', organization: 'o-a1' });
    expect(principalOf('lambda:eventsourcetoken', 'token')).toEqual({ name: 'token' });
  });

  test('are of the principal or of the source', () => {
    const subjects = Object.entries(PRINCIPAL_KEYS).map(([key, { subject }]) => `${key} ${subject}`);
    expect(subjects).toEqual([
      ...['aws:principalaccount principal', 'aws:principalorgid principal', 'aws:principalorgpaths principal'],
      ...['aws:principalarn principal', 'aws:userid principal', 'aws:sourceaccount source', 'aws:sourceowner source'],
      ...['aws:sourcearn source', 'aws:sourceorgid source', 'aws:sourceorgpaths source'],
      'lambda:eventsourcetoken source',
    ]);
  });

  test('have parameters of these forms', () => {
    const forms = Object.values(PRINCIPAL_KEYS).map(({ placeholderForms }) => [placeholderForms].flat().join());
    expect(forms).toEqual([
      ...['account', 'any', 'path', 'arn', '', 'account', 'account', 'arn', 'any', 'path', 'any'],
    ]);
  });

  test('are claims of identity providers', () => {
    expect(identityProviderKey('accounts.google.com:sub')).toMatchObject({
      subject: 'principal',
      placeholderForms: 'any',
    });
    expect(identityProviderKey('accounts.google.com:email')).toBeUndefined();
  });

  test.each<[string, string[], string | undefined]>([
    ['aws:resourceaccount', ['${aws:PrincipalAccount}'], 'principal'],
    ['aws:resourceaccount', ['${aws:sourceaccount}', '${AWS:SourceAccount}'], 'source'],
    ['aws:resourceaccount', ['${aws:SourceAccount}', '${aws:PrincipalAccount}'], undefined],
    ['aws:resourceaccount', ['${aws:SourceAccount}', A], undefined],
    ['aws:resourceaccount', [A], undefined],
    ['aws:resourceaccount', ['x${aws:SourceAccount}'], undefined],
    ['aws:resourceaccount', ['${aws:SourceAccount}x'], undefined],
    ['aws:resourceaccount', [], undefined],
    ['aws:resourceorgid', ['${aws:PrincipalOrgID}'], 'principal'],
    ['aws:resourceorgid', ['${aws:SourceOrgID}'], 'source'],
    ['aws:resourceorgid', ['x${aws:SourceOrgID}', '${aws:SourceOrgID}x'], undefined],
  ])('%s with %j is compared with the %s', (key, values, subject) => {
    const found = comparedResourceKey(RESOURCE_KEYS[key], values);
    expect(found?.subject).toBe(subject);
    if (!found) return;
    expect(found.principalOf('*')).toEqual(RESOURCE_KEYS[key].principal);
    expect(['*', '**', 'a'].filter((value) => found.pattern.test(value))).toEqual(['*']);
  });

  test('of the resource name it by policy variables', () => {
    expect(Object.values(RESOURCE_KEYS).map(({ principal }) => principal)).toEqual([
      { name: 'account ${aws:ResourceAccount}', account: '${aws:ResourceAccount}' },
      { name: 'organization ${aws:ResourceOrgID}', organization: '${aws:ResourceOrgID}' },
    ]);
  });
});
