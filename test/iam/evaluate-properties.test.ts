import * as fc from 'fast-check';
import {
  ABSENT,
  DIRECT_CALL_CONTEXT,
  RequestContext,
  principalCallContext,
  ruleCallContext,
  serviceCallContext,
} from '../../src/iam/condition-keys';
import { DECISIONS, Decision } from '../../src/iam/decision';
import { Request, evaluate } from '../../src/iam/evaluate';
import { Json } from '../../src/iam/statement';
import { unresolved } from '../../src/iam/unresolved-text';
import { randomCases } from '../support/random-cases';
import {
  BUS,
  KEYS,
  OWNER,
  PUBLISHER,
  QUEUE,
  ROLE,
  RULE,
  RULE_OF_PUBLISHER,
  onResource,
  possible,
} from '../support/random-policies';
import { strangeJson } from '../support/strange-json';

/** A request, of which several condition keys are unknown, as the checks make it. */
const byRole = fc
  .record({ source: fc.constantFrom('shop', 'store'), byRule: fc.boolean() })
  .map(({ source, byRule }): Request => {
    const call = { 'events:source': [source], 'events:eventbusinvocation': [String(byRule)] };
    return {
      action: 'events:PutEvents',
      resource: BUS,
      principalArn: ROLE,
      account: PUBLISHER,
      context: [
        { ...call, ...(byRule ? ruleCallContext(RULE_OF_PUBLISHER) : DIRECT_CALL_CONTEXT) },
        ...principalCallContext({ arn: ROLE, account: PUBLISHER, type: 'AssumedRole', tags: {} }),
      ],
    };
  });
const byService: fc.Arbitrary<Request> = fc.constant({
  action: 'sqs:SendMessage',
  resource: QUEUE,
  service: 'events.amazonaws.com',
  context: serviceCallContext('events.amazonaws.com', RULE),
});
const policies: { readonly [resource: string]: fc.Arbitrary<Json[]> } = {
  [BUS]: onResource('events:PutEvents', BUS),
  [QUEUE]: onResource('sqs:SendMessage', QUEUE),
};

interface Case {
  readonly request: Request;
  readonly statements: Json[];
  readonly more: Json[];
}
const anyCase: fc.Arbitrary<Case> = fc.oneof({ weight: 2, arbitrary: byRole }, byService).chain((request) =>
  fc.record({
    request: fc
      .boolean()
      .map((assumeUnknownMatches) => ({ ...request, ...(assumeUnknownMatches && { assumeUnknownMatches }) })),
    statements: policies[request.resource],
    more: policies[request.resource],
  }),
);

