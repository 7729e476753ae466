import { RequestContext } from '../../src/iam/condition-keys';
import { Request, evaluate } from '../../src/iam/evaluate';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';
import { expectMessage } from '../support/messages';

const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const ROLE = 'arn:aws:iam::222222222222:role/publisher';
const request = (context: RequestContext = {}, more: Partial<Request> = {}): Request => ({
  action: 'events:PutEvents',
  resource: BUS,
  principalArn: ROLE,
  account: '222222222222',
  context: [context],
  ...more,
});
const allow = (more: { [element: string]: Json } = {}): Json => ({
  Sid: 'Publish',
  Effect: 'Allow',
  Action: 'events:PutEvents',
  Resource: BUS,
  ...more,
});
const decide = (statement: Json, call = request()) => evaluate([statement], call).decision;
const when = (condition: Json, context: RequestContext = {}) =>
  decide(allow({ Condition: condition }), request(context));

/** Evaluates statements, and expects the reason in the file of messages. Returns what else was decided. */
function evaluateWithReason(...statements: Json[]) {
  const { reason, ...evaluation } = evaluate(statements, request());
  expectMessage(reason);
  return evaluation;
}

describe('a statement matches a request', () => {
  test.each<[string, Json, string]>([
    ['by its action', allow(), 'allowed'],
    ['by its action in any case', allow({ Action: 'EVENTS:putevents' }), 'allowed'],
    ['by one of its actions', allow({ Action: ['events:DescribeRule', 'events:PutEvents'] }), 'allowed'],
    ['by a wildcard of actions', allow({ Action: 'events:Put*' }), 'allowed'],
    ['unless it is for another action', allow({ Action: 'events:PutRule' }), 'denied'],
    ['unless the action is excluded', { Effect: 'Allow', NotAction: 'events:Put*', Resource: BUS }, 'denied'],
    [
      'by an action and resource that are not excluded',
      { Effect: 'Allow', NotAction: 's3:*', NotResource: 'arn:aws:s3:::*' },
      'allowed',
    ],
    ['by a wildcard of resources', allow({ Resource: 'arn:aws:events:*:111111111111:event-bus/ord?rs' }), 'allowed'],
    ['unless it is for another resource', allow({ Resource: `${BUS}2` }), 'denied'],
    [
      'unless it has another character in place of a dot',
      allow({ Resource: BUS.replace('orders', 'o.ders') }),
      'denied',
    ],
    [
      'by an unresolved resource, perhaps',
      allow({ Resource: `arn:aws:events:eu-west-1:111111111111:event-bus/${unresolved('parameter Name')}` }),
      'unknown',
    ],
    ['unless it is not a statement', 'Allow', 'denied'],
  ])('%s', (_, statement, decision) => {
    expect(decide(statement)).toBe(decision);
  });
});

describe('a principal that matches is', () => {
  test.each<[string, Json, Partial<Request>, string]>([
    ['a wildcard', '*', {}, 'allowed'],
    ['a wildcard as AWS principal', { AWS: '*' }, {}, 'allowed'],
    ['an account by its number', { AWS: '222222222222' }, {}, 'allowed'],
    [
      'an account by its root',
      { AWS: ['arn:aws:iam::333333333333:root', 'arn:aws:iam::222222222222:root'] },
      {},
      'allowed',
    ],
    ['not another account', { AWS: 'arn:aws:iam::333333333333:root' }, {}, 'denied'],
    ['an identity provider, perhaps', { Federated: 'arn:aws:iam::222222222222:saml-provider/idp' }, {}, 'unknown'],
    ['the role itself', { AWS: ROLE }, {}, 'allowed'],
    ['not another role', { AWS: `${ROLE}2` }, {}, 'denied'],
    ['an unresolved role, perhaps', { AWS: unresolved('parameter Role') }, {}, 'unknown'],
    ['an invalid principal, perhaps', 'everybody', {}, 'unknown'],
    [
      'a service',
      { Service: 'events.amazonaws.com' },
      { service: 'events.amazonaws.com', principalArn: undefined, account: undefined },
      'allowed',
    ],
    ['not another service', { Service: 's3.amazonaws.com' }, { service: 'events.amazonaws.com' }, 'denied'],
    ['any service', { Service: '*' }, { service: 'events.amazonaws.com' }, 'allowed'],
    [
      'perhaps a service that is known only at deployment',
      { Service: unresolved('parameter Service') },
      { service: 'events.amazonaws.com' },
      'unknown',
    ],
    ['no service if a role makes the call', { Service: unresolved('parameter Service') }, {}, 'denied'],
    [
      'not an account if a service makes the call',
      { AWS: '222222222222' },
      { service: 'events.amazonaws.com' },
      'denied',
    ],
  ])('%s', (_, principal, more, decision) => {
    expect(decide(allow({ Principal: principal }), request({}, more))).toBe(decision);
  });

  test('any that NotPrincipal does not list', () => {
    expect(decide(allow({ NotPrincipal: { AWS: ROLE } }))).toBe('denied');
    expect(decide(allow({ NotPrincipal: { AWS: '333333333333' } }))).toBe('allowed');
  });
});

