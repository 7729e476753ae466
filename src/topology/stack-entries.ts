import { Stack } from 'aws-cdk-lib';
import { defined } from './entries';
import { StackEntry, UnreadStack } from './topology';
import { AppModel, NestedStackResource } from '../app-model/app-model';
import { stagePathOf } from '../app-model/assembly';
import { isInKnownEnvironment } from '../app-model/environments';
import { hasOnlyNestedStacks, unknownTransforms, unreadNestedStacks } from '../app-model/incomplete-stacks';
import { environmentOf } from '../app-model/resolve/pseudo-parameters';
import { MACRO } from '../cloud-assembly/transforms';
import { hasUnresolved } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';

/**
 * The stacks with entries, and those in a known account and Region: it is then known that what is not listed is not
 * there. They are sorted by path. The order of deployment matters between stacks with entries only: a policy that a
 * rule needs before it is in another account.
 *
 * @param withEntries the paths of the stacks that define resources of the file
 */
export function stackEntries(
  { nestedStacks, stacks, unreadResources }: Pick<AppModel, 'nestedStacks' | 'stacks' | 'unreadResources'>,
  withEntries: ReadonlySet<string>,
): StackEntry[] {
  const unread = groupedBy(unreadNestedStacks(nestedStacks, stacks), ({ construct }) => construct.stack);
  const withMacro = new Set(unreadResources.map(({ stack }) => stack));
  const transformsOf = (stack: Stack) => [...unknownTransforms(stack), ...(withMacro.has(stack) ? [MACRO] : [])];
  const hasEntries = ({ node }: Stack) => withEntries.has(node.path);
  const ordered = stacks.filter(hasEntries);
  return stacks
    .filter((stack) => hasEntries(stack) || isInKnownEnvironment(stack))
    .map((stack) => ({
      ...stackEntry(stack, hasEntries(stack) ? ordered : []),
      ...defined({
        transforms: transformsOf(stack),
        unreadStacks: (unread.get(stack) ?? []).map(unreadStack),
        hasOtherResources: unread.has(stack) && !hasOnlyNestedStacks(stack),
      }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function unreadStack({ construct }: NestedStackResource): UnreadStack {
  return { logicalId: construct.stack.resolve(construct.logicalId) as string, path: construct.node.path };
}

/** @param others the stacks of which it lists those that are deployed before */
function stackEntry(stack: Stack, others: readonly Stack[]): StackEntry {
  const { account, region } = environmentOf(stack);
  const before = others.length === 0 ? new Set() : stacksBefore(outermost(stack));
  return {
    path: stack.node.path,
    name: outermost(stack).stackName,
    ...defined({
      stage: stagePathOf(stack),
      account: !hasUnresolved(account) && account,
      region: !hasUnresolved(region) && region,
      dependsOn: others
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
