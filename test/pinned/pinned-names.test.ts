import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { EVENT_BUS_APPS } from './event-bus-apps';
import { PERMISSION_APPS } from './permission-apps';
import { FILE, Names, changesIn, namesOf, readNames, written } from './pinned-names';
import { TARGET_APPS } from './target-apps';
import { EXAMPLES, exampleApp } from '../support/examples';

const DOCS = join(__dirname, '../..');
const examples = EXAMPLES.flatMap(([name, apps]) =>
  apps.map((app, i) => [`example ${name}${apps.length > 1 ? ` ${i + 1}` : ''}`, () => exampleApp(app)] as const),
);
const apps = new Map<string, () => App>([
  ...Object.entries({ ...EVENT_BUS_APPS, ...TARGET_APPS, ...PERMISSION_APPS }),
  ...examples,
]);
const pinned = readNames();
const now = new Map<string, string[]>();

afterAll(() => {
  if (process.env.UPDATE_NAMES !== undefined) write(process.env.UPDATE_NAMES);
});

/** Writes the names again. Where one changed, `decision` must be the number of the decision that says why. */
function write(decision: string): void {
  const names = [...now].map(([app, lines]): [string, Names] => {
    const before = pinned.get(app) ?? { lines: [] };
    const isChanged = changesIn(before, lines).length > 0;
    if (isChanged && !/^\d+$/.test(decision)) throw new Error(`${app}: set UPDATE_NAMES to the number of a decision`);
    return [app, { lines, decision: isChanged ? decision : before.decision }];
  });
  writeFileSync(FILE, written(new Map(names)));
}

test('are those of at least 30 small apps and all examples', () => {
  expect(apps.size - examples.length).toBeGreaterThanOrEqual(30);
  expect([...pinned.keys()]).toEqual([...apps.keys()]);
});

test.each([...apps])('the names of %s are those of the last release', (app, make) => {
  const names = namesOf(make());
  now.set(app, names);
  expect(names.join('\n')).not.toContain('Token[');
  expect(names).toEqual(pinned.get(app)?.lines);
});

test('each change has a decision, and a line in the changelog', () => {
  const decisions = readdirSync(join(DOCS, 'docs/decisions')).map((file) => String(Number(file.slice(0, 4))));
  const changelog = readFileSync(join(DOCS, 'CHANGELOG.md'), 'utf8');
  const changedBy = [...pinned.values()].flatMap(({ decision }) => decision ?? []);
  for (const decision of changedBy) {
    expect(decisions).toContain(decision);
    expect(changelog).toContain(`decision ${decision}`);
  }
});

describe('of a changed app', () => {
  const before = { lines: ['Hub/Bus AWS::Events::EventBus Name="orders"', 'Hub/Key AWS::KMS::Key'] };

  test('what is new is no change', () => {
    expect(changesIn(before, [...before.lines, 'Hub/Queue AWS::SQS::Queue'])).toEqual([]);
  });

  test('another ID, another name, and what is gone, are changes', () => {
    expect(changesIn(before, ['Hub/Bus2 AWS::Events::EventBus Name="orders"', before.lines[1]])).toEqual([
      before.lines[0],
    ]);
    expect(changesIn(before, ['Hub/Bus AWS::Events::EventBus Name="sales"', before.lines[1]])).toHaveLength(1);
    expect(changesIn(before, [])).toEqual(before.lines);
  });

  test('are read as they were written, the decision too', () => {
    const names = new Map<string, Names>([
      ['first', before],
      ['second', { lines: ['Hub/Key AWS::KMS::Key'], decision: '22' }],
    ]);
    expect(readNames(written(names))).toEqual(
      new Map([
        ['first', { ...before, decision: undefined }],
        ['second', names.get('second')],
      ]),
    );
  });
});
