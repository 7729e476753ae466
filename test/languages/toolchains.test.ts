import { LANGUAGES, RunProgram, languagesFor, selectLanguages, toolchainOf } from '../../projenrc/languages/toolchains';

const OUTPUTS: { readonly [program: string]: string } = {
  python3: 'Python 3.11.7\n',
  javac: 'javac 17.0.15\n',
  mvn: 'Apache Maven 3.8.7\nMaven home: /usr/share/maven\n',
  go: 'go version go1.26.8 linux/amd64\n',
};

const installed =
  (outputs: { readonly [program: string]: string | undefined } = {}): RunProgram =>
  (program) =>
    ({ ...OUTPUTS, ...outputs })[program];

describe('a toolchain', () => {
  test.each(LANGUAGES)('of %s is ready if its programs are installed', (language) => {
    expect(toolchainOf(language, installed())).toEqual({ state: 'ready' });
  });

  test.each([
    ['python', 'python3'],
    ['java', 'javac'],
    ['java', 'mvn'],
    ['go', 'go'],
  ] as const)('of %s is missing without %s', (language, program) => {
    const reason = `'${program}' is not installed`;
    expect(toolchainOf(language, installed({ [program]: undefined }))).toEqual({ state: 'missing', reason });
  });

  test.each([
    ['python', 'python3', 'Python 3.9.18', 'is 3.9, but must be 3.10 or newer'],
    ['java', 'javac', 'javac 1.8.0_402', 'is 1.8, but must be 17.0 or newer'],
    ['java', 'javac', 'javac 11', 'is 11.0, but must be 17.0 or newer'],
    ['go', 'go', 'go version go1.19.8 linux/amd64', 'is 1.19, but must be 1.25 or newer'],
    ['go', 'go', 'go version devel', 'has an unknown version: go version devel'],
  ] as const)('of %s is unusable if %s prints %j', (language, program, output, reason) => {
    expect(toolchainOf(language, installed({ [program]: output }))).toEqual({
      state: 'unusable',
      reason: `'${program}' ${reason}`,
    });
  });

  test('is unusable if a program fails', () => {
    const run: RunProgram = (program, args) => {
      if (args.includes('-c')) throw new Error('No module named ensurepip');
      return installed()(program, args);
    };
    expect(toolchainOf('python', run)).toEqual({
      state: 'unusable',
      reason: "'python3 -c import ensurepip, venv' failed: No module named ensurepip",
    });
  });
});

describe('the languages of a run', () => {
  const states = { python: 'ready', java: 'missing', go: 'unusable', dotnet: 'ready' } as const;
  const reason = 'a reason';

  test('are those whose toolchain is ready, and the others are skipped with a reason', () => {
    expect(selectLanguages(LANGUAGES, (language) => ({ state: states[language], reason }))).toEqual({
      selected: ['python', 'dotnet'],
      skipped: [
        { language: 'java', reason },
        { language: 'go', reason },
      ],
      installedButSkipped: ['go'],
    });
  });

  describe.each([[{}], [{ CI: 'false' }], [{ ALL_LANGUAGES: '' }]])('with %j', (env) => {
    test('print a line for each that is skipped', () => {
      const lines = printed(() => {
        expect(languagesFor([], env, (language) => ({ state: states[language], reason }))).toEqual([
          'python',
          'dotnet',
        ]);
      });
      expect(lines).toEqual(['SKIPPED java: a reason', 'SKIPPED go: a reason']);
    });
  });

  test.each([[{ CI: 'true' }], [{ CI: '1' }], [{ ALL_LANGUAGES: '1' }]])(
    'fail with %j if one is skipped whose toolchain is installed',
    (env) => {
      const run = () => languagesFor([], env, (language) => ({ state: states[language], reason }));
      printed(() => expect(run).toThrow('skipped although a toolchain is installed: go'));
    },
  );

  test('do not fail in CI if a toolchain is missing', () => {
    printed(() => {
      const missing = () => ({ state: 'missing', reason }) as const;
      expect(languagesFor([], { CI: 'true' }, missing)).toEqual([]);
    });
  });

  test('are those in the arguments', () => {
    expect(languagesFor(['go'], { CI: 'true' }, () => ({ state: 'ready' }))).toEqual(['go']);
  });

  test('fail for an argument that is no language', () => {
    expect(() => languagesFor(['ruby'], {})).toThrow("'ruby' is not one of python, java, go, dotnet");
  });
});

/** The lines that a function prints. */
function printed(run: () => void): string[] {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  try {
    run();
    return log.mock.calls.map(([line]) => String(line));
  } finally {
    log.mockRestore();
  }
}
