import { Stack, Token } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FunctionReference } from './function-reference';
import { busRulesArn } from './rule-arns';
import { refuseRulesOfOthers } from '../../checks/engine/synth-refusals';
import { shortHash } from '../../core/environment';

/**
 * What EventBridge needs to invoke a function of the rule's own account: a permission on exactly the function, version
 * or alias that is the target.
 */

/** For the rule alone, in the stack of the rule, which refers to that of the function anyway. */
export function addRulePermission(rule: IRuleRef, reference: FunctionReference): void {
  const id = `AllowInvoke-${shortHash(rule, permissionKey(reference))}`;
  addPermission(rule, id, {
    functionName: reference.arn,
    sourceArn: rule.ruleRef.ruleArn,
    sourceAccount: rule.env.account,
  });
}

/**
 * For all rules of its bus: beside the function, so that rules of several stacks share it, where the ARN of the bus can
 * be written there without a reference to the bus, whose stack may depend on that of the function; otherwise once in
 * the stack of the rule.
 */
export function addBusPermission(rule: IRuleRef, reference: FunctionReference): void {
  const sourceArn = busRulesArn(rule);
  const sourceAccount = rule.env.account;
  const { handler, arn } = reference;
  const isNextToFunction = reference.isOwned && reference.account === 'same' && !hasUnresolvedBus(sourceArn);
  const id = `AllowEventBus-${shortHash(rule, isNextToFunction ? sourceArn : [permissionKey(reference), sourceArn])}`;
  const made = addPermission(isNextToFunction ? handler : Stack.of(rule), id, {
    functionName: isNextToFunction ? handler.functionArn : arn,
    sourceArn,
    sourceAccount,
  });
  if (made) refuseRulesOfOthers(made);
}

/** What tells functions apart: the ARN of one of the app may be a token, which another stack writes in another way. */
function permissionKey({ isOwned, handler, arn }: FunctionReference): string {
  return isOwned ? handler.node.path : arn;
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
