import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, transpileModule } from 'typescript';

const PAGE = readFileSync(join(__dirname, '../../docs/testing-your-app.md'), 'utf8');
const [, EXAMPLE] = /```ts\n([^]*?)```/.exec(PAGE)!;

/** The tests in the first example of the page, by their titles. */
function testsInExample(): [string, () => void][] {
  const { outputText } = transpileModule(EXAMPLE, { compilerOptions: { module: ModuleKind.CommonJS } });
  const tests: [string, () => void][] = [];
  const addTest = (title: string, run: () => void) => tests.push([title, run]);
  new Function('require', 'exports', 'test', outputText)((name: string) => jest.requireActual(name), {}, addTest);
  return tests;
}

test('the page about tests has an example with several tests', () => {
  expect(testsInExample().length).toBeGreaterThanOrEqual(4);
});

test.each(testsInExample())('the example of the page about tests passes: %s', (_, run) => {
  run();
});
