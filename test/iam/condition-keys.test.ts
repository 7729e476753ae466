import {
  ABSENT,
  DIRECT_CALL_CONTEXT,
  RequestContext,
  ruleCallContext,
  principalCallContext,
  serviceCallContext,
  resourceOrganizationContext,
  valuesOf,
} from '../../src/iam/condition-keys';
import { Request, evaluate } from '../../src/iam/evaluate';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';

const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
const ROLE = 'arn:aws:iam::222222222222:role/publisher';
const RULE = 'arn:aws:events:eu-west-1:222222222222:rule/orders/new';
const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html';
const EVENTBRIDGE = 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html';
const PRINCIPALS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable';
const BY_RULE =
  'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html';

const put = (byRule: boolean): RequestContext => ({
  'events:source': ['shop'],
  'events:detail-type': ['Order'],
  'events:eventbusinvocation': [String(byRule)],
});
const role = principalCallContext({ arn: ROLE, account: '222222222222', type: 'AssumedRole', tags: { team: 'shop' } });
const user = principalCallContext({
  arn: 'arn:aws:iam::222222222222:user/me',
  account: '222222222222',
  type: 'User',
  userName: 'me',
  tags: {},
});

/** The principals that put an event: the service for a rule, a role with its own code, a role of a rule, a user. */
const PRINCIPAL_REQUESTS: { readonly [principal: string]: Partial<Request> & { context: RequestContext[] } } = {
  service: {
    service: 'events.amazonaws.com',
    context: [put(false), ...serviceCallContext('events.amazonaws.com', RULE)],
  },
  role: { principalArn: ROLE, account: '222222222222', context: [{ ...put(false), ...DIRECT_CALL_CONTEXT }, ...role] },
  rule: { principalArn: ROLE, account: '222222222222', context: [{ ...put(true), ...ruleCallContext(RULE) }, ...role] },
  user: {
    principalArn: 'arn:aws:iam::222222222222:user/me',
    account: '222222222222',
    context: [{ ...put(false), ...DIRECT_CALL_CONTEXT }, ...user],
  },
};
const PRINCIPAL_NAMES = ['service', 'role', 'rule', 'user'] as const;

/** The value of a key in a request: known, absent, presumed to be the one in the condition, or unknown. */
type State = { readonly value: string } | 'absent' | 'presumed' | 'unknown';
const is = (value: string): State => ({ value });

