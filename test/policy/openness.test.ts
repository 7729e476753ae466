import * as fc from 'fast-check';
import { opennessOf } from '../../src/policy/openness';
import { Json } from '../../src/policy/statement';
import { OWN_ACCOUNT, attribute, unknown } from '../../src/policy/text';

const allow = (principal: Json, condition?: Json): Json => ({
  Effect: 'Allow', Principal: principal, Action: 'events:PutEvents', Resource: '*', ...(condition !== undefined && { Condition: condition }),
});
const wildcard = (condition: Json) => opennessOf(allow('*', condition)).to;
const service = (condition?: Json) => opennessOf(allow({ Service: 's3.amazonaws.com' }, condition)).to;

describe('a wildcard principal lets in anyone', () => {
  test.each<[string, Json]>([
    ['as text', '*'],
    ['as AWS principal', { AWS: '*' }],
    ['in a list', { AWS: ['*'] }],
    ['beside a named one', { AWS: ['arn:aws:iam::111111111111:root', '*'] }],
    ['as account of an ARN', { AWS: 'arn:aws:iam::*:root' }],
    ['as part of an account', { AWS: 'arn:aws:iam::11111111111?:root' }],
    ['as service', { Service: '*' }],
    ['as identity provider', { Federated: '*' }],
    ['as an identity provider that serves every account', { Federated: 'cognito-identity.amazonaws.com' }],
  ])('%s', (_, principal) => {
    expect(opennessOf(allow(principal))).toMatchObject({ to: 'anyone', because: expect.stringContaining('no condition limits the caller') });
  });

  test('as what NotPrincipal leaves', () => {
    expect(opennessOf({ Effect: 'Allow', NotPrincipal: { AWS: '111111111111' } }).to).toBe('anyone');
  });

  test('but not in a statement that denies', () => {
    expect(opennessOf({ Effect: 'Deny', Principal: '*' }).to).toBe('nobody');
  });
});

describe('a named principal is no finding', () => {
  test.each<[string, Json]>([
    ['an account', { AWS: '111111111111' }],
    ['the root of an account', { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] }],
    ['a role', { AWS: 'arn:aws:iam::111111111111:role/publisher' }],
    ['a role of the app', { AWS: attribute('Arn', 'Stack/Role') }],
    ['a role with a name of deployment', { AWS: `arn:aws:iam::111111111111:role/${unknown('parameter Stack/Name')}` }],
    ['a deleted role', { AWS: 'AROAEXAMPLEEXAMPLE12' }],
    ['an identity provider of an account', { Federated: 'arn:aws:iam::111111111111:saml-provider/idp' }],
  ])('%s', (_, principal) => {
    expect(opennessOf(allow(principal)).to).toBe('named callers');
  });
});