describe('a condition', () => {
  const sources = (...values: string[]) => ({ 'events:source': values });

  test.each<[string, Json, RequestContext, string]>([
    ['compares text', { StringEquals: { 'events:source': 'shop' } }, sources('shop'), 'allowed'],
    ['compares wildcard characters exactly', { StringEquals: { 'events:source': 'sh*' } }, sources('shop'), 'denied'],
    ['compares keys in any case', { stringEquals: { 'Events:Source': 'shop' } }, sources('shop'), 'allowed'],
    ['ignores case', { StringEqualsIgnoreCase: { 'events:source': 'SHOP' } }, sources('shop'), 'allowed'],
    ['matches wildcards', { StringLike: { 'events:source': 'sh?p*' } }, sources('shop'), 'allowed'],
    ['matches one of its values', { StringEquals: { 'events:source': ['store', 'shop'] } }, sources('shop'), 'allowed'],
    ['does not match another value', { StringEquals: { 'events:source': 'shop' } }, sources('store'), 'denied'],
    ['does not match a missing key', { StringEquals: { 'events:source': 'shop' } }, {}, 'denied'],
    ['matches a missing key with IfExists', { StringEqualsIfExists: { 'events:source': 'shop' } }, {}, 'allowed'],
    [
      'compares a present key with IfExists',
      { StringEqualsIfExists: { 'events:source': 'shop' } },
      sources('store'),
      'denied',
    ],
    ['is negated', { StringNotEquals: { 'events:source': 'shop' } }, sources('store'), 'allowed'],
    ['is negated and does not match', { StringNotLike: { 'events:source': 'sh*' } }, sources('shop'), 'denied'],
    ['is negated and matches a missing key', { StringNotEquals: { 'events:source': 'shop' } }, {}, 'allowed'],
    [
      'is for all values',
      { 'ForAllValues:StringEquals': { 'events:source': ['shop', 'store'] } },
      sources('shop', 'store'),
      'allowed',
    ],
    [
      'is for all values and does not match one',
      { 'ForAllValues:StringEquals': { 'events:source': 'shop' } },
      sources('shop', 'store'),
      'denied',
    ],
    [
      'is for all values and matches a missing key',
      { 'ForAllValues:StringEquals': { 'events:source': 'shop' } },
      {},
      'allowed',
    ],
    [
      'is for any value',
      { 'ForAnyValue:StringEquals': { 'events:source': 'shop' } },
      sources('shop', 'store'),
      'allowed',
    ],
    [
      'is for any value and does not match a missing key',
      { 'ForAnyValue:StringEquals': { 'events:source': 'shop' } },
      {},
      'denied',
    ],
    [
      'is negated for any value',
      { 'ForAnyValue:StringNotEquals': { 'events:source': 'shop' } },
      sources('shop', 'store'),
      'allowed',
    ],
    [
      'is negated for all values',
      { 'ForAllValues:StringNotEquals': { 'events:source': 'shop' } },
      sources('shop', 'store'),
      'denied',
    ],
    ['requires a key', { Null: { 'events:source': 'false' } }, sources('shop'), 'allowed'],
    ['requires a key that is missing', { Null: { 'events:source': 'false' } }, {}, 'denied'],
    ['requires that a key is missing', { Null: { 'events:source': 'true' } }, {}, 'allowed'],
    ['requires that a present key is missing', { Null: { 'events:source': 'true' } }, sources('shop'), 'denied'],
    [
      'compares a Boolean',
      { Bool: { 'events:eventBusInvocation': 'True' } },
      { 'events:eventbusinvocation': ['true'] },
      'allowed',
    ],
    ['depends on the organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, {}, 'unknown'],
    ['has an unknown operator', { NumericSmaller: { 'events:source': '3' } }, sources('shop'), 'unknown'],
    [
      'has an operator that every object inherits',
      { constructor: { 'events:source': 'x' } },
      sources('shop'),
      'unknown',
    ],
    [
      'is unresolved',
      { StringEquals: { 'events:source': unresolved('parameter Source') } },
      sources('shop'),
      'unknown',
    ],
    ['is invalid', 'shop', {}, 'unknown'],
    [
      'is one of several, and another does not match',
      { StringEquals: { 'events:source': 'shop', 'events:detail-type': 'Order' } },
      sources('shop'),
      'denied',
    ],
  ])('%s', (_, condition, context, decision) => {
    expect(when(condition, context)).toBe(decision);
  });

  test.each([
    ['arn:aws:events:eu-west-1:111111111111:rule/orders/*', 'allowed'],
    ['arn:aws:events:*:111111111111:rule/*', 'allowed'],
    ['arn:aws:*:111111111111:rule/*', 'denied'],
    ['arn:aws:events:eu-west-1:222222222222:rule/*', 'denied'],
    ['arn:aws', 'denied'],
  ])('compares ARNs part by part: %s is %s', (pattern, decision) => {
    const context = { 'aws:sourcearn': ['arn:aws:events:eu-west-1:111111111111:rule/orders/new'] };
    for (const operator of ['ArnLike', 'ArnEquals']) {
      expect(when({ [operator]: { 'aws:SourceArn': pattern } }, context)).toBe(decision);
    }
    expect(when({ ArnNotLike: { 'aws:SourceArn': pattern } }, context)).toBe(
      decision === 'allowed' ? 'denied' : 'allowed',
    );
  });
});

describe('a condition on an organization', () => {
  const WITH_ORGANIZATION = { 'aws:principalorgid': {}, 'aws:principalorgpaths': {} };
  const decideWith = (statements: Json[]) =>
    evaluate(statements, request(WITH_ORGANIZATION, { assumeUnknownMatches: true })).decision;

  test.each<[string, string, string]>([
    ['StringEquals', 'o-a1b2c3d4e5', 'allowed'],
    ['StringEquals', 'o-*', 'denied'],
    ['StringEquals', 'o-short', 'denied'],
    ['StringEquals', '111111111111', 'denied'],
    ['StringEquals', '${aws:ResourceOrgID}', 'allowed'],
    ['StringEquals', unresolved('parameter Organization'), 'allowed'],
    ['StringEqualsIgnoreCase', 'O-A1B2C3D4E5', 'allowed'],
    ['StringEqualsIgnoreCase', 'O-*', 'denied'],
    ['StringLike', 'o-*', 'allowed'],
    ['StringLike', 'organization', 'denied'],
    ['StringEqualsIfExists', 'o-*', 'allowed'],
  ])('%s %s is %s', (operator, value, expected) => {
    expect(decideWith([allow({ Condition: { [operator]: { 'aws:PrincipalOrgID': value } } })])).toBe(expected);
  });

  test('matches if one of several values can match', () => {
    const condition = { StringEquals: { 'aws:PrincipalOrgID': ['o-*', 'o-a1b2c3d4e5'] } };
    expect(decideWith([allow({ Condition: condition })])).toBe('allowed');
  });

  test('does not match a path with wildcards by an operator without wildcards', () => {
    const decisions = ['ForAnyValue:StringEquals', 'ForAnyValue:StringLike'].map((operator) =>
      decideWith([allow({ Condition: { [operator]: { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' } } })]),
    );
    expect(decisions).toEqual(['denied', 'allowed']);
  });

  test.each<[string, string, string]>([
    ['StringEquals', 'o-zzzzzzzzzz', 'unknown'],
    ['StringEquals', 'o-*', 'allowed'],
    ['StringNotEquals', 'o-a1b2c3d4e5', 'allowed'],
    ['StringNotEquals', 'o-*', 'denied'],
  ])('of a Deny statement, %s %s is %s', (operator, value, expected) => {
    const deny = allow({ Effect: 'Deny', Condition: { [operator]: { 'aws:PrincipalOrgID': value } } });
    expect(decideWith([allow(), deny])).toBe(expected);
  });
});

describe('several statements', () => {
  const deny = allow({ Sid: 'Stop', Effect: 'Deny' });
  const organization = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };

  test('allow if one of them allows', () => {
    expect(evaluateWithReason(allow({ Action: 'events:PutRule' }), allow())).toEqual({ decision: 'allowed' });
  });

  test('deny if one of them denies', () => {
    expect(evaluateWithReason(allow(), deny)).toEqual({
      decision: 'denied',
      explicitDeny: { name: "statement 'Stop'", conditions: [], namesPrincipal: false },
    });
  });

  test.each<[string, Json]>([
    ['one condition', { StringNotEquals: { 'events:source': 'shop' } }],
    ['several conditions', { StringNotEquals: { 'events:source': 'shop' }, Bool: { 'aws:SecureTransport': 'true' } }],
  ])('deny by a statement with %s, which match', (_, condition) => {
    const context = { 'events:source': ['store'], 'aws:securetransport': ['true'] };
    const { explicitDeny, reason } = evaluate(
      [allow(), { ...(deny as object), Principal: { AWS: ROLE }, Condition: condition }],
      request(context),
    );
    expect(explicitDeny!.namesPrincipal).toBe(true);
    expect(explicitDeny!.conditions.map(({ key, requestValues }) => [key, requestValues])).toEqual(
      Object.values(condition!).flatMap((keys: object) =>
        Object.keys(keys).map((key) => [key, context[key.toLowerCase() as keyof typeof context]]),
      ),
    );
    expectMessage(reason);
  });

  test('are unknown if one of them may deny', () => {
    const possible = allow({ Sid: 'Possible', Effect: 'Deny', Condition: organization });
    expect(evaluateWithReason(allow(), possible)).toEqual({ decision: 'unknown', unknownKey: 'aws:PrincipalOrgID' });
  });

  test('are unknown if one of them may allow, whatever others there are', () => {
    const possible = allow({ Sid: 'Possible', Condition: organization });
    const other = allow({ Sid: 'Other', Action: 'events:PutRule' });
    const expected = { decision: 'unknown', unknownKey: 'aws:PrincipalOrgID' };
    expect([
      evaluateWithReason(possible),
      evaluateWithReason(other, possible),
      evaluateWithReason(possible, other),
      evaluateWithReason({ ...(possible as object), Sid: 'Stop', Effect: 'Deny' }, other, possible),
    ]).toEqual([expected, expected, expected, expected]);
  });

  test('have the first as reason that may allow', () => {
    const possible = (Sid: string) => allow({ Sid, Condition: organization });
    evaluateWithReason(possible('First'), possible('Second'));
  });

  test('have the closest as reason if none matches', () => {
    const differences: { [element: string]: Json }[] = [
      { Sid: 'Action', Action: 'events:PutRule' },
      { Sid: 'Resource', Resource: `${BUS}2` },
      { Sid: 'Principal', Principal: { AWS: '333333333333' } },
      { Sid: 'Condition', Condition: { StringEquals: { 'events:source': 'shop' } } },
      { Sid: 'Later', Condition: { StringEquals: { 'events:source': 'shop' } } },
    ];
    const statements = differences.map((_, i) => differences.slice(0, i + 1).map(allow));
    for (const list of statements) evaluateWithReason(...list);
    for (const list of statements) evaluateWithReason(...list.reverse());
  });

  test.each<[string, Json, string]>([
    [
      'an allowed organization',
      allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      'allowed',
    ],
    [
      'an allowed organization, but another source',
      allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'events:source': 'store' } } }),
      'denied',
    ],
    [
      'a denied organization other than this one',
      [allow(), { ...(deny as object), Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
      'allowed',
    ],
    ['a denial of all principals', [allow(), deny], 'denied'],
  ])('assume that unknown values match where that is configured: %s', (_, statements, decision) => {
    expect(
      evaluate(
        [statements].flat(),
        request({ 'events:source': ['shop'], 'aws:principalorgid': {} }, { assumeUnknownMatches: true }),
      ).decision,
    ).toBe(decision);
  });

  test.each<[effects: string, ofOne: string, withAllow: string]>([
    ["{'Effect':'Allow'}", 'unknown', 'allowed'],
    ["{'Effect':'Deny'}", 'denied', 'unknown'],
    ["{'Effect':'Allow'}, {'Effect':'Deny'}", 'unknown', 'unknown'],
    ['parameter Statement', 'unknown', 'unknown'],
  ])('are unknown if they depend on an unresolved statement: %s', (effects, ofOne, withAllow) => {
    const statement = unresolved(`Fn::If ${effects}`);
    expect(decide(statement)).toBe(ofOne);
    expect(evaluate([allow(), statement], request()).decision).toBe(withAllow);
  });

  test('deny if none allows, also if one may deny', () => {
    const possible = allow({ Effect: 'Deny', Condition: organization });
    expect(evaluateWithReason(possible, allow({ Action: 'events:PutRule' }))).toEqual({ decision: 'denied' });
  });

  test('deny if a condition does not match, also if the principal is unknown', () => {
    const statement = allow({
      Principal: { Federated: 'idp' },
      Condition: { StringEquals: { 'events:source': 'shop' } },
    });
    expect(evaluate([statement], request()).decision).toBe('denied');
  });

  test('deny if there are none', () => {
    expect(evaluateWithReason()).toEqual({ decision: 'denied' });
  });
});

describe('the reason for a decision is', () => {
  test.each<[string, Json, string]>([
    ['the action of a statement without id', { Effect: 'Allow', Action: 'events:PutRule' }, 'denied'],
    ['the action of a statement on several actions', { Effect: 'Allow', Action: ['a:a', 'b:b'] }, 'denied'],
    ['the action of a statement on many actions', { Effect: 'Allow', Action: ['a:a', 'b:b', 'c:c', 'd:d'] }, 'denied'],
    ['an excluded action', { Effect: 'Allow', NotAction: 'events:*' }, 'denied'],
    ['an invalid statement', { Effect: 'Allow' }, 'unknown'],
    ['an unresolved statement', unresolved('Fn::If'), 'unknown'],
    ['an unresolved effect', allow({ Effect: unresolved('Fn::If') }), 'unknown'],
    ['an unresolved action', allow({ Action: unresolved('parameter Action') }), 'unknown'],
    ['a missing resource', { Sid: 'Publish', Effect: 'Allow', Action: 'events:PutEvents' }, 'unknown'],
    ['an unresolved principal', allow({ Principal: { AWS: unresolved('parameter Role') } }), 'unknown'],
    ['a federated principal', allow({ Principal: { Federated: 'idp' } }), 'unknown'],
    ['an invalid condition element', allow({ Condition: 'shop' }), 'unknown'],
    ['an invalid operator', allow({ Condition: { StringEquals: 'shop' } }), 'unknown'],
  ])('%s', (_, statement, decision) => {
    expect(evaluateWithReason(statement)).toEqual({ decision });
  });

  test('a condition', () => {
    const statement = allow({ Condition: { StringEquals: { 'events:source': 'shop' } } });
    expect(evaluateWithReason(statement)).toEqual({ decision: 'denied', unmatchedKey: 'events:source' });
  });
});
