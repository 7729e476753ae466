import { awscdk, cdk, javascript } from 'projen';

// The test files of a worker share one copy of these.
const SHARED_MODULES = '/node_modules/(aws-cdk-lib|aws-cdk-lib-latest|constructs)/';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-cross-account-eventbridge',
  description: 'Cross-account Amazon EventBridge, wired and checked at synth',
  keywords: ['aws-cdk', 'eventbridge'],
  author: 'The maintainers',
  authorAddress: 'maintainers@cdk-cross-account-eventbridge.example',
  repositoryUrl: 'https://github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge.git',
  defaultReleaseBranch: 'main',
  license: 'Apache-2.0',
  copyrightOwner: 'The maintainers',
  stability: cdk.Stability.EXPERIMENTAL,

  // toolchain
  packageManager: javascript.NodePackageManager.NPM,
  projenrcTs: true,
  minNodeVersion: '20.16.0',
  jsiiVersion: '~5.9.0', // TypeScript 5.9; '~6.0.0' (TypeScript 6.0) builds green too
  typescriptVersion: '~5.9.0',
  cdkVersion: '2.235.0', // peer floor: the devDependency is pinned to exactly this version
  constructsVersion: '10.5.1',
  devDeps: [
    // what is deployed by the end-to-end test is read with these; a function of an example uses the first
    ...['eventbridge', 'cloudformation', 'cloudwatch-logs', 'iam', 'lambda', 'sqs', 'sts'].map(
      (service) => `@aws-sdk/client-${service}@^3.1100.0`,
    ),
    'aws-cdk@^2.1148.1', // never unpinned: the registry's "latest" is a stray 3.0.0
    'aws-cdk-lib-latest@npm:aws-cdk-lib@2.276.0', // second test run against the newest CDK
    'axe-core@^4.14.1', // accessibility rules of the page, in a real browser
    'ajv@^8.17.1', // validates the report against its schema in a test
    'cdk-nag@^3.0.2', // a second opinion; needs the newest CDK, see the override below
    '@hpcc-js/wasm-graphviz@^1.29.2', // Graphviz lays out the page, and is part of its file
    'esbuild@^0.28.2', // puts the command and what it needs into one file
    'dompurify@^3.4.0', // part of mermaid, which a test uses without a browser
    'fast-check',
    'mermaid@^11.17.2', // parses the flowcharts of the command in a test
    'playwright-core@^1.65.1', // opens the page in a real browser
    '@stryker-mutator/core@9.6.1', // mutation testing; 10 needs Node.js 22
    'tsconfig-paths@^4.2.0',
    'yaml@^2.9.1', // the command reads templates in YAML; it is part of the file of the command
  ],

  // one root config for tests, examples and lint
  tsconfigDevFile: 'tsconfig.dev.json',
  tsconfigDev: {
    // examples and tests import the library by its name, as users do
    compilerOptions: { paths: { 'cdk-cross-account-eventbridge': ['./src'] } },
    exclude: ['lib', 'dist', 'cdk.out', 'coverage', 'page'],
    include: ['.projenrc.ts', 'src/**/*.ts', 'test/**/*.ts', 'examples/**/*.ts', 'bench/**/*.ts'],
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'bench', 'page'],
    projectService: false, // the service looks for the nearest tsconfig.json, which covers src only
    tsconfigPath: './tsconfig.dev.json',
    commandOptions: { fix: false },
  },
  prettier: true,
  prettierOptions: { settings: { printWidth: 120, singleQuote: true, trailingComma: javascript.TrailingComma.ALL } },
  typecheckTests: true, // jest runs with isolatedModules, so types are checked once by tsc
  jestOptions: {
    passWithNoTests: false,
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    jestConfig: {
      collectCoverageFrom: ['src/**/*.ts'],
      coverageThreshold: { branches: 95, functions: 95, lines: 95, statements: 95 },
      // those need what only the newest CDK has
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/latest-cdk/', '<rootDir>/test/page-in-browser/'],
      moduleNameMapper: { '^cdk-cross-account-eventbridge$': '<rootDir>/src' },
      testEnvironment: '<rootDir>/test/support/one-cdk/environment.js',
      globalSetup: '<rootDir>/test/support/temporary-folder.js',
      globalTeardown: '<rootDir>/test/support/end-of-tests.js',
      transform: {
        [`${SHARED_MODULES}.*\\.js$`]: new javascript.Transform('<rootDir>/test/support/one-cdk/require-once.js'),
      },
      transformIgnorePatterns: [`^(?!.*${SHARED_MODULES}).*/node_modules/`],
      // what aws-cdk-lib keeps of each app adds up
      workerIdleMemoryLimit: '2GB',
    },
  },

  // other languages: generated only by hand or on a machine that has their toolchains
  publishToPypi: { distName: 'cdk-cross-account-eventbridge', module: 'cdk_cross_account_eventbridge' },
  publishToMaven: {
    javaPackage: 'io.github.cdkcrossaccounteventbridge',
    mavenGroupId: 'io.github.cdkcrossaccounteventbridge',
    mavenArtifactId: 'cdk-cross-account-eventbridge',
  },
  // a repository of its own, with nothing but what is generated: see docs/decisions/0026-languages.md
  publishToGo: {
    moduleName: 'github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge-go',
    packageName: 'crossaccounteventbridge',
  },
  publishToNuget: { dotNetNamespace: 'CrossAccountEventBridge', packageId: 'CrossAccountEventBridge' },

  // no GitHub workflows, releases or upgrade jobs from here
  github: false,
  release: false,
  depsUpgrade: false,
  sampleCode: false,

  gitignore: ['cdk.out/', '.jsii.tabl.json', '*.tgz', '*.tsbuildinfo', '__pycache__/', '/examples/java/*/target/'],
});

