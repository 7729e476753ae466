// Runs the test files of a worker in the context of Node.js itself, where Jest makes a new one for each file: only so can
// they share one aws-cdk-lib (see require-once.js), which takes longer to load than most files take to run.
const hooks = require('node:async_hooks');
const vm = require('node:vm');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
require('./validate-once');

// Jest compiles modules in the context that an environment names, and the one of Node.js itself has no name.
const OWN_CONTEXT = vm.createContext();
const { compileFunction } = vm;
vm.compileFunction = (code, parameters, { parsingContext, ...options }) =>
  compileFunction(code, parameters, parsingContext === OWN_CONTEXT ? options : { ...options, parsingContext });

// What Jest leaves in a context costs each test file after it more time: handlers of its events, and storages that every
// promise is passed through.
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
const storages = [];
hooks.AsyncLocalStorage = class extends hooks.AsyncLocalStorage {
  constructor(...args) {
    super(...args);
    storages.push(this);
  }
};

globalThis[Symbol.for('require once')] = require;
Error.stackTraceLimit = 100;

module.exports = class OwnContextEnvironment {
  constructor({ projectConfig: config }) {
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config, global: globalThis });
    this.variables = { ...process.env };
  }

  async setup() {}

  async teardown() {
    this.fakeTimersModern.dispose();
    delete globalThis[EVENT_HANDLERS];
    for (const storage of storages.splice(0)) storage.disable();
    for (const name of Object.keys(process.env)) if (!(name in this.variables)) delete process.env[name];
    Object.assign(process.env, this.variables);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return OWN_CONTEXT;
  }
};
