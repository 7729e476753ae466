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
import {
  BUS,
  KEYS,
  ORGANIZATION,
  OWNER,
  PUBLISHER,
  QUEUE,
  ROLE,
  RULE,
  RULE_OF_PUBLISHER,
  elements,
  onResource,
  possible,
} from '../support/random-policies';

/** Keys that AWS does not document for calls by a rule and by a service. */
const UNDOCUMENTED = ['aws:SourceAccount', 'aws:PrincipalType'];

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
