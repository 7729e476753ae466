import { partsOf } from './text';

/** The account of an ARN; empty where it has none. */
export function accountOf(arn: string): string {
  return partsOf(arn, ':')[4] ?? '';
}

/** The region of an ARN; empty where it has none. */
export function regionOf(arn: string): string {
  return partsOf(arn, ':')[3] ?? '';
}
