import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { rootStackOf } from './environment';
import { invalid } from './errors';

const WAITS = Symbol.for('cdk-cross-account-eventbridge.waitsFor');

/**
 * Has a rule wait for the policy of a bus in another account: EventBridge refuses the rule or its target as long as that does not let its account in.
 * The CDK orders stacks only within a stage.
 */
export function deployAfter(rule: IConstruct, policy: IConstruct, eventBus: IConstruct): void {
  if (Stage.of(rule) !== Stage.of(policy)) return;
  const [waiting, before] = [rootStackOf(rule), rootStackOf(policy)];
  if (waiting !== before && dependsOn(before, waiting)) {
    throw invalid(rule, `'eventBus' must be of a stack that can be deployed before this rule, got '${eventBus.node.path}', whose stack depends on `
      + 'that of this rule; make the rules that forward events in stacks of their own');
  }
  waitsOf(waiting).add(before);
  rule.node.addDependency(policy);
}

/** Whether a stack is deployed after another one, by what was asked of the CDK and of this function. Other circles the CDK finds at synth. */
function dependsOn(one: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  if (one === other || seen.has(one)) return one === other;
  seen.add(one);
  return [...one.dependencies, ...waitsOf(one)].some((stack) => dependsOn(stack, other, seen));
}

function waitsOf(stack: Stack & { [WAITS]?: Set<Stack> }): Set<Stack> {
  if (!stack[WAITS]) Object.defineProperty(stack, WAITS, { value: new Set<Stack>() });
  return stack[WAITS]!;
}
