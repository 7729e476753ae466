// The tests of the page in a real browser, with the configuration of all tests.
const { jest } = require('../../package.json');

module.exports = {
  ...jest,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/page-in-browser/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // Also on a busy machine.
  testTimeout: 300_000,
  reporters: ['default'],
};
