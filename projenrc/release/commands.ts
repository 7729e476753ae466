import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isGreater } from './version';

export const ROOT = resolve(__dirname, '../..');

export function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Runs a command with its output on the terminal. */
export function run(command: string, args: string[], cwd = ROOT): void {
  execFileSync(command, args, { cwd, stdio: 'inherit' });
}

/** A program of the dependencies. `npx` is not used, because within `npm run` it ignores the folder it is called in. */
export function program(name: string): string {
  return join(ROOT, 'node_modules/.bin', name);
}

/** The output of git. */
export function git(args: string[], input = ''): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', input }).trim();
}

/** The version of the last release: that of the greatest tag `vMAJOR.MINOR.PATCH` that HEAD contains. */
export function lastRelease(): string | undefined {
  const versions = git(['tag', '--merged', 'HEAD', '--list', 'v*'])
    .split('\n')
    .filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag))
    .map((tag) => tag.slice(1));
  return versions.reduce<string | undefined>(
    (last, v) => (last === undefined || isGreater(v, last) ? v : last),
    undefined,
  );
}

/** Runs a script, whose errors are messages for its user. */
export function main(script: () => void): void {
  try {
    script();
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
