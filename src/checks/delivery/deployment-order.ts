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
export function checkDeploymentOrder(world: AppIndex): Finding[] {
  return world.model.rules
    .flatMap((rule) => [
      ...checkOrder(world, rule, managementDependencies(world, rule), `rule '${displayText(rule.name)}'`),
      ...rule.targets.flatMap((target) =>
        checkOrder(
          world,
          rule,
          targetDependencies(world, rule, target),
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
function targetDependencies(world: AppIndex, rule: Rule, { arn, roleArn }: Target): ResourcePolicyStatement[] {
  const role = roleArn === undefined ? undefined : world.role(roleArn);
  if (!role || !certainlyDiffer(accountOf(arn), role.account)) return [];
  return statementsFor(
    world,
    role,
    putEventsCall(arn, {}, { byRule: true, ruleArn: rule.arn, assumeUnknownMatches: true }),
  );
}

/** Statements of which one must be there before a rule on a bus of another account. */
function managementDependencies(world: AppIndex, rule: Rule): ResourcePolicyStatement[] {
  if (!certainlyDiffer(accountOf(rule.eventBusArn), rule.account)) return [];
  const [call] = requiredCalls(rule);
  return statementsFor(world, deployers(rule), call);
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
