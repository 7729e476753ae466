import { Json } from '../../src/iam/statement';
import { allowsAssumeRole, findOpenTrust } from '../../src/iam/trust-policy';
import { unresolved } from '../../src/iam/unresolved-text';

const UNKNOWN = unresolved('parameter Hub:Name');
const ACCOUNT = 'arn:aws:iam::111111111111:root';
const SOURCE = { StringLike: { 'aws:SourceArn': '*' } };

/** Whether any principal can assume the role: 'yes', 'perhaps' or 'no'. */
function trust(elements: { readonly [element: string]: Json }): string {
  const open = findOpenTrust({ Effect: 'Allow', Action: 'sts:AssumeRole', ...elements });
  if (open === undefined) return 'no';
  return open.sure ? 'yes' : 'perhaps';
}

test.each<[string, string, { readonly [element: string]: Json }]>([
  ['an account', 'no', { Principal: { AWS: ACCOUNT } }],
  ['any account', 'yes', { Principal: { AWS: '*' } }],
  ['any account as text', 'yes', { Principal: '*' }],
  ['an unknown principal', 'perhaps', { Principal: UNKNOWN }],
  ['any account in a denied statement', 'no', { Effect: 'Deny', Principal: '*' }],
  ['any account for another action', 'no', { Action: 'sts:TagSession', Principal: '*' }],
  ['a service', 'no', { Principal: { Service: 'events.amazonaws.com' } }],
  ['a service beside any account', 'yes', { Principal: { Service: 'events.amazonaws.com', AWS: '*' } }],
  ['a service beside an account', 'no', { Principal: { Service: 'events.amazonaws.com', AWS: ACCOUNT } }],
  ['a service for any source', 'yes', { Principal: { Service: 'events.amazonaws.com' }, Condition: SOURCE }],
  [
    'one of two services for any source',
    'yes',
    { Principal: { Service: ['ec2.amazonaws.com', 'scheduler.amazonaws.com'] }, Condition: SOURCE },
  ],
  [
    'a service for a source account',
    'no',
    {
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
    },
  ],
  [
    'a service for an unknown source account',
    'perhaps',
    { Principal: { Service: 'events.amazonaws.com' }, Condition: { StringLike: { 'aws:SourceAccount': UNKNOWN } } },
  ],
  [
    'a service with another condition',
    'no',
    { Principal: { Service: 'events.amazonaws.com' }, Condition: { StringLike: { 'aws:RequestTag/a': '*' } } },
  ],
  [
    'a service for a source account, if there is one',
    'yes',
    {
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111111111111' } },
    },
  ],
  [
    'a service that may have no source, for a source account if there is one',
    'no',
    {
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111111111111' } },
    },
  ],
  [
    'a service that may have no source, for any source if there is one',
    'yes',
    { Principal: { Service: 'lambda.amazonaws.com' }, Condition: { ArnLikeIfExists: { 'aws:SourceArn': '*' } } },
  ],
  [
    'a service that may have no source, for one of several organizations',
    'no',
    {
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { 'ForAnyValue:StringEquals': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' } },
    },
  ],
  [
    'a service that may have no source, for all of its organizations',
    'no',
    {
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { 'ForAllValues:StringEquals': { 'aws:SourceOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/' } },
    },
  ],
])('%s can assume a role: %s', (_, expected, elements) => {
  expect(trust(elements)).toBe(expected);
});

test.each(['AWS:SOURCEARN', 'aws:sourceaccount', 'aws:SourceOrgID', 'aws:SourceOrgPaths'])(
  'the key %s identifies the source',
  (key) => {
    const Condition = { StringLike: { [key]: '*' } };
    expect(trust({ Principal: { Service: 'states.amazonaws.com' }, Condition })).toBe('yes');
  },
);

test.each(['my:aws:SourceArn', 'aws:SourceArnX', 'aws:SourceIdentity'])('the key %s is another one', (key) => {
  const Condition = { StringLike: { [key]: '*' } };
  expect(trust({ Principal: { Service: 'states.amazonaws.com' }, Condition })).toBe('no');
});

test('what is sure is reported before what is not', () => {
  const Principal = { Service: UNKNOWN, AWS: '*' };
  expect(trust({ Principal, Condition: SOURCE })).toBe('yes');
});

test('a value that is no statement may allow anything', () => {
  expect(findOpenTrust(['a'])).toEqual({ sure: false, reason: 'it is not a policy statement: ["a"]' });
});

test('the reason is that of the analysis', () => {
  const open = findOpenTrust({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: '*' });
  expect(open).toEqual({ sure: true, reason: expect.stringContaining('*') as string });
});

test.each<[Record<string, Json>, boolean]>([
  [{ Action: 'sts:AssumeRole' }, true],
  [{ Action: 'STS:assumerole' }, true],
  [{ Action: ['sts:TagSession', 'sts:AssumeRoleWithSAML'] }, true],
  [{ Action: 'sts:AssumeRoleWithWebIdentity' }, true],
  [{ Action: 'sts:*' }, true],
  [{ Action: UNKNOWN }, true],
  [{ Action: 'sts:TagSession' }, false],
  [{ Action: [] }, false],
  [{ NotAction: 'sts:TagSession' }, true],
  [{ NotAction: 'sts:AssumeRole' }, true],
  [{ NotAction: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML'] }, true],
  [{ NotAction: ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'] }, false],
  [{ NotAction: 'sts:*' }, false],
  [{ NotAction: UNKNOWN }, true],
  [{}, true],
])('%j assumes roles: %s', (elements, expected) => {
  expect(allowsAssumeRole(elements)).toBe(expected);
});
