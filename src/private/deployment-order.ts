import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { rootStackOf } from './environment';
import { invalid } from './errors';

/**
 * Has a rule wait for the policy of a bus in another account: EventBridge refuses the rule or its target as long as that does not let its account in.
 * The CDK orders stacks only within a stage.
 */
export function deployAfter(rule: IConstruct, policy: IConstruct, eventBus: IConstruct): void {
  if (Stage.of(rule) !== Stage.of(policy)) return;
  if (dependsOn(rootStackOf(policy), rootStackOf(rule))) {
    throw invalid(rule, `'eventBus' must be of a stack that can be deployed before this rule, got '${eventBus.node.path}', whose stack depends on `
      + 'that of this rule; make the rules that forward events in stacks of their own');
  }
  rule.node.addDependency(policy);
}

/** Whether a stack is deployed after another one, as far as it is known by now. */
function dependsOn(one: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  if (one === other || seen.has(one)) return one === other;
  seen.add(one);
  const constructs = one.node.findAll().filter((construct) => rootStackOf(construct) === one);
  const before = constructs.flatMap((construct) => construct.node.dependencies).map(rootStackOf);
  return [...one.dependencies, ...before].some((stack) => dependsOn(stack, other, seen));
}
