import { AppIndex } from '../../app-model/app-index';
import { Role, Rule } from '../../app-model/app-model';
import { AccessAnalysis, analyzeAccess } from '../../iam/access-analysis';
import { Json, isObject, toList } from '../../iam/statement';
import { allowsAssumeRole } from '../../iam/trust-policy';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Warns of roles of rules that EventBridge can assume for rules in any AWS account, or that any principal can assume.
 *
 * Blind spots: roles that are not defined in this app; roles of EventBridge Scheduler and EventBridge Pipes.
 */
export function checkRuleRoleTrust({ model }: AppIndex): Finding[] {
  const firstRules = firstRuleByRole(model.rules);
  return model.roles
    .map((role) => checkRole(role, firstRules.get(role.arn)))
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

function checkRole(role: Role, rule: Rule | undefined): Finding | undefined {
  const analyzed = role.trust
    .flatMap((statement) => partsToCheck(statement, rule !== undefined))
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
  const fix =
    "in its trust policy, allow only the service principal of EventBridge, with conditions on 'aws:SourceArn' and " +
    "'aws:SourceAccount'";
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

/**
 * The parts of a statement to check, with one type of principal each: EventBridge and, if a rule uses the role, all
 * principals that are not services. Other services are not checked.
 */
function partsToCheck(statement: Json, isUsedByRule: boolean): Json[] {
  const principal = isObject(statement) ? statement.Principal : undefined;
  if (!isObject(statement) || !isObject(principal)) return isUsedByRule ? [statement] : [];
  const { Service, ...otherPrincipals } = principal;
  const services = toList(Service).filter(mayBeEventBridge);
  const parts: Json[] = [];
  if (isUsedByRule || services.some((name) => !hasUnresolved(name))) {
    for (const name of services) parts.push({ ...statement, Principal: { Service: name } });
  }
  if (isUsedByRule && Object.keys(otherPrincipals).length > 0) parts.push({ ...statement, Principal: otherPrincipals });
  return parts;
}

function mayBeEventBridge(service: string): boolean {
  return /^events\.amazonaws\.com(\.cn)?$/.test(service) || service.includes('*') || hasUnresolved(service);
}
