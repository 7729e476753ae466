import { Construct } from 'constructs';
import { ResourceEntry } from './topology';
import { topologyOf } from './write-topology';
import { StackDifference, StackKey } from '../app-model/other-apps';
import { readApp } from '../app-model/read-app';
import { addStacks, rootOfStacks } from '../cloud-assembly/stack-constructs';
import { SynthesizedStack } from '../cloud-assembly/synthesized-stack';
import { canonical } from '../iam/statement';
import { PLACEHOLDER } from '../iam/unresolved-text';
import { groupedBy } from '../util/group-by';

/** Names of stacks are unique in an account and Region. */
export function stackKey({ account, region, name }: StackKey): string {
  return [account, region, name].join(' ');
}

/** A path with stacks, which may describe a stack that another path describes too. */
export interface StackSource {
  readonly path: string;
  /** The ID of the construct that its stacks are read below; undefined for the root. */
  readonly scopeId?: string;
  /** All its stacks, also those that do not concern this app. */
  readonly allStacks: () => readonly SynthesizedStack[];
}

/** Of several copies of a stack, the first one counts. */
export class StackCopies {
  private readonly sources = new Map<string, StackSource | undefined>();
  /** The stacks of paths that other paths before them describe. */
  private readonly copies = new Map<StackSource, SynthesizedStack[]>();

  /** @param own the stacks of this app, which is newer than any copy of it */
  constructor(own: readonly StackKey[] = []) {
    for (const stack of own) this.sources.set(stackKey(stack), undefined);
  }

  /**
   * Adds the stacks of a path. Returns those that are not known yet. Nested stacks have the name of the stack around
   * them, and are left out or read together with it.
   */
  public add(source: StackSource, stacks: readonly SynthesizedStack[]): SynthesizedStack[] {
    const added = stacks.filter((stack) => !this.sources.has(stackKey(stack)));
    for (const stack of added) this.sources.set(stackKey(stack), source);
    const ofOther = (stack: SynthesizedStack) => this.sources.get(stackKey(stack)) !== source;
    this.copies.set(
      source,
      stacks.filter((stack) => hasEnvironment(stack) && ofOther(stack)),
    );
    return added;
  }

  /** What paths before this one describe differently, after its stacks were added. */
  public differences(source: StackSource): StackDifference[] {
    const stacks = new Map((this.copies.get(source) ?? []).map((stack) => [stackKey(stack), stack]));
    const copies = [...stacks].map(([key, stack]) => ({ key, stack, first: this.sources.get(key) }));
    return [...groupedBy(copies, ({ first }) => first)].flatMap(([first, known]) => {
      if (first === undefined) return [];
      const [contentBefore, content] = [first, source].map(contentByStack);
      const different = known.filter(({ key }) => contentBefore.get(key) !== content.get(key));
      if (different.length === 0) return [];
      return [{ first: first.path, second: source.path, stacks: different.map(({ stack }) => stack) }];
    });
  }
}

/** Stacks that are known only at deployment are no copies of each other. */
function hasEnvironment({ account, region }: SynthesizedStack): boolean {
  return account !== undefined && region !== undefined;
}

/** What each stack defines as far as events are concerned, as text. */
function contentByStack({ allStacks, scopeId }: StackSource): ReadonlyMap<string, string> {
  const root = rootOfStacks();
  addStacks(scopeId === undefined ? root : new Construct(root, scopeId), allStacks());
  const { version: _, needs: __, stacks, ...lists } = topologyOf(readApp(root, [], { possibleTargets: true }));
  const keys = new Map(stacks.map((stack) => [stack.path, stackKey(stack)]));
  const entries = Object.entries(lists).flatMap(([list, all]) =>
    (all as readonly ResourceEntry[]).map((entry) => ({ key: keys.get(entry.stack)!, text: contentOf(list, entry) })),
  );
  const byStack = groupedBy(entries, ({ key }) => key);
  return new Map(
    [...byStack].map(([key, all]) => [
      key,
      all
        .map(({ text }) => text)
        .sort()
        .join('\n'),
    ]),
  );
}

/** An entry without the places where it and others are defined, which differ between templates and cloud assemblies. */
function contentOf(list: string, { stack: _, path: __, ...entry }: ResourceEntry): string {
  return `${list} ${canonical(entry).replace(PLACEHOLDER, '‹›')}`;
}
