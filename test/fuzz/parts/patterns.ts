import * as fc from 'fast-check';
import {
  ACCOUNTS,
  DETAIL_TYPES,
  Mode,
  REGIONS,
  SOURCES,
  EXTERNAL_ACCOUNT,
  Value,
  malformable,
  maybe,
  mostly,
  text,
} from '../values';

/** Event patterns in the form of the L1, with the fields of events and with filters. */
export function patterns(mode: Mode): fc.Arbitrary<Value> {
  const filters = fc.constantFrom<Value>(
    ...[{ prefix: 'com.' }, { suffix: 'shop' }, { 'anything-but': ['com.shop'] }, { exists: true }],
    ...[{ wildcard: 'com.*' }, { 'equals-ignore-case': 'COM.SHOP' }, { 'anything-but': { prefix: 'aws.' } }, '*', null],
  );
  const values = (...texts: readonly string[]) => {
    const one = mode === 'known' ? text(mode, ...texts) : mostly(text(mode, ...texts), malformable(mode, filters, 6));
    return fc.array(one, { minLength: 1, maxLength: 2 });
  };
  const known = {
    source: mode === 'known' ? values(...SOURCES.slice(0, 2)) : maybe(values(...SOURCES), 5),
    'detail-type': maybe(values(...DETAIL_TYPES), 2),
    account: maybe(values(...ACCOUNTS, EXTERNAL_ACCOUNT), 3),
  };
  if (mode === 'known') return fc.record(known).map(withoutUndefined);
  const detail = fc.constantFrom<Value>(
    { bucket: { name: ['bucket-one'] } },
    { state: ['paid'], total: [{ numeric: ['>', 0] }] },
    { total: [{ numeric: ['>', '0'] }] },
    { $or: [{ a: ['b'] }, { b: ['c'] }] },
  );
  const all = fc.record({
    ...known,
    region: maybe(values(...REGIONS), 5),
    resources: maybe(values('arn:aws:s3:::bucket-one'), 8),
    detail: maybe(malformable(mode, detail, 10), 4),
    other: maybe(fc.constant(['x']), 20),
  });
  return malformable(mode, all.map(withoutUndefined), 20);
}

function withoutUndefined(fields: { readonly [field: string]: Value | undefined }): Value {
  return Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, Value] => entry[1] !== undefined));
}
