import { shortened } from '../util/shortened';

/** Text that Markdown shows as it is, also in a table: without markup, mentions and references to issues. */
export function markdownText(text: string): string {
  return (
    cellText(text)
      .replace(/[\\`*_[\]<>#|~&$]/g, '\\$&')
      // Code hosts replace what follows an '@' or '#', or looks like an address, also if it is escaped.
      .replace(/(@|\\#|:\/\/|www\.)(?=\S)/gi, '$1<!-- -->')
  );
}

/** Text in a code span, which is shown as it is, also in a table. */
export function markdownCode(text: string): string {
  const shown = cellText(text);
  if (shown === '') return '';
  // In a code span, a backslash before a '|' cannot be escaped.
  if (shown.includes('\\|')) return `<code>${markdownText(shown)}</code>`;
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(shown) ? ' ' : '';
  return `${fence}${space}${shown.replace(/\|/g, '\\|')}${space}${fence}`;
}

/** A table of cells that are Markdown. */
export interface MarkdownTable {
  readonly title: string;
  readonly columns: readonly string[];
  /** The first rows, as many as a comment can have. */
  readonly rows: readonly (readonly string[])[];
  /** The number of all rows. */
  readonly count: number;
}

/** More rows of a table than this are not read in a comment. */
const MAX_ROWS = 50;

/** A table with a row for each item. */
export function markdownTable<T>(
  title: string,
  columns: readonly string[],
  items: readonly T[],
  rowOf: (item: T) => readonly string[],
): MarkdownTable {
  return { title, columns, rows: items.slice(0, MAX_ROWS).map(rowOf), count: items.length };
}

/** A comment on GitHub has at most 65,536 characters. The rest is for what a workflow adds. */
export const MAX_LENGTH = 65_000;

/**
 * A first line, and the tables that have rows. If it would be too long for a comment, each table has fewer rows, and
 * the number of the others.
 */
export function markdownComment(firstLine: string, tables: readonly MarkdownTable[]): string {
  for (let maxRows = MAX_ROWS; maxRows > 0; maxRows--) {
    const text = commentText(firstLine, tables, maxRows);
    if (text.length <= MAX_LENGTH) return text;
  }
  return commentText(firstLine, tables, 0);
}

function commentText(firstLine: string, tables: readonly MarkdownTable[], maxRows: number): string {
  return `${[firstLine, ...tables.flatMap((table) => tableText(table, maxRows))].join('\n\n')}\n`;
}

function tableText({ columns, count, rows, title }: MarkdownTable, maxRows: number): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const shown = rows.slice(0, maxRows);
  const more = count - shown.length;
  return [
    `#### ${title}`,
    ...(shown.length === 0 ? [] : [[columns, columns.map(() => '---'), ...shown].map(line).join('\n')]),
    ...(more === 0
      ? []
      : [`${more} ${shown.length === 0 ? '' : 'more '}${more === 1 ? 'row' : 'rows'}: use \`--json\`.`]),
  ];
}

/** Longer texts in a cell are shortened. */
const MAX_TEXT = 300;

/** One line, which is not too long for a cell. */
function cellText(text: string): string {
  return shortened(text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim(), MAX_TEXT);
}
