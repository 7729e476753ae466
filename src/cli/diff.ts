import type { CommandArguments, FailOn } from './arguments';
import { checkOptions } from './check-options';
import { graphInput } from './graph-of-apps';
import { InputApp } from './inputs';
import { readSides } from './sides';
import type { DecisionChange, DeliveryDiff } from '../delivery-graph/delivery-diff';
import { diffSides } from '../delivery-graph/diff';
import { graphSide } from '../delivery-graph/graph-side';
import { addsOpenAccess } from '../delivery-graph/open-access-changes';

/** What the change of the apps in the arguments does to deliveries. */
export function diffOf(given: CommandArguments): DeliveryDiff {
  const options = checkOptions(given);
  const { after, before, isOnly } = readSides(given);
  const sideOf = (apps: readonly InputApp[]) => graphSide(graphInput(apps, options, isOnly));
  return diffSides(sideOf(before), sideOf(after));
}

/** Those of the changes with which the command fails that there are. */
export function failuresIn(diff: DeliveryDiff, failOn: readonly FailOn[]): FailOn[] {
  const isFound: { readonly [change in FailOn]: () => boolean } = {
    'open-access': () => addsOpenAccess(diff),
    'removed-delivery': () => diff.deliveries.some(isRemoved),
    replacement: () => diff.resources.length > 0,
  };
  return failOn.filter((change, index) => failOn.indexOf(change) === index && isFound[change]());
}

/** Whether events are not delivered any more that were delivered, or may have been. */
function isRemoved({ after, before }: DecisionChange): boolean {
  return (before === 'allowed' || before === 'unknown') && (after === 'denied' || after === undefined);
}
