import { arnParts } from './arn';
import { evaluateForEveryValue } from './chosen-values';
import { Ternary, every } from './ternary';
import { PLACEHOLDER, hasUnresolved, mayEqualAnyText } from './unresolved-text';
import { memoize } from '../util/memoize';

/** Comparisons of policy values with request values. The result is unknown where it depends on unresolved values. */

export function equals(policyValue: string, requestValue: string): Ternary {
  if (policyValue === requestValue) return true;
  return mayEqualAnyText(policyValue) || mayEqualAnyText(requestValue)
    ? evaluateForEveryValue([policyValue, requestValue], equalTexts)
    : false;
}

function equalTexts(policyValue: string, requestValue: string): Ternary {
  if (policyValue === requestValue) return true;
  return mayEqualAnyText(policyValue) || mayEqualAnyText(requestValue) ? undefined : false;
}

/** Whether a value matches a pattern with the wildcards of IAM: `*` for any characters, `?` for one character. */
export function like(pattern: string, requestValue: string): Ternary {
  if (pattern === requestValue || pattern === '*') return true;
  return /[*?]/.test(pattern)
    ? evaluateForEveryValue([pattern, requestValue], likeText)
    : equals(pattern, requestValue);
}

function likeText(pattern: string, requestValue: string): Ternary {
  const [maskedPattern, maskedValue] =
    hasUnresolved(pattern) || hasUnresolved(requestValue)
      ? maskPlaceholders(pattern, requestValue)
      : [pattern, requestValue];
  const source = maskedPattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '[^\\uE000-\\uF8FF]');
  if (new RegExp(`^${source}$`, 's').test(maskedValue)) return true;
  return mayEqualAnyText(pattern) || mayEqualAnyText(requestValue) || mayMatchGeneratedName(pattern, requestValue)
    ? undefined
    : false;
}

/**
 * Whether a pattern can match a value that contains a generated name: the literal text before and after the wildcards
 * and placeholders must agree.
 */
function mayMatchGeneratedName(pattern: string, requestValue: string): boolean {
  if (!hasUnresolved(requestValue)) return false;
  const patternParts = pattern.split(/[*?‹›]/);
  const valueParts = requestValue.split(/[‹›]/);
  return (
    sharePrefix(patternParts[0], valueParts[0]) &&
    shareSuffix(patternParts[patternParts.length - 1], valueParts[valueParts.length - 1])
  );
}

function sharePrefix(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function shareSuffix(a: string, b: string): boolean {
  return a.endsWith(b) || b.endsWith(a);
}

/**
 * The texts with one private-use character for each placeholder, the same character for the same placeholder, so that
 * no literal character matches it.
 */
function maskPlaceholders(...texts: string[]): string[] {
  let count = 0;
  const maskOf = memoize((_placeholder: string) => String.fromCharCode(0xe000 + count++));
  return texts.map((text) => text.replace(PLACEHOLDER, maskOf));
}

/** Compares ARNs part by part: a wildcard does not match a colon, except in the last part. */
export function arnLike(pattern: string, requestValue: string): Ternary {
  if (pattern === requestValue) return true;
  if (!/[*?]/.test(pattern) || (!pattern.startsWith('arn:') && mayEqualAnyText(pattern))) {
    return equals(pattern, requestValue);
  }
  return evaluateForEveryValue([pattern, requestValue], arnPartsLike);
}

function arnPartsLike(pattern: string, requestValue: string): Ternary {
  const patternParts = arnParts(pattern);
  const valueParts = arnParts(requestValue);
  return every(ARN_PART_INDEXES, (i) => like(patternParts[i] ?? '', valueParts[i] ?? ''));
}

const ARN_PART_INDEXES = [0, 1, 2, 3, 4, 5];

/** Whether an action element of a statement matches an action. Case does not matter. */
export function actionMatches(policyAction: string, action: string): Ternary {
  return like(policyAction.toLowerCase(), action.toLowerCase());
}
