import { ConditionalStatement, evaluateConditional, statementsOf } from './conditional-statements';
import { evaluateResourcePolicy, evaluateWithEach, evaluateWithPolicy } from './evaluated-policy';
import { isUser, principalContextOf } from './principal-context';
import { evaluateForRule } from './rules-on-unresolved-buses';
import { AppIndex } from '../../../app-model/app-index';
import { Identity, ResourcePolicyStatement, Role, Rule } from '../../../app-model/app-model';
import { RequiredCondition } from '../../../app-model/resolve/branches';
import { evaluateAssumeRole } from '../../../eventbridge/role-statements';
import { accountOf } from '../../../iam/arn';
import * as keys from '../../../iam/condition-keys';
import { PolicyType } from '../../../iam/decision';
import { Evaluation, Request, evaluate } from '../../../iam/evaluate';
import { Json, denies, isObject, toList } from '../../../iam/statement';
import { mayEqualAnyText, displayText } from '../../../iam/unresolved-text';
import { targetKindOf } from '../../engine/target-kinds';

/** The service principal of EventBridge. */
export const EVENTBRIDGE_PRINCIPAL = 'events.amazonaws.com';

/** A decision about a call, and the type of policy that it results from. */
export interface CrossAccountEvaluation extends Evaluation {
  readonly policyType: Exclude<PolicyType, 'trust'>;
  /** Whether it results from the permissions boundary of the principal. The reason names the boundary then. */
  readonly isBoundary?: boolean;
}

/** A call to AWS, without its principal. */
export interface Call {
  readonly action: string;
  /** The ARN of the bus, rule, function, queue, topic or key. */
  readonly resource: string;
  /** The ARN of the resource whose policy applies: for a rule, that of its bus. @default - the resource itself */
  readonly policyResource?: string;
  /** The ARN by which the resource-based policy in another account names it. @default - the resource itself */
  readonly resourceInPolicy?: string;
  /** Condition keys that do not depend on the principal. */
  readonly context?: keys.RequestContext;
  /** Whether conditions on values that no template contains are assumed to match. */
  readonly assumeUnknownMatches?: boolean;
  /** The CloudFormation conditions that are true whenever the call is made, such as those of its rule. */
  readonly given?: readonly RequiredCondition[];
}

/**
 * Evaluates a call by a role or user: within an account by its identity-based policies or the resource-based policy,
 * across accounts by both. Its permissions boundary applies in either case.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function authorize(app: AppIndex, identity: Identity, call: Call): CrossAccountEvaluation {
  return accountOf(call.resource) === identity.account
    ? authorizeInAccount(app, identity, call)
    : authorizeCrossAccount(app, identity, call);
}

function authorizeInAccount(app: AppIndex, identity: Identity, call: Call): CrossAccountEvaluation {
  return evaluateWithPolicy(app, policyResourceOf(call), (policy) => authorizeByPolicies(app, identity, call, policy));
}

/** Evaluates a call within an account, by the policies of the principal and the statements that name it, or deny. */
function authorizeByPolicies(
  app: AppIndex,
  identity: Identity,
  call: Call,
  policy: readonly ResourcePolicyStatement[],
): CrossAccountEvaluation {
  const request = requestOf(app, identity, call);
  const resourceEntries = policy.filter(({ statement }) => denies(statement) || namesPrincipal(statement, identity));
  const resourceStatements = resourceEntries.map(({ statement }) => statement);
  const given = givenConditions(app, call, identity);
  const unbounded = evaluatePrincipalPolicies(app, identity, request, given, resourceEntries);
  const bounded = applyBoundary(app, identity, request, unbounded);
  // A boundary does not limit what a resource-based policy allows a user by name, but it can deny it.
  const isAllowedByName = isUser(identity) && evaluate(resourceStatements, request).decision === 'allowed';
  const evaluation = isAllowedByName && !bounded.explicitDeny ? unbounded : bounded;
  const isDeniedByResource =
    evaluation.explicitDeny !== undefined &&
    resourceStatements.some(denies) &&
    !evaluate(identity.statements, request).explicitDeny;
  return { ...evaluation, policyType: isDeniedByResource ? 'resource' : 'identity' };
}

