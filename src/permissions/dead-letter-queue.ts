import { IResolvable, Lazy, Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { deadLetterNeedOf } from '../checks/delivery/lib/needs';
import { warnManualStep } from '../checks/engine/warn-manual-step';
import { FindingId } from '../checks/finding-id';
import { cfnResourceOf } from '../core/cfn-resources';
import { constructState } from '../core/construct-state';
import { compareEnvironments, uniqueSortedTokens, requirePhysicalName } from '../core/environment';
import { requireArnUnchanged } from '../core/literal-arns';
import { isOwned } from '../core/ownership';
import { rejectAfterSynthesis } from '../core/synthesized-stages';
import { validationError } from '../core/validation-error';
import { EVENT_BUS_ARN_CHARACTERS, QUEUE_POLICY_CHARACTERS, RULE_NAME_CHARACTERS } from '../eventbridge/quotas';
import { documentSize } from '../iam/policy-size';
import { Json, scalarOrList } from '../iam/statement';
import { DEAD_LETTERS_STATEMENT_ID } from '../util/names';

/** A rule or bus with a dead-letter queue. */
export interface DeadLetterSource {
  readonly construct: IConstruct;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** A broader ARN that includes this source, read at synthesis if a list of all sources exceeds the policy quota. */
  readonly broaderArn?: () => string;
  /** The account of a cross-account bus: AWS does not document which of the two accounts EventBridge sends. */
  readonly busAccount?: string;
}

const EVENTS = new iam.ServicePrincipal('events.amazonaws.com');
const SOURCES = constructState<Map<string, DeadLetterSource>>('deadLetterSources');

/**
 * Allows EventBridge to send the undelivered events of a rule or bus to a queue: in the queue policy, and in the key
 * policy of an encrypted queue. One statement serves all sources of a queue, because a queue policy has at most 20. For
 * a queue or key that is not defined in this app, a warning shows the statement to add.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function grantDeadLetterAccess(source: DeadLetterSource, queue: sqs.IQueue): void {
  validateQueue(source, queue);
  if (isOwned(queue)) allowSource(source, queue);
  else warnManualQueuePolicy(source.construct, 'queue', queue.queueArn, manualStatement(source, queue));
  allowKey(source, queue);
}

/** Adds a source to the statement of the queue policy, which is created for the first source. */
function allowSource(source: DeadLetterSource, queue: sqs.IQueue): void {
  const sources = SOURCES.get(queue);
  if (sources) {
    sources.set(source.arn, source);
  } else {
    queue.addToResourcePolicy(
      statementFor(queue, lazySourceArns(queue, SOURCES.set(queue, new Map([[source.arn, source]])))),
    );
  }
}

/** The sorted list, which is kept until a source is added: the CDK reads it several times, and sorting takes long. */
function lazySourceArns(queue: sqs.IQueue, sources: ReadonlyMap<string, DeadLetterSource>): IResolvable {
  let sorted: { count: number; arns: string[] } | undefined;
  const produce = () => {
    if (sorted?.count !== sources.size) {
      sorted = { count: sources.size, arns: sourceArns(queue, [...sources.values()]) };
    }
    return scalarOrList(sorted.arns);
  };
  return Lazy.uncachedAny({ produce });
}

function manualStatement({ construct, arn }: DeadLetterSource, queue: sqs.IQueue): iam.PolicyStatement {
  return statementFor(queue, arn, `EventBridge${Names.nodeUniqueId(construct.node)}`.slice(-128));
}

function statementFor(queue: sqs.IQueue, sourceArn: unknown, sid = DEAD_LETTERS_STATEMENT_ID): iam.PolicyStatement {
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
function sourceArns(queue: sqs.IQueue, sources: DeadLetterSource[]): string[] {
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

function validateQueue({ construct, region }: DeadLetterSource, queue: sqs.IQueue): void {
  if (compareEnvironments(region, queue.env.region) === 'different') {
    throw validationError(
      construct,
      `'deadLetterQueue' must be in region ${region}, got one in ${queue.env.region}; ` +
        'use a queue in the region of the rule or bus',
    );
  }
  if (queue.fifo) {
    throw validationError(
      construct,
      `'deadLetterQueue' must be a standard queue, got the FIFO queue '${queue.node.path}'; use a queue without 'fifo'`,
    );
  }
  if (queue.encryptionType === sqs.QueueEncryption.KMS_MANAGED) {
    throw validationError(
      construct,
      `'deadLetterQueue' must not be encrypted with the AWS managed key, got '${queue.node.path}'; ` +
        'the policy of that key does not allow EventBridge to use it, and cannot be changed: ' +
        'use QueueEncryption.SQS_MANAGED, or KMS with a customer managed key',
    );
  }
  if (isOwned(queue)) {
    rejectAfterSynthesis(queue, construct, 'deadLetterQueue', {
      must: 'be set on its rules and buses',
      got: `'${queue.node.path}', whose policy in the template does not allow this rule or bus`,
    });
  }
  if (compareEnvironments(Stack.of(construct).account, queue.env.account) === 'unknown' && isOwned(queue)) {
    throw validationError(
      construct,
      "'deadLetterQueue' must be in a stack with an explicit account if this stack has one, and in an " +
        `environment-agnostic stack if not, got '${queue.node.path}'; set 'env' on both stacks`,
    );
  }
  requirePhysicalName(construct, 'deadLetterQueue', queue, queue.queueArn, 'queueName');
  const resource = cfnResourceOf(queue, sqs.CfnQueue.isCfnQueue);
  if (resource) requireArnUnchanged(resource, resource.attrArn, queue.queueArn, construct);
}

/**
 * Allows EventBridge to use the key of the queue, for the account of the rule or bus. It cannot name the rule: the rule
 * refers to the queue and the queue to the key, so that would be a dependency cycle.
 */
function allowKey({ construct, account, busAccount }: DeadLetterSource, queue: sqs.IQueue): void {
  const key = queue.encryptionMasterKey;
  if (!key) return;
  const statement = new iam.PolicyStatement({
    principals: [EVENTS],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': busAccount === undefined ? account : [busAccount, account] } },
  });
  const { statementAdded } = key.addToResourcePolicy(statement, true);
  if (!statementAdded) warnManualQueuePolicy(construct, 'key', key.keyArn, statement);
}

function warnManualQueuePolicy(
  construct: IConstruct,
  what: 'queue' | 'key',
  arn: string,
  statement: iam.PolicyStatement,
): void {
  warnManualStep(construct, {
    id: FindingId.MANUALLY_ADD_QUEUE_POLICY,
    resource: arn,
    describe: (text) => ({
      problem: `undelivered events are lost until the policy of ${what} ${text(arn)} allows EventBridge to use it`,
      reason: `the ${what} is not defined in this app, so its policy cannot be written from here`,
      fix:
        `add this statement to the ${what} policy: ${text(statement.toStatementJson())}, ` +
        'then acknowledge this warning',
    }),
    need: what === 'queue' ? (app, queueArn) => deadLetterNeedOf(app, construct, queueArn) : undefined,
  });
}
