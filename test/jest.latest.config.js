// The same tests against the newest aws-cdk-lib, without coverage: it is measured once, on the oldest supported release.
const { jest } = require('../package.json');

module.exports = {
  ...jest,
  rootDir: '..',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/page-in-browser/'],
  collectCoverage: false,
  coverageThreshold: undefined,
  moduleNameMapper: {
    ...jest.moduleNameMapper,
    '^aws-cdk-lib$': '<rootDir>/node_modules/aws-cdk-lib-latest',
    '^aws-cdk-lib/(.*)$': '<rootDir>/node_modules/aws-cdk-lib-latest/$1',
  },
  reporters: [
    'default',
    '<rootDir>/test/support/messages-reporter.js',
    ['jest-junit', { outputDirectory: 'test-reports', outputName: 'latest.xml' }],
  ],
};
