import { spawnSync } from 'node:child_process';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: { readonly [name: string]: string };
}

/** Runs a program. Throws if it fails, with its output. */
export function runCommand(program: string, args: readonly string[], { cwd, env }: CommandOptions): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, {
    ...{ cwd, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
    env: { ...process.env, ...env },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`'${program} ${args.join(' ')}' failed in ${cwd}\n${stdout}${stderr}`);
  return stdout;
}