// What only contributors use is not in the package; `test/consumer/package-files.ts` lists what is.
[
  ...[
    '/.ci/',
    '/.jsii.tabl.json',
    '/bench/',
    '/page/',
    '/rosetta/',
    '/tsconfig.dev.json',
    'cdk.out/',
    '/CONTRIBUTING.md',
  ],
  ...['/docs/adding-a-check.md', '/docs/testing.md', '/docs/benchmarks.md', '/docs/decisions/', '/docs/pictures/'],
  // the examples, without what only the tests and the demo of this repository read
  ...['/examples/*', '!/examples/typescript/', '/examples/typescript/demo.ts', '/examples/**/questions*.json'],
].forEach((p) => project.addPackageIgnore(p));

project.package.addVersion('0.1.0');

// unrs-resolver 1.13.0 misses platform bindings in some registries, and `npm ci` then refuses the lockfile
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// cdk-nag is used in the test run on the newest CDK only
project.package.file.addOverride('overrides.cdk-nag.aws-cdk-lib', '$aws-cdk-lib');

// The command is one file with everything that it needs, except for the CDK. Its parts are not published.
const COMMAND = 'lib/bin/cdk-cross-account-eventbridge.js';
project.package.addBin({ 'cdk-cross-account-eventbridge': COMMAND });
const command = project.addTask('bundle:command', {
  description: 'Write the command of the package to one file',
  exec:
    'esbuild src/cli/command.ts --bundle --platform=node --target=node20 --external:aws-cdk-lib ' +
    `--external:constructs --outfile=${COMMAND} --log-level=warning`,
});
command.exec('cp node_modules/yaml/LICENSE lib/bin/LICENSE-yaml');
project.postCompileTask.spawn(command);
project.eslint!.allowDevDeps('src/cli/yaml-template.ts');
['/lib/cli/', '!/lib/bin/LICENSE-yaml'].forEach((p) => project.addPackageIgnore(p));

