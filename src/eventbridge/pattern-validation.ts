import { Json, getOwn, isObject } from '../iam/statement';
import { hasUnresolved } from '../iam/unresolved-text';

/**
 * Why a pattern matches no event at all, as far as it says so itself.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function patternFault(pattern: Json): string | undefined {
  if (pattern === null || (typeof pattern === 'string' && hasUnresolved(pattern))) return undefined;
  if (!isObject(pattern)) return `it is no object of fields, but ${JSON.stringify(pattern)}`;
  return Object.entries(pattern)
    .map(([field, wanted]) => fieldFault(field, wanted))
    .find((fault) => fault !== undefined);
}

/** Fields of the envelope whose values have one form. */
const FILTERS: { readonly [field: string]: { readonly form: RegExp; readonly what: string } } = {
  account: { form: /^\d{12}$/, what: 'a 12-digit account id' },
  region: { form: /^[a-z]{2}(-[a-z]+)+-\d$/, what: 'the name of a region' },
};

/** Fields of every event that are text. */
const ENVELOPE = ['source', 'detail-type', 'account', 'region'];

/**
 * What a pattern compares to the letter though it looks like a wildcard: no service of AWS has such a source or detail
 * type, but publishers may.
 */
export function literalWildcard(pattern: Json): string | undefined {
  const fields = isObject(pattern) ? ['source', 'detail-type'].map((field) => ({ field, wanted: pattern[field] })) : [];
  const found = fields.find(
    ({ wanted }) =>
      Array.isArray(wanted) &&
      wanted.length > 0 &&
      wanted.every((value) => typeof value === 'string' && value.includes('*')),
  );
  return found && `'${found.field}' is compared with '${(found.wanted as string[])[0]}' to the letter`;
}

function fieldFault(field: string, wanted: Json): string | undefined {
  if (Array.isArray(wanted) && wanted.length === 0) return `'${field}' is an empty list, which no value is in`;
  if (field.startsWith('$')) return undefined;
  if (isObject(wanted)) return patternFault(wanted);
  if (!Array.isArray(wanted)) {
    return hasUnresolved(JSON.stringify(wanted))
      ? undefined
      : `'${field}' must be a list of values, not ${JSON.stringify(wanted)}`;
  }
  const known = getOwn(FILTERS, field);
  const texts = wanted.filter((value): value is string => typeof value === 'string');
  if (ENVELOPE.includes(field) && wanted.every((value) => typeof value === 'number' || typeof value === 'boolean')) {
    return `'${field}' is always text, never ${JSON.stringify(wanted[0])}: write it in quotes`;
  }
  if (texts.length < wanted.length) return undefined;
  if (ENVELOPE.includes(field) && texts.every((text) => text === '*')) {
    return `'${field}' is compared with '*' to the letter: leave it out for any value, or use { 'wildcard': '…' }`;
  }
  const wrong = known ? texts.filter((text) => !hasUnresolved(text) && !known.form.test(text)) : [];
  return wrong.length > 0 && wrong.length === texts.length
    ? `'${field}' is never '${wrong[0]}', but ${known!.what}`
    : undefined;
}