describe('conditions limit a wildcard', () => {
  test.each<[string, Json]>([
    ['to an organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['to several organizations', { StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', 'o-z9y8x7w6v5'] } }],
    ['whatever the case of the key', { stringequals: { 'AWS:principalorgid': 'o-a1b2c3d4e5' } }],
    ['to part of an organization', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*' } }],
    ['to accounts', { StringEquals: { 'aws:PrincipalAccount': ['111111111111', '222222222222'] } }],
    ['to the own account', { StringEquals: { 'aws:PrincipalAccount': OWN_ACCOUNT } }],
    ['to roles of an account', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/team-*' } }],
    ['to a source account', { StringEquals: { 'aws:SourceAccount': '111111111111' } }],
    ['to a source', { ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:111111111111:rule/*' } }],
    ['to a resource of the app', { ArnLike: { 'aws:SourceArn': attribute('Arn', 'Stack/Topic') } }],
    ['to an organization that is known at deployment', { StringEquals: { 'aws:PrincipalOrgID': unknown('parameter Stack/Organization') } }],
    ['with a key that must be there', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' }, 'Null': { 'aws:PrincipalOrgPaths': 'false' } }],
    ['beside conditions on the event', { StringEquals: { 'events:source': 'com.example', 'aws:PrincipalAccount': '111111111111' } }],
  ])('%s', (_, condition) => {
    expect(wildcard(condition)).toBe('named callers');
  });
});

describe('conditions do not limit a wildcard', () => {
  test.each<[string, Json]>([
    ['when they are on the source of the event', { StringEquals: { 'events:source': 'com.example' } }],
    ['when they are on the detail type', { StringEquals: { 'events:detail-type': 'Order' } }],
    ['when they are on the network', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }],
    ['when they ask for encryption', { Bool: { 'aws:SecureTransport': 'true' } }],
    ['when they are negated', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['when the ARN is negated', { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/x' } }],
    ['when the key may be missing', { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['when a missing key passes', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' } }],
    ['when another key must be there', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' }, 'Null': { 'events:source': 'false' } }],
    ['when the key must be missing', { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' }, 'Null': { 'aws:PrincipalOrgPaths': 'true' } }],
    ['when they only ask that the key is there', { Null: { 'aws:PrincipalOrgID': 'false' } }],
    ['when the organization is a wildcard', { StringLike: { 'aws:PrincipalOrgID': '*' } }],
    ['when the organization has a wildcard', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
    ['when one of the values is a wildcard', { StringLike: { 'aws:PrincipalAccount': ['111111111111', '*'] } }],
    ['when the path names no organization', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': '*/ou-ab12-11111111/*' } }],
    ['when the account of the role is a wildcard', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/publisher' } }],
    ['when the account of the source is a wildcard', { ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:*:rule/orders' } }],
    ['when the source is a wildcard', { ArnLike: { 'aws:SourceArn': '*' } }],
    ['when there is no value', { StringEquals: { 'aws:PrincipalAccount': [] } }],
    ['when a key is inherited by every object', { StringEquals: { constructor: '111111111111' } }],
    ['when there are none', {}],
    ['when they are no conditions', 'aws:PrincipalOrgID'],
    ['when an operator has no keys', { StringEquals: 'o-a1b2c3d4e5' }],
  ])('%s', (_, condition) => {
    expect(wildcard(condition)).toBe('anyone');
  });

  test('and the reason names each of them', () => {
    expect(opennessOf(allow('*', { StringEquals: { 'events:source': 'x' }, StringLike: { 'aws:PrincipalOrgID': 'o-*' } })).because)
      .toBe("Principal '*' and 'events:source' does not limit the caller, 'aws:PrincipalOrgID' is 'o-*', which names nobody");
  });
});

describe('a service acts for every account', () => {
  test.each<[string, Json | undefined, string]>([
    ['without a condition', undefined, 'anyone'],
    ['with a source account', { StringEquals: { 'AWS:SourceAccount': '111111111111' } }, 'named callers'],
    ['with a source ARN', { ArnLike: { 'AWS:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/orders' } }, 'named callers'],
    ['with a bucket, whose ARN has no account', { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::bucket' } }, 'named callers'],
    ['with every bucket', { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::*' } }, 'anyone'],
    ['with every bucket of a name', { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::a*' } }, 'anyone'],
    ['with every API of every account', { ArnLike: { 'AWS:SourceArn': 'arn:aws:apigateway:eu-west-1::/restapis/*' } }, 'anyone'],
    ['with a source organization', { StringEquals: { 'aws:SourceOrgID': 'o-a1b2c3d4e5' } }, 'named callers'],
    ['with the organization of the principal, which a service has not', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, 'anyone'],
    ['with the token of a skill', { StringEquals: { 'lambda:EventSourceToken': 'amzn1.ask.skill.1' } }, 'named callers'],
  ])('%s', (_, condition, expected) => {
    expect(service(condition)).toBe(expected);
  });
});

describe('what cannot be told is said, and never taken for approval', () => {
  test.each<[string, Json]>([
    ['a statement that is text', 'Allow everything'],
    ['a statement that is a list', []],
    ['no statement', null],
    ['no principal', { Effect: 'Allow' }],
    ['a principal that is a number', allow(1)],
    ['an empty principal', allow({})],
    ['a principal of an unknown type', allow({ Aws: '111111111111' })],
    ['a principal type that every object inherits', allow({ constructor: '111111111111' })],
    ['an account that is too short', allow({ AWS: '1111' })],
    ['a parameter as principal', allow({ AWS: unknown('parameter Stack/Principal') })],
    ['a pattern of deployment as role', allow('*', { ArnLike: { 'aws:PrincipalArn': unknown('parameter Stack/Role') } })],
  ])('%s', (_, statement) => {
    expect(opennessOf(statement).to).toBe('undecided');
  });

  test('whatever the statement is', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (principal, condition) => {
      const { to, because } = opennessOf(allow(principal as Json, condition as Json));
      expect(because).not.toBe('');
      if (to === 'named callers') expect(typeof principal).toBe('object');
    }));
  });
});
