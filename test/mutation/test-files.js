// Loads test files as Jest does, with its `describe`, `test` and `expect`, but keeps them and all that they import: a
// mutant is switched on and off in what is loaded, so that it costs no more than the tests that reach it.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { jestExpect } = require('@jest/expect');
const circus = require('jest-circus');
const { ModuleMocker } = require('jest-mock');
const ts = require('typescript');
const { jest: JEST } = require('../../package.json');

/** What was compiled, by the compiler and the content: of all files that are not mutated, the same in each run. */
const COMPILED = path.join(__dirname, '../../test-reports/mutation/compiled');

const mocker = new ModuleMocker(globalThis);
const { describe, test, it, beforeAll, beforeEach, afterAll, afterEach } = circus;
Object.assign(globalThis, { describe, test, it, beforeAll, beforeEach, afterAll, afterEach, expect: jestExpect });
globalThis.jest = {
  fn: (implementation) => mocker.fn(implementation),
  spyOn: (object, method) => mocker.spyOn(object, method),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  requireActual: (name) => require(name),
};
Error.stackTraceLimit = 100;
require('../support/one-cdk/validate-once');
// the same random cases for all mutants
require('fast-check').configureGlobal({ seed: 1 });

/** Has Node.js compile the TypeScript of a folder, and find this library by its name there. */
function compileIn(root) {
  const config = ts.getParsedCommandLineOfConfigFile(path.join(root, 'tsconfig.dev.json'), {}, ts.sys);
  const compilerOptions = {
    ...config.options,
    ...{ module: ts.ModuleKind.CommonJS, moduleResolution: undefined },
    ...{ noEmit: false, declaration: false, inlineSourceMap: false, inlineSources: false },
  };
  fs.mkdirSync(COMPILED, { recursive: true });
  const codeOf = memoize((fileName) => {
    const source = fs.readFileSync(fileName, 'utf8');
    const key = JSON.stringify([ts.version, config.raw.compilerOptions, source]);
    const file = path.join(COMPILED, `${createHash('sha256').update(key).digest('hex')}.js`);
    if (fs.existsSync(file)) return fs.readFileSync(file, 'utf8');
    const { outputText } = ts.transpileModule(source, { compilerOptions, fileName });
    fs.writeFileSync(`${file}.${process.pid}`, outputText);
    fs.renameSync(`${file}.${process.pid}`, file);
    return outputText;
  });
  Module._extensions['.ts'] = (module, fileName) => module._compile(codeOf(fileName), fileName);
  const names = Object.entries(JEST.moduleNameMapper).map(([name, to]) => [
    new RegExp(name),
    to.replace('<rootDir>', root),
  ]);
  const { _resolveFilename } = Module;
  Module._resolveFilename = (request, ...rest) =>
    _resolveFilename(names.find(([name]) => name.test(request))?.[1] ?? request, ...rest);
}

function memoize(compute) {
  const values = new Map();
  return (key) => values.get(key) ?? values.set(key, compute(key)).get(key);
}

/** Forgets all modules of the folder, so that they are loaded again. */
function forgetModules(root) {
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root + path.sep) && !file.includes('/node_modules/')) delete require.cache[file];
  }
}

/** The tests of a file, each with an ID of its own: two can have the same title. */
function loadTestFile(root, file) {
  circus.resetState();
  jestExpect.setState({ testPath: file, currentTestName: undefined });
  delete require.cache[file];
  require(file);
  // else this module would keep what it loaded before
  module.children = [];
  const titles = new Map();
  return testsIn(circus.getState().rootDescribeBlock, []).map(({ test: one, names }) => {
    const title = names.join(' ');
    const count = (titles.get(title) ?? 0) + 1;
    titles.set(title, count);
    const id = `${path.relative(root, file)} › ${title}${count > 1 ? ` (${count})` : ''}`;
    return { id, title, file, test: one };
  });
}

function testsIn(block, names) {
  return block.children.flatMap((child) => {
    const path = [...names, child.name];
    return child.type === 'test' ? [{ test: child, names: path }] : testsIn(child, path);
  });
}

/** Runs one test with the hooks of all its blocks, also those that Jest runs once for a block; gives its error. */
async function errorOfTest({ test: one, title, file }) {
  jestExpect.setState({
    ...{ testPath: file, currentTestName: title, assertionCalls: 0, expectedAssertionsNumber: null },
    ...{ isExpectingAssertions: false, suppressedErrors: [] },
  });
  mocker.clearAllMocks();
  const blocks = [];
  for (let block = one.parent; block; block = block.parent) blocks.unshift(block);
  const hooks = (type) => blocks.flatMap((block) => block.hooks.filter((hook) => hook.type === type));
  const context = {};
  let error;
  const call = async ({ fn }) => {
    try {
      await inTime(fn.call(context));
    } catch (thrown) {
      error ??= thrown ?? new Error('nothing was thrown');
    }
  };
  for (const hook of [...hooks('beforeAll'), ...hooks('beforeEach')]) if (!error) await call(hook);
  if (!error) await call(one);
  for (const hook of [...hooks('afterEach'), ...hooks('afterAll')].reverse()) await call(hook);
  return error;
}

/** A promise that is never settled is an error. */
async function inTime(result) {
  if (typeof result?.then !== 'function') return;
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('the test takes too long')), 60_000);
  });
  try {
    await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

module.exports = { compileIn, errorOfTest, forgetModules, loadTestFile, restoreMocks: () => mocker.restoreAllMocks() };
