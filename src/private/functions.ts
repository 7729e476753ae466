import { Stack } from 'aws-cdk-lib';
import { CfnAlias, CfnFunction, CfnVersion, IFunction } from 'aws-cdk-lib/aws-lambda';
import { IConstruct } from 'constructs';
import { compare } from './environment';
import { invalid } from './errors';

/** The ARN of a function, version or alias as a target; refuses those that can never be invoked, or not be named from here. */
export function checkedFunctionArn(rule: IConstruct, handler: IFunction): string {
  const arn = handler.functionArn;
  if (arn.endsWith(':$LATEST')) {
    throw invalid(rule, `'handler' must not be the $LATEST version, got '${handler.node.path}'; it takes no permission: use the function itself or an alias`);
  }
  const foreign = compare(Stack.of(rule).account, handler.env.account) === 'different';
  const problem = foreign ? foreignNameProblem(handler) : undefined;
  if (problem) throw invalid(rule, problem);
  return arn;
}

/** In another account only names that are known before deployment can be written. */
function foreignNameProblem(handler: IFunction): string | undefined {
  const resource = handler.node.defaultChild;
  if (!resource) return undefined;
  if (CfnVersion.isCfnVersion(resource)) {
    return `'handler' must have a name that is known before deployment, got the version '${handler.node.path}'; use an alias of it`;
  }
  const cfnFunction = CfnAlias.isCfnAlias(resource) ? functionOfAlias(handler) : resource;
  if (!cfnFunction || !CfnFunction.isCfnFunction(cfnFunction) || cfnFunction.functionName !== undefined) return undefined;
  return `'handler' must have a name to be known in another account, got the unnamed '${cfnFunction.node.path}'; `
    + "give the function a 'functionName', such as PhysicalName.GENERATE_IF_NEEDED";
}

function functionOfAlias(alias: IFunction): IConstruct | undefined {
  return (alias as unknown as { lambda?: IFunction }).lambda?.node.defaultChild;
}