/** Anything that a template can have in place of a statement. */
const strange = strangeJson(
  ['Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'Condition', 'StringEquals', 'AWS'],
  ['Allow', 'Deny', '*', 'events:PutEvents', BUS, 'aws:PrincipalTag/team', '${aws:PrincipalAccount}', '‹a›'],
) as fc.Arbitrary<Json>;
const withStrange = (statements: Json[]) =>
  fc
    .array(strange, { maxLength: 2 })
    .chain((more) => fc.shuffledSubarray([...statements, ...more], { minLength: statements.length + more.length }));

const rankOf = (decision: Decision) => DECISIONS.length - DECISIONS.indexOf(decision);
const withEffect = (effect: string, statements: Json[]) =>
  statements.map((statement) => ({ ...(statement as object), Effect: effect }));
const decide = (statements: Json[], request: Request) => evaluate(statements, request).decision;

describe('a decision on random policies', () => {
  const inStrangeCompany = anyCase.chain((one) =>
    withStrange(one.statements).map((statements) => ({ ...one, statements })),
  );

  test('is denied if a Deny statement matches, whatever else the policy has', () => {
    fc.assert(
      fc.property(inStrangeCompany, ({ request, statements, more }) => {
        // A statement that allows the request by itself denies it with the other effect.
        const { assumeUnknownMatches: _, ...plain } = request;
        const matching = more.filter((one) => decide(withEffect('Allow', [one]), plain) === 'allowed');
        fc.pre(matching.length > 0);
        const denying = withEffect('Deny', matching);
        expect(evaluate([...statements, ...denying], request)).toMatchObject({
          decision: 'denied',
          explicitDeny: expect.anything(),
        });
        expect(decide([...denying, ...statements], request)).toBe('denied');
      }),
      randomCases(4_000),
    );
  });

  test('grows with Allow statements and shrinks with Deny statements', () => {
    fc.assert(
      fc.property(inStrangeCompany, ({ request, statements, more }) => {
        const rank = rankOf(decide(statements, request));
        expect(rankOf(decide([...statements, ...withEffect('Allow', more)], request))).toBeGreaterThanOrEqual(rank);
        expect(rankOf(decide([...statements, ...withEffect('Deny', more)], request))).toBeLessThanOrEqual(rank);
      }),
      randomCases(4_000),
    );
  });

  test('does not depend on the order of statements, nor on duplicates', () => {
    fc.assert(
      fc.property(inStrangeCompany, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (one, order) => {
        const sorted = one.statements
          .map((statement) => ({ statement, place: order.next().value }))
          .sort((a, b) => a.place - b.place)
          .map(({ statement }) => statement);
        expect(decide([...sorted, ...one.statements], one.request)).toBe(decide(one.statements, one.request));
      }),
      randomCases(3_000),
    );
  });

  test('is a denial if no statement has the action', () => {
    fc.assert(
      fc.property(anyCase, ({ request, statements }) => {
        const other = { ...request, action: 'kinesis:PutRecord' };
        const named = statements.filter((statement) => !/"NotAction"|"Action":"\*"/.test(JSON.stringify(statement)));
        expect(decide(named, other)).toBe('denied');
      }),
      randomCases(1_000),
    );
  });
});

/** The values that the keys of a request have which are unknown or presumed at synthesis. */
const actualKeys = fc
  .record({
    values: possible,
    organization: fc.constantFrom('o-aaaaaaaaaa', 'o-bbbbbbbbbb', 'o-cccccccccc'),
    account: fc.option(fc.constantFrom(OWNER, PUBLISHER), { nil: undefined }),
    type: fc.option(fc.constantFrom('AssumedRole', 'User'), { nil: undefined }),
  })
  .map(({ values, organization, account, type }) => ({
    ...Object.fromEntries(Object.keys(KEYS).map((key) => [key, values[key]])),
    'aws:PrincipalOrgID': organization,
    'aws:SourceOrgID': organization,
    'aws:SourceAccount': account,
    'aws:PrincipalType': type,
  }));

/** The request with a value for each key that its context leaves open. */
function actual(
  { context, assumeUnknownMatches: _, ...request }: Request,
  values: { [key: string]: string | undefined },
) {
  const isKnown = (key: string) =>
    context.some((layer) => layer[key.replace(/\/.*/, '/*')] ?? Array.isArray(layer[key]));
  const open = Object.entries(values)
    .map(([key, value]): [string, string | undefined] => [key.toLowerCase(), value])
    .filter(([key]) => !isKnown(key) && !/^events:|requestedregion|resourceaccount/.test(key));
  const filled: RequestContext = Object.fromEntries(
    open.map(([key, value]) => [key, value === undefined ? ABSENT : [value]]),
  );
  return { ...request, context: [filled, ...context] };
}

/** Text of policies that a template can have a parameter in place of, and values of the parameter. */
const PARAMETERS: readonly (readonly [text: string, ...values: string[]])[] = [
  ['"shop"', 'shop', 'store', 's*', ''],
  [`"${PUBLISHER}"`, PUBLISHER, OWNER, '*', ROLE],
  [PUBLISHER, PUBLISHER, OWNER, '333333333333'],
  ['publisher', 'publisher', '*', 'other'],
  ['o-aaaaaaaaaa', 'o-aaaaaaaaaa', 'o-bbbbbbbbbb', 'o-*'],
  ['"true"', 'true', 'false', 'x'],
  ['events.amazonaws.com', 'events.amazonaws.com', 'sns.amazonaws.com'],
  ['Allow', 'Allow', 'Deny'],
  ['orders', 'orders', '*', 'other'],
  ['eu-west-1', 'eu-west-1', 'us-east-1', '*'],
  [`"${ROLE}"`, ROLE, `${ROLE}2`, '*', PUBLISHER],
  ['10.0.0.0/8', '10.0.0.0/8', '11.0.0.0/8'],
  ['3600', '3600', '60'],
  ['2026-01-01', '2026-01-01', '2028-01-01'],
];
const parameters = fc
  .uniqueArray(fc.constantFrom(...PARAMETERS), { minLength: 1, maxLength: 3 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map(([text, ...values], i) =>
        fc.constantFrom(...values).map((value) => ({ text, value, placeholder: unresolved(`parameter P${i}`) })),
      ),
    ),
  );

describe('a decision that does not depend on unknown values', () => {
  test('is the one for all values of the condition keys', () => {
    fc.assert(
      fc.property(anyCase, actualKeys, ({ request, statements }, values) => {
        const { assumeUnknownMatches: _, ...plain } = request;
        const decision = decide(statements, plain);
        if (decision !== 'unknown') expect(decide(statements, actual(plain, values))).toBe(decision);
        // With assumptions in favor of the request, only what no values would allow is denied.
        const assumed = decide(statements, { ...plain, assumeUnknownMatches: true });
        if (assumed === 'denied') expect(decide(statements, actual(plain, values))).toBe('denied');
        expect(rankOf(assumed)).toBeGreaterThanOrEqual(decision === 'allowed' ? rankOf('allowed') : 0);
      }),
      randomCases(6_000),
    );
  });

  test('is the one for all values of the parameters in the policy', () => {
    fc.assert(
      fc.property(anyCase, actualKeys, parameters, fc.boolean(), ({ request, statements }, values, params, negate) => {
        const { assumeUnknownMatches: _, ...plain } = request;
        // A parameter for an AWS principal is taken to be no wildcard for services.
        fc.pre(plain.service === undefined || params.every(({ value }) => value !== '*'));
        const text = JSON.stringify(statements).replace(/"Principal"/g, negate ? '"NotPrincipal"' : '"Principal"');
        const template = params.reduce(
          (result, param) => result.split(param.text).join(quotedAs(param.text, param.placeholder)),
          text,
        );
        const policy = params.reduce(
          (result, { placeholder, value }) => result.split(placeholder).join(value),
          template,
        );
        const decision = decide(JSON.parse(template), plain);
        if (decision === 'unknown') return;
        expect(decide(JSON.parse(policy), actual(plain, values))).toBe(decision);
      }),
      randomCases(6_000),
    );
  });

  test('is the one with or without a statement that is known only at deployment', () => {
    fc.assert(
      fc.property(anyCase, fc.boolean(), ({ request, statements, more }, isUsed) => {
        const decision = decide([...statements, unresolved('Fn::If IsProduction')], request);
        if (decision === 'unknown') return;
        expect(decide([...statements, ...(isUsed ? more : [])], request)).toBe(decision);
      }),
      randomCases(2_000),
    );
  });
});

/** The text that replaces another one, in quotation marks if that has them. */
function quotedAs(text: string, replacement: string): string {
  return text.startsWith('"') ? `"${replacement}"` : replacement;
}
