import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';

/**
 * The delivery oracle: a program that evaluates a cloud assembly: who can put events on which bus, and what is
 * delivered. It is not part of this repository: set DELIVERY_ORACLE to its folder. Without it, its tests are skipped.
 */
export const ORACLE = join(
  resolve(process.env.DELIVERY_ORACLE ?? join(__dirname, '../../../shared/oracle')),
  'oracle.mjs',
);
export const hasOracle = existsSync(ORACLE);

/** A `describe` that is skipped, loudly, where there is no oracle. */
export function describeWithOracle(name: string, tests: () => void): void {
  if (!hasOracle) printSkipped(name);
  (hasOracle ? describe : describe.skip)(name, tests);
}

export function printSkipped(name: string): void {
  process.stderr.write(`SKIPPED without the delivery oracle (set DELIVERY_ORACLE, see CONTRIBUTING.md): ${name}\n`);
}

/** Synthesizes apps, which are evaluated together, and fails if the oracle has another answer to a question. */
export function expectAnswers(apps: App | App[], questions: unknown): void {
  const assemblies = [apps].flat().map((app) => app.synth().directory);
  const file = join(mkdtempSync(join(tmpdir(), 'questions-')), 'questions.json');
  writeFileSync(file, JSON.stringify(questions));
  const { stdout, stderr, status, error } = spawnSync(process.execPath, [ORACLE, ...assemblies, file], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status !== 0) {
    throw new Error(
      `the delivery oracle disagrees:\n${stdout
        .split('\n')
        .filter((l) => !l.startsWith('ok'))
        .join('\n')}${stderr}`,
    );
  }
  expect(stdout).toMatch(/[1-9]\d* passed, 0 failed/);
}

/** Asks about many apps at once, each evaluated alone. Returns the answers that are not as expected. */
export function disagreements(asked: { name: string; app: App; questions: object[] }[]): string[] {
  const file = join(mkdtempSync(join(tmpdir(), 'questions-')), 'asked.json');
  writeFileSync(
    file,
    JSON.stringify(asked.map(({ name, app, questions }) => ({ name, questions, assembly: app.synth().directory }))),
  );
  const program = `
    const { ask } = await import(${JSON.stringify(ORACLE)});
    const { readFileSync } = await import('node:fs');
    for (const { name, assembly, questions } of JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'))) {
      const { results, problems } = await ask([assembly], { questions });
      const failure = (r) => \`\${name}: \${r.name}: \${r.answer} (\${r.reason}) \${problems.join()}\`;
      for (const r of results) console.log(r.ok ? 'ok' : failure(r));
    }`;
  const { stdout, stderr, status, error } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`the delivery oracle failed:\n${stdout}${stderr}`);
  const lines = stdout.trim().split('\n');
  if (lines.length < asked.length) throw new Error(`the delivery oracle answered ${lines.length} questions only`);
  return lines.filter((line) => line !== 'ok');
}

/** A request, decided by the IAM engine that the oracle uses; undefined where it takes no such policy. */
export interface Evaluation {
  /** A service with the resource that it calls for, or a role, which a rule may use. */
  readonly caller:
    | { readonly service: string; readonly sourceArn: string }
    | { readonly role: string; readonly account: string; readonly identityStatements: unknown[] };
  readonly organization?: { readonly id: string; readonly path: string };
  readonly action: string;
  readonly resource: string;
  readonly account: string;
  readonly statements: unknown[];
  /** Condition keys besides those of the caller. */
  readonly context: { readonly [key: string]: string | string[] };
}

/** Whether each request is allowed. The oracle determines the condition keys of the principal. */
export function evaluated(evaluations: Evaluation[]): (boolean | undefined)[] {
  const file = join(mkdtempSync(join(tmpdir(), 'evaluations-')), 'asked.json');
  writeFileSync(file, JSON.stringify(evaluations));
  const program = `
    const { simulate } = await import(${JSON.stringify(join(dirname(ORACLE), 'simulate.mjs'))});
    const { roleCaller, serviceCaller } = await import(${JSON.stringify(join(dirname(ORACLE), 'callers.mjs'))});
    const { readFileSync } = await import('node:fs');
    const answers = [];
    for (const { caller, organization, ...asked } of JSON.parse(readFileSync(${JSON.stringify(file)}, 'utf8'))) {
      const { account, identityStatements, role, sourceArn } = caller;
      const owner = account ?? sourceArn.split(':')[4];
      const organizations = organization
        ? { [owner]: { orgId: organization.id, orgPaths: [organization.path] } }
        : {};
      const policies = [{ name: 'own', policy: { Version: '2012-10-17', Statement: identityStatements } }];
      const arn = 'arn:aws:iam::' + account + ':role/' + role;
      const by = role
        ? roleCaller({ account, name: role, partition: 'aws', arn, policies }, organizations)
        : serviceCaller(caller, organizations);
      answers.push(await simulate({ ...asked, caller: by }).then(({ allowed }) => allowed, () => null));
    }
    console.log(JSON.stringify(answers));`;
  const { stdout, stderr, status, error } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`the delivery oracle failed:\n${stderr}`);
  return (JSON.parse(stdout) as (boolean | null)[]).map((allowed) => allowed ?? undefined);
}
