import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { untranslatedIn } from './documentation';
import {
  OUTPUT,
  ProgramLanguage,
  checkSamples,
  exampleIn,
  install,
  projectWith,
  synthesize,
  synthesizeTypeScript,
} from './programs';
import { programWith, snippetsIn } from './snippets';
import { differencesOf, templatesIn } from './templates';
import { ROOT, buildPackage } from '../../projenrc/languages/build-packages';
import { LANGUAGES, Language, languagesFor } from '../../projenrc/languages/toolchains';

/**
 * Builds the packages of all languages, or of those in the arguments, and uses them as a user does: synthesizes the
 * example, whose templates must equal those of the example in TypeScript, and the samples of the documentation.
 */
function main(args: readonly string[]): void {
  const selected = languagesFor(args);
  const expected = synthesizeTypeScript();
  const failures = selected.filter((language) => !succeeds(language, expected));
  const skipped = LANGUAGES.length - selected.length;
  console.log(`languages: ${selected.length - failures.length} passed, ${failures.length} failed, ${skipped} skipped`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function succeeds(language: Language, expected: string): boolean {
  try {
    measured(`${language}: build the package`, () => buildPackage(language));
    if (language !== 'dotnet') runPrograms(language, expected);
    failIfAny(`TypeScript in the documentation of ${language}`, untranslatedIn(language, sourcesOf(language)));
    return true;
  } catch (error) {
    console.error(`FAILED ${language}: ${(error as Error).message}`);
    return false;
  }
}

function runPrograms(language: ProgramLanguage, expected: string): void {
  measured(`${language}: install`, () => install(language));
  if (language === 'python') console.log(`python: ${checkSamples().trim()}`);
  const actual = measured(`${language}: synthesize the example`, () =>
    synthesize(language, exampleIn(language), 'order-to-invoice'),
  );
  failIfAny('the templates differ from those in TypeScript', differencesOf(expected, actual));
  failIfAny('the example reports findings', messagesIn(actual));
  console.log(`${language}: ${templatesIn(actual).join(', ')} equal those in TypeScript`);

  const snippets = snippetsIn(language);
  if (snippets.length === 0) throw new Error(`no document has a code block in ${language}`);
  for (const { document, line, code } of snippets) {
    const assembly = runCode(language, `${document}:${line}`, code);
    // The publisher of the program is not allowed by the other app: the message has a call to copy, in the language.
    const [call] = messagesIn(assembly).flatMap((message) => callIn(message) ?? []);
    if (call !== EXPECTED_CALL[language]) {
      throw new Error(`expected a finding with ${EXPECTED_CALL[language]}, got ${messagesIn(assembly).join('\n')}`);
    }
    runCode(language, `the call of the finding, ${call}`, STATEMENT[language](call));
  }
}

/** Synthesizes a program with a piece of code. Returns the folder of its cloud assembly. */
function runCode(language: ProgramLanguage, name: string, code: string): string {
  const folder = name.replace(/\W+/g, '-').slice(0, 60);
  const project = projectWith(language, folder, programWith(language, code));
  return measured(`${language}: synthesize ${name}`, () => synthesize(language, project, folder));
}

/** The call that the finding on the publisher of the program proposes. */
const EXPECTED_CALL: { readonly [language in ProgramLanguage]: string } = {
  python: 'allow_publisher(EventPublisher.role("arn:aws:iam::111111111111:role/shop"), sources=["com.example.shop"])',
  java:
    'allowPublisher(EventPublisher.role("arn:aws:iam::111111111111:role/shop"), ' +
    'AllowedEvents.builder().sources(List.of("com.example.shop")).build())',
  go:
    'AllowPublisher(crossaccounteventbridge.EventPublisher_Role(' +
    'jsii.String("arn:aws:iam::111111111111:role/shop")), ' +
    '&crossaccounteventbridge.AllowedEvents{Sources: jsii.Strings("com.example.shop")})',
};

/** The call as a statement, on a bus of the program. */
const STATEMENT: { readonly [language in ProgramLanguage]: (call: string) => string } = {
  python: (call) => `bus.${call}`,
  java: (call) => `bus.${call};`,
  go: (call) => `import crossaccounteventbridge "${GO_MODULE}"\nbus.${call}`,
};

const GO_MODULE = 'github.com/cdk-cross-account-eventbridge/cdk-cross-account-eventbridge-go/crossaccounteventbridge';

function callIn(message: string): string | undefined {
  return /call (allow_?publisher\(.*\)) (?=on |for |or )/i.exec(message)?.[1];
}

/** The messages of findings in a cloud assembly. */
function messagesIn(assembly: string): string[] {
  const manifest = JSON.parse(readFileSync(join(assembly, 'manifest.json'), 'utf8')) as Manifest;
  const entries = Object.values(manifest.artifacts).flatMap(({ metadata = {}, additionalMetadataFile }) => {
    const file = additionalMetadataFile && join(assembly, additionalMetadataFile);
    const more = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Metadata) : {};
    return Object.values({ ...metadata, ...more }).flat();
  });
  return entries.filter(({ type }) => /^aws:cdk:(error|warning)$/.test(type)).map(({ data }) => String(data));
}

type Metadata = { readonly [path: string]: readonly { readonly type: string; readonly data?: unknown }[] };

interface Manifest {
  readonly artifacts: { readonly [id: string]: { readonly metadata?: Metadata; additionalMetadataFile?: string } };
}

/** The folder with the generated sources and documents of a package. */
function sourcesOf(language: Language): string {
  if (language === 'java') return join(ROOT, 'dist/build/java/src');
  if (language !== 'python') return join(ROOT, 'dist', language);
  // As pip installed them, from the wheel.
  const packages = join(OUTPUT, 'python/environment/lib');
  return join(packages, readdirSync(packages)[0], 'site-packages/cdk_cross_account_eventbridge');
}

function failIfAny(problem: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${problem}:\n${found.slice(0, 20).join('\n')}`);
}

function measured<T>(step: string, run: () => T): T {
  const start = Date.now();
  const result = run();
  console.log(`${step}: ${Math.round((Date.now() - start) / 1000)} s`);
  return result;
}

main(process.argv.slice(2));
