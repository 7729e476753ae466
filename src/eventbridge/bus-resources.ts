import { Arn, parseArn } from '../iam/arn';
import { like } from '../iam/matching';
import { hasUnresolved, mayEqualAnyText, splitText } from '../iam/unresolved-text';

/** The part of a `Resource` that makes it another resource than the bus. */
export type ResourceDifference = 'ARN' | 'service' | 'partition' | 'Region' | 'account' | 'name';

/**
 * Why a value of the `Resource` element of a bus policy is neither the bus nor a rule on it, whatever its unresolved
 * parts are at deployment. Undefined if it is, or may be.
 */
export function differenceFromBus(resource: string, busArn: string): ResourceDifference | undefined {
  const bus = parseArn(busArn);
  const busName = /^event-bus\/(.+)$/.exec(bus?.resource ?? '')?.[1];
  if (!bus || busName === undefined || /^[^:]*[*?‹$]/.test(resource)) return undefined;
  // The value of a policy variable, whose name contains a colon, can be anything.
  const arn = parseArn(resource.replace(/\$\{[^}]*\}/g, '*'));
  if (!arn) return resource.startsWith('arn:') ? undefined : 'ARN';
  if (isDifferent(arn.service, bus.service)) return 'service';
  if (hasDifferentPartition(arn, bus)) return 'partition';
  if (isDifferent(arn.region, bus.region)) return 'Region';
  if (isDifferent(arn.account, bus.account)) return 'account';
  return hasDifferentName(arn.resource, busName) ? 'name' : undefined;
}

function isDifferent(pattern: string, value: string): boolean {
  return like(pattern, value) === false;
}

/** The partition of a bus whose Region is unresolved is only assumed. */
function hasDifferentPartition(arn: Arn, { partition, region }: Arn): boolean {
  return !hasUnresolved(region) && isDifferent(arn.partition, partition);
}

/** Resources of other types are not compared. */
function hasDifferentName(resource: string, busName: string): boolean {
  const ofBus = /^event-bus\/(.+)$/.exec(resource)?.[1];
  if (ofBus !== undefined) return isDifferent(ofBus, busName);
  const path = /^rule\/(.+)$/.exec(resource)?.[1];
  if (path === undefined || /^[^/]*[*?]/.test(path)) return false;
  // A placeholder can contain the name of the bus or of the rule, or both.
  if (mayEqualAnyText(path)) return isDifferent(splitText(path, '/')[0], splitText(busName, '/')[0]);
  const separator = path.lastIndexOf('/');
  return isDifferent(separator === -1 ? 'default' : path.slice(0, separator), busName);
}