/** Each key with its state for each principal, a value that it does not have, and the documentation of AWS. */
const KEYS: [key: string, ...states: [State, State, State, State], other: string, source: string][] = [
  ['aws:PrincipalOrgID', 'absent', 'presumed', 'presumed', 'presumed', 'o-zzzzzzzzzz', IAM],
  ['aws:PrincipalAccount', 'absent', is('222222222222'), is('222222222222'), is('222222222222'), '333333333333', IAM],
  ['aws:PrincipalArn', 'absent', is(ROLE), is(ROLE), is('arn:aws:iam::222222222222:user/me'), `${ROLE}2`, IAM],
  ['aws:PrincipalType', 'unknown', is('AssumedRole'), is('AssumedRole'), is('User'), 'Account', PRINCIPALS],
  ['aws:PrincipalTag/team', 'absent', is('shop'), is('shop'), 'unknown', 'store', IAM],
  ['aws:PrincipalTag/stage', 'absent', 'unknown', 'unknown', 'unknown', 'prod', IAM],
  ['aws:userid', 'absent', 'unknown', 'unknown', 'unknown', 'AIDAEXAMPLEEXAMPLE12', PRINCIPALS],
  ['aws:username', 'absent', 'absent', 'absent', is('me'), 'you', PRINCIPALS],
  ['aws:PrincipalIsAWSService', is('true'), is('false'), is('false'), is('false'), 'perhaps', IAM],
  ['aws:PrincipalServiceName', is('events.amazonaws.com'), 'absent', 'absent', 'absent', 'sns.amazonaws.com', IAM],
  ['aws:ViaAWSService', is('false'), is('false'), is('false'), is('false'), 'true', IAM],
  ['aws:CalledVia', 'absent', 'absent', 'absent', 'absent', 'athena.amazonaws.com', IAM],
  ['aws:CalledViaFirst', 'absent', 'absent', 'absent', 'absent', 'athena.amazonaws.com', IAM],
  ['aws:SourceArn', is(RULE), 'absent', is(RULE), 'absent', `${RULE}2`, BY_RULE],
  ['aws:SourceAccount', is('222222222222'), 'absent', 'unknown', 'absent', '333333333333', IAM],
  ['aws:SourceOrgID', 'presumed', 'absent', 'unknown', 'absent', 'o-zzzzzzzzzz', IAM],
  ['aws:SourceVpc', 'absent', 'unknown', 'absent', 'unknown', 'vpc-1', IAM],
  ['aws:SourceVpce', 'absent', 'unknown', 'absent', 'unknown', 'vpce-1', IAM],
  ['aws:VpcSourceIp', 'absent', 'unknown', 'absent', 'unknown', '10.0.0.1', IAM],
  ['aws:SourceIp', 'absent', 'unknown', 'unknown', 'unknown', '10.0.0.1', IAM],
  ['aws:SecureTransport', is('true'), is('true'), is('true'), is('true'), 'false', IAM],
  ['aws:RequestedRegion', is('eu-west-1'), is('eu-west-1'), is('eu-west-1'), is('eu-west-1'), 'us-east-1', IAM],
  [
    'aws:ResourceAccount',
    is('111111111111'),
    is('111111111111'),
    is('111111111111'),
    is('111111111111'),
    '222222222222',
    IAM,
  ],
  ['aws:ResourceOrgID', 'unknown', 'unknown', 'unknown', 'unknown', 'o-zzzzzzzzzz', IAM],
  ['aws:ResourceTag/team', 'unknown', 'unknown', 'unknown', 'unknown', 'shop', IAM],
  ['aws:RequestTag/team', 'absent', 'absent', 'absent', 'absent', 'shop', IAM],
  ['aws:CurrentTime', 'unknown', 'unknown', 'unknown', 'unknown', '2026-01-01T00:00:00Z', IAM],
  ['aws:MultiFactorAuthPresent', 'unknown', 'unknown', 'unknown', 'unknown', 'true', IAM],
  ['sts:ExternalId', 'absent', 'absent', 'absent', 'absent', 'id', EVENTBRIDGE],
  ['events:creatorAccount', 'absent', 'absent', 'absent', 'absent', '222222222222', EVENTBRIDGE],
  ['events:source', is('shop'), is('shop'), is('shop'), is('shop'), 'store', EVENTBRIDGE],
  ['events:eventBusInvocation', is('false'), is('false'), is('true'), is('false'), 'perhaps', EVENTBRIDGE],
  [
    'ec2:SourceInstanceARN',
    'unknown',
    'unknown',
    'unknown',
    'unknown',
    'arn:aws:ec2:eu-west-1:222222222222:instance/i-1',
    IAM,
  ],
];

/**
 * Whether conditions hold, by what a call has of their key: undefined if it is unknown. With `right` for the value
 * that it has, or another one.
 */
const OPERATORS: [operator: string, right: boolean, byState: { value: boolean; absent: boolean }][] = [
  ['StringEquals', true, { value: true, absent: false }],
  ['StringEquals', false, { value: false, absent: false }],
  ['StringNotEquals', true, { value: false, absent: true }],
  ['StringNotEquals', false, { value: true, absent: true }],
  ['StringLike', true, { value: true, absent: false }],
  ['StringEqualsIfExists', false, { value: false, absent: true }],
  ['StringNotEqualsIfExists', true, { value: false, absent: true }],
  ['ForAllValues:StringEquals', false, { value: false, absent: true }],
  ['ForAnyValue:StringEquals', true, { value: true, absent: false }],
  ['ForAllValues:StringNotEquals', true, { value: false, absent: true }],
  ['ForAnyValue:StringNotEquals', false, { value: true, absent: false }],
];

const rows = KEYS.flatMap(([key, ...rest]) =>
  PRINCIPAL_NAMES.map((principal, i) => ({ key, principal, state: rest[i] as State, other: rest[4], source: rest[5] })),
);
const statement = (effect: string, condition: Json): Json => ({
  Effect: effect,
  Principal: '*',
  Action: 'events:PutEvents',
  Resource: BUS,
  Condition: condition,
});
const decide = (principal: string, statements: Json[], assumeUnknownMatches = true) =>
  evaluate(statements, {
    action: 'events:PutEvents',
    resource: BUS,
    assumeUnknownMatches,
    ...PRINCIPAL_REQUESTS[principal],
  }).decision;
/** The decisions of an allowance on a condition, and of a denial on it beside one without. */
const both = (principal: string, condition: Json) => [
  decide(principal, [statement('Allow', condition)]),
  decide(principal, [statement('Allow', {}), statement('Deny', condition)]),
];

