import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RETIRED_WORDS, RetiredWord, retiredUses } from './retired-words';
import { ROOT, filesIn } from '../support/repository';

const GLOSSARY = /^## Glossary\n[^]*$/m;
const CODE_BLOCKS = /^```[^]*?^```$/gm;
/** The page is generated from the samples in `test/compared`. Its code blocks contain messages of aws-cdk-lib. */
const GENERATED = 'docs/compared-with-aws-cdk-lib.md';

/** A table row, the definition of a link, or a link alone on its line. */
const UNBREAKABLE = /^(\||\[[^\]]+\]: |\(?\[[^\]]+\]\([^)]+\)\S*$)/;

/** A document without what is not prose of this repository. */
function read(file: string): string {
  const text = readFileSync(join(ROOT, file), 'utf8');
  // Lines are kept, so that their numbers are right.
  const without = (part: RegExp) => text.replace(part, (found) => found.replace(/[^\n]/g, ''));
  if (file === 'CONTRIBUTING.md') return without(GLOSSARY);
  return file === GENERATED ? without(CODE_BLOCKS) : text;
}

const documents = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...filesIn('docs', /\.md$/),
  ...filesIn('examples', /\.md$/),
];
const sources = ['src', 'page', 'examples'].flatMap((folder) => filesIn(folder, /\.ts$/));

describe('the words of the glossary', () => {
  const texts = [...sources, ...documents].map((file) => ({ file, text: read(file) }));

  test.each(RETIRED_WORDS)('are used instead of "$word"', (retired) => {
    const uses = texts.flatMap(({ file, text }) =>
      retiredUses(text, [retired]).map(
        ({ line, found }) => `${file}:${line}: '${found}' is a retired word; use: ${retired.better}`,
      ),
    );
    expect(uses).toEqual([]);
  });
});

test.each(documents)('%s has no line of prose or code with more than 120 columns', (file) => {
  const lines = read(file)
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }));
  const long = lines.filter(({ line }) => [...line].length > 120 && !UNBREAKABLE.test(line));
  expect(long.map(({ number }) => number)).toEqual([]);
});

describe('the glossary in CONTRIBUTING.md', () => {
  const [glossary] = GLOSSARY.exec(readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8'))!;
  const rows = glossary
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()));

  test('has at most 40 terms', () => {
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.length).toBeLessThanOrEqual(40);
  });

  test('lists the retired words, and no others, in bold print', () => {
    const listed = new Set(rows.flatMap((cells) => [...cells[3].matchAll(/\*\*([^*]+)\*\*/g)].map(([, word]) => word)));
    expect([...listed].sort()).toEqual(RETIRED_WORDS.map(({ word }) => word).sort());
  });
});

describe('a retired word', () => {
  const found = (text: string) => retiredUses(text).map(({ line, found: words }) => `${line}: ${words}`);

  test.each([
    ['judgeTarget(rule)', ['1: judge']],
    ['const isJudged = JUDGED_RULES', ['1: Judged', '1: JUDGED']],
    ["import { x } from './said-by-constructs'", ['1: said']],
    ['both halves of a grant', ['1: halves']],
    ['the policy lets the role of that rule in.', ['1: lets the role of that rule in']],
    ['/**\n * Statements that let\n * other accounts in.\n */', ['2: let other accounts in']],
    ['what hangs\non a value', ['1: hangs on']],
    ['switched it off', ['1: switched it off']],
    ['HTTPCaller', ['1: Caller']],
  ])('is found in %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test.each([
    ['aws:CalledVia and kms:CallerAccount'],
    ['aws sts get-caller-identity'],
    ['let index = 0;\nfor (const one in values) {}'],
    ['let worst: Finding | undefined; if (key in object) return;'],
    ['Let accounts share a statement.\n\nIn the account of the bus, add it.'],
    ['behalf, outdoor, worldwide, essay, hallmark'],
    ['switch (kind) {\n  default: off();\n}'],
  ])('is not found in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  test('is matched in all its forms', () => {
    const forms = 'tells told telling judgment judgements refusal refused sayings brought stood for worlds'.split(' ');
    const words = (text: string) => retiredUses(text).map(({ retired }: { retired: RetiredWord }) => retired.word);
    expect(words(forms.join(' '))).toEqual([
      ...['tell', 'tell', 'tell', 'judge', 'judge'],
      ...['world', 'stand for', 'refuse', 'refuse', 'bring'],
    ]);
  });
});
