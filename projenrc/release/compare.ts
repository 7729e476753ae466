import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unreleasedSection } from './changelog';
import { ROOT, git, lastRelease, program, read, run } from './commands';
import { Changes, missingFor } from './requirements';
import { changesIn, readNames } from '../../test/pinned/pinned-names';

/** Throws an error if a version must not have the changes since the last release. */
export function compareWithLastRelease(version: string): void {
  const last = lastRelease();
  if (last === undefined) return console.log('no release yet: nothing to compare with');
  const changes = changesSince(last);
  changes.changedNames.forEach((line) => console.error(`changed or removed name: ${line}`));
  const missing = missingFor(version, unreleasedSection(read('CHANGELOG.md')), changes);
  if (missing.length > 0) throw new Error(missing.join('\n'));
  console.log(`version ${version} can have the changes since ${last}`);
}

function changesSince(last: string): Changes {
  const tag = `v${last}`;
  return { last, isApiBroken: inWorktree(tag, isApiBrokenSince), changedNames: changedNamesSince(tag) };
}

/** Checks a tag out into a temporary folder, which has the dependencies of this checkout. */
function inWorktree<T>(tag: string, use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'last-release-'));
  const modules = join(directory, 'node_modules');
  git(['worktree', 'add', '--detach', directory, tag]);
  try {
    symlinkSync(join(ROOT, 'node_modules'), modules);
    return use(directory);
  } finally {
    rmSync(modules, { force: true });
    git(['worktree', 'remove', '--force', directory]);
  }
}

function isApiBrokenSince(directory: string): boolean {
  [directory, ROOT].forEach((cwd) => run(program('projen'), ['compile'], cwd));
  const options = ['--error-on', 'all', '--keys', '--ignore-file', '.compatignore'];
  const { status } = spawnSync(program('jsii-diff'), [directory, ROOT, ...options], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0 && status !== 1) throw new Error(`jsii-diff failed with status ${status}`);
  return status === 1;
}

function changedNamesSince(tag: string): string[] {
  const now = readNames();
  const before = readNames(git(['show', `${tag}:test/pinned/names.txt`]));
  return [...before].flatMap(([app, names]) => changesIn(names, now.get(app)?.lines ?? []));
}
