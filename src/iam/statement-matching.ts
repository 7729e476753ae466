import { RequestContext, UNKNOWN, Values, isPresumed, valuesOf } from './condition-keys';
import { ConditionEntry, entriesOf } from './conditions';
import { Assumptions, KeyLookup, evaluateCondition, hasVariable, resolveVariables } from './evaluate-condition';
import { like, actionMatches } from './matching';
import { CallingIdentity, matchPrincipal } from './principal-matching';
import { Json, Statement, isObject, toList } from './statement';
import { Ternary, not, some } from './ternary';
import { ANYTHING } from './unresolved-text';

/** A request to AWS, as IAM evaluates it. */
export interface Request extends CallingIdentity {
  readonly action: string;
  readonly resource: string;
  /**
   * Condition keys, grouped by what they depend on, such as the call and its principal. A key that no group lists is
   * unknown, unless it follows from the ARN of the resource.
   */
  readonly context: readonly RequestContext[];
  /**
   * Whether presumed values, such as the organization of the principal, and values of `ANYTHING` are assumed to match.
   * Then a decision is 'denied' only if no values would be allowed, and 'unknown' only if it depends on values that are
   * known at deployment.
   */
  readonly assumeUnknownMatches?: boolean;
}

/** Whether a statement matches a request, and which element decides that. */
export interface StatementMatch {
  readonly matches: Ternary;
  /** The element that does not match, or that cannot be evaluated. `Statement` is one that is known at deployment. */
  readonly element?: 'Statement' | 'Action' | 'Resource' | 'Principal' | 'Condition';
  /** The condition, if that is the element and it can be read. */
  readonly condition?: Pick<ConditionEntry, 'operator'> & Partial<ConditionEntry>;
  /** The condition key, if its value in the request is not known. */
  readonly unknownKey?: string;
}

/**
 * Matches the elements of a statement in the order of their cost. The first element that does not match decides. An
 * unknown element decides only if no other element differs.
 */
export function matchStatement(statement: Statement, request: Request): StatementMatch {
  const action = matchAction(statement, request.action);
  if (action === false) return DIFFERENT_ACTION;
  const resource = matchResource(statement, request);
  if (resource === false) return DIFFERENT_RESOURCE;
  const principal = matchPrincipal(statement, request);
  if (principal === false) return DIFFERENT_PRINCIPAL;
  const conditions = matchConditions(statement, request);
  if (conditions.matches === false) return conditions;
  if (action === undefined) return UNKNOWN_ACTION;
  if (resource === undefined) return UNKNOWN_RESOURCE;
  if (principal === undefined) return UNKNOWN_PRINCIPAL;
  return conditions;
}

const MATCHES: StatementMatch = { matches: true };
const DIFFERENT_ACTION: StatementMatch = { matches: false, element: 'Action' };
const DIFFERENT_RESOURCE: StatementMatch = { matches: false, element: 'Resource' };
const DIFFERENT_PRINCIPAL: StatementMatch = { matches: false, element: 'Principal' };
const UNKNOWN_ACTION: StatementMatch = { matches: undefined, element: 'Action' };
const UNKNOWN_RESOURCE: StatementMatch = { matches: undefined, element: 'Resource' };
const UNKNOWN_PRINCIPAL: StatementMatch = { matches: undefined, element: 'Principal' };
const UNKNOWN_CONDITIONS: StatementMatch = { matches: undefined, element: 'Condition' };

/** Whether a statement is about an action. One without actions is invalid, so it is unknown what it matches. */
export function matchAction({ Action, NotAction }: Statement, action: string): Ternary {
  if ((Action ?? NotAction ?? null) === null) return undefined;
  return matchElement(Action, NotAction, (value) => actionMatches(value, action));
}

/** Only statements of trust policies have no resource. Any other statement without one is invalid. */
function matchResource({ Resource, NotResource }: Statement, request: Request): Ternary {
  const { action, resource } = request;
  if ((Resource ?? NotResource ?? null) === null) return action.startsWith('sts:') || undefined;
  return matchElement(Resource, NotResource, (value) =>
    hasVariable(value)
      ? some(resolveVariables(value, keyLookup(request)), (resolved) => like(resolved, resource))
      : like(value, resource),
  );
}

function matchElement(
  element: Json | undefined,
  negatedElement: Json | undefined,
  matches: (value: string) => Ternary,
): Ternary {
  return negatedElement === undefined ? some(toList(element), matches) : not(some(toList(negatedElement), matches));
}

function matchConditions(statement: Statement, request: Request): StatementMatch {
  const { Condition } = statement;
  if (Condition === undefined) return MATCHES;
  if (!isObject(Condition)) return UNKNOWN_CONDITIONS;
  const assumptions = assumptionsFor(statement, request);
  const lookup = keyLookup(request);
  const unreadable = Object.keys(Condition).find((operator) => !isObject(Condition[operator]));
  let unknown: StatementMatch | undefined =
    unreadable === undefined ? undefined : { ...UNKNOWN_CONDITIONS, condition: { operator: unreadable } };
  for (const entry of entriesOf(Condition)) {
    const matches = evaluateCondition(entry, lookup, assumptions);
    if (matches === false) return { matches, element: 'Condition', condition: entry };
    if (matches === undefined) unknown ??= unknownCondition(entry, lookup);
  }
  return unknown ?? MATCHES;
}

function unknownCondition(condition: ConditionEntry, lookup: KeyLookup): StatementMatch {
  const { key } = condition;
  const unknownKey = isUnknownValue(lookup(key.toLowerCase())) ? key : undefined;
  return { ...UNKNOWN_CONDITIONS, condition, unknownKey };
}

/** The lookup of condition keys in a request. */
export function keyLookup({ context, resource }: Request): KeyLookup {
  return (key) => valuesOf(key, context, resource);
}

/**
 * Presumed values are assumed in favor of the call. An event that can be any is assumed to be one that is allowed, but
 * not assumed to be different from those that are denied.
 */
function assumptionsFor({ Effect }: Statement, { assumeUnknownMatches }: Request): Assumptions {
  if (!assumeUnknownMatches) return NO_ASSUMPTIONS;
  return Effect === 'Allow' ? ASSUME_ALLOWED : ASSUME_NOT_DENIED;
}

const NO_ASSUMPTIONS: Assumptions = { presumed: undefined, anyValue: undefined };
const ASSUME_ALLOWED: Assumptions = { presumed: true, anyValue: true };
const ASSUME_NOT_DENIED: Assumptions = { presumed: false, anyValue: undefined };

function isUnknownValue(values: Values): boolean {
  return values === UNKNOWN || isPresumed(values) || values.includes(ANYTHING);
}
