import { StatementMatch } from './statement-matching';

/**
 * The index of the statement that comes closest to matching, for messages: the one whose first different element is
 * matched last. Of equally close statements it is the first.
 */
export function closestStatement(mismatches: readonly StatementMatch[]): number {
  let closest = 0;
  for (let i = 1; i < mismatches.length; i++) {
    if (closeness(mismatches[i]) > closeness(mismatches[closest])) closest = i;
  }
  return closest;
}

function closeness({ element }: StatementMatch): number {
  return ELEMENT_ORDER.indexOf(element);
}

const ELEMENT_ORDER: readonly StatementMatch['element'][] = ['Action', 'Resource', 'Principal', 'Condition'];
