import { Fn } from 'aws-cdk-lib';
import { TrustZone, checkUntrustedPrincipals } from '../../../src/checks/access/untrusted-principal';
import { checkUnknownPrincipals, checkWildcardPrincipals } from '../../../src/checks/access/wildcard-principal';
import { CheckRunner } from '../../../src/checks/engine/check-runner';
import { findingsOfCheck, placeOf } from '../../support/check-findings';
import { ThreeAccounts, cfnEventBusPolicy, rootArn } from '../../support/three-accounts';

const [TRUSTED, UNTRUSTED, OTHER] = ['222222222222', '444444444444', '555555555555'];
const [ORGANIZATION, OTHER_ORGANIZATION] = ['o-a1b2c3d4e5', 'o-z9y8x7w6v5'];
const ZONE: TrustZone = {
  accounts: new Set([TRUSTED]),
  organizations: new Set([ORGANIZATION]),
  hasUnresolved: false,
};
const roots = (...accounts: string[]) => ({ AWS: accounts.map((account) => rootArn({ account })) });
const given = (Principal: unknown, key?: string, value?: unknown, operator = 'StringEquals') => ({
  Principal,
  ...(key && { Condition: { [operator]: { [key]: value } } }),
});

function findingsOf(statement: object, zone: Partial<TrustZone> = {}) {
  const three = new ThreeAccounts();
  cfnEventBusPolicy(three.hub, statement);
  return findingsOfCheck(three.app, (app) => checkUntrustedPrincipals(app, { ...ZONE, ...zone }));
}

const ERROR = ['error untrustedPrincipal /Hub/Policy'];
const WARNING = ['warning untrustedPrincipal /Hub/Policy'];
const UNKNOWN_ACCOUNT = Fn.join('', ['arn:aws:iam::', Fn.importValue('Account'), ':root']);

describe('a statement with restrictions', () => {
  test.each<[string, object, string[]]>([
    ['a trusted one and an untrusted one', given(roots(UNTRUSTED), 'aws:PrincipalOrgID', ORGANIZATION), []],
    ['a trusted one and an unknown one', given({ AWS: UNKNOWN_ACCOUNT }, 'aws:PrincipalOrgID', ORGANIZATION), []],
    ['untrusted ones', given(roots(UNTRUSTED), 'aws:PrincipalOrgID', OTHER_ORGANIZATION), ERROR],
    [
      'some trusted principals in each, and one untrusted in both',
      given(roots(TRUSTED, UNTRUSTED), 'aws:PrincipalAccount', [TRUSTED, UNTRUSTED, OTHER]),
      ERROR,
    ],
    [
      'different untrusted principals in each',
      given(roots(TRUSTED, UNTRUSTED), 'aws:PrincipalAccount', [TRUSTED, OTHER]),
      [],
    ],
    ['an unknown one', given({ AWS: UNKNOWN_ACCOUNT }), WARNING],
    ['a trusted and an unknown principal', given({ AWS: [rootArn({ account: TRUSTED }), UNKNOWN_ACCOUNT] }), WARNING],
    [
      'an untrusted one and an unknown one',
      given(roots(UNTRUSTED), 'aws:PrincipalOrgID', Fn.importValue('Organization')),
      WARNING,
    ],
  ])('is reported or not: %s', (_, statement, expected) => {
    expect(findingsOf(statement).map(placeOf)).toEqual(expected);
  });

  test('is reported with the untrusted principals that satisfy all of them', () => {
    const [{ problem }] = findingsOf(
      given(roots(TRUSTED, UNTRUSTED, OTHER), 'aws:PrincipalAccount', [TRUSTED, UNTRUSTED, '666666666666']),
    );
    expect(problem).toContain(UNTRUSTED);
    for (const account of [TRUSTED, OTHER, '666666666666']) expect(problem).not.toContain(account);
  });
});

test.each<[number, number]>([
  [1, 0],
  [5, 0],
  [7, 2],
])('the names of at most five of %i untrusted principals are shown', (count, more) => {
  const accounts = Array.from({ length: count }, (_, i) => `44444444444${i}`);
  const [{ problem }] = findingsOf(given(roots(...accounts)));
  expect(/ and (\d) more/.exec(problem)?.[1] ?? '0').toBe(String(more));
  expect(accounts.filter((account) => problem.includes(account))).toHaveLength(Math.min(count, 5));
});

