import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as ts from 'typescript';
import { lazyIndex } from '../../projenrc/lazy-index';

const ROOT = resolve(__dirname, '../..');

/** A project of its own in a temporary folder. */
export interface Project {
  readonly directory: string;
  remove(): void;
}

/**
 * Compiles the library and the benchmark's app to JavaScript, as users have them: a compiler that works along would
 * take time and memory in what is measured. Packages are linked into the project, with the newest aws-cdk-lib under its
 * usual name, as cdk-nag does not work with the oldest one. `@aws-cdk` holds what the package manager may place beside
 * aws-cdk-lib rather than within it.
 */
export function compiledProject(): Project {
  const directory = mkdtempSync(join(tmpdir(), 'bench-synth-'));
  const modules = join(directory, 'node_modules');
  mkdirSync(modules);
  const links = {
    'aws-cdk-lib': 'aws-cdk-lib-latest',
    '@aws-cdk': '@aws-cdk',
    constructs: 'constructs',
    'cdk-nag': 'cdk-nag',
    yaml: 'yaml',
  };
  for (const [name, target] of Object.entries(links)) {
    symlinkSync(join(ROOT, 'node_modules', target), join(modules, name));
  }
  compile(join(ROOT, 'src'), join(modules, 'cdk-cross-account-eventbridge'));
  compile(join(ROOT, 'bench/synth'), join(directory, 'bench'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

function compile(from: string, to: string): void {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { target, esModuleInterop } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT).options;
  for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))) {
    const output = join(to, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(output), { recursive: true });
    const { outputText } = ts.transpileModule(readFileSync(join(from, file), 'utf8'), {
      compilerOptions: { target, esModuleInterop, module: ts.ModuleKind.CommonJS },
    });
    writeFileSync(output, file === 'index.ts' ? lazyIndex(outputText) : outputText);
  }
}
