import { hasBreakingLine, hasEntries } from './changelog';
import { isGreater, lowestBreakingVersion } from './version';

/** What is different from the last release. */
export interface Changes {
  /** The version of the last release. */
  readonly last: string;
  readonly isApiBroken: boolean;
  /** Lines of `test/pinned/names.txt` that changed or are gone. */
  readonly changedNames: readonly string[];
}

/** What a version with these changes must have, and does not. */
export function missingFor(version: string, unreleased: string, changes: Changes): string[] {
  const broken = [...(changes.isApiBroken ? ['the API'] : []), ...(changes.changedNames.length > 0 ? ['names'] : [])];
  if (broken.length === 0) return [];
  const lowest = lowestBreakingVersion(changes.last);
  const since = `a breaking change of ${broken.join(' and ')} since ${changes.last} needs`;
  return [
    ...(isGreater(lowest, version) ? [`${since} version ${lowest} or later in .projenrc.ts, got ${version}`] : []),
    ...(hasBreakingLine(unreleased)
      ? []
      : [`${since} a line '- **Breaking:** …' below '## Unreleased' in CHANGELOG.md`]),
  ];
}

/** The state of a checkout. */
export interface Checkout {
  readonly branch: string;
  /** Changed and untracked files, one a line. */
  readonly status: string;
  /** The version of the last release. */
  readonly last?: string;
  readonly tags: readonly string[];
  readonly unreleased: string;
}

/** Why a version cannot be released from a checkout. */
export function obstacles(version: string, { branch, status, last, tags, unreleased }: Checkout): string[] {
  return [
    ...(status === '' ? [] : [`commit or remove these changes first:\n${status}`]),
    ...(branch === 'main' ? [] : [`a release is made on the branch main, not on '${branch}'`]),
    ...(isGreater(version, last ?? '0.0.0')
      ? []
      : [`the version must be greater than ${last ?? '0.0.0'}, got ${version}`]),
    ...(tags.includes(`v${version}`) ? [`the tag v${version} exists`] : []),
    ...(hasEntries(unreleased) ? [] : ["CHANGELOG.md has no entry below '## Unreleased'"]),
  ];
}
