import { IRuleRef } from 'aws-cdk-lib/aws-events';
import { CfnQueuePolicy, IQueue } from 'aws-cdk-lib/aws-sqs';
import { queueSourceOf } from './delivery-options';
import { busRulesArn } from './rule-arns';
import { TargetResource } from './target-resource';
import { needOfRule } from '../../checks/delivery/lib/needs';
import { validatePermissionScope } from '../../checks/engine/synthesis-validations';
import { cfnResourceOf } from '../../core/cfn-resources';
import { constructState } from '../../core/construct-state';
import { isOwned } from '../../core/ownership';
import { grantQueueAccess } from '../../permissions/queue-access';
import { EVENTS_STATEMENT_ID } from '../../util/names';
import { QueuePermissionScope } from '../queue-permission-scope';

const VALIDATED = constructState<boolean>('validatedQueuePolicy');

/** Allows EventBridge to send to a queue in the account of a rule, for this rule or for all rules on its bus. */
export function allowRules(rule: IRuleRef, target: TargetResource<IQueue>, scope: QueuePermissionScope): void {
  const { resource: queue } = target;
  const isForBus = scope === QueuePermissionScope.EVENT_BUS;
  const ofRule = queueSourceOf(rule, queue);
  const source = isForBus ? { ...ofRule, arn: busRulesArn(rule) } : ofRule;
  grantQueueAccess(source, queue, {
    property: 'queue',
    statementId: EVENTS_STATEMENT_ID,
    consequence: 'events are not delivered',
    reason: unknownEnvironmentOf(target),
    need: needOfRule,
  });
  if (isForBus && isOwned(queue)) validateScope(queue);
}

function unknownEnvironmentOf(target: TargetResource<IQueue>): string | undefined {
  const unknown = (['account', 'region'] as const).filter((part) => target[part] === 'unknown');
  if (unknown.length === 0) return undefined;
  const verb = unknown.length === 1 ? 'is' : 'are';
  return `it must be in the ${unknown.join(' and ')} of the rule, which ${verb} known only at deployment`;
}

/** Fails synthesis if other accounts can create rules that the queue policy allows. */
function validateScope(queue: IQueue): void {
  const policy = queue.node.tryFindChild('Policy');
  const resource = policy && cfnResourceOf(policy, CfnQueuePolicy.isCfnQueuePolicy);
  if (!resource || VALIDATED.get(resource)) return;
  VALIDATED.set(resource, true);
  validatePermissionScope(resource, 'QueuePermissionScope.RULE');
}
