import * as fc from 'fast-check';
import { analyzeAccess } from '../../src/iam/access-analysis';
import { Json } from '../../src/iam/statement';
import { OWN_ACCOUNT, attribute, computedAttribute, unresolved } from '../../src/iam/unresolved-text';
import { expectMessage } from '../support/messages';
import { randomCases } from '../support/random-cases';

const allow = (principal: Json, condition?: Json): Json => ({
  Effect: 'Allow',
  Principal: principal,
  Action: 'events:PutEvents',
  Resource: '*',
  ...(condition !== undefined && { Condition: condition }),
});
const wildcard = (condition: Json) => analyzeAccess(allow('*', condition)).access;
const service = (condition?: Json) => analyzeAccess(allow({ Service: 's3.amazonaws.com' }, condition)).access;

describe('a wildcard principal is public', () => {
  test.each<[string, Json]>([
    ['as text', '*'],
    ['as AWS principal', { AWS: '*' }],
    ['in a list', { AWS: ['*'] }],
    ['beside a named principal', { AWS: ['arn:aws:iam::111111111111:root', '*'] }],
    ['as account of an ARN', { AWS: 'arn:aws:iam::*:root' }],
    ['as part of an account', { AWS: 'arn:aws:iam::11111111111?:root' }],
    ['as service', { Service: '*' }],
    ['as part of the name of services', { Service: '*.amazonaws.com' }],
    ['as canonical user', { CanonicalUser: '*' }],
    ['in the account of an identity provider', { Federated: 'arn:aws:iam::*:saml-provider/idp' }],
    ['beside an unresolved principal', { AWS: [unresolved('parameter Stack/Principal'), '*'] }],
    ['as identity provider', { Federated: '*' }],
    ['as an identity provider of any AWS account', { Federated: 'cognito-identity.amazonaws.com' }],
  ])('%s', (_, principal) => {
    const { access, reason } = analyzeAccess(allow(principal));
    expect(access).toBe('public');
    expectMessage(reason);
  });

  test('with NotPrincipal', () => {
    expect(analyzeAccess({ Effect: 'Allow', NotPrincipal: { AWS: '111111111111' } }).access).toBe('public');
  });

  test('except in a Deny statement', () => {
    expect(analyzeAccess({ Effect: 'Deny', Principal: '*' }).access).toBe('none');
  });
});

describe('a named principal is not public', () => {
  test.each<[string, Json]>([
    ['an account', { AWS: '111111111111' }],
    ['the root of an account', { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] }],
    ['a role', { AWS: 'arn:aws:iam::111111111111:role/publisher' }],
    ['a role in the app', { AWS: attribute('Arn', 'Stack/Role') }],
    ['a role with an unresolved name', { AWS: `arn:aws:iam::111111111111:role/${unresolved('parameter Stack/Name')}` }],
    ['a deleted role', { AWS: 'AROAEXAMPLEEXAMPLE12' }],
    ['an identity provider of an account', { Federated: 'arn:aws:iam::111111111111:saml-provider/idp' }],
  ])('%s', (_, principal) => {
    expect(analyzeAccess(allow(principal)).access).toBe('named');
  });
});