test.each<[string, object, string[]]>([
  [
    'accounts',
    given(roots(UNTRUSTED, OTHER)),
    [`'${UNTRUSTED}', '${OTHER}' to 'trustedAccounts'`, 'their organization'],
  ],
  ['an account', given(roots(UNTRUSTED)), [`'${UNTRUSTED}' to 'trustedAccounts'`, 'its organization']],
  [
    'an organization',
    given('*', 'aws:PrincipalOrgID', OTHER_ORGANIZATION),
    [`add '${OTHER_ORGANIZATION}' to 'trustedOrganizations'`],
  ],
])('the fix contains how to trust %s', (_, statement, texts) => {
  const [{ fix }] = findingsOf(statement);
  for (const text of texts) expect(fix).toContain(text);
});

test.each<[string, unknown, string]>([
  ['aws:PrincipalAccount', UNTRUSTED, "'aws:PrincipalAccount'"],
  ['aws:PrincipalOrgID', OTHER_ORGANIZATION, "'aws:PrincipalOrgID'"],
  ['aws:PrincipalArn', rootArn({ account: UNTRUSTED }), "'aws:PrincipalArn'"],
  ['aws:SourceAccount', UNTRUSTED, "'aws:SourceAccount'"],
  ['aws:SourceOwner', UNTRUSTED, "'aws:SourceOwner'"],
  ['aws:SourceOrgID', OTHER_ORGANIZATION, "'aws:SourceOrgID'"],
  ['aws:SourceArn', `arn:aws:sns:eu-west-1:${UNTRUSTED}:t`, "'aws:SourceArn'"],
])('the reason contains the condition key as AWS writes it: %s', (key, value, expected) => {
  const principal = key.startsWith('aws:Source') ? { Service: 'sns.amazonaws.com' } : '*';
  const [{ reason }] = findingsOf(given(principal, key.toLowerCase(), value));
  expect(reason).toContain(expected);
});

test.each<[string, object, Partial<TrustZone>, string]>([
  [
    'a source',
    given({ Service: 'sns.amazonaws.com' }, 'aws:SourceOrgID', '${aws:ResourceOrgID}'),
    {},
    'aws:SourceOrgID',
  ],
  ['an organization', given('*', 'aws:PrincipalOrgID', '${aws:ResourceOrgID}'), {}, "'aws:PrincipalOrgID'"],
  ['an account', given(roots(UNTRUSTED)), { hasUnresolved: true }, "'trustedAccounts'"],
])('the fix for %s of which trust is unknown contains what to use', (_, statement, zone, expected) => {
  const [finding] = findingsOf(statement, zone);
  expect(placeOf(finding)).toBe(WARNING[0]);
  expect(finding.fix).toContain(expected);
});

describe('a statement whose principals are unknown', () => {
  const INVALID = { Principal: { AWS: 'no principal' } };
  const unknownIn = (statement: object, together: string[], checkedBy?: string) => {
    const three = new ThreeAccounts();
    cfnEventBusPolicy(three.hub, statement);
    if (checkedBy) new CheckRunner([{ name: checkedBy, findings: () => [] }]).checkWithin(three.app);
    return [checkUnknownPrincipals, checkWildcardPrincipals].map((check) =>
      findingsOfCheck(three.app, (app) => check(app, new Set(together))).map(placeOf),
    );
  };
  const FOUND = ['warning wildcardPrincipal /Hub/Policy'];

  test.each<[string, object, string[], string | undefined, string[]]>([
    ['is reported', { Principal: { AWS: Fn.importValue('Who') } }, ['invalidStatement'], undefined, FOUND],
    ['is reported if it is invalid', INVALID, [], undefined, FOUND],
    ['is reported if it is invalid, with another check', INVALID, ['quotas'], 'quotas', FOUND],
    ['is not reported if it is invalid, with that check', INVALID, ['invalidStatement'], undefined, []],
    ['is not reported if it is invalid, with that check on the app', INVALID, [], 'invalidStatement', []],
  ])('%s', (_, statement, together, checkedBy, expected) => {
    expect(unknownIn(statement, together, checkedBy)).toEqual([expected, expected]);
  });
});
