import { hasUnresolved, splitText } from './unresolved-text';

/** The parts of an ARN. The resource is everything after the account, colons included. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const ARN_PARTS = 6;

/** Parses an ARN. Returns undefined if the text has fewer than six parts or does not start with `arn:`. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, account, resource] = arnParts(text);
  return prefix === 'arn' && resource !== undefined ? { partition, service, region, account, resource } : undefined;
}

/**
 * The parts of an ARN or of a pattern for ARNs, at most six. A colon within a placeholder does not separate parts.
 */
export function arnParts(text: string): string[] {
  return splitText(text, ':', ARN_PARTS);
}

/** The ARN of a Lambda function without the version or alias. */
export function unqualifiedFunctionArn(arn: string): string {
  return splitText(arn, ':').slice(0, FUNCTION_ARN_PARTS).join(':');
}

const FUNCTION_ARN_PARTS = 7;

/** The account of an ARN; empty if it has none. */
export function accountOf(arn: string): string {
  return arnPart(arn, 4);
}

/** The Region of an ARN; empty if it has none. */
export function regionOf(arn: string): string {
  return arnPart(arn, 3);
}

/** A part of an ARN that cannot be valid. */
export interface InvalidArnPart {
  readonly part: 'account' | 'Region';
  readonly value: string;
}

/**
 * The account of an ARN that is no account ID, or the Region that is no Region. They result from a variable without a
 * value, such as `undefined`. An ARN with a placeholder or wildcard before or in that part is not checked, because both
 * can represent several parts.
 */
export function invalidArnPart(arn: string): InvalidArnPart | undefined {
  if (ORDINARY_ARN.test(arn)) return undefined;
  const [, literal] = /^arn:([^‹*?$]*)/.exec(arn) ?? [];
  // The last part may be cut off by a placeholder.
  const [, , region, account] = literal?.split(':').slice(0, -1) ?? [];
  if (region !== undefined && NO_VALUE.test(region)) return { part: 'Region', value: region };
  if (account === undefined || /^(\d{12}|aws|cloudfront)?$/.test(account)) return undefined;
  return { part: 'account', value: account };
}

/** The beginning of most ARNs, which have a valid Region and account, or none. */
const ORDINARY_ARN = /^arn:[a-z-]+:[a-z-]+:([a-z]+-[a-z]+-\d)?:(\d{12})?:/;

/** What programs write for a variable without a value. */
const NO_VALUE = /^(undefined|null|None|NaN)$/;

/** One part of an ARN. Called for most ARNs, so it avoids the cost of splitting the whole text. */
function arnPart(arn: string, index: number): string {
  if (hasUnresolved(arn)) return splitText(arn, ':', index + 2)[index] ?? '';
  let start = 0;
  for (let i = 0; i < index; i++) {
    start = arn.indexOf(':', start) + 1;
    if (start === 0) return '';
  }
  const end = arn.indexOf(':', start);
  return end === -1 ? arn.slice(start) : arn.slice(start, end);
}
