import { MAX_LENGTH, markdownCode, markdownComment, markdownTable, markdownText } from '../../src/cli/markdown';

describe('text in Markdown', () => {
  test.each([
    ['a pipe', 'a|b', 'a\\|b'],
    ['a backslash before a pipe', 'a\\|b', 'a\\\\\\|b'],
    ['code', 'a `b` c', 'a \\`b\\` c'],
    ['HTML', '<img src=x>&lt;', '\\<img src=x\\>\\&lt;'],
    ['a comment', '<!-- x -->', '\\<!-- x --\\>'],
    ['a link', '[here](there)', '\\[here\\](there)'],
    ['an image', '![here](there)', '!\\[here\\](there)'],
    ['emphasis', '*a* _b_ ~~c~~', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~'],
    ['a formula', '$a$', '\\$a\\$'],
    ['a mention', 'by @octocat', 'by @<!-- -->octocat'],
    ['an issue', 'in #12', 'in \\#<!-- -->12'],
    ['an address', 'https://example.com www.example.com', 'https://<!-- -->example.com www.<!-- -->example.com'],
    ['lines', 'a\r\nb\u2028c\u0000d', 'a b c d'],
    ['plain text', "rule 'hub-Rule' (111111111111): no statement", "rule 'hub-Rule' (111111111111): no statement"],
  ])('is shown as it is: %s', (_, text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });
});

describe('code in Markdown', () => {
  test.each([
    ['a pipe', 'a|b', '`a\\|b`'],
    ['a backslash before a pipe', 'a\\|b', '<code>a\\\\\\|b</code>'],
    ['backticks within', 'a``b`c', '```a``b`c```'],
    ['backticks at an end', '`a', '`` `a ``'],
    ['HTML', '<b>@octocat</b>', '`<b>@octocat</b>`'],
    ['lines', ' a\n\nb ', '`a b`'],
    ['nothing', ' \n', ''],
  ])('is shown as it is: %s', (_, text, expected) => {
    expect(markdownCode(text)).toBe(expected);
  });
});

describe('a long text in a cell', () => {
  test.each([
    ['text', markdownText, 'a', `${'a'.repeat(299)}…`],
    ['code', markdownCode, 'a', `\`${'a'.repeat(299)}…\``],
    ['markup', markdownText, '|', `${'\\|'.repeat(299)}…`],
  ])('is shortened to 300 characters: %s', (_, format, character, expected) => {
    expect(format(character.repeat(301))).toBe(expected);
    expect(format(character.repeat(300))).not.toContain('…');
  });
});

const rowsOf = (count: number, cell: (index: number) => string = String) =>
  Array.from({ length: count }, (_, index) => [cell(index)]);
const table = (title: string, rows: string[][]) => markdownTable(title, ['A'], rows, (row) => row);

/** The numbers of rows of each table: those that are shown, and the others. */
function rowCounts(comment: string): [shown: number, others: number][] {
  return comment
    .split('#### ')
    .slice(1)
    .map((text) => [
      Math.max(0, text.split('\n').filter((line) => line.startsWith('| ')).length - 2),
      Number(/^(\d+) (?:more )?rows?: use `--json`\.$/m.exec(text)?.[1] ?? 0),
    ]);
}

describe('a comment', () => {
  test('has a first line and the tables with rows', () => {
    const two = markdownTable('Changes', ['A', 'B'], [['1', '2']], (row) => row);
    expect(markdownComment('First', [two, table('Empty', [])])).toBe(
      'First\n\n#### Changes\n\n| A | B |\n| --- | --- |\n| 1 | 2 |\n',
    );
  });

  test.each([
    [50, 0],
    [51, 1],
    [53, 3],
  ])('with %d rows has 50 at most, and the number of the others', (rows, others) => {
    expect(rowCounts(markdownComment('First', [table('Changes', rowsOf(rows))]))).toEqual([[50, others]]);
  });

  test('formats only the rows that it can have', () => {
    const rowOf = jest.fn((cell: number) => [`${cell}`]);
    markdownTable('Changes', ['A'], [...Array(1000).keys()], rowOf);
    expect(rowOf).toHaveBeenCalledTimes(50);
  });

  test('at the limit has all rows, and with one more character fewer rows', () => {
    const cell = 'a'.repeat(1290);
    const lengthOf = (first: string) =>
      markdownComment(first, [
        table(
          'Changes',
          rowsOf(50, () => cell),
        ),
      ]).length;
    const longest = 'a'.repeat(MAX_LENGTH - lengthOf(''));
    expect(lengthOf(longest)).toBe(MAX_LENGTH);
    const [all, fewer] = [longest, `${longest}a`].map((first) =>
      markdownComment(first, [
        table(
          'Changes',
          rowsOf(50, () => cell),
        ),
      ]),
    );
    expect([rowCounts(all), rowCounts(fewer)]).toEqual([[[50, 0]], [[49, 1]]]);
    expect(fewer.length).toBeLessThan(MAX_LENGTH);
  });

  test('shortens its long tables, and has all rows of the short ones', () => {
    const tables = [
      table(
        'Long',
        rowsOf(1000, () => 'a'.repeat(2000)),
      ),
      table('Short', rowsOf(3)),
    ];
    const comment = markdownComment('First', tables);
    const [long, short] = rowCounts(comment);
    expect(long[0]).toBeGreaterThan(30);
    expect(long[0] + long[1]).toBe(1000);
    expect(short).toEqual([3, 0]);
    expect(comment.length).toBeLessThanOrEqual(MAX_LENGTH);
  });

  test('without room for a row has the numbers of rows', () => {
    const comment = markdownComment('First', [
      table(
        'Wide',
        rowsOf(2, () => 'a'.repeat(MAX_LENGTH)),
      ),
    ]);
    expect(comment).toBe('First\n\n#### Wide\n\n2 rows: use `--json`.\n');
  });
});
