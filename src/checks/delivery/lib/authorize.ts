import { ResourcePolicy, AppIndex } from '../../../app-model/app-index';
import { Identity, ResourcePolicyStatement, Role, Rule } from '../../../app-model/app-model';
import { evaluateAssumeRole } from '../../../eventbridge/role-statements';
import { accountOf } from '../../../iam/arn';
import {
  RequestContext,
  principalCallContext,
  serviceCallContext,
  anyPrincipalContext,
} from '../../../iam/condition-keys';
import { Evaluation, Request, evaluate } from '../../../iam/evaluate';
import { Json, denies, isObject, toList } from '../../../iam/statement';
import { ANYTHING, mayEqualAnyText, displayText } from '../../../iam/unresolved-text';
import { targetKindOf } from '../../engine/target-kinds';

/** An answer, and which half gave it. */
export interface CrossAccountEvaluation extends Evaluation {
  readonly policyType: 'identity' | 'resource';
}

/** What is called, and the condition keys of the call beside those of its caller. */
export interface Call {
  readonly action: string;
  /** ARN of the bus, function, queue, topic or key. */
  readonly resource: string;
  /** ARN of what has the policy that decides: for a rule that is its bus. The resource itself where there is none. */
  readonly policyResource?: string;
  readonly context?: RequestContext;
  readonly assumeUnknownMatches?: boolean;
}

/**
 * Whether a role or user may do something: by its own policies and boundary and, in another account, by the policy of
 * the resource too.
 *
 * In the same account one of them is enough, if the policy of the resource names the role itself.
 */
export function authorize(app: AppIndex, identity: Identity, call: Call): CrossAccountEvaluation {
  const request = requestOf(app, identity, call);
  const policy = app.policyOn(call.policyResource ?? call.resource);
  const sameAccount = accountOf(call.resource) === identity.account;
  const itself = (statements: readonly Json[]) =>
    sameAccount ? statements.filter((statement) => denies(statement) || namesItself(statement, identity)) : [];
  const own = itself(policy.statements);
  const given = evaluateIdentityPolicies(identity, own, itself(policy.unconditional), request);
  // What the policy of a resource gives a user by name, a boundary only takes back by denying it.
  const isGiven = identity.arn.includes(':user/') && evaluate(own, request).decision === 'allowed';
  const within = applyBoundary(app, identity, request, given);
  const left = isGiven && !within.explicitDeny ? given : within;
  if (left.explicitDeny && own.some(denies) && !evaluate(identity.statements, request).explicitDeny) {
    return { ...left, policyType: 'resource' };
  }
  if (left.decision !== 'allowed' || sameAccount) return { ...left, policyType: 'identity' };
  const across = evaluateResourcePolicy(policy, request);
  const mayBeOne = mayEqualAnyText(identity.account) || mayEqualAnyText(accountOf(call.resource));
  return across.decision === 'denied' && !across.explicitDeny && mayBeOne
    ? {
        decision: 'unknown',
        reason: `only deployment tells whether the caller is of its account, and if not, ${across.reason}`,
        policyType: 'resource',
      }
    : { ...across, policyType: 'resource' };
}

/**
 * What the policies of a role or user decide, with statements of a resource of its account; only deployment tells
 * whether some of them are there.
 *
 * @param certain of the statements of the resource, those that are there in any case
 */
function evaluateIdentityPolicies(
  identity: Identity,
  own: readonly Json[],
  certain: readonly Json[],
  request: Request,
): Evaluation {
  const all = evaluate(own.length === 0 ? identity.statements : [...identity.statements, ...own], request);
  const conditional = identity.conditional ? [] : identity.policies.filter((policy) => policy.conditional);
  if (conditional.length === 0 && certain.length === own.length) return all;
  const perhaps = new Set(conditional.flatMap(({ statements }) => statements));
  const left = evaluate([...identity.statements.filter((statement) => !perhaps.has(statement)), ...certain], request);
  return left.decision === all.decision
    ? all
    : { decision: 'unknown', reason: `${all.reason}, and a condition decides at deployment whether that is there` };
}

