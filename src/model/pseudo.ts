import { Stack, Token } from 'aws-cdk-lib';
import { OWN_ACCOUNT, unknown } from '../policy/text';

/** Account, region and partition of a stack; nothing for the value that leaves a property out. */
export function pseudo(stack: Stack, name: string): string | undefined {
  switch (name) {
    case 'AWS::AccountId': return Token.isUnresolved(stack.account) ? OWN_ACCOUNT : stack.account;
    case 'AWS::Region': return Token.isUnresolved(stack.region) ? unknown(name) : stack.region;
    case 'AWS::Partition': return partitionOf(stack);
    case 'AWS::NoValue': return undefined;
    default: return unknown(`${name} of ${stack.node.path}`);
  }
}

/** The partition of a region; a stack without a region is taken to be in the commercial one. */
export function partitionOf(stack: Stack): string {
  const region = Token.isUnresolved(stack.region) ? '' : stack.region;
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
