import { Stack, Token } from 'aws-cdk-lib';
import { OWN_ACCOUNT, unknown } from '../policy/text';

/** The value of a pseudo parameter in a stack; nothing for the one that leaves a property out. */
export function pseudo(stack: Stack, name: string): string | undefined {
  switch (name) {
    case 'AWS::AccountId': return placeOf(stack).account;
    case 'AWS::Region': return placeOf(stack).region;
    case 'AWS::Partition': return placeOf(stack).partition;
    case 'AWS::URLSuffix': return placeOf(stack).partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    case 'AWS::StackName': return stack.nestedStackParent ? unknown(`${name} of ${stack.node.path}`) : stack.stackName;
    case 'AWS::NoValue': return undefined;
    default: return unknown(`${name} of ${stack.node.path}`);
  }
}

export interface Place {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** Where a stack is deployed to, which does not change: every ARN asks for it. */
export function placeOf(stack: Stack): Place {
  const before = PLACES.get(stack);
  if (before) return before;
  const { account, region } = stack;
  const place = {
    account: Token.isUnresolved(account) ? OWN_ACCOUNT : account,
    // Without colons, so that it is one part of an ARN.
    region: Token.isUnresolved(region) ? unknown('region') : region,
    partition: partitionOf(region),
  };
  PLACES.set(stack, place);
  return place;
}

const PLACES = new WeakMap<Stack, Place>();

/** The partition of a region; one that only deployment tells is taken to be in the commercial one. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