/** Statements on a resource that, alone, let a role or user in, or may. */
export function statementsFor(app: AppIndex, identity: Identity, call: Call): ResourcePolicyStatement[] {
  const request = requestOf(app, identity, call);
  return app
    .statementsOn(call.policyResource ?? call.resource)
    .filter(({ statement }) => evaluate([statement], request).decision !== 'denied');
}

/**
 * Whether EventBridge itself may do something for a rule or bus; for none in particular where it does not pass that on.
 */
export function authorizeService(app: AppIndex, sourceArn: string | undefined, call: Call): CrossAccountEvaluation {
  return {
    ...evaluateResourcePolicy(app.policyOn(call.policyResource ?? call.resource), serviceRequest(app, sourceArn, call)),
    policyType: 'resource',
  };
}

export function serviceRequest({ organizationKeys }: AppIndex, sourceArn: string | undefined, call: Call): Request {
  return {
    ...call,
    service: EVENTBRIDGE,
    context: [call.context ?? {}, ...serviceCallContext(EVENTBRIDGE, sourceArn), organizationKeys],
  };
}

const EVENTBRIDGE = 'events.amazonaws.com';

/** Whether EventBridge may assume a role for a rule. */
export function authorizeAssumeRole(role: Role, rule: Rule): Evaluation {
  return evaluateAssumeRole(role.trust, role.arn, rule.arn, accountOf(rule.arn));
}

/** Whether two accounts or regions are two for certain. */
export function certainlyDiffer(one: string, other: string): boolean {
  return one !== other && !mayEqualAnyText(one) && !mayEqualAnyText(other);
}

/** An answer with the half that gave it, in words. */
export function withPolicyName({ policyType, reason, decision }: CrossAccountEvaluation, resource: string): Evaluation {
  return {
    decision,
    reason: `${policyType === 'identity' ? "the role's own policies" : policyNameOf(resource)}: ${reason}`,
  };
}

/** What the policy of a resource is called. */
export function policyNameOf(resource: string): string {
  return targetKindOf(resource)?.policyName ?? (resource.includes(':kms:') ? 'the key policy' : 'its policy');
}

/** What a policy decides, of which only deployment tells whether some statements are there. */
function evaluateResourcePolicy(
  { statements, unconditional, firstConditional }: ResourcePolicy,
  request: Request,
): Evaluation {
  const all = evaluate(statements, request);
  if (!firstConditional || evaluate(unconditional, request).decision === all.decision) return all;
  return { decision: 'unknown', reason: `statement '${firstConditional.id}' is there on a condition only` };
}

/** A boundary that the app makes takes away what it does not allow; others are not read. */
function applyBoundary(app: AppIndex, identity: Identity, request: Request, given: Evaluation): Evaluation {
  const boundary = identity.boundaryArn === undefined ? undefined : app.managedPolicy(identity.boundaryArn);
  if (!boundary || given.decision !== 'allowed') return given;
  const within = evaluate(boundary.statements, request);
  return within.decision === 'allowed'
    ? given
    : {
        ...within,
        reason: `its permissions boundary '${displayText(boundary.construct.node.path)}': ${within.reason}`,
      };
}

/** Whether a statement lets in the role itself: one for its whole account leaves it to the role's own policies. */
function namesItself(statement: Json, { arn }: Identity): boolean {
  const principal = isObject(statement) ? statement.Principal : undefined;
  return toList(isObject(principal) ? principal.AWS : principal).some((value) => value === '*' || value === arn);
}

function requestOf({ organizationKeys }: AppIndex, identity: Identity, call: Call): Request {
  const { arn, account } = identity;
  return { ...call, principalArn: arn, account, context: [call.context ?? {}, keysOf(identity), organizationKeys] };
}

/** Those of a role or user; the same for every call. */
export function keysOf(identity: Identity): RequestContext {
  const before = IDENTITY_KEYS.get(identity);
  if (before) return before;
  const { arn, account, name, tags } = identity;
  const type = arn.includes(':user/') ? 'User' : 'AssumedRole';
  const keys =
    arn === ANYTHING
      ? anyPrincipalContext(account)
      : principalCallContext({ arn, account, type, userName: name, tags });
  IDENTITY_KEYS.set(identity, keys);
  return keys;
}

const IDENTITY_KEYS = new WeakMap<Identity, RequestContext>();
