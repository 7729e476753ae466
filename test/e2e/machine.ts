import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Environment, Result, failureOf } from '../support/programs';
import { ROOT } from '../support/repository';

/** All temporary files: those of the emulator, and the apps. */
export const DIRECTORY = mkdtempSync(join(tmpdir(), 'e2e-'));

export function removeDirectory(): void {
  rmSync(DIRECTORY, { recursive: true, force: true });
}

/**
 * The environment of all programs: no configuration or credentials of this machine, no telemetry, and a proxy that does
 * not exist for all hosts other than the loopback interface.
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

/** Runs programs at the same time, all of which must succeed. */
export async function mustRunAll(commands: readonly (readonly [readonly string[], Environment])[]): Promise<void> {
  const results = await Promise.all(commands.map(([command, env]) => runBeside(command, env)));
  const failures = results.flatMap((result, i) => (result.status === 0 ? [] : [failureOf(commands[i][0], result)]));
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

function runBeside([program, ...args]: readonly string[], env: Environment): Promise<Pick<Result, 'status' | 'all'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let all = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (all += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, all }));
  });
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
