import { RequestContext, UNKNOWN, Values, isPresumed, valuesOf } from './condition-keys';
import { ConditionEntry, entriesOf } from './conditions';
import { UnknownOutcome, Lookup, evaluateCondition, hasVariable, resolveVariables } from './evaluate-condition';
import { like, actionMatches } from './matching';
import { CallingIdentity, matchPrincipal } from './principal-matching';
import { Json, isObject, toList, getOwn, toText } from './statement';
import { Ternary, not, some } from './ternary';
import { ANYTHING, hasUnresolved, displayText } from './unresolved-text';

/** A call as IAM sees it. */
export interface Request extends CallingIdentity {
  readonly action: string;
  readonly resource: string;
  /**
   * Condition keys by what they depend on, such as the call and its caller. Of what none lists nothing is known, but
   * what the ARN of the resource tells.
   */
  readonly context: readonly RequestContext[];
  /**
   * Whether what is presumed, such as that the caller is in the organization, and a value of `ANYTHING`, is taken to
   * fit: then only what can never be allowed is denied, and only what hangs on deployment is undecided.
   */
  readonly assumeUnknownMatches?: boolean;
}

/** Whether policies let a request pass, and the reason. 'unknown' hangs on something outside the templates. */
export interface Evaluation {
  readonly decision: 'allowed' | 'denied' | 'unknown';
  readonly reason: string;
  /** The statement that denies it explicitly, if one does. */
  readonly explicitDeny?: ExplicitDeny;
  /** The condition key of which nothing is known, where that is what leaves it undecided. */
  readonly unknownKey?: string;
}

/** A statement that denies a request. */
export interface ExplicitDeny {
  /** As messages name it. */
  readonly name: string;
  /** Its conditions, all of which hold. */
  readonly conditions: ConditionOfDenial[];
  /** Whether it names the principal, rather than everybody. */
  readonly namesPrincipal: boolean;
}

export interface ConditionOfDenial extends ConditionEntry {
  /** What the request has for the key. */
  readonly given: Values;
}

/**
 * Judges a request by statements of one policy, identity or resource policy. Identity statements have no principal.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(statements: readonly Json[], request: Request): Evaluation {
  let allow: MatchedStatement | undefined;
  let deny: MatchedStatement | undefined;
  for (const statement of statements) {
    if (!isObject(statement)) {
      if (typeof statement !== 'string' || !hasUnresolved(statement)) continue;
      if (!statement.includes("'Effect':'Deny'")) allow = closer(allow, UNRESOLVED_STATEMENT);
      else if (!statement.includes("'Effect':'Allow'")) deny = closer(deny, UNRESOLVED_STATEMENT);
      continue;
    }
    if (statement.Effect === 'Allow') allow = closest(allow, statement, request);
    if (statement.Effect === 'Deny') deny = closest(deny, statement, request);
    if (
      typeof statement.Effect === 'string' &&
      hasUnresolved(statement.Effect) &&
      matchStatement(statement, request).matches !== false
    ) {
      [allow, deny] = [closer(allow, UNRESOLVED_STATEMENT), closer(deny, UNRESOLVED_STATEMENT)];
    }
  }
  if (deny?.matches) {
    return {
      decision: 'denied',
      reason: `${statementName(deny.statement)} denies it${describeConditions(deny.statement)}`,
      explicitDeny: explicitDenyOf(deny.statement, request),
    };
  }
  if (!allow) return { decision: 'denied', reason: 'no statement allows it' };
  if (allow.matches === false) {
    return { decision: 'denied', reason: `${statementName(allow.statement)} does not fit the ${allow.element}` };
  }
  const open = [allow, deny].find((match) => match !== undefined && match.matches === undefined);
  if (!open) return { decision: 'allowed', reason: statementName(allow.statement) };
  return {
    decision: 'unknown',
    reason: `${statementName(open.statement)} hangs on the ${open.element}`,
    ...(open.unknownKey && { unknownKey: open.unknownKey }),
  };
}

/** By its id, or by what it says of which actions. */
function statementName({ Sid, Effect, Action, NotAction }: RawStatement): string {
  if (typeof Sid === 'string') return `statement '${displayText(Sid)}'`;
  const actions = toList(Action ?? NotAction).map((action) => `'${displayText(action)}'`);
  const shown =
    actions.length > NAMED_ACTIONS ? `${actions.slice(0, NAMED_ACTIONS).join(', ')} and others` : actions.join(', ');
  return actions.length === 0
    ? 'a statement'
    : `the ${toText(Effect)} statement on ${Action === undefined ? 'all actions but ' : ''}${shown}`;
}

const NAMED_ACTIONS = 3;

function explicitDenyOf(statement: RawStatement, request: Request): ExplicitDeny {
  const { Principal, NotPrincipal, Condition } = statement;
  const lookup = contextLookup(request);
  const conditions = entriesOf(Condition).map((entry) => ({ ...entry, given: lookup(entry.key.toLowerCase()) }));
  const everybody =
    NotPrincipal !== undefined ||
    Principal === undefined ||
    Principal === '*' ||
    (isObject(Principal) && toList(Principal.AWS).includes('*'));
  return { name: statementName(statement), conditions, namesPrincipal: !everybody };
}

/** The conditions of a denial are the reason why it holds. */
function describeConditions({ Condition }: RawStatement): string {
  const conditions = entriesOf(Condition).map(({ operator, key }) => `'${operator}' on '${key}'`);
  return conditions.length === 0 ? '' : ` by its condition ${conditions.join(' and ')}`;
}

