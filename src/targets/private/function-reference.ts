import { Arn, ArnFormat, CfnResource, ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { CfnAlias, CfnFunction, CfnVersion, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { referencedResource, cfnResourceOf } from '../../core/cfn-resources';
import { Relation, requirePhysicalName } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { isOwned } from '../../core/ownership';
import { ResourceReference, relationTo } from '../../core/resource-reference';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import * as formats from '../../eventbridge/formats';

/**
 * A Lambda function, version or alias as another construct refers to it: where it is, the ARN to write, and whether its
 * resource-based policy can be written from here.
 */
export class FunctionReference implements ResourceReference {
  public static from(consumer: IConstruct, handler: IFunction): FunctionReference {
    return new FunctionReference(consumer, handler);
  }

  public readonly env: ResourceEnvironment;
  public readonly account: Relation;
  public readonly region: Relation;
  public readonly isOwned: boolean;
  private literalArn?: string;

  private constructor(
    private readonly consumer: IConstruct,
    public readonly handler: IFunction,
  ) {
    this.env = environmentOf(handler);
    const { account, region } = relationTo(consumer, this.env);
    this.account = account;
    this.region = region;
    this.isOwned = isFunctionOwned(handler);
  }

  /** Throws an error if EventBridge can never invoke the function, or if the consumer cannot refer to it. */
  public get arn(): string {
    this.literalArn ??= this.resolveArn();
    return this.literalArn;
  }

  private resolveArn(): string {
    const { consumer, handler } = this;
    const arn = handler.functionArn;
    if (arn.endsWith(':$LATEST')) {
      throw validationError(
        consumer,
        `'handler' must not be the $LATEST version, got '${handler.node.path}'; ` +
          'a permission cannot be added to it: use the function itself or an alias',
      );
    }
    validateString(consumer, 'handler', arn, formats.functionArn);
    if (this.account === 'same' && this.region === 'same') return arn;
    if (cfnResourceOf(handler, CfnVersion.isCfnVersion)) {
      throw validationError(
        consumer,
        `'handler' must have a name that is known at synthesis, got the version '${handler.node.path}` +
          "'; use an alias of it",
      );
    }
    requirePhysicalName(consumer, 'handler', handler, arn, 'functionName');
    const resource = cfnResourceOf(handler, CfnFunction.isCfnFunction);
    const alias = cfnResourceOf(handler, CfnAlias.isCfnAlias);
    if (resource) requireArnUnchanged(resource, resource.attrArn, arn, consumer);
    if (alias) requireArnUnchanged(alias, alias.ref, arn, consumer);
    return arn;
  }
}

/**
 * The account and Region of a function. Those of an imported version or alias are read from its ARN: its `env` is that
 * of the stack that imports it.
 */
function environmentOf(handler: IFunction): ResourceEnvironment {
  const { env, functionArn } = handler;
  const resource = resourceOf(functionArn);
  if (resource) return { account: resource.stack.account, region: resource.stack.region };
  if (isOwned(handler)) return env;
  const { account = env.account, region = env.region } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
  return { account, region };
}

/** Whether the function is defined in this app. A SingletonFunction is, although it is not a resource itself. */
function isFunctionOwned(handler: IFunction): boolean {
  return isOwned(handler) || resourceOf(handler.functionArn)?.stack === Stack.of(handler);
}

/** The function, version or alias in this app to which an ARN refers. */
function resourceOf(arn: string): CfnResource | undefined {
  if (arn.startsWith('arn:')) return undefined;
  return (
    referencedResource(arn, CfnFunction.isCfnFunction) ??
    referencedResource(arn, CfnVersion.isCfnVersion) ??
    referencedResource(arn, CfnAlias.isCfnAlias)
  );
}
