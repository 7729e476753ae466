import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ROOT } from '../support/repository';

export interface Environment {
  readonly [name: string]: string;
}

/** What a program printed, and its exit status. */
export interface Result {
  readonly status: number | null;
  readonly out: string;
  readonly all: string;
}

/** All temporary files: those of the emulator, and the apps. */
export const DIRECTORY = mkdtempSync(join(tmpdir(), 'e2e-'));

export function removeDirectory(): void {
  rmSync(DIRECTORY, { recursive: true, force: true });
}

/**
 * The environment of all programs: no configuration or credentials of this machine, no telemetry, and no network other
 * than the loopback interface.
 */
export const BASE: Environment = {
  ...kept('PATH', 'LANG', 'LC_ALL'),
  HOME: DIRECTORY,
  TMPDIR: DIRECTORY,
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '20',
  NODE_NO_WARNINGS: '1',
};

function kept(...names: string[]): Environment {
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Runs a program to its end. */
export function run(command: readonly string[], env: Environment = BASE, cwd = ROOT): Result {
  const [program, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 1e9 });
  if (error) throw error;
  return { status, out: stdout, all: stdout + stderr };
}

/** Runs a program that must succeed. */
export function mustRun(command: readonly string[], env: Environment = BASE, cwd = ROOT): Result {
  const result = run(command, env, cwd);
  if (result.status !== 0) throw new Error(failure(command, result));
  return result;
}

/** Runs programs at the same time, all of which must succeed. */
export async function mustRunAll(commands: readonly (readonly [readonly string[], Environment])[]): Promise<void> {
  const results = await Promise.all(commands.map(([command, env]) => runBeside(command, env)));
  const failures = results.flatMap((result, i) => (result.status === 0 ? [] : [failure(commands[i][0], result)]));
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

function runBeside([program, ...args]: readonly string[], env: Environment): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let all = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (all += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, out: all, all }));
  });
}

function failure(command: readonly string[], { status, all }: Result): string {
  return `'${command.join(' ')}' has exit status ${status}:\n${all.slice(-3000)}`;
}

/** Calls a function again until it returns something else than undefined. */
export async function waitFor<T>(what: string, tryOnce: () => Promise<T | undefined>, seconds = 30): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await tryOnce();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error(`no ${what} within ${seconds} s`);
    await setTimeout(300);
  }
}