/** How a statement fits a request, and which part of it does not, or not for certain. */
interface StatementMatch {
  readonly matches: Ternary;
  readonly element?: string;
  readonly unknownKey?: string;
}

type MatchedStatement = StatementMatch & { readonly statement: RawStatement };

/**
 * A statement that deployment chooses, as by `Fn::If`: it may allow what nothing else does, or deny if that is all that
 * it does.
 */
const UNRESOLVED_STATEMENT: MatchedStatement = {
  matches: undefined,
  element: 'deployment, which chooses it',
  statement: {},
};

function closer(best: MatchedStatement | undefined, fit: MatchedStatement): MatchedStatement {
  return !best || closeness(fit) > closeness(best) ? fit : best;
}

/** The one that fits a request better: what does, else what may, else what comes nearer; of equals the first. */
function closest(best: MatchedStatement | undefined, statement: RawStatement, request: Request): MatchedStatement {
  if (best?.matches) return best;
  const fit = matchStatement(statement, request);
  return !best || closeness(fit) > closeness(best) ? { ...fit, statement } : best;
}

/** How far a statement fits: its conditions are judged last. */
function closeness({ matches, element = '' }: StatementMatch): number {
  if (matches !== false) return matches ? 5 : 4;
  return getOwn(ELEMENT_ORDER, element) ?? 3;
}

const ELEMENT_ORDER: { readonly [part: string]: number } = { action: 0, resource: 1, principal: 2 };

/** The first part that does not fit is enough: those that decide most, and cost least, come first. */
function matchStatement(statement: RawStatement, request: Request): StatementMatch {
  const action = matchAction(statement, request);
  if (action === false) return OTHER_ACTION;
  const resource = matchResource(statement, request);
  if (resource === false) return OTHER_RESOURCE;
  const principal = matchPrincipal(statement, request);
  if (principal === false) return OTHER_PRINCIPAL;
  const condition = matchConditions(statement, request);
  if (condition.matches === false || (action && resource && principal)) return condition;
  if (action === undefined) return { matches: undefined, element: 'action' };
  return { matches: undefined, element: resource === undefined ? 'resource' : 'principal' };
}

const OTHER_ACTION: StatementMatch = { matches: false, element: 'action' };
const OTHER_RESOURCE: StatementMatch = { matches: false, element: 'resource' };
const OTHER_PRINCIPAL: StatementMatch = { matches: false, element: 'principal' };
const MATCHES: StatementMatch = { matches: true };

type RawStatement = { readonly [element: string]: Json };

/** Every statement has actions: one without cannot be read. */
function matchAction({ Action, NotAction }: RawStatement, { action }: Request): Ternary {
  if ((Action ?? NotAction ?? null) === null) return undefined;
  return matchElement(Action, NotAction, (v) => actionMatches(v, action));
}

/** Trust policies alone have no resource: any other statement without one cannot be read. */
function matchResource({ Resource, NotResource }: RawStatement, request: Request): Ternary {
  const { action, resource } = request;
  if ((Resource ?? NotResource ?? null) === null) return action.startsWith('sts:') || undefined;
  return matchElement(Resource, NotResource, (value) => {
    return hasVariable(value)
      ? some(resolveVariables(value, contextLookup(request)), (one) => like(one, resource))
      : like(value, resource);
  });
}

function contextLookup({ context, resource }: Request): Lookup {
  return (key) => valuesOf(key, context, resource);
}

/** An element, or its negation. */
function matchElement(element: Json | undefined, negated: Json | undefined, fits: (value: string) => Ternary): Ternary {
  return negated === undefined ? some(toList(element), fits) : not(some(toList(negated), fits));
}

/**
 * What is presumed counts for the caller. An event of which nothing is known may be one that is allowed; that it is
 * none of those that are denied is not presumed.
 */
function unknownOutcomeFor({ Effect }: RawStatement, { assumeUnknownMatches }: Request): UnknownOutcome {
  if (!assumeUnknownMatches) return UNDECIDED;
  return Effect === 'Allow' ? ALLOWED : NOT_DENIED;
}

const UNDECIDED: UnknownOutcome = { presumed: undefined, anything: undefined };
const ALLOWED: UnknownOutcome = { presumed: true, anything: true };
const NOT_DENIED: UnknownOutcome = { presumed: false, anything: undefined };

/** Whether no value of a key is known, though it may be there. */
function isUnknownValue(values: Values): boolean {
  return values === UNKNOWN || isPresumed(values) || values.includes(ANYTHING);
}

/** An operator without keys cannot be read. */
function matchConditions(statement: RawStatement, request: Request): StatementMatch {
  const { Condition } = statement;
  if (Condition === undefined) return MATCHES;
  if (!isObject(Condition)) return { matches: undefined, element: 'condition' };
  const doubt = unknownOutcomeFor(statement, request);
  const unreadable = Object.keys(Condition).find((operator) => !isObject(Condition[operator]));
  let open = unreadable === undefined ? undefined : `condition '${unreadable}'`;
  const lookup = contextLookup(request);
  let unknownKey: string | undefined;
  for (const entry of entriesOf(Condition)) {
    const truth = evaluateCondition(entry, lookup, doubt);
    if (truth) continue;
    const part = `condition '${entry.operator}' on '${entry.key}'`;
    if (truth === false) return { matches: truth, element: part };
    if (open === undefined && isUnknownValue(lookup(entry.key.toLowerCase()))) unknownKey = entry.key;
    open ??= part;
  }
  return open === undefined ? MATCHES : { matches: undefined, element: open, unknownKey };
}
