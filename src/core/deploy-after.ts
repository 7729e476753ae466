import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { rootStackOf } from './environment';
import { validationError } from './validation-error';

const EXTRA_DEPENDENCIES = Symbol.for('cdk-cross-account-eventbridge.waitsFor');

/**
 * Has a rule wait for the grants on a bus in another account: EventBridge refuses the rule or its target as long as
 * they do not let its account in.
 */
export function deployAfterGrants(rule: IConstruct, grants: IConstruct, eventBus: IConstruct): void {
  deployAfter(rule, grants, () =>
    validationError(
      rule,
      `'eventBus' must be of a stack that can be deployed before this rule, got '${eventBus.node.path}', whose stack ` +
        'depends on that of this rule; make the rules that forward events in stacks of their own',
    ),
  );
}

/** Has one construct wait for another, in whichever stack. The CDK orders stacks only within a stage. */
export function deployAfter(waiting: IConstruct, before: IConstruct, refusal: () => Error): void {
  if (Stage.of(waiting) !== Stage.of(before)) return;
  const [later, earlier] = [rootStackOf(waiting), rootStackOf(before)];
  if (later !== earlier && dependsOn(earlier, later)) throw refusal();
  dependenciesOf(later).add(earlier);
  waiting.node.addDependency(before);
}

/**
 * Whether a stack is deployed after another one, by what was asked of the CDK and of this function. Other circles the
 * CDK finds at synth.
 */
function dependsOn(one: Stack, other: Stack, seen = new Set<Stack>()): boolean {
  if (one === other || seen.has(one)) return one === other;
  seen.add(one);
  return [...one.dependencies, ...dependenciesOf(one)].some((stack) => dependsOn(stack, other, seen));
}

function dependenciesOf(stack: Stack & { [EXTRA_DEPENDENCIES]?: Set<Stack> }): Set<Stack> {
  if (!stack[EXTRA_DEPENDENCIES]) Object.defineProperty(stack, EXTRA_DEPENDENCIES, { value: new Set<Stack>() });
  return stack[EXTRA_DEPENDENCIES]!;
}
