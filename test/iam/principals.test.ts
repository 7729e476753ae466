import * as fc from 'fast-check';
import { putEventsStatements } from '../../src/eventbridge/bus-statements';
import { Publisher } from '../../src/eventbridge/publishers';
import { analyzeAccess } from '../../src/iam/access-analysis';
import { accountOf, arnParts, parseArn, regionOf } from '../../src/iam/arn';
import { RequestContext, serviceCallContext } from '../../src/iam/condition-keys';
import { Request, evaluate } from '../../src/iam/evaluate';
import { invalidPrincipalsOf } from '../../src/iam/principal-formats';
import { namedPrincipal, principalsOf } from '../../src/iam/principals';
import { Json, accountOfRoot } from '../../src/iam/statement';
import { randomCases } from '../support/random-cases';
import { partlyUnresolvedTexts } from '../support/unresolved-texts';

const accountId = fc.integer({ min: 0, max: 999_999_999_999 }).map((n) => String(n).padStart(12, '0'));
const partition = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov');
const name = fc.stringMatching(/^[\w+=,.@-]{1,12}$/);
const root = fc.tuple(partition, accountId).map(([p, account]) => `arn:${p}:iam::${account}:root`);
const principalArn = fc.oneof(
  root,
  fc
    .tuple(partition, accountId, fc.constantFrom('role', 'user'), fc.constantFrom('', 'path/', 'a/b/'), name)
    .map(([p, account, kind, path, id]) => `arn:${p}:iam::${account}:${kind}/${path}${id}`),
  fc
    .tuple(partition, accountId, name, name)
    .map(([p, account, role, session]) => `arn:${p}:sts::${account}:assumed-role/${role}/${session}`),
);
const service = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(\.[a-z0-9-]{1,8})?$/).map((id) => `${id}.amazonaws.com`);
const uniqueId = fc.stringMatching(/^AROA[A-Z0-9]{16}$/);
const digits = fc.stringMatching(/^\d{10,14}$/);

describe('an ARN', () => {
  test('has the same parts after it is parsed and written again', () => {
    const part = fc.oneof(fc.stringMatching(/^[a-z0-9*?-]{0,8}$/), accountId);
    fc.assert(
      fc.property(part, part, part, part, fc.string(), (...parts) => {
        const arn = `arn:${parts.join(':')}`;
        const parsed = parseArn(arn)!;
        const { partition: p, service: s, region, account, resource } = parsed;
        expect([p, s, region, account, resource]).toEqual(parts);
        expect(parseArn(`arn:${p}:${s}:${region}:${account}:${resource}`)).toEqual(parsed);
      }),
      randomCases(1_000),
    );
  });

  test('has one account and Region, also with placeholders, and if it is cut off', () => {
    fc.assert(
      fc.property(partlyUnresolvedTexts, (text) => {
        const parts = arnParts(text);
        expect(parts.join(':')).toBe(text);
        expect([regionOf(text), accountOf(text)]).toEqual([parts[3] ?? '', parts[4] ?? '']);
        const { region, account } = parseArn(text) ?? {};
        if (region !== undefined) expect([region, account]).toEqual([regionOf(text), accountOf(text)]);
      }),
      randomCases(2_000),
    );
  });

  test('names the same principal as its account does', () => {
    fc.assert(
      fc.property(fc.oneof(root, principalArn, digits), (value) => {
        const parts = value.split(':');
        const isRoot = parts[5] === 'root' || /^\d{12}$/.test(value);
        const account = isRoot ? (parts[4] ?? value) : undefined;
        expect(accountOfRoot(value)).toBe(account);
        if (isRoot) expect(namedPrincipal(value)).toEqual({ name: `account ${account}`, account });
        else expect(namedPrincipal(value)).toEqual({ name: value, ...(parts[4] && { account: parts[4] }) });
        if (isRoot) expect(namedPrincipal(account!)).toEqual(namedPrincipal(value));
      }),
      randomCases(1_000),
    );
  });
});

