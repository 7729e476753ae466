import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Machine, Project } from './machine';
import { Checklist, Skipped } from '../support/checklist';
import { run } from '../support/programs';

/** The newest TypeScript, whose compiler is another program than that of this repository. */
const TYPESCRIPT = '7.0.2';

/** Installs TypeScript 7. Throws an error if the registry does not have it for this machine. */
export function installTypeScript(machine: Machine): string {
  const directory = join(machine.directory, 'typescript');
  mkdirSync(directory);
  writeFileSync(join(directory, 'package.json'), '{ "private": true }');
  const result = run(
    ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', `typescript@${TYPESCRIPT}`],
    directory,
  );
  const compiler = join(directory, 'node_modules/.bin/tsc');
  if (result.status !== 0 || !existsSync(compiler)) {
    throw new Skipped(`typescript@${TYPESCRIPT} CANNOT BE INSTALLED, SO IT IS NOT TESTED: ${result.err.slice(0, 500)}`);
  }
  return compiler;
}

/** The declarations of the package in the compiler of a consumer, who checks those of libraries too. */
export function checkTypes(list: Checklist, release: string, project: Project, compiler: string): void {
  const typescript = run([compiler, '--version'], project.directory).out.trim().replace('Version', 'TypeScript');
  const compilerOptions = { strict: true, skipLibCheck: false, target: 'es2022', module: 'nodenext', types: ['node'] };

  const title = `aws-cdk-lib ${release}: an app and the examples compile with ${typescript}, and types of libraries`;
  list.check(title, () => {
    const include = ['typed-app.ts', 'examples/**/*.ts'];
    writeFileSync(project.path('tsconfig.json'), JSON.stringify({ compilerOptions, include }));
    const result = project.run([compiler, '--project', 'tsconfig.json']);
    assert.equal(result.status, 0, result.all);
  });

  list.check(`aws-cdk-lib ${release}: the examples of the package synthesize`, () => {
    const result = project.run(['node', 'synth-examples.js', 'examples', 'examples.out']);
    assert.equal(result.status, 0, result.all);
  });
}
