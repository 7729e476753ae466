import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CrossAccountInvokePermission } from './cross-account-invoke-permission';
import { EventTargetProps } from './event-target-props';
import { LambdaPermissionScope } from './lambda-permission-scope';
import { needOfRule } from '../checks/delivery/lib/needs';
import { ManualStepText, ToText, untilAllowed, warnManualStep } from '../checks/engine/warn-manual-step';
import { FindingId } from '../checks/finding-id';
import { shortHash } from '../core/environment';
import { rejectRoleOption, requireSameRegion, validateRule } from './private/bind-target';
import { deliveryConfig } from './private/delivery-options';
import { FunctionReference } from './private/function-reference';
import { addBusPermission, addRulePermission } from './private/invoke-permissions';
import { useProvidedRole } from './private/provided-role';
import { RuleRole, RuleTarget } from './private/rule-role';

const FUNCTION = { noun: 'function', property: 'handler', delivery: 'invoke the function' };

/** Properties of `LambdaEventTarget`. */
export interface LambdaEventTargetProps extends EventTargetProps {
  /**
   * The rules that the permission on a function in the account of the rule covers.
   *
   * It has no effect on a function in another account, whose permission covers all rules in the account of the bus.
   *
   * @default LambdaPermissionScope.RULE
   */
  readonly permissionScope?: LambdaPermissionScope;

  /**
   * Whether a function in another account allows the execution role alone, not all roles in the account of the bus
   * whose identity-based policies allow them to invoke it.
   *
   * The role must then exist first: the stack of the function is deployed after the stack of the rule. If the role is
   * created again, the permission must be created again too. An error is thrown for a function that is not known to be
   * in another account.
   *
   * @default false
   */
  readonly restrictToExecutionRole?: boolean;
}

/**
 * A Lambda function, version or alias as the target of a rule, in the account of the rule or in another account.
 *
 * For a function in the same account, it creates the permission for the rule, or for all rules on its bus, on exactly
 * that function, version or alias. For a function in another account, it creates an execution role in the stack of the
 * rule, and the permission for the account of the bus in the stack of the function. The trust policy of the role lists
 * up to eight rules, as for `CrossAccountEventBusTarget`. For an imported function in another account, a warning shows
 * the command to run there. The function must be in the Region of the rule; an error is thrown otherwise.
 *
 * The dead-letter queue must be a standard queue in the Region of the rule. Its policy allows EventBridge to send to
 * it; for an imported queue, a warning shows the statement to add.
 *
 * `retryAttempts` is 0 to 185, and `maxEventAge` 60 seconds to 24 hours. EventBridge retries a delivery until it
 * reaches one of the two, by default 185 attempts or 24 hours. It then sends the event to the dead-letter queue, or
 * drops it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @example
 * new Rule(this, 'Invoices', {
 *   eventBus: bus,
 *   eventPattern: { detailType: ['OrderPlaced'] },
 *   targets: [new LambdaEventTarget(handler, { deadLetterQueue: queue, maxEventAge: Duration.hours(2) })],
 * });
 */
export class LambdaEventTarget implements events.IRuleTarget {
  /**
   * Creates a target, which can be added to any number of rules.
   *
   * @param handler The function, version or alias to invoke.
   * @param props The permission, the execution role, the input and the delivery options.
   */
  constructor(
    private readonly handler: lambda.IFunction,
    private readonly props: LambdaEventTargetProps = {},
  ) {}

