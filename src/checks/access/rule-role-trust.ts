import { AppIndex } from '../../app-model/app-index';
import { Role, Rule } from '../../app-model/app-model';
import { AccessAnalysis, analyzeAccess } from '../../iam/access-analysis';
import { Json, isObject, toList } from '../../iam/statement';
import { allowsAssumeRole } from '../../iam/trust-policy';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/** Options of the check. */
export interface RuleRoleTrustOptions {
  /** Whether a role that EventBridge can assume must have a condition on the source. */
  readonly requireSource: boolean;
}

/**
 * Warns of roles of rules that any principal can assume and, if a source is required, of those that EventBridge can
 * assume for any rule. A source is not required by default: no other account can pass the role to its rules.
 *
 * Blind spots: roles that are not defined in this app; roles of EventBridge Scheduler and EventBridge Pipes.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export function checkRuleRoleTrust(
  { ownIdentities, model }: AppIndex,
  { requireSource }: RuleRoleTrustOptions,
): Finding[] {
  const firstRules = firstRuleByRole(model.rules);
  return ownIdentities.roles
    .map((role) => checkRole(role, firstRules.get(role.arn), requireSource))
    .filter((finding) => finding !== undefined);
}

/** The first rule that uses each role, by the ARN of the role. */
function firstRuleByRole(rules: Rule[]): Map<string, Rule> {
  const firstRules = new Map<string, Rule>();
  for (const rule of rules) {
    for (const { roleArn } of rule.targets) {
      if (roleArn !== undefined && !firstRules.has(roleArn)) firstRules.set(roleArn, rule);
    }
  }
  return firstRules;
}

function checkRole(role: Role, rule: Rule | undefined, requireSource: boolean): Finding | undefined {
  const analyzed = role.trust
    .flatMap((statement) => [
      ...(requireSource ? eventBridgeParts(statement, rule !== undefined) : []),
      ...(rule ? otherPrincipalsPart(statement) : []),
    ])
    .filter((part) => !isObject(part) || allowsAssumeRole(part))
    .map((part) => ({ ...analyzeAccess(part), allowsService: isForService(part) }));
  const worst =
    analyzed.find(({ access }) => access === 'public') ?? analyzed.find(({ access }) => access === 'unknown');
  if (!worst) return undefined;
  const text = {
    problem: describeTrust(worst, describeRole(role, rule)),
    reason: displayText(worst.reason),
    fix: fixFor(rule),
  };
  return warningFinding(FindingId.RULE_ROLE_TRUST_TOO_BROAD, role.construct, text);
}

function describeRole({ name }: Role, rule: Rule | undefined): string {
  return rule ? `the role of rule '${displayText(rule.name)}'` : `role '${displayText(name)}'`;
}

function describeTrust({ access, allowsService }: AnalyzedTrust, role: string): string {
  if (access === 'unknown') {
    return allowsService
      ? `cannot determine at synthesis for which rules EventBridge can assume ${role}`
      : `cannot determine at synthesis which principals can assume ${role}`;
  }
  return allowsService
    ? `EventBridge can assume ${role} for rules in any AWS account`
    : `the trust policy does not restrict which principals can assume ${role}`;
}

function fixFor(rule: Rule | undefined): string {
  const source = rule && ` ${displayText(rule.arn)}`;
  const account = rule && ` ${displayText(rule.account)}`;
  const fix =
    'in its trust policy, allow only the service principal of EventBridge, with conditions on ' +
    `'aws:SourceArn'${source ?? ''} and 'aws:SourceAccount'${account ?? ''}`;
  const hasBusTarget = rule?.targets.some(({ arn }) => arn.includes(':event-bus/'));
  return hasBusTarget
    ? `${fix}, or use CrossAccountEventBusTarget, which creates the role`
    : `${fix}, and pass that role to the target`;
}

/** What a part of a trust policy allows. */
interface AnalyzedTrust extends AccessAnalysis {
  readonly allowsService: boolean;
}

function isForService(statement: Json): boolean {
  return isObject(statement) && isObject(statement.Principal) && statement.Principal.Service !== undefined;
}

/** The statement with EventBridge alone as principal. An unresolved service counts only if a rule uses the role. */
function eventBridgeParts(statement: Json, isUsedByRule: boolean): Json[] {
  if (!isObject(statement) || !isObject(statement.Principal)) return [];
  const services = toList(statement.Principal.Service).filter(mayBeEventBridge);
  if (!isUsedByRule && services.every(hasUnresolved)) return [];
  return services.map((name) => ({ ...statement, Principal: { Service: name } }));
}

/** The statement with all principals that are not services; none if it lists only services. */
function otherPrincipalsPart(statement: Json): Json[] {
  if (!isObject(statement) || !isObject(statement.Principal)) return [statement];
  const { Service, ...otherPrincipals } = statement.Principal;
  return Object.keys(otherPrincipals).length > 0 ? [{ ...statement, Principal: otherPrincipals }] : [];
}

function mayBeEventBridge(service: string): boolean {
  return /^events\.amazonaws\.com(\.cn)?$/.test(service) || service.includes('*') || hasUnresolved(service);
}
