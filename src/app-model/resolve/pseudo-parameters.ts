import { Stack, Token } from 'aws-cdk-lib';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { OWN_ACCOUNT, OWN_REGION, unresolved } from '../../iam/unresolved-text';
import { memoizeByObject } from '../../util/memoize';

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

/** The partition of a Region; the commercial partition if the Region is unresolved, or like none of aws-cdk-lib. */
export function partitionOf(region: string): string {
  return regionInfo(region)?.partition ?? 'aws';
}

/** The suffix of domain names in the partition of a Region, such as `amazonaws.com`. */
export function domainSuffixOf(region: string): string {
  return regionInfo(region)?.domainSuffix ?? 'amazonaws.com';
}

/** A Region that aws-cdk-lib knows. For a newer one, another in its area, which is in the same partition. */
function regionInfo(region: string): RegionInfo | undefined {
  const info = RegionInfo.get(region);
  return info.partition ? info : RegionInfo.regions.find(({ name }) => areaOf(name) === areaOf(region));
}

/** The name of a Region without direction and number, such as `us-gov`. */
function areaOf(region: string): string {
  return region.split('-').slice(0, -2).join('-');
}
