import { isElsewhere, statementsFor } from './calls';
import { putCall } from './paths';
import { managers, managementCalls } from './rule-management';
import { FindingId } from '../../finding-id';
import { PolicyStatement, Rule, Target } from '../../model/app-model';
import { accountOf } from '../../policy/arn';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Rules on or to a bus of another account that may not let them in yet when they are deployed: EventBridge then refuses them.
 *
 * Blind spots: the order in which stacks without dependencies between them are deployed by hand.
 */
export function rulesTooEarly(world: World): Finding[] {
  return world.model.rules.flatMap((rule) => [
    ...judge(world, rule, managementNeeds(world, rule), `rule '${readable(rule.name)}'`),
    ...rule.targets.flatMap((target) => judge(world, rule, targetNeeds(world, rule, target), `target '${readable(target.id)}' of rule '${readable(rule.name)}'`)),
  ]).filter((finding, i, all) => all.findIndex(({ construct, message }) => construct === finding.construct && message === finding.message) === i);
}

/** Statements of which one must be there before the target. */
function targetNeeds(world: World, rule: Rule, { arn, roleArn }: Target): PolicyStatement[] {
  const role = roleArn === undefined ? undefined : world.role(roleArn);
  if (!role || !isElsewhere(accountOf(arn), role.account)) return [];
  return statementsFor(world, role, putCall(arn, {}, { byRule: true, ruleArn: rule.arn, inDoubtYes: true }));
}

/** Statements of which one must be there before a rule on a bus of another account. */
function managementNeeds(world: World, rule: Rule): PolicyStatement[] {
  if (!isElsewhere(accountOf(rule.eventBusArn), rule.account)) return [];
  const [call] = managementCalls(rule);
  return statementsFor(world, managers(rule), call);
}

function judge({ model }: World, rule: Rule, needed: PolicyStatement[], what: string): Finding[] {
  if (needed.length === 0 || needed.some(({ construct }) => model.order.isAfter(rule.construct, construct))) return [];
  const { node, stack } = needed[0].construct;
  const message = `${what} may be deployed before '${node.path}', without which EventBridge refuses it; `
    + (stack === rule.construct.stack
      ? "make the rule depend on the policy, with 'node.addDependency()'"
      : `make stack '${rule.construct.stack.node.path}' depend on '${stack.node.path}', with 'addDependency()'`);
  return [{ id: FindingId.TARGET_ORDER, level: 'warning', construct: rule.construct, message }];
}