// The page is one file with everything that it needs, except for its data. The package has it without its sources.
const page = project.addTask('bundle:page', {
  description: 'Write the page without its data to one file',
  exec: 'ts-node -T --project projenrc/tsconfig.json projenrc/bundle-page.ts',
});
project.postCompileTask.spawn(page);
project
  .tryFindObjectFile('.eslintrc.json')!
  .addOverride('parserOptions.project', ['./tsconfig.dev.json', './page/tsconfig.json']);
project.eslint!.allowDevDeps('page/layout.ts');

// Each file is loaded when one of its classes is used for the first time.
project.postCompileTask.prependExec('ts-node -T --project projenrc/tsconfig.json projenrc/lazy-index.ts');

// README and doc-comment samples must compile
project.postCompileTask.exec('jsii-rosetta extract --strict');

// The packages of the other languages, where their toolchains are installed; the sources alone for .NET.
const buildLanguages = 'ts-node -T --project projenrc/tsconfig.json projenrc/package-languages.ts';
const languages = project.addTask('package:languages', {
  description: 'Build the packages of the other languages; it prints a line for each that is skipped',
  exec: buildLanguages,
  receiveArgs: true,
});
for (const language of ['python', 'java', 'go', 'dotnet']) {
  project.tasks.tryFind(`package:${language}`)!.reset(`${buildLanguages} ${language}`);
}
project.packageTask.reset();
project.packageTask.spawn(project.tasks.tryFind('package:js')!);
project.packageTask.spawn(languages);

project.addTask('test:languages', {
  description: 'Build the packages of all languages, and compare the templates of their examples',
  exec: 'ts-node -T --project projenrc/tsconfig.json test/languages/run.ts',
  receiveArgs: true,
});

// the texts of findings and errors stand in one file
project.jest!.addReporter(new javascript.JestReporter('<rootDir>/test/support/messages-reporter.js'));

project.eslint!.addRules({
  'max-len': ['error', { code: 120, tabWidth: 2 }],
  'no-nested-ternary': 'error',
  // Random cases have a fixed seed, and are few in quick runs.
  'no-restricted-syntax': [
    'error',
    {
      selector: 'CallExpression[callee.object.name="fc"][callee.property.name="assert"][arguments.length=1]',
      message: 'Pass randomCases() as the second argument.',
    },
  ],
});

// The quick loop: what most often fails comes first; no coverage, no delivery oracle, the oldest CDK alone.
const lint = project.tasks.tryFind('eslint')!;
const types = project.addTask('types', {
  description: 'Check the types of sources, tests, examples and benchmarks',
  exec: 'tsc --noEmit --project tsconfig.dev.json',
});
types.exec('tsc --noEmit --project page/tsconfig.json');
project.testTask.reset();
// the linter and the compiler take one core each
project.testTask.exec(`bash -c 'projen ${lint.name} & lint=$!; projen ${types.name} && wait $lint'`);
project.testTask.spawn(page);
project.testTask.exec('jest --ci --coverage=false --maxWorkers=100%', {
  receiveArgs: true,
  env: { DELIVERY_ORACLE: 'none', RANDOM_CASES: 'few' },
});

// Everything: on both CDKs, with coverage, the delivery oracle and many random cases.
const newest = project.addTask('test:latest', {
  description: 'Run the tests against the newest aws-cdk-lib',
  exec: 'jest --ci --config test/jest.latest.config.js --maxWorkers=100%',
  receiveArgs: true,
});
const all = project.addTask('test:all', {
  description: 'Run all tests against the oldest and the newest aws-cdk-lib, with coverage and the delivery oracle',
  exec: 'jest --ci --maxWorkers=100%',
});
all.spawn(newest);

project.addTask('test:page', {
  description: 'Test the page in a real browser',
  steps: [
    { spawn: page.name },
    { exec: 'bash test/page-in-browser/install-chromium.sh' },
    { exec: 'jest --ci --coverage=false --config test/page-in-browser/jest.config.js --runInBand', receiveArgs: true },
  ],
});

