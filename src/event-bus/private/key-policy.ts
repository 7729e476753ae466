import { Stack } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnKey, IKey } from 'aws-cdk-lib/aws-kms';
import { IConstruct } from 'constructs';
import { cfnEventBusOf, literalEventBusArn } from './event-bus-arn';
import { keyNeed } from '../../checks/delivery/lib/needs';
import { ManualStep, untilAllowed, warnManualStep } from '../../checks/engine/warn-manual-step';
import { FindingId } from '../../checks/finding-id';
import { referencedResource } from '../../core/cfn-resources';
import { readNow } from '../../core/environment';
import { isOwned } from '../../core/ownership';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { BusPolicyContext } from '../../eventbridge/bus-statements';
import { Publisher, principalClauseOf, publisherGroupOf, excludeOwnAccount } from '../../eventbridge/publishers';
import { Conditions, mergeConditions } from '../../iam/conditions';
import { Json, Statement } from '../../iam/statement';

/** The key policy statements for the customer managed key of a bus: for its events, logs, archives and rules. */

/** A key whose policy can be changed, unless it is imported. */
type PolicyKey = Pick<IKey, 'addToResourcePolicy'>;

const EVENTS = { Service: 'events.amazonaws.com' };

/**
 * Allows EventBridge to encrypt the events of the bus. If the key is defined in this app, the L2 adds these statements,
 * except `kms:DescribeKey`: its statement has a condition on the encryption context, which `kms:DescribeKey` does not
 * have.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 */
export function allowEvents(bus: IEventBusRef, key: IKey): void {
  if (isOwned(key)) {
    rejectAfterSynthesis(key, bus, 'kmsKey', {
      must: 'be passed to its buses',
      got: `'${key.node.path}', whose template does not contain the statements for this bus`,
    });
  }
  const arn = literalEventBusArn(bus);
  const describe = allowStatement(EVENTS, 'kms:DescribeKey', {
    StringEquals: { 'aws:SourceAccount': Stack.of(bus).account },
  });
  const encrypt = allowStatement(EVENTS, ['kms:GenerateDataKey', 'kms:Decrypt'], {
    StringEquals: { ...encryptionContext(bus), 'aws:SourceArn': arn },
  });
  if (addStatement(key, describe)) return;
  const need = (_: unknown, keyArn: string) => keyNeed(keyArn, String(readNow(bus, bus.eventBusRef.eventBusArn)));
  warnManualKeyPolicy(bus, 'EventBridge cannot encrypt the events of the bus', key.keyArn, [describe, encrypt], need);
}

/**
 * Allows EventBridge to encrypt an archive. These requests have no source ARN or source account.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
 */
export function allowArchive(bus: IEventBusRef, key: IKey): void {
  const statements = [
    allowStatement(EVENTS, 'kms:DescribeKey'),
    allowStatement(EVENTS, ['kms:GenerateDataKey', 'kms:Decrypt', 'kms:ReEncrypt*'], {
      StringEquals: encryptionContext(bus),
    }),
  ];
  if (addStatements(key, statements)) return;
  warnManualKeyPolicy(bus, 'EventBridge cannot encrypt the archive of the bus', key.keyArn, statements);
}

/**
 * Allows EventBridge to encrypt the details of log records with the key of the bus, and CloudWatch Logs to decrypt
 * them.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-bus-logs.html
 */
export function allowLogs(bus: IEventBusRef, key: IKey): void {
  const { partition, region, account } = Stack.of(bus);
  const logsOfAccount = {
    StringLike: { 'kms:EncryptionContext:SourceArn': `arn:${partition}:logs:${region}:${account}:*` },
  };
  const statements = [
    allowStatement(EVENTS, 'kms:GenerateDataKey', logsOfAccount),
    allowStatement({ Service: 'delivery.logs.amazonaws.com' }, ['kms:Decrypt', 'kms:GenerateDataKey'], logsOfAccount),
  ];
  if (addStatements(key, statements)) return;
  warnManualKeyPolicy(bus, 'EventBridge cannot encrypt the logs of the bus', key.keyArn, statements);
}

/** Allows principals that manage rules on an encrypted bus to decrypt the rules. */
export function allowRuleManagers(
  eventBus: IEventBusRef,
  publisher: Publisher,
  construct: IConstruct,
  context: BusPolicyContext,
): void {
  const identifier = cfnEventBusOf(eventBus)?.kmsKeyIdentifier;
  const crossAccountPublisher = withoutOwnAccount(publisher, context.account);
  if (identifier === undefined || !crossAccountPublisher) return;
  const encryptedRules = { StringEquals: encryptionContext(eventBus) };
  const statements = principalClauseOf(publisherGroupOf(crossAccountPublisher), context).map((clause) =>
    allowStatement(
      clause.principal,
      'kms:Decrypt',
      mergeConditions(excludeOwnAccount(clause, context), encryptedRules),
    ),
  );
  const key = (eventBus as { kmsKey?: IKey }).kmsKey ?? keyFromIdentifier(identifier);
  if (key && addStatements(key, statements)) return;
  warnManualKeyPolicy(
    construct,
    'principals in other accounts cannot decrypt the rules on the bus',
    identifier,
    statements,
  );
}

/**
 * Removes the roles in the account of the bus. Identity-based policies are sufficient for them, and a role that depends
 * on the bus cannot be named in the policy of its key.
 */
function withoutOwnAccount(publisher: Publisher, ownAccount: string): Publisher | undefined {
  if (publisher.kind !== 'Roles') return publisher;
  const roles = publisher.roles.filter(({ account }) => account !== ownAccount);
  return roles.length > 0 ? { ...publisher, roles } : undefined;
}

/** The key in this app that an identifier refers to, directly or by an alias. */
function keyFromIdentifier(identifier: string): PolicyKey | undefined {
  const resource =
    referencedResource(identifier, CfnKey.isCfnKey) ?? referencedResource(identifier, CfnAlias.isCfnAlias);
  const key = resource?.node.scope;
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

/** Adds statements to a key policy. Returns false if the key policy cannot be changed. */
function addStatements(key: PolicyKey, statements: Statement[]): boolean {
  return statements.map((statement) => addStatement(key, statement)).every((isAdded) => isAdded);
}

function addStatement(key: PolicyKey, statement: Statement): boolean {
  return key.addToResourcePolicy(iam.PolicyStatement.fromJson(statement), true).statementAdded;
}

function warnManualKeyPolicy(
  construct: IConstruct,
  consequence: string,
  identifier: string,
  statements: Statement[],
  need?: ManualStep['need'],
): void {
  const what = statements.length === 1 ? 'this statement' : 'these statements';
  warnManualStep(construct, {
    id: FindingId.MANUALLY_ADD_KEY_POLICY,
    resource: identifier,
    describe: (text) => ({
      ...untilAllowed(consequence, `the policy of key ${text(identifier)} allows it`),
      reason: 'this app cannot change the key policy',
      fix: `add ${what} to the key policy: ${statements.map(text).join(', ')}`,
    }),
    need,
  });
}
