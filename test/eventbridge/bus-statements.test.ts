import * as fc from 'fast-check';
import {
  BusPolicyContext,
  Grant,
  RuleGrant,
  ruleStatementsFor,
  statementsFor,
} from '../../src/eventbridge/bus-statements';
import { AllowedRuleValues, AllowedEventValues, conditionsOf } from '../../src/eventbridge/grant-conditions';
import { Publisher, ServiceSources } from '../../src/eventbridge/publishers';
import { serviceCallContext } from '../../src/iam/condition-keys';
import { mergeConditions } from '../../src/iam/conditions';
import { Request, evaluate } from '../../src/iam/evaluate';
import { Json, Statement } from '../../src/iam/statement';
import { randomCases } from '../support/random-cases';

const BUS: BusPolicyContext = {
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
const roles = (...arns: string[]): Publisher => ({
  kind: 'Roles',
  roles: arns.map((arn) => ({ arn, account: arn.split(':')[4] })),
});
const grant = (publisher: Publisher, scope: AllowedEventValues = {}): Grant => ({ publisher, scope });
const statements = (...grants: Grant[]) => statementsFor(grants, BUS).map((s) => s.statement);

describe('statements of a bus policy', () => {
  test('name accounts by their roots, one alone and several as a list', () => {
    expect(statements(grant(accounts(A)))).toEqual([
      { Effect: 'Allow', Principal: { AWS: root(A) }, Action: 'events:PutEvents', Resource: BUS.arn },
    ]);
    expect(statements(grant(accounts(B)), grant(accounts(A, B)))).toMatchObject([
      { Principal: { AWS: [root(A), root(B)] } },
    ]);
  });

  test('name organizations by a condition', () => {
    expect(statements(grant(organizations('o-a1b2c3d4e5')))).toMatchObject([
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ]);
  });

  test('name the account of a role, and the role by a condition', () => {
    expect(statements(grant(roles(roleOf(A))), grant(roles(roleOf(B), roleOf(A, 'other'))))).toMatchObject([
      {
        Principal: { AWS: [root(A), root(B)] },
        Condition: { StringEquals: { 'aws:PrincipalArn': [roleOf(A, 'other'), roleOf(A), roleOf(B)] } },
      },
    ]);
  });

  test('keep a principal and its conditions as they are', () => {
    const publisher: Publisher = {
      kind: 'Principal',
      principal: { AWS: '*' },
      conditions: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } },
    };
    expect(statements(grant(publisher, { sources: ['shop'] }), grant(publisher, { sources: ['shop'] }))).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'events:PutEvents',
        Resource: BUS.arn,
        Condition: {
          StringEquals: { 'aws:PrincipalTag/team': 'shop' },
          'ForAllValues:StringEquals': { 'events:source': 'shop' },
          Null: { 'events:source': 'false' },
        },
      },
    ]);
  });

  test('are apart for each scope', () => {
    expect(
      statements(
        grant(accounts(A), { sources: ['x'] }),
        grant(accounts(B), { sources: ['y'] }),
        grant(accounts(B), { detailTypes: ['x'] }),
      ),
    ).toHaveLength(3);
  });

  test('are one for a scope that is written in another order', () => {
    expect(
      statements(grant(accounts(A), { sources: ['x', 'y'] }), grant(accounts(B), { sources: ['y', 'x', 'y'] })),
    ).toHaveLength(1);
  });

  test('leave out what a wider grant covers', () => {
    const wide = grant(accounts(A));
    expect(
      statements(
        wide,
        grant(roles(roleOf(A))),
        grant(accounts(A), { sources: ['x'] }),
        grant(roles(roleOf(A)), { detailTypes: ['y'] }),
      ),
    ).toEqual(statements(wide));
    expect(
      statements(grant(accounts(A, B), { sources: ['x'] }), grant(accounts(A), { sources: ['x', 'y'] })),
    ).toMatchObject([
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
    expect(() => statements(grant({ kind: 'Principal', principal: '*', conditions }, { sources: ['ours'] }))).toThrow(
      "'principal' must not have a condition that the scope has too, got " +
        "'ForAllValues:StringEquals' on 'events:source'",
    );
  });
});

