import { spawnSync } from 'node:child_process';

/** The languages other than TypeScript and JavaScript whose packages are built. */
export const LANGUAGES = ['python', 'java', 'go', 'dotnet'] as const;

export type Language = (typeof LANGUAGES)[number];

/** Whether a language can be built: `missing` if a program is not installed, `unusable` if it is, but does not work. */
export interface ToolchainState {
  readonly state: 'ready' | 'missing' | 'unusable';
  /** What is missing or does not work. */
  readonly reason?: string;
}

/** Runs a program. Returns its output, or undefined if it is not installed; throws if it fails. */
export type RunProgram = (program: string, args: readonly string[]) => string | undefined;

/** Returns what is wrong with the output of a program, if anything. */
type Requirement = (output: string) => string | undefined;

interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly check?: Requirement;
}

const PROGRAMS: { readonly [language in Language]: readonly Program[] } = {
  python: [
    { program: 'python3', args: ['--version'], check: atLeast(/Python (\d+)\.(\d+)/, 3, 10) },
    { program: 'python3', args: ['-c', 'import ensurepip, venv'] },
  ],
  java: [
    { program: 'javac', args: ['-version'], check: atLeast(/javac (\d+)(?:\.(\d+))?/, 17, 0) },
    { program: 'mvn', args: ['--version'], check: atLeast(/Apache Maven (\d+)\.(\d+)/, 3, 6) },
  ],
  go: [{ program: 'go', args: ['version'], check: atLeast(/go(\d+)\.(\d+)/, 1, 25) }],
  // The sources alone are generated, which needs no toolchain.
  dotnet: [],
};

/** Whether the programs that build a language are installed, and new enough. */
export function toolchainOf(language: Language, run: RunProgram = runProgram): ToolchainState {
  for (const { program, args, check } of PROGRAMS[language]) {
    let output: string | undefined;
    try {
      output = run(program, args);
    } catch (error) {
      return { state: 'unusable', reason: `'${program} ${args.join(' ')}' failed: ${(error as Error).message}` };
    }
    if (output === undefined) return { state: 'missing', reason: `'${program}' is not installed` };
    const reason = check?.(output);
    if (reason !== undefined) return { state: 'unusable', reason: `'${program}' ${reason}` };
  }
  return { state: 'ready' };
}

function atLeast(version: RegExp, major: number, minor: number): Requirement {
  return (output) => {
    const found = version.exec(output);
    if (!found) return `has an unknown version: ${output.trim()}`;
    const [, actualMajor, actualMinor = '0'] = found;
    const isNewEnough = Number(actualMajor) > major || (Number(actualMajor) === major && Number(actualMinor) >= minor);
    return isNewEnough ? undefined : `is ${actualMajor}.${actualMinor}, but must be ${major}.${minor} or newer`;
  };
}

function runProgram(program: string, args: readonly string[]): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error && 'code' in error && error.code === 'ENOENT') return undefined;
  if (error) throw error;
  if (status !== 0) throw new Error(stderr.trim() || `exit status ${status}`);
  // Some programs print their version as an error.
  return stdout + stderr;
}

/** The languages to build, and those that are skipped, with the reason. */
export interface Selection {
  readonly selected: readonly Language[];
  readonly skipped: readonly { readonly language: Language; readonly reason: string }[];
  /** The languages that are skipped although this machine has their toolchain. */
  readonly installedButSkipped: readonly Language[];
}

/** Selects the languages that a machine can build, of those that are wanted. */
export function selectLanguages(
  wanted: readonly Language[],
  stateOf: (language: Language) => ToolchainState = toolchainOf,
): Selection {
  const states = wanted.map((language) => ({ language, ...stateOf(language) }));
  const skipped = states.filter(({ state }) => state !== 'ready');
  return {
    selected: states.filter(({ state }) => state === 'ready').map(({ language }) => language),
    skipped: skipped.map(({ language, reason = '' }) => ({ language, reason })),
    installedButSkipped: skipped.filter(({ state }) => state === 'unusable').map(({ language }) => language),
  };
}

/**
 * Selects the languages in the arguments of a script, or else all, and prints a line for each that is skipped. In CI,
 * and with `ALL_LANGUAGES=1`, it throws if one is skipped whose toolchain is installed.
 */
export function languagesFor(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  stateOf: (language: Language) => ToolchainState = toolchainOf,
): readonly Language[] {
  const unknown = args.find((arg) => !LANGUAGES.includes(arg as Language));
  if (unknown !== undefined) throw new Error(`'${unknown}' is not one of ${LANGUAGES.join(', ')}`);
  const selection = selectLanguages(args.length === 0 ? LANGUAGES : (args as Language[]), stateOf);
  for (const { language, reason } of selection.skipped) console.log(`SKIPPED ${language}: ${reason}`);
  if (mustBuildAll(env) && selection.installedButSkipped.length > 0) {
    throw new Error(
      `skipped although a toolchain is installed: ${selection.installedButSkipped.join(', ')}; ` +
        'repair or update it, or remove it from this machine',
    );
  }
  return selection.selected;
}

function mustBuildAll({ CI, ALL_LANGUAGES }: NodeJS.ProcessEnv): boolean {
  return [CI, ALL_LANGUAGES].some((value) => value !== undefined && !['', '0', 'false'].includes(value));
}
