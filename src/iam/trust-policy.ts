import { AccessAnalysis, analyzeAccess } from './access-analysis';
import { parseOperator } from './condition-operators';
import { entriesOf } from './conditions';
import { actionMatches } from './matching';
import { Json, Statement, isObject, toList } from './statement';
import { hasUnresolved } from './unresolved-text';

/**
 * Services that assume a role on behalf of a resource, and always pass on which.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
export const SERVICES_WITH_SOURCE = /^(events|pipes|scheduler|states)\./;

/** Keys that identify the resource on whose behalf a service assumes a role. */
const SOURCE_KEYS = /^aws:source(account|arn|orgid|orgpaths)$/i;

/** A statement of a trust policy that allows any principal to assume the role, or may do so. */
export interface OpenTrust {
  /** Whether it is known at synthesis that any principal is allowed. */
  readonly sure: boolean;
  readonly reason: string;
}

/**
 * Analyzes whether a statement of a trust policy allows any principal. A service without conditions is accepted,
 * because no other account can pass the role to it. A service with a condition that any source matches is not, because
 * the condition was meant to restrict it.
 */
export function findOpenTrust(statement: Json): OpenTrust | undefined {
  if (!isObject(statement)) {
    return { sure: false, reason: `it is not a policy statement: ${JSON.stringify(statement)}` };
  }
  if (statement.Effect !== 'Allow' || !allowsAssumeRole(statement)) return undefined;
  const results = splitByService(statement).map(({ part, service }) =>
    service === undefined ? openTrust(analyzeAccess(part)) : findOpenServiceTrust(part, service),
  );
  return results.find((result) => result?.sure) ?? results.find((result) => result !== undefined);
}

/** The statement with each of its service principals alone, and with all other principals. */
function splitByService(statement: Statement): { part: Statement; service?: string }[] {
  const { Principal } = statement;
  if (!isObject(Principal) || Principal.Service === undefined) return [{ part: statement }];
  const { Service, ...otherPrincipals } = Principal;
  const parts: { part: Statement; service?: string }[] = toList(Service).map((service) => ({
    part: { ...statement, Principal: { Service: service } },
    service,
  }));
  if (Object.keys(otherPrincipals).length > 0) parts.push({ part: { ...statement, Principal: otherPrincipals } });
  return parts;
}

function openTrust({ access, reason }: AccessAnalysis): OpenTrust | undefined {
  return access === 'public' || access === 'unknown' ? { sure: access === 'public', reason } : undefined;
}

function findOpenServiceTrust(statement: Statement, service: string): OpenTrust | undefined {
  const { Condition } = statement;
  if (!entriesOf(Condition).some(({ key }) => SOURCE_KEYS.test(key))) return undefined;
  // A service that does not always pass its source on needs a condition that also matches without it.
  const mayLackSource = !SERVICES_WITH_SOURCE.test(service);
  if (mayLackSource && analyzeAccess({ ...statement, Condition: requireKeys(Condition) }).access === 'named') {
    return undefined;
  }
  return openTrust(analyzeAccess(statement));
}

/** The conditions with operators that do not match a request without their key. */
function requireKeys(condition: Json): Json {
  const required: { [operator: string]: { [key: string]: Json } } = {};
  for (const { operator, key, values } of entriesOf(condition)) {
    const { quantifier, base } = parseOperator(operator);
    const name = quantifier === 'foranyvalue' ? `${quantifier}:${base}` : base;
    (required[name] ??= {})[key] = [...values];
  }
  return required;
}

/** Whether a statement is about an action that assumes the role, or cannot be read. */
export function allowsAssumeRole({ Action, NotAction }: Statement): boolean {
  if (Action !== undefined) {
    return toList(Action).some(
      (action) => hasUnresolved(action) || ASSUME_ROLE_ACTIONS.some((name) => actionMatches(action, name)),
    );
  }
  const excluded = toList(NotAction);
  return ASSUME_ROLE_ACTIONS.some((name) => !excluded.some((action) => actionMatches(action, name) === true));
}

const ASSUME_ROLE_ACTIONS = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'];
