import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { isAllowedByBusPolicy, ruleQuery } from '../checks/delivery/lib/bus-policy';
import { needOfRule } from '../checks/delivery/lib/needs';
import { untilAllowed, warnManualStep } from '../checks/engine/warn-manual-step';
import { FindingId } from '../checks/finding-id';
import { deployAfterGrants } from '../core/deploy-after';
import { EventBusReference } from '../event-bus/event-bus-reference';
import { EventPublisher } from '../event-bus/event-publisher';
import { roleStatement } from '../eventbridge/bus-statements';
import { deliveryConfig } from './private/delivery-options';
import { useProvidedRole } from './private/provided-role';
import { rejectCrossAccountBus, rejectTargetAfterSynthesis } from './private/rule-arns';
import { RuleRole, RuleTarget } from './private/rule-role';
import { requireOneCdkRelease } from '../core/cdk-copies';

/** Properties of `CrossAccountEventBusTarget`. */
export interface CrossAccountEventBusTargetProps extends TargetBaseProps {
  /**
   * The role that EventBridge assumes to put events on the bus. It must be in the account of the rule.
   *
   * Its identity-based policy gets a statement that allows it to put events on the bus. Its trust policy is not
   * changed, and must allow EventBridge to assume the role for the rule. If a role that is defined in this app does not
   * allow that, synthesis fails. For an imported role, a warning shows what its trust policy must contain, and what
   * else cannot be written from this app. If its name is known to another app, the bus policy there can name the role
   * before it exists.
   *
   * @default - a role that the rules of this stack with this target share
   */
  readonly executionRole?: iam.IRole;
}

/**
 * An event bus as the target of a rule, in another account, another Region, or the same account and Region.
 *
 * It creates an execution role in the stack of the rule, which may put events on exactly that bus. The trust policy of
 * the role lists the rules of that stack with this target, up to eight. For more rules, or if their ARNs do not fit
 * into 2,048 characters, it allows all rules on their buses in that account, and for the default bus all rules in that
 * account. For a rule on a bus in another account, an error is thrown instead.
 *
 * If the bus is in another account and defined in this app, its resource-based policy allows that role, and the stack
 * of the rule is deployed after that grant. If the two are in different stages, deploy the stage of the bus first. If
 * the bus is in another account and not defined in this app, a warning shows the statement to add there, unless the bus
 * policy in this app already allows the role, such as all accounts of the organization. The event is
 * forwarded unchanged: a bus in another account accepts no input transformation.
 *
 * The dead-letter queue must be a standard queue in the Region of the rule. Its policy allows EventBridge to send to
 * it; for an imported queue, a warning shows the statement to add. Delivery is retried 0 to 185 times, for 60 seconds
 * to 24 hours. An event that is not delivered by then is dropped, unless there is a dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @example
 * new Rule(this, 'ToBilling', {
 *   eventBus: bus,
 *   eventPattern: { source: ['com.example.shop'] },
 *   targets: [new CrossAccountEventBusTarget(otherBus, { deadLetterQueue: queue })],
 * });
 */
export class CrossAccountEventBusTarget implements events.IRuleTarget {
  /**
   * Creates a target, which can be added to any number of rules.
   *
   * @param eventBus The event bus that receives the events.
   * @param props The execution role and the delivery options.
   */
  constructor(
    private readonly eventBus: events.IEventBusRef,
    private readonly props: CrossAccountEventBusTargetProps = {},
  ) {}

  /**
   * Returns the target configuration for a rule, and creates or grants what the target needs. Called by
   * `rule.addTarget()`.
   *
   * @param rule The rule that gets the target.
   * @param _id Not used.
   */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    requireOneCdkRelease(rule);
    rejectTargetAfterSynthesis(rule);
    rejectCrossAccountBus(rule);
    const reference = EventBusReference.from(rule, this.eventBus);
    const { arn } = reference;
    const delivery = deliveryConfig(rule, this.props);
    const target: RuleTarget = { arn, action: 'events:PutEvents', needsRoleName: reference.account !== 'same' };
    const role = this.props.executionRole
      ? useProvidedRole(rule, this.props.executionRole, target)
      : RuleRole.for(rule, target);
    reference.grantCrossAccount(
      (policy) => {
        policy.allowPublisher(EventPublisher.role(role));
        deployAfterGrants(rule, policy, this.eventBus);
      },
      (reason) => this.warnManualBusPolicy(rule, reference, role, reason),
    );
    return { arn, role, ...delivery };
  }

  private warnManualBusPolicy(
    rule: events.IRuleRef,
    reference: EventBusReference,
    role: iam.IRole,
    reason: string,
  ): void {
    const { account, partition } = Stack.of(rule);
    const { arn } = reference;
    const statement = roleStatement({ account, arn: role.roleArn }, {}, { arn, partition });
    warnManualStep(rule, {
      id: FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      resource: arn,
      isOwned: reference.isOwned,
      describe: (text) => ({
        ...untilAllowed(
          'the target is rejected',
          `the policy of bus ${text(arn)} allows the execution role of this rule`,
        ),
        reason,
        fix: reference.manualStepFix(text, `allowPublisher(EventPublisher.role('${text(role.roleArn)}'))`, statement),
      }),
      isMet: (app) => isAllowedByBusPolicy(app, rule, { busArn: arn, roleArn: role.roleArn, ...ruleQuery(app, rule) }),
      need: (app, busArn) => needOfRule(app, rule, busArn),
    });
  }
}
