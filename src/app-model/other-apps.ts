import type { CfnResource } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isInAssembly, walkAssembly } from './assembly';
import { Environments, isInKnownEnvironment } from './environments';
import { NESTED_STACK, incompleteEnvironments } from './incomplete-stacks';
import { memoizeByObject } from '../util/memoize';

/** Stacks that an app describes differently from an app before it, which counts. */
export interface DifferentStacks {
  /** The construct that is checked. */
  readonly scope: IConstruct;
  readonly differences: readonly StackDifference[];
}

/** Stacks that two paths describe differently, of which the first one counts. */
export interface StackDifference {
  readonly first: string;
  readonly second: string;
  readonly stacks: readonly StackKey[];
}

/** What identifies a stack. */
export interface StackKey {
  readonly name: string;
  /** Undefined if it is known only at deployment. */
  readonly account?: string;
  readonly region?: string;
}

/**
 * An app that is deployed separately: another stage of this app, or what another app synthesized. Its resources are
 * taken to be deployed. Stacks whose account or Region is known only at deployment are left out.
 */
export class OtherApp {
  /** Its resources that can be matched with those of this app. */
  public readonly resources: readonly CfnResource[];
  private readonly environments: Environments;
  private readonly incomplete: Environments;

  /**
   * @param name the name in messages, such as `app 'billing'`
   * @param root its constructs, which are not synthesized with those of this app
   * @param isStage whether it is a stage of this app, or this app itself
   * @param differentStacks the stacks that another app before it describes differently
   */
  constructor(
    public readonly name: string,
    public readonly root: IConstruct,
    public readonly isStage = false,
    public readonly differentStacks?: DifferentStacks,
  ) {
    const { stacks, resources } = walkAssembly(root);
    const isKnown = memoizeByObject(isInKnownEnvironment);
    this.resources = resources.filter(({ stack }) => isKnown(stack));
    this.environments = new Environments(stacks);
    const nested = resources.filter(({ cfnResourceType }) => cfnResourceType === NESTED_STACK);
    this.incomplete = incompleteEnvironments(
      stacks,
      nested.map((construct) => ({ construct })),
    );
  }

  /** Whether the app has a stack in the account and Region of a resource, or in the account of an IAM resource. */
  public describes(arn: string): boolean {
    return this.environments.include(arn);
  }

  /** Whether the app may have a resource that is not in its templates. */
  public mayDefine(arn: string): boolean {
    return this.incomplete.include(arn);
  }

  /** Whether a construct belongs to the app. */
  public contains(construct: IConstruct): boolean {
    return isInAssembly(construct, this.root);
  }
}
