/** The result of an evaluation. It is unknown if it depends on values that templates do not contain. */
export type Decision = 'allowed' | 'denied' | 'unknown';

/** The kinds of policies that allow requests. */
export type PolicyType = 'identity' | 'resource' | 'trust';

/** All decisions. Where there are several ways, the first of their decisions counts. */
export const DECISIONS: readonly Decision[] = ['allowed', 'unknown', 'denied'];

/** Sorts what is allowed before what is unknown, and that before what is denied. */
export function byDecision(first: { readonly decision: Decision }, second: { readonly decision: Decision }): number {
  return DECISIONS.indexOf(first.decision) - DECISIONS.indexOf(second.decision);
}

/** The decision on several steps or conditions, all of which are needed. */
export function allOf(decisions: readonly Decision[]): Decision {
  return DECISIONS[Math.max(0, ...decisions.map((decision) => DECISIONS.indexOf(decision)))];
}

/** The decision on several ways, one of which is enough. Denied if there is none. */
export function anyOf(decisions: readonly Decision[]): Decision {
  return DECISIONS.find((decision) => decisions.includes(decision)) ?? 'denied';
}
