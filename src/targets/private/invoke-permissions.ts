import { Stack, Token } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FunctionReference } from './function-reference';
import { busRulesArn } from './rule-arns';
import { validatePermissionScope } from '../../checks/engine/synthesis-validations';
import { shortHash } from '../../core/environment';

/**
 * Allows EventBridge to invoke a function in the account of a rule, for this rule alone. The permission is in the stack
 * of the rule, which refers to the function in any case.
 */
export function addRulePermission(rule: IRuleRef, reference: FunctionReference): void {
  const id = `AllowInvoke-${shortHash(rule, permissionKey(reference))}`;
  addPermission(rule, id, {
    functionName: reference.arn,
    sourceArn: rule.ruleRef.ruleArn,
    sourceAccount: rule.env.account,
  });
}

/**
 * Allows EventBridge to invoke a function in the account of a rule, for all rules on the bus of the rule.
 *
 * The permission is next to the function, so that rules in several stacks share it. If the name of the bus is a
 * reference, it is in the stack of the rule: the stack of the bus may depend on that of the function.
 */
export function addBusPermission(rule: IRuleRef, reference: FunctionReference): void {
  const sourceArn = busRulesArn(rule);
  const sourceAccount = rule.env.account;
  const { handler, arn } = reference;
  const isNextToFunction = reference.isOwned && reference.account === 'same' && !hasUnresolvedBus(sourceArn);
  const id = `AllowEventBus-${shortHash(rule, isNextToFunction ? sourceArn : [permissionKey(reference), sourceArn])}`;
  const permission = addPermission(isNextToFunction ? handler : Stack.of(rule), id, {
    functionName: isNextToFunction ? handler.functionArn : arn,
    sourceArn,
    sourceAccount,
  });
  if (permission) validatePermissionScope(permission);
}

/** Identifies a function. The ARN of a function in this app may be a token, which each stack resolves differently. */
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

/** Whether the name of the bus is unresolved. The parts before it, such as the account, can be written in any stack. */
function hasUnresolvedBus(sourceArn: string): boolean {
  return Token.isUnresolved(sourceArn.split(':rule/').pop());
}