function authorizeCrossAccount(app: AppIndex, identity: Identity, call: Call): CrossAccountEvaluation {
  const request = requestOf(app, identity, call);
  const given = givenConditions(app, call, identity);
  const byIdentity = applyBoundary(app, identity, request, evaluatePrincipalPolicies(app, identity, request, given));
  if (byIdentity.decision === 'denied') return { ...byIdentity, policyType: 'identity' };
  const requestInPolicy = { ...request, resource: call.resourceInPolicy ?? call.resource };
  const byResource = evaluateWithPolicy(app, policyResourceOf(call), (policy) =>
    evaluateResourcePolicy(policy, requestInPolicy, given),
  );
  const mayBeOneAccount = mayEqualAnyText(identity.account) || mayEqualAnyText(accountOf(call.resource));
  const isDenied = byResource.decision === 'denied' && (byResource.explicitDeny !== undefined || !mayBeOneAccount);
  if (byIdentity.decision === 'unknown' && !isDenied) return { ...byIdentity, policyType: 'identity' };
  if (byResource.decision !== 'denied' || isDenied) return { ...byResource, policyType: 'resource' };
  const reason = `${byResource.reason}, unless the principal is in the same account, which is known only at deployment`;
  return { decision: 'unknown', reason, policyType: 'resource' };
}

function policyResourceOf({ policyResource, resource }: Call): string {
  return policyResource ?? resource;
}

/** The CloudFormation conditions that are true whenever a call is made: those of its source, principal and resource. */
function givenConditions(app: AppIndex, call: Call, identity?: Identity) {
  const ofResource = app.conditionsOf(policyResourceOf(call));
  return new Set([...(call.given ?? []), ...ofResource, ...(identity?.conditions ?? [])]);
}

/**
 * Evaluates the identity-based policies of a role or user, together with statements of a resource-based policy in the
 * same account. The decision is unknown if it depends on a policy that is created under a CloudFormation condition, or
 * of which only deployment decides whether the role or user has it.
 */
function evaluatePrincipalPolicies(
  app: AppIndex,
  identity: Identity,
  request: Request,
  given: ReadonlySet<RequiredCondition>,
  resourceStatements: readonly ConditionalStatement[] = [],
): Evaluation {
  const statements = [...conditionalStatementsOf(identity), ...resourceStatements];
  const evaluation = evaluateConditional(statements, request, given) ?? {
    decision: 'unknown',
    reason:
      'a CloudFormation condition decides at deployment whether a policy is created ' +
      `(${evaluate(statementsOf(statements), request).reason})`,
  };
  return evaluateWithEach(app.possiblePoliciesOf(identity), evaluation, (policy) => {
    const possible = policy.statements.map((statement) => ({ ...policy, statement }));
    return evaluateConditional([...statements, ...possible], request, given);
  });
}

/** The statements of the policies of a role or user. If the role is conditional, so are all its policies. */
function conditionalStatementsOf({ conditional, statements, policies }: Identity): ConditionalStatement[] {
  const conditionalPolicies = conditional ? [] : policies.filter((policy) => policy.conditional);
  if (conditionalPolicies.length === 0) return statements.map((statement) => ({ statement, conditional: false }));
  const policyOf = new Map(
    conditionalPolicies.flatMap((policy) => policy.statements.map((statement) => [statement, policy] as const)),
  );
  return statements.map((statement) => {
    const policy = policyOf.get(statement);
    return { statement, conditional: policy !== undefined, conditions: policy?.conditions };
  });
}

/** Returns the statements on a resource each of which allows, or may allow, the call of a role or user. */
export function statementsFor(app: AppIndex, identity: Identity, call: Call): ResourcePolicyStatement[] {
  const request = requestOf(app, identity, call);
  return app
    .statementsOn(policyResourceOf(call))
    .filter(({ statement }) => evaluate([statement], request).decision !== 'denied');
}

/**
 * Evaluates a call by EventBridge itself.
 *
 * @param sourceArn the ARN of the rule or bus for which EventBridge calls; undefined where it does not pass it on
 */
