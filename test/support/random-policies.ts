import * as fc from 'fast-check';
import { Json } from '../../src/iam/statement';

/** Policies and requests with few different values, so that many statements match. */

export const OWNER = '111111111111';
export const PUBLISHER = '222222222222';
export const ROLE = `arn:aws:iam::${PUBLISHER}:role/publisher`;
export const BUS = `arn:aws:events:eu-west-1:${OWNER}:event-bus/orders`;
export const QUEUE = `arn:aws:sqs:eu-west-1:${OWNER}:queue`;
export const RULE = `arn:aws:events:eu-west-1:${OWNER}:rule/orders/new`;
export const RULE_OF_PUBLISHER = `arn:aws:events:eu-west-1:${PUBLISHER}:rule/orders/new`;
export const ORGANIZATION = { id: 'o-aaaaaaaaaa', path: 'o-aaaaaaaaaa/r-ab12/ou-ab12-11111111/' };

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

export const KEYS: { readonly [key: string]: Key } = {
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
export const elements = (action: string, resource: string) =>
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
export const onResource = (action: string, resource: string) =>
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
export const possible = fc.record(Object.fromEntries(unknownKeys)).map(
  (values) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
      [key: string]: string;
    },
);
