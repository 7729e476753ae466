import * as fc from 'fast-check';
import {
  BusPolicyContext,
  Grant,
  RuleGrant,
  ruleManagementStatements,
  putEventsStatements,
} from '../../src/eventbridge/bus-statements';
import { AllowedRuleValues, AllowedEventValues, conditionsOf } from '../../src/eventbridge/grant-conditions';
import { Publisher } from '../../src/eventbridge/publishers';
import { ServiceSources } from '../../src/eventbridge/service-sources';
import { mergeConditions } from '../../src/iam/conditions';
import { evaluate } from '../../src/iam/evaluate';
import { Json, Statement } from '../../src/iam/statement';
import { errorOf, expectMessage } from '../support/messages';
import { randomCases } from '../support/random-cases';
import { anyCall, anyGrant, anyGrants } from '../support/random-grants';

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
const grant = (publisher: Publisher, allowed: AllowedEventValues = {}): Grant => ({ publisher, allowed });
const statements = (...grants: Grant[]) => putEventsStatements(grants, BUS).map((s) => s.statement);

describe('statements of a bus policy', () => {
  test('list accounts by their roots, a single one as a scalar', () => {
    expect(statements(grant(accounts(A)))).toEqual([
      { Effect: 'Allow', Principal: { AWS: root(A) }, Action: 'events:PutEvents', Resource: BUS.arn },
    ]);
    expect(statements(grant(accounts(B)), grant(accounts(A, B)))).toMatchObject([
      { Principal: { AWS: [root(A), root(B)] } },
    ]);
  });

  test('match organizations by a condition', () => {
    expect(statements(grant(organizations('o-a1b2c3d4e5')))).toMatchObject([
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } },
    ]);
  });

  test('have the account of a role as principal, and the role in a condition', () => {
    expect(statements(grant(roles(roleOf(A))), grant(roles(roleOf(B), roleOf(A, 'other'))))).toMatchObject([
      {
        Principal: { AWS: [root(A), root(B)] },
        Condition: { StringEquals: { 'aws:PrincipalArn': [roleOf(A, 'other'), roleOf(A), roleOf(B)] } },
      },
    ]);
  });

  test('keep a principal and its conditions unchanged', () => {
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

  test('are separate for different allowed events', () => {
    expect(
      statements(
        grant(accounts(A), { sources: ['x'] }),
        grant(accounts(B), { sources: ['y'] }),
        grant(accounts(B), { detailTypes: ['x'] }),
      ),
    ).toHaveLength(3);
  });

  test('are merged if the allowed events are in another order', () => {
    expect(
      statements(grant(accounts(A), { sources: ['x', 'y'] }), grant(accounts(B), { sources: ['y', 'x', 'y'] })),
    ).toHaveLength(1);
  });

  test('leave out what another grant includes', () => {
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

  test('keep what another grant does not include', () => {
    expect(statements(grant(accounts(A), { sources: ['x'] }), grant(roles(roleOf(A))))).toHaveLength(2);
    expect(statements(grant(accounts(B)), grant(roles(roleOf(A))))).toHaveLength(2);
    expect(statements(grant(organizations('o-a1b2c3d4e5')), grant(accounts(A)))).toHaveLength(2);
    expect(statements(grant(roles(roleOf(A))), grant(accounts(A), { sources: ['x'] }))).toHaveLength(2);
  });

  test('fails for a condition that the allowed events would overwrite', () => {
    const conditions = { 'ForAllValues:StringEquals': { 'events:source': 'store' } };
    expectMessage(
      errorOf(() => statements(grant({ kind: 'Principal', principal: '*', conditions }, { sources: ['shop'] }))),
    );
  });
});

describe('conditions on events', () => {
  test('are empty if all events are allowed', () => {
    expect(conditionsOf({})).toEqual({});
  });

  test('are merged with conditions with the same operator', () => {
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
  ])('a call with events of the sources %j is %s', (sources, decision) => {
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

describe('statements for other kinds of publishers', () => {
  const units = (...paths: string[]): Publisher => ({ kind: 'OrganizationalUnits', paths });
  const service = (name: string, sources: ServiceSources): Publisher => ({ kind: 'Service', service: name, sources });

  test('match organizational units by a condition with a set operator', () => {
    expect(statements(grant(units('o-a/r-b/ou-c/*')), grant(units('o-a/r-b/ou-d/')))).toMatchObject([
      {
        Principal: '*',
        Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-a/r-b/ou-c/*', 'o-a/r-b/ou-d/'] } },
      },
    ]);
  });

  test('leave out a unit below another one, or in an allowed organization', () => {
    const wide = grant(units('o-a/r-b/ou-c/*'));
    expect(statements(wide, grant(units('o-a/r-b/ou-c/ou-d/*', 'o-a/r-b/ou-c/')))).toEqual(statements(wide));
    expect(statements(wide, grant(units('o-a/r-b/ou-c/ou-d/*'), { sources: ['x'] }))).toEqual(statements(wide));
    expect(statements(grant(organizations('o-a')), wide)).toEqual(statements(grant(organizations('o-a'))));
  });

  test.each([
    [['o-a/r-b/ou-c/', 'o-a/r-b/ou-c/ou-d/*']],
    [['o-a/r-b/ou-c/*', 'o-a/r-b/ou-cc/*']],
    [['o-a/r-b/ou-c/*', 'o-z/r-b/ou-c/*']],
  ])('keep the units %j, none of which includes another', (paths) => {
    expect(statements(grant(units(...paths)))).toMatchObject([
      { Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': paths } } },
    ]);
  });

  test('list the sources of a service together if it has no other condition', () => {
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

  test('are separate for each principal, so that their IDs do not depend on other principals', () => {
    const conditions = { StringEquals: { 'aws:PrincipalTag/team': 'shop' } };
    const [one, other] = [A, B].map((account) =>
      grant({ kind: 'Principal', principal: { AWS: root(account) }, conditions }),
    );
    expect(statements(other, one, other)).toEqual(statements(one, other));
    expect(statements(one, other)).toHaveLength(2);
  });

  test('distinguish events by rules from direct calls', () => {
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
    putEventsStatements(grants, { ...BUS, account, compact: true }).map((s) => s.statement);

  test('are listed in a condition', () => {
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

  test('exclude the own account, which has a statement of its own', () => {
    const C = '333333333333';
    expect(compact(A, grant(accounts(A, B, C)))).toMatchObject([
      { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': [B, C] } } },
      { Principal: { AWS: root(A) } },
    ]);
    expect(compact(A, grant(accounts(A)))).toEqual([
      { Effect: 'Allow', Principal: { AWS: root(A) }, Action: 'events:PutEvents', Resource: BUS.arn },
    ]);
  });

  test('are a principal if there is only one, which is shorter', () => {
    expect(compact('999999999999', grant(accounts(A)))).toEqual(statements(grant(accounts(A))));
    expect(compact(A, grant(accounts(A, B)))).toEqual(statements(grant(accounts(A, B))));
  });

  test.each([
    ['the own account', '${Token[AWS.AccountId.4]}', A],
    ['an account', '999999999999', '${Token[TOKEN.7]}'],
  ])('exclude the own account by a condition if %s is known only at deployment', (_, own, account) => {
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
  const rules = (...grants: RuleGrant[]) => ruleManagementStatements(grants, BUS).map(({ statement }) => statement);
  const ruleGrant = (publisher: Publisher, allowed: AllowedRuleValues = {}): RuleGrant => ({ publisher, allowed });
  const actionsOf = (list: Statement[]) => list.map(({ Action }) => Action);

  test('allow an account to create rules, and to manage those that it created', () => {
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

  test('are as few as their conditions permit, for any number of accounts', () => {
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

  test('are separate for lists of targets that do not include each other', () => {
    const [x, y, both] = [['x'], ['y'], ['x', 'y']].map((names) =>
      ruleGrant(accounts(A), { targetArns: names.map((name) => `arn:aws:events:*:1:event-bus/${name}`) }),
    );
    expect(rules(x, y)).toHaveLength(4);
    expect(rules(x, both, y)).toEqual(rules(both));
  });

  test('are shared for the actions whose conditions are equal', () => {
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
    resource: BUS.ruleArns.replace('*', 'rule'),
    principalArn: roleOf(account),
    account,
    context: [{ 'aws:principalaccount': [account], ...context }],
  });

  test.each<[string, string, { [key: string]: string[] }, string]>([
    ['creates a rule', 'PutRule', { 'events:source': ['x'] }, 'allowed'],
    ['tags a rule while making it', 'TagResource', {}, 'allowed'],
    ['changes a rule of its own', 'PutRule', { 'events:source': ['x'], 'events:creatoraccount': [A] }, 'allowed'],
    ['deletes a rule of its own', 'DeleteRule', { 'events:creatoraccount': [A] }, 'allowed'],
    [
      'adds a target to its rule',
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
    ['creates a rule for another source', 'PutRule', { 'events:source': ['x', 'y'] }, 'denied'],
    ['creates a rule without a source', 'PutRule', {}, 'denied'],
    ['deletes a rule of another account', 'DeleteRule', { 'events:creatoraccount': [B] }, 'denied'],
    ['deletes a rule without known creator', 'DeleteRule', {}, 'denied'],
    ['tags a rule of another account', 'TagResource', { 'events:creatoraccount': [B] }, 'denied'],
    [
      'adds a target in another account to its rule',
      'PutTargets',
      { 'events:creatoraccount': [A], 'events:targetarn': ['arn:aws:events:eu-west-1:2:event-bus/b'] },
      'denied',
    ],
    [
      'adds an allowed and another target to its rule',
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

describe('random grants', () => {
  test.each([
    ['listed', false],
    ['compact', true],
  ])('allow the same when they are merged, with accounts %s', (_, compact) => {
    const granted = (...grants: Grant[]) => putEventsStatements(grants, { ...BUS, compact }).map((s) => s.statement);
    fc.assert(
      fc.property(anyGrants, anyCall, (grants, call) => {
        // A call is allowed if the statements of one grant alone allow it.
        const alone = grants.map((g) => evaluate(statements(g), call).decision);
        const expected = ['allowed', 'unknown'].find((decision) => alone.includes(decision as never)) ?? 'denied';
        expect(evaluate(granted(...grants), call).decision).toBe(expected);
      }),
      randomCases(1_000),
    );
  });

  test('have the same statements in any order, with duplicates', () => {
    fc.assert(
      fc.property(
        anyGrants.chain((g) => fc.tuple(fc.constant(g), fc.shuffledSubarray(g, { minLength: g.length }))),
        ([grants, shuffled]) => {
          expect(putEventsStatements([...shuffled, ...shuffled], BUS)).toEqual(putEventsStatements(grants, BUS));
        },
      ),
      randomCases(1_000),
    );
  });

  test('keep the keys of statements when a grant is added, unless it includes them', () => {
    fc.assert(
      fc.property(anyGrants, anyGrant, (grants, further) => {
        const keys = (list: Grant[]) => putEventsStatements(list, BUS).map((s) => s.key);
        const gone = keys(grants).filter((key) => !keys([...grants, further]).includes(key));
        // The removed statements allow nothing that the other grants do not allow.
        const left = grants.filter((g) => !keys([g]).some((key) => gone.includes(key)));
        expect(putEventsStatements([...left, further], BUS)).toEqual(putEventsStatements([...grants, further], BUS));
      }),
      randomCases(500),
    );
  });

  test('keep the keys of statements when an account is added', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const keys = (list: Grant[]) => putEventsStatements(list, BUS).map((s) => s.key);
        expect(keys([...grants, grant(accounts('555555555555'))])).toEqual(expect.arrayContaining(keys(grants)));
      }),
      randomCases(1_000),
    );
  });

  test('have no statement that could be left out or merged with another one', () => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const rendered = putEventsStatements(grants, BUS);
        expect(new Set(rendered.map((s) => s.key)).size).toBe(rendered.length);
        const forms = rendered.map(({ kind, statement: { Condition = {} } }) =>
          JSON.stringify([kind, scopeOf(Condition)]),
        );
        const several = rendered.filter(
          ({ kind }, i) => !['Service', 'Principal'].includes(kind) && forms.indexOf(forms[i]) !== i,
        );
        expect(several).toEqual([]);
      }),
      randomCases(1_000),
    );
  });
});

/** The conditions on events. */
function scopeOf(condition: Json): Json[] {
  const { ArnLike = null, ArnNotLike = null, Bool = null, ...others } = condition as { [operator: string]: Json };
  return [others['ForAllValues:StringEquals'] ?? null, Bool, ArnLike, ArnNotLike];
}
