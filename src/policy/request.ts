import { Doubt, Lookup, conditionHolds, hasVariable, withVariables } from './condition-holds';
import { Context, UNKNOWN, Values, isPresumed, valuesOf } from './condition-keys';
import { ConditionEntry, entriesOf } from './conditions';
import { like, standsFor } from './matching';
import { Calling, principalFits } from './principal-matching';
import { Json, isObject, listOf, own, textOf } from './statement';
import { ANYTHING, hasUnknown, readable } from './text';
import { Truth, not, some } from './truth';

/** A call as IAM sees it. */
export interface Request extends Calling {
  readonly action: string;
  readonly resource: string;
  /** Condition keys by what they depend on, such as the call and its caller. Of what none lists nothing is known, but what the ARN of the resource tells. */
  readonly context: readonly Context[];
  /**
   * Whether what is presumed, such as that the caller is in the organization, and a value of `ANYTHING`, is taken to fit: then only what can never be
   * allowed is denied, and only what hangs on deployment is undecided.
   */
  readonly inDoubtYes?: boolean;
}

/** Whether policies let a request pass, and the reason. 'undecided' hangs on something outside the templates. */
export interface Answer {
  readonly decision: 'allowed' | 'denied' | 'undecided';
  readonly because: string;
  /** The statement that denies it explicitly, if one does. */
  readonly denial?: ExplicitDeny;
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
export function answer(statements: readonly Json[], request: Request): Answer {
  let allow: StatementFit | undefined;
  let deny: StatementFit | undefined;
  for (const statement of statements) {
    if (!isObject(statement)) {
      if (typeof statement !== 'string' || !hasUnknown(statement)) continue;
      if (!statement.includes("'Effect':'Deny'")) allow = nearer(allow, OF_DEPLOYMENT);
      else if (!statement.includes("'Effect':'Allow'")) deny = nearer(deny, OF_DEPLOYMENT);
      continue;
    }
    if (statement.Effect === 'Allow') allow = betterOf(allow, statement, request);
    if (statement.Effect === 'Deny') deny = betterOf(deny, statement, request);
    if (typeof statement.Effect === 'string' && hasUnknown(statement.Effect) && fitOf(statement, request).truth !== false) {
      [allow, deny] = [nearer(allow, OF_DEPLOYMENT), nearer(deny, OF_DEPLOYMENT)];
    }
  }
  if (deny?.truth) return { decision: 'denied', because: `${nameOf(deny.statement)} denies it${onConditions(deny.statement)}`, denial: denialBy(deny.statement, request) };
  if (!allow) return { decision: 'denied', because: 'no statement allows it' };
  if (allow.truth === false) return { decision: 'denied', because: `${nameOf(allow.statement)} does not fit the ${allow.part}` };
  const open = allow.truth === undefined ? allow : deny?.truth === undefined ? deny : undefined;
  return open ? { decision: 'undecided', because: `${nameOf(open.statement)} hangs on the ${open.part}`, ...(open.unknownKey && { unknownKey: open.unknownKey }) } : { decision: 'allowed', because: nameOf(allow.statement) };
}

/** By its id, or by what it says of which actions. */
function nameOf({ Sid, Effect, Action, NotAction }: Elements): string {
  if (typeof Sid === 'string') return `statement '${readable(Sid)}'`;
  const actions = listOf(Action ?? NotAction).map((action) => `'${readable(action)}'`);
  const shown = actions.length > NAMED_ACTIONS ? `${actions.slice(0, NAMED_ACTIONS).join(', ')} and others` : actions.join(', ');
  return actions.length === 0 ? 'a statement' : `the ${textOf(Effect)} statement on ${Action === undefined ? 'all actions but ' : ''}${shown}`;
}

const NAMED_ACTIONS = 3;

function denialBy(statement: Elements, request: Request): ExplicitDeny {
  const { Principal, NotPrincipal, Condition } = statement;
  const lookup = lookupIn(request);
  const conditions = entriesOf(Condition).map((entry) => ({ ...entry, given: lookup(entry.key.toLowerCase()) }));
  const everybody = NotPrincipal !== undefined || Principal === undefined || Principal === '*' || (isObject(Principal) && listOf(Principal.AWS).includes('*'));
  return { name: nameOf(statement), conditions, namesPrincipal: !everybody };
}

/** The conditions of a denial are the reason why it holds. */
function onConditions({ Condition }: Elements): string {
  const conditions = entriesOf(Condition).map(({ operator, key }) => `'${operator}' on '${key}'`);
  return conditions.length === 0 ? '' : ` by its condition ${conditions.join(' and ')}`;
}

/** How a statement fits a request, and which part of it does not, or not for certain. */
interface Fit {
  readonly truth: Truth;
  readonly part?: string;
  readonly unknownKey?: string;
}

type StatementFit = Fit & { readonly statement: Elements };

/** A statement that deployment chooses, as by `Fn::If`: it may allow what nothing else does, or deny if that is all that it does. */
const OF_DEPLOYMENT: StatementFit = { truth: undefined, part: 'deployment, which chooses it', statement: {} };

function nearer(best: StatementFit | undefined, fit: StatementFit): StatementFit {
  return !best || nearness(fit) > nearness(best) ? fit : best;
}

/** The one that fits a request better: what does, else what may, else what comes nearer; of equals the first. */
function betterOf(best: StatementFit | undefined, statement: Elements, request: Request): StatementFit {
  if (best?.truth) return best;
  const fit = fitOf(statement, request);
  return !best || nearness(fit) > nearness(best) ? { ...fit, statement } : best;
}

/** How far a statement fits: its conditions are judged last. */
function nearness({ truth, part = '' }: Fit): number {
  if (truth !== false) return truth ? 5 : 4;
  return own(BEFORE_CONDITIONS, part) ?? 3;
}

const BEFORE_CONDITIONS: { readonly [part: string]: number } = { action: 0, resource: 1, principal: 2 };

/** The first part that does not fit is enough: those that decide most, and cost least, come first. */
function fitOf(statement: Elements, request: Request): Fit {
  const action = actionFits(statement, request);
  if (action === false) return OTHER_ACTION;
  const resource = resourceFits(statement, request);
  if (resource === false) return OTHER_RESOURCE;
  const principal = principalFits(statement, request);
  if (principal === false) return OTHER_PRINCIPAL;
  const condition = conditionsFit(statement, request);
  if (condition.truth === false || (action && resource && principal)) return condition;
  return { truth: undefined, part: action === undefined ? 'action' : resource === undefined ? 'resource' : 'principal' };
}

const OTHER_ACTION: Fit = { truth: false, part: 'action' };
const OTHER_RESOURCE: Fit = { truth: false, part: 'resource' };
const OTHER_PRINCIPAL: Fit = { truth: false, part: 'principal' };
const FITS: Fit = { truth: true };

type Elements = { readonly [element: string]: Json };

/** Every statement has actions: one without cannot be read. */
function actionFits({ Action, NotAction }: Elements, { action }: Request): Truth {
  if ((Action ?? NotAction ?? null) === null) return undefined;
  return either(Action, NotAction, (v) => standsFor(v, action));
}

/** Trust policies alone have no resource: any other statement without one cannot be read. */
function resourceFits({ Resource, NotResource }: Elements, request: Request): Truth {
  const { action, resource } = request;
  if ((Resource ?? NotResource ?? null) === null) return action.startsWith('sts:') || undefined;
  return either(Resource, NotResource, (value) => {
    return hasVariable(value) ? some(withVariables(value, lookupIn(request)), (one) => like(one, resource)) : like(value, resource);
  });
}

function lookupIn({ context, resource }: Request): Lookup {
  return (key) => valuesOf(key, context, resource);
}

/** An element, or its negation. */
function either(element: Json | undefined, negated: Json | undefined, fits: (value: string) => Truth): Truth {
  return negated === undefined ? some(listOf(element), fits) : not(some(listOf(negated), fits));
}

/**
 * What is presumed counts for the caller. An event of which nothing is known may be one that is allowed; that it is none of those that are denied
 * is not presumed.
 */
function inDoubt({ Effect }: Elements, { inDoubtYes }: Request): Doubt {
  if (!inDoubtYes) return UNDECIDED;
  return Effect === 'Allow' ? ALLOWED : NOT_DENIED;
}

const UNDECIDED: Doubt = { presumed: undefined, anything: undefined };
const ALLOWED: Doubt = { presumed: true, anything: true };
const NOT_DENIED: Doubt = { presumed: false, anything: undefined };

/** Whether no value of a key is known, though it may be there. */
function isUnknown(values: Values): boolean {
  return values === UNKNOWN || isPresumed(values) || values.includes(ANYTHING);
}

/** An operator without keys cannot be read. */
function conditionsFit(statement: Elements, request: Request): Fit {
  const { Condition } = statement;
  if (Condition === undefined) return FITS;
  if (!isObject(Condition)) return { truth: undefined, part: 'condition' };
  const doubt = inDoubt(statement, request);
  const unreadable = Object.keys(Condition).find((operator) => !isObject(Condition[operator]));
  let open = unreadable === undefined ? undefined : `condition '${unreadable}'`;
  const lookup = lookupIn(request);
  let unknownKey: string | undefined;
  for (const entry of entriesOf(Condition)) {
    const truth = conditionHolds(entry, lookup, doubt);
    if (truth) continue;
    const part = `condition '${entry.operator}' on '${entry.key}'`;
    if (truth === false) return { truth, part };
    if (open === undefined && isUnknown(lookup(entry.key.toLowerCase()))) unknownKey = entry.key;
    open ??= part;
  }
  return open === undefined ? FITS : { truth: undefined, part: open, unknownKey };
}
