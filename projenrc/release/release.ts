import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unreleasedSection, withRelease } from './changelog';
import { ROOT, git, lastRelease, main, program, read, run } from './commands';
import { compareWithLastRelease } from './compare';
import { obstacles } from './requirements';

const USAGE = `npm run release -- VERSION [--dry-run] [--skip-ci]
  --dry-run  print each step, and do none
  --skip-ci  do not run .ci/run: for a checkout where it passed just now`;
const OPTIONS = ['--dry-run', '--skip-ci'];
const CHANGED = ['.projenrc.ts', 'package.json', 'package-lock.json', 'CHANGELOG.md'];

type Step = readonly [title: string, run: () => void];

/** Prepares a release in this checkout: packages, commit and tag. Publishes and pushes nothing. */
function release(args: string[]): void {
  const [versions, options] = [args.filter((a) => !a.startsWith('--')), args.filter((a) => a.startsWith('--'))];
  if (versions.length !== 1 || options.some((option) => !OPTIONS.includes(option))) throw new Error(USAGE);
  const [version] = versions;
  checkCheckout(version);
  for (const [title, perform] of stepsOf(version, options.includes('--skip-ci'))) {
    console.log(`- ${title}`);
    if (!options.includes('--dry-run')) perform();
  }
}

function checkCheckout(version: string): void {
  const found = obstacles(version, {
    branch: git(['branch', '--show-current']),
    status: git(['status', '--porcelain']),
    last: lastRelease(),
    tags: git(['tag', '--list']).split('\n'),
    unreleased: unreleasedSection(read('CHANGELOG.md')),
  });
  if (found.length > 0) throw new Error(found.join('\n'));
}

function stepsOf(version: string, skipsCi: boolean): Step[] {
  const date = new Date().toISOString().slice(0, 10);
  const section = unreleasedSection(read('CHANGELOG.md'));
  const ci: Step = ['run .ci/run', () => run('bash', ['.ci/run'])];
  return [
    ['compare with the last release', () => compareWithLastRelease(version)],
    ...(skipsCi ? [] : [ci]),
    [`write version ${version} and its section of the changelog, and pack it into dist`, () => build(version, date)],
    [`commit 'chore(release): ${version}'`, () => commit(version)],
    [`tag v${version}, with its section of the changelog`, () => tag(version, `${version} (${date})\n\n${section}`)],
  ];
}

/** Undoes the changes of its files if the build fails, or if it generates files that are not committed. */
function build(version: string, date: string): void {
  try {
    setVersion(version);
    writeFileSync(join(ROOT, 'CHANGELOG.md'), withRelease(read('CHANGELOG.md'), version, date));
    // What an earlier build left in these folders must not be packed.
    ['lib', 'dist'].forEach((folder) => rmSync(join(ROOT, folder), { recursive: true, force: true }));
    ['compile', 'post-compile', 'package'].forEach((task) => run(program('projen'), [task]));
    const generated = git(['status', '--porcelain', '--', '.', ...CHANGED.map((file) => `:!${file}`)]);
    if (generated !== '') throw new Error(`commit these generated files first:\n${generated}`);
  } catch (error) {
    git(['checkout', '--', ...CHANGED]);
    throw error;
  }
}

function setVersion(version: string): void {
  const projenrc = read('.projenrc.ts').replace(/addVersion\('[^']*'\)/, `addVersion('${version}')`);
  if (!projenrc.includes(`addVersion('${version}')`)) throw new Error('.projenrc.ts must call addVersion()');
  writeFileSync(join(ROOT, '.projenrc.ts'), projenrc);
  run('npm', ['version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts']);
}

function commit(version: string): void {
  git(['add', ...CHANGED]);
  git(['commit', '--message', `chore(release): ${version}`]);
}

function tag(version: string, message: string): void {
  // The default would remove the headings, which begin with '#'.
  git(['tag', '--annotate', `v${version}`, '--file', '-', '--cleanup', 'whitespace'], message);
}

main(() => release(process.argv.slice(2)));