/** Principals by type, also those that AWS rejects. */
const wildcardText = fc.oneof(
  fc.constantFrom('*', 'arn:aws:iam::*:root', 'arn:aws:iam::11111111111?:role/x', 'arn:aws:iam::111111111111:role/*'),
  fc.constantFrom('*.amazonaws.com', 's3.*', 'arn:aws:iam::*', '1111*', 'arn:*:iam::111111111111:root'),
);
const listed: { readonly [type: string]: fc.Arbitrary<string> } = {
  AWS: fc.oneof(accountId, principalArn, uniqueId, digits),
  Service: service,
  Federated: fc.constantFrom('arn:aws:iam::111111111111:saml-provider/x'),
  CanonicalUser: fc.stringMatching(/^[0-9a-f]{64}$/),
};
const principalElement = fc
  .uniqueArray(fc.constantFrom(...Object.keys(listed)), { minLength: 1, maxLength: 2 })
  .chain((types) =>
    fc.record(
      Object.fromEntries(
        types.map((type) => [
          type,
          fc.array(fc.oneof({ weight: 3, arbitrary: listed[type] }, wildcardText), { minLength: 1, maxLength: 3 }),
        ]),
      ),
    ),
  )
  .map((element): { [type: string]: string[] } => element);

/** Whether the value of a type matches principals in more than one account. */
function isAnyAccount(type: string, value: string): boolean {
  if (value === '*') return true;
  const parts = value.split(':');
  if (parts[0] === 'arn') return /[*?]/.test(parts[4] ?? '');
  return type !== 'AWS' && value.includes('*');
}

describe('the principals of a statement', () => {
  test('are public if one of them is in any account', () => {
    fc.assert(
      fc.property(principalElement, (Principal) => {
        const values = Object.entries(Principal).flatMap(([type, list]) => list.map((value) => ({ type, value })));
        const isPublic = values.some(({ type, value }) => isAnyAccount(type, value));
        expect(principalsOf({ Principal }).kind === 'public').toBe(isPublic);
        expect(principalsOf({ NotPrincipal: Principal }).kind).toBe('public');
      }),
      randomCases(2_000),
    );
  });

  test('are all listed, or one of them is invalid', () => {
    fc.assert(
      fc.property(principalElement, (Principal) => {
        const principals = principalsOf({ Principal });
        fc.pre(principals.kind !== 'public');
        const values = Object.values(Principal).flat();
        if (principals.kind === 'listed') {
          const names = principals.named.map(({ name: text }) => text.replace(/^account /, ''));
          const expected = values.map((value) => accountOfRoot(value) ?? value);
          expect([...names, ...principals.services].sort()).toEqual(expected.sort());
          expect(principals.unresolved).toEqual([]);
          expect(invalidPrincipalsOf(Principal)).toEqual([]);
        } else {
          const wrong = values.some((value) => /[*?]/.test(value) || (/^\d+$/.test(value) && value.length !== 12));
          expect(wrong).toBe(true);
        }
      }),
      randomCases(2_000),
    );
  });
});

const organizationId = fc.stringMatching(/^o-[a-z0-9]{10,32}$/);
const unitPath = fc
  .tuple(organizationId, fc.constantFrom('', 'ou-ab12-11111111/'), fc.constantFrom('', '*'))
  .map(([id, unit, below]) => `${id}/r-ab12/${unit}${below}`);
const several = <T>(one: fc.Arbitrary<T>) => fc.uniqueArray(one, { minLength: 1, maxLength: 4 });
const roleArn = fc
  .tuple(accountId, name)
  .map(([account, id]) => ({ account, arn: `arn:aws:iam::${account}:role/${id}` }));

