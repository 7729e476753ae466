import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Language } from '../../projenrc/languages/toolchains';

/** The generated sources and documents of a language, which contain the samples. */
const SOURCES: { readonly [language in Language]: RegExp } = {
  python: /(\.py|README\.md)$/,
  java: /\.java$/,
  go: /(\.go|README\.md)$/,
  dotnet: /\.(cs|csproj)$/,
};

/** Code that is TypeScript and nothing else, and what jsii writes in front of a sample that did not compile. */
const TYPESCRIPT = [
  /```(ts|typescript|js|javascript)\b/,
  /^\W*(export )?(const|let) [\w{[][\w\s,}\]]*(: \w+)? = /,
  /\bnew \w+\((this|app|stack|hub|shop), '/,
  /^\W*import (\{|\* as) .* from '/,
  /non-compiling source|code below shows an example/i,
];

/** Samples in a language, and the words by which they are recognized. */
const TRANSLATED: { readonly [language in Language]: RegExp } = {
  python: /\.allow_publisher\(EventPublisher\.role\(/,
  java: /\.allowPublisher\(EventPublisher\.role\("/,
  go: /\.[Aa]llowPublisher\(\w+\.EventPublisher_[Rr]ole\(/,
  dotnet: /\.AllowPublisher\(EventPublisher\.Role\("/,
};

/** The lines of the generated sources of a package that have TypeScript, and whether a translated sample is missing. */
export function untranslatedIn(language: Language, directory: string): string[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((file) =>
    SOURCES[language].test(file),
  );
  const texts = files.map((file) => ({ file, text: readFileSync(join(directory, file), 'utf8') }));
  const found = texts.flatMap(({ file, text }) => typescriptIn(text).map((line) => `${file}:${line}`));
  if (!texts.some(({ text }) => TRANSLATED[language].test(text))) found.push('no translated sample was found');
  return found;
}

/** The lines of a text that have TypeScript, with their numbers. */
export function typescriptIn(text: string): string[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => TYPESCRIPT.some((pattern) => pattern.test(line)))
    .map(({ line, number }) => `${number}: ${line.trim()}`);
}
