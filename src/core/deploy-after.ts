import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { constructState } from './construct-state';
import { rootStackOf } from './environment';
import { validationError } from './validation-error';

/** The dependencies that this library adds between stacks. The CDK adds them to the stacks only at synthesis. */
const ADDED_DEPENDENCIES = constructState<Set<Stack>>('extraDependencies');

/**
 * Deploys a rule after the policy of a bus in another account: EventBridge rejects the rule or its target unless that
 * policy allows the account of the rule.
 */
export function deployAfterGrants(rule: IConstruct, grants: IConstruct, eventBus: IConstruct): void {
  deployAfter(rule, grants, () =>
    validationError(
      rule,
      `'eventBus' must be in a stack that can be deployed before this rule, got '${eventBus.node.path}', whose stack ` +
        'depends on the stack of this rule; define the rules that forward events in separate stacks',
    ),
  );
}

/**
 * Deploys one construct after another, in whichever stacks they are. Does nothing across stages, which the CDK does not
 * order.
 *
 * @param onCycle the error to throw if the dependency is deployed after the dependent already
 */
export function deployAfter(dependent: IConstruct, dependency: IConstruct, onCycle: () => Error): void {
  if (Stage.of(dependent) !== Stage.of(dependency)) return;
  const dependentStack = rootStackOf(dependent);
  const dependencyStack = rootStackOf(dependency);
  if (dependentStack !== dependencyStack && dependsOn(dependencyStack, dependentStack)) throw onCycle();
  addedDependenciesOf(dependentStack).add(dependencyStack);
  dependent.node.addDependency(dependency);
}

/**
 * Whether a stack is deployed after another one, according to its dependencies so far. The CDK finds all other cycles
 * at synthesis.
 */
function dependsOn(stack: Stack, dependency: Stack, visited = new Set<Stack>()): boolean {
  if (stack === dependency) return true;
  if (visited.has(stack)) return false;
  visited.add(stack);
  return [...stack.dependencies, ...addedDependenciesOf(stack)].some((next) => dependsOn(next, dependency, visited));
}

function addedDependenciesOf(stack: Stack): Set<Stack> {
  return ADDED_DEPENDENCIES.getOrCreate(stack, () => new Set());
}
