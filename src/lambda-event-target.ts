import { Annotations, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CrossAccountInvokePermission } from './cross-account-invoke-permission';
import { FindingId } from './finding-id';
import { Reader } from './model/reader';
import { compare, shortHash } from './private/environment';
import { invalid } from './private/errors';
import { isMadeHere } from './private/event-buses';
import { checkedFunctionArn, environmentOf } from './private/functions';
import { RuleRole } from './private/rule-role';
import { refuseForeignBus } from './private/rules';
import { deliveryConfig } from './private/target-options';

/** Properties of a function as the target of a rule. */
export interface LambdaEventTargetProps extends TargetBaseProps {
  /**
   * The role with which EventBridge invokes a function of another account. It must be of the rule's account; it is allowed to invoke the
   * function, unless it is imported with `mutable: false`, and its trust policy is left as it is.
   *
   * @default - for a function of another account, a role that only the rules of this stack with this target can use; otherwise none
   */
  readonly executionRole?: iam.IRole;

  /**
   * What the function gets.
   *
   * @default - the whole event
   */
  readonly event?: events.RuleTargetInput;
}

/**
 * A function, version or alias as the target of a rule, in the rule's account or another one.
 *
 * In the same account it makes the permission for the rule on exactly that function, version or alias, in the rule's stack. In another account
 * it makes an execution role in the rule's stack, and the permission for the bus's account in the function's stack; for an imported function a
 * warning gives the command to run there. The function must be in the rule's region.
 *
 * A dead-letter queue must be a standard queue of the rule's region; it is let to be written to. Delivery is tried again 0 to 185 times, for 60
 * seconds to 24 hours; an event that could not be delivered by then is dropped unless there is a dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class LambdaEventTarget implements events.IRuleTarget {
  constructor(private readonly handler: lambda.IFunction, private readonly props: LambdaEventTargetProps = {}) {}

  /** Called by `rule.addTarget()`. */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    refuseForeignBus(rule);
    const { account, region } = environmentOf(this.handler);
    if (compare(rule.env.region, region) === 'different') {
      throw invalid(rule, `'handler' must be in region ${rule.env.region}, got '${this.handler.node.path}' in ${region}; `
        + 'forward the events to a bus of that region with CrossAccountEventBusTarget, and invoke the function from there');
    }
    const arn = checkedFunctionArn(rule, this.handler);
    const delivery = deliveryConfig(rule, this.props);
    const role = compare(rule.env.account, account) === 'different' ? this.reachOver(rule, arn) : this.permit(rule, arn);
    // Without `targetResource`: with it, the rule would be routed over the default bus of the function's account.
    return { arn, role, input: this.props.event, ...delivery };
  }

  /** Same account: the service itself invokes the function. The permission is in the rule's stack, which refers to the function's anyway. */
  private permit(rule: events.IRuleRef, arn: string): undefined {
    this.refuseExecutionRole(rule);
    const id = `AllowInvoke-${shortHash(rule, this.handler.node.path)}`;
    if (rule.node.tryFindChild(id)) return;
    new lambda.CfnPermission(rule as unknown as Construct, id, {
      action: 'lambda:InvokeFunction',
      functionName: arn,
      principal: 'events.amazonaws.com',
      sourceArn: rule.ruleRef.ruleArn,
      sourceAccount: rule.env.account,
    });
  }

  private refuseExecutionRole(rule: events.IRuleRef): void {
    const { executionRole } = this.props;
    if (!executionRole) return;
    if (compare(rule.env.account, environmentOf(this.handler).account) === 'same') {
      throw invalid(rule, `'executionRole' must be left out for a function of the rule's own account, got '${executionRole.node.path}'; `
        + 'the permission that is made suffices');
    }
    throw invalid(rule, `'executionRole' must go with a function that is known to be of another account, got '${executionRole.node.path}'; `
      + "give the rule's stack an account in 'env', and the function an ARN that is known before deployment");
  }

  /** Another account: a role here invokes the function, and the function lets this account in. */
  private reachOver(rule: events.IRuleRef, arn: string): iam.IRole {
    if (isMadeHere(this.handler)) {
      CrossAccountInvokePermission._for(this.handler, rule.env.account);
    } else {
      this.warnOfFunctionHalf(rule, arn);
    }
    return this.givenRole(rule, arn) ?? RuleRole.for(rule, { arn, action: 'lambda:InvokeFunction' });
  }

  private givenRole(rule: events.IRuleRef, arn: string): iam.IRole | undefined {
    const role = this.props.executionRole;
    if (role && compare(role.env.account, rule.env.account) === 'different') {
      throw invalid(rule, `'executionRole' must be a role of the rule's account ${rule.env.account}, got one of ${role.env.account}; `
        + 'leave it out to have one made');
    }
    if (!role) return undefined;
    const { policyDependable } = role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn] }));
    if (policyDependable) rule.node.addDependency(policyDependable);
    return role;
  }

  private warnOfFunctionHalf(rule: events.IRuleRef, arn: string): void {
    const text = new Reader().text(Stack.of(rule), Stack.of(rule).resolve(arn));
    const account = rule.env.account;
    Annotations.of(rule).addWarningV2(FindingId.FUNCTION_GRANT_ELSEWHERE,
      `events are dropped until function ${text} lets account ${account} invoke it; use CrossAccountInvokePermission in the app that owns it, or run in `
      + `account ${environmentOf(this.handler).account}: aws lambda add-permission --function-name ${text} --statement-id AllowEventBus-${account} `
      + `--action lambda:InvokeFunction --principal ${account}`);
  }
}
