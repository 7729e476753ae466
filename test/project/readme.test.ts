import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ModuleKind, transpileModule } from 'typescript';
import { messagesOf } from '../support/apps';
import { describeWithOracle, expectAnswers } from '../support/oracle';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const [, EXAMPLE] = /```ts nofixture\n([^]*?)```/.exec(README)!;

/** Runs the first example of the README without changes. */
function run(): App {
  const { outputText } = transpileModule(`${EXAMPLE}\nexport { app };`, {
    compilerOptions: { module: ModuleKind.CommonJS },
  });
  const exports: { app?: App } = {};
  new Function('require', 'exports', outputText)((name: string) => jest.requireActual(name), exports);
  return exports.app!;
}

describe('the first example of the README', () => {
  test('has at most 25 lines', () => {
    expect(EXAMPLE.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
  });

  test('synthesizes without a warning, and its stacks do not depend on each other', () => {
    const stacks = run().node.children.filter((c): c is Stack => Stack.isStack(c));

    expect(messagesOf(...stacks)).toEqual([]);
    expect(stacks.map((stack) => stack.dependencies)).toEqual([[], []]);
  });
});

describeWithOracle('the first example of the README', () => {
  test('delivers the event, and allows no other principal', () => {
    const from = { account: '222222222222', role: 'Shop/Publisher' };
    expectAnswers(run(), {
      questions: [
        { noProblems: true },
        {
          path: {
            from,
            to: { bus: 'Hub/Bus' },
            event: { source: 'com.example.shop' },
            reaches: ['Hub/Handler'],
            allDelivered: true,
          },
        },
        { putEvents: { as: { account: '222222222222' }, bus: 'Hub/Bus' }, expect: 'deny' },
        { putEvents: { as: { account: '333333333333' }, bus: 'Hub/Bus' }, expect: 'deny' },
      ],
    });
  });
});