/** A publisher, and what an analysis of its statement must name: the key of the restriction, and its principals. */
const anyPublisher: fc.Arbitrary<{ publisher: Publisher; key: string; names: string[] }> = fc.oneof(
  several(accountId).map((accounts) => ({
    publisher: { kind: 'Accounts', accounts } as Publisher,
    key: 'accounts',
    names: accounts.map((account) => `account ${account}`),
  })),
  several(organizationId).map((organizations) => ({
    publisher: { kind: 'Organizations', organizations } as Publisher,
    key: 'aws:principalorgid',
    names: organizations.map((id) => `organization ${id}`),
  })),
  unitPath.map((path) => ({
    publisher: { kind: 'OrganizationalUnits', paths: [path] } as Publisher,
    key: 'aws:principalorgpaths',
    names: [`units ${path}`],
  })),
  several(roleArn).map((roles) => ({
    publisher: { kind: 'Roles', roles } as Publisher,
    key: 'aws:principalarn',
    names: roles.map(({ arn }) => arn),
  })),
  fc.tuple(service, several(accountId)).map(([id, accounts]) => ({
    publisher: { kind: 'Service', service: id, sources: { accounts } } as Publisher,
    key: 'aws:sourceaccount',
    names: accounts.map((account) => `account ${account}`),
  })),
);

describe('the statement for a publisher', () => {
  test.each([false, true])('names that publisher and no other (compact: %p)', (compact) => {
    const bus = {
      arn: 'arn:aws:events:eu-west-1:999999999999:event-bus/orders',
      ruleArns: '',
      account: '999999999999',
      partition: 'aws',
      compact,
    };
    fc.assert(
      fc.property(anyPublisher, ({ publisher, key, names }) => {
        // The bus's own account has a statement of its own.
        const named = putEventsStatements([{ publisher, allowed: {} }], bus).flatMap(({ statement }) => {
          const { access, restrictions } = analyzeAccess(statement);
          expect(access).toBe('named');
          const keys = key === 'accounts' ? ['Principal', 'aws:principalaccount'] : [key];
          return restrictions.find((restriction) => keys.includes(restriction.key))!.principals;
        });
        expect(named.map((principal) => principal.name).sort()).toEqual([...names].sort());
      }),
      randomCases(1_000),
    );
  });
});

const [FIRST, SECOND, EXTERNAL] = ['111111111111', '222222222222', '444444444444'];
const TEXTS = ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike', 'StringNotEquals', 'StringNotLike', 'Null'];
const ARNS = ['ArnEquals', 'ArnLike', 'ArnNotLike', 'StringEquals', 'StringLike', 'Null'];
const IDENTITY_KEYS: { readonly [key: string]: { readonly operators: string[]; readonly values: string[] } } = {
  'aws:PrincipalAccount': { operators: TEXTS, values: [FIRST, SECOND, '1*', '*', '${aws:PrincipalAccount}'] },
  'aws:PrincipalOrgID': { operators: TEXTS, values: ['o-aaaaaaaaaa', 'O-AAAAAAAAAA', 'o-*', '${aws:PrincipalOrgID}'] },
  'aws:PrincipalOrgPaths': {
    operators: TEXTS,
    values: ['o-aaaaaaaaaa/*', 'o-aaaaaaaaaa/r-ab12/', 'o-*/r-ab12/*', '*'],
  },
  'aws:PrincipalArn': {
    operators: ARNS,
    values: [`arn:aws:iam::${FIRST}:role/x`, `arn:aws:iam::${FIRST}:*`, 'arn:aws:iam::*:role/x', 'arn:aws:*', '*'],
  },
  'aws:SourceAccount': { operators: TEXTS, values: [FIRST, '1*', '*'] },
  'aws:SourceArn': {
    operators: ARNS,
    values: [`arn:aws:events:eu-west-1:${FIRST}:rule/*`, 'arn:aws:events:*:*:rule/x', '*', 'arn:aws:*'],
  },
  'aws:SourceOrgID': { operators: TEXTS, values: ['o-aaaaaaaaaa', 'o-*'] },
  'aws:PrincipalIsAWSService': { operators: ['Bool'], values: ['true', 'false'] },
  'aws:PrincipalTag/team': { operators: TEXTS, values: ['shop', '*'] },
};
const identityCondition = fc.constantFrom(...Object.keys(IDENTITY_KEYS)).chain((key) =>
  fc
    .record({
      quantifier: fc.constantFrom('', '', 'ForAnyValue:', 'ForAllValues:'),
      base: fc.constantFrom(...IDENTITY_KEYS[key].operators),
      end: fc.constantFrom('', '', 'IfExists'),
      values: fc.uniqueArray(fc.constantFrom(...IDENTITY_KEYS[key].values), { minLength: 1, maxLength: 2 }),
    })
    .map(({ quantifier, base, end, values }): { operator: string; key: string; values: string[] } =>
      base === 'Null'
        ? { operator: base, key, values: [String(values.length > 1)] }
        : { operator: quantifier + base + end, key, values },
    ),
);
const guarded = fc
  .record({
    Principal: fc.constantFrom<Json>(
      '*',
      { AWS: '*' },
      { AWS: [FIRST] },
      { AWS: `arn:aws:iam::${SECOND}:role/x` },
      { Service: 'events.amazonaws.com' },
      { AWS: FIRST, Service: ['events.amazonaws.com'] },
      { AWS: 'arn:aws:iam::*:root' },
    ),
    conditions: fc.array(identityCondition, { maxLength: 3 }),
  })
  .map(({ Principal, conditions }) => {
    const Condition: { [operator: string]: { [key: string]: Json } } = {};
    for (const { operator, key, values } of conditions) (Condition[operator] ??= {})[key] = values;
    return { Effect: 'Allow', Principal, Action: 'events:PutEvents', Resource: '*', Condition };
  });

