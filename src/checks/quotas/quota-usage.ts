import { PolicySize } from '../../iam/policy-size';
import { displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, FindingLevel } from '../engine/finding';

/** The usage of a quota. */
export interface QuotaUsage extends PolicySize {
  /** The estimate to compare with the warning threshold: without parts that are kept below the limit automatically. */
  readonly thresholdEstimate?: number;
}

/** An error if the usage exceeds the limit for certain; a warning if it may exceed the limit, or nearly does. */
export function severity(
  { minimum, estimate, thresholdEstimate = estimate }: QuotaUsage,
  limit: number,
  thresholdPercent = 100,
): FindingLevel | undefined {
  if (minimum > limit) return 'error';
  return estimate > limit || thresholdEstimate > (limit * thresholdPercent) / 100 ? 'warning' : undefined;
}

/** The sum of all parts. Conditional parts count in the estimate only. */
export function sumOf(parts: { size: PolicySize; conditional: boolean }[]): PolicySize {
  return {
    minimum: sumNumbers(parts.filter(({ conditional }) => !conditional).map(({ size }) => size.minimum)),
    estimate: sumNumbers(parts.map(({ size }) => size.estimate)),
  };
}

/**
 * `9,000 of 10,240 allowed characters in 2 statements`, and how certain that is.
 *
 * @param where where the units are, with a leading space
 */
export function describeUsage({ minimum, estimate }: PolicySize, limit: number, unit: string, where = ''): string {
  const usage = `${formatNumber(estimate)} of ${formatNumber(limit)} allowed ${unit}${where}`;
  if (minimum === estimate) return usage;
  return minimum === 0
    ? `${usage} if its CloudFormation condition is true`
    : `about ${usage} (at least ${formatNumber(minimum)}, the rest is known only at deployment)`;
}

/** A part of what counts towards a quota. */
export interface QuotaPart {
  readonly name: string;
  readonly size: number;
  /** A remark behind the size, with a leading space. */
  readonly note?: string;
}

/**
 * `statement 'A' has 5,000 characters, 'B' 3,000, 2 others 1,000`: the largest parts, and the sum of the others.
 * Undefined if there are no parts.
 */
export function describeLargest(parts: QuotaPart[], noun: string, unit: string, maxParts: number): string | undefined {
  if (parts.length === 0) return undefined;
  const sorted = [...parts].sort((a, b) => b.size - a.size);
  const [largest, ...next] = sorted.slice(0, maxParts);
  const others = sorted.slice(maxParts);
  const texts = [
    `${noun} '${displayText(largest.name)}' has ${formatNumber(largest.size)} ${unit}${largest.note ?? ''}`,
    ...next.map(({ name, size, note = '' }) => `'${displayText(name)}' ${formatNumber(size)}${note}`),
  ];
  if (others.length > 0) {
    texts.push(`${pluralize(others.length, 'other')} ${formatNumber(sumNumbers(others.map(({ size }) => size)))}`);
  }
  return texts.join(', ');
}

/** `a, b, or c`. */
export function describeAlternatives(alternatives: readonly string[]): string {
  if (alternatives.length === 1) return alternatives[0];
  return `${alternatives.slice(0, -1).join(', ')}, or ${alternatives[alternatives.length - 1]}`;
}

/** `1 statement`, `2 statements`. */
export function pluralize(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `10,240`. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US');
}

export function sumNumbers(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** The first finding of each construct: one policy may be attached to several queues or roles. */
export function firstPerConstruct(findings: Finding[]): Finding[] {
  return [...groupedBy(findings, ({ construct }) => construct).values()].map(([first]) => first);
}
