import { EventEnvelope, matches } from '../../../eventbridge/event-pattern';
import { Json, isObject } from '../../../iam/statement';
import { hasUnresolved } from '../../../iam/unresolved-text';

/** Events that a pattern asks for by exact values; any source or detail type where it names none so. */
export function exactEventsOf(pattern: Json): EventEnvelope[] {
  const fields = isObject(pattern) ? pattern : {};
  const sources = exact(fields.source);
  const detailTypes = exact(fields['detail-type']);
  return sources.flatMap((source) => detailTypes.map((detailType) => ({ source, 'detail-type': detailType })));
}

/** How messages speak of an event. */
export function eventName({ source, 'detail-type': detailType }: EventEnvelope): string {
  if (source === undefined) return detailType === undefined ? 'events' : `events of detail type '${detailType}'`;
  return detailType === undefined
    ? `events of source '${source}'`
    : `events of source '${source}' and detail type '${detailType}'`;
}

/** The first few of the names, each once. */
export function describeEvents(events: EventEnvelope[]): string {
  return [...new Set(events.map(eventName))].slice(0, 3).join(', ');
}

/** Whether some event may match two patterns: undefined where only matchers tell that cannot be compared. */
export function overlap(one: Json, other: Json): boolean | undefined {
  if (!isObject(one) || !isObject(other)) return undefined;
  const verdicts = Object.keys(one)
    .filter((field) => other[field] !== undefined)
    .map((field) => fieldsOverlap(field, one[field], other[field]));
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function fieldsOverlap(field: string, one: Json, other: Json): boolean | undefined {
  if (isObject(one) && isObject(other)) return overlap(one, other);
  if (!Array.isArray(one) || !Array.isArray(other)) return undefined;
  const texts = one.filter((v): v is string => typeof v === 'string');
  const others = other.filter((v): v is string => typeof v === 'string');
  const hits = [
    ...texts.map((value) => matches({ [field]: other }, { [field]: value })),
    ...others.map((value) => matches({ [field]: one }, { [field]: value })),
  ];
  if (hits.includes(true)) return true;
  const compared = texts.length === one.length || others.length === other.length;
  return !compared || hits.includes(undefined) ? undefined : false;
}

function exact(values: Json | undefined): (string | undefined)[] {
  const all =
    Array.isArray(values) && values.length > 0 && values.every((v) => typeof v === 'string' && !hasUnresolved(v))
      ? (values as string[])
      : [undefined];
  return [...new Set(all)];
}
