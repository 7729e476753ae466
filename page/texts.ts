import type { GraphElement } from '../src/delivery-graph/delivery-graph';
import { eventLabel } from '../src/eventbridge/event-names';
import type { EventFields } from '../src/eventbridge/event-names';
import type { Decision } from '../src/iam/decision';

/** A sign for each decision: color is never the only difference. */
export const SIGNS: Readonly<Record<Decision, string>> = { allowed: '✓', denied: '✕', unknown: '?' };

/** The source and detail type of an event, such as `shop.orders / OrderPlaced`. */
export function eventText(event: EventFields): string {
  return eventLabel(event) || 'any event';
}

/** Where an element is, such as `111111111111, eu-west-1`. */
export function placeText({ account, region }: GraphElement): string {
  return [account, region].filter((part) => part !== undefined).join(', ');
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** The findings on an element that are not acknowledged. */
export function openFindings({ findings }: GraphElement): GraphElement['findings'] {
  return findings.filter(({ acknowledged }) => !acknowledged);
}

/** The sign of an element with findings. */
export function findingSign(element: GraphElement): string | undefined {
  const findings = openFindings(element);
  if (findings.length === 0) return undefined;
  return findings.some(({ level }) => level === 'error') ? '✕' : '!';
}

/** The description of an element in the diagram, for screen readers. It begins with the texts that are seen. */
export function elementText(element: GraphElement, seen: readonly string[]): string {
  const findings = openFindings(element);
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.length - errors;
  return [
    [...seen, findingSign(element)].filter(Boolean).join(' '),
    seen.includes(element.name) ? '' : element.name,
    placeText(element),
    errors > 0 ? counted(errors, 'error') : '',
    warnings > 0 ? counted(warnings, 'warning') : '',
    element.openTo ? `open to ${element.openTo.join(', ')}` : '',
  ]
    .filter(Boolean)
    .join(', ');
}
