/** A truth value of three-valued logic; `undefined` is unknown. */
export type Ternary = boolean | undefined;

export function not(value: Ternary): Ternary {
  return value === undefined ? undefined : !value;
}

/** True if the predicate is true for one value, false if it is false for all values, otherwise unknown. */
export function some<T>(values: readonly T[], predicate: (value: T, index: number) => Ternary): Ternary {
  let result: Ternary = false;
  for (let i = 0; i < values.length; i++) {
    const holds = predicate(values[i], i);
    if (holds) return true;
    if (holds === undefined) result = undefined;
  }
  return result;
}

/** True if the predicate is true for all values, false if it is false for one value, otherwise unknown. */
export function every<T>(values: readonly T[], predicate: (value: T, index: number) => Ternary): Ternary {
  return not(some(values, (value, i) => not(predicate(value, i))));
}
