import { markdownCode, markdownTable, markdownText } from '../../src/cli/markdown';

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

describe('a table', () => {
  test('has a title, the columns and the rows', () => {
    expect(markdownTable('Changes', ['A', 'B'], [['1', '2']])).toEqual([
      '#### Changes',
      '| A | B |\n| --- | --- |\n| 1 | 2 |',
    ]);
  });

  test('without rows is left out', () => {
    expect(markdownTable('Changes', ['A'], [])).toEqual([]);
  });

  test('has 50 rows at most, and the number of the others', () => {
    const rows = Array.from({ length: 53 }, (_, index) => [`${index}`]);
    const [, table, more] = markdownTable('Changes', ['A'], rows);
    expect(table.split('\n')).toHaveLength(52);
    expect(more).toBe('3 more rows: use `--json`.');
    expect(markdownTable('Changes', ['A'], rows.slice(0, 50))).toHaveLength(2);
  });
});
