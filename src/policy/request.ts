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
  const verdicts = statements.map((statement) => ({ statement, ...applies(statement, request) }));
  const denies = verdicts.filter(({ statement }) => isObject(statement) && statement.Effect === 'Deny');
  const allows = verdicts.filter(({ statement }) => isObject(statement) && statement.Effect === 'Allow');
  const hit = (list: typeof verdicts, truth: Truth) => list.find((v) => v.truth === truth);
  if (hit(denies, true)) return { decision: 'denied', because: `a statement denies it: ${nameOf(hit(denies, true)!.statement)}` };
  const sure = hit(allows, true);
  const perhaps = hit(allows, undefined) ?? (sure && hit(denies, undefined));
  if (sure && !hit(denies, undefined)) return { decision: 'allowed', because: nameOf(sure.statement) };
  if (perhaps) return { decision: 'undecided', because: perhaps.because };
  return { decision: 'denied', because: allows.map((v) => v.because).filter(Boolean)[0] ?? 'no statement allows it' };
}

function nameOf(statement: Json): string {
  return isObject(statement) && typeof statement.Sid === 'string' ? `statement '${readable(statement.Sid)}'` : 'a statement';
}

function applies(statement: Json, request: Request): { truth: Truth; because: string } {
  if (!isObject(statement)) return { truth: undefined, because: 'a statement cannot be read' };
  let open: string | undefined;
  for (const { name, fits } of partsOfStatement(statement)) {
    const truth = fits(statement, request);
    if (truth === false) return { truth, because: `${nameOf(statement)} does not fit the ${name}` };
    if (truth === undefined) open ??= name;
  }
  return open === undefined ? { truth: true, because: '' } : { truth: undefined, because: `${nameOf(statement)} hangs on the ${open}` };
}

/** A part of a statement that must fit a request. Those that decide most, and cost least, come first: the first that does not fit is enough. */
interface Part {
  readonly name: string;
  readonly fits: (statement: { [element: string]: Json }, request: Request) => Truth;
}

const ELEMENTS: Part[] = [
  { name: 'action', fits: actionFits },
  { name: 'resource', fits: resourceFits },
  { name: 'principal', fits: principalFits },
];

function partsOfStatement({ Condition }: { [element: string]: Json }): Part[] {
  if (Condition === undefined) return ELEMENTS;
  if (!isObject(Condition)) return [...ELEMENTS, { name: 'condition', fits: () => undefined }];
  return [...ELEMENTS, ...Object.entries(Condition).flatMap(([operator, keys]) => conditionParts(operator, keys))];
}

/** Every statement has actions: one without cannot be read. */
function actionFits({ Action, NotAction }: { [element: string]: Json }, { action }: Request): Truth {
  if ((Action ?? NotAction ?? null) === null) return undefined;
  return either(Action, NotAction, (v) => standsFor(v, action));
}

/** Whether an action of a statement, which may have wildcards and is in any case, stands for one that is called. */
export function standsFor(action: string, called: string): Truth {
  return like(action.toLowerCase(), called.toLowerCase());
}

/** Trust policies alone have no resource: any other statement without one cannot be read. */
function resourceFits({ Resource, NotResource }: { [element: string]: Json }, { action, resource }: Request): Truth {
  if ((Resource ?? NotResource ?? null) === null) return action.startsWith('sts:') || undefined;
  return either(Resource, NotResource, (v) => like(v, resource));
}

/** An element, or its negation. */
function either(element: Json | undefined, negated: Json | undefined, fits: (value: string) => Truth): Truth {
  return negated === undefined ? some(listOf(element).map(fits)) : not(some(listOf(negated).map(fits)));
}

function principalFits(statement: { [key: string]: Json }, request: Request): Truth {
  const named = (principal: Json | undefined): Truth => {
    if (principal === '*') return true;
    if (!isObject(principal)) return undefined;
    const aws = listOf(principal.AWS).map((value) => awsFits(value, request));
    const services = listOf(principal.Service).map((value) => value === '*' || value === request.service);
    return some([...aws, ...services, ...(principal.Federated === undefined ? [] : [undefined])]);
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
function inDoubt(statement: { [key: string]: Json }, { inDoubtYes }: Request): Truth {
  return inDoubtYes ? statement.Effect === 'Allow' : undefined;
}

/** An operator without keys cannot be read. */
function conditionParts(operator: string, keys: Json): Part[] {
  if (!isObject(keys)) return [{ name: `condition '${operator}'`, fits: () => undefined }];
  return Object.entries(keys).map(([key, values]) => ({
    name: `condition '${operator}' on '${key}'`,
    fits: (statement, request) => conditionHolds(operator, key, listOf(values), request, inDoubt(statement, request)),
  }));
}

function conditionHolds(operator: string, key: string, written: string[], { context }: Request, doubt: Truth): Truth {
  const values = written.map((value) => withVariables(value, context));
  const [, set = '', base, ifExists] = /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(operator.toLowerCase())!;
  const given = own(context, key.toLowerCase());
  if (given === undefined) return OUTSIDE_KEYS.test(key) ? doubt : absent(base, set, ifExists, values);
  if (given.includes(ANYTHING) && base !== 'null') return doubt;
  const test = own(OPERATORS, base);
  if (!test) return undefined;
  if (base === 'null') return some(values.map((v) => (v === 'true') === (given.length === 0)));
  const each = given.map((g) => some(values.map((v) => test.fits(v, g))));
  if (test.negated) return not(set === 'foranyvalue' ? every(each) : some(each));
  return set === 'forallvalues' ? every(each) : some(each);
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
  return every(parts(given).map((part, i) => like(wanted[i] ?? '', part)));
}

const not = (truth: Truth): Truth => (truth === undefined ? undefined : !truth);

function some(truths: Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}

const every = (truths: Truth[]): Truth => not(some(truths.map(not)));
