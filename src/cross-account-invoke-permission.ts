import { Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { accountId } from './policy/formats';
import { isElsewhere } from './private/environment';
import { checkFormat, invalid } from './private/errors';
import { checkedFunctionArn, environmentOf } from './private/functions';

/** Properties of the permission for another account's bus. */
export interface CrossAccountInvokePermissionProps {
  /** The function, version or alias that the other account's rules have as target. It must be of the account and region of this stack. */
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
    this.refuseForeignFunction(props.handler);
    new lambda.CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: checkedFunctionArn(this, props.handler),
      principal: props.eventBusAccount,
    });
  }

  private refuseForeignFunction(handler: lambda.IFunction): void {
    const own = Stack.of(this);
    const { account, region } = environmentOf(handler);
    if (!isElsewhere({ account, region }, own)) return;
    throw invalid(this, `'handler' must be a function of account ${own.account} in ${own.region}, got one of account ${account} in ${region}; `
      + 'its policy can be written there only: make this construct in a stack of that account and region');
  }
}