  /**
   * Returns the target configuration for a rule, and creates or grants what the target needs. Called by
   * `rule.addTarget()`.
   *
   * @param rule The rule that gets the target.
   * @param _id Not used.
   */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    validateRule(rule, this.props, ['permissionScope', 'restrictToExecutionRole']);
    const reference = FunctionReference.from(rule, this.handler);
    requireSameRegion(rule, reference, { ...FUNCTION, path: this.handler.node.path });
    const { arn } = reference;
    const delivery = deliveryConfig(rule, this.props);
    const role =
      reference.account === 'different'
        ? this.invokeCrossAccount(rule, reference)
        : this.addPermission(rule, reference);
    // Without `targetResource`: with it, the rule would be routed over the default bus of the function's account.
    return { arn, role, input: this.props.event, ...delivery };
  }

  /** In the account of the function, EventBridge invokes it by a permission. */
  private addPermission(rule: events.IRuleRef, reference: FunctionReference): undefined {
    const { executionRole, restrictToExecutionRole, permissionScope } = this.props;
    rejectRoleOption(rule, reference, FUNCTION, 'executionRole', executionRole?.node.path);
    rejectRoleOption(
      rule,
      reference,
      FUNCTION,
      'restrictToExecutionRole',
      restrictToExecutionRole ? 'true' : undefined,
    );
    if (permissionScope === LambdaPermissionScope.EVENT_BUS) addBusPermission(rule, reference);
    else addRulePermission(rule, reference);
    this.warnUnknownEnvironment(rule, reference);
  }

  private warnUnknownEnvironment(rule: events.IRuleRef, reference: FunctionReference): void {
    const { arn } = reference;
    const unknownParts = (['account', 'region'] as const).filter((part) => reference[part] === 'unknown');
    if (unknownParts.length === 0) return;
    const unknown = unknownParts.join(' and ');
    const verb = unknownParts.length === 1 ? 'is' : 'are';
    warnManualStep(rule, {
      id: FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
      resource: arn,
      describe: (text) => ({
        problem: `events are only delivered to function ${text(arn)} if it is in the ${unknown} of this rule`,
        reason: `the ${unknown} of the function or of the rule ${verb} known only at deployment`,
        fix: "set 'env' on the stack of the rule and on that of the function, and import functions by a literal ARN",
      }),
      need: (app, functionArn) => needOfRule(app, rule, functionArn),
    });
  }

  /**
   * In another account, an execution role in this stack invokes the function. The function policy allows this account,
   * or the role alone.
   */
  private invokeCrossAccount(rule: events.IRuleRef, reference: FunctionReference): iam.IRole {
    const { executionRole, restrictToExecutionRole } = this.props;
    const target: RuleTarget = { arn: reference.arn, action: 'lambda:InvokeFunction', needsRoleName: true };
    const role = executionRole ? useProvidedRole(rule, executionRole, target) : RuleRole.for(rule, target);
    const allowedRole = restrictToExecutionRole ? role : undefined;
    if (reference.isOwned) {
      CrossAccountInvokePermission._for(this.handler, rule.env.account, allowedRole);
      this.warnUnknownEnvironment(rule, reference);
    } else {
      this.warnManualPermission(rule, reference, allowedRole);
    }
    return role;
  }

  private warnManualPermission(rule: events.IRuleRef, { arn, env, region }: FunctionReference, role?: iam.IRole): void {
    const { account } = rule.env;
    const [kind, statementId] = role
      ? ['role', `AllowEventBus-${account}-${shortHash(rule, role.node.path)}`]
      : ['account', `AllowEventBus-${account}`];
    const inRegion = region === 'same' ? '' : ', and the rule must be deployed to the region of the function';
    const describe = (text: ToText): ManualStepText => {
      const principal = role ? text(role.roleArn) : account;
      const allowed = role
        ? `EventPublisher.role('${principal}') in 'publishers'`
        : `'${account}' as 'eventBusAccount'`;
      return {
        ...untilAllowed(
          'events are not delivered',
          `the policy of function ${text(arn)} allows ${kind} ${principal} to invoke it`,
        ),
        reason: `the function is not defined in this app or in 'otherApps'${inRegion}`,
        fix:
          `use CrossAccountInvokePermission in the app that defines it, with ${allowed}, or run this command in ` +
          `account ${env.account}, then acknowledge this warning: aws lambda add-permission ` +
          `--region ${text(rule.env.region)} --function-name ${text(arn)} --statement-id ${statementId} ` +
          `--action lambda:InvokeFunction --principal ${principal}`,
      };
    };
    warnManualStep(rule, {
      id: FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
      resource: arn,
      describe,
      need: (app, functionArn) => needOfRule(app, rule, functionArn),
    });
  }
}
