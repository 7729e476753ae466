// A test runner of Stryker that keeps all test files loaded, in a process for each core.
const fs = require('node:fs');
const path = require('node:path');
const { compileIn, errorOfTest, forgetModules, loadTestFile, restoreMocks } = require('./test-files');

/** What the first run found, for the other processes: the tests, their time, and the mutants that they reach. */
const FIRST_RUN = 'first-run.json';

/** The tests of one mutant take no longer than this many milliseconds in the first run; it survives if they pass. */
const MOST_TIME = Number(process.env.MUTATION_TIME ?? 30_000);

class TestRunner {
  constructor() {
    this.root = process.cwd();
    this.context = globalThis.__stryker__ = {};
    this.variables = { ...process.env };
    this.temporary = path.join(this.root, 'tmp', String(process.pid));
    Object.assign(this.variables, { TMPDIR: this.temporary, JEST_WORKER_ID: String(process.pid) });
    /** Tests by file, of the files that are loaded. */
    this.loaded = new Map();
    /** The tests that found the last mutants of each file. */
    this.killers = new Map();
    /** Tests that passed as the first one. */
    this.independent = new Set();
    this.isMutated = false;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.cleanUp();
    compileIn(this.root);
  }

  async dryRun() {
    const files = process.env.MUTATION_TESTS.split(' ').flatMap((name) => this.testFilesIn(name));
    const tests = [];
    for (const file of files.sort()) {
      for (const one of this.testsOf(file)) {
        if (one.test.mode === 'skip' || one.test.mode === 'todo') continue;
        this.context.currentTestId = one.id;
        const start = performance.now();
        const error = await errorOfTest(one);
        this.context.currentTestId = undefined;
        const timeSpentMs = performance.now() - start;
        const result = { id: one.id, name: one.id, fileName: file, timeSpentMs };
        tests.push(error ? { ...result, status: 1, failureMessage: textOf(error) } : { ...result, status: 0 });
      }
    }
    this.cleanUp();
    const mutantCoverage = this.context.mutantCoverage ?? { static: {}, perTest: {} };
    fs.writeFileSync(path.join(this.root, FIRST_RUN), JSON.stringify({ tests, perTest: mutantCoverage.perTest }));
    return { status: 'complete', tests, mutantCoverage };
  }

