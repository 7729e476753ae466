import { Identity, PolicyStatement, Role, Rule } from '../../model/app-model';
import { accountOf } from '../../policy/arn';
import { Context, keysOfPrincipal, keysOfService, keysOfSomebody } from '../../policy/condition-keys';
import { Answer, Request, answer } from '../../policy/request';
import { mayAssume } from '../../policy/roles';
import { Json, denies, isObject, listOf } from '../../policy/statement';
import { ANYTHING, mayBeAnyText, readable } from '../../policy/text';
import { destinationOf } from '../destinations';
import { ResourcePolicy, World } from '../world';

/** An answer, and which half gave it. */
export interface Verdict extends Answer {
  readonly half: 'identity' | 'resource';
}

/** What is called, and the condition keys of the call beside those of its caller. */
export interface Call {
  readonly action: string;
  /** ARN of the bus, function, queue, topic or key. */
  readonly resource: string;
  /** ARN of what has the policy that decides: for a rule that is its bus. The resource itself where there is none. */
  readonly policyOf?: string;
  readonly context?: Context;
  readonly inDoubtYes?: boolean;
}

/**
 * Whether a role or user may do something: by its own policies and boundary and, in another account, by the policy of the resource too.
 *
 * In the same account one of them is enough, if the policy of the resource names the role itself.
 */
export function mayCall(world: World, identity: Identity, call: Call): Verdict {
  const request = requestOf(world, identity, call);
  const policy = world.policyOn(call.policyOf ?? call.resource);
  const sameAccount = accountOf(call.resource) === identity.account;
  const itself = (statements: readonly Json[]) => (
    sameAccount ? statements.filter((statement) => denies(statement) || namesItself(statement, identity)) : []);
  const own = itself(policy.contents);
  const given = byOwnPolicies(identity, own, itself(policy.certain), request);
  // What the policy of a resource gives a user by name, a boundary only takes back by denying it.
  const isGiven = identity.arn.includes(':user/') && answer(own, request).decision === 'allowed';
  const within = bounded(world, identity, request, given);
  const left = isGiven && !within.denial ? given : within;
  if (left.denial && own.some(denies) && !answer(identity.statements, request).denial) return { ...left, half: 'resource' };
  if (left.decision !== 'allowed' || sameAccount) return { ...left, half: 'identity' };
  const across = decide(policy, request);
  const mayBeOne = mayBeAnyText(identity.account) || mayBeAnyText(accountOf(call.resource));
  return across.decision === 'denied' && !across.denial && mayBeOne
    ? { decision: 'undecided', because: `only deployment tells whether the caller is of its account, and if not, ${across.because}`, half: 'resource' }
    : { ...across, half: 'resource' };
}

/**
 * What the policies of a role or user decide, with statements of a resource of its account; only deployment tells whether some of them are there.
 *
 * @param certain of the statements of the resource, those that are there in any case
 */
function byOwnPolicies(identity: Identity, own: readonly Json[], certain: readonly Json[], request: Request): Answer {
  const all = answer(own.length === 0 ? identity.statements : [...identity.statements, ...own], request);
  const conditional = identity.conditional ? [] : identity.policies.filter((policy) => policy.conditional);
  if (conditional.length === 0 && certain.length === own.length) return all;
  const perhaps = new Set(conditional.flatMap(({ statements }) => statements));
  const left = answer([...identity.statements.filter((statement) => !perhaps.has(statement)), ...certain], request);
  return left.decision === all.decision ? all : { decision: 'undecided', because: `${all.because}, and a condition decides at deployment whether that is there` };
}

/** Statements on a resource that, alone, let a role or user in, or may. */
export function statementsFor(world: World, identity: Identity, call: Call): PolicyStatement[] {
  const request = requestOf(world, identity, call);
  return world.statementsOn(call.policyOf ?? call.resource).filter(({ statement }) => answer([statement], request).decision !== 'denied');
}

/** Whether EventBridge itself may do something for a rule or bus; for none in particular where it does not pass that on. */
export function mayServiceCall(world: World, sourceArn: string | undefined, call: Call): Verdict {
  return { ...decide(world.policyOn(call.policyOf ?? call.resource), serviceRequest(world, sourceArn, call)), half: 'resource' };
}

export function serviceRequest({ organizationKeys }: World, sourceArn: string | undefined, call: Call): Request {
  return { ...call, service: EVENTS, context: [call.context ?? {}, ...keysOfService(EVENTS, sourceArn), organizationKeys] };
}

const EVENTS = 'events.amazonaws.com';

/** Whether EventBridge may assume a role for a rule. */
export function mayAssumeFor(role: Role, rule: Rule): Answer {
  return mayAssume(role.trust, role.arn, rule.arn, accountOf(rule.arn));
}

/** Whether two accounts or regions are two for certain. */
export function isElsewhere(one: string, other: string): boolean {
  return one !== other && !mayBeAnyText(one) && !mayBeAnyText(other);
}

/** An answer with the half that gave it, in words. */
export function worded({ half, because, decision }: Verdict, resource: string): Answer {
  return { decision, because: `${half === 'identity' ? "the role's own policies" : policyOf(resource)}: ${because}` };
}

/** What the policy of a resource is called. */
export function policyOf(resource: string): string {
  return destinationOf(resource)?.policy ?? (resource.includes(':kms:') ? 'the key policy' : 'its policy');
}

/** What a policy decides, of which only deployment tells whether some statements are there. */
function decide({ contents, certain, firstConditional }: ResourcePolicy, request: Request): Answer {
  const all = answer(contents, request);
  if (!firstConditional || answer(certain, request).decision === all.decision) return all;
  return { decision: 'undecided', because: `statement '${firstConditional.id}' is there on a condition only` };
}

/** A boundary that the app makes takes away what it does not allow; others are not read. */
function bounded(world: World, identity: Identity, request: Request, given: Answer): Answer {
  const boundary = identity.boundaryArn === undefined ? undefined : world.managedPolicy(identity.boundaryArn);
  if (!boundary || given.decision !== 'allowed') return given;
  const within = answer(boundary.statements, request);
  return within.decision === 'allowed' ? given : { ...within, because: `its permissions boundary '${readable(boundary.construct.node.path)}': ${within.because}` };
}

/** Whether a statement lets in the role itself: one for its whole account leaves it to the role's own policies. */
function namesItself(statement: Json, { arn }: Identity): boolean {
  const principal = isObject(statement) ? statement.Principal : undefined;
  return listOf(isObject(principal) ? principal.AWS : principal).some((value) => value === '*' || value === arn);
}

function requestOf({ organizationKeys }: World, identity: Identity, call: Call): Request {
  const { arn, account } = identity;
  return { ...call, principalArn: arn, account, context: [call.context ?? {}, keysOf(identity), organizationKeys] };
}

/** Those of a role or user; the same for every call. */
export function keysOf(identity: Identity): Context {
  const before = KEYS.get(identity);
  if (before) return before;
  const { arn, account, name, tags } = identity;
  const type = arn.includes(':user/') ? 'User' : 'AssumedRole';
  const keys = arn === ANYTHING ? keysOfSomebody(account) : keysOfPrincipal({ arn, account, type, userName: name, tags });
  KEYS.set(identity, keys);
  return keys;
}

const KEYS = new WeakMap<Identity, Context>();
