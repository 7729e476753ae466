import { certainlyDiffer } from './lib/authorize';
import { RuleTargetPath } from './lib/rule-target-path';
import { restApiArn } from '../../app-model/possible-rest-apis';
import { mayHaveMethod, methodOf, methodsOf } from '../../app-model/rest-api-methods';
import { parseArn } from '../../iam/arn';
import { displayText, hasUnresolved } from '../../iam/unresolved-text';
import { pathOf } from '../engine/construct-names';
import { Finding } from '../engine/finding';
import { API, QUEUE, TOPIC } from '../engine/target-kinds';
import { FindingId } from '../finding-id';

/**
 * Finds a target to which EventBridge does not deliver, whatever the policies allow: one in another partition, a FIFO
 * topic, a FIFO queue without a message group or deduplication, and a method that its REST API does not have.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html
 */
export function checkRejectedTarget(path: RuleTargetPath): Finding[] {
  const checks = [targetInOtherPartition, fifoTopic, fifoQueue, missingMethod];
  return checks.map((check) => check(path)).find((findings) => findings.length > 0) ?? [];
}

/** The account of a target in another partition is another one, even if its ID is the same. */
function targetInOtherPartition(path: RuleTargetPath): Finding[] {
  const { rule, target, targetName, ruleName } = path;
  if (!isInOtherPartition(path)) return [];
  const [partition, own] = [target.arn, rule.arn].map((arn) => displayText(parseArn(arn)?.partition ?? ''));
  return path.error(FindingId.RULE_REJECTED, {
    problem: `EventBridge rejects ${targetName} of ${ruleName}, because it is in partition ${partition}`,
    reason: `EventBridge does not send events to another partition than that of the rule, ${own}`,
    fix: `correct the ARN, or call an endpoint in partition ${partition} through an API destination`,
  });
}

/** Whether a target is certainly in another partition than its rule. That of an unresolved Region is only assumed. */
function isInOtherPartition({ rule, target }: RuleTargetPath): boolean {
  if (hasUnresolved(rule.region)) return false;
  const [first, second] = [rule.arn, target.arn].map((arn) => parseArn(arn)?.partition);
  return first !== undefined && second !== undefined && certainlyDiffer(first, second);
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html */
function fifoTopic(path: RuleTargetPath): Finding[] {
  if (path.kind !== TOPIC || !path.target.arn.endsWith('.fifo')) return [];
  return path.error(FindingId.RULE_REJECTED, {
    problem: `EventBridge does not deliver to ${path.targetName}, ${path.targetOfRule}`,
    reason: 'it is a FIFO topic',
    fix: 'use a standard topic, or a FIFO queue with a message group',
  });
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_SqsParameters.html */
function fifoQueue(path: RuleTargetPath): Finding[] {
  const { app, kind, target, targetName, targetOfRule } = path;
  const queue = app.queue(target.arn);
  if (kind !== QUEUE || (queue?.fifo !== true && !target.arn.endsWith('.fifo'))) return [];
  const problem = `EventBridge does not deliver to ${targetName}, ${targetOfRule}`;
  if (target.messageGroupId === undefined) {
    return path.error(FindingId.RULE_REJECTED, {
      problem,
      reason: 'a FIFO queue needs a message group',
      fix: "set 'MessageGroupId' in 'SqsParameters' of the target, or use an SqsEventTarget with 'messageGroupId'",
    });
  }
  if (queue?.deduplicates !== false) return [];
  const text = {
    problem,
    reason: 'EventBridge sends no deduplication ID, and the queue has no content-based deduplication',
    fix: "set 'contentBasedDeduplication: true' on the queue",
  };
  return path.error(FindingId.RULE_REJECTED, text, queue.construct);
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-gateway-target.html */
function missingMethod(path: RuleTargetPath): Finding[] {
  const { app, kind, target, targetOfRule } = path;
  const api = kind === API ? app.restApi(restApiArn(target.arn)) : undefined;
  if (!api || mayHaveMethod(app.model, api, target.arn)) return [];
  const method = displayText(methodOf(target.arn).join(' '));
  return path.error(FindingId.RULE_REJECTED, {
    problem: `EventBridge does not deliver to ${method} of API '${pathOf(api.construct)}', ${targetOfRule}`,
    reason: 'the API has no such method',
    fix: `use one of: ${methodsOf(app.model, api)?.join(', ')}, with '*' for each parameter`,
  });
}
