import { ShortFormProperties, shortFormFault, statementForShortForm } from '../../src/eventbridge/short-form';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';

const UNKNOWN = unresolved('parameter Hub:Name');
const ORGANIZATION = { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-a1b2c3d4e5' };

test.each<[string, ShortFormProperties]>([
  ['an account', { principal: '111111111111' }],
  ['any account', { principal: '*', action: 'events:PutEvents' }],
  ['an organization', { principal: '*', condition: ORGANIZATION }],
  [
    'an organization, with the key in another case',
    { principal: '*', condition: { ...ORGANIZATION, Key: 'AWS:principalorgid' } },
  ],
  ['an unresolved principal', { principal: UNKNOWN }],
  ['unresolved values', { principal: '*', condition: { Type: UNKNOWN, Key: { Ref: UNKNOWN }, Value: UNKNOWN } }],
  ['a condition that is no object', { principal: '*', condition: 'a' }],
])('the short form can have %s', (_, properties) => {
  expect(shortFormFault(properties)).toBeUndefined();
});

test.each<[ShortFormProperties, string, Json | undefined, string]>([
  [{}, 'Principal', undefined, "an account ID or '*'"],
  [{ principal: '**' }, 'Principal', '**', "an account ID or '*'"],
  [{ principal: '1111111111111' }, 'Principal', '1111111111111', "an account ID or '*'"],
  [{ principal: 111111111111 }, 'Principal', 111111111111, "an account ID or '*'"],
  [{ principal: '*', action: 'events:PutEvents*' }, 'Action', 'events:PutEvents*', "'events:PutEvents'"],
  [{ principal: '*', action: '*events:PutEvents' }, 'Action', '*events:PutEvents', "'events:PutEvents'"],
  [{ principal: 'a', action: 'a' }, 'Action', 'a', "'events:PutEvents'"],
  ...(
    [
      ['Type', 'StringLike', "'StringEquals'"],
      ['Type', 'StringEqualsIfExists', "'StringEquals'"],
      ['Type', 'ForAnyValue:StringEquals', "'StringEquals'"],
      ['Key', 'aws:PrincipalOrgIDs', "'aws:PrincipalOrgID'"],
      ['Key', 'my:aws:PrincipalOrgID', "'aws:PrincipalOrgID'"],
      ['Value', '', 'the ID of an organization'],
    ] as const
  ).map(([name, value, accepted]): [ShortFormProperties, string, Json, string] => [
    { principal: '*', condition: { ...ORGANIZATION, [name]: value } },
    `Condition.${name}`,
    value,
    accepted,
  ]),
])('fails for %j at %s', (properties, property, value, accepted) => {
  expect(shortFormFault(properties)).toEqual({ property, value, accepted });
});

test.each<[Json | undefined, Json | undefined]>([
  [undefined, undefined],
  ['a', undefined],
  [{ StringEquals: { 'aws:PrincipalOrgID': 'o-a' } }, { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } }],
  [{ StringEquals: { 'aws:PrincipalArn': ['a', 'b*'] } }, { StringLike: { 'aws:PrincipalArn': ['a', 'b*'] } }],
  [{ StringEquals: { 'aws:PrincipalArn': 'b?' } }, { StringLike: { 'aws:PrincipalArn': 'b?' } }],
  [{ ArnEquals: { 'aws:PrincipalArn': 'b*' } }, { ArnEquals: { 'aws:PrincipalArn': 'b*' } }],
  [{ StringEquals: { a: "${aws:PrincipalTag/a, '*'}" } }, { StringEquals: { a: "${aws:PrincipalTag/a, '*'}" } }],
  [
    { StringLike: { 'aws:PrincipalOrgPaths': 'o-a/*' } },
    { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a/*' } },
  ],
  [
    { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a/*' } },
    { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a/*' } },
  ],
  [{ StringEquals: 'a' }, {}],
])('the condition %j becomes %j', (Condition, expected) => {
  const statement = { Sid: 'a', Effect: 'Allow', Principal: '*', ...(Condition !== undefined && { Condition }) };
  expect(statementForShortForm(statement)).toEqual({
    Effect: 'Allow',
    Principal: '*',
    ...(expected !== undefined && { Condition: expected }),
  });
});
