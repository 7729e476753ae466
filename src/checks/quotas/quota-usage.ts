import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { PolicySize } from '../../iam/policy-size';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding } from '../engine/finding';

/** How much there is of what has a limit. */
export interface QuotaUsage extends PolicySize {
  /** What a threshold is for, where a part of the estimate sees to it by itself that it stays below the limit. */
  readonly thresholdEstimate?: number;
}

/** The level of what is too much for certain, or may be, or nearly is. Nothing when it fits. */
export function severity(
  { minimum, estimate, thresholdEstimate = estimate }: QuotaUsage,
  limit: number,
  thresholdPercent = 100,
): Finding['level'] | undefined {
  if (minimum > limit) return 'error';
  return estimate > limit || thresholdEstimate > (limit * thresholdPercent) / 100 ? 'warning' : undefined;
}

/** `9000 characters`, or what is known of it. */
export function describeUsage({ minimum, estimate }: PolicySize, unit: string): string {
  if (minimum === estimate) return `${estimate} ${unit}`;
  return minimum === 0
    ? `${estimate} ${unit} if its condition holds`
    : `about ${estimate} ${unit} (at least ${minimum}, the rest is known only at deployment)`;
}

/** The sum of amounts, of which those under a condition are in the estimate alone. */
export function sumOf(parts: { size: PolicySize; conditional: boolean }[]): PolicySize {
  return {
    minimum: parts.reduce((sum, { size, conditional }) => sum + (conditional ? 0 : size.minimum), 0),
    estimate: parts.reduce((sum, { size }) => sum + size.estimate, 0),
  };
}

/** What takes how much: the largest by name, and all others together. */
export function describeLargest(
  parts: { name: string; size: number; note?: string }[],
  count: number,
  verb = 'takes',
): string {
  const sorted = [...parts].sort((a, b) => b.size - a.size);
  const others = sorted.slice(count);
  const rest =
    others.length > 0 ? [`${pluralize(others.length, 'other')} ${others.reduce((sum, s) => sum + s.size, 0)}`] : [];
  return [
    ...sorted
      .slice(0, count)
      .map(({ name, size, note = '' }, i) => `'${displayText(name)}'${i === 0 ? ` ${verb}` : ''} ${size}${note}`),
    ...rest,
  ].join(', ');
}

/** `1 statement`, `2 statements`. */
export function pluralize(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The first finding of each construct: one policy may be that of several queues or roles. */
export function firstPerConstruct(findings: Finding[]): Finding[] {
  return [...groupedBy(findings, ({ construct }) => construct).values()].map(([first]) => first);
}

/** What the app makes, by ARN: to tell what belongs together, and where to say so. */
export class OwnerLookup {
  private readonly made: Map<string, { construct: IConstruct }[]>;

  constructor(made: { arn: string; construct: IConstruct }[]) {
    this.made = groupedBy(made, ({ arn }) => arn);
  }

  /**
   * Stacks that leave account or region to deployment may go to different places, and then have buses of one name. They
   * do for certain where the app makes a bus twice; where it makes none, nothing tells.
   */
  public apart<T extends { construct: IConstruct }>(arn: string, group: T[]): T[][] {
    if (!hasUnresolved(arn) || this.made.get(arn)?.length === 1) return [group];
    return [...groupedBy(group, ({ construct }) => Stack.of(construct)).values()];
  }

  /** What a group is about; its first member where the app does not make that. */
  public of(arn: string, [first]: { construct: IConstruct }[]): IConstruct {
    const all = this.made.get(arn) ?? [];
    return (all.find(({ construct }) => Stack.of(construct) === Stack.of(first.construct)) ?? all[0] ?? first)
      .construct;
  }
}
