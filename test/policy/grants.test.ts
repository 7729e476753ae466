import * as fc from 'fast-check';
import { Bus, Grant, statementsFor } from '../../src/policy/grants';
import { Publisher } from '../../src/policy/publishers';
import { answer } from '../../src/policy/request';
import { Scope, allOf, scopeConditions } from '../../src/policy/scopes';

const BUS: Bus = {
  arn: 'arn:aws:events:eu-west-1:999999999999:event-bus/orders',
  ruleArns: 'arn:aws:events:eu-west-1:999999999999:rule/orders/*',
  account: '999999999999',
  partition: 'aws',
  compact: false,
};
const A = '111111111111';
const B = '222222222222';
const roleOf = (account: string, name = 'publisher') => `arn:aws:iam::${account}:role/${name}`;
const root = (account: string) => `arn:aws:iam::${account}:root`;

const accounts = (...ids: string[]): Publisher => ({ kind: 'Accounts', accounts: ids });
const organizations = (...ids: string[]): Publisher => ({ kind: 'Organizations', organizations: ids });
const roles = (...arns: string[]): Publisher => ({ kind: 'Roles', roles: arns.map((arn) => ({ arn, account: arn.split(':')[4] })) });
const grant = (publisher: Publisher, scope: Scope = {}): Grant => ({ publisher, scope });
const statements = (...grants: Grant[]) => statementsFor(grants, BUS).map((s) => s.statement);

describe('statements of a bus policy', () => {
  test('name accounts by their roots, one alone and several as a list', () => {
    expect(statements(grant(accounts(A)))).toEqual([
      { Effect: 'Allow', Principal: { AWS: root(A) }, Action: 'events:PutEvents', Resource: BUS.arn },
    ]);
    expect(statements(grant(accounts(B)), grant(accounts(A, B)))).toMatchObject([{ Principal: { AWS: [root(A), root(B)] } }]);
  });

  test('name organizations by a condition', () => {
    expect(statements(grant(organizations('o-a1b2c3d4e5')))).toMatchObject([
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ]);
  });

  test('name the account of a role, and the role by a condition', () => {
    expect(statements(grant(roles(roleOf(A))), grant(roles(roleOf(B), roleOf(A, 'other'))))).toMatchObject([{
      Principal: { AWS: [root(A), root(B)] },
      Condition: { ArnEquals: { 'aws:PrincipalArn': [roleOf(A, 'other'), roleOf(A), roleOf(B)] } },
    }]);
  });

  test('keep a principal and its conditions as they are', () => {
    const publisher: Publisher = { kind: 'Principal', principal: { AWS: '*' }, conditions: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } } };
    expect(statements(grant(publisher, { sources: ['shop'] }), grant(publisher, { sources: ['shop'] }))).toEqual([{
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'events:PutEvents',
      Resource: BUS.arn,
      Condition: {
        'StringEquals': { 'aws:PrincipalTag/team': 'shop' },
        'ForAllValues:StringEquals': { 'events:source': 'shop' },
        'Null': { 'events:source': 'false' },
      },
    }]);
  });

  test('are apart for each scope', () => {
    expect(statements(grant(accounts(A), { sources: ['x'] }), grant(accounts(B), { sources: ['y'] }), grant(accounts(B), { detailTypes: ['x'] }))).toHaveLength(3);
  });

  test('are one for a scope that is written in another order', () => {
    expect(statements(grant(accounts(A), { sources: ['x', 'y'] }), grant(accounts(B), { sources: ['y', 'x', 'y'] }))).toHaveLength(1);
  });

  test('leave out what a wider grant covers', () => {
    const wide = grant(accounts(A));
    expect(statements(wide, grant(roles(roleOf(A))), grant(accounts(A), { sources: ['x'] }), grant(roles(roleOf(A)), { detailTypes: ['y'] })))
      .toEqual(statements(wide));
    expect(statements(grant(accounts(A, B), { sources: ['x'] }), grant(accounts(A), { sources: ['x', 'y'] }))).toMatchObject([
      { Principal: { AWS: root(A) }, Condition: { 'ForAllValues:StringEquals': { 'events:source': ['x', 'y'] } } },
      { Principal: { AWS: root(B) }, Condition: { 'ForAllValues:StringEquals': { 'events:source': 'x' } } },
    ]);
  });

  test('keep what only seems to be covered', () => {
    expect(statements(grant(accounts(A), { sources: ['x'] }), grant(roles(roleOf(A))))).toHaveLength(2);
    expect(statements(grant(accounts(B)), grant(roles(roleOf(A))))).toHaveLength(2);
    expect(statements(grant(organizations('o-a1b2c3d4e5')), grant(accounts(A)))).toHaveLength(2);
    expect(statements(grant(roles(roleOf(A))), grant(accounts(A), { sources: ['x'] }))).toHaveLength(2);
  });

  test('fails for a condition that the scope would overwrite', () => {
    const conditions = { 'ForAllValues:StringEquals': { 'events:source': 'theirs' } };
    expect(() => statements(grant({ kind: 'Principal', principal: '*', conditions }, { sources: ['ours'] })))
      .toThrow("'principal' must not have a condition that the scope has too, got 'ForAllValues:StringEquals' on 'events:source'");
  });
});

