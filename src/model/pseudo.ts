import { Stack, Token } from 'aws-cdk-lib';
import { OWN_ACCOUNT, unknown } from '../policy/text';

/** The value of a pseudo parameter in a stack; nothing for the one that leaves a property out. */
export function pseudo(stack: Stack, name: string): string | undefined {
  switch (name) {
    case 'AWS::AccountId': return Token.isUnresolved(stack.account) ? OWN_ACCOUNT : stack.account;
    // Without colons, so that it is one part of an ARN.
    case 'AWS::Region': return Token.isUnresolved(stack.region) ? unknown('region') : stack.region;
    case 'AWS::Partition': return partitionOf(stack.region);
    case 'AWS::URLSuffix': return partitionOf(stack.region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    case 'AWS::StackName': return stack.nestedStackParent ? unknown(`${name} of ${stack.node.path}`) : stack.stackName;
    case 'AWS::NoValue': return undefined;
    default: return unknown(`${name} of ${stack.node.path}`);
  }
}

/** The partition of a region; one that only deployment tells is taken to be in the commercial one. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
