import { hasUnresolved, splitText } from './unresolved-text';

/** The parts of an ARN. The resource has everything after the account, colons included. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** The parts of an ARN; undefined if the text has not six parts and the prefix `arn`. Placeholders are not split. */
export function parseArn(text: string): Arn | undefined {
  const [prefix, partition, service, region, account, ...resource] = splitText(text, ':');
  if (prefix !== 'arn' || resource.length === 0) return undefined;
  return { partition, service, region, account, resource: resource.join(':') };
}

/** The account of an ARN; empty where it has none. */
export function accountOf(arn: string): string {
  return arnPart(arn, 4);
}

/** The region of an ARN; empty where it has none. */
export function regionOf(arn: string): string {
  return arnPart(arn, 3);
}

/** Asked of most ARNs: to split them takes several times as long. */
function arnPart(arn: string, index: number): string {
  if (hasUnresolved(arn)) return splitText(arn, ':')[index] ?? '';
  let from = 0;
  for (let i = 0; i < index; i++) {
    from = arn.indexOf(':', from) + 1;
    if (from === 0) return '';
  }
  const to = arn.indexOf(':', from);
  return to === -1 ? arn.slice(from) : arn.slice(from, to);
}