describe('conditions of a scope', () => {
  test('are none for no scope', () => {
    expect(conditionsOf({})).toEqual({});
  });

  test('are merged with others on the same operator', () => {
    expect(mergeConditions({ Null: { a: 'false' } }, { Null: { b: 'true' } }, { Null: { a: 'false' } })).toEqual({
      Null: { a: 'false', b: 'true' },
    });
  });

  test.each([
    [['shop'], 'allowed'],
    [['shop', 'shop'], 'allowed'],
    [['shop', 'store'], 'denied'],
    [[], 'denied'],
    [undefined, 'denied'],
  ])('with events of sources %j the call is %s', (sources, decision) => {
    const context: { [key: string]: string[] } = sources === undefined ? {} : { 'events:source': sources };
    const request = {
      action: 'events:PutEvents',
      resource: BUS.arn,
      principalArn: roleOf(A),
      account: A,
      context: [context],
    };
    expect(evaluate(statements(grant(accounts(A), { sources: ['shop'] })), request).decision).toBe(decision);
  });
});

describe('statements of other publishers', () => {
  const units = (...paths: string[]): Publisher => ({ kind: 'OrganizationalUnits', paths });
  const service = (name: string, sources: ServiceSources): Publisher => ({ kind: 'Service', service: name, sources });

  test('name organizational units by a condition for multivalued keys', () => {
    expect(statements(grant(units('o-a/r-b/ou-c/*')), grant(units('o-a/r-b/ou-d/')))).toMatchObject([
      {
        Principal: '*',
        Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a/r-b/ou-c/*', 'o-a/r-b/ou-d/'] } },
      },
    ]);
  });

  test('leave out a unit below another, and one of an organization that is let in', () => {
    const wide = grant(units('o-a/r-b/ou-c/*'));
    expect(statements(wide, grant(units('o-a/r-b/ou-c/ou-d/*', 'o-a/r-b/ou-c/')))).toEqual(statements(wide));
    expect(statements(wide, grant(units('o-a/r-b/ou-c/ou-d/*'), { sources: ['x'] }))).toEqual(statements(wide));
    expect(statements(grant(organizations('o-a')), wide)).toEqual(statements(grant(organizations('o-a'))));
  });

  test.each([
    [['o-a/r-b/ou-c/', 'o-a/r-b/ou-c/ou-d/*']],
    [['o-a/r-b/ou-c/*', 'o-a/r-b/ou-cc/*']],
    [['o-a/r-b/ou-c/*', 'o-z/r-b/ou-c/*']],
  ])('keep the units %j, of which none stands for another', (paths) => {
    expect(statements(grant(units(...paths)))).toMatchObject([
      { Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': paths } } },
    ]);
  });

  test('share a list of sources where that is the only condition of a service', () => {
    expect(
      statements(
        grant(service('ses.amazonaws.com', { accounts: [B] })),
        grant(service('ses.amazonaws.com', { accounts: [A] })),
      ),
    ).toMatchObject([
      { Principal: { Service: 'ses.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': [A, B] } } },
    ]);
    const [x, y] = ['x', 'y'].map((name) =>
      grant(service('ses.amazonaws.com', { accounts: [A], arns: [`arn:aws:s3:::${name}`] })),
    );
    expect(statements(x, y, x)).toHaveLength(2);
    expect(
      statements(
        grant(service('ses.amazonaws.com', { organization: 'o-a' })),
        grant(service('ses.amazonaws.com', { accounts: [A] })),
      ),
    ).toHaveLength(2);
  });

  test('are apart for each principal, so that their ids do not hang on those of others', () => {
    const conditions = { StringEquals: { 'aws:PrincipalTag/team': 'shop' } };
    const [one, other] = [A, B].map((account) =>
      grant({ kind: 'Principal', principal: { AWS: root(account) }, conditions }),
    );
    expect(statements(other, one, other)).toEqual(statements(one, other));
    expect(statements(one, other)).toHaveLength(2);
  });

  test('say whether events come by rule or directly', () => {
    expect(
      statements(
        grant(accounts(A), { byRule: true }),
        grant(accounts(B), { byRule: false }),
        grant(accounts(A), { byRule: true, sources: ['x'] }),
      ),
    ).toMatchObject([
      { Principal: { AWS: root(B) }, Condition: { Bool: { 'events:eventBusInvocation': 'false' } } },
      { Principal: { AWS: root(A) }, Condition: { Bool: { 'events:eventBusInvocation': 'true' } } },
    ]);
  });
});

describe('accounts in the compact form', () => {
  const compact = (account: string, ...grants: Grant[]) =>
    statementsFor(grants, { ...BUS, account, compact: true }).map((s) => s.statement);

  test('stand in a condition', () => {
    expect(compact('999999999999', grant(accounts(B, A)))).toEqual([
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: BUS.arn,
        Condition: { StringEquals: { 'aws:PrincipalAccount': [A, B] } },
      },
    ]);
  });

  test('leave the own account to a statement that names it', () => {
    const C = '333333333333';
    expect(compact(A, grant(accounts(A, B, C)))).toMatchObject([
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': [B, C] } } },
      { Principal: { AWS: root(A) } },
    ]);
    expect(compact(A, grant(accounts(A)))).toEqual([
      { Effect: 'Allow', Principal: { AWS: root(A) }, Action: 'events:PutEvents', Resource: BUS.arn },
    ]);
  });

  test('are named where there is one only, which is shorter', () => {
    expect(compact('999999999999', grant(accounts(A)))).toEqual(statements(grant(accounts(A))));
    expect(compact(A, grant(accounts(A, B)))).toEqual(statements(grant(accounts(A, B))));
  });

  test.each([
    ['the own account', '${Token[AWS.AccountId.4]}', A],
    ['an account', '999999999999', '${Token[TOKEN.7]}'],
  ])('keep the own account out by a condition when only deployment tells %s', (_, own, account) => {
    expect(compact(own, grant(accounts(account, B)))).toMatchObject([
      {
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': [account, B].sort() },
          StringNotEquals: { 'aws:PrincipalAccount': own },
        },
      },
    ]);
  });
});

describe('statements for the management of rules', () => {
  const rules = (...grants: RuleGrant[]) => ruleStatementsFor(grants, BUS).map(({ statement }) => statement);
  const ruleGrant = (publisher: Publisher, scope: AllowedRuleValues = {}): RuleGrant => ({ publisher, scope });
  const actionsOf = (list: Statement[]) => list.map(({ Action }) => Action);

  test('let an account make rules, and what else only to rules that it made', () => {
    const [create, manage] = rules(ruleGrant(accounts(A)));
    const creator = { 'events:creatorAccount': '${aws:PrincipalAccount}' };
    expect(create).toEqual({
      Effect: 'Allow',
      Principal: { AWS: root(A) },
      Action: ['events:PutRule', 'events:TagResource'],
      Resource: BUS.ruleArns,
      Condition: { StringEqualsIfExists: creator },
    });
    expect(manage).toMatchObject({
      Principal: { AWS: root(A) },
      Resource: BUS.ruleArns,
      Condition: { StringEquals: creator },
    });
    expect(manage.Action).toHaveLength(9);
  });

  test('are as few as their conditions allow, for any number of accounts', () => {
    const [wide, bySource, byTarget] = [
      {},
      { sources: ['x'] },
      { sources: ['x'], targetArns: ['arn:aws:events:*:1:event-bus/*'] },
    ];
    expect(actionsOf(rules(ruleGrant(accounts(A), wide), ruleGrant(accounts(B), wide)))).toHaveLength(2);
    expect(actionsOf(rules(ruleGrant(accounts(A), bySource)))).toEqual([
      'events:PutRule',
      expect.any(Array),
      'events:TagResource',
    ]);
    expect(rules(ruleGrant(accounts(A), byTarget), ruleGrant(accounts(B), byTarget))).toHaveLength(4);
    expect(rules(ruleGrant(accounts(A), byTarget), ruleGrant(accounts(A), wide))).toEqual(
      rules(ruleGrant(accounts(A), wide)),
    );
  });

  test('are apart for targets of which neither list holds the other', () => {
    const [x, y, both] = [['x'], ['y'], ['x', 'y']].map((names) =>
      ruleGrant(accounts(A), { targetArns: names.map((name) => `arn:aws:events:*:1:event-bus/${name}`) }),
    );
    expect(rules(x, y)).toHaveLength(4);
    expect(rules(x, both, y)).toEqual(rules(both));
  });

  test('share with others what their scopes have in common', () => {
    const [one, other] = [A, B].map((account) =>
      ruleGrant(accounts(account), { targetArns: [`arn:aws:events:*:${account}:event-bus/*`] }),
    );
    expect(rules(one, other).map(({ Action, Principal }) => [[Action].flat()[0], Principal])).toEqual([
      ['events:PutRule', { AWS: [root(A), root(B)] }],
      ['events:DeleteRule', { AWS: [root(A), root(B)] }],
      ['events:PutTargets', { AWS: root(A) }],
      ['events:PutTargets', { AWS: root(B) }],
    ]);
  });

  const request = (action: string, context: { [key: string]: string[] }, account = A) => ({
    action: `events:${action}`,
    resource: BUS.ruleArns.replace('*', 'theirs'),
    principalArn: roleOf(account),
    account,
    context: [{ 'aws:principalaccount': [account], ...context }],
  });

  test.each<[string, string, { [key: string]: string[] }, string]>([
    ['makes a rule', 'PutRule', { 'events:source': ['x'] }, 'allowed'],
    ['tags a rule while making it', 'TagResource', {}, 'allowed'],
    ['changes a rule of its own', 'PutRule', { 'events:source': ['x'], 'events:creatoraccount': [A] }, 'allowed'],
    ['deletes a rule of its own', 'DeleteRule', { 'events:creatoraccount': [A] }, 'allowed'],
    [
      'gives its rule a target',
      'PutTargets',
      { 'events:creatoraccount': [A], 'events:targetarn': ['arn:aws:events:eu-west-1:1:event-bus/b'] },
      'allowed',
    ],
    [
      'changes a rule of another account',
      'PutRule',
      { 'events:source': ['x'], 'events:creatoraccount': [B] },
      'denied',
    ],
    ['makes a rule for another source', 'PutRule', { 'events:source': ['x', 'y'] }, 'denied'],
    ['makes a rule without a source', 'PutRule', {}, 'denied'],
    ['deletes a rule of another account', 'DeleteRule', { 'events:creatoraccount': [B] }, 'denied'],
    ['deletes a rule of which nobody knows who made it', 'DeleteRule', {}, 'denied'],
    ['tags a rule of another account', 'TagResource', { 'events:creatoraccount': [B] }, 'denied'],
    [
      'gives its rule a target elsewhere',
      'PutTargets',
      { 'events:creatoraccount': [A], 'events:targetarn': ['arn:aws:events:eu-west-1:2:event-bus/b'] },
      'denied',
    ],
    [
      'gives its rule one target that is right and one that is not',
      'PutTargets',
      {
        'events:creatoraccount': [A],
        'events:targetarn': ['arn:aws:events:eu-west-1:1:event-bus/b', 'arn:aws:sqs:eu-west-1:1:q'],
      },
      'denied',
    ],
    ['puts events', 'PutEvents', {}, 'denied'],
  ])('an account that %s', (_, action, context, decision) => {
    const granted = rules(ruleGrant(accounts(A), { sources: ['x'], targetArns: ['arn:aws:events:*:1:event-bus/*'] }));
    expect(evaluate(granted, request(action, context)).decision).toBe(decision);
    expect(evaluate(granted, request(action, { ...context, 'events:creatoraccount': [B] }, B)).decision).toBe('denied');
  });
});

/** Few values, so that grants overlap. */
const ACCOUNTS = [A, B, '333333333333'];
const PATHS = [
  'o-aaaaaaaaaa/r-b/ou-c/',
  'o-aaaaaaaaaa/r-b/ou-c/*',
  'o-aaaaaaaaaa/r-b/ou-c/ou-d/*',
  'o-bbbbbbbbbb/r-b/ou-c/*',
];
const anyScope = fc.record({
  sources: fc.option(fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { minLength: 1 }), { nil: undefined }),
  detailTypes: fc.option(fc.uniqueArray(fc.constantFrom('t', 'u'), { minLength: 1 }), { nil: undefined }),
  byRule: fc.option(fc.boolean(), { nil: undefined, freq: 2 }),
});
const anyAccounts = fc.array(fc.constantFrom(...ACCOUNTS), { minLength: 1, maxLength: 3 });
const anyPublisher: fc.Arbitrary<Publisher> = fc.oneof(
  anyAccounts.map((ids) => accounts(...ids)),
  fc
    .array(fc.tuple(fc.constantFrom(...ACCOUNTS), fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 3 })
    .map((list) => roles(...list.map(([account, name]) => roleOf(account, name)))),
  fc.constantFrom('o-aaaaaaaaaa', 'o-bbbbbbbbbb').map((id) => organizations(id)),
  fc.subarray(PATHS, { minLength: 1 }).map((paths) => ({ kind: 'OrganizationalUnits' as const, paths })),
  fc.record({ accounts: anyAccounts, bucket: fc.boolean() }).map(({ bucket, ...sources }) => ({
    kind: 'Service' as const,
    service: 'ses.amazonaws.com',
    sources: { ...sources, ...(bucket && { arns: ['arn:aws:s3:::a*'] }) },
  })),
  anyAccounts.map((ids) => ({
    kind: 'Principal' as const,
    principal: { AWS: ids.map(root) },
    conditions: { StringEquals: { 'aws:PrincipalTag/team': 'shop' } },
  })),
);
const anyGrants = fc.array(
  fc.tuple(anyPublisher, anyScope).map(([publisher, scope]) => grant(publisher, scope)),
  { maxLength: 8 },
);
const anyEvents = {
  sources: fc.array(fc.constantFrom('x', 'y', 'z'), { maxLength: 3 }),
  detailTypes: fc.array(fc.constantFrom('t', 'u'), { maxLength: 3 }),
  byRule: fc.boolean(),
};
const eventKeys = ({
  sources,
  detailTypes,
  byRule,
}: {
  sources: string[];
  detailTypes: string[];
  byRule: boolean;
}) => ({ 'events:source': sources, 'events:detail-type': detailTypes, 'events:eventbusinvocation': [String(byRule)] });
const byRole = fc
  .record({
    ...anyEvents,
    account: fc.constantFrom(...ACCOUNTS, '444444444444'),
    name: fc.constantFrom('a', 'b', 'c'),
    path: fc.constantFrom(
      '',
      'o-aaaaaaaaaa/r-b/',
      'o-aaaaaaaaaa/r-b/ou-c/',
      'o-aaaaaaaaaa/r-b/ou-c/ou-d/',
      'o-bbbbbbbbbb/r-b/ou-c/',
      'o-cccccccccc/r-b/ou-c/',
    ),
    team: fc.constantFrom('shop', 'other'),
  })
  .map(({ account, name, path, team, ...events }) => ({
    action: 'events:PutEvents',
    resource: BUS.arn,
    principalArn: roleOf(account, name),
    account,
    context: [
      {
        ...eventKeys(events),
        'aws:principalarn': [roleOf(account, name)],
        'aws:principalaccount': [account],
        'aws:principalorgid': path ? [path.split('/')[0]] : [],
        'aws:principalorgpaths': path ? [path] : [],
        'aws:principaltag/team': [team],
        'aws:sourceaccount': [],
        'aws:sourcearn': [],
      },
    ],
  }));
const byService = fc
  .record({
    ...anyEvents,
    account: fc.constantFrom(...ACCOUNTS, '444444444444'),
    arn: fc.constantFrom('arn:aws:s3:::ab', 'arn:aws:s3:::b'),
  })
  .map(({ account, arn, ...events }) => ({
    action: 'events:PutEvents',
    resource: BUS.arn,
    service: 'ses.amazonaws.com',
    context: [
      { ...eventKeys(events), 'aws:sourceaccount': [account], 'aws:sourcearn': [arn] },
      ...serviceCallContext('ses.amazonaws.com', arn),
    ],
  }));
const anyCall: fc.Arbitrary<Request> = fc.oneof({ weight: 3, arbitrary: byRole }, byService);

describe('whatever is granted', () => {
  test.each([
    ['listed', false],
    ['compact', true],
  ])('coalescing does not change who may do what, with accounts %s', (_, compact) => {
    const granted = (...grants: Grant[]) => statementsFor(grants, { ...BUS, compact }).map((s) => s.statement);
    fc.assert(
      fc.property(anyGrants, anyCall, (grants, call) => {
        // What each grant says is told by the listed form of itself alone.
        const alone = grants.map((g) => evaluate(statements(g), call).decision);
        const expected = ['allowed', 'unknown'].find((decision) => alone.includes(decision as never)) ?? 'denied';
        expect(evaluate(granted(...grants), call).decision).toBe(expected);
      }),
      randomCases(1_000),
    );
  });

  test('neither order nor repetition matters', () => {
    fc.assert(
      fc.property(
        anyGrants.chain((g) => fc.tuple(fc.constant(g), fc.shuffledSubarray(g, { minLength: g.length }))),
        ([grants, shuffled]) => {
          expect(statementsFor([...shuffled, ...shuffled], BUS)).toEqual(statementsFor(grants, BUS));
        },
      ),
    );
  });

  test('a further grant leaves the keys of all statements that it does not make superfluous', () => {
    fc.assert(
      fc.property(anyGrants, anyPublisher, anyScope, (grants, publisher, scope) => {
        const keys = (list: Grant[]) => statementsFor(list, BUS).map((s) => s.key);
        const further = grant(publisher, scope);
        const gone = keys(grants).filter((key) => !keys([...grants, further]).includes(key));
        // What is gone says nothing that the further grant, or others, do not say.
        const left = grants.filter((g) => !keys([g]).some((key) => gone.includes(key)));
        expect(statementsFor([...left, further], BUS)).toEqual(statementsFor([...grants, further], BUS));
      }),
      randomCases(500),
    );
  });

  test('a further account does not change the keys of the statements', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const keys = (list: Grant[]) => statementsFor(list, BUS).map((s) => s.key);
        expect(keys([...grants, grant(accounts('555555555555'))])).toEqual(expect.arrayContaining(keys(grants)));
      }),
    );
  });

  test('no statement could be left out, nor be one with another of its kind and scope', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const made = statementsFor(grants, BUS);
        expect(new Set(made.map((s) => s.key)).size).toBe(made.length);
        const forms = made.map(({ kind, statement: { Condition = {} } }) => JSON.stringify([kind, scopeOf(Condition)]));
        const several = made.filter(
          ({ kind }, i) => !['Service', 'Principal'].includes(kind) && forms.indexOf(forms[i]) !== i,
        );
        expect(several).toEqual([]);
      }),
    );
  });
});

/** The conditions on events. */
function scopeOf(condition: Json): Json[] {
  const { 'ForAllValues:StringEquals': values = null, Bool = null } = condition as { [operator: string]: Json };
  return [values, Bool];
}
