import { eventsWith } from '../../../eventbridge/event-names';
import { EventEnvelope, matches } from '../../../eventbridge/event-pattern';
import { Json, getOwn, isObject } from '../../../iam/statement';
import { Ternary, every, some } from '../../../iam/ternary';
import { hasUnresolved } from '../../../iam/unresolved-text';

/**
 * The events that a pattern matches by exact values, one for each source and detail type. A field without exact values
 * is left undefined.
 */
export function exactEventsOf(pattern: Json): EventEnvelope[] {
  const fields = isObject(pattern) ? pattern : {};
  const sources = exactValuesOf(fields.source);
  const detailTypes = exactValuesOf(fields['detail-type']);
  return sources.flatMap((source) => detailTypes.map((detailType) => ({ source, 'detail-type': detailType })));
}

function exactValuesOf(field: Json | undefined): (string | undefined)[] {
  if (!Array.isArray(field) || field.length === 0) return [undefined];
  const isExact = (value: Json): value is string => typeof value === 'string' && !hasUnresolved(value);
  return field.every(isExact) ? [...new Set(field)] : [undefined];
}

/** How many events a message names. */
const NAMED_EVENTS = 3;

/** The words for an event in messages, such as `events with source 'com.shop'`. */
function eventName({ source, 'detail-type': detailType }: EventEnvelope): string {
  return eventsWith({ source, detailType });
}

/** The words for the first events, without duplicates. */
export function describeEvents(events: EventEnvelope[]): string {
  return [...new Set(events.map(eventName))].slice(0, NAMED_EVENTS).join(', ');
}

/** The words for up to three events behind a call, such as ` for events with source 'com.shop'`; none for any event. */
export function forEvents(events: EventEnvelope[]): string {
  const names = [...new Set(events.map(eventName))];
  if (names.length === 1 && names[0] === eventsWith({})) return '';
  const more = names.length > NAMED_EVENTS ? ` and ${names.length - NAMED_EVENTS} more` : '';
  return ` for ${names.slice(0, NAMED_EVENTS).join(', ')}${more}`;
}

/**
 * Whether an event can match both patterns. Unknown where content filters cannot be compared. A field of the content is
 * taken to have one value.
 */
export function overlap(first: Json, second: Json): Ternary {
  if (!isObject(first) || !isObject(second)) return undefined;
  if (Array.isArray(first.$or)) {
    return some(first.$or, (alternative) => overlapInAlternative(first, alternative, second));
  }
  if (Array.isArray(second.$or)) return overlap(second, first);
  const commonFields = Object.keys(first).filter((field) => getOwn(second, field) !== undefined);
  return every(commonFields, (field) => fieldsOverlap(field, first[field], second[field]));
}

/**
 * Whether a pattern can match the same events as another one that has alternatives, with one of them. Unknown if the
 * alternative filters a field that the pattern around it filters too.
 */
function overlapInAlternative({ $or: _, ...fields }: Pattern, alternative: Json, second: Pattern): Ternary {
  const isSeparate =
    isObject(alternative) && Object.keys(alternative).every((field) => getOwn(fields, field) === undefined);
  if (isSeparate) return overlap({ ...fields, ...alternative }, second);
  return every([fields, alternative], (part) => overlap(part, second)) === false ? false : undefined;
}

type Pattern = { [field: string]: Json };

function fieldsOverlap(field: string, first: Json, second: Json): Ternary {
  if (isObject(first) && isObject(second)) return overlap(first, second);
  if (!Array.isArray(first) || !Array.isArray(second)) return undefined;
  const firstTexts = first.filter((value) => typeof value === 'string');
  const secondTexts = second.filter((value) => typeof value === 'string');
  const matched = some(
    [
      some(firstTexts, (value) => matches({ [field]: second }, { [field]: value })),
      some(secondTexts, (value) => matches({ [field]: first }, { [field]: value })),
    ],
    (isMatch) => isMatch,
  );
  if (matched !== false) return matched;
  // An event can be about several resources.
  if (field === 'resources') return undefined;
  const isCompared = firstTexts.length === first.length || secondTexts.length === second.length;
  return isCompared ? false : undefined;
}
