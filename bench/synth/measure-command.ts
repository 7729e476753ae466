/**
 * Runs the command once on the cloud assemblies in a directory, in a process of its own, and prints what that took:
 * `node measure-command.js DIRECTORY`. All is counted that comes after the start of Node.js, also loading the command.
 */
import { deepStrictEqual, strictEqual } from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOfEvents } from './event-types';
import type { Measurement } from './measure';

/** The command, which is not part of the library's API. */
interface Command {
  run(args: string[], output: { out: (text: string) => void; err: (text: string) => void }): number;
}

async function measureCommand(assemblies: string[]): Promise<Omit<Measurement, 'resources' | 'eventResources'>> {
  const [cpu, wall] = [process.cpuUsage(), process.hrtime.bigint()];
  // Loaded here, for the time to count. The path is not known to the compiler, as users do not import it.
  const path = 'cdk-cross-account-eventbridge/cli/main';
  const { run } = (await import(path)) as Command;
  let [output, errors] = ['', ''];
  const status = run(['check', ...assemblies], { out: (text) => (output += text), err: (text) => (errors += text) });
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = Number(process.hrtime.bigint() - wall) / 1e6;
  const memory = process.resourceUsage().maxRSS / 1024;
  deepStrictEqual([status, errors], [0, '']);
  strictEqual(output, `0 errors, 0 warnings in ${assemblies.length} apps\n`);
  return { cpuMs: (user + system) / 1000, checksMs: 0, wallMs, memory, findings: 0 };
}

/** The types of all resources. */
function typesIn(assembly: string): string[] {
  const [file] = readdirSync(assembly).filter((name) => name.endsWith('.template.json'));
  const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8')) as {
    Resources: { [id: string]: { Type: string } };
  };
  return Object.values(Resources).map(({ Type }) => Type);
}

async function main(directory: string): Promise<void> {
  const assemblies = readdirSync(directory).map((name) => join(directory, name, 'cdk.out'));
  const measured = await measureCommand(assemblies);
  const types = assemblies.flatMap(typesIn);
  const counted = { resources: types.length, eventResources: types.filter(isOfEvents).length };
  console.log(JSON.stringify({ ...measured, ...counted }));
}

if (require.main === module) void main(process.argv[2]);
