import { CodeLanguage } from '../util/code-languages';
import { messageIn } from '../util/message-languages';

/** The values of `JSII_AGENT`, which the runtime of jsii sets to itself and its version. */
const AGENTS: readonly (readonly [RegExp, CodeLanguage])[] = [
  [/^python/i, 'python'],
  [/^java/i, 'java'],
  [/^go\d/i, 'go'],
  [/^(dotnet|\.net)/i, 'dotnet'],
];

/** The language of the app; undefined if it is TypeScript or JavaScript. */
export function appLanguage(agent: string | undefined = process.env.JSII_AGENT): CodeLanguage | undefined {
  return AGENTS.find(([pattern]) => agent !== undefined && pattern.test(agent))?.[1];
}

/** A message with its code in the language of the app. */
export function inAppLanguage(message: string): string {
  const language = appLanguage();
  return language === undefined ? message : messageIn(language, message);
}
