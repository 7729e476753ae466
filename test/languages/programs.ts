import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language } from '../../projenrc/languages/toolchains';
import { runCommand } from '../../projenrc/run-command';

const ROOT = join(__dirname, '../..');

/** Everything that the programs write. It is not committed. */
export const OUTPUT = join(ROOT, 'dist/test');

/** A language whose programs are run: the sources alone are generated for .NET. */
export type ProgramLanguage = Exclude<Language, 'dotnet'>;

/** The folder of the example in a language, as users copy it. */
export function exampleIn(language: ProgramLanguage | 'typescript'): string {
  return join(ROOT, 'examples', language, 'order-to-invoice');
}

/** Installs what the programs of a language need, as the README of the example describes it. */
export function install(language: ProgramLanguage): void {
  if (language === 'python') {
    const environment = join(OUTPUT, 'python/environment');
    rmSync(environment, { recursive: true, force: true });
    mkdirSync(join(OUTPUT, 'python'), { recursive: true });
    runCommand('python3', ['-m', 'venv', environment], { cwd: ROOT });
    const pip = join(environment, 'bin/pip');
    runCommand(pip, ['install', '-q', '--no-input', '-r', 'requirements.txt'], { cwd: exampleIn('python') });
  }
  // Maven does not read a package again that it has with the same version.
  if (language === 'java') {
    const purge = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:purge-local-repository';
    const options = ['-DactTransitively=false', '-DreResolve=false'];
    const ours = '-DmanualInclude=io.github.cdkcrossaccounteventbridge:cdk-cross-account-eventbridge';
    runCommand('mvn', ['-B', '-q', purge, ours, ...options], { cwd: exampleIn('java') });
  }
}

/** Parses the samples in the documentation of the package in Python. */
export function checkSamples(): string {
  return runCommand(PYTHON, [join(ROOT, 'test/languages/check_samples.py')], { cwd: OUTPUT });
}

const PYTHON = join(OUTPUT, 'python/environment/bin/python');

const COMMANDS: { readonly [language in ProgramLanguage]: readonly [string, ...string[]] } = {
  python: [PYTHON, 'app.py'],
  java: ['mvn', '-B', '-q', 'compile', 'exec:java'],
  go: ['go', 'run', '-mod=readonly', '.'],
};

/** Synthesizes the app in a folder. Returns the folder of its cloud assembly. */
export function synthesize(language: ProgramLanguage, folder: string, name: string): string {
  const outdir = join(OUTPUT, language, name);
  rmSync(outdir, { recursive: true, force: true });
  const [program, ...args] = COMMANDS[language];
  runCommand(program, args, { cwd: folder, env: { CDK_OUTDIR: outdir } });
  return outdir;
}

/** Synthesizes the example in TypeScript, with which the others are compared. */
export function synthesizeTypeScript(): string {
  const outdir = join(OUTPUT, 'typescript');
  rmSync(outdir, { recursive: true, force: true });
  const options = ['-T', '--project', 'tsconfig.dev.json', '-r', 'tsconfig-paths/register'];
  const main = join(exampleIn('typescript'), 'main.ts');
  runCommand('npx', ['ts-node', ...options, main], { cwd: ROOT, env: { CDK_OUTDIR: outdir } });
  return outdir;
}

/** Copies the project of the example to a folder, with another program. Returns the folder. */
export function projectWith(language: ProgramLanguage, name: string, program: string): string {
  const folder = join(OUTPUT, 'programs', language, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const read = (file: string) => readFileSync(join(exampleIn(language), file), 'utf8');
  if (language === 'python') write('app.py', program);
  if (language === 'java') {
    const sources = 'src/main/java/example';
    mkdirSync(join(folder, sources), { recursive: true });
    const repository = `<url>file://${join(ROOT, 'dist/java')}</url>`;
    write('pom.xml', read('pom.xml').replace(/<url>.*<\/url>/, repository));
    write(`${sources}/OrderToInvoiceApp.java`, program);
  }
  if (language === 'go') {
    write('go.mod', read('go.mod').replace(/=> \S+/, `=> ${join(ROOT, 'dist/go/crossaccounteventbridge')}`));
    write('go.sum', read('go.sum'));
    write('main.go', program);
  }
  const contracts = join(folder, 'contracts');
  const topology = 'examples/typescript/order-to-invoice-by-arn/contracts/central-bus.event-topology.json';
  cpSync(join(ROOT, topology), join(contracts, 'hub.event-topology.json'));
  return folder;
}
