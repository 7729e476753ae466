import { hasUnresolved, splitText } from './unresolved-text';

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
