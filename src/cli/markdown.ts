/** Text that Markdown shows as it is, also in a table: without markup, mentions and references to issues. */
export function markdownText(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_[\]<>#|~&$]/g, '\\$&')
      // Code hosts replace what follows an '@' or '#', or looks like an address, also if it is escaped.
      .replace(/(@|\\#|:\/\/|www\.)(?=\S)/gi, '$1<!-- -->')
  );
}

/** Text in a code span, which is shown as it is, also in a table. */
export function markdownCode(text: string): string {
  const shown = oneLine(text).trim();
  if (shown === '') return '';
  // In a code span, a backslash before a '|' cannot be escaped.
  if (shown.includes('\\|')) return `<code>${markdownText(shown)}</code>`;
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = /^`|`$/.test(shown) ? ' ' : '';
  return `${fence}${space}${shown.replace(/\|/g, '\\|')}${space}${fence}`;
}

/** More rows than this make a comment too long. */
const MAX_ROWS = 50;

/** A table of cells that are Markdown; nothing if there are no rows. */
export function markdownTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  if (rows.length === 0) return [];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const more = rows.length - MAX_ROWS;
  const table = [line(columns), line(columns.map(() => '---')), ...rows.slice(0, MAX_ROWS).map(line)];
  return [`#### ${title}`, table.join('\n'), ...(more > 0 ? [`${more} more rows: use \`--json\`.`] : [])];
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
