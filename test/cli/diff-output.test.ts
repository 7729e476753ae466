import { diffMarkdown } from '../../src/cli/diff-output';
import { MAX_LENGTH } from '../../src/cli/markdown';
import { DeliveryDiff } from '../../src/delivery-graph/delivery-diff';

/** A change with a number of each kind of changes, all texts of which are as long as given. */
function changeOf(count: number, text: string): DeliveryDiff {
  const list = <T>(one: (id: string) => T): T[] => Array.from({ length: count }, (_, index) => one(`${text}${index}`));
  const texts = { problem: text, reason: text, fix: text };
  const decision = { change: 'removed', before: 'allowed', after: 'denied', text: texts } as const;
  const event = { source: text, detailType: text };
  return {
    deliveries: list((id) => ({ publisher: id, target: id, event, ...decision })),
    publishers: list((id) => ({ publisher: id, eventBus: id, event, ...decision })),
    openAccess: list((element) => ({ element, added: list((id) => id), removed: [text] })),
    eventPatterns: list((path) => ({ app: text, path, before: text, after: text })),
    resources: list((path) => ({
      change: 'replaced',
      type: text,
      path,
      stack: text,
      logicalId: text,
      property: text,
      before: text,
      after: text,
      effect: text,
    })),
    findings: list((path) => ({ app: text, path, id: text, ...texts, before: 'warning', after: 'error' })),
    elements: list((id) => ({ id, kind: 'function', role: 'target', name: id, account: text, path: id })),
  };
}

describe('the Markdown of a change', () => {
  test.each([
    ['many short texts', 60, 'text'],
    ['many long texts', 60, 'text '.repeat(200)],
    ['mentions, which become longer', 30, '@a'.repeat(400)],
    ['code with pipes', 30, '`\\|'.repeat(400)],
    ['few very long texts', 1, '@'.repeat(100_000)],
  ])('of %s is short enough for a comment on GitHub', (_, count, text) => {
    const comment = diffMarkdown(changeOf(count, text));
    expect(comment.length).toBeLessThanOrEqual(MAX_LENGTH);
    expect(MAX_LENGTH).toBeLessThan(65_536);
    expect(comment.match(/^#### /gm)).toHaveLength(6);
    expect(comment).toContain(`${count} resource`);
  });

  test('has the number of the rows that it leaves out in each table', () => {
    const comment = diffMarkdown(changeOf(60, 'text '.repeat(200)));
    const tables = comment.split('#### ').slice(1);
    const rows = tables.map((table) => table.split('\n').filter((line) => line.startsWith('| ')).length - 2);
    const others = tables.map((table) => Number(/^(\d+) more rows: use `--json`\.$/m.exec(table)?.[1]));
    expect(Math.min(...rows)).toBeGreaterThan(3);
    expect(rows.map((shown, index) => shown + others[index])).toEqual(rows.map(() => 60));
  });

  test('names five principals in a cell', () => {
    const added = (count: number) => Array.from({ length: count }, (_, index) => `organization ${index}`);
    const comment = (count: number) =>
      diffMarkdown({ ...changeOf(0, ''), openAccess: [{ element: 'bus', added: added(count), removed: [] }] });
    expect(comment(5)).toContain('organization 4 |');
    expect(comment(7)).toContain('organization 4 and 2 more |');
  });
});
