import { App } from 'aws-cdk-lib';
import { topologyOfApp } from './topologies';
import { AppIndex } from '../../src/app-model/app-index';
import { SynthesizedApp } from '../../src/app-model/assembly';
import * as evaluated from '../../src/app-model/evaluated-resources';
import { OtherApp } from '../../src/app-model/other-apps';
import { allChecks } from '../../src/checks/all-checks';
import { findingsIn } from '../../src/checks/engine/check-runner';
import { messageOf } from '../../src/checks/engine/finding';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { SynthesizedStack } from '../../src/cloud-assembly/synthesized-stack';
import { stacksInTopology } from '../../src/topology/read-topology';
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
    const everything = jest.spyOn(evaluated, 'evaluatedResources').mockImplementation((model) => model);
    const all = find();
    everything.mockRestore();
    return { account, ofConcern, all };
  });
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
