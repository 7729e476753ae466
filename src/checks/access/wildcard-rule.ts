import { serviceRequest } from '../delivery/lib/authorize';
import { sourcesOf } from '../delivery/lib/misplaced-permissions';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  allowsOtherAccounts,
  busStatements,
  describeResource,
  functionStatements,
  targetStatements,
} from './resource-statements';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { anyPrincipalContext } from '../../iam/condition-keys';
import { Evaluation, evaluate } from '../../iam/evaluate';
import { like } from '../../iam/matching';
import { NamedPrincipal } from '../../iam/principals';
import { denies, isObject, toList } from '../../iam/statement';
import { matchAction } from '../../iam/statement-matching';
import { Ternary, every, some } from '../../iam/ternary';
import { ANYTHING, displayText } from '../../iam/unresolved-text';
import { memoizeByObject } from '../../util/memoize';

/**
 * Warns of functions, queues and topics that allow all rules of a bus on which other accounts can create rules with
 * that target.
 *
 * Blind spots: rules that statements of other apps allow; rules of the account of the bus.
 */
export function checkWildcardRules(app: AppIndex): Finding[] {
  return exposedTargets(app).map(finding);
}

function finding({ permission, ruleManagement, certain }: ExposedTarget): Finding {
  const { action, noun } = permission.kind;
  const rules = sourcesOf(permission.statement).map(displayText).join(', ') || 'the account';
  const allows = certain ? 'allows' : 'may allow';
  const canCall = `rules that other accounts create can call ${action} on ${describeResource(permission)}`;
  const sourceKey = permission.construct.cfnResourceType === 'AWS::Lambda::Permission' ? 'SourceArn' : 'aws:SourceArn';
  const text = {
    problem: certain ? canCall : `cannot determine at synthesis whether ${canCall}`,
    reason:
      `statement '${displayText(permission.id)}' ${allows} all rules of ${rules} to call the ${noun}, and statement ` +
      `'${displayText(ruleManagement.id)}' ('${ruleManagement.construct.node.path}') ${allows} other accounts to ` +
      'create such rules',
    fix:
      `list the ARN of each rule in '${sourceKey}', or add a condition on 'events:TargetArn' that limits the ` +
      "targets of other accounts (allowRuleManagement() with 'targetArns')",
  };
  return warningFinding(FindingId.WILDCARD_RULE, permission.construct, text, permission.resourceArn);
}

/** A function, queue or topic that rules of other accounts can call. */
export interface ExposedTarget {
  /** The statement of its policy that allows all rules of a bus. */
  readonly permission: ResourceStatement;
  /** The statement of the bus policy that allows other accounts to create such rules. */
  readonly ruleManagement: ResourcePolicyStatement;
  /** False if this is known only at deployment. */
  readonly certain: boolean;
}

/** The action that adds targets to a rule. */
const PUT_TARGETS = 'events:PutTargets';

/** Memoized, because the constructs of several permissions use it. */
export const exposedTargets: (app: AppIndex) => ExposedTarget[] = memoizeByObject((app) => {
  const ruleManagements = busStatements(app).filter((statement) => mayAllowRulesOfOthers(app, statement));
  if (ruleManagements.length === 0) return [];
  return [...functionStatements(app), ...targetStatements(app)]
    .filter((permission) => isForSeveralRules(app, permission))
    .map((permission) => findExposedTarget(app, permission, ruleManagements))
    .filter((target) => target !== undefined);
});

function mayAllowRulesOfOthers(app: AppIndex, ruleManagement: ResourceStatement): boolean {
  const { statement, resourceArn } = ruleManagement;
  if (isObject(statement) && matchAction(statement, PUT_TARGETS) === false) return false;
  if (!allowsOtherAccounts(app.accessOf(statement), accountOf(resourceArn))) return false;
  return allowsTarget(app, ruleManagement, ANYTHING) !== false;
}

/** The first statement that allows such rules for certain, or else the first one that may. */
function findExposedTarget(
  app: AppIndex,
  permission: ResourceStatement,
  ruleManagements: ResourceStatement[],
): ExposedTarget | undefined {
  let uncertain: ExposedTarget | undefined;
  for (const ruleManagement of ruleManagements) {
    const exposed = isExposed(app, permission, ruleManagement);
    if (exposed === true) return { permission, ruleManagement, certain: true };
    if (exposed === undefined) uncertain ??= { permission, ruleManagement, certain: false };
  }
  return uncertain;
}

