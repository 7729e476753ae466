import { arnParts, parseArn } from './arn';
import { evaluateForEveryValue } from './chosen-values';
import { Ternary, every } from './ternary';
import { GENERATED_NAME, PLACEHOLDER, hasUnresolved, mayEqualAnyText } from './unresolved-text';
import { matchesWildcards } from './wildcards';
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
  if (!mayEqualAnyText(policyValue) && !mayEqualAnyText(requestValue)) return false;
  return shareEnds(withMaskedNames(policyValue, requestValue), /[‹›]/) ? undefined : false;
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
  if (matchesWildcards(maskedPattern, maskedValue, matchesCharacter)) return true;
  // A wildcard may match a part of a generated name.
  const isUnknown = mayEqualAnyText(pattern) || hasUnresolved(requestValue);
  return isUnknown && shareEnds([pattern, requestValue], /[*?‹›]/) ? undefined : false;
}

/** The character of a masked placeholder is not one character, so a question mark does not match it. */
function matchesCharacter(inPattern: string, character: string): boolean {
  return inPattern === character || (inPattern === '?' && !/[\uE000-\uF8FF]/.test(character));
}

/**
 * Whether the literal text before the first and after the last unknown part of two texts agrees. If not, no values of
 * the unknown parts make them equal. The partitions of ARNs are not compared: that of a stack without a Region is only
 * assumed.
 *
 * @param unknownParts what begins or ends an unknown part of the policy value
 */
function shareEnds([policyValue, requestValue]: readonly string[], unknownParts: RegExp): boolean {
  const areArns = ARN_PREFIX.test(policyValue) && ARN_PREFIX.test(requestValue);
  const [policyText, requestText] = [policyValue, requestValue].map((text) =>
    areArns ? text.replace(ARN_PREFIX, '') : text,
  );
  const policyParts = policyText.split(unknownParts);
  const requestParts = requestText.split(/[‹›]/);
  return (
    sharePrefix(policyParts[0], requestParts[0]) &&
    shareSuffix(policyParts[policyParts.length - 1], requestParts[requestParts.length - 1])
  );
}

/** The beginning of an ARN with a literal partition. */
const ARN_PREFIX = /^arn:[^:‹›*?]*:/;

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
  return maskAll(texts, PLACEHOLDER);
}

/** The texts with one private-use character for each name that CloudFormation generates: no other text equals it. */
function withMaskedNames(...texts: string[]): string[] {
  return maskAll(texts, GENERATED_NAME);
}

function maskAll(texts: string[], placeholders: RegExp): string[] {
  let count = 0;
  const maskOf = memoize((_placeholder: string) => String.fromCharCode(0xe000 + count++));
  return texts.map((text) => text.replace(placeholders, maskOf));
}

/** Compares ARNs part by part: a wildcard does not match a colon, except in the last part. */
export function arnLike(pattern: string, requestValue: string): Ternary {
  if (pattern === requestValue) return true;
  return /[*?]/.test(pattern)
    ? evaluateForEveryValue([pattern, requestValue], arnTextsLike)
    : equals(pattern, requestValue);
}

function arnTextsLike(pattern: string, requestValue: string): Ternary {
  if (!mayContainParts(pattern) && !mayContainParts(requestValue)) return arnPartsLike(pattern, requestValue);
  // A wildcard of text matches colons too, so text that is not like the pattern is no such ARN.
  return like(pattern, requestValue) === false ? false : undefined;
}

/** Whether a placeholder may contain several parts of an ARN, because the text around it is not a whole ARN. */
function mayContainParts(arn: string): boolean {
  return mayEqualAnyText(arn) && parseArn(arn) === undefined;
}

function arnPartsLike(pattern: string, requestValue: string): Ternary {
  const patternParts = arnParts(pattern);
  const valueParts = arnParts(requestValue);
  return patternParts.length === valueParts.length && every(patternParts, (part, i) => like(part, valueParts[i]));
}

/** Whether an action element of a statement matches an action. Case does not matter. */
export function actionMatches(policyAction: string, action: string): Ternary {
  return policyAction === action || like(policyAction.toLowerCase(), action.toLowerCase());
}
