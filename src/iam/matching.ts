import { evaluateForEveryValue } from './chosen-values';
import { Ternary, every } from './ternary';
import { UNKNOWN, hasUnresolved, mayEqualAnyText, splitText } from './unresolved-text';

/** How values of policies are compared with those of a request. What deployment may make equal is undecided. */

export function equals(value: string, given: string): Ternary {
  if (value === given) return true;
  return mayEqualAnyText(value) || mayEqualAnyText(given) ? evaluateForEveryValue([value, given], equalTexts) : false;
}

function equalTexts(value: string, given: string): Ternary {
  return value === given || (mayEqualAnyText(value) || mayEqualAnyText(given) ? undefined : false);
}

/** Wildcards of IAM: `*` for any characters, `?` for one. */
export function like(pattern: string, given: string): Ternary {
  if (pattern === given || pattern === '*') return true;
  return /[*?]/.test(pattern) ? evaluateForEveryValue([pattern, given], likeText) : equals(pattern, given);
}

function likeText(pattern: string, given: string): Ternary {
  const [wanted, text] =
    hasUnresolved(pattern) || hasUnresolved(given) ? withPlaceholders(pattern, given) : [pattern, given];
  const source = wanted
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '[^\\uE000-\\uF8FF]');
  if (new RegExp(`^${source}$`, 's').test(text)) return true;
  return mayEqualAnyText(pattern) || mayEqualAnyText(given) || mayMatchGeneratedName(pattern, given)
    ? undefined
    : false;
}

/**
 * Whether a wildcard may stand for a name that CloudFormation makes: it does where what is known before and behind it
 * agrees.
 */
function mayMatchGeneratedName(pattern: string, given: string): boolean {
  if (!hasUnresolved(given)) return false;
  const [wanted, known] = [pattern.split(/[*?‹›]/), given.split(/[‹›]/)];
  const agree = (at: 'startsWith' | 'endsWith', one: string, other: string) => one[at](other) || other[at](one);
  return (
    agree('startsWith', wanted[0], known[0]) && agree('endsWith', wanted[wanted.length - 1], known[known.length - 1])
  );
}

/**
 * Texts with one character for each part that is known only at deployment, which no letters match: the same one for the
 * same part.
 */
function withPlaceholders(...texts: string[]): string[] {
  const marks = new Map<string, string>();
  const markOf = (part: string) =>
    marks.get(part) ?? marks.set(part, String.fromCharCode(0xe000 + marks.size)).get(part)!;
  return texts.map((text) => text.replace(UNKNOWN, markOf));
}

/** ARNs are compared part by part: a wildcard does not reach over a colon, but in the last part. */
export function arnLike(pattern: string, given: string): Ternary {
  if (pattern === given) return true;
  if (!/[*?]/.test(pattern) || (!pattern.startsWith('arn:') && mayEqualAnyText(pattern))) return equals(pattern, given);
  return evaluateForEveryValue([pattern, given], partsLike);
}

function partsLike(pattern: string, given: string): Ternary {
  const parts = (arn: string) => [...splitText(arn, ':').slice(0, 5), splitText(arn, ':').slice(5).join(':')];
  const wanted = parts(pattern);
  return every(parts(given), (part, i) => like(wanted[i] ?? '', part));
}

/** Whether an action of a statement, which may have wildcards and is in any case, stands for one that is called. */
export function actionMatches(action: string, called: string): Ternary {
  return like(action.toLowerCase(), called.toLowerCase());
}
