import { AppIndex } from '../../app-model/app-index';
import { arnParts } from '../../iam/arn';
import { hasUnresolved } from '../../iam/unresolved-text';
import { isMisspelledCode, isMisspelledName } from '../../util/similar-names';

/** How to correct an ARN that is in none of the apps, with the ARN of the apps that it misspells if there is one. */
export function correctArn(index: AppIndex, unknownArn: string): string {
  const similar = arnsOf(index).find((arn) => !hasUnresolved(arn) && isSimilarArn(arn, unknownArn));
  // A similar ARN can also be that of a resource in an app that was not passed.
  return `correct the ARN${similar === undefined ? '' : ` to '${similar}'`}, or pass the other apps`;
}

/** The ARNs of what publishes and of what receives events. */
function arnsOf({ model }: AppIndex): string[] {
  const { eventBuses, functions, queues, restApis, roles, rules, streams, topics, users } = model;
  const resources = [eventBuses, functions, queues, restApis, roles, rules, streams, topics, users].flat();
  const targets = rules.flatMap((rule) => rule.targets);
  return [...resources, ...targets].map(({ arn }) => arn);
}

/** The parts of an ARN that are codes, the Region and the account. The others are names. */
const CODES = [3, 4];

/** Whether two ARNs differ in one part, by a misspelling. */
function isSimilarArn(first: string, second: string): boolean {
  const [firstParts, secondParts] = [arnParts(first), arnParts(second)];
  const different = firstParts.flatMap((part, i) => (part === secondParts[i] ? [] : [i]));
  if (different.length !== 1) return false;
  const [i] = different;
  const isMisspelled = CODES.includes(i) ? isMisspelledCode : isMisspelledName;
  return isMisspelled(firstParts[i], secondParts[i]);
}
