import { RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import { IRole } from 'aws-cdk-lib/aws-iam';

/** Properties that all targets of this library have, except event buses. */
export interface EventTargetProps extends TargetBaseProps {
  /**
   * The role that EventBridge assumes to send events to the target. It must be in the account of the rule.
   *
   * Its identity-based policy gets a statement that allows it to send to the target. Its trust policy is not changed,
   * and must allow EventBridge to assume the role for the rule. If a role that is defined in this app does not allow
   * that, synthesis fails. For an imported role, a warning shows what its trust policy must contain, and what else
   * cannot be written from this app. An error is thrown for a function or queue that is not known to be in another
   * account, because EventBridge needs no role there.
   *
   * @default - a role that the rules of this stack with this target share; no role for a function or queue in the
   * account of the rule
   */
  readonly executionRole?: IRole;

  /**
   * The input of the target: the payload of a function, the body of a message or request, or the data of a record.
   *
   * @default - the whole event
   */
  readonly event?: RuleTargetInput;
}
