import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, AppProps } from 'aws-cdk-lib';
import { testApp } from './apps';
import { run } from '../../src/cli/main';

/** What the command printed, and its exit status. */
export interface CommandResult {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command, from its sources. */
export function command(...args: string[]): CommandResult {
  let [out, err] = ['', ''];
  const status = run(args, { out: (text) => (out += text), err: (text) => (err += text) });
  return { status, out, err };
}

/** A directory without files. */
export function emptyDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'check-command-'));
}

/** Writes a file: text as it is, anything else as JSON. Returns its path. */
export function write(directory: string, name: string, content: unknown): string {
  const file = join(directory, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

/** An app whose cloud assembly will be in `NAME/cdk.out`. */
export function appIn(directory: string, name: string, props: AppProps = {}): App {
  return testApp({ outdir: join(directory, name, 'cdk.out'), ...props });
}

/** One line for each finding, without the text: `shop error publisherAccessDenied Shop/Publisher`. */
export function findingsOf(out: string): string[] {
  const { findings } = JSON.parse(out) as { findings: { app: string; level: string; id: string; path: string }[] };
  return findings.map(({ app, level, id, path }) => `${app} ${level} ${id.split(':')[1]} ${path}`);
}