project.addTask('test:consumer', {
  description: 'Install the package in apps outside of the repository, and use it there as its users do',
  exec: 'ts-node -T --project tsconfig.dev.json test/consumer/run.ts',
  receiveArgs: true,
});

project.addTask('e2e', {
  description: 'Deploy examples to an emulator of AWS, and see where events arrive; installs it from PyPI',
  exec: 'ts-node -T --project tsconfig.dev.json test/e2e/run.ts',
  env: { NODE_NO_WARNINGS: '1' }, // of the SDK, about Node.js 20
  receiveArgs: true,
});

project.addTask('test:mutation', {
  description:
    'Change the code of folders in many small ways, and fail if the tests do not notice: see docs/testing.md',
  exec: 'node test/mutation/run.js',
  receiveArgs: true,
});

project.addTask('test:messages', {
  description: 'Write test/messages.txt again, the texts that the tests expect: read the difference',
  exec: 'jest --ci --coverage=false --maxWorkers=100%',
  receiveArgs: true,
  env: { UPDATE_MESSAGES: 'true', DELIVERY_ORACLE: 'none', RANDOM_CASES: 'few' },
});

const script = (file: string) => `ts-node -T --project tsconfig.dev.json -r tsconfig-paths/register ${file}`;
const demo = project.addTask('demo', {
  description: 'Synthesize examples, and ask the command what is delivered; needs no credentials',
});
demo.spawn(page);
demo.exec(script('examples/typescript/demo.ts'), { receiveArgs: true });

const capacity = project.addTask('bench:capacity', {
  description: 'Count the accounts that the policy of one bus holds',
  exec: script('bench/capacity.ts'),
});
const sizes = project.addTask('bench:sizes', {
  description: 'Measure templates, policies of functions and the package, beside aws-cdk-lib',
  exec: script('bench/sizes.ts'),
});
project.addTask('bench', {
  description: 'Measure sizes, and what the checks and the import cost, beside aws-cdk-lib and cdk-nag',
  steps: [
    { spawn: capacity.name },
    { spawn: sizes.name },
    { exec: script('bench/imports.ts'), receiveArgs: true },
    { exec: script('bench/synth.ts'), receiveArgs: true },
  ],
});

project.addTask('test:edits', {
  description: 'Edit apps in several repositories, and compare what is reported with the delivery oracle',
  exec: script('test/edits/run.ts'),
  receiveArgs: true,
  env: { JSII_DEPRECATED: 'quiet' },
});

project.addTask('fuzz', {
  description: 'Check thousands of random apps: npm run fuzz -- --apps 5000 --seed 1',
  exec: script('-r ./test/support/one-cdk/validate-once test/fuzz/run.ts'),
  receiveArgs: true,
  env: { JSII_DEPRECATED: 'quiet' },
});

project.addTask('bench:page', {
  description: 'Measure what the page and the comparison of an app with 300 elements cost',
  steps: [
    { spawn: page.name },
    {
      exec: script('bench/page.ts'),
      receiveArgs: true,
    },
  ],
});

// A release is a tag: nothing is published, and no registry is asked.
const SCRIPT = 'ts-node -T --project projenrc/tsconfig.json projenrc/release';
project.tasks.removeTask('compat');
project.addTask('compat', {
  description: 'Compare the API and the names in templates with the last release',
  exec: `${SCRIPT}/compat.ts`,
  receiveArgs: true,
});
project.addTask('release', {
  description: 'Check, build, commit and tag a release, without publishing it: npm run release -- VERSION',
  exec: `${SCRIPT}/release.ts`,
  receiveArgs: true,
});

project.addTask('docs:compared', {
  description: 'Write docs/compared-with-aws-cdk-lib.md again, with the newest aws-cdk-lib',
  exec: 'ts-node -T --project test/compared/tsconfig.json -r tsconfig-paths/register test/compared/write-page.ts',
});

project.tasks.addEnvironment('JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION', '20');
project.tasks.addEnvironment('CDK_DISABLE_CLI_TELEMETRY', 'true');

project.synth();