describe('conditions restrict a wildcard', () => {
  test.each<[string, Json]>([
    ['to an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['to several organizations', { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-z9y8x7w6v5'] } }],
    ['by a key in any case', { stringequals: { 'AWS:principalorgid': 'o-a1b2c3d4e5' } }],
    [
      'to part of an organization',
      { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*' } },
    ],
    ['to accounts', { StringEquals: { 'aws:PrincipalAccount': ['111111111111', '222222222222'] } }],
    ['to the own account', { StringEquals: { 'aws:PrincipalAccount': OWN_ACCOUNT } }],
    ['to roles of an account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/team-*' } }],
    ['to a source account', { StringEquals: { 'aws:SourceAccount': '111111111111' } }],
    ['to a source', { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:111111111111:rule/*' } }],
    ['to a resource in the app', { ArnLike: { 'aws:SourceArn': attribute('Arn', 'Stack/Topic') } }],
    [
      'to an unresolved organization',
      { StringEquals: { 'aws:PrincipalOrgID': unresolved('parameter Stack/Organization') } },
    ],
    [
      'with a key that must be present',
      {
        'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' },
        Null: { 'aws:PrincipalOrgPaths': 'false' },
      },
    ],
    ['to its own organization', { StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } }],
    [
      'to its own organization, by a key of the resource',
      { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } },
    ],
    [
      'to units of its own organization',
      { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '${aws:ResourceOrgID}/r-ab12/*' } },
    ],
    ['to its own account, as a variable', { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } }],
    [
      'to sources in its own account, by a key of the resource',
      { StringEquals: { 'aws:ResourceAccount': '${aws:SourceAccount}' } },
    ],
    ['to the sessions of a role', { StringLike: { 'aws:userid': 'AROAEXAMPLEEXAMPLE12:*' } }],
    [
      'to the sessions of a role in the app',
      { StringLike: { 'aws:userid': `${attribute('RoleId', 'Stack/Role')}:*` } },
    ],
    ['to the own account, by the older key of topics', { StringEquals: { 'AWS:SourceOwner': '111111111111' } }],
    [
      'with a key that must be present, in any case',
      {
        'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' },
        NULL: { 'aws:PrincipalOrgPaths': 'false' },
      },
    ],
    [
      'with IfExists and a key that must be present',
      { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, Null: { 'aws:PrincipalOrgID': 'false' } },
    ],
    [
      'to a role name that depends on the principal',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/${aws:PrincipalTag/team}' } },
    ],
    ['to an organization, besides an invalid one', { StringEquals: { 'aws:PrincipalOrgID': ['o-*', 'o-a1b2c3d4e5'] } }],
    [
      'beside conditions on the event',
      { StringEquals: { 'events:source': 'com.example', 'aws:PrincipalAccount': '111111111111' } },
    ],
  ])('%s', (_, condition) => {
    expect(wildcard(condition)).toBe('named');
  });
});

describe('conditions do not restrict a wildcard', () => {
  test.each<[string, Json]>([
    ['when they are on the source of the event', { StringEquals: { 'events:source': 'com.example' } }],
    ['when they are on the detail type', { StringEquals: { 'events:detail-type': 'Order' } }],
    ['when they are on the network', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
    ['when they require encryption', { Bool: { 'aws:SecureTransport': 'true' } }],
    ['when they are negated', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['when the ARN is negated', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/x' } }],
    ['when the key may be missing', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['when a missing key passes', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' } }],
    [
      'when another key must be present',
      { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' }, Null: { 'events:source': 'false' } },
    ],
    [
      'when the key must be missing',
      {
        'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' },
        Null: { 'aws:PrincipalOrgPaths': 'true' },
      },
    ],
    ['when they only require that the key is present', { Null: { 'aws:PrincipalOrgID': 'false' } }],
    ['when the organization is a wildcard', { StringLike: { 'aws:PrincipalOrgID': '*' } }],
    ['when the organization has a wildcard', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
    ['when one of the values is a wildcard', { StringLike: { 'aws:PrincipalAccount': ['111111111111', '*'] } }],
    [
      'when the path names no organization',
      { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/ou-ab12-11111111/*' } },
    ],
    [
      'when the account of the role is a wildcard',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/publisher' } },
    ],
    [
      'when the account of the source is a wildcard',
      { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:*:rule/orders' } },
    ],
    ['when the source is a wildcard', { ArnLike: { 'aws:SourceArn': '*' } }],
    [
      'when they compare the principal with itself',
      { StringEquals: { 'aws:PrincipalAccount': '${aws:PrincipalAccount}' } },
    ],
    [
      'when they compare its organization with itself',
      { StringEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalOrgID}' } },
    ],
    [
      'when the role contains a variable of the principal',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::${aws:PrincipalAccount}:role/publisher' } },
    ],
    ['when the resource is compared with itself', { StringEquals: { 'aws:ResourceOrgID': '${aws:ResourceOrgID}' } }],
    ['when the resource is of an organization', { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3d4e5' } }],
    [
      'when they compare an application with itself',
      { StringEquals: { 'cognito-identity.amazonaws.com:aud': '${cognito-identity.amazonaws.com:aud}' } },
    ],
    ['when they are on a tag', { StringEquals: { 'aws:PrincipalTag/team': 'orders' } }],
    ['when the ID of the principal is a wildcard', { StringLike: { 'aws:userid': '*:session' } }],
    ['when the paths are a wildcard', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*' } }],
    ['when the ARN is a wildcard', { ArnLike: { 'aws:PrincipalArn': '*' } }],
    ['when the key must be missing, without another condition', { Null: { 'aws:PrincipalOrgID': 'true' } }],
    ['when they require a service', { Bool: { 'aws:PrincipalIsAWSService': 'true' } }],
    ['when they name a service', { StringEquals: { 'aws:PrincipalServiceName': 'events.amazonaws.com' } }],
    ['when there is no value', { StringEquals: { 'aws:PrincipalAccount': [] } }],
    ['when a key is inherited by every object', { StringEquals: { constructor: '111111111111' } }],
    ['when there are none', {}],
    ['when they are no conditions', 'aws:PrincipalOrgID'],
    ['when an operator has no keys', { StringEquals: 'o-a1b2c3d4e5' }],
  ])('%s', (_, condition) => {
    expect(wildcard(condition)).toBe('public');
  });
});

describe('a service acts on behalf of any AWS account', () => {
  test.each<[string, Json | undefined, string]>([
    ['without a condition', undefined, 'public'],
    ['with a source account', { StringEquals: { 'AWS:SourceAccount': '111111111111' } }, 'named'],
    [
      'with a source ARN',
      { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/orders' } },
      'named',
    ],
    ['with a bucket, whose ARN has no account', { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' } }, 'named'],
    ['with every bucket', { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::*' } }, 'public'],
    ['with every bucket of a name', { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::a*' } }, 'public'],
    [
      'with every API of every account',
      { ArnLike: { 'AWS:SourceArn': 'arn:aws:apigateway:eu-west-1::/restapis/*' } },
      'public',
    ],
    ['with a source organization', { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }, 'named'],
    [
      'with the organization of the principal, which a service does not have',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      'none',
    ],
    ['with the account of the principal', { StringEquals: { 'aws:PrincipalAccount': '111111111111' } }, 'public'],
    ['with a source of its own organization', { StringEquals: { 'aws:SourceOrgID': '${aws:ResourceOrgID}' } }, 'named'],
    ['with the token of a skill', { StringEquals: { 'lambda:EventSourceToken': 'amzn1.ask.skill.1' } }, 'named'],
  ])('%s', (_, condition, expected) => {
    expect(service(condition)).toBe(expected);
  });
});

describe('a condition that never matches allows no principal', () => {
  test.each<[string, Json]>([
    ['an exact match with a wildcard', { StringEquals: { 'aws:PrincipalOrgID': 'o-*' } }],
    [
      'a key that must be missing and have a value',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' }, Null: { 'aws:PrincipalOrgID': 'true' } },
    ],
    [
      'a key of an event that must be missing and have a value',
      { StringEquals: { 'events:source': 'com.shop' }, Null: { 'events:source': 'true' } },
    ],
  ])('%s', (_, condition) => {
    expect(wildcard(condition)).toBe('none');
  });
});

describe('restrictions have their principals', () => {
  const bounds = (principal: Json, condition?: Json) =>
    analyzeAccess(allow(principal, condition)).restrictions.map(({ key, principals }) => [
      key,
      ...principals.map(({ account, organization, name }) => account ?? organization ?? name),
    ]);

  test.each<[string, Json, Json | undefined, string[][]]>([
    [
      'by principals',
      { AWS: ['111111111111', 'arn:aws:iam::222222222222:role/r'] },
      undefined,
      [['Principal', '111111111111', '222222222222']],
    ],
    [
      'by conditions',
      '*',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'events:source': 'x' } },
      [['aws:principalorgid', 'o-a1b2c3d4e5']],
    ],
    [
      'by units',
      '*',
      { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } },
      [['aws:principalorgpaths', 'o-a1b2c3d4e5']],
    ],
    [
      'by both',
      { AWS: '111111111111' },
      { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      [
        ['Principal', '111111111111'],
        ['aws:principalorgid', 'o-a1b2c3d4e5'],
      ],
    ],
    [
      'by the source of a service',
      { Service: 'sns.amazonaws.com' },
      { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-west-1:111111111111:t' } },
      [['aws:sourcearn', '111111111111']],
    ],
    [
      'by a condition on an unresolved principal',
      { AWS: unresolved('parameter Stack/Who') },
      { StringEquals: { 'aws:PrincipalAccount': '111111111111' } },
      [['aws:principalaccount', '111111111111']],
    ],
    [
      'without a service that a condition excludes',
      { Service: 'sns.amazonaws.com', AWS: '111111111111' },
      { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      [
        ['Principal', '111111111111'],
        ['aws:principalorgid', 'o-a1b2c3d4e5'],
      ],
    ],
    ['except for public access', '*', undefined, []],
  ])('%s', (_, principal, condition, expected) => {
    expect(bounds(principal, condition)).toEqual(expected);
  });
});

describe('access is unknown for', () => {
  test.each<[string, Json]>([
    ['a statement that is text', 'Allow everything'],
    ['a statement that is a list', []],
    ['no effect', { Principal: '*' }],
    ['an effect in another case', { ...(allow('*') as object), Effect: 'allow' }],
    ['an unresolved effect', { ...(allow('*') as object), Effect: unresolved('Fn::If in Stack') }],
    ['a wildcard within a principal', allow({ AWS: 'arn:aws:iam::222222222222:role/*' })],
    ['a principal that is computed at deployment', allow({ AWS: computedAttribute('Arn', 'Stack/Lookup') })],
    [
      'an organization that is computed at deployment',
      allow('*', { StringEquals: { 'aws:PrincipalOrgID': computedAttribute('Id', 'Stack/Lookup') } }),
    ],
    ['unresolved conditions', allow('*', unresolved('Fn::If in Stack'))],
    ['unresolved keys of an operator', allow('*', { StringEquals: unresolved('Fn::If in Stack') })],
    [
      'a source in an unresolved account',
      allow('*', { ArnLike: { 'aws:SourceArn': `arn:aws:events:*:${unresolved('parameter Stack/Account')}:rule/*` } }),
    ],
    ['null instead of a statement', null],
    ['no principal', { Effect: 'Allow' }],
    ['a principal that is a number', allow(1)],
    ['a principal that is JSON as text', allow('{"AWS":"*"}')],
    ['an empty principal', allow({})],
    ['a principal of an unknown type', allow({ Aws: '111111111111' })],
    ['a principal type that every object inherits', allow({ constructor: '111111111111' })],
    ['an account that is too short', allow({ AWS: '1111' })],
    ['a parameter as principal', allow({ AWS: unresolved('parameter Stack/Principal') })],
    ['an unresolved role', allow('*', { ArnLike: { 'aws:PrincipalArn': unresolved('parameter Stack/Role') } })],
  ])('%s', (_, statement) => {
    expect(analyzeAccess(statement).access).toBe('unknown');
  });

  test('random values, or another access with a reason', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (principal, condition) => {
        const { access, reason } = analyzeAccess(allow(principal as Json, condition as Json));
        expect(reason).not.toBe('');
        if (access === 'named') expect(typeof principal).toBe('object');
      }),
      randomCases(1_000),
    );
  });
});

describe('the reason for the access of', () => {
  const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

  test.each<[string, Json, string]>([
    ['a wildcard', allow('*'), 'public'],
    ['a wildcard in an account', allow({ AWS: 'arn:aws:iam::*:role/x' }), 'public'],
    ['NotPrincipal', { Effect: 'Allow', NotPrincipal: { AWS: '111111111111' } }, 'public'],
    ['a service', allow({ Service: 's3.amazonaws.com' }), 'public'],
    [
      'a service with a condition on the principal',
      allow({ Service: 's3.amazonaws.com' }, { StringEquals: { 'aws:PrincipalAccount': '111111111111' } }),
      'public',
    ],
    ['an identity provider of any AWS account', allow({ Federated: 'cognito-identity.amazonaws.com' }), 'public'],
    [
      'an identity provider',
      allow({ Federated: 'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com' }),
      'public',
    ],
    [
      'guests of an application',
      allow(
        { Federated: 'cognito-identity.amazonaws.com' },
        { 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' } },
      ),
      'public',
    ],
    [
      'a wildcard with several conditions',
      allow('*', { StringEquals: { 'events:source': 'x' }, StringLike: { 'aws:PrincipalOrgID': 'o-*' } }),
      'public',
    ],
    ['a condition with IfExists', allow('*', { StringEqualsIfExists: organization.StringEquals }), 'public'],
    ['a negated condition', allow('*', { StringNotEquals: organization.StringEquals }), 'public'],
    ['a condition without value', allow('*', { StringEquals: { 'aws:PrincipalOrgID': [] } }), 'public'],
    [
      'a condition on the principal itself',
      allow('*', { StringEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalOrgID}' } }),
      'public',
    ],
    ['a condition on services', allow('*', { Bool: { 'aws:PrincipalIsAWSService': 'true' } }), 'public'],
    ['an organization', allow('*', organization), 'named'],
    ['an account', allow({ AWS: '111111111111' }), 'named'],
    ['an exact match with a wildcard', allow('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-*' } }), 'none'],
    ['a key that must be missing', allow('*', { ...organization, Null: { 'aws:PrincipalOrgID': 'true' } }), 'none'],
    ['a service with an organization', allow({ Service: 's3.amazonaws.com' }, organization), 'none'],
    ['a Deny statement', { ...(allow('*') as object), Effect: 'Deny' }, 'none'],
    ['an invalid effect', { ...(allow('*') as object), Effect: 'allow' }, 'unknown'],
    ['text', 'Allow everything', 'unknown'],
    ['an invalid principal', allow({ Aws: '111111111111' }), 'unknown'],
    ['no principal', { Effect: 'Allow' }, 'unknown'],
    ['a wildcard within a principal', allow({ AWS: 'arn:aws:iam::222222222222:role/*' }), 'unknown'],
    ['an unresolved principal', allow({ AWS: unresolved('parameter Stack/Principal') }), 'unknown'],
    ['unresolved conditions', allow('*', unresolved('Fn::If in Stack')), 'unknown'],
    ['unresolved keys', allow('*', { StringEquals: unresolved('Fn::If in Stack') }), 'unknown'],
    [
      'an unresolved role',
      allow('*', { ArnLike: { 'aws:PrincipalArn': unresolved('parameter Stack/Role') } }),
      'unknown',
    ],
  ])('%s', (_, statement, expected) => {
    const { access, reason } = analyzeAccess(statement);
    expect(access).toBe(expected);
    expectMessage(reason);
  });
});
