import * as fc from 'fast-check';
import { Grant, putEventsStatements } from '../../src/eventbridge/bus-statements';
import { conditionsOf, isSupersetOf } from '../../src/eventbridge/grant-conditions';
import { Publisher } from '../../src/eventbridge/publishers';
import { accountOf } from '../../src/iam/arn';
import { Request, evaluate } from '../../src/iam/evaluate';
import { Json, Statement, isObject, toList } from '../../src/iam/statement';
import { Evaluation, describeWithOracle, evaluated } from '../support/oracle';
import { randomCases } from '../support/random-cases';
import { EVENT_BUS, anyCall, anyGrant, anyGrants } from '../support/random-grants';

const merged = (grants: Grant[], compact = false) =>
  putEventsStatements(grants, { ...EVENT_BUS, compact }).map(({ statement }) => statement);

/** The grant that a statement is written for: its publishers and allowed events, as the statement has them. */
function grantOf({ Principal, Condition }: Statement): Grant {
  const conditions = (Condition ?? {}) as { [operator: string]: { [key: string]: Json } };
  const values = (operator: string, key: string) => {
    const value = conditions[operator]?.[key];
    return value === undefined ? undefined : [...toList(value)];
  };
  const forAll = 'ForAllValues:StringEquals';
  const byRule = conditions.Bool?.['events:eventBusInvocation'];
  const isService = isObject(Principal) && Principal.Service !== undefined;
  return {
    publisher: publisherOf(Principal, values),
    allowed: {
      sources: values(forAll, 'events:source'),
      detailTypes: values(forAll, 'events:detail-type'),
      byRule: byRule === undefined ? undefined : byRule === 'true',
      ruleArns: isService ? undefined : values('ArnLike', 'aws:SourceArn'),
      excludedRuleArns: values('ArnNotLike', 'aws:SourceArn'),
    },
  };
}

function publisherOf(principal: Json, values: (operator: string, key: string) => string[] | undefined): Publisher {
  const named = isObject(principal) ? principal : {};
  const equals = (key: string) => values('StringEquals', key);
  const paths = values('ForAnyValue:StringLike', 'aws:PrincipalOrgPaths');
  const roles = equals('aws:PrincipalArn');
  const organizations = equals('aws:PrincipalOrgID');
  const team = equals('aws:PrincipalTag/team');
  if (named.Service !== undefined) {
    const sources = { accounts: equals('aws:SourceAccount'), arns: values('ArnLike', 'aws:SourceArn') };
    return { kind: 'Service', service: String(named.Service), sources };
  }
  if (team) return { kind: 'Principal', principal, conditions: { StringEquals: { 'aws:PrincipalTag/team': team[0] } } };
  if (paths) return { kind: 'OrganizationalUnits', paths };
  if (organizations) return { kind: 'Organizations', organizations };
  if (roles) return { kind: 'Roles', roles: roles.map((arn) => ({ arn, account: accountOf(arn) })) };
  return { kind: 'Accounts', accounts: equals('aws:PrincipalAccount') ?? toList(named.AWS).map(accountOf) };
}

