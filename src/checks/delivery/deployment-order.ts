import { certainlyDiffer, statementsFor } from './lib/authorize';
import { putEventsCall } from './lib/put-events';
import { deployerOf, ruleManagementCalls } from './rule-management';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement, Rule, Target } from '../../app-model/app-model';
import { deploymentOf } from '../../app-model/assembly';
import { accountOf } from '../../iam/arn';
import { displayText } from '../../iam/unresolved-text';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Finds rules and targets that may be deployed before the bus policy in another account allows them. EventBridge
 * rejects them in this case.
 *
 * Blind spots: the order in which stacks without a dependency are deployed by hand.
 */
export function checkDeploymentOrder(app: AppIndex): Finding[] {
  return app.evaluated.rules.flatMap((rule) => missingDependencies(app, rule));
}

/** A rule or target, and the statements of which at least one must be deployed before it. */
interface PolicyDependency {
  readonly noun: 'rule' | 'target';
  readonly description: string;
  readonly statements: readonly ResourcePolicyStatement[];
}

/** Targets with the same ID and policy, such as those of two branches of a condition, are reported once. */
function missingDependencies(app: AppIndex, rule: Rule): Finding[] {
  const findings = new Map<string, Finding>();
  for (const dependency of policyDependencies(app, rule)) {
    if (isEnsured(app, rule, dependency)) continue;
    const finding = missingDependency(rule, dependency);
    findings.set(finding.problem, finding);
  }
  return [...findings.values()];
}

function policyDependencies(app: AppIndex, rule: Rule): PolicyDependency[] {
  const ruleName = `rule '${displayText(rule.name)}'`;
  const targets = rule.targets.map((target): PolicyDependency => {
    const description = `target '${displayText(target.id)}' of ${ruleName}`;
    return { noun: 'target', description, statements: putEventsStatements(app, rule, target) };
  });
  return [{ noun: 'rule', description: ruleName, statements: ruleManagementStatements(app, rule) }, ...targets];
}

/** Statements that allow the role of a target to put events on a bus in another account. */
function putEventsStatements(app: AppIndex, rule: Rule, { arn, roleArn }: Target): ResourcePolicyStatement[] {
  const role = roleArn === undefined ? undefined : app.role(roleArn);
  if (!role || !certainlyDiffer(accountOf(arn), role.account)) return [];
  const call = putEventsCall(arn, {}, { byRule: true, ruleArn: rule.arn, assumeUnknownMatches: true });
  return statementsFor(app, role, call);
}

/** Statements that allow the account of a rule to create it on a bus in another account. */
function ruleManagementStatements(app: AppIndex, rule: Rule): ResourcePolicyStatement[] {
  if (!certainlyDiffer(accountOf(rule.eventBusArn), rule.account)) return [];
  const [putRule] = ruleManagementCalls(rule);
  return statementsFor(app, deployerOf(rule), putRule);
}

function isEnsured({ model }: AppIndex, rule: Rule, { statements }: PolicyDependency): boolean {
  if (statements.length === 0) return true;
  // Apps and stages that are deployed separately cannot depend on each other.
  if (statements.some(({ construct }) => deploymentOf(construct) !== deploymentOf(rule.construct))) return true;
  return statements.some(({ construct }) => model.order.isAfter(rule.construct, construct));
}

function missingDependency(rule: Rule, { noun, description, statements }: PolicyDependency): Finding {
  const [{ construct, resourceArn }] = statements;
  const policy = `'${construct.node.path}'`;
  const { stack } = rule.construct;
  const text = {
    problem: `${description} may be deployed before ${policy}`,
    reason: `EventBridge rejects the ${noun} until the bus policy allows it`,
    fix:
      stack === construct.stack
        ? `make the rule depend on ${policy} with 'node.addDependency()'`
        : `make stack '${stack.node.path}' depend on stack '${construct.stack.node.path}' with 'addDependency()'`,
  };
  return warningFinding(FindingId.TARGET_POLICY_DEPENDENCY_MISSING, rule.construct, text, displayText(resourceArn));
}
