// Compares the texts that all tests saw with test/messages.txt: a text that no test expects any more is an error after
// a run of all tests. With UPDATE_MESSAGES it writes the file again.
const fs = require('node:fs');
const path = require('node:path');

const FILE = path.join(__dirname, '..', 'messages.txt');
const SEEN = path.join(__dirname, '..', '..', 'test-reports', 'messages');
const HEAD = 'Texts of findings and errors, by the test that expects them. Written by `npm run test:messages`.\n';

module.exports = class MessagesReporter {
  constructor(globalConfig) {
    const { nonFlagArgs = [], testPathPatterns, onlyChanged, testNamePattern } = globalConfig;
    const patterns = testPathPatterns?.patterns ?? [];
    this.isWhole = nonFlagArgs.length === 0 && patterns.length === 0 && !onlyChanged && !testNamePattern;
  }

  onRunStart() {
    fs.rmSync(SEEN, { recursive: true, force: true });
  }

  onRunComplete(_, results) {
    const seen = fs.existsSync(SEEN)
      ? fs.readdirSync(SEEN).flatMap((worker) => fs.readFileSync(path.join(SEEN, worker), 'utf8').trim().split('\n'))
      : [];
    const texts = new Map(seen.map((line) => JSON.parse(line)));
    if (process.env.UPDATE_MESSAGES !== undefined) return write(texts, this.isWhole);
    if (!this.isWhole || results.numFailedTests > 0) return undefined;
    const obsolete = titlesOf(fs.readFileSync(FILE, 'utf8')).filter((title) => !texts.has(title));
    if (obsolete.length === 0) return undefined;
    this.error = new Error(`no test expects these texts any more:\n${obsolete.join('\n')}`);
    // Jest fails for the error of a reporter, but does not print it.
    process.stderr.write(`\n${this.error.message}\nRemove them from test/messages.txt with: npm run test:messages\n`);
    return undefined;
  }

  getLastError() {
    return this.error;
  }
};

/** The texts that were seen; of a run of some tests, beside those that are there. */
function write(texts, isWhole) {
  const known = isWhole ? [] : entriesOf(fs.readFileSync(FILE, 'utf8'));
  const all = [...new Map([...known, ...texts])].sort(([a], [b]) => (a < b ? -1 : 1));
  fs.writeFileSync(FILE, `${HEAD}${all.map(([title, text]) => `\n## ${title}\n${text}\n`).join('')}`);
}

function entriesOf(text) {
  return text
    .split('\n## ')
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n') + 1).replace(/\n$/, '')]);
}

function titlesOf(text) {
  return entriesOf(text).map(([title]) => title);
}
