import { Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { OWN_ACCOUNT, OWN_REGION, hasUnresolved, unresolved } from '../../iam/unresolved-text';
import { memoize, memoizeByObject } from '../../util/memoize';

/** The value of a pseudo parameter in a stack; undefined for `AWS::NoValue`, which removes a property. */
export function pseudoParameterValue(stack: Stack, name: string): string | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return environmentOf(stack).account;
    case 'AWS::Region':
      return environmentOf(stack).region;
    case 'AWS::Partition':
      return environmentOf(stack).partition;
    case 'AWS::URLSuffix':
      return domainSuffixOf(environmentOf(stack).region);
    case 'AWS::StackName':
      return stack.nestedStackParent ? unresolved(`${name} of ${stack.node.path}`) : stack.stackName;
    case 'AWS::NoValue':
      return undefined;
    default:
      return unresolved(`${name} of ${stack.node.path}`);
  }
}

export interface Environment {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** The environment that a stack is deployed to. Memoized, because every ARN contains it. */
export const environmentOf = memoizeByObject(({ account, region }: Stack): Environment => ({
  account: Token.isUnresolved(account) ? OWN_ACCOUNT : account,
  region: Token.isUnresolved(region) ? OWN_REGION : region,
  partition: partitionOf(region),
}));

/** The partition of a Region, also of one that is newer than aws-cdk-lib; the commercial one if it is unresolved. */
export function partitionOf(region: string): string {
  const ofPrefix = () => PARTITION_OF_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1];
  return RegionInfo.get(region).partition ?? ofPrefix() ?? 'aws';
}

/** The partitions by the beginning of the names of their Regions, other than the commercial one. */
const PARTITION_OF_PREFIX: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eusc-', 'aws-eusc'],
];

/** The suffix of domain names in the partition of a Region, such as `amazonaws.com`. Queue URLs have it. */
const domainSuffixOf = memoize((region: string): string => {
  const partition = partitionOf(region);
  return RegionInfo.regions.find((known) => known.partition === partition)?.domainSuffix ?? 'amazonaws.com';
});

/** Whether domain names in a Region may have a suffix. In an unresolved Region, it can be that of any partition. */
export function mayHaveDomainSuffix(region: string, suffix: string): boolean {
  if (!hasUnresolved(region)) return domainSuffixOf(region) === suffix;
  return RegionInfo.regions.some(({ domainSuffix }) => domainSuffix === suffix);
}
