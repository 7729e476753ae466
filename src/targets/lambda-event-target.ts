import * as events from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CrossAccountInvokePermission } from './cross-account-invoke-permission';
import { LambdaPermissionScope } from './lambda-permission-scope';
import { warnManualStep } from '../checks/engine/manual-step-warning';
import { FindingId } from '../checks/finding-id';
import { compareEnvironments, shortHash } from '../core/environment';
import { validationError } from '../core/validation-error';
import { deliveryConfig } from './private/delivery-options';
import { validatedFunctionArn, environmentOf, isFunctionOwned } from './private/functions';
import { addBusPermission, addRulePermission } from './private/invoke-permissions';
import { useProvidedRole } from './private/provided-role';
import { rejectCrossAccountBus, rejectTargetAfterSynthesis } from './private/rule-arns';
import { RuleRole, RuleTarget } from './private/rule-role';

/** Properties of a function as the target of a rule. */
export interface LambdaEventTargetProps extends TargetBaseProps {
  /**
   * Which rules the permission on a function of the rule's own account is for. A function of another account lets the
   * account of the bus in, once for all its rules, whatever is said here.
   *
   * @default LambdaPermissionScope.RULE
   */
  readonly permissionScope?: LambdaPermissionScope;

  /**
   * The role with which EventBridge invokes a function of another account. It must be of the rule's account; it is
   * allowed to invoke the function. Its trust policy is left as it is, and must let EventBridge assume it for the rule:
   * for a role of the app synthesis fails otherwise, for an imported one a warning tells what it must say, and what
   * else cannot be written from here.
   *
   * @default - for a function of another account, a role that only the rules of this stack with this target can use;
   * otherwise none
   */
  readonly executionRole?: iam.IRole;

  /**
   * Whether a function of another account lets in the execution role alone, not all roles of the bus's account that may
   * invoke it. The role must then be there first: the function's stack is deployed after that of the rule. If the role
   * is ever made again, so must the permission be.
   *
   * @default false
   */
  readonly restrictToExecutionRole?: boolean;

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
 * In the same account it makes the permission for the rule, or for all rules of its bus, on exactly that function,
 * version or alias. In another account it makes an execution role in the rule's stack, and the permission for the bus's
 * account in the function's stack; for an imported function a warning gives the command to run there. The function must
 * be in the rule's region.
 *
 * A dead-letter queue must be a standard queue of the rule's region; its policy lets EventBridge write to it, and for
 * an imported one a warning gives the statement. Delivery is tried again 0 to 185 times, for 60 seconds to 24 hours; an
 * event that could not be delivered by then is dropped unless there is a dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class LambdaEventTarget implements events.IRuleTarget {
  constructor(
    private readonly handler: lambda.IFunction,
    private readonly props: LambdaEventTargetProps = {},
  ) {}

  /** Called by `rule.addTarget()`. */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    rejectTargetAfterSynthesis(rule);
    rejectCrossAccountBus(rule);
    const { account, region } = environmentOf(this.handler);
    if (compareEnvironments(rule.env.region, region) === 'different') {
      throw validationError(
        rule,
        `'handler' must be in region ${rule.env.region}, got '${this.handler.node.path}' in ${region}; ` +
          'forward the events to a bus of that region with CrossAccountEventBusTarget, and invoke the ' +
          'function from there',
      );
    }
    const arn = validatedFunctionArn(rule, this.handler);
    const delivery = deliveryConfig(rule, this.props);
    const role =
      compareEnvironments(rule.env.account, account) === 'different'
        ? this.reachOver(rule, arn)
        : this.permit(rule, arn);
    // Without `targetResource`: with it, the rule would be routed over the default bus of the function's account.
    return { arn, role, input: this.props.event, ...delivery };
  }

  /** Same account: the service itself invokes the function. */
  private permit(rule: events.IRuleRef, arn: string): undefined {
    const { executionRole, restrictToExecutionRole, permissionScope } = this.props;
    this.refuseExecutionRole(rule, 'executionRole', executionRole?.node.path);
    this.refuseExecutionRole(rule, 'restrictToExecutionRole', restrictToExecutionRole ? 'true' : undefined);
    if (permissionScope === LambdaPermissionScope.EVENT_BUS) addBusPermission(rule, this.handler, arn);
    else addRulePermission(rule, this.handler, arn);
    this.warnOfUnknownPlace(rule, arn);
  }

  private refuseExecutionRole(rule: events.IRuleRef, property: string, got: string | undefined): void {
    if (got === undefined) return;
    if (compareEnvironments(rule.env.account, environmentOf(this.handler).account) === 'same') {
      throw validationError(
        rule,
        `'${property}' must be left out for a function of the rule's own account, got '${got}'; the ` +
          'permission that is made suffices',
      );
    }
    throw validationError(
      rule,
      `'${property}' must go with a function that is known to be of another account, got '${got}'; ` +
        "give the rule's stack an account in 'env', and the function an ARN that is known before deployment",
    );
  }

  private warnOfUnknownPlace(rule: events.IRuleRef, arn: string): void {
    const place = environmentOf(this.handler);
    const unknown = (['account', 'region'] as const)
      .filter((part) => compareEnvironments(rule.env[part], place[part]) === 'unknown')
      .join(' and ');
    if (!unknown) return;
    warnManualStep(rule, FindingId.MANUALLY_ADD_FUNCTION_PERMISSION, (text) => ({
      problem:
        `whether function ${text(arn)} is of this rule's ${unknown} is known only at deployment, and what is ` +
        'made serves it only if it is',
      fix:
        "give the stacks of both an 'env', and an imported function an " +
        'ARN that is known before deployment, to have it decided',
    }));
  }

  /** Another account: a role here invokes the function, and the function lets this account in, or the role alone. */
  private reachOver(rule: events.IRuleRef, arn: string): iam.IRole {
    const { executionRole, restrictToExecutionRole } = this.props;
    const target: RuleTarget = { arn, action: 'lambda:InvokeFunction', named: true };
    const role = executionRole ? useProvidedRole(rule, executionRole, target) : RuleRole.for(rule, target);
    const admitted = restrictToExecutionRole ? role : undefined;
    if (isFunctionOwned(this.handler)) {
      CrossAccountInvokePermission._for(this.handler, rule.env.account, admitted);
      this.warnOfUnknownPlace(rule, arn);
    } else {
      this.warnOfFunctionHalf(rule, arn, admitted);
    }
    return role;
  }

  private warnOfFunctionHalf(rule: events.IRuleRef, arn: string, role?: iam.IRole): void {
    const { account } = rule.env;
    const place = environmentOf(this.handler);
    const sameRegion =
      compareEnvironments(rule.env.region, place.region) === 'same' ? '' : ' and the rule is deployed to its region';
    const [who, statementId] = role
      ? ['role', `AllowEventBus-${account}-${shortHash(rule, role.node.path)}`]
      : ['account', `AllowEventBus-${account}`];
    warnManualStep(rule, FindingId.MANUALLY_ADD_FUNCTION_PERMISSION, (text) => {
      const principal = role ? text(role.roleArn) : account;
      return {
        problem: `events are dropped until function ${text(arn)} lets ${who} ${principal} invoke it${sameRegion}`,
        fix:
          'use CrossAccountInvokePermission in the app that owns it, or run in account ' +
          `${place.account}: aws lambda add-permission --region ${text(rule.env.region)} ` +
          `--function-name ${text(arn)} --statement-id ${statementId} ` +
          `--action lambda:InvokeFunction --principal ${principal}`,
      };
    });
  }
}
