/** Whether something holds: undefined is undecided. */
export type Ternary = boolean | undefined;

export const not = (truth: Ternary): Ternary => (truth === undefined ? undefined : !truth);

export function some<T>(values: readonly T[], fits: (value: T, index: number) => Ternary): Ternary {
  let truth: Ternary = false;
  for (let i = 0; i < values.length; i++) {
    const fit = fits(values[i], i);
    if (fit) return true;
    if (fit === undefined) truth = undefined;
  }
  return truth;
}

export function every<T>(values: readonly T[], fits: (value: T, index: number) => Ternary): Ternary {
  return not(some(values, (value, i) => not(fits(value, i))));
}
