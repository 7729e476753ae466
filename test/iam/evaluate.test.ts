import { RequestContext } from '../../src/iam/condition-keys';
import { Request, evaluate } from '../../src/iam/evaluate';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';

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
const decide = (statement: Json, asked = request()) => evaluate([statement], asked).decision;
const when = (condition: Json, context: RequestContext = {}) =>
  decide(allow({ Condition: condition }), request(context));

describe('a statement speaks of a request', () => {
  test.each<[string, Json, string]>([
    ['by its action', allow(), 'allowed'],
    ['by its action in any case', allow({ Action: 'EVENTS:putevents' }), 'allowed'],
    ['by one of its actions', allow({ Action: ['events:DescribeRule', 'events:PutEvents'] }), 'allowed'],
    ['by a wildcard of actions', allow({ Action: 'events:Put*' }), 'allowed'],
    ['unless it is for another action', allow({ Action: 'events:PutRule' }), 'denied'],
    ['unless the action is taken out', { Effect: 'Allow', NotAction: 'events:Put*', Resource: BUS }, 'denied'],
    ['by what is not taken out', { Effect: 'Allow', NotAction: 's3:*', NotResource: 'arn:aws:s3:::*' }, 'allowed'],
    ['by a wildcard of resources', allow({ Resource: 'arn:aws:events:*:111111111111:event-bus/ord?rs' }), 'allowed'],
    ['unless it is for another resource', allow({ Resource: `${BUS}2` }), 'denied'],
    [
      'unless a dot of the resource is another character',
      allow({ Resource: BUS.replace('orders', 'o.ders') }),
      'denied',
    ],
    [
      'by a resource that may be this one',
      allow({ Resource: `arn:aws:events:eu-west-1:111111111111:event-bus/${unresolved('parameter Name')}` }),
      'unknown',
    ],
    ['unless it is no statement', 'Allow', 'denied'],
  ])('%s', (_, statement, decision) => {
    expect(decide(statement)).toBe(decision);
  });
});

describe('a principal is', () => {
  test.each<[string, Json, Partial<Request>, string]>([
    ['everybody', '*', {}, 'allowed'],
    ['everybody, as AWS principal', { AWS: '*' }, {}, 'allowed'],
    ['an account by its number', { AWS: '222222222222' }, {}, 'allowed'],
    [
      'an account by its root',
      { AWS: ['arn:aws:iam::333333333333:root', 'arn:aws:iam::222222222222:root'] },
      {},
      'allowed',
    ],
    ['another account', { AWS: 'arn:aws:iam::333333333333:root' }, {}, 'denied'],
    [
      'whoever comes by a provider of identities, which may be this one',
      { Federated: 'arn:aws:iam::222222222222:saml-provider/idp' },
      {},
      'unknown',
    ],
    ['the role itself', { AWS: ROLE }, {}, 'allowed'],
    ['another role', { AWS: `${ROLE}2` }, {}, 'denied'],
    ['a role of deployment', { AWS: unresolved('parameter Role') }, {}, 'unknown'],
    ['in no known form', 'everybody', {}, 'unknown'],
    [
      'a service',
      { Service: 'events.amazonaws.com' },
      { service: 'events.amazonaws.com', principalArn: undefined, account: undefined },
      'allowed',
    ],
    ['another service', { Service: 's3.amazonaws.com' }, { service: 'events.amazonaws.com' }, 'denied'],
    ['any service', { Service: '*' }, { service: 'events.amazonaws.com' }, 'allowed'],
    ['an account, but a service asks', { AWS: '222222222222' }, { service: 'events.amazonaws.com' }, 'denied'],
  ])('%s', (_, principal, more, decision) => {
    expect(decide(allow({ Principal: principal }), request({}, more))).toBe(decision);
  });

  test('everybody but those that NotPrincipal names', () => {
    expect(decide(allow({ NotPrincipal: { AWS: ROLE } }))).toBe('denied');
    expect(decide(allow({ NotPrincipal: { AWS: '333333333333' } }))).toBe('allowed');
  });
});

