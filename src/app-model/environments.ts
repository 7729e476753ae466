import type { Stack } from 'aws-cdk-lib';
import { environmentOf } from './resolve/pseudo-parameters';
import { parseArn } from '../iam/arn';
import { hasUnresolved } from '../iam/unresolved-text';

/** The accounts and Regions of stacks. Stacks whose account or Region is known only at deployment are left out. */
export class Environments {
  private readonly environments: ReadonlySet<string>;
  private readonly accounts: ReadonlySet<string>;

  constructor(stacks: readonly Stack[]) {
    const environments = stacks.filter(isInKnownEnvironment).map(environmentOf);
    this.accounts = new Set(environments.map(({ account }) => account));
    this.environments = new Set(environments.map(({ account, region }) => `${account} ${region}`));
  }

  /** Whether a stack is in the account and Region of a resource, or in the account of an IAM resource. */
  public include(arn: string): boolean {
    const { account = '', region = '' } = parseArn(arn) ?? {};
    return region === '' ? this.accounts.has(account) : this.environments.has(`${account} ${region}`);
  }
}

/** Whether the account and Region of a stack are known. */
export function isInKnownEnvironment(stack: Stack): boolean {
  const { account, region } = environmentOf(stack);
  return !hasUnresolved(account) && !hasUnresolved(region);
}
