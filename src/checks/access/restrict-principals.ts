import { FeatureFlags } from 'aws-cdk-lib';
import { isForEventBridge, isForService } from './event-statements';
import type { ResourceStatement } from './resource-statements';
import { AppIndex } from '../../app-model/app-index';
import { isObject, toList } from '../../iam/statement';

/** The fix for a statement that allows any AWS account. */
export function restrictPrincipals(resourceStatement: ResourceStatement): string {
  const { kind, statement, construct, shortForm } = resourceStatement;
  if (kind.noun === 'function') {
    return construct.cfnResourceType === 'AWS::Lambda::Permission'
      ? restrictPermission(resourceStatement)
      : restrictTarget(resourceStatement, 'rule');
  }
  if (kind.noun !== 'bus') return restrictTarget(resourceStatement, kind.noun === 'queue' ? 'rule or bus' : 'rule');
  if (shortForm) return RESTRICT_SHORT_FORM;
  return isForService(statement)
    ? "add an 'aws:SourceAccount' or 'aws:SourceOrgID' condition with the account or organization of the service's " +
        'resource'
    : "list the accounts, or add an 'aws:PrincipalOrgID' condition";
}

/** `Action`, `Principal` and `Condition` of an `AWS::Events::EventBusPolicy` have room for one account only. */
const RESTRICT_SHORT_FORM =
  "set 'Principal' to an account ID, add a 'Condition' of the type 'StringEquals' with the key 'aws:PrincipalOrgID', " +
  "or use 'Statement' to list several accounts";

function restrictPermission({ statement }: ResourceStatement): string {
  return isForService(statement)
    ? "add 'SourceArn' with the ARN of the rule, and 'SourceAccount'"
    : "use an account or 'events.amazonaws.com' as 'Principal', for the service with 'SourceArn' and " +
        "'SourceAccount', or add 'PrincipalOrgID'";
}

function restrictTarget({ statement }: ResourceStatement, source: string): string {
  const condition = `an 'ArnEquals' condition on 'aws:SourceArn' with the ARN of the ${source}`;
  return isForService(statement)
    ? `add ${condition}`
    : `list the accounts, add an 'aws:PrincipalOrgID' condition, or use 'events.amazonaws.com' with ${condition}`;
}

/** The feature flag of aws-cdk-lib that restricts the statement of a queue with a KMS key to rules in one account. */
const FLAG = '@aws-cdk/aws-events:eventsTargetQueueSameAccount';

/**
 * The fix for the statement that the target `SqsQueue` of aws-cdk-lib adds to a queue with a KMS key; undefined for any
 * other statement.
 *
 * @see https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/FEATURE_FLAGS.md
 */
export function featureFlagFix(app: AppIndex, resourceStatement: ResourceStatement): string | undefined {
  const { kind, statement, resourceArn, construct } = resourceStatement;
  if (kind.noun !== 'queue' || app.queue(resourceArn)?.key === undefined) return undefined;
  if (!isObject(statement) || statement.Condition !== undefined || !isForEventBridge(statement)) return undefined;
  if ([...toList(statement.Action)].sort().join() !== GRANTED_ACTIONS) return undefined;
  if (FeatureFlags.of(construct).isEnabled(FLAG)) return undefined;
  return (
    `set the feature flag '${FLAG}' to true in cdk.json, with which the target SqsQueue of aws-cdk-lib allows only ` +
    'rules in its account'
  );
}

/** The actions that `grantSendMessages()` allows. */
const GRANTED_ACTIONS = 'sqs:GetQueueAttributes,sqs:GetQueueUrl,sqs:SendMessage';
