import { Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppIndex } from '../../app-model/app-index';
import { assemblyOf } from '../../app-model/assembly';
import { StackDifference, StackKey } from '../../app-model/other-apps';
import { Finding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Reports stacks that two of the other apps describe differently, such as a cloud assembly and an old file of it.
 *
 * Blind spots: older copies of stacks in this app, which do not count.
 */
export function checkDifferentStacks({ otherApps, root }: AppIndex): Finding[] {
  return otherApps.flatMap(({ differentStacks: { scope, differences } = NONE }) => {
    // Nearly always, and constructs are searched only if not.
    if (differences.length === 0) return [];
    const construct = scope && constructFor(scope);
    // The stages of an app know the same other apps.
    if (!construct || !root || assemblyOf(construct) !== assemblyOf(root)) return [];
    return differences.map((difference) => differentFinding(construct, difference));
  });
}

const NONE = { scope: undefined, differences: [] };

/** The construct, or the first stack in an app or stage, whose annotations are not shown. */
function constructFor(scope: IConstruct): IConstruct {
  if (!Stage.isStage(scope)) return scope;
  return scope.node.findAll().find((construct) => Stack.isStack(construct)) ?? scope;
}

function differentFinding(construct: IConstruct, { first, second, stacks }: StackDifference): Finding {
  const noun = stacks.length === 1 ? 'stack' : 'stacks';
  return warningFinding(FindingId.DELIVERY_UNVERIFIED, construct, {
    problem: `${first} and ${second} describe ${noun} ${stacks.map(nameOf).join(', ')} differently`,
    reason: `only what ${first} describes counts, because it is first`,
    fix: 'leave out the older one, or update it',
  });
}

function nameOf({ name, account, region }: StackKey): string {
  return `'${name}' in account ${account} and Region ${region}`;
}
