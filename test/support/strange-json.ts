import * as fc from 'fast-check';

/** Any JSON, with these keys and texts among it more often than chance has them. */
export function strangeJson(keys: readonly string[], texts: readonly string[]): fc.Arbitrary<unknown> {
  const key = fc.oneof(fc.string(), fc.constantFrom(...keys)).filter((k) => k !== '__proto__');
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(fc.string(), fc.constantFrom(...texts)),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }));
  return value;
}