const call = { action: 'events:PutEvents', resource: `arn:aws:events:eu-west-1:${FIRST}:event-bus/orders` };
const withoutSource = { 'aws:sourceaccount': [], 'aws:sourcearn': [], 'aws:sourceorgid': [], 'aws:sourceorgpaths': [] };
const organization = (id: string | undefined): RequestContext => ({
  'aws:principalorgid': id === undefined ? [] : [id],
  'aws:principalorgpaths': id === undefined ? [] : [`${id}/r-ab12/`],
});

/** Calls by principals of an account that no policy names: a role, and a service that acts for it. */
const EXTERNAL_CALLS: Request[] = [undefined, 'o-zzzzzzzzzz'].flatMap((id) =>
  [[], ['shop']].flatMap((team): Request[] => {
    const arn = `arn:aws:iam::${EXTERNAL}:role/x`;
    const source = `arn:aws:events:eu-west-1:${EXTERNAL}:rule/x`;
    const byRole = {
      ...organization(id),
      ...withoutSource,
      'aws:principalarn': [arn],
      'aws:principalaccount': [EXTERNAL],
      'aws:principaltag/team': team,
      'aws:principalisawsservice': ['false'],
    };
    const ofService = { 'aws:sourceorgid': id === undefined ? [] : [id] };
    return [
      { ...call, principalArn: arn, account: EXTERNAL, context: [byRole] },
      { ...call, principalArn: arn, account: EXTERNAL, context: [{ 'aws:sourcearn': [source] }, byRole] },
      {
        ...call,
        service: 'events.amazonaws.com',
        context: [ofService, ...serviceCallContext('events.amazonaws.com', source)],
      },
    ];
  }),
);

describe('the access analysis of a statement', () => {
  const decisionsOf = (statement: Json) => EXTERNAL_CALLS.map((request) => evaluate([statement], request).decision);

  test('is named or none only if no principal of another account is allowed', () => {
    fc.assert(
      fc.property(guarded, (statement) => {
        const { access } = analyzeAccess(statement);
        fc.pre(access === 'named' || access === 'none');
        expect(decisionsOf(statement)).not.toContain('allowed');
      }),
      randomCases(10_000),
    );
  });
});