export function authorizeService(app: AppIndex, sourceArn: string | undefined, call: Call): CrossAccountEvaluation {
  const given = givenConditions(app, call);
  const evaluation = evaluateWithPolicy(app, policyResourceOf(call), (policy) =>
    evaluateForRule(sourceArn, (arn) => evaluateResourcePolicy(policy, serviceRequest(app, arn, call), given)),
  );
  return { ...evaluation, policyType: 'resource' };
}

/** The request of a call by EventBridge itself. */
export function serviceRequest({ organizationKeys }: AppIndex, sourceArn: string | undefined, call: Call): Request {
  return {
    ...call,
    service: EVENTBRIDGE_PRINCIPAL,
    context: [call.context ?? {}, ...keys.serviceCallContext(EVENTBRIDGE_PRINCIPAL, sourceArn), organizationKeys],
  };
}

/** Evaluates whether EventBridge may assume a role for a rule. */
export function authorizeAssumeRole(role: Role, rule: Rule): Evaluation {
  return evaluateForRule(rule.arn, (arn = rule.arn) => evaluateAssumeRole(role.trust, role.arn, arn, accountOf(arn)));
}

/** Whether two accounts or Regions are different, whatever values their unresolved parts get at deployment. */
export function certainlyDiffer(first: string, second: string): boolean {
  return first !== second && !mayEqualAnyText(first) && !mayEqualAnyText(second);
}

/** The same evaluation, with the name of the policy in its reason: `in the bus policy, no statement allows it`. */
export function withPolicyName<T extends CrossAccountEvaluation>(
  evaluation: T,
  resourceArn: string,
  principalNoun: 'role' | 'user' = 'role',
): T {
  const { decision, policyType, isBoundary, reason } = evaluation;
  if (decision === 'allowed' || isBoundary) return evaluation;
  const policy =
    policyType === 'resource' ? policyNameOf(resourceArn) : `the identity-based policies of the ${principalNoun}`;
  return { ...evaluation, reason: `in ${policy}, ${reason}` };
}

/** The name of the resource-based policy of a resource, such as `the bus policy`. */
function policyNameOf(resourceArn: string): string {
  const kind = targetKindOf(resourceArn);
  if (kind) return `the ${kind.noun} policy`;
  return resourceArn.includes(':kms:') ? 'the key policy' : 'the resource-based policy';
}

/** What messages call a role or user. */
export function nounOf(identity: Identity): 'role' | 'user' {
  return isUser(identity) ? 'user' : 'role';
}

type PrincipalEvaluation = Evaluation & Pick<CrossAccountEvaluation, 'isBoundary'>;

/** Limits an evaluation to what the permissions boundary allows. A boundary that the app does not define is ignored. */
function applyBoundary(
  app: AppIndex,
  identity: Identity,
  request: Request,
  evaluation: Evaluation,
): PrincipalEvaluation {
  const boundary = identity.boundaryArn === undefined ? undefined : app.managedPolicy(identity.boundaryArn);
  if (!boundary || evaluation.decision === 'denied') return evaluation;
  const byBoundary = evaluate(boundary.statements, request);
  if (byBoundary.decision === 'allowed' || byBoundary.decision === evaluation.decision) return evaluation;
  const reason = `in permissions boundary '${displayText(boundary.construct.node.path)}', ${byBoundary.reason}`;
  return { ...byBoundary, reason, isBoundary: true };
}

/** Whether a statement names the role or user, or every principal. A statement for the account delegates to it. */
function namesPrincipal(statement: Json, { arn }: Identity): boolean {
  const principal = isObject(statement) ? statement.Principal : undefined;
  return toList(isObject(principal) ? principal.AWS : principal).some((value) => value === '*' || value === arn);
}

/** The request of a call by a role or user. */
export function requestOf({ organizationKeys }: AppIndex, identity: Identity, call: Call): Request {
  const context = [call.context ?? {}, ...principalContextOf(identity), organizationKeys];
  return { ...call, principalArn: identity.arn, account: identity.account, context };
}
