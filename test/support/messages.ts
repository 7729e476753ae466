import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

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
  const title = expect.getState().currentTestName!;
  const worker = process.env.JEST_WORKER_ID ?? '1';
  mkdirSync(SEEN, { recursive: true });
  appendFileSync(join(SEEN, worker), `${JSON.stringify([title, text])}\n`);
  if (process.env.UPDATE_MESSAGES === undefined) expect(text).toBe(EXPECTED.get(title));
}

const EXPECTED = new Map(
  readFileSync(FILE, 'utf8')
    .split(HEADING)
    .slice(1)
    .map((entry): [string, string] => {
      const end = entry.indexOf('\n');
      return [entry.slice(0, end), entry.slice(end + 1).replace(/\n$/, '')];
    }),
);
