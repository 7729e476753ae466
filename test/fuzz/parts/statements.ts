import * as fc from 'fast-check';
import {
  ACCOUNTS,
  DETAIL_TYPES,
  Mode,
  ORGANIZATIONS,
  SOURCES,
  EXTERNAL_ACCOUNT,
  Value,
  arnOf,
  malformable,
  maybe,
  mostly,
  text,
} from '../values';

type Values = fc.Arbitrary<Value>;

const STRINGS = ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringLike', 'StringNotLike'];
const ARNS = ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringEquals', 'StringLike'];

/** Condition keys with their operators and values. */
function keys(mode: Mode): { readonly [key: string]: { operators: string[]; values: Values } } {
  const accounts = text(mode, ...ACCOUNTS, EXTERNAL_ACCOUNT, '2*');
  const known = {
    'aws:PrincipalAccount': { operators: STRINGS, values: accounts },
    'aws:PrincipalArn': { operators: ARNS, values: fc.oneof(arnOf('roles'), text(mode, 'arn:aws:iam::*:role/*')) },
    'aws:SourceArn': { operators: ARNS, values: fc.oneof(arnOf('rules'), text(mode, 'arn:aws:events:*:*:rule/*')) },
    'aws:SourceAccount': { operators: STRINGS, values: accounts },
    'events:source': { operators: STRINGS, values: text(mode, ...SOURCES) },
    'events:detail-type': { operators: STRINGS, values: text(mode, ...DETAIL_TYPES) },
    'events:eventBusInvocation': { operators: ['Bool'], values: text(mode, 'true', 'false') },
  };
  if (mode === 'known') return known;
  return {
    ...known,
    // Of an organization that a statement names, the checks presume that the principal is in it.
    'aws:PrincipalOrgID': { operators: STRINGS, values: text(mode, ...ORGANIZATIONS, 'o-*') },
    'aws:PrincipalOrgPaths': {
      operators: ['StringLike', 'StringEquals'],
      values: text(mode, 'o-a1b2c3d4e5/r-ab12/ou-ab12-11111111/*', 'o-a1b2c3d4e5'),
    },
    'events:creatorAccount': { operators: STRINGS, values: text(mode, '${aws:PrincipalAccount}', ...ACCOUNTS) },
    'events:TargetArn': { operators: ARNS, values: arnOf('buses') },
    'aws:SourceIp': { operators: ['IpAddress', 'NotIpAddress'], values: text(mode, '10.0.0.0/8', '::1', 'nowhere') },
    'aws:SecureTransport': { operators: ['Bool'], values: text(mode, 'true', 'false') },
    'aws:CurrentTime': { operators: ['DateLessThan', 'DateGreaterThan'], values: text(mode, '2026-01-01', 'never') },
    'aws:MultiFactorAuthAge': { operators: ['NumericLessThan', 'NumericEquals'], values: text(mode, '300', 'x') },
    'aws:PrincipalTag/team': { operators: STRINGS, values: text(mode, 'shop', '${aws:ResourceTag/team}') },
    'kms:EncryptionContext:aws:events:event-bus:arn': { operators: STRINGS, values: arnOf('buses') },
    'no such key': { operators: ['StringMatches', 'BinaryEquals'], values: text(mode, 'x') },
  };
}

function conditionOf(mode: Mode): Values {
  const table = keys(mode);
  const sets = mode === 'known' ? [''] : ['', '', 'ForAnyValue:', 'ForAllValues:'];
  const entry = fc.constantFrom(...Object.keys(table)).chain((key) =>
    fc.record({
      key: fc.constant(key),
      set: fc.constantFrom(...sets),
      base: mostly(fc.constantFrom(...table[key].operators), fc.constant('Null')),
      end: fc.constantFrom('', '', 'IfExists'),
      values: fc.array(table[key].values, { minLength: 1, maxLength: 2 }),
    }),
  );
  return fc.array(entry, { minLength: 1, maxLength: 2 }).map((entries): Value => {
    const operators: { [operator: string]: { [key: string]: Value } } = {};
    for (const { base, end, key, set, values } of entries) {
      const isNull = base === 'Null';
      const operator = isNull ? base : `${set}${base}${end}`;
      operators[operator] = { ...operators[operator], [key]: isNull ? 'false' : oneOrList(values) };
    }
    return operators;
  });
}

const oneOrList = (values: readonly Value[]): Value => (values.length === 1 ? values[0] : values);

const accountRoot = (account: string) => `arn:aws:iam::${account}:root`;