describe('merged grants', () => {
  test.each([false, true])('do not change if they are merged again (compact: %p)', (compact) => {
    fc.assert(
      fc.property(anyGrants, (grants) => {
        const statements = merged(grants, compact);
        expect(merged(statements.map(grantOf), compact)).toEqual(statements);
      }),
      randomCases(1_000),
    );
  });

  test('allow all that each of their statements allows, and nothing else', () => {
    fc.assert(
      fc.property(anyGrants, fc.array(anyCall, { minLength: 20, maxLength: 20 }), (grants, calls) => {
        const together = merged(grants);
        const alone = grants.flatMap((grant) => merged([grant]));
        for (const call of calls) {
          const isAllowedAlone = alone.some((one) => evaluate([one], call).decision === 'allowed');
          expect(evaluate(together, call).decision === 'allowed').toBe(isAllowedAlone);
        }
      }),
      randomCases(500),
    );
  });

  test('are not more statements, nor longer, than without merging', () => {
    fc.assert(
      fc.property(anyGrants, fc.boolean(), (grants, compact) => {
        const alone = grants.flatMap((grant) => merged([grant], compact));
        const together = merged(grants, compact);
        expect(together.length).toBeLessThanOrEqual(alone.length);
        expect(JSON.stringify(together).length).toBeLessThanOrEqual(JSON.stringify(alone).length);
      }),
      randomCases(1_000),
    );
  });

  test('keep conditions that are wider if all that they allow is allowed by the other ones', () => {
    fc.assert(
      fc.property(anyGrant, anyGrant, anyCall, (wide, narrow, call) => {
        fc.pre(isSupersetOf(wide.allowed, narrow.allowed));
        const [wider, narrower] = [wide, narrow].map(({ allowed }) =>
          evaluate([{ Effect: 'Allow', Action: '*', Resource: '*', Condition: conditionsOf(allowed) }], call),
        );
        if (narrower.decision === 'allowed') expect(wider.decision).toBe('allowed');
        expect(isSupersetOf(narrow.allowed, narrow.allowed)).toBe(true);
      }),
      randomCases(5_000),
    );
  });
});

/** The call as the oracle takes it; undefined for one that it cannot describe. */
function evaluationOf(call: Request, statements: Json[]): Evaluation {
  const [{ 'aws:principalorgpaths': paths = [], ...keys }] = call.context as { [key: string]: string[] }[];
  const context: { [key: string]: string[] } = Object.fromEntries(
    ['events:source', 'events:detail-type', 'events:eventbusinvocation', 'aws:principaltag/team', 'aws:sourcearn']
      .filter((key) => keys[key]?.length > 0)
      .map((key) => [NAMES[key] ?? key, keys[key]]),
  );
  const [path] = paths;
  const identityStatements = [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' }];
  const sourceArn = `arn:aws:ses:eu-west-1:${keys['aws:sourceaccount'][0]}:identity/x`;
  return {
    caller: call.service
      ? { service: call.service, sourceArn }
      : { role: call.principalArn!.split('/')[1], account: call.account!, identityStatements },
    ...(path !== undefined && { organization: { id: path.split('/')[0], path } }),
    action: call.action,
    resource: call.resource,
    account: EVENT_BUS.account,
    statements,
    context: { ...context, 'aws:RequestedRegion': ['eu-west-1'] },
  };
}

const NAMES: { readonly [key: string]: string } = {
  'events:eventbusinvocation': 'events:eventBusInvocation',
  'aws:principaltag/team': 'aws:PrincipalTag/team',
  'aws:sourcearn': 'aws:SourceArn',
};

describeWithOracle('merged grants, evaluated by another IAM engine,', () => {
  test('allow what the grants allow one by one', () => {
    // The account of the bus needs no policy of the bus, and is not compared.
    const sample = fc
      .sample(fc.tuple(anyGrants, anyCall), { numRuns: 6_000, seed: 20 })
      .filter(([grants, call]) => grants.length > 0 && call.account !== EVENT_BUS.account);
    const isAllowed = ([grants, call]: (typeof sample)[number]) =>
      evaluate(merged(grants), call).decision === 'allowed';
    const { numRuns } = randomCases(150);
    const asked = [true, false].flatMap((allowed) =>
      sample.filter((one) => isAllowed(one) === allowed).slice(0, numRuns),
    );
    const forms = [false, true];
    const together = forms.map((compact) => asked.map(([grants, call]) => evaluationOf(call, merged(grants, compact))));
    const alone = asked.map(([grants, call]) => grants.map((grant) => evaluationOf(call, merged([grant]))));
    const answers = evaluated([...together.flat(), ...alone.flat()]);
    const answersAlone = answers.slice(forms.length * asked.length);
    let position = 0;
    const isAllowedAlone = alone.map((list) => {
      position += list.length;
      return answersAlone.slice(position - list.length, position).includes(true);
    });
    expect(answers).not.toContain(undefined);
    expect(isAllowedAlone).toEqual(asked.map(isAllowed));
    for (const [i] of forms.entries()) {
      expect(answers.slice(i * asked.length, (i + 1) * asked.length)).toEqual(isAllowedAlone);
    }
  });
});
