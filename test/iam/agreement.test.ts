import * as fc from 'fast-check';
import {
  ABSENT,
  DIRECT_CALL_CONTEXT,
  RequestContext,
  ruleCallContext,
  principalCallContext,
  serviceCallContext,
} from '../../src/iam/condition-keys';
import { evaluate } from '../../src/iam/evaluate';
import { Json } from '../../src/iam/statement';
import { Evaluation, describeWithOracle, evaluated } from '../support/oracle';

const OWNER = '111111111111';
const PUBLISHER = '222222222222';
const ROLE = `arn:aws:iam::${PUBLISHER}:role/publisher`;
const BUS = `arn:aws:events:eu-west-1:${OWNER}:event-bus/orders`;
const QUEUE = `arn:aws:sqs:eu-west-1:${OWNER}:queue`;
const RULE = `arn:aws:events:eu-west-1:${OWNER}:rule/orders/new`;
const RULE_OF_PUBLISHER = `arn:aws:events:eu-west-1:${PUBLISHER}:rule/orders/new`;
const ORGANIZATION = { id: 'o-aaaaaaaaaa', path: 'o-aaaaaaaaaa/r-ab12/ou-ab12-11111111/' };

const STRINGS = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
];
const ARNS = ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike', 'StringEquals', 'StringLike', 'StringNotLike'];
const orderings = (kind: string) =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map((name) => kind + name);

/**
 * A condition key: its operators, the values in conditions, and the values in requests if they are not known at
 * synthesis.
 */
interface Key {
  readonly operators: string[];
  readonly values: string[];
  readonly possible?: string[];
}

const KEYS: { readonly [key: string]: Key } = {
  'aws:PrincipalOrgID': { operators: STRINGS, values: ['o-aaaaaaaaaa', 'o-bbbbbbbbbb', 'o-*'] },
  'aws:PrincipalAccount': { operators: STRINGS, values: [PUBLISHER, OWNER, '2*', '${aws:ResourceAccount}'] },
  'aws:PrincipalArn': {
    operators: ARNS,
    values: [ROLE, `${ROLE}2`, `arn:aws:iam::${PUBLISHER}:role/*`, 'arn:aws:iam::*:role/publisher'],
  },
  'aws:PrincipalType': { operators: STRINGS, values: ['AssumedRole', 'User'] },
  'aws:PrincipalIsAWSService': { operators: ['Bool'], values: ['true', 'false', 'True'] },
  'aws:PrincipalServiceName': { operators: STRINGS, values: ['events.amazonaws.com', 'sns.amazonaws.com'] },
  'aws:PrincipalTag/team': { operators: STRINGS, values: ['shop', 'other', 's*'], possible: ['shop', 'other'] },
  'aws:SourceArn': {
    operators: ARNS,
    values: [RULE, RULE_OF_PUBLISHER, `arn:aws:events:eu-west-1:${OWNER}:rule/orders/*`, 'arn:aws:events:*:*:rule/*'],
  },
  'aws:SourceAccount': { operators: STRINGS, values: [OWNER, PUBLISHER, '${aws:ResourceAccount}'] },
  'aws:SourceOrgID': { operators: STRINGS, values: ['o-aaaaaaaaaa', 'o-bbbbbbbbbb'] },
  'aws:ResourceAccount': {
    operators: STRINGS,
    values: [OWNER, PUBLISHER, '${aws:PrincipalAccount}', '${aws:SourceAccount}'],
  },
  'aws:ResourceOrgID': {
    operators: STRINGS,
    values: ['o-aaaaaaaaaa', '${aws:PrincipalOrgID}'],
    possible: ['o-aaaaaaaaaa', 'o-cccccccccc'],
  },
  'aws:RequestedRegion': { operators: STRINGS, values: ['eu-west-1', 'us-east-1', 'eu-*'] },
  'aws:SecureTransport': { operators: ['Bool'], values: ['true', 'false'] },
  'aws:ViaAWSService': { operators: ['Bool'], values: ['true', 'false'] },
  'aws:SourceIp': {
    operators: ['IpAddress', 'NotIpAddress'],
    values: ['10.0.0.0/8', '203.0.113.7/32', '2001:db8::/32'],
    possible: ['10.1.2.3', '203.0.113.7', '2001:db8::1'],
  },
  'aws:SourceVpce': { operators: STRINGS, values: ['vpce-1', 'vpce-*'], possible: ['vpce-1', 'vpce-2'] },
  'aws:MultiFactorAuthAge': {
    operators: orderings('Numeric'),
    values: ['3600', '60', '100'],
    possible: ['60', '100', '7200'],
  },
  'aws:CurrentTime': {
    operators: orderings('Date'),
    values: ['2026-01-01T00:00:00Z', '2027-06-01T12:00:00Z'],
    possible: ['2026-11-28T00:00:00Z', '2027-06-01T12:00:00Z'],
  },
  'events:source': { operators: STRINGS, values: ['shop', 'store', 'sh*'] },
  'events:eventBusInvocation': { operators: ['Bool'], values: ['true', 'false'] },
};

