import { Stack, Token } from 'aws-cdk-lib';
import { OWN_ACCOUNT, unresolved } from '../../iam/unresolved-text';

/** The value of a pseudo parameter in a stack; nothing for the one that leaves a property out. */
export function pseudoParameterValue(stack: Stack, name: string): string | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return environmentOf(stack).account;
    case 'AWS::Region':
      return environmentOf(stack).region;
    case 'AWS::Partition':
      return environmentOf(stack).partition;
    case 'AWS::URLSuffix':
      return environmentOf(stack).partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
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

/** Where a stack is deployed to, which does not change: every ARN asks for it. */
export function environmentOf(stack: Stack): Environment {
  const before = ENVIRONMENTS.get(stack);
  if (before) return before;
  const { account, region } = stack;
  const place = {
    account: Token.isUnresolved(account) ? OWN_ACCOUNT : account,
    // Without colons, so that it is one part of an ARN.
    region: Token.isUnresolved(region) ? unresolved('region') : region,
    partition: partitionOf(region),
  };
  ENVIRONMENTS.set(stack, place);
  return place;
}

const ENVIRONMENTS = new WeakMap<Stack, Environment>();

/** The partition of a region; one that only deployment tells is taken to be in the commercial one. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
