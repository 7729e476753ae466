import { Arn, ArnFormat, CfnResource, ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { CfnAlias, CfnFunction, CfnVersion, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { referencedResource, cfnResourceOf } from '../../core/cfn-resources';
import { compareEnvironments, requirePhysicalName } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { isOwned } from '../../core/ownership';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import * as formats from '../../eventbridge/formats';

/**
 * Where a function is. For an imported version or alias only its ARN tells: by its `env` it would be of the stack that
 * imports it.
 */
export function environmentOf(handler: IFunction): ResourceEnvironment {
  const { env, functionArn } = handler;
  const resource = resourceOf(functionArn);
  if (resource) return { account: resource.stack.account, region: resource.stack.region };
  if (isOwned(handler)) return env;
  const { account = env.account, region = env.region } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
  return { account, region };
}

/**
 * Whether the app makes this function, also behind a construct that is no resource itself, such as a SingletonFunction.
 */
export function isFunctionOwned(handler: IFunction): boolean {
  return isOwned(handler) || resourceOf(handler.functionArn)?.stack === Stack.of(handler);
}

/** The function, version or alias of the app that an ARN begins with a reference to. */
function resourceOf(arn: string): CfnResource | undefined {
  if (arn.startsWith('arn:')) return undefined;
  return (
    referencedResource(arn, CfnFunction.isCfnFunction) ??
    referencedResource(arn, CfnVersion.isCfnVersion) ??
    referencedResource(arn, CfnAlias.isCfnAlias)
  );
}

/**
 * The ARN of a function, version or alias as a target; refuses those that can never be invoked, or not be named from
 * here.
 */
export function validatedFunctionArn(rule: IConstruct, handler: IFunction): string {
  const arn = handler.functionArn;
  if (arn.endsWith(':$LATEST')) {
    throw validationError(
      rule,
      `'handler' must not be the $LATEST version, got '${handler.node.path}'; it takes no ` +
        'permission: use the function itself or an alias',
    );
  }
  validateString(rule, 'handler', arn, formats.functionArn);
  const { account, region } = environmentOf(handler);
  const own = Stack.of(rule);
  if (compareEnvironments(own.account, account) === 'same' && compareEnvironments(own.region, region) === 'same') {
    return arn;
  }
  if (cfnResourceOf(handler, CfnVersion.isCfnVersion)) {
    throw validationError(
      rule,
      `'handler' must have a name that is known before deployment, got the version '${handler.node.path}` +
        "'; use an alias of it",
    );
  }
  requirePhysicalName(rule, 'handler', handler, arn, 'functionName');
  const made = cfnResourceOf(handler, CfnFunction.isCfnFunction);
  const alias = cfnResourceOf(handler, CfnAlias.isCfnAlias);
  if (made) requireArnUnchanged(made, made.attrArn, arn, rule);
  if (alias) requireArnUnchanged(alias, alias.ref, arn, rule);
  return arn;
}