/** Keys that AWS does not document for calls by a rule and by a service. */
const UNDOCUMENTED = ['aws:SourceAccount', 'aws:PrincipalType'];

const condition = fc
  .constantFrom(...Object.keys(KEYS))
  .chain((key) =>
    fc.record({
      key: fc.constant(key),
      operator: fc
        .tuple(
          fc.constantFrom('', '', 'ForAnyValue:', 'ForAllValues:'),
          fc.constantFrom(...KEYS[key].operators, 'Null'),
          fc.constantFrom('', '', 'IfExists'),
        )
        .map(([set, base, end]) => (base === 'Null' ? base : set + base + (set === '' ? end : ''))),
      values: fc.uniqueArray(fc.constantFrom(...KEYS[key].values), { minLength: 1, maxLength: 2 }),
    }),
  )
  .map(({ key, operator, values }) => ({
    operator,
    key,
    values: operator === 'Null' ? [values.length === 1 ? 'true' : 'false'] : values,
  }));

const conditions = fc.array(condition, { maxLength: 2 }).map((all): Json => {
  const merged: { [operator: string]: { [key: string]: Json } } = {};
  for (const { operator, key, values } of all) {
    (merged[operator] ??= {})[key] = values.length === 1 ? values[0] : values;
  }
  return merged;
});

const effect = fc.constantFrom('Allow', 'Allow', 'Deny');
const elements = (action: string, resource: string) =>
  fc
    .record({
      Effect: effect,
      actions: fc.constantFrom<Json>(
        { Action: action },
        { Action: action },
        { Action: `${action.split(':')[0]}:*` },
        { Action: '*' },
        { NotAction: 's3:*' },
        { Action: 's3:GetObject' },
      ),
      resource: fc.constantFrom<Json>(
        { Resource: resource },
        { Resource: resource },
        { Resource: '*' },
        { Resource: `${resource.slice(0, -2)}*` },
        { NotResource: `${resource}-other` },
      ),
      Condition: conditions,
    })
    .map(({ Effect, actions, resource: on, Condition }) => ({
      Effect,
      ...(actions as object),
      ...(on as object),
      Condition,
    }));
const PRINCIPALS: Json[] = [
  '*',
  { AWS: '*' },
  { AWS: PUBLISHER },
  { AWS: `arn:aws:iam::${PUBLISHER}:root` },
  { AWS: [ROLE] },
  { AWS: '333333333333' },
  { Service: 'events.amazonaws.com' },
  { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] },
  { Service: 'sns.amazonaws.com' },
];
const onResource = (action: string, resource: string) =>
  fc.array(
    fc
      .tuple(elements(action, resource), fc.constantFrom(...PRINCIPALS))
      .map(([statement, Principal]): Json => ({ ...statement, Principal }) as Json),
    { minLength: 1, maxLength: 3 },
  );

/** The values in a request of the keys that are not known at synthesis. */
const unknownKeys = Object.entries(KEYS)
  .filter(([, key]) => key.possible)
  .map(([name, key]) => [name, fc.option(fc.constantFrom(...key.possible!), { nil: undefined })]);
const possible = fc.record(Object.fromEntries(unknownKeys)).map(
  (values) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
      [key: string]: string;
    },
);
/** The same keys as the other engine has. Half of the cases evaluate with them. */
function knownKeys(values: { [key: string]: string }, of: { id: string } | undefined): RequestContext {
  const known = Object.fromEntries(
    Object.entries(KEYS)
      .filter(([, key]) => key.possible)
      .map(([name]) => [name, values[name]]),
  );
  const all = { ...known, 'aws:PrincipalOrgID': of?.id, 'aws:SourceOrgID': of?.id };
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key.toLowerCase(), value === undefined ? ABSENT : [value]]),
  );
}
const organization = fc.option(fc.constant(ORGANIZATION), { nil: undefined });

interface Case {
  readonly evaluation: Evaluation;
  readonly decision: 'allowed' | 'denied' | 'unknown';
  readonly conditionKeys: string[];
  /** Whether all keys are known that the other engine knows. */
  readonly allKnown: boolean;
}

const keysIn = (...statements: Json[]) =>
  Object.keys(KEYS).filter(
    (key) => JSON.stringify(statements).includes(`"${key}"`) || JSON.stringify(statements).includes(`{${key}}`),
  );