  /** A test file, or all those in a folder. */
  testFilesIn(name) {
    const place = path.join(this.root, name);
    if (name.endsWith('.ts')) return [place];
    const files = fs.readdirSync(place, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
    return files.map((file) => path.join(place, file));
  }

  async mutantRun({ activeMutant, testFilter, sandboxFileName, hitLimit, reloadEnvironment }) {
    const reaching = testFilter ?? this.testsRunning([activeMutant.id]);
    let result = await this.runSwitched(activeMutant, reaching, hitLimit);
    const isKept = reloadEnvironment || /\bmemoize\(/.test(fs.readFileSync(sandboxFileName, 'utf8'));
    if (isKept && result.status === 'survived') {
      // modules keep what the code computed when they were loaded, or for another test
      const near = [this.testsImporting(sandboxFileName), this.testsReaching(sandboxFileName)];
      const tests = this.inOrder(activeMutant, [...this.firstRun.byId.keys()], near);
      this.reload();
      result = await this.runTests(activeMutant.id, tests, hitLimit, true);
      this.isMutated = true;
      if (result.killedBy && !(await this.passesAlone(result.killedBy[0])))
        result = { status: 'survived', nrOfTests: 0 };
    }
    if (result.killedBy) this.remember(activeMutant, result.killedBy[0]);
    this.cleanUp();
    return result;
  }

  /** The mutant is active while tests run, and not while modules are loaded. */
  async runSwitched(mutant, ids, hitLimit) {
    if (ids.length === 0) return { status: 'survived', nrOfTests: 0 };
    const tests = this.inOrder(mutant, ids);
    if (this.isMutated) this.reload();
    const result = await this.runTests(mutant.id, tests, hitLimit, false);
    if (result.status !== 'killed' || !(await this.failsAnyhow(result.killedBy[0]))) return result;
    // a mutant before this one left something behind that is not in its test files
    this.reload();
    const again = await this.runTests(mutant.id, tests, hitLimit, false);
    this.isMutated = await this.failsAnyhow(again.killedBy?.[0]);
    return again;
  }

  async runTests(mutant, ids, hitLimit, isStatic) {
    Object.assign(this.context, { hitCount: 0, hitLimit, activeMutant: isStatic ? mutant : undefined });
    const files = new Set();
    let nrOfTests = 0;
    try {
      for (const id of ids) {
        const { fileName } = this.firstRun.byId.get(id);
        files.add(fileName);
        const one = this.testsOf(fileName).find((other) => other.id === id);
        if (!one) return { status: 'error', errorMessage: `there is no test '${id}' with this mutant` };
        nrOfTests++;
        this.context.activeMutant = mutant;
        const error = await errorOfTest(one);
        this.context.activeMutant = isStatic ? mutant : undefined;
        if (this.context.hitCount > hitLimit) return { status: 'timeout', reason: 'hit limit reached' };
        if (error) return { status: 'killed', killedBy: [id], failureMessage: textOf(error), nrOfTests };
      }
      return { status: 'survived', nrOfTests };
    } catch (error) {
      return { status: 'error', errorMessage: textOf(error) };
    } finally {
      Object.assign(this.context, { activeMutant: undefined, hitLimit: undefined });
      restoreMocks();
      // their tests share apps, in which the mutant has an effect
      for (const file of files) this.loaded.delete(file);
    }
  }

  async failsAnyhow(id) {
    if (id === undefined) return false;
    const one = this.testsOf(this.firstRun.byId.get(id).fileName).find((other) => other.id === id);
    return (await errorOfTest(one)) !== undefined;
  }

  /** Whether a test passes without a mutant as the first one: it does not depend on tests before it. */
  async passesAlone(id) {
    if (this.independent.has(id)) return true;
    this.reload();
    if (await this.failsAnyhow(id)) return false;
    this.independent.add(id);
    return true;
  }

  testsOf(file) {
    if (!this.loaded.has(file)) this.loaded.set(file, loadTestFile(this.root, file));
    return this.loaded.get(file);
  }

  reload() {
    forgetModules(this.root);
    this.loaded.clear();
    this.isMutated = false;
  }

  get firstRun() {
    if (!this.first) {
      const { tests, perTest } = JSON.parse(fs.readFileSync(path.join(this.root, FIRST_RUN), 'utf8'));
      const byId = new Map(tests.map((one) => [one.id, one]));
      this.first = { byId, perTest: new Map(Object.entries(perTest).map(([id, hits]) => [id, Object.keys(hits)])) };
    }
    return this.first;
  }

  /** The tests in files that import a file. */
  testsImporting(file) {
    const ending = `/${path.basename(file, '.ts')}'`;
    const tests = [...this.firstRun.byId.values()];
    const files = [...new Set(tests.map(({ fileName }) => fileName))];
    const importing = new Set(files.filter((one) => fs.readFileSync(one, 'utf8').includes(ending)));
    return tests.filter(({ fileName }) => importing.has(fileName)).map(({ id }) => id);
  }

  /** The tests that run any function of a file. */
  testsReaching(file) {
    const mutants = fs.readFileSync(file, 'utf8').matchAll(/stryMutAct_\w+\("(\d+)"\)/g);
    return this.testsRunning([...mutants].map(([, id]) => id));
  }

  testsRunning(mutants) {
    const wanted = new Set(mutants);
    const { perTest } = this.firstRun;
    return [...perTest.keys()].filter((id) => perTest.get(id).some((mutant) => wanted.has(mutant)));
  }

  /** First what found mutants of this file just before, then what is near to it, and the tests that run little. */
  inOrder({ fileName }, ids, near = [ids]) {
    const { byId, perTest } = this.firstRun;
    const killers = this.killers.get(fileName) ?? [];
    const groups = near.map((group) => new Set(group));
    const distance = (id) => [...groups.map((group) => group.has(id)), true].indexOf(true) * 1e12;
    const cost = (id) => byId.get(id).timeSpentMs * (perTest.get(id)?.length ?? 1) + distance(id);
    const rank = new Map(ids.map((id) => [id, killers.includes(id) ? killers.indexOf(id) - killers.length : cost(id)]));
    let time = 0;
    return [...ids]
      .sort((a, b) => rank.get(a) - rank.get(b))
      .filter((id) => (time += byId.get(id).timeSpentMs) <= MOST_TIME);
  }

  remember({ fileName }, id) {
    const others = (this.killers.get(fileName) ?? []).filter((other) => other !== id);
    this.killers.set(fileName, [id, ...others].slice(0, 5));
  }

  /** Removes the variables and files that tests left. */
  cleanUp() {
    for (const name of Object.keys(process.env)) if (!(name in this.variables)) delete process.env[name];
    Object.assign(process.env, this.variables);
    fs.rmSync(this.temporary, { recursive: true, force: true });
    fs.mkdirSync(this.temporary, { recursive: true });
  }
}

function textOf(error) {
  return String(error?.message ?? error).slice(0, 500);
}

exports.strykerPlugins = [{ kind: 'TestRunner', name: 'one-process', injectableClass: TestRunner }];