describe('a condition', () => {
  const sources = (...values: string[]) => ({ 'events:source': values });

  test.each<[string, Json, RequestContext, string]>([
    ['compares text', { StringEquals: { 'events:source': 'shop' } }, sources('shop'), 'allowed'],
    ['compares text to the letter', { StringEquals: { 'events:source': 'sh*' } }, sources('shop'), 'denied'],
    ['compares keys in any case', { stringEquals: { 'Events:Source': 'shop' } }, sources('shop'), 'allowed'],
    ['ignores case if told', { StringEqualsIgnoreCase: { 'events:source': 'SHOP' } }, sources('shop'), 'allowed'],
    ['takes wildcards if told', { StringLike: { 'events:source': 'sh?p*' } }, sources('shop'), 'allowed'],
    [
      'holds for one of its values',
      { StringEquals: { 'events:source': ['store', 'shop'] } },
      sources('shop'),
      'allowed',
    ],
    ['fails on another value', { StringEquals: { 'events:source': 'shop' } }, sources('store'), 'denied'],
    ['fails on a missing key', { StringEquals: { 'events:source': 'shop' } }, {}, 'denied'],
    ['passes on a missing key if it exists', { StringEqualsIfExists: { 'events:source': 'shop' } }, {}, 'allowed'],
    ['checks a key if it exists', { StringEqualsIfExists: { 'events:source': 'shop' } }, sources('store'), 'denied'],
    ['is negated', { StringNotEquals: { 'events:source': 'shop' } }, sources('store'), 'allowed'],
    ['is negated and fails', { StringNotLike: { 'events:source': 'sh*' } }, sources('shop'), 'denied'],
    ['is negated and passes on a missing key', { StringNotEquals: { 'events:source': 'shop' } }, {}, 'allowed'],
    [
      'is for all values',
      { 'ForAllValues:StringEquals': { 'events:source': ['shop', 'store'] } },
      sources('shop', 'store'),
      'allowed',
    ],
    [
      'is for all values and fails on one',
      { 'ForAllValues:StringEquals': { 'events:source': 'shop' } },
      sources('shop', 'store'),
      'denied',
    ],
    [
      'is for all values and passes on none',
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
    ['is for any value and fails on none', { 'ForAnyValue:StringEquals': { 'events:source': 'shop' } }, {}, 'denied'],
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
    ['asks that a key is there', { Null: { 'events:source': 'false' } }, sources('shop'), 'allowed'],
    ['asks that a key is there, and it is not', { Null: { 'events:source': 'false' } }, {}, 'denied'],
    ['asks that a key is missing', { Null: { 'events:source': 'true' } }, {}, 'allowed'],
    ['asks that a key is missing, and it is not', { Null: { 'events:source': 'true' } }, sources('shop'), 'denied'],
    [
      'is on a flag',
      { Bool: { 'events:eventBusInvocation': 'True' } },
      { 'events:eventbusinvocation': ['true'] },
      'allowed',
    ],
    ['hangs on the organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }, {}, 'unknown'],
    ['has an unknown operator', { NumericSmaller: { 'events:source': '3' } }, sources('shop'), 'unknown'],
    [
      'has an operator that every object inherits',
      { constructor: { 'events:source': 'x' } },
      sources('shop'),
      'unknown',
    ],
    [
      'is known at deployment',
      { StringEquals: { 'events:source': unresolved('parameter Source') } },
      sources('shop'),
      'unknown',
    ],
    ['is no condition', 'shop', {}, 'unknown'],
    [
      'is one of several, and another fails',
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

describe('of several statements', () => {
  const deny = allow({ Sid: 'Stop', Effect: 'Deny' });

  test('one that allows is enough', () => {
    expect(evaluate([allow({ Action: 'events:PutRule' }), allow()], request())).toEqual({
      decision: 'allowed',
      reason: "statement 'Publish'",
    });
  });

  test('one that denies wins', () => {
    expect(evaluate([allow(), deny], request())).toEqual({
      decision: 'denied',
      reason: "statement 'Stop' denies it",
      explicitDeny: { name: "statement 'Stop'", conditions: [], namesPrincipal: false },
    });
  });

  test('one that may deny leaves it open', () => {
    const perhaps = allow({
      Sid: 'Perhaps',
      Effect: 'Deny',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
    });
    expect(evaluate([allow(), perhaps], request()).decision).toBe('unknown');
  });

  test('one that may allow leaves it open, also beside one that may deny and others that do not fit', () => {
    const perhaps = allow({ Sid: 'Perhaps', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } });
    const other = allow({ Sid: 'Other', Action: 'events:PutRule' });
    const expected = {
      decision: 'unknown',
      reason: "statement 'Perhaps' hangs on the condition 'StringEquals' on 'aws:PrincipalOrgID'",
      unknownKey: 'aws:PrincipalOrgID',
    };
    expect(
      [
        [perhaps],
        [other, perhaps],
        [perhaps, other],
        [{ ...(perhaps as object), Sid: 'Stop', Effect: 'Deny' }, other, perhaps],
      ].map((all) => evaluate(all, request())),
    ).toEqual([expected, expected, expected, expected]);
  });

  test('the nearest is told of those that do not fit, and the first of those that are equally near or may fit', () => {
    const perhaps = (Sid: string) =>
      allow({ Sid, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } });
    expect(evaluate([perhaps('First'), perhaps('Second')], request()).reason).toMatch(/^statement 'First' hangs/);
    const changes: { [element: string]: Json }[] = [
      { Sid: 'Action', Action: 'events:PutRule' },
      { Sid: 'Resource', Resource: `${BUS}2` },
      { Sid: 'Principal', Principal: { AWS: '333333333333' } },
      { Sid: 'Condition', Condition: { StringEquals: { 'events:source': 'shop' } } },
      { Sid: 'Later', Condition: { StringEquals: { 'events:source': 'shop' } } },
    ];
    const misfits = changes.map(allow);
    const told = (...statements: Json[]) => /'(\w+)'/.exec(evaluate(statements, request()).reason)?.[1];
    expect(misfits.map((_, i) => told(...misfits.slice(0, i + 1)))).toEqual([
      'Action',
      'Resource',
      'Principal',
      'Condition',
      'Condition',
    ]);
    expect(misfits.map((_, i) => told(...misfits.slice(0, i + 1).reverse()))).toEqual([
      'Action',
      'Resource',
      'Principal',
      'Condition',
      'Later',
    ]);
  });

  test.each<[string, Json, string]>([
    [
      'an organization that is let in',
      allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
      'allowed',
    ],
    [
      'an organization beside another source',
      allow({ Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5', 'events:source': 'store' } } }),
      'denied',
    ],
    [
      'whoever is of no organization, who is kept out',
      [allow(), { ...(deny as object), Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }],
      'allowed',
    ],
    ['everybody, who is kept out', [allow(), deny], 'denied'],
  ])('what no template tells counts for the caller where that is asked for: %s', (_, statements, decision) => {
    expect(
      evaluate(
        [statements].flat(),
        request({ 'events:source': ['shop'], 'aws:principalorgid': {} }, { assumeUnknownMatches: true }),
      ).decision,
    ).toBe(decision);
  });

  test('one that may deny does not matter where none allows', () => {
    const perhaps = allow({ Effect: 'Deny', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } });
    expect(evaluate([perhaps, allow({ Action: 'events:PutRule' })], request())).toEqual({
      decision: 'denied',
      reason: "statement 'Publish' does not fit the action",
    });
  });

  test('one whose principal is open does not fit if its condition does not', () => {
    const statement = allow({
      Principal: { Federated: 'idp' },
      Condition: { StringEquals: { 'events:source': 'shop' } },
    });
    expect(evaluate([statement], request()).decision).toBe('denied');
  });

  test('none allows nothing, and the reason is the part that does not fit', () => {
    expect(evaluate([], request())).toEqual({ decision: 'denied', reason: 'no statement allows it' });
    expect(evaluate([{ Effect: 'Allow', Action: 'events:PutRule' }], request()).reason).toBe(
      "the Allow statement on 'events:PutRule' does not fit the action",
    );
    expect(evaluate([allow({ Condition: { StringEquals: { 'events:source': 'shop' } } })], request()).reason).toBe(
      "statement 'Publish' does not fit the condition 'StringEquals' on 'events:source'",
    );
  });
});