function principalOf(mode: Mode): Values {
  const someone = fc.oneof(
    arnOf('roles'),
    text(
      mode,
      ...ACCOUNTS,
      ...ACCOUNTS.map(accountRoot),
      EXTERNAL_ACCOUNT,
      '*',
      `arn:aws:iam::${ACCOUNTS[1]}:role/publisher`,
    ),
  );
  const service = text(mode, 'events.amazonaws.com', 'scheduler.amazonaws.com', 'lambda.amazonaws.com');
  return fc.oneof(
    { weight: 6, arbitrary: fc.array(someone, { minLength: 1, maxLength: 3 }).map((AWS) => ({ AWS: oneOrList(AWS) })) },
    { weight: 4, arbitrary: service.map((Service) => ({ Service })) },
    { weight: 1, arbitrary: fc.constant('*') },
    ...(mode === 'known' ? [] : [{ weight: 1, arbitrary: fc.constantFrom<Value>({ Federated: 'x' }, '12', {}) }]),
  );
}

/** What a statement can be about. */
export interface StatementOf {
  readonly actions: readonly string[];
  readonly resource: Values;
  /** Whether it is in a resource-based policy or trust policy. */
  readonly hasPrincipal?: boolean;
  /** Who it usually allows. */
  readonly principal?: Values;
}

/** A statement of a policy, most of them right, some with another element or with any JSON in it. */
export function statements(mode: Mode, { actions, resource, hasPrincipal, principal }: StatementOf): Values {
  const action = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Value>(actions[0], ...actions) },
    // AWS rejects other actions, and a stack that is rejected delivers nothing.
    { weight: 1, arbitrary: fc.constantFrom<Value>([...actions], ...(mode === 'known' ? [] : WRONG_ACTIONS)) },
  );
  const wrong = fc.constantFrom<Value>('*', [], 'arn:aws:events:*:*:event-bus/*');
  const on = mode === 'known' ? resource : mostly(resource, wrong);
  const who = principal ? mostly(principal, principalOf(mode), 2) : principalOf(mode);
  const negated = fc.constantFrom(...['', '', '', '', '', '', ''], 'Action', 'Resource', 'Principal');
  return fc
    .record({
      effect: malformable(mode, fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny')),
      action: malformable(mode, action),
      resource: malformable(mode, on),
      who: malformable(mode, who),
      condition: maybe(malformable(mode, conditionOf(mode)), 3),
      negated: mode === 'known' ? fc.constant('') : negated,
      missing: mode === 'known' ? fc.constant('') : mostly(fc.constant(''), fc.constantFrom('Effect', 'Action'), 20),
      sid: mode === 'known' ? fc.constant(undefined) : maybe(fc.constantFrom('A', 'B', 'not allowed'), 3),
    })
    .map((one): Value => {
      const named = (element: string) => (one.negated === element ? `Not${element}` : element);
      const all: { [name: string]: Value } = {
        ...(one.sid !== undefined && { Sid: one.sid }),
        Effect: one.effect,
        [named('Action')]: one.action,
        ...(hasPrincipal && { [named('Principal')]: one.who }),
        [named('Resource')]: one.resource,
        ...(one.condition !== undefined && { Condition: one.condition }),
      };
      return Object.fromEntries(Object.entries(all).filter(([name]) => name !== one.missing));
    });
}

const WRONG_ACTIONS = ['*', 'events:*', 's3:Get*'];

/** A policy document of at most three statements. */
export function documents(mode: Mode, of: StatementOf): Values {
  const list = fc.array(statements(mode, of), { minLength: 1, maxLength: 3 });
  return malformable(
    mode,
    list.map((Statement): Value => ({ Version: '2012-10-17', Statement })),
    40,
  );
}

/** A trust policy: statements without resource. */
export function trustPolicies(mode: Mode): Values {
  const service = text(mode, 'events.amazonaws.com', 'lambda.amazonaws.com', 'scheduler.amazonaws.com');
  const usual = service.map((Service): Value => ({ Service }));
  const of = { actions: ['sts:AssumeRole'], resource: fc.constant<Value>('*'), hasPrincipal: true, principal: usual };
  return documents(mode, of).map(withoutResources);
}

function withoutResources(document: Value): Value {
  const { Statement } = (document ?? {}) as { Statement?: Value };
  if (!Array.isArray(Statement)) return document;
  return { ...(document as object), Statement: Statement.map(({ Resource: _, ...one }) => one) };
}
