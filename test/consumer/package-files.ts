import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT, filesIn } from '../support/repository';

/** The documents for users. Those for contributors are in the repository only. */
const DOCUMENTS = [
  'across-repositories.md',
  'check-command.schema.json',
  'checks.md',
  'command.md',
  'compared-with-aws-cdk-lib.md',
  'diff-command.schema.json',
  'event-checks.schema.json',
  'event-topology.md',
  'event-topology.schema.json',
  'explain-command.schema.json',
  'limits.md',
  'renaming-and-adopting.md',
  'testing-your-app.md',
];

const EXAMPLES = [
  'delivery-pipeline',
  'event-backbone',
  'event-backbone-by-arn',
  'existing-buses',
  'forward-to-any-target',
  'member-accounts',
  'order-to-invoice',
  'order-to-invoice-by-arn',
  'queue-topic-stream-api',
  'subscriber-rules',
];

/** What documents of the package link to, and only the repository has. */
const IN_REPOSITORY = new RegExp(
  `^(${[
    'CONTRIBUTING\\.md',
    'docs/(decisions|pictures|adding-a-check\\.md|testing\\.md|benchmarks\\.md)\\b.*',
    'examples/(python|java|go)\\b.*',
  ].join('|')})$`,
);

/** Every file that the package has to have. It must have no other. */
export function expectedFiles(): string[] {
  return [
    ...['.jsii', 'API.md', 'CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'SECURITY.md', 'package.json'],
    ...DOCUMENTS.map((name) => `docs/${name}`),
    'examples/typescript/README.md',
    ...EXAMPLES.flatMap((name) => filesIn(`examples/typescript/${name}`, EXAMPLE_FILE)).filter(isForUsers),
    ...filesIn('src', /\.ts$/)
      .filter((file) => !file.startsWith('src/cli/'))
      .map((file) => file.replace(/^src\/(.*)\.ts$/, 'lib/$1'))
      .flatMap((file) => [`${file}.js`, `${file}.d.ts`]),
    ...['cdk-cross-account-eventbridge.js', 'LICENSE-yaml'].map((name) => `lib/bin/${name}`),
    ...['topology-page.html', 'LICENSE-wasm-graphviz', 'NOTICE'].map((name) => `lib/page/${name}`),
  ].sort();
}

const EXAMPLE_FILE = /\.(ts|md|sh|event-topology\.json)$/;
const isForUsers = (file: string) => !/(\/(cdk\.out|node_modules)\/|\.d\.ts$)/.test(file);

/** The files of an installed package, without those of its own packages. */
export function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(directory, file)).isFile())
    .sort();
}

/** Throws an error with the differences between what the package has and what it has to have. */
export function compareFiles(actual: readonly string[]): void {
  const expected = expectedFiles();
  const missing = expected.filter((file) => !actual.includes(file)).map((file) => `missing: ${file}`);
  const unexpected = actual.filter((file) => !expected.includes(file)).map((file) => `not expected: ${file}`);
  const differences = [...missing, ...unexpected];
  if (differences.length > 0) throw new Error(`\n  ${differences.join('\n  ')}`);
}

/** The links between the documents of a package that lead to no file of it, and to none that the repository has. */
export function brokenLinks(directory: string, files: readonly string[]): string[] {
  return files
    .filter((file) => file.endsWith('.md') && file !== 'API.md')
    .flatMap((file) =>
      [...readFileSync(join(directory, file), 'utf8').matchAll(LINK)]
        .map(([, inline, reference]) => relative(directory, join(directory, dirname(file), inline ?? reference)))
        .filter((target) => !existsSync(join(directory, target)))
        .filter((target) => !(IN_REPOSITORY.test(target) && existsSync(join(ROOT, target))))
        .map((target) => `${file} links to ${target}`),
    );
}

/** A relative link, inline or as a reference, without its anchor. */
const LINK = /\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)|^\[[^\]]+\]: (?![a-z]+:|#)([^#\s]+)/gm;
