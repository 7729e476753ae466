import { AppIndex } from '../../app-model/app-index';
import { Role, Rule } from '../../app-model/app-model';
import { AccessAnalysis, analyzeAccess } from '../../iam/access-analysis';
import { Json, isObject, toList } from '../../iam/statement';
import { allowsAssumeRole } from '../../iam/trust-policy';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Roles of rules that EventBridge may assume for every account's rules, or everybody by themselves.
 *
 * Blind spots: roles that the app does not make, and those of EventBridge Scheduler and Pipes.
 */
export function checkRuleRoleTrust({ model }: AppIndex): Finding[] {
  const users = new Map<string, Rule>();
  for (const rule of model.rules) {
    for (const { roleArn } of rule.targets) if (roleArn !== undefined && !users.has(roleArn)) users.set(roleArn, rule);
  }
  return model.roles.flatMap((role) => checkRole(role, users.get(role.arn)));
}

function checkRole({ construct, trust }: Role, user: Rule | undefined): Finding[] {
  const parts = trust.flatMap((statement) => eventBridgePart(statement, user !== undefined));
  const open = parts.filter((part) => !isObject(part) || allowsAssumeRole(part)).map(analyzeAccess);
  const worst = open.find(({ access }) => access === 'public') ?? open.find(({ access }) => access === 'unknown');
  return worst
    ? [{ id: FindingId.RULE_ROLE_TRUST_TOO_BROAD, level: 'warning', construct, ...describeTrust(worst, user) }]
    : [];
}

function describeTrust({ access, reason }: AccessAnalysis, user: Rule | undefined): Pick<Finding, 'problem' | 'fix'> {
  const role = user ? `the role of rule '${displayText(user.name)}'` : 'the role, which is for rules,';
  const problem =
    access === 'public'
      ? `${role} can be used for others than its own rules: ${displayText(reason)}`
      : `it cannot be told at synth for whom ${role} can be used: ${displayText(reason)}`;
  const toBus = user?.targets.some(({ arn }) => arn.includes(':event-bus/'))
    ? ', or let CrossAccountEventBusTarget make the role'
    : ', and pass that role to the target';
  const fix =
    "add conditions on 'aws:SourceArn' and 'aws:SourceAccount' to the service principal " +
    `of its trust policy${toBus}`;
  return { problem, fix };
}

/**
 * The parts of a statement that are about EventBridge; of the role of a rule also those about principals. Other
 * services that use the role are theirs to check.
 */
function eventBridgePart(statement: Json, ofRule: boolean): Json[] {
  const principal = isObject(statement) ? statement.Principal : undefined;
  if (!isObject(statement) || !isObject(principal)) return ofRule ? [statement] : [];
  const { Service, ...others } = principal;
  const services = toList(Service).filter((name) => EVENTBRIDGE.test(name) || /[*‹]/.test(name));
  const named = services.some((name) => !hasUnresolved(name)) || ofRule ? services : [];
  const rest = ofRule && Object.keys(others).length > 0 ? [others] : [];
  return [...named.map((name) => ({ Service: name })), ...rest].map((part) => ({ ...statement, Principal: part }));
}

const EVENTBRIDGE = /^events\.amazonaws\.com(\.cn)?$/;
