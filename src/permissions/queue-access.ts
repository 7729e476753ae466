import { IResolvable, Lazy, Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { AppIndex } from '../app-model/app-index';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { untilAllowed, warnManualStep } from '../checks/engine/warn-manual-step';
import { FindingId } from '../checks/finding-id';
import { cfnResourceOf } from '../core/cfn-resources';
import { constructState } from '../core/construct-state';
import { compareEnvironments, requirePhysicalName, uniqueSortedTokens } from '../core/environment';
import { requireArnUnchanged } from '../core/literal-arns';
import { isOwned } from '../core/ownership';
import { rejectAfterSynthesis } from '../core/synthesized-stages';
import { validationError } from '../core/validation-error';
import { EVENT_BUS_ARN_CHARACTERS, QUEUE_POLICY_CHARACTERS, RULE_NAME_CHARACTERS } from '../eventbridge/quotas';
import { documentSize } from '../iam/policy-size';
import { Json, scalarOrList } from '../iam/statement';
import { Need } from '../topology/need';

/** A rule or bus that sends to a queue without a role. */
export interface QueueSource {
  readonly construct: IConstruct;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** A broader ARN that includes this source, read at synthesis if a list of all sources exceeds the policy quota. */
  readonly broaderArn?: () => string;
  /** The account of a cross-account bus: AWS does not document which of the two accounts EventBridge sends. */
  readonly busAccount?: string;
}

/** What rules and buses send to a queue. */
export interface QueuePurpose {
  /** The name of the property or argument that has the queue. */
  readonly property: string;
  /** The ID of the statement that all sources share. */
  readonly statementId: string;
  /** What a missing statement causes, such as `events are not delivered`. */
  readonly consequence: string;
  /** Why this app cannot write the queue policy, in addition. */
  readonly reason?: string;
  readonly need: (app: AppIndex, construct: IConstruct, queueArn: string) => Need | undefined;
}

const EVENTS = new iam.ServicePrincipal('events.amazonaws.com');
const SOURCES = constructState<Map<string, Map<string, QueueSource>>>('queueSources');

/**
 * Allows EventBridge to send to a queue on behalf of a rule or bus: in the queue policy, and in the key policy of an
 * encrypted queue. One statement serves all sources of a queue, because a queue policy has at most 20. For a queue or
 * key that is not defined in this app, a warning shows the statement to add.
 */
export function grantQueueAccess(source: QueueSource, queue: sqs.IQueue, purpose: QueuePurpose): void {
  validateQueue(source, queue, purpose);
  if (isOwned(queue)) allowSource(source, queue, purpose);
  else warnManualQueuePolicy(source, purpose, 'queue', queue.queueArn, manualStatement(source, queue));
  allowKey(source, queue, purpose);
}

/** Adds a source to the statement of the queue policy, which is created for the first source. */
function allowSource(source: QueueSource, queue: sqs.IQueue, { statementId }: QueuePurpose): void {
  const byStatement = SOURCES.getOrCreate(queue, () => new Map<string, Map<string, QueueSource>>());
  const sources = byStatement.get(statementId);
  if (sources) {
    sources.set(source.arn, source);
    return;
  }
  const created = new Map([[source.arn, source]]);
  byStatement.set(statementId, created);
  queue.addToResourcePolicy(statementFor(queue, lazySourceArns(queue, created), statementId));
}

/** The sorted list, which is kept until a source is added: the CDK reads it several times, and sorting takes long. */
function lazySourceArns(queue: sqs.IQueue, sources: ReadonlyMap<string, QueueSource>): IResolvable {
  let sorted: { count: number; arns: string[] } | undefined;
  const produce = () => {
    if (sorted?.count !== sources.size) {
      sorted = { count: sources.size, arns: sourceArns(queue, [...sources.values()]) };
    }
    return scalarOrList(sorted.arns);
  };
  return Lazy.uncachedAny({ produce });
}

function manualStatement({ construct, arn }: QueueSource, queue: sqs.IQueue): iam.PolicyStatement {
  return statementFor(queue, arn, `EventBridge${Names.nodeUniqueId(construct.node)}`.slice(-128));
}

function statementFor(queue: sqs.IQueue, sourceArn: unknown, sid?: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    principals: [EVENTS],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnEquals: { 'aws:SourceArn': sourceArn } },
  });
}

