import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { World } from './world';
import { Role, Rule } from '../model/app-model';
import { Openness, opennessOf } from '../policy/openness';
import { Json, isObject, listOf } from '../policy/statement';
import { hasUnknown, readable } from '../policy/text';
import { allowsAssumeRole } from '../policy/trust';

/**
 * Roles of rules that EventBridge may assume for every account's rules, or everybody by themselves.
 *
 * Blind spots: roles that the app does not make, and those of EventBridge Scheduler and Pipes.
 */
export function ruleRoleTrusts({ model }: World): Finding[] {
  const users = new Map<string, Rule>();
  for (const rule of model.rules) {
    for (const { roleArn } of rule.targets) if (roleArn !== undefined && !users.has(roleArn)) users.set(roleArn, rule);
  }
  return model.roles.flatMap((role) => judge(role, users.get(role.arn)));
}

function judge({ construct, trust }: Role, user: Rule | undefined): Finding[] {
  const parts = trust.flatMap((statement) => concerned(statement, user !== undefined));
  const open = parts.filter((part) => !isObject(part) || allowsAssumeRole(part)).map(opennessOf);
  const worst = open.find(({ to }) => to === 'anyone') ?? open.find(({ to }) => to === 'undecided');
  return worst ? [{ id: FindingId.RULE_ROLE_TRUST, level: 'warning', construct, message: told(worst, user) }] : [];
}

function told({ to, because }: Openness, user: Rule | undefined): string {
  const role = user ? `the role of rule '${readable(user.name)}'` : 'the role, which is for rules,';
  const who = to === 'anyone' ? `${role} can be used for others than its own rules: ${readable(because)}` : `it cannot be told at synth for whom ${role} can be used: ${readable(because)}`;
  const toBus = user?.targets.some(({ arn }) => arn.includes(':event-bus/')) ? ', or let CrossAccountEventBusTarget make the role' : ', and pass that role to the target';
  return `${who}; add conditions on 'aws:SourceArn' and 'aws:SourceAccount' to the service principal of its trust policy${toBus}`;
}

/** The parts of a statement that are about EventBridge; of the role of a rule also those about principals. Other services that use the role are theirs to check. */
function concerned(statement: Json, ofRule: boolean): Json[] {
  const principal = isObject(statement) ? statement.Principal : undefined;
  if (!isObject(statement) || !isObject(principal)) return ofRule ? [statement] : [];
  const { Service, ...others } = principal;
  const services = listOf(Service).filter((name) => EVENTBRIDGE.test(name) || /[*‹]/.test(name));
  const named = services.some((name) => !hasUnknown(name)) || ofRule ? services : [];
  const rest = ofRule && Object.keys(others).length > 0 ? [others] : [];
  return [...named.map((name) => ({ Service: name })), ...rest].map((part) => ({ ...statement, Principal: part }));
}

const EVENTBRIDGE = /^events\.amazonaws\.com(\.cn)?$/;
