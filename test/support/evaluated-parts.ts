import { App } from 'aws-cdk-lib';
import { topologyOfApp } from './topologies';
import { AppIndex } from '../../src/app-model/app-index';
import { SynthesizedApp, walkAssembly } from '../../src/app-model/assembly';
import { concernedApp } from '../../src/app-model/concerned-app';
import * as evaluated from '../../src/app-model/evaluated-resources';
import { OtherApp } from '../../src/app-model/other-apps';
import { allChecks } from '../../src/checks/all-checks';
import { findingsIn } from '../../src/checks/engine/check-runner';
import { messageOf } from '../../src/checks/engine/finding';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { SynthesizedStack } from '../../src/cloud-assembly/synthesized-stack';
import { PLACEHOLDER } from '../../src/iam/unresolved-text';
import { entriesOfConcern } from '../../src/topology/entries-of-concern';
import { stacksInTopology } from '../../src/topology/read-topology';
import { EventTopology, NamedEntry, ResourceEntry } from '../../src/topology/topology';
import { groupedBy } from '../../src/util/group-by';

/** What is found in each account of an app if another app has the other accounts. */
export interface SeparateFindings {
  readonly account: string;
  /** When the checks evaluate of the other app only what can concern the account. */
  readonly ofConcern: string[];
  /** When they evaluate everything. */
  readonly all: string[];
}

/** The findings about each account of an app, as if each account had an app of its own. */
export function separateFindings(app: App): SeparateFindings[] {
  const stacks = stacksInTopology(topologyOfApp(app));
  const accounts = [...groupedBy(stacks, ({ account = '' }) => account).keys()];
  if (accounts.length < 2) return [];
  return accounts.map((account) => {
    const isOwn = (stack: SynthesizedStack) => (stack.account ?? '') === account;
    const find = () => findingsWith(stacks.filter(isOwn), [...stacks.filter((stack) => !isOwn(stack))]);
    const ofConcern = find();
    const everything = [
      jest.spyOn(evaluated, 'evaluatedResources').mockImplementation((model) => model),
      jest.spyOn(evaluated, 'ownIdentities').mockImplementation((model) => model),
    ];
    const all = find();
    for (const spy of everything) spy.mockRestore();
    return { account, ofConcern, all };
  });
}

/** What is found in an account of an app if the file of another app has the other accounts. */
export interface FindingsWithFile {
  readonly account: string;
  /** When only those entries of the file are read that can concern the account. */
  readonly ofConcern: string[];
  /** When the whole file is read. */
  readonly all: string[];
}

/** The findings about each account of an app, as if each account had an app, with a file of the others. */
export function findingsWithFiles(app: App): FindingsWithFile[] {
  const topology = topologyOfApp(app);
  const accounts = [...groupedBy([...topology.stacks], ({ account = '' }) => account).keys()];
  if (accounts.length < 2) return [];
  return accounts.map((account) => {
    const [own, file] = separated(topology, account);
    const find = (read: EventTopology) => findingsWith(stacksInTopology(own), stacksInTopology(read, 'other'));
    return { account, ofConcern: find(partFor(own, file)), all: find(file) };
  });
}

/** What is read of a file if an app has the resources of another one. */
export function partFor(own: EventTopology, file: EventTopology): EventTopology {
  const root = rootOfStacks();
  addStacks(root, stacksInTopology(own));
  const concerned = concernedApp([walkAssembly(root)]);
  return concerned ? entriesOfConcern(file, concerned) : file;
}

/**
 * The entries in an account, and all others. Where one part mentions a generated name of the other, the resource has
 * that name instead: an app can only refer to another one by names.
 */
export function separated(topology: EventTopology, account: string): [EventTopology, EventTopology] {
  const parts = [true, false].map((isOwn) => partIn(topology, (stack) => (stack.account === account) === isOwn));
  const [first, second] = parts.map((part) => new Set(JSON.stringify(part).match(PLACEHOLDER)));
  const shared = [...first].filter((placeholder) => second.has(placeholder) && IN_TEMPLATES.test(placeholder));
  return parts.map((part) => shared.reduce(withName, part)) as [EventTopology, EventTopology];
}

function partIn(topology: EventTopology, isPart: (stack: EventTopology['stacks'][number]) => boolean): EventTopology {
  const { version, needs: _, stacks, ...lists } = topology;
  const ownStacks = stacks.filter(isPart);
  const paths = new Set(ownStacks.map(({ path }) => path));
  const own = Object.entries(lists).map(([name, list]) => [name, list.filter(({ stack }) => paths.has(stack))]);
  return { version, needs: [], stacks: ownStacks, ...Object.fromEntries(own) };
}

/** Names that can be in a template. Keys and APIs have an ID that nobody chooses. */
const IN_TEMPLATES = /^‹(Name|RoleName|UserName|GroupName|FunctionName|QueueName|TopicName) of /;

function withName(topology: EventTopology, placeholder: string): EventTopology {
  const name = placeholder
    .replace(/^.* of /, '')
    .replace(/\W+/g, '-')
    .slice(0, -1);
  const { version, needs, stacks, ...lists } = topology;
  const named = Object.entries(lists).map(([list, entries]) => [
    list,
    (entries as (ResourceEntry & Partial<NamedEntry>)[]).map((entry) =>
      entry.arn?.endsWith(placeholder) ? { ...entry, name } : entry,
    ),
  ]);
  const text = JSON.stringify({ version, needs, stacks, ...Object.fromEntries(named) });
  return JSON.parse(text.split(placeholder).join(name)) as EventTopology;
}

function findingsWith(own: SynthesizedStack[], others: SynthesizedStack[]): string[] {
  const root = rootOfStacks();
  addStacks(root, own);
  const other = new SynthesizedApp(rootOfStacks(), 'other');
  addStacks(other, others);
  const index = AppIndex.of(root, [new OtherApp("app 'other'", other)]);
  return findingsIn(root, allChecks({}), index).map(
    (finding) => `${finding.level} ${finding.construct.node.path} ${messageOf(finding)}`,
  );
}