/** The number of sources that fit into a queue policy even with the longest names, without measuring them. */
const ALWAYS_FITS = Math.floor(
  (QUEUE_POLICY_CHARACTERS - 1_000) / (EVENT_BUS_ARN_CHARACTERS + 1 + RULE_NAME_CHARACTERS),
);

/** The ARNs of the sources, or those of all rules on their buses if the list does not fit; in a stable order. */
function sourceArns(queue: sqs.IQueue, sources: QueueSource[]): string[] {
  const listed = uniqueSortedTokens(
    queue,
    sources.map(({ arn }) => arn),
  );
  if (sources.length <= ALWAYS_FITS) return listed;
  const statement = new TemplateReader().resolve(
    Stack.of(queue),
    statementFor(queue, listed).toStatementJson(),
  ) as Json;
  if (documentSize([statement]).estimate <= QUEUE_POLICY_CHARACTERS) return listed;
  return uniqueSortedTokens(
    queue,
    sources.map(({ arn, broaderArn }) => broaderArn?.() ?? arn),
  );
}

function validateQueue({ construct, region }: QueueSource, queue: sqs.IQueue, { property }: QueuePurpose): void {
  if (compareEnvironments(region, queue.env.region) === 'different') {
    throw validationError(
      construct,
      `'${property}' must be in region ${region}, got one in ${queue.env.region}; ` +
        'use a queue in the region of the rule or bus',
    );
  }
  rejectManagedKey(construct, property, queue, 'EventBridge');
  if (isOwned(queue)) {
    rejectAfterSynthesis(queue, construct, property, {
      must: 'be set on its rules and buses',
      got: `'${queue.node.path}', whose policy in the template does not allow this rule or bus`,
    });
  }
  if (compareEnvironments(Stack.of(construct).account, queue.env.account) === 'unknown' && isOwned(queue)) {
    throw validationError(
      construct,
      `'${property}' must be in a stack with an explicit account if this stack has one, and in an ` +
        `environment-agnostic stack if not, got '${queue.node.path}'; set 'env' on both stacks`,
    );
  }
  requirePhysicalName(construct, property, queue, queue.queueArn, 'queueName');
  const resource = cfnResourceOf(queue, sqs.CfnQueue.isCfnQueue);
  if (resource) requireArnUnchanged(resource, resource.attrArn, queue.queueArn, construct);
}

/** @param principal what the policy of the AWS managed key does not allow */
export function rejectManagedKey(construct: IConstruct, property: string, queue: sqs.IQueue, principal: string): void {
  if (queue.encryptionType !== sqs.QueueEncryption.KMS_MANAGED) return;
  throw validationError(
    construct,
    `'${property}' must not be encrypted with the AWS managed key, got '${queue.node.path}'; ` +
      `the policy of that key does not allow ${principal} to use it, and cannot be changed: ` +
      'use QueueEncryption.SQS_MANAGED, or KMS with a customer managed key',
  );
}

/**
 * Allows EventBridge to use the key of the queue, for the account of the rule or bus. It cannot name the rule: the rule
 * refers to the queue and the queue to the key, so that would be a dependency cycle.
 */
function allowKey(source: QueueSource, queue: sqs.IQueue, purpose: QueuePurpose): void {
  const { account, busAccount } = source;
  const key = queue.encryptionMasterKey;
  if (!key) return;
  const statement = new iam.PolicyStatement({
    principals: [EVENTS],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': busAccount === undefined ? account : [busAccount, account] } },
  });
  const { statementAdded } = key.addToResourcePolicy(statement, true);
  if (!statementAdded) warnManualQueuePolicy(source, purpose, 'key', key.keyArn, statement);
}

function warnManualQueuePolicy(
  { construct }: QueueSource,
  { consequence, reason, need }: QueuePurpose,
  what: 'queue' | 'key',
  arn: string,
  statement: iam.PolicyStatement,
): void {
  const notDefined = `the ${what} is not defined in this app, so its policy cannot be written from here`;
  warnManualStep(construct, {
    id: FindingId.MANUALLY_ADD_QUEUE_POLICY,
    resource: arn,
    describe: (text) => ({
      ...untilAllowed(consequence, `the policy of ${what} ${text(arn)} allows EventBridge to use it`),
      reason: [notDefined, reason].filter((part) => part !== undefined).join(', and '),
      fix:
        `add this statement to the ${what} policy: ${text(statement.toStatementJson())}, ` +
        'then acknowledge this warning',
    }),
    need: what === 'queue' ? (app, queueArn) => need(app, construct, queueArn) : undefined,
  });
}
