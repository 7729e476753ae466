// In place of a module that all test files of a worker share: what Node.js loaded of it.
module.exports = {
  process: (_, file) => ({ code: `module.exports = globalThis[Symbol.for('require once')](${JSON.stringify(file)});` }),
};
