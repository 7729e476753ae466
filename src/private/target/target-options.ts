import { Stack } from 'aws-cdk-lib';
import { IRuleRef, RuleTargetConfig } from 'aws-cdk-lib/aws-events';
import { TargetBaseProps } from 'aws-cdk-lib/aws-events-targets';
import { allowDeadLetters } from '../dead-letters';
import { allRulesBeside, foreignBusOf, spelledOutArnOf } from './rules';
import { within } from '../../policy/formats';
import { EVENT_AGE_SECONDS, RETRY_ATTEMPTS } from '../../policy/limits';
import { checkNumber } from '../checked-values';
import { isMadeHere } from '../owned';

/** The options as a target has them, with what the dead-letter queue needs to be written to. */
export function deliveryConfig(rule: IRuleRef, options: TargetBaseProps): Pick<RuleTargetConfig, 'deadLetterConfig' | 'retryPolicy'> {
  const { deadLetterQueue, retryAttempts, maxEventAge } = options;
  const seconds = maxEventAge?.isUnresolved() ? undefined : maxEventAge?.toSeconds({ integral: false });
  checkNumber(rule, 'retryAttempts', retryAttempts, within(RETRY_ATTEMPTS, 'attempts'));
  checkNumber(rule, 'maxEventAge', seconds, within(EVENT_AGE_SECONDS, 'seconds'));
  if (deadLetterQueue) {
    // In another stack, a reference to the rule would close a circle: the rule refers to the queue. In a message it could not be read.
    const foreign = foreignBusOf(rule);
    const own = isMadeHere(deadLetterQueue) && Stack.of(deadLetterQueue) === Stack.of(rule) && !foreign;
    const arn = own ? rule.ruleRef.ruleArn : spelledOutArnOf(rule);
    const widerArn = foreign ? undefined : () => allRulesBeside(rule);
    allowDeadLetters({ construct: rule, arn, ...rule.env, widerArn, busAccount: foreign?.env.account }, deadLetterQueue);
  }
  return {
    deadLetterConfig: deadLetterQueue && { arn: deadLetterQueue.queueArn },
    retryPolicy: retryAttempts === undefined && maxEventAge === undefined ? undefined : {
      maximumRetryAttempts: retryAttempts,
      maximumEventAgeInSeconds: maxEventAge?.toSeconds(),
    },
  };
}