describe('a condition key', () => {
  test.each(rows)('$key of a call by a $principal is $state ($source)', ({ key, principal, state, other }) => {
    for (const [operator, right, byState] of OPERATORS) {
      const value = typeof state === 'object' ? state.value : undefined;
      const condition = { [operator]: { [key]: right && value !== undefined ? value : other } };
      if (state === 'unknown') {
        expect([operator, ...both(principal, condition)]).toEqual([operator, 'unknown', 'unknown']);
      }
      if (state === 'presumed') continue;
      if (state === 'unknown') continue;
      // AWS requires a set operator for a key with several values.
      if (/CalledVia$/.test(key) && value !== undefined) continue;
      const matches = value === undefined ? byState.absent : byState.value;
      expect([operator, right, ...both(principal, condition)]).toEqual([
        operator,
        right,
        matches ? 'allowed' : 'denied',
        matches ? 'denied' : 'allowed',
      ]);
    }
    const present = { Null: { [key]: 'false' } };
    if (state === 'absent') expect(both(principal, present)).toEqual(['denied', 'allowed']);
    if (typeof state === 'object') expect(both(principal, present)).toEqual(['allowed', 'denied']);
    if (state === 'unknown') expect(both(principal, present)).toEqual(['unknown', 'unknown']);
  });

  test.each(rows.filter(({ state }) => state === 'presumed'))(
    '$key of a $principal is presumed to be the one that is allowed, or an exception from a denial',
    ({ key, principal }) => {
      const equals = { StringEquals: { [key]: 'o-a1b2c3d4e5' } };
      const differs = { StringNotEquals: { [key]: 'o-a1b2c3d4e5' } };
      expect([...both(principal, equals), ...both(principal, differs)]).toEqual([
        'allowed',
        'unknown',
        'unknown',
        'allowed',
      ]);
      expect([
        decide(principal, [statement('Allow', equals)], false),
        decide(principal, [statement('Allow', {}), statement('Deny', differs)], false),
      ]).toEqual(['unknown', 'unknown']);
    },
  );

  test('of any event is assumed to be allowed, but not assumed to differ from a denied one', () => {
    const anything = {
      context: [{ 'events:source': ['‹anything›'] }, ...role],
      principalArn: ROLE,
      account: '222222222222',
    };
    const decisionOf = (statements: Json[]) =>
      evaluate(statements, { action: 'events:PutEvents', resource: BUS, assumeUnknownMatches: true, ...anything })
        .decision;
    expect(decisionOf([statement('Allow', { StringEquals: { 'events:source': 'shop' } })])).toBe('allowed');
    expect(
      decisionOf([statement('Allow', {}), statement('Deny', { StringNotEquals: { 'events:source': 'shop' } })]),
    ).toBe('unknown');
  });

  test('of the organization of resources is known only for configured organizations', () => {
    const decisionOf = (organization: string, ...organizations: string[]) =>
      evaluate(
        [statement('Allow', {}), statement('Deny', { StringNotEquals: { 'aws:ResourceOrgID': organization } })],
        {
          action: 'events:PutEvents',
          resource: BUS,
          assumeUnknownMatches: true,
          ...PRINCIPAL_REQUESTS.role,
          context: [...PRINCIPAL_REQUESTS.role.context, resourceOrganizationContext(organizations)],
        },
      ).decision;
    expect(decisionOf('o-a1b2c3d4e5')).toBe('unknown');
    expect(decisionOf('o-a1b2c3d4e5', 'o-a1b2c3d4e5', 'o-b1b2c3d4e5')).toBe('allowed');
    expect(decisionOf('o-c1b2c3d4e5', 'o-a1b2c3d4e5')).toBe('unknown');
    expect(decisionOf('${aws:PrincipalOrgID}', 'o-a1b2c3d4e5')).toBe('allowed');
  });

  test('with several values needs a set operator', () => {
    const condition = (operator: string) => ({
      [operator]: { 'aws:PrincipalServiceNamesList': 'events.amazonaws.com' },
    });
    expect(both('service', condition('ForAnyValue:StringEquals'))).toEqual(['allowed', 'denied']);
    expect(both('service', condition('StringEquals'))).toEqual(['unknown', 'unknown']);
  });

  test('that is missing is unknown for ForAnyValue with IfExists, for which AWS documents both results', () => {
    expect(both('service', { 'ForAnyValue:StringEqualsIfExists': { 'aws:username': 'me' } })).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  test('replaces a policy variable, which can have a default', () => {
    const equals = (value: string) => ({ StringEquals: { 'aws:ResourceAccount': value } });
    expect(both('role', equals('${aws:PrincipalAccount}'))).toEqual(['denied', 'allowed']);
    expect(both('role', { StringEquals: { 'aws:PrincipalAccount': '${AWS:principalaccount}' } })).toEqual([
      'allowed',
      'denied',
    ]);
    expect(both('role', equals("${aws:username, '111111111111'}"))).toEqual(['allowed', 'denied']);
    expect(both('role', equals('${aws:username}'))).toEqual(['denied', 'allowed']);
    expect(both('role', { StringNotEquals: { 'aws:ResourceAccount': '${aws:username}' } })).toEqual([
      'unknown',
      'unknown',
    ]);
    expect(both('role', equals('${aws:userid}'))).toEqual(['unknown', 'unknown']);
  });

  test('replaces a policy variable in a resource', () => {
    const on = (resource: string): Json => ({ Effect: 'Allow', Action: 'events:PutEvents', Resource: resource });
    expect(decide('role', [on('arn:aws:events:eu-west-1:111111111111:event-bus/${aws:PrincipalTag/team}')])).toBe(
      'denied',
    );
    expect(decide('role', [on("arn:aws:events:*:111111111111:event-bus/${aws:username, 'orders'}")])).toBe('allowed');
    expect(decide('role', [on('arn:aws:events:*:111111111111:event-bus/${aws:PrincipalTag/stage}')])).toBe('unknown');
  });

  test('of the source is absent if a service does not pass it on', () => {
    const keys = serviceCallContext('events.amazonaws.com', undefined);
    expect(['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid'].map((key) => valuesOf(key, keys, BUS))).toEqual([
      ABSENT,
      ABSENT,
      ABSENT,
    ]);
  });

  test('is unknown if it is compared with an unresolved value', () => {
    expect(both('role', { Null: { 'aws:username': unresolved('parameter') } })).toEqual(['unknown', 'unknown']);
  });
});

describe('an operator', () => {
  const decisionOn = (operator: string, requestValue: string, value: string) =>
    evaluate([statement('Allow', { [operator]: { 'aws:x': value } })], {
      action: 'events:PutEvents',
      resource: BUS,
      service: 'x',
      context: [{ 'aws:x': [requestValue] }],
    }).decision;

  test.each<[string, string, string, boolean]>([
    ['NumericEquals', '10', '10.0', true],
    ['NumericEquals', '10', '1e1', false],
    ['NumericEquals', '10', '11', false],
    ['NumericNotEquals', '10', '11', true],
    ['NumericNotEquals', '10', '10', false],
    ['NumericLessThan', '9', '10', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericLessThanEquals', '11', '10', false],
    ['NumericGreaterThan', '11', '10', true],
    ['NumericGreaterThan', '10', '10', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['NumericGreaterThanEquals', '9', '10', false],
    ['NumericLessThan', 'nine', '10', false],
    ['NumericLessThan', '', '10', false],
    ['DateEquals', '2026-01-01T00:00:00Z', '1767225600', true],
    ['DateNotEquals', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', true],
    ['DateLessThan', '2025-12-31T23:59:59Z', '2026-01-01T00:00:00Z', true],
    ['DateLessThan', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', false],
    ['DateLessThanEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['DateGreaterThan', '2026-01-02T00:00:00Z', '2026-01-01', true],
    ['DateGreaterThanEquals', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', true],
    ['DateGreaterThan', 'never', '2026-01-01', false],
    ['Bool', 'TRUE', 'true', true],
    ['Bool', 'true', 'false', false],
    ['Bool', 'yes', 'yes', false],
    ['BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true],
    ['BinaryEquals', 'QmluYXJ5', 'qmluYXJ5', false],
    ['IpAddress', '10.1.2.3', '10.0.0.0/8', true],
    ['IpAddress', '11.1.2.3', '10.0.0.0/8', false],
    ['IpAddress', '10.1.2.3', '10.1.2.3', true],
    ['NotIpAddress', '10.1.2.3', '10.0.0.0/8', false],
    ['NotIpAddress', '2001:db8::1', '10.0.0.0/8', true],
    ['IpAddress', '2001:db8::1', '2001:db8::/32', true],
    ['IpAddress', '10.1.2.3', '10.0.0.0/x', false],
    ['IpAddress', '10.1.2.3', '10.0.0.0/33', false],
    ['IpAddress', 'here', '10.0.0.0/8', false],
    ['IpAddress', '10.1.2.3', '0.0.0.0/0', true],
    ['StringNotEqualsIgnoreCase', 'A', 'a', false],
    ['StringNotLike', 'shop', 's*', false],
    ['ArnNotEquals', RULE, RULE, false],
    ['ArnNotLike', RULE, `${RULE}2`, true],
  ])('%s of %j with %j is %j', (operator, requestValue, value, expected) => {
    expect(decisionOn(operator, requestValue, value)).toBe(expected ? 'allowed' : 'denied');
  });

  test.each(['NumericEquals', 'DateLessThan', 'IpAddress', 'NotIpAddress', 'BinaryEquals', 'Bool', 'StringLike'])(
    '%s is unknown for an unresolved value',
    (operator) => {
      expect(decisionOn(operator, 'x', unresolved('parameter'))).toBe('unknown');
    },
  );
});
