/** Major, minor and patch of a semantic version without a suffix. */
export type Version = readonly [number, number, number];

export function parseVersion(text: string): Version {
  const match = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text);
  if (match === null) throw new Error(`a version must be MAJOR.MINOR.PATCH, got '${text}'`);
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

/** Whether `text` is a later version than `other`. */
export function isGreater(text: string, other: string): boolean {
  const [version, before] = [parseVersion(text), parseVersion(other)];
  const different = version.findIndex((part, i) => part !== before[i]);
  return different >= 0 && version[different] > before[different];
}

/** The lowest version that can have a breaking change: a minor one before 1.0.0, and a major one after it. */
export function lowestBreakingVersion(last: string): string {
  const [major, minor] = parseVersion(last);
  return major === 0 ? `0.${minor + 1}.0` : `${major + 1}.0.0`;
}
