/**
 * What the users of the package get: it is packed, and npm installs it in empty folders outside of the repository, with
 * the oldest and the newest `aws-cdk-lib`. The CLI of the CDK synthesizes the apps there, without a network.
 *
 * `npm run test:consumer`. With `-- --compiled`, the package is what was compiled before. With `-- --keep`, the folders
 * are not removed.
 */
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkApps, checkBesideNag } from './app-checks';
import { checkCli } from './cli-checks';
import { checkCopies } from './copies-checks';
import { Machine, hasNoNetwork } from './machine';
import { brokenLinks, compareFiles, filesOf } from './package-files';
import { checkTypes, installTypeScript } from './type-checks';
import { Checklist } from '../support/checklist';
import { mustRun } from '../support/programs';
import { ROOT } from '../support/repository';

const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const OLDEST = devDependencies['aws-cdk-lib'];
const NEWEST = devDependencies['aws-cdk-lib-latest'].replace('npm:aws-cdk-lib@', '');
/** The newest `constructs`: the oldest is that of this repository. */
const NEWEST_CONSTRUCTS = '10.8.1';
const version = (name: string) => `${name}@${devDependencies[name]}`;

function main(options: string[]): void {
  const start = Date.now();
  const list = new Checklist();
  const machine = new Machine();
  if (!hasNoNetwork) {
    console.log('WARNING: programs cannot run without a network here; a proxy that is not there must do');
  }
  try {
    checkAll(list, machine, options.includes('--compiled'));
  } finally {
    if (options.includes('--keep')) console.log(`The folders are in ${machine.directory}`);
    else machine.remove();
  }
  console.log(`${list.summary} in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  process.exitCode = list.failed ? 1 : 0;
}

function checkAll(list: Checklist, machine: Machine, isCompiled: boolean): void {
  if (!isCompiled) for (const task of ['compile', 'post-compile']) mustRun(['npx', 'projen', task], ROOT);
  const { out } = mustRun(['npm', 'pack', '--silent', '--pack-destination', machine.directory], ROOT);
  const tarball = join(machine.directory, out.trim());

  const newest = list.check(`npm installs the package with aws-cdk-lib ${NEWEST}, cdk-nag and the CDK CLI`, () =>
    machine.install('newest', [
      ...[tarball, `aws-cdk-lib@${NEWEST}`, `constructs@${NEWEST_CONSTRUCTS}`],
      ...[version('aws-cdk'), version('cdk-nag'), version('@types/node')],
    ]),
  );
  const oldest = list.check(`npm installs the package with aws-cdk-lib ${OLDEST}`, () =>
    machine.install('oldest', [tarball, `aws-cdk-lib@${OLDEST}`, version('constructs'), version('@types/node')]),
  );
  if (!newest || !oldest) return;

  const files = filesOf(newest.library());
  list.check('the package has the files that users need, and no others', () => {
    compareFiles(files);
    const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
    const unpacked = files.reduce((sum, file) => sum + statSync(newest.library(file)).size, 0);
    return `${files.length} files, ${kilobytes(statSync(tarball).size)} packed, ${kilobytes(unpacked)} unpacked`;
  });
  list.check('the links between the documents of the package lead to files of it, or of the repository', () =>
    assert.deepEqual(brokenLinks(newest.library(), files), []),
  );

  const releases = [
    [NEWEST, newest],
    [OLDEST, oldest],
  ] as const;
  for (const [release, project] of releases) checkCli(list, release, project);

  const typescript7 = list.check('npm installs TypeScript 7', () => installTypeScript(machine));
  const compiler = typescript7 ?? join(ROOT, 'node_modules/.bin/tsc');
  for (const [release, project] of releases) checkTypes(list, release, project, compiler);
  for (const [release, project] of releases) checkApps(list, release, project);
  checkCopies(list, newest, oldest);
  checkBesideNag(list, newest);
}

main(process.argv.slice(2));
