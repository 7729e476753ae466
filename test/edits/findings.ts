import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { World } from './world';
import { CrossAccountEventChecks } from '../../src';
import { run } from '../../src/cli/main';

export interface Found {
  /** `error publisherAccessDenied` */
  readonly what: string;
  readonly fingerprint?: string;
  readonly at: string;
  readonly text: string;
}

const MESSAGE = /\[(?:ack: )?cdk-cross-account-eventbridge:(\w+)(?::([0-9a-f]{6}))?\]\s*$/;

export type Contents = { [app: string]: any };

export interface Synthesis {
  readonly found: Found[];
  readonly directory: string;
}

/** Synthesizes an app that knows others by these paths. */
export function synthesize(
  world: World,
  name: string,
  content: any,
  otherApps: string[] | undefined,
  outdir?: string,
): Synthesis {
  const directory = outdir ?? join(mkdtempSync(join(tmpdir(), 'out-')), name, 'cdk.out');
  const app = new App({
    outdir: directory,
    analyticsReporting: false,
    context: { '@aws-cdk/core:validateAgainstDefaultRules': false },
  });
  world.apps[name].define(app, structuredClone(content));
  CrossAccountEventChecks.applyTo(app, { ...world.options, topology: true, ...(otherApps && { otherApps }) });
  const stacks = app.node.findAll().filter((c): c is Stack => Stack.isStack(c) && c.nestedStackParent === undefined);
  const assembly = app.synth();
  const found = stacks.flatMap((stack) => {
    const artifact = assembly.stacksRecursively.find((a) => a.id === stack.artifactId)!;
    return artifact.messages
      .filter(({ level }) => level !== 'info')
      .map(({ level, id, entry }) => {
        const text = String(entry.data);
        const match = MESSAGE.exec(text);
        return { what: `${level} ${match?.[1] ?? 'another'}`, fingerprint: match?.[2], at: id, text };
      });
  });
  return { found, directory };
}

/** Runs the command. */
export function check(
  paths: string[],
  options: { [option: string]: any } = {},
): { status: number; found: Found[]; err: string } {
  let [out, err] = ['', ''];
  const args = [
    ...(options.trustedOrganizations ?? []).map((o: string) => `--trusted-organization=${o}`),
    ...(options.trustedAccounts ?? []).map((o: string) => `--trusted-account=${o}`),
  ];
  const status = run(['check', '--json', ...paths, ...args], { out: (t) => (out += t), err: (t) => (err += t) });
  if (status > 1) return { status, found: [], err };
  const { findings } = JSON.parse(out) as { findings: any[] };
  return {
    status,
    err,
    found: findings.map((f) => ({
      what: `${f.level} ${f.id.split(':')[1]}`,
      fingerprint: f.fingerprint,
      at: `${f.app}: ${f.path}`,
      text: [f.problem, f.reason, f.fix].filter(Boolean).join(' | '),
    })),
  };
}

/** The exit status of the command `diff`. */
export function diff(args: string[]): number {
  return run(['diff', ...args], { out: () => undefined, err: () => undefined });
}
