const UNRELEASED = /^## Unreleased\n([^]*?)(?=^## |(?![^]))/m;

/** What is below the heading `## Unreleased`. */
export function unreleasedSection(changelog: string): string {
  const match = UNRELEASED.exec(changelog);
  if (match === null) throw new Error("CHANGELOG.md must have a section '## Unreleased'");
  return match[1].trim();
}

/** The changelog with the section of a new release, below an empty `## Unreleased`. */
export function withRelease(changelog: string, version: string, date: string): string {
  const section = unreleasedSection(changelog);
  // A function, because `$` in the text has no meaning then.
  return (
    changelog.replace(UNRELEASED, () => `## Unreleased\n\n## ${version} (${date})\n\n${section}\n\n`).trimEnd() + '\n'
  );
}

export function hasEntries(section: string): boolean {
  return /^- /m.test(section);
}

export function hasBreakingLine(section: string): boolean {
  return /^- \*\*Breaking:\*\*/m.test(section);
}
