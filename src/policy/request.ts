import { Json, isObject, listOf, own } from './statement';
import { mayBeAnyText, partsOf, readable, unknown } from './text';

/** A call as IAM sees it. Condition keys are in lower case; a missing key is a missing list. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** ARN of the calling principal; none for a service. */
  readonly principalArn?: string;
  readonly account?: string;
  /** Name of the calling service, such as events.amazonaws.com. */
  readonly service?: string;
  readonly context: { readonly [key: string]: string[] };
  /**
   * Whether what no template tells, such as the organization of the caller or a value of `ANYTHING`, is taken to fit: then only what can never be
   * allowed is denied, and only what hangs on deployment is undecided.
   */
  readonly inDoubtYes?: boolean;
}

/** A value of a key that may be any: that of an event of which nothing is known. */
export const ANYTHING = unknown('anything');

/** Whether policies let a request pass, and the reason. 'undecided' hangs on something outside the templates. */
export interface Answer {
  readonly decision: 'allowed' | 'denied' | 'undecided';
  readonly because: string;
}

/** The three values of a condition: undefined is undecided. */
type Truth = boolean | undefined;

/**
 * Judges a request by statements of one policy, identity or resource policy. Identity statements have no principal.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function answer(statements: Json[], request: Request): Answer {
  const deny = fitOf(statements, 'Deny', request);
  if (deny?.truth) return { decision: 'denied', because: `a statement denies it: ${nameOf(deny.statement)}` };
  const allow = fitOf(statements, 'Allow', request);
  const open = [deny, allow].find((fit) => fit && fit.truth === undefined);
  if (open && (open === allow || allow?.truth)) return { decision: 'undecided', because: `${nameOf(open.statement)} hangs on the ${open.part}` };
  if (allow?.truth) return { decision: 'allowed', because: nameOf(allow.statement) };
  return { decision: 'denied', because: allow ? `${nameOf(allow.statement)} does not fit the ${allow.part}` : 'no statement allows it' };
}

function nameOf({ Sid }: Elements): string {
  return typeof Sid === 'string' ? `statement '${readable(Sid)}'` : 'a statement';
}

/** How a statement fits a request, and which part of it does not, or not for certain. */
interface Fit {
  readonly statement: Elements;
  readonly truth: Truth;
  readonly part?: string;
}

/** The statement of an effect that fits a request best: the first that does, else the first that may, else the first of all. */
function fitOf(statements: Json[], effect: 'Allow' | 'Deny', request: Request): Fit | undefined {
  let best: Fit | undefined;
  for (const statement of statements) {
    if (!isObject(statement) || statement.Effect !== effect) continue;
    const fit = fitOfOne(statement, request);
    if (fit.truth) return fit;
    if (!best || (best.truth === false && fit.truth === undefined)) best = fit;
  }
  return best;
}

/** The first part that does not fit is enough: those that decide most, and cost least, come first. */
function fitOfOne(statement: Elements, request: Request): Fit {
  let open: string | undefined;
  for (const part of ELEMENTS) {
    const truth = part.fits(statement, request);
    if (truth === false) return { statement, truth, part: part.name };
    if (truth === undefined) open ??= part.name;
  }
  const { truth, part } = conditionsFit(statement, request);
  return truth === false || open === undefined ? { statement, truth, part } : { statement, truth: undefined, part: open };
}

type Elements = { readonly [element: string]: Json };

const ELEMENTS: { name: string; fits: (statement: Elements, request: Request) => Truth }[] = [
  { name: 'action', fits: actionFits },
  { name: 'resource', fits: resourceFits },
  { name: 'principal', fits: principalFits },
];

/** Every statement has actions: one without cannot be read. */
function actionFits({ Action, NotAction }: Elements, { action }: Request): Truth {
  if ((Action ?? NotAction ?? null) === null) return undefined;
  return either(Action, NotAction, (v) => standsFor(v, action));
}

/** Whether an action of a statement, which may have wildcards and is in any case, stands for one that is called. */
export function standsFor(action: string, called: string): Truth {
  return like(action.toLowerCase(), called.toLowerCase());
}

/** Trust policies alone have no resource: any other statement without one cannot be read. */
function resourceFits({ Resource, NotResource }: Elements, { action, resource }: Request): Truth {
  if ((Resource ?? NotResource ?? null) === null) return action.startsWith('sts:') || undefined;
  return either(Resource, NotResource, (v) => like(v, resource));
}

/** An element, or its negation. */
function either(element: Json | undefined, negated: Json | undefined, fits: (value: string) => Truth): Truth {
  return negated === undefined ? some(listOf(element), fits) : not(some(listOf(negated), fits));
}

function principalFits(statement: Elements, request: Request): Truth {
  const named = (principal: Json | undefined): Truth => {
    if (principal === '*') return true;
    if (!isObject(principal)) return undefined;
    const aws = some(listOf(principal.AWS), (value) => awsFits(value, request));
    if (aws || listOf(principal.Service).some((value) => value === '*' || value === request.service)) return true;
    return principal.Federated === undefined ? aws : undefined;
  };
  if (statement.NotPrincipal !== undefined) return not(named(statement.NotPrincipal));
  return statement.Principal === undefined ? true : named(statement.Principal);
}

