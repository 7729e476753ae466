import { CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { walkAssembly } from './assembly';
import { environmentOf } from './resolve/pseudo-parameters';
import { parseArn } from '../iam/arn';
import { hasUnresolved } from '../iam/unresolved-text';

/**
 * An app that is deployed separately: another stage of this app, or what another app synthesized. Its resources are
 * taken to be deployed. Stacks whose account or Region is known only at deployment are left out.
 */
export class OtherApp {
  /** Its resources that can be matched with those of this app. */
  public readonly resources: readonly CfnResource[];
  private readonly environments: ReadonlySet<string>;
  private readonly accounts: ReadonlySet<string>;

  /**
   * @param name the name in messages, such as `app 'billing'`
   * @param root its constructs, which are not synthesized with those of this app
   * @param isStage whether it is a stage of this app, or this app itself
   */
  constructor(
    public readonly name: string,
    public readonly root: IConstruct,
    public readonly isStage = false,
  ) {
    const { constructs, resources } = walkAssembly(root);
    this.resources = resources.filter(({ stack }) => isStackInKnownEnvironment(stack));
    const environments = constructs.filter(isStackInKnownEnvironment).map(environmentOf);
    this.accounts = new Set(environments.map(({ account }) => account));
    this.environments = new Set(environments.map(({ account, region }) => `${account} ${region}`));
  }

  /** Whether the app has a stack in the account and Region of a resource, or in the account of an IAM resource. */
  public describes(arn: string): boolean {
    const { account = '', region = '' } = parseArn(arn) ?? {};
    return region === '' ? this.accounts.has(account) : this.environments.has(`${account} ${region}`);
  }

  /** Whether a construct belongs to the app. */
  public contains(construct: IConstruct): boolean {
    return construct.node.scopes.includes(this.root);
  }
}

/** Whether a construct is a stack whose account and Region are known. */
function isStackInKnownEnvironment(construct: IConstruct): construct is Stack {
  if (!Stack.isStack(construct)) return false;
  const { account, region } = environmentOf(construct);
  return !hasUnresolved(account) && !hasUnresolved(region);
}
