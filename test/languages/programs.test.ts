import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typescriptIn } from './documentation';
import { programWith, snippetsIn } from './snippets';
import { differences, differencesOf } from './templates';
import { pinRanges } from '../../projenrc/languages/build-packages';
import { ROOT } from '../support/repository';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { version, devDependencies, peerDependencies } = JSON.parse(read('package.json'));

describe('the versions of the examples', () => {
  const oldest = { cdk: devDependencies['aws-cdk-lib'], constructs: devDependencies.constructs };

  test('in Python are exact for every package', () => {
    const lines = read('examples/python/order-to-invoice/requirements.txt').split('\n');
    const packages = lines.filter((line) => line !== '' && !/^(#|--)/.test(line));
    expect(packages.filter((line) => !/^[\w.-]+==[\d.]+$/.test(line))).toEqual([]);
    expect(packages).toEqual(
      expect.arrayContaining([
        `cdk-cross-account-eventbridge==${version}`,
        `aws-cdk-lib==${oldest.cdk}`,
        `constructs==${oldest.constructs}`,
      ]),
    );
  });

  test('in Java are exact, also of what the packages depend on with a range', () => {
    const pom = read('examples/java/order-to-invoice/pom.xml');
    const versions = [...pom.matchAll(/<artifactId>([\w-]+)<\/artifactId>\s*<version>([^<]+)<\/version>/g)];
    const found = Object.fromEntries(versions.map(([, artifact, exact]) => [artifact, exact]));
    expect(Object.values(found).filter((exact) => !/^\d+(\.\d+)*$/.test(exact))).toEqual([]);
    expect(found).toMatchObject({
      'cdk-cross-account-eventbridge': version,
      'aws-cdk-lib': oldest.cdk,
      constructs: oldest.constructs,
      'jsii-runtime': expect.any(String),
    });
  });

  test('in Go have checksums, and are the oldest that compile', () => {
    const module = read('examples/go/order-to-invoice/go.mod');
    expect(module).toContain('github.com/aws/aws-cdk-go/awscdk/v2 v2.240.0\n');
    expect(module).toContain(`github.com/aws/constructs-go/constructs/v10 v${oldest.constructs}\n`);
    expect(read('examples/go/order-to-invoice/go.sum')).toContain('github.com/aws/aws-cdk-go/awscdk/v2 v2.240.0 h1:');
  });

  test('are those that the package allows', () => {
    expect(peerDependencies).toEqual({ 'aws-cdk-lib': `^${oldest.cdk}`, constructs: `^${oldest.constructs}` });
  });
});

test('a range in a pom is replaced by its lowest version', () => {
  const pom = '<version>[2.235.0,3.0.0)</version> <version>[1.3]</version> <version>3.11.0</version>';
  expect(pinRanges(pom)).toBe('<version>2.235.0</version> <version>1.3</version> <version>3.11.0</version>');
});

describe('templates', () => {
  test('are equal with the keys of objects in another order', () => {
    expect(differences('', { a: [1, { b: 2, c: 3 }], d: null }, { d: null, a: [1, { c: 3, b: 2 }] })).toEqual([]);
  });

  test.each([
    ['a value', { a: 1 }, { a: '1' }, ['T/a: expected 1, got "1"']],
    ['a list in another order', { a: [1, 2] }, { a: [2, 1] }, ['T/a/0: expected 1, got 2', 'T/a/1: expected 2, got 1']],
    ['a key too many', {}, { a: 1 }, ['T/a: expected undefined, got 1']],
    ['a key too few', { a: [] }, {}, ['T/a: expected [], got undefined']],
    ['an object in place of a list', { a: [1] }, { a: { 0: 1 } }, ['T/a: expected [1], got {"0":1}']],
  ])('differ by %s', (_, expected, actual, found) => {
    expect(differences('T', expected as never, actual as never)).toEqual(found);
  });

  test('differ by a stack', () => {
    const assembly = (...stacks: string[]) => {
      const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
      for (const stack of stacks) writeFileSync(join(directory, `${stack}.template.json`), '{}');
      return directory;
    };
    expect(differencesOf(assembly('A', 'B'), assembly('B', 'C'))).toEqual([
      'A.template.json: is missing',
      'C.template.json: is not in the app in TypeScript',
    ]);
    expect(() => differencesOf(assembly(), assembly())).toThrow('there are no templates');
  });
});

describe('TypeScript in generated documentation', () => {
  test.each([
    '```ts',
    "   const bus = new CrossAccountEventBus(this, 'Bus');",
    "//   bus := new CrossAccountEventBus(stack, 'Bus')",
    'declare const app: App;\nconst { a, b } = c;',
    "import { App } from 'aws-cdk-lib';",
    "import * as iam from 'aws-cdk-lib/aws-iam';",
    '# Example automatically generated from non-compiling source. May contain errors.',
  ])('is found: %s', (text) => {
    expect(typescriptIn(text)).toHaveLength(1);
  });

  test.each([
    'from aws_cdk import App\nbus = CrossAccountEventBus(self, "Bus")',
    'CrossAccountEventBus bus = new CrossAccountEventBus(this, "Bus");',
    'bus := crossaccounteventbridge.NewCrossAccountEventBus(stack, jsii.String("Bus"), nil)',
    'code=Code.from_inline("exports.handler = async (event) => console.log(event);")',
  ])('is not found: %s', (text) => {
    expect(typescriptIn(text)).toEqual([]);
  });
});

describe('the code blocks of the documentation', () => {
  test.each(['python', 'java', 'go'] as const)('in %s are part of a program, with the option otherApps', (language) => {
    const snippets = snippetsIn(language);
    expect(snippets.map(({ document }) => document)).toContain('docs/across-repositories.md');
    for (const { code } of snippets) {
      const program = programWith(language, code);
      expect(program).not.toMatch(/IMPORTS|STATEMENTS/);
      for (const line of code.trim().split('\n')) expect(program).toContain(line);
    }
  });
});
