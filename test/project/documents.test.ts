import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, filesIn } from '../support/repository';

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

const documents = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...filesIn('docs', /\.md$/),
  ...filesIn('examples', /\.md$/),
];

/** A document without its code blocks. */
function proseOf(file: string): string {
  return read(file).replace(/^ *```[^]*?^ *```/gm, '');
}

/** The anchors of the headings of a document, as GitHub creates them. */
function anchorsIn(file: string): string[] {
  const headings = [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

describe.each(documents)('%s', (document) => {
  test('has links to files and headings that exist', () => {
    const links = [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
    const broken = links.filter((link) => {
      if (/^\w+:/.test(link)) return false;
      const [path, anchor] = link.split('#');
      const target = path === '' ? document : join(dirname(document), path);
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsIn(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names only paths of the repository that exist', () => {
    const paths = [...proseOf(document).matchAll(/`((?:src|test|docs|bench|examples)\/[\w./-]*)`/g)];
    expect(
      paths.map(([, path]) => path).filter((path) => !/\bFILE$/.test(path) && !existsSync(join(ROOT, path))),
    ).toEqual([]);
  });
});

describe('the guide to adding a check', () => {
  const guide = read('docs/adding-a-check.md');
  const code = [...filesIn('src', /\.ts$/), ...filesIn('test', /\.ts$/)].map(read).join('\n');

  test('has 120 lines at most', () => {
    expect(guide.trimEnd().split('\n').length).toBeLessThanOrEqual(120);
  });

  test('names only functions, classes, constants and scripts that exist', () => {
    const names = [...guide.matchAll(/`([A-Za-z]\w+)(\(\))?`/g)].filter(([, name, call]) => call || /[A-Z]/.test(name));
    expect(names.length).toBeGreaterThan(10);
    const unknown = names.map(([, name]) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(code));
    expect(unknown).toEqual([]);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const commands = [...guide.matchAll(/`npm run ([\w:]+)/g)].map(([, script]) => script);
    expect(commands.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  test('shows lines that are in the sources', () => {
    const example = read('src/checks/delivery/statement-ids.ts');
    expect(guide).toContain(/^export function .*$/m.exec(example)![0]);
    const registered = /^ *(\{ name: 'duplicateStatementId'.*)$/m.exec(read('src/checks/delivery/all-delivery.ts'))!;
    expect(guide).toContain(registered[1]);
    expect(guide).toContain(/^ *(DUPLICATE_STATEMENT_ID = .*)$/m.exec(read('src/checks/finding-id.ts'))![1]);
  });
});

describe('the decisions', () => {
  const records = filesIn('docs/decisions', /^\d{4}-[a-z-]+\.md$/).map((path) => {
    const text = read(path);
    const [, number, title] = /^# (\d+)\. (.*)$/m.exec(text) ?? [];
    const [, date] = /^- Date: (\d{4}-\d{2}-\d{2})$/m.exec(text) ?? [];
    const [, status] = /^- Status: (.*)$/m.exec(text) ?? [];
    return { file: path.split('/').pop()!, number, title, date, status, text };
  });

  test('are numbered without gaps, as their files are', () => {
    expect(records.length).toBeGreaterThanOrEqual(19);
    expect(records.map(({ file }) => Number(file.slice(0, 4)))).toEqual(records.map((_, i) => i + 1));
    expect(records.map(({ number }) => Number(number))).toEqual(records.map((_, i) => i + 1));
  });

  test('each have a date, a status and the same sections', () => {
    for (const { date, status, text } of records) {
      expect(date).toBeDefined();
      expect(status).toMatch(/^(accepted|superseded)(, (amends|amended by|supersedes|superseded by) \[\d+\]\(\S+\))*$/);
      expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual([
        'Context',
        'Decision',
        'Consequences',
        'Alternatives',
      ]);
    }
  });

  test('are amended by those that amend them', () => {
    const amendments = (pattern: RegExp) =>
      records.flatMap(({ number, status }) => [...status.matchAll(pattern)].map(([, other]) => [number, other]));
    const amending = amendments(/amends \[(\d+)\]/g);
    expect(amendments(/amended by \[(\d+)\]/g).map(([amended, by]) => [by, amended])).toEqual(
      expect.arrayContaining(amending),
    );
    expect(amending).toHaveLength(amendments(/amended by \[(\d+)\]/g).length);
  });

  test('are all in the index', () => {
    const rows = [...read('docs/decisions/README.md').matchAll(/^\| \[(.*)$/gm)].map(([row]) =>
      row.split('|').map((cell) => cell.trim()),
    );
    expect(rows.map(([, ...cells]) => cells.slice(0, 4))).toEqual(
      records.map(({ file, number, title, date, status }) => [`[${number}](${file})`, title, date, status]),
    );
  });
});
