import { Stack, Token } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import { CfnPermission, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { environmentOf, isFunctionOwned } from './functions';
import { busRulesArn } from './rule-arns';
import { refuseRulesOfOthers } from '../../checks/engine/synth-refusals';
import { compareEnvironments, shortHash } from '../../core/environment';

/**
 * What EventBridge needs to invoke a function of the rule's own account: a permission on exactly the function, version
 * or alias that is the target.
 */

/** For the rule alone, in the stack of the rule, which refers to that of the function anyway. */
export function addRulePermission(rule: IRuleRef, handler: IFunction, arn: string): void {
  const id = `AllowInvoke-${shortHash(rule, permissionId(handler, arn))}`;
  addPermission(rule, id, { functionName: arn, sourceArn: rule.ruleRef.ruleArn, sourceAccount: rule.env.account });
}

/**
 * For all rules of its bus: beside the function, so that rules of several stacks share it, where the ARN of the bus can
 * be written there without a reference to the bus, whose stack may depend on that of the function; otherwise once in
 * the stack of the rule.
 */
export function addBusPermission(rule: IRuleRef, handler: IFunction, arn: string): void {
  const sourceArn = busRulesArn(rule);
  const sourceAccount = rule.env.account;
  const beside =
    isFunctionOwned(handler) &&
    compareEnvironments(sourceAccount, environmentOf(handler).account) === 'same' &&
    !hasUnresolvedBus(sourceArn);
  const id = `AllowEventBus-${shortHash(rule, beside ? sourceArn : [permissionId(handler, arn), sourceArn])}`;
  const made = addPermission(beside ? handler : Stack.of(rule), id, {
    functionName: beside ? handler.functionArn : arn,
    sourceArn,
    sourceAccount,
  });
  if (made) refuseRulesOfOthers(made);
}

/** What tells functions apart: the ARN of one of the app may be a token, which another stack writes in another way. */
function permissionId(handler: IFunction, arn: string): string {
  return isFunctionOwned(handler) ? handler.node.path : arn;
}

function addPermission(
  scope: object,
  id: string,
  props: { functionName: string; sourceArn: string; sourceAccount: string },
): CfnPermission | undefined {
  const construct = scope as Construct;
  if (construct.node.tryFindChild(id)) return undefined;
  return new CfnPermission(construct, id, {
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    ...props,
  });
}

/**
 * Whether the name of the bus is known only at deployment. What stands before it, such as the account, can be written
 * in any stack.
 */
function hasUnresolvedBus(sourceArn: string): boolean {
  return Token.isUnresolved(sourceArn.split(':rule/').pop());
}
