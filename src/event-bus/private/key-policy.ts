import { Stack } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnKey, IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { warnManualStep } from '../../checks/engine/manual-step-warning';
import { FindingId } from '../../checks/finding-id';
import { referencedResource } from '../../core/cfn-resources';
import { isOwned } from '../../core/ownership';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { BusPolicyContext } from '../../eventbridge/bus-statements';
import { Publisher, principalClauseOf, publisherGroupOf, excludeOwnAccount } from '../../eventbridge/publishers';
import { Conditions, mergeConditions } from '../../iam/conditions';
import { Json, Statement } from '../../iam/statement';
import { cfnEventBusOf, literalEventBusArn } from './event-bus-arn';

/**
 * The customer managed key of a bus: what its policy must allow, so that events, logs, archives and rules are not lost
 * on it.
 */

const EVENTS = { Service: 'events.amazonaws.com' };

/**
 * EventBridge may encrypt the events of the bus. For a key of the app the L2 has added all but `kms:DescribeKey`: a
 * call of that has no encryption context, which is what the L2 has a condition on.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function allowEvents(bus: IEventBusRef, key: IKey): void {
  if (isOwned(key)) {
    rejectAfterSynthesis(key, bus, 'kmsKey', {
      must: 'be given to its buses',
      got: `'${key.node.path}', whose policy in the template does not have this one`,
    });
  }
  const arn = literalEventBusArn(bus);
  const describe = allowStatement(EVENTS, 'kms:DescribeKey', {
    StringEquals: { 'aws:SourceAccount': Stack.of(bus).account },
  });
  const encrypt = allowStatement(EVENTS, ['kms:GenerateDataKey', 'kms:Decrypt'], {
    StringEquals: { ...encryptionContext(bus), 'aws:SourceArn': arn },
  });
  if (!add(key, describe)) warn(bus, key.keyArn, [describe, encrypt]);
}

/**
 * EventBridge may encrypt what it archives. Such calls come without a source.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
 */
export function allowArchive(bus: IEventBusRef, key: IKey): void {
  addOrWarn(bus, key.keyArn, key, [
    allowStatement(EVENTS, 'kms:DescribeKey'),
    allowStatement(EVENTS, ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:ReEncrypt*'], {
      StringEquals: encryptionContext(bus),
    }),
  ]);
}

/**
 * EventBridge encrypts the details of log records with the key of the bus, and CloudWatch Logs decrypts them.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-bus-logs.html
 */
export function allowLogs(bus: IEventBusRef, key: IKey): void {
  const { partition, region, account } = Stack.of(bus);
  const ofAccount = {
    StringLike: { 'kms:EncryptionContext:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
  };
  addOrWarn(bus, key.keyArn, key, [
    allowStatement(EVENTS, 'kms:GenerateDataKey', ofAccount),
    allowStatement({ Service: 'delivery.logs.amazonaws.com' }, ['kms:Decrypt', 'kms:GenerateDataKey'], ofAccount),
  ]);
}

/** Whoever manages rules on an encrypted bus must be able to decrypt them. */
export function allowRuleManagers(
  eventBus: IEventBusRef,
  publisher: Publisher,
  policy: IConstruct,
  form: BusPolicyContext,
): void {
  const identifier = cfnEventBusOf(eventBus)?.kmsKeyIdentifier;
  const others = withoutOwnAccount(publisher, form.account);
  if (identifier === undefined || !others) return;
  const key = (eventBus as { kmsKey?: IKey }).kmsKey ?? keyFromIdentifier(identifier);
  const context = { StringEquals: encryptionContext(eventBus) };
  addOrWarn(
    policy,
    identifier,
    key,
    principalClauseOf(publisherGroupOf(others), form).map((callers) =>
      allowStatement(callers.principal, 'kms:Decrypt', mergeConditions(excludeOwnAccount(callers, form), context)),
    ),
  );
}

/**
 * Identity policies suffice in the own account; a role there may depend on the bus, and so cannot be named by its key.
 */
function withoutOwnAccount(publisher: Publisher, own: string): Publisher | undefined {
  if (publisher.kind !== 'Roles') return publisher;
  const roles = publisher.roles.filter(({ account }) => account !== own);
  return roles.length > 0 ? { ...publisher, roles } : undefined;
}

/** The key of the app that an identifier refers to, by itself or by an alias. */
function keyFromIdentifier(identifier: string): Pick<IKey, 'addToResourcePolicy'> | undefined {
  const key = (referencedResource(identifier, CfnKey.isCfnKey) ?? referencedResource(identifier, CfnAlias.isCfnAlias))
    ?.node.scope;
  return key && 'addToResourcePolicy' in key ? (key as unknown as IKey) : undefined;
}

function encryptionContext(bus: IEventBusRef): { [key: string]: string } {
  return { 'kms:EncryptionContext:aws:events:event-bus:arn': literalEventBusArn(bus) };
}

function allowStatement(principal: Json, action: Json, conditions?: Conditions): Statement {
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    Resource: '*',
    ...(conditions && { Condition: conditions as Json }),
  };
}

/**
 * To the key, unless it is none of the app or cannot be changed: then a warning on the construct gives the statements.
 */
function addOrWarn(
  construct: IConstruct,
  identifier: string,
  key: Pick<IKey, 'addToResourcePolicy'> | undefined,
  statements: Statement[],
): void {
  const added = statements.map((statement) => key !== undefined && add(key, statement));
  if (added.includes(false)) warn(construct, identifier, statements);
}

function add(key: Pick<IKey, 'addToResourcePolicy'>, statement: Statement): boolean {
  return key.addToResourcePolicy(iam.PolicyStatement.fromJson(statement), true).statementAdded;
}

function warn(construct: IConstruct, identifier: string, statements: Statement[]): void {
  const what = statements.length === 1 ? 'this statement' : 'these statements';
  warnManualStep(construct, FindingId.MANUALLY_ADD_KEY_POLICY, (text) => ({
    problem: `the policy of key ${text(identifier)} must have ${what}, and cannot be changed from here`,
    fix: `add ${statements.map(text).join(', ')}`,
  }));
}
