import { shapesOf, totalLength } from '../../src/iam/value-pattern';

const NON_ASCII = '\u{10FFFF}';
const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const without = (excluded: string) => [...PRINTABLE].filter((c) => !excluded.includes(c)).join('');

/** The shapes as text, such as `0123456789{2}`: the characters of each part, and how many of them there are. */
function shapesIn(pattern: string): string[] | undefined {
  return shapesOf(pattern)?.map((shape) =>
    shape
      .map(({ characters, min, max }) => {
        const text = [...characters].sort().join('').replace(NON_ASCII, '…');
        return min === 1 && max === 1 ? text : `${text}{${min},${max}}`;
      })
      .join(' '),
  );
}

test.each<[string, string[]]>([
  ['', ['']],
  ['ab', ['a b']],
  ['^ab$', ['a b']],
  ['a|bc|', ['a', 'b c', '']],
  ['(a|b)c', ['a c', 'b c']],
  ['(?:a)b', ['a b']],
  ['((a)|b)', ['a', 'b']],
  ['a*', ['a{0,Infinity}']],
  ['a+', ['a{1,Infinity}']],
  ['a?b', ['b', 'a b']],
  ['a{2}', ['a{2,2}']],
  ['a{12}b', ['a{12,12} b']],
  ['a{2,}', ['a{2,Infinity}']],
  ['a{2,13}', ['a{2,13}']],
  ['a{0,1}', ['', 'a']],
  ['a{0,2}', ['a{0,2}']],
  ['a{1,1}', ['a']],
  ['a{0}', ['a{0,0}']],
  ['(b*){0}', ['b{0,0}']],
  ['(a|bc){2}', ['abc{2,4}']],
  ['(ab?)+', ['ab{1,Infinity}']],
  ['a+?b', ['a{1,Infinity} b']],
  ['a*+b', ['a{0,Infinity} b']],
  ['[abc]', ['abc']],
  ['[a-c]', ['abc']],
  ['[a-a]', ['a']],
  ['[a-cx]', ['abcx']],
  ['[-a]', ['-a']],
  ['[a-]', ['-a']],
  ['[\\d-]', [`-${DIGITS}`]],
  ['[\\d-a]', [`-${DIGITS}a`]],
  ['[a^]', ['^a']],
  ['[\\-\\]]', ['-]']],
  [`[^${without('ab').replace(/[[\]\\&^-]/g, '\\$&')}]`, ['ab…']],
  ['\\d', [DIGITS]],
  ['\\w', [`${DIGITS}${LETTERS}`]],
  ['\\s', [' …']],
  ['\\D', [`${without(DIGITS)}…`]],
  ['\\W', [`${without(DIGITS + LETTERS)}…`]],
  ['\\S', [`${without(' ')}…`]],
  ['.', [`${PRINTABLE}…`]],
  ['[^\\d]', [`${without(DIGITS)}…`]],
  ['[^\\D]', [DIGITS]],
  ['[^\\W]', [`${DIGITS}${LETTERS}`]],
  ['[^\\S]', [' ']],
  ['\\.\\*', ['. *']],
  [' ~', ['  ~']],
])('the shapes of %s are %j', (pattern, expected) => {
  expect(shapesIn(pattern)).toEqual(expected);
});

test.each([
  ...[
    '(',
    ')',
    'a)',
    '(a',
    '(?=a)',
    '(?!a)',
    '(?<n>a)',
    '[',
    '[a',
    '[]',
    '[]a]',
    '[[a]]',
    '[a&&b]',
    '[z-a]',
    '[a-\\d]',
  ],
  ...['[^\\d\\D]', '*', '+a', '?', '{', '}', ']', 'a{', 'a{,2}', 'a{x}', 'a**', 'a{2}{3}', '\\', '\\b', '\\n', '\\1'],
  ...['ä', '[ä]', 'a\u007f', '\\ä', '[a-ä]', '[ä-a]', '(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)'],
  'a'.repeat(1_001),
])('%s is not supported', (pattern) => {
  expect(shapesOf(pattern)).toBeUndefined();
});

test('up to 256 shapes and 1000 characters are supported', () => {
  expect(shapesOf('(a|b)'.repeat(8))).toHaveLength(256);
  expect(shapesOf('a'.repeat(1_000))).toHaveLength(1);
});

test('the length of a text is that of its parts', () => {
  const [shape] = shapesOf('ab{2,4}c*')!;
  expect([totalLength(shape, 'min'), totalLength(shape, 'max')]).toEqual([3, Infinity]);
});