/** An account lets in all its principals, a role or user only itself. */
function awsFits(value: string, { principalArn, account, service }: Request): Truth {
  if (value === '*') return true;
  if (service !== undefined) return false;
  if (value === account || value === principalArn) return true;
  const [, owner] = /^arn:[^:]*:iam::([^:]+):root$/.exec(value) ?? [];
  if (owner !== undefined) return equals(owner, account ?? '');
  if (principalArn === ANYTHING && (account === ANYTHING || partsOf(value, ':')[4] === account)) return undefined;
  return mayBeAnyText(value) ? undefined : false;
}

/** What a condition that nothing is known of is taken for: one of a denial the other way round. */
function inDoubt(statement: Elements, { inDoubtYes }: Request): Truth {
  return inDoubtYes ? statement.Effect === 'Allow' : undefined;
}

/** An operator without keys cannot be read. */
function conditionsFit(statement: Elements, request: Request): { truth: Truth; part?: string } {
  const { Condition } = statement;
  if (Condition === undefined) return { truth: true };
  if (!isObject(Condition)) return { truth: undefined, part: 'condition' };
  const doubt = inDoubt(statement, request);
  let open: string | undefined;
  for (const operator of Object.keys(Condition)) {
    const keys = Condition[operator];
    if (!isObject(keys)) open ??= `condition '${operator}'`;
    for (const key of isObject(keys) ? Object.keys(keys) : []) {
      const truth = conditionHolds(operator, key, listOf((keys as Elements)[key]), request, doubt);
      if (truth) continue;
      const part = `condition '${operator}' on '${key}'`;
      if (truth === false) return { truth, part };
      open ??= part;
    }
  }
  return { truth: open === undefined ? true : undefined, part: open };
}

function conditionHolds(operator: string, key: string, written: string[], { context }: Request, doubt: Truth): Truth {
  const values = written.map((value) => withVariables(value, context));
  const [, set = '', base, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase())!;
  const given = own(context, key.toLowerCase());
  if (given === undefined) return OUTSIDE_KEYS.test(key) ? doubt : absent(base, set, ifExists, values);
  if (given.includes(ANYTHING) && base !== 'null') return doubt;
  const test = own(OPERATORS, base);
  if (!test) return undefined;
  if (base === 'null') return some(values, (v) => (v === 'true') === (given.length === 0));
  const one = (g: string) => some(values, (v) => test.fits(v, g));
  if (test.negated) return not(set === 'foranyvalue' ? every(given, one) : some(given, one));
  return set === 'forallvalues' ? every(given, one) : some(given, one);
}

/** `${aws:PrincipalAccount}` and the like stand for a value of the request. One that it does not carry matches nothing. */
function withVariables(value: string, context: Request['context']): string {
  if (!value.includes('${')) return value;
  return value.replace(/\$\{([^}]+)\}/g, (variable, key: string) => own(context, key.toLowerCase())?.[0] ?? variable);
}

/** A key that the request does not carry. */
function absent(base: string, set: string, ifExists: string | undefined, values: string[]): Truth {
  if (base === 'null') return values.includes('true');
  return set === 'forallvalues' || ifExists !== undefined || (own(OPERATORS, base)?.negated ?? false);
}

/** Keys whose value no template tells: they hang on the caller's organization or session. */
const OUTSIDE_KEYS = /^aws:(principalorg|principaltag|sourceorg|requesttag|userid|username|sourceip|sourcevpc|currenttime)/i;

const OPERATORS: { readonly [operator: string]: { readonly negated?: boolean; fits(value: string, given: string): Truth } } = {
  null: { fits: () => true },
  bool: { fits: (v, g) => v.toLowerCase() === g.toLowerCase() },
  stringequals: { fits: equals },
  stringequalsignorecase: { fits: (v, g) => equals(v.toLowerCase(), g.toLowerCase()) },
  stringlike: { fits: like },
  arnequals: { fits: arnLike },
  arnlike: { fits: arnLike },
  stringnotequals: { fits: equals, negated: true },
  stringnotlike: { fits: like, negated: true },
  arnnotequals: { fits: arnLike, negated: true },
  arnnotlike: { fits: arnLike, negated: true },
};

function equals(value: string, given: string): Truth {
  if (value === given) return true;
  return mayBeAnyText(value) || mayBeAnyText(given) ? undefined : false;
}

/** Wildcards of IAM: `*` for any characters, `?` for one. */
export function like(pattern: string, given: string): Truth {
  if (pattern === given) return true;
  if (!/[*?]/.test(pattern)) return equals(pattern, given);
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  if (new RegExp(`^${source}$`, 's').test(given)) return true;
  return mayBeAnyText(pattern) || mayBeAnyText(given) ? undefined : false;
}

/** ARNs are compared part by part: a wildcard does not reach over a colon, but in the last part. */
function arnLike(pattern: string, given: string): Truth {
  if (pattern === given) return true;
  if (!/[*?]/.test(pattern) || (!pattern.startsWith('arn:') && mayBeAnyText(pattern))) return equals(pattern, given);
  const parts = (arn: string) => [...partsOf(arn, ':').slice(0, 5), partsOf(arn, ':').slice(5).join(':')];
  const wanted = parts(pattern);
  return every(parts(given), (part, i) => like(wanted[i] ?? '', part));
}

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function some<T>(values: T[], fits: (value: T, index: number) => Truth): Truth {
  let truth: Truth = false;
  for (let i = 0; i < values.length; i++) {
    const fit = fits(values[i], i);
    if (fit) return true;
    if (fit === undefined) truth = undefined;
  }
  return truth;
}

function every<T>(values: T[], fits: (value: T, index: number) => Truth): Truth {
  return not(some(values, (value, i) => not(fits(value, i))));
}
