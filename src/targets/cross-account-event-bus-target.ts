import { Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import { warnManualStep } from '../checks/engine/manual-step-warning';
import { FindingId } from '../checks/finding-id';
import { deployAfterGrants } from '../core/deploy-after';
import { compareEnvironments } from '../core/environment';
import { CrossAccountEventBusPolicy } from '../event-bus/cross-account-event-bus-policy';
import { eventBusArnFor, manualPolicyReason } from '../event-bus/event-bus-reference';
import { EventPublisher } from '../event-bus/event-publisher';
import { roleStatement } from '../eventbridge/bus-statements';
import { deliveryConfig } from './private/delivery-options';
import { useProvidedRole } from './private/provided-role';
import { rejectCrossAccountBus, rejectTargetAfterSynthesis } from './private/rule-arns';
import { RuleRole, RuleTarget } from './private/rule-role';

/** Properties of a bus as the target of a rule. */
export interface CrossAccountEventBusTargetProps extends TargetBaseProps {
  /**
   * The role with which EventBridge puts events on the bus. It must be of the rule's account; it is allowed to put
   * events on the bus. Its trust policy is left as it is, and must let EventBridge assume it for the rule: for a role
   * of the app synthesis fails otherwise, for an imported one a warning tells what it must say, and what else cannot be
   * written from here. A role whose name is known to another app can be named there before it is made.
   *
   * @default - a role that only the rules of this stack with this target can use
   */
  readonly executionRole?: iam.IRole;
}

/**
 * A bus as the target of a rule: in another account, another region, or the same one.
 *
 * Makes a role in the rule's stack that only the rules of that stack with this target can use, and that may put events
 * on exactly that bus. A bus of the app in another account lets that role in, and the rule's stack is deployed after
 * that grant, unless they are in two stages: then deploy the stage of the bus first. For a bus of another account that
 * the app does not make, a warning gives the statement to add there. The event arrives as it is: another account's bus
 * takes no input transformation.
 *
 * A dead-letter queue must be a standard queue of the rule's region; its policy lets EventBridge write to it, and for
 * an imported one a warning gives the statement. Delivery is tried again 0 to 185 times, for 60 seconds to 24 hours; an
 * event that could not be delivered by then is dropped unless there is a dead-letter queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class CrossAccountEventBusTarget implements events.IRuleTarget {
  constructor(
    private readonly eventBus: events.IEventBusRef,
    private readonly props: CrossAccountEventBusTargetProps = {},
  ) {}

  /** Called by `rule.addTarget()`. */
  public bind(rule: events.IRuleRef, _id?: string): events.RuleTargetConfig {
    rejectTargetAfterSynthesis(rule);
    rejectCrossAccountBus(rule);
    const arn = eventBusArnFor(rule, this.eventBus);
    const delivery = deliveryConfig(rule, this.props);
    const account = compareEnvironments(rule.env.account, this.eventBus.env.account);
    const grants = account === 'different' ? CrossAccountEventBusPolicy._of(this.eventBus) : undefined;
    const target: RuleTarget = { arn, action: 'events:PutEvents', named: account !== 'same' };
    const role = this.props.executionRole
      ? useProvidedRole(rule, this.props.executionRole, target)
      : RuleRole.for(rule, target);
    if (grants) {
      grants.allowPublisher(EventPublisher.role(role));
      deployAfterGrants(rule, grants, this.eventBus);
    } else if (account !== 'same') {
      this.warnOfDestinationHalf(rule, role, manualPolicyReason(this.eventBus, account));
    }
    return { arn, role, ...delivery };
  }

  private warnOfDestinationHalf(rule: events.IRuleRef, role: iam.IRole, reason: string): void {
    const arn = eventBusArnFor(rule, this.eventBus);
    const { account, partition } = Stack.of(rule);
    const statement = roleStatement({ account, arn: role.roleArn }, {}, { arn, partition });
    warnManualStep(rule, FindingId.MANUALLY_ADD_EVENT_BUS_POLICY, (text) => ({
      problem: `the target is refused until the policy of bus ${text(arn)} lets this rule's role in`,
      fix:
        `${reason} in its account call allowPublisher(EventPublisher.role('${text(role.roleArn)}')), ` +
        `or add the statement: ${text(statement)}`,
    }));
  }
}
