/** The fields of an event that texts name. */
export interface EventFields {
  readonly source?: string;
  readonly detailType?: string;
  readonly account?: string;
}

/** The fields of events in a sentence, such as ` with source 'com.shop' and detail type 'OrderPlaced'`. */
export function withFields({ account, detailType, source }: EventFields): string {
  const fields = [
    ...(source === undefined ? [] : [`source '${source}'`]),
    ...(detailType === undefined ? [] : [`detail type '${detailType}'`]),
    ...(account === undefined ? [] : [`account ${account}`]),
  ];
  if (fields.length === 0) return '';
  const last = fields[fields.length - 1];
  return ` with ${fields.length === 1 ? last : `${fields.slice(0, -1).join(', ')} and ${last}`}`;
}

/** Events in a sentence, such as `events with source 'com.shop'`. */
export function eventsWith(fields: EventFields): string {
  return `events${withFields(fields)}`;
}

/** Events in a label, such as `com.shop / OrderPlaced`; empty for any event. */
export function eventLabel({ detailType, source }: EventFields): string {
  return [source, detailType].filter((field) => field !== undefined).join(' / ');
}
