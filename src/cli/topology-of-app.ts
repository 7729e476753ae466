import { InputApp } from './inputs';
import { AppIndex } from '../app-model/app-index';
import { readApp } from '../app-model/read-app';
import { allChecks } from '../checks/all-checks';
import { findingsIn } from '../checks/engine/check-runner';
import { needsOf } from '../checks/engine/finding';
import { addStacks, rootOfStacks } from '../cloud-assembly/stack-constructs';
import { topologyText } from '../topology/topology-file';
import { topologyOf } from '../topology/write-topology';

/** The content of `event-topology.json` for an app that was synthesized. */
export function topologyOfApp({ stacks }: InputApp): string {
  const root = rootOfStacks();
  addStacks(root, stacks);
  const findings = findingsIn(root, allChecks({}), AppIndex.of(root));
  return topologyText(topologyOf(readApp(root, [], { possibleTargets: true }), needsOf(findings)));
}