/** Whether another account can create a rule that has the target, and whether the target allows that rule. */
function isExposed(app: AppIndex, permission: ResourceStatement, ruleManagement: ResourceStatement): Ternary {
  const managedRules = ruleArnsIn(ruleManagement);
  const exampleRules = [...managedRules, ...sourcesOf(permission.statement)].map(exampleRule);
  const isManaged = (rule: string) => some(managedRules, (pattern) => like(pattern, rule));
  const canDeliver = some(exampleRules, (rule) => both(isManaged(rule), () => allowsDelivery(app, permission, rule)));
  return both(canDeliver, () => allowsTarget(app, ruleManagement, permission.resourceArn));
}

/** The second condition is evaluated only if the first one may hold. */
function both(first: Ternary, second: () => Ternary): Ternary {
  return every([() => first, second], (condition) => condition());
}

/** Excludes statements for single rules, and statements that allow any AWS account, which another check reports. */
function isForSeveralRules(app: AppIndex, { statement }: ResourceStatement): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow') return false;
  if (app.accessOf(statement).access === 'public') return false;
  const sources = sourcesOf(statement);
  return sources.length === 0 || sources.some((arn) => /[*?]/.test(arn));
}

/** Whether a statement, with the deny statements of its policy, allows EventBridge to deliver events of a rule. */
function allowsDelivery(app: AppIndex, { kind, statement, resourceArn }: ResourceStatement, rule: string): Ternary {
  const call = { action: kind.action, resource: resourceArn, assumeUnknownMatches: true };
  const denyStatements = app.policyOn(resourceArn).statements.filter(denies);
  return isAllowed(evaluate([statement, ...denyStatements], serviceRequest(app, rule, call)));
}

/** Whether a statement, with the deny statements of its policy, allows another account to add a target to a rule. */
function allowsTarget(app: AppIndex, ruleManagement: ResourcePolicyStatement, targetArn: string): Ternary {
  const principals = principalsOfOtherAccounts(app, ruleManagement);
  return some(principals.length > 0 ? principals : [{ name: ANYTHING }], (principal) =>
    allowsTargetFor(app, principal, ruleManagement, targetArn),
  );
}

function allowsTargetFor(
  app: AppIndex,
  { account = ANYTHING, name }: NamedPrincipal,
  ruleManagement: ResourcePolicyStatement,
  targetArn: string,
): Ternary {
  const principalArn = name.startsWith('arn:') ? name : ANYTHING;
  const denyStatements = app.policyOn(ruleManagement.resourceArn).statements.filter(denies);
  const evaluation = evaluate([ruleManagement.statement, ...denyStatements], {
    action: PUT_TARGETS,
    resource: exampleRule(ruleArnsIn(ruleManagement)[0] ?? ANYTHING),
    principalArn,
    account,
    context: [
      { 'events:targetarn': [targetArn], 'events:creatoraccount': [account], 'aws:principalarn': [principalArn] },
      anyPrincipalContext(account),
    ],
    assumeUnknownMatches: true,
  });
  return isAllowed(evaluation);
}

/** The principals of other accounts that a statement names. */
function principalsOfOtherAccounts(
  app: AppIndex,
  { statement, resourceArn }: ResourcePolicyStatement,
): NamedPrincipal[] {
  const owner = accountOf(resourceArn);
  const principals = app.accessOf(statement).restrictions.flatMap((restriction) => restriction.principals);
  return principals.filter(({ account }) => account !== undefined && account !== owner);
}

function isAllowed({ decision }: Evaluation): Ternary {
  return decision === 'unknown' ? undefined : decision === 'allowed';
}

function ruleArnsIn({ statement }: ResourcePolicyStatement): readonly string[] {
  return isObject(statement) ? toList(statement.Resource) : [];
}

/** The ARN of a rule that a pattern matches. */
function exampleRule(pattern: string): string {
  return pattern === '*' ? 'arn:x:events:x:x:rule/x/x' : pattern.replace(/[*?]/g, 'x');
}
