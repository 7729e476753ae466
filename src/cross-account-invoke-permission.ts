import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { accountId } from './policy/formats';
import { checkFormat } from './private/errors';
import { checkedFunctionArn } from './private/functions';

/** Properties of the permission for another account's bus. */
export interface CrossAccountInvokePermissionProps {
  /** The function, version or alias that the other account's rules have as target. */
  readonly handler: lambda.IFunction;

  /** The account of the bus, 12 digits. */
  readonly eventBusAccount: string;
}

/**
 * Lets the rules of another account's bus invoke a function: the function's half alone, for the app that owns the function.
 *
 * Makes one `AWS::Lambda::Permission` on exactly that function, version or alias, in this stack, for the roles of the bus's account that may
 * invoke it by their own policies. The other half is the execution role of the rule, see `LambdaEventTarget`.
 *
 * @resource AWS::Lambda::Permission
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class CrossAccountInvokePermission extends Construct {
  /**
   * The permission of a function for an account, made at the first call.
   * @internal
   */
  public static _for(handler: lambda.IFunction, eventBusAccount: string): void {
    const id = `AllowEventBus-${eventBusAccount}`;
    if (!handler.node.tryFindChild(id)) new CrossAccountInvokePermission(handler as unknown as Construct, id, { handler, eventBusAccount });
  }

  constructor(scope: Construct, id: string, props: CrossAccountInvokePermissionProps) {
    super(scope, id);
    checkFormat(this, 'eventBusAccount', props.eventBusAccount, accountId);
    new lambda.CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: checkedFunctionArn(this, props.handler),
      principal: props.eventBusAccount,
    });
  }
}
