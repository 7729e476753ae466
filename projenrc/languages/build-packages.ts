import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Language } from './toolchains';
import { runCommand } from '../run-command';

/** The folder of this repository. */
export const ROOT = join(__dirname, '../..');

const DIST = join(ROOT, 'dist');

/**
 * The oldest aws-cdk-lib that compiles in Go with the `constructs` of this library: older modules of the CDK were
 * generated without its method `With`.
 */
const OLDEST_CDK_FOR_GO = 'v2.240.0';

/** Builds the package of a language from the compiled library, and replaces the one in `dist`. */
export function buildPackage(language: Language): void {
  for (const file of ['.jsii', '.jsii.tabl.json']) {
    if (existsSync(join(ROOT, file))) continue;
    throw new Error(`there is no ${file}: run 'npx projen compile' and 'npx projen post-compile' first`);
  }
  rmSync(join(DIST, language), { recursive: true, force: true });
  BUILDS[language]();
}

const BUILDS: { readonly [language in Language]: () => void } = {
  python: () => generate('python', DIST, []),
  java: buildJava,
  go: buildGo,
  dotnet: () => generate('dotnet', DIST, ['--code-only']),
};

/** Generates sources, with the samples of the README and the doc comments in the language, and builds them. */
function generate(language: Language, outdir: string, options: readonly string[]): void {
  // A sample that is not translated would be TypeScript in the documentation. Go repeats the static methods of the CDK
  // with their samples, which are not in the tablet of this library: they are translated then.
  const unknown = language === 'go' ? 'translate' : 'fail';
  const pacmak = ['--target', language, '--outdir', outdir, '--rosetta-unknown-snippets', unknown];
  runCommand('npx', ['jsii-pacmak', ...pacmak, ...options], { cwd: ROOT });
}

/**
 * Writes a Maven repository to `dist/java`. The generated pom depends on ranges of versions, and Maven would compile
 * with the newest ones of the day: here it compiles with the oldest ones. The repository has the generated pom.
 */
function buildJava(): void {
  const outdir = join(DIST, 'build');
  const sources = join(outdir, 'java');
  rmSync(sources, { recursive: true, force: true });
  generate('java', outdir, ['--code-only']);
  const pom = readFileSync(join(sources, 'pom.xml'), 'utf8');
  writeFileSync(join(sources, 'pom.pinned.xml'), pinRanges(pom));
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const maven = (args: readonly string[]) => runCommand('mvn', ['-B', '-q', ...args], { cwd: sources });
  maven(['-f', 'pom.pinned.xml', 'package']);
  const jar = `target/${name}-${version}`;
  maven([
    'org.apache.maven.plugins:maven-deploy-plugin:3.1.2:deploy-file',
    '-DpomFile=pom.xml',
    `-Dfile=${jar}.jar`,
    `-Dsources=${jar}-sources.jar`,
    `-Djavadoc=${jar}-javadoc.jar`,
    '-DrepositoryId=local-packages',
    `-Durl=file://${join(DIST, 'java')}`,
  ]);
}

/** A pom with the lowest version of each range. */
export function pinRanges(pom: string): string {
  return pom.replace(/<version>\[([^,\]]+)[,\]][^<]*<\/version>/g, '<version>$1</version>');
}

/** Writes the Go module to `dist/go`, and compiles it with the checksums of the example. */
function buildGo(): void {
  generate('go', DIST, ['--code-only']);
  const module = join(DIST, 'go/crossaccounteventbridge');
  runCommand('go', ['mod', 'edit', `-require=github.com/aws/aws-cdk-go/awscdk/v2@${OLDEST_CDK_FOR_GO}`], {
    cwd: module,
  });
  const build = join(DIST, 'build/go');
  rmSync(build, { recursive: true, force: true });
  mkdirSync(build, { recursive: true });
  // The example is a module of its own that uses the package: its go.mod and go.sum pin every module.
  const example = join(ROOT, 'examples/go/order-to-invoice');
  for (const file of ['go.mod', 'go.sum']) cpSync(join(example, file), join(build, file));
  const pinned = readFileSync(join(build, 'go.mod'), 'utf8');
  writeFileSync(join(build, 'go.mod'), pinned.replace(/=> \S+/, `=> ${relative(build, module)}`));
  const packages = 'github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge-go/...';
  runCommand('go', ['build', '-mod=readonly', packages], { cwd: build });
}
