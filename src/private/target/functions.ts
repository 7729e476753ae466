import { Arn, ArnFormat, ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { CfnAlias, CfnFunction, CfnVersion, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { compare, refuseUnnamed } from '../environment';
import { invalid } from '../errors';
import { holdArn } from '../held-arns';

/** Where a function is. For an imported version or alias only its ARN tells: by its `env` it would be of the stack that imports it. */
export function environmentOf({ env, functionArn }: IFunction): ResourceEnvironment {
  if (!functionArn.startsWith('arn:')) return env;
  const { account = env.account, region = env.region } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
  return { account, region };
}

/** The ARN of a function, version or alias as a target; refuses those that can never be invoked, or not be named from here. */
export function checkedFunctionArn(rule: IConstruct, handler: IFunction): string {
  const arn = handler.functionArn;
  if (arn.endsWith(':$LATEST')) {
    throw invalid(rule, `'handler' must not be the $LATEST version, got '${handler.node.path}'; it takes no permission: use the function itself or an alias`);
  }
  if (compare(Stack.of(rule).account, environmentOf(handler).account) !== 'different') return arn;
  if (CfnVersion.isCfnVersion(handler.node.defaultChild)) {
    throw invalid(rule, `'handler' must have a name that is known before deployment, got the version '${handler.node.path}'; use an alias of it`);
  }
  refuseUnnamed(rule, 'handler', handler, arn, 'functionName');
  const resource = handler.node.defaultChild;
  if (CfnFunction.isCfnFunction(resource)) holdArn(resource, resource.attrArn, arn, rule);
  if (CfnAlias.isCfnAlias(resource)) holdArn(resource, resource.ref, arn, rule);
  return arn;
}
