import { Stack, Token } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import { CfnPermission, IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { environmentOf } from './functions';
import { arnOfAllRules } from './rules';
import { isMadeHere } from '../bus/event-buses';
import { compare, shortHash } from '../environment';

/** What EventBridge needs to invoke a function of the rule's own account: a permission on exactly the function, version or alias that is the target. */

/** For the rule alone, in the stack of the rule, which refers to that of the function anyway. */
export function permitRule(rule: IRuleRef, handler: IFunction, arn: string): void {
  const id = `AllowInvoke-${shortHash(rule, isMadeHere(handler) ? handler.node.path : arn)}`;
  permit(rule, id, { functionName: arn, sourceArn: rule.ruleRef.ruleArn, sourceAccount: rule.env.account });
}

/**
 * For all rules of its bus: beside the function, so that rules of several stacks share it, where the ARN of the bus can be written there without a
 * reference to the bus, whose stack may depend on that of the function; otherwise once in the stack of the rule.
 */
export function permitEventBus(rule: IRuleRef, handler: IFunction, arn: string): void {
  const sourceArn = arnOfAllRules(rule);
  const sourceAccount = rule.env.account;
  const beside = isMadeHere(handler) && compare(sourceAccount, environmentOf(handler).account) === 'same' && !refersToBus(sourceArn);
  if (beside) return permit(handler, `AllowEventBus-${shortHash(rule, sourceArn)}`, { functionName: handler.functionArn, sourceArn, sourceAccount });
  const id = `AllowEventBus-${shortHash(rule, [isMadeHere(handler) ? handler.node.path : arn, sourceArn])}`;
  permit(Stack.of(rule), id, { functionName: arn, sourceArn, sourceAccount });
}

function permit(scope: object, id: string, props: { functionName: string; sourceArn: string; sourceAccount: string }): void {
  const construct = scope as Construct;
  if (construct.node.tryFindChild(id)) return;
  new CfnPermission(construct, id, { action: 'lambda:InvokeFunction', principal: 'events.amazonaws.com', ...props });
}

/** Whether the name of the bus is known only at deployment. What stands before it, such as the account, can be written in any stack. */
function refersToBus(sourceArn: string): boolean {
  return Token.isUnresolved(sourceArn.split(':rule/').pop());
}
