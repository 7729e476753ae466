import { Arn, ArnFormat, CfnResource, ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { CfnAlias, CfnFunction, CfnVersion, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import * as formats from '../../policy/formats';
import { checkFormat } from '../checked-values';
import { compare, refuseUnnamed } from '../environment';
import { invalid } from '../errors';
import { holdArn } from '../held-arns';
import { isMadeHere } from '../owned';
import { referredTo, resourceBehind } from '../resources';

/** Where a function is. For an imported version or alias only its ARN tells: by its `env` it would be of the stack that imports it. */
export function environmentOf(handler: IFunction): ResourceEnvironment {
  const { env, functionArn } = handler;
  const resource = resourceOf(functionArn);
  if (resource) return { account: resource.stack.account, region: resource.stack.region };
  if (isMadeHere(handler)) return env;
  const { account = env.account, region = env.region } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
  return { account, region };
}

/** Whether the app makes this function, also behind a construct that is no resource itself, such as a SingletonFunction. */
export function isFunctionMadeHere(handler: IFunction): boolean {
  return isMadeHere(handler) || resourceOf(handler.functionArn)?.stack === Stack.of(handler);
}

/** The function, version or alias of the app that an ARN begins with a reference to. */
function resourceOf(arn: string): CfnResource | undefined {
  if (arn.startsWith('arn:')) return undefined;
  return referredTo(arn, CfnFunction.isCfnFunction) ?? referredTo(arn, CfnVersion.isCfnVersion) ?? referredTo(arn, CfnAlias.isCfnAlias);
}

/** The ARN of a function, version or alias as a target; refuses those that can never be invoked, or not be named from here. */
export function checkedFunctionArn(rule: IConstruct, handler: IFunction): string {
  const arn = handler.functionArn;
  if (arn.endsWith(':$LATEST')) {
    throw invalid(rule, `'handler' must not be the $LATEST version, got '${handler.node.path}'; it takes no permission: use the function itself or an alias`);
  }
  checkFormat(rule, 'handler', arn, formats.functionArn);
  const { account, region } = environmentOf(handler);
  const own = Stack.of(rule);
  if (compare(own.account, account) === 'same' && compare(own.region, region) === 'same') return arn;
  if (resourceBehind(handler, CfnVersion.isCfnVersion)) {
    throw invalid(rule, `'handler' must have a name that is known before deployment, got the version '${handler.node.path}'; use an alias of it`);
  }
  refuseUnnamed(rule, 'handler', handler, arn, 'functionName');
  const made = resourceBehind(handler, CfnFunction.isCfnFunction);
  const alias = resourceBehind(handler, CfnAlias.isCfnAlias);
  if (made) holdArn(made, made.attrArn, arn, rule);
  if (alias) holdArn(alias, alias.ref, arn, rule);
  return arn;
}
