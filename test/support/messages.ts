import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** All texts that tests expect, in one file, to be read as a whole: `npm run test:messages` writes it again. */
const FILE = join(__dirname, '..', 'messages.txt');

/** Where each worker notes what it saw, for the reporter that compares the whole and writes it again. */
const SEEN = join(__dirname, '..', '..', 'test-reports', 'messages');

const HEADING = '\n## ';

/**
 * Expects the text of a finding or error to be the one in `test/messages.txt` under the title of the test. So the words
 * stand in one file that can be reviewed, and the test itself asserts on ids, places and values.
 */
export function expectMessage(text: string): void {
  const title = nextTitle();
  const worker = process.env.JEST_WORKER_ID ?? '1';
  mkdirSync(SEEN, { recursive: true });
  appendFileSync(join(SEEN, worker), `${JSON.stringify([title, text])}\n`);
  if (process.env.UPDATE_MESSAGES === undefined) expect(text).toBe(EXPECTED.get(title));
}

/**
 * The test file and the title of the test; the second text of a test has its number behind it. A test that runs again
 * begins with its first text.
 */
function nextTitle(): string {
  const { assertionCalls, testPath, currentTestName } = expect.getState();
  const file = relative(join(__dirname, '..'), testPath!).replace(/\.test\.ts$/, '');
  const test = `${file} › ${currentTestName}`;
  const { current } = TITLES;
  const isSameRun = assertionCalls > current.assertions || process.env.UPDATE_MESSAGES !== undefined;
  const count = current.test === test && isSameRun ? current.count + 1 : 1;
  TITLES.current = { test, count, assertions: assertionCalls };
  return count === 1 ? test : `${test} (${count})`;
}

const TITLES = { current: { test: '', count: 0, assertions: 0 } };

const EXPECTED = new Map(
  readFileSync(FILE, 'utf8')
    .split(HEADING)
    .slice(1)
    .map((entry): [string, string] => {
      const end = entry.indexOf('\n');
      return [entry.slice(0, end), entry.slice(end + 1).replace(/\n$/, '')];
    }),
);

/** What is shown of a construct: `warning wildcardPrincipal /Hub/Policy`. */
export function brief(message: string): string {
  const [, level, path, text] = /^(\w+) (\S+) ([^]*)$/.exec(message)!;
  const id = /\[(?:ack: )?cdk-cross-account-eventbridge:(\w+)(?::[0-9a-f]{6})?\]$/.exec(text)?.[1] ?? 'another';
  return `${level} ${id} ${path}`;
}

/**
 * Expects exactly these annotations, in any order, as `warning wildcardPrincipal /Hub/Policy`, and their texts to be
 * those in `test/messages.txt`.
 *
 * @param messages what `messagesOf()` gives
 */
export function expectFindings(messages: readonly string[], expected: readonly string[]): void {
  expect(messages.map(brief).sort()).toEqual([...expected].sort());
  if (messages.length > 0) expectMessage([...messages].sort().join('\n'));
}

/** The ID by which the first warning is acknowledged. */
export function idToAcknowledge([message]: readonly string[]): string {
  return /\[ack: ([^\]]+)\]$/.exec(message)![1];
}

/** The message of the error that a call throws; fails if it throws none. */
export function errorOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('the call throws no error');
}

/**
 * Expects a call to throw an error whose message has a text, such as the path and the property, and the whole message
 * to be the one in `test/messages.txt`. Of a failed synthesis, the problems are compared.
 */
export function expectError(call: () => unknown, part: string | RegExp): void {
  const message = errorOf(call);
  expect(message).toEqual(typeof part === 'string' ? expect.stringContaining(part) : expect.stringMatching(part));
  expectMessage(message.replace(/^Validation failed with the following errors:\n/, '').trim());
}