describe('conditions of a scope', () => {
  test('are none for no scope', () => {
    expect(scopeConditions({})).toEqual({});
  });

  test('are merged with others on the same operator', () => {
    expect(allOf({ Null: { a: 'false' } }, { Null: { b: 'true' } }, { Null: { a: 'false' } })).toEqual({ Null: { a: 'false', b: 'true' } });
  });

  test.each([
    [['shop'], 'allowed'],
    [['shop', 'shop'], 'allowed'],
    [['shop', 'store'], 'denied'],
    [[], 'denied'],
    [undefined, 'denied'],
  ])('with events of sources %j the call is %s', (sources, decision) => {
    const context: { [key: string]: string[] } = sources === undefined ? {} : { 'events:source': sources };
    const request = { action: 'events:PutEvents', resource: BUS.arn, principalArn: roleOf(A), account: A, context };
    expect(answer(statements(grant(accounts(A), { sources: ['shop'] })), request).decision).toBe(decision);
  });
});

/** Few values, so that grants overlap. */
const ACCOUNTS = [A, B, '333333333333'];
const anyScope = fc.record({
  sources: fc.option(fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }), { nil: undefined }),
  detailTypes: fc.option(fc.uniqueArray(fc.constantFrom('t', 'u'), { minLength: 1 }), { nil: undefined }),
});
const anyPublisher = fc.oneof(
  fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 1, maxLength: 3 }).map((ids) => accounts(...ids)),
  fc.array(fc.tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 3 })
    .map((list) => roles(...list.map(([account, name]) => roleOf(account, name)))),
  fc.constantFrom('o-aaaaaaaaaa', 'o-bbbbbbbbbb').map((id) => organizations(id)),
);
const anyGrants = fc.array(fc.tuple(anyPublisher, anyScope).map(([publisher, scope]) => grant(publisher, scope)), { maxLength: 8 });
const anyCall = fc.record({
  account: fc.constantFrom(...ACCOUNTS, '444444444444'),
  name: fc.constantFrom('a', 'b', 'c'),
  sources: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
  detailTypes: fc.array(fc.constantFrom('t', 'u'), { maxLength: 3 }),
});

describe('whatever is granted', () => {
  test('coalescing does not change who may do what', () => {
    fc.assert(fc.property(anyGrants, anyCall, (grants, { account, name, sources, detailTypes }) => {
      const context = {
        'events:source': sources, 'events:detail-type': detailTypes, 'aws:principalarn': [roleOf(account, name)], 'aws:principalaccount': [account],
      };
      const request = { action: 'events:PutEvents', resource: BUS.arn, principalArn: roleOf(account, name), account, context };
      const alone = grants.map((g) => answer(statements(g), request).decision);
      const expected = ['allowed', 'undecided'].find((decision) => alone.includes(decision as never)) ?? 'denied';
      expect(answer(statements(...grants), request).decision).toBe(expected);
    }), { numRuns: 500 });
  });

  test('neither order nor repetition matters', () => {
    fc.assert(fc.property(anyGrants.chain((g) => fc.tuple(fc.constant(g), fc.shuffledSubarray(g, { minLength: g.length }))), ([grants, shuffled]) => {
      expect(statementsFor([...shuffled, ...shuffled], BUS)).toEqual(statementsFor(grants, BUS));
    }));
  });

  test('a further account does not change the keys of the statements', () => {
    fc.assert(fc.property(anyGrants, (grants) => {
      const keys = (list: Grant[]) => statementsFor(list, BUS).map((s) => s.key);
      expect(keys([...grants, grant(accounts('555555555555'))])).toEqual(expect.arrayContaining(keys(grants)));
    }));
  });

  test('a statement is made for every kind and scope at the most once', () => {
    fc.assert(fc.property(anyGrants, (grants) => {
      const keys = statementsFor(grants, BUS).map((s) => s.key);
      expect(new Set(keys).size).toBe(keys.length);
    }));
  });
});