const ofService = fc.record({
  all: fc.boolean(),
  statements: onResource('sqs:SendMessage', QUEUE),
  context: possible,
  organization,
});
const byService: fc.Arbitrary<Case> = ofService.map(({ all, statements, context, organization: of }) => {
  const { 'aws:PrincipalTag/team': _, 'aws:SourceIp': __, 'aws:SourceVpce': ___, ...left } = context;
  const known: RequestContext = all
    ? { ...knownKeys(left, of), 'aws:principalorgid': ABSENT, 'aws:principaltype': ABSENT }
    : {};
  const request = {
    action: 'sqs:SendMessage',
    resource: QUEUE,
    service: 'events.amazonaws.com',
    context: [known, ...serviceCallContext('events.amazonaws.com', RULE)],
  };
  return {
    evaluation: {
      caller: { service: 'events.amazonaws.com', sourceArn: RULE },
      organization: of,
      action: request.action,
      resource: QUEUE,
      account: OWNER,
      statements,
      context: { ...left, 'aws:RequestedRegion': 'eu-west-1' },
    },
    decision: evaluate(statements, request).decision,
    conditionKeys: keysIn(...statements),
    allKnown: all,
  };
});

const byRole: fc.Arbitrary<Case> = fc
  .record({
    statements: onResource('events:PutEvents', BUS),
    identityStatements: fc.array(elements('events:PutEvents', BUS), { minLength: 1, maxLength: 2 }),
    context: possible,
    organization,
    source: fc.constantFrom('shop', 'store'),
    byRule: fc.boolean(),
    all: fc.boolean(),
  })
  .map(({ all, statements, identityStatements, context, organization: of, source, byRule }) => {
    const { 'aws:SourceVpce': vpce, ...left } = context;
    const call: RequestContext = {
      'events:source': [source],
      'events:detail-type': ['Order'],
      'events:eventbusinvocation': [String(byRule)],
      ...(byRule ? ruleCallContext(RULE_OF_PUBLISHER) : DIRECT_CALL_CONTEXT),
    };
    const caller = principalCallContext({ arn: ROLE, account: PUBLISHER, type: 'AssumedRole', tags: {} });
    const here = { ...left, ...(!byRule && vpce !== undefined && { 'aws:SourceVpce': vpce }) };
    const known: RequestContext = all
      ? { ...knownKeys(here, of), 'aws:sourceorgid': ABSENT, 'aws:sourceaccount': ABSENT }
      : {};
    const request = {
      action: 'events:PutEvents',
      resource: BUS,
      principalArn: ROLE,
      account: PUBLISHER,
      context: [known, call, ...caller],
    };
    const decisions = [evaluate(identityStatements as Json[], request), evaluate(statements, request)].map(
      ({ decision }) => decision,
    );
    return {
      evaluation: {
        caller: { role: 'publisher', account: PUBLISHER, identityStatements },
        organization: of,
        action: request.action,
        resource: BUS,
        account: OWNER,
        statements,
        context: {
          ...here,
          'aws:RequestedRegion': 'eu-west-1',
          'events:source': source,
          'events:detail-type': 'Order',
          'events:eventBusInvocation': String(byRule),
          ...(byRule && { 'aws:SourceArn': RULE_OF_PUBLISHER }),
        },
      },
      decision: (['denied', 'unknown'] as const).find((decision) => decisions.includes(decision)) ?? 'allowed',
      conditionKeys: keysIn(...statements, ...(identityStatements as Json[])),
      allKnown: all,
    };
  });

describeWithOracle('decisions on policies', () => {
  test('are those of another IAM engine, if all values are known that decide', () => {
    const cases = fc.sample(fc.oneof(byService, byRole), { numRuns: 24_000, seed: 14 });
    const isAllowed = evaluated(cases.map(({ evaluation }) => evaluation));
    const compared = cases
      .map((one, i) => ({ ...one, isAllowed: isAllowed[i] }))
      .filter((one) => one.isAllowed !== undefined);
    expect(compared.length).toBeGreaterThan(20_000);

    const decided = compared.filter(({ decision }) => decision !== 'unknown');
    const wrong = decided.filter((one) => one.isAllowed !== (one.decision === 'allowed'));
    expect(wrong.slice(0, 3).map(({ evaluation, decision }) => JSON.stringify({ decision, ...evaluation }))).toEqual(
      [],
    );

    // A decision is unknown only because of keys with unknown values, and policy variables without a value.
    const unknown = [...Object.keys(KEYS).filter((key) => KEYS[key].possible || /Org/.test(key)), ...UNDOCUMENTED];
    const needlesslyUnknown = compared.filter(
      ({ decision, conditionKeys, evaluation, ...one }) =>
        decision === 'unknown' &&
        (one.allKnown || !conditionKeys.some((key) => unknown.includes(key))) &&
        !JSON.stringify(evaluation).includes('${'),
    );
    expect(needlesslyUnknown.map(({ evaluation }) => JSON.stringify(evaluation)).slice(0, 3)).toEqual([]);
    expect(decided.length / compared.length).toBeGreaterThan(0.7);
    // Both decisions are frequent.
    expect(decided.filter(({ decision }) => decision === 'allowed').length).toBeGreaterThan(1_000);
  });
});
