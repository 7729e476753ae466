import { Stack } from 'aws-cdk-lib';
import { IRuleRef, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import { currentBusRulesArn, crossAccountBusOf, literalRuleArn } from './rule-arns';
import { isOwned } from '../../core/ownership';
import { validateNumber } from '../../core/validate-values';
import { integerBetween } from '../../eventbridge/formats';
import { EVENT_AGE_SECONDS, RETRY_ATTEMPTS } from '../../eventbridge/quotas';
import { grantDeadLetterAccess } from '../../permissions/dead-letter-queue';

/** The options as a target has them, with what the dead-letter queue needs to be written to. */
export function deliveryConfig(
  rule: IRuleRef,
  options: TargetBaseProps,
): Pick<RuleTargetConfig, 'deadLetterConfig' | 'retryPolicy'> {
  const { deadLetterQueue, retryAttempts, maxEventAge } = options;
  const seconds = maxEventAge?.isUnresolved() ? undefined : maxEventAge?.toSeconds({ integral: false });
  validateNumber(rule, 'retryAttempts', retryAttempts, integerBetween(RETRY_ATTEMPTS, 'attempts'));
  validateNumber(rule, 'maxEventAge', seconds, integerBetween(EVENT_AGE_SECONDS, 'seconds'));
  if (deadLetterQueue) {
    // In another stack, a reference to the rule would close a circle: the rule refers to the queue. In a message it
    // could not be read.
    const foreign = crossAccountBusOf(rule);
    const own = isOwned(deadLetterQueue) && Stack.of(deadLetterQueue) === Stack.of(rule) && !foreign;
    const arn = own ? rule.ruleRef.ruleArn : literalRuleArn(rule);
    const widerArn = foreign ? undefined : () => currentBusRulesArn(rule);
    grantDeadLetterAccess(
      { construct: rule, arn, ...rule.env, widerArn, busAccount: foreign?.env.account },
      deadLetterQueue,
    );
  }
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
