import { Stack } from 'aws-cdk-lib';
import { IRuleRef, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { currentBusRulesArn, crossAccountBusOf, literalRuleArn } from './rule-arns';
import { isOwned } from '../../core/ownership';
import { validateNumber } from '../../core/validate-values';
import { integerBetween } from '../../eventbridge/formats';
import { EVENT_AGE_SECONDS, RETRY_ATTEMPTS } from '../../eventbridge/quotas';
import { grantDeadLetterAccess } from '../../permissions/dead-letter-queue';
import { QueueSource } from '../../permissions/queue-access';

/** Validates the delivery options of a target, allows its dead-letter queue, and returns the target configuration. */
export function deliveryConfig(
  rule: IRuleRef,
  options: TargetBaseProps,
): Pick<RuleTargetConfig, 'deadLetterConfig' | 'retryPolicy'> {
  const { deadLetterQueue, retryAttempts, maxEventAge } = options;
  const seconds = maxEventAge?.isUnresolved() ? undefined : maxEventAge?.toSeconds({ integral: false });
  validateNumber(rule, 'retryAttempts', retryAttempts, integerBetween(RETRY_ATTEMPTS, 'attempts'));
  validateNumber(rule, 'maxEventAge', seconds, integerBetween(EVENT_AGE_SECONDS, 'seconds'));
  if (deadLetterQueue) grantDeadLetterAccess(queueSourceOf(rule, deadLetterQueue), deadLetterQueue);
  return {
    deadLetterConfig: deadLetterQueue && { arn: deadLetterQueue.queueArn },
    retryPolicy:
      retryAttempts === undefined && maxEventAge === undefined
        ? undefined
        : {
            maximumRetryAttempts: retryAttempts,
            maximumEventAgeInSeconds: maxEventAge?.toSeconds(),
          },
  };
}

/** A rule that sends to a queue without a role. */
export function queueSourceOf(rule: IRuleRef, queue: IQueue): QueueSource {
  const crossAccountBus = crossAccountBusOf(rule);
  // The rule refers to the queue. If both are in different stacks, a reference back would be a dependency cycle.
  const canReference = isOwned(queue) && Stack.of(queue) === Stack.of(rule) && !crossAccountBus;
  const arn = canReference ? rule.ruleRef.ruleArn : literalRuleArn(rule);
  const broaderArn = crossAccountBus ? undefined : () => currentBusRulesArn(rule);
  return { construct: rule, arn, ...rule.env, broaderArn, busAccount: crossAccountBus?.env.account };
}
