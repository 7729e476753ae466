import { certainlyDiffer, statementsFor } from './lib/authorize';
import { putEventsCall } from './lib/put-events';
import { deployers, requiredCalls } from './rule-management';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement, Rule, Target } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Rules on or to a bus of another account that may not let them in yet when they are deployed: EventBridge then refuses
 * them.
 *
 * Blind spots: the order in which stacks without dependencies between them are deployed by hand.
 */
export function checkDeploymentOrder(app: AppIndex): Finding[] {
  return app.model.rules
    .flatMap((rule) => [
      ...checkOrder(app, rule, managementDependencies(app, rule), `rule '${displayText(rule.name)}'`),
      ...rule.targets.flatMap((target) =>
        checkOrder(
          app,
          rule,
          targetDependencies(app, rule, target),
          `target '${displayText(target.id)}' of rule '${displayText(rule.name)}'`,
        ),
      ),
    ])
    .filter(
      (finding, i, all) =>
        all.findIndex(({ construct, problem }) => construct === finding.construct && problem === finding.problem) === i,
    );
}

/** Statements of which one must be there before the target. */
function targetDependencies(app: AppIndex, rule: Rule, { arn, roleArn }: Target): ResourcePolicyStatement[] {
  const role = roleArn === undefined ? undefined : app.role(roleArn);
  if (!role || !certainlyDiffer(accountOf(arn), role.account)) return [];
  return statementsFor(
    app,
    role,
    putEventsCall(arn, {}, { byRule: true, ruleArn: rule.arn, assumeUnknownMatches: true }),
  );
}

/** Statements of which one must be there before a rule on a bus of another account. */
function managementDependencies(app: AppIndex, rule: Rule): ResourcePolicyStatement[] {
  if (!certainlyDiffer(accountOf(rule.eventBusArn), rule.account)) return [];
  const [call] = requiredCalls(rule);
  return statementsFor(app, deployers(rule), call);
}

function checkOrder({ model }: AppIndex, rule: Rule, needed: ResourcePolicyStatement[], what: string): Finding[] {
  if (needed.length === 0 || needed.some(({ construct }) => model.order.isAfter(rule.construct, construct))) return [];
  const { node, stack } = needed[0].construct;
  const problem = `${what} may be deployed before '${node.path}', without which EventBridge refuses it`;
  const fix =
    stack === rule.construct.stack
      ? "make the rule depend on the policy, with 'node.addDependency()'"
      : `make stack '${rule.construct.stack.node.path}' depend on '${stack.node.path}', with 'addDependency()'`;
  return [
    { id: FindingId.TARGET_POLICY_DEPENDENCY_MISSING, level: 'warning', construct: rule.construct, problem, fix },
  ];
}
