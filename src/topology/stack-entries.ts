import { Stack } from 'aws-cdk-lib';
import { defined } from './entries';
import { StackEntry } from './topology';
import { environmentOf } from '../app-model/resolve/pseudo-parameters';
import { hasUnresolved } from '../iam/unresolved-text';

/**
 * The stacks with these paths, sorted by path. The order of deployment matters between stacks only: a policy that a
 * rule needs before it is in another account.
 */
export function stackEntries(stacks: readonly Stack[], paths: ReadonlySet<string>): StackEntry[] {
  const listed = stacks.filter(({ node }) => paths.has(node.path));
  return listed.map((stack) => stackEntry(stack, listed)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function stackEntry(stack: Stack, stacks: readonly Stack[]): StackEntry {
  const { account, region } = environmentOf(stack);
  const before = stacksBefore(outermost(stack));
  return {
    path: stack.node.path,
    name: outermost(stack).stackName,
    ...defined({
      account: !hasUnresolved(account) && account,
      region: !hasUnresolved(region) && region,
      dependsOn: stacks
        .filter((other) => before.has(outermost(other)))
        .map(({ node }) => node.path)
        .sort(),
    }),
  };
}

/** The stacks that are deployed before a stack, directly or not. */
function stacksBefore(stack: Stack): Set<Stack> {
  const before = new Set(stack.dependencies);
  for (const current of before) {
    for (const next of current.dependencies) before.add(next);
  }
  return before;
}

function outermost(stack: Stack): Stack {
  return stack.nestedStackParent ? outermost(stack.nestedStackParent) : stack;
}
