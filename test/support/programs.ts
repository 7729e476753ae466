import { spawnSync } from 'node:child_process';

export interface Environment {
  readonly [name: string]: string | undefined;
}

/** What a program printed, and its exit status. */
export interface Result {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
  readonly all: string;
}

/** Runs a program to its end. It has no other environment variables than those given. */
export function run(command: readonly string[], cwd: string, env: Environment = process.env): Result {
  const [program, ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 1e9 });
  if (error) throw error;
  return { status, out: stdout, err: stderr, all: stdout + stderr };
}

/** Runs a program that must succeed. */
export function mustRun(command: readonly string[], cwd: string, env?: Environment): Result {
  const result = run(command, cwd, env);
  if (result.status !== 0) throw new Error(failureOf(command, result));
  return result;
}

/** The words for a program that failed, and the end of what it printed. */
export function failureOf(command: readonly string[], { status, all }: Pick<Result, 'status' | 'all'>): string {
  return `'${command.join(' ')}' has exit status ${status}:\n${all.slice(-3000)}`;
}
