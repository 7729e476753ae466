import { Lazy, Names, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../app-model/resolve/template-reader';
import { warnManualStep } from '../checks/engine/manual-step-warning';
import { FindingId } from '../checks/finding-id';
import { cfnResourceOf } from '../core/cfn-resources';
import { compareEnvironments, uniqueSortedTokens, requirePhysicalName } from '../core/environment';
import { requireArnUnchanged } from '../core/literal-arns';
import { isOwned } from '../core/ownership';
import { rejectAfterSynthesis } from '../core/synthesized-stages';
import { validationError } from '../core/validation-error';
import { EVENT_BUS_ARN_CHARACTERS, QUEUE_POLICY_CHARACTERS, RULE_NAME_CHARACTERS } from '../eventbridge/quotas';
import { documentSize } from '../iam/policy-size';
import { Json, scalarOrList } from '../iam/statement';
import { DEAD_LETTERS_STATEMENT_ID } from '../util/names';

/** What sends its undelivered events to a queue: a rule or a bus. */
export interface DeadLetterSource {
  readonly construct: IConstruct;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  /** What stands for it, evaluated at synth, where a list of all sources would not fit into the policy of the queue. */
  readonly widerArn?: () => string;
  /**
   * Account of the bus of a rule that another account has there: AWS does not document for which of them EventBridge
   * acts.
   */
  readonly busAccount?: string;
}

const EVENTS = new iam.ServicePrincipal('events.amazonaws.com');
const SOURCES = Symbol.for('cdk-cross-account-eventbridge.deadLetterSources');

/**
 * Lets EventBridge write the undelivered events of a rule or bus to a queue: the queue policy, and the key of an
 * encrypted queue. One statement of the policy serves all sources, since a queue can have 20. On a queue or key that
 * the app does not make, a warning gives the statement to add.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function grantDeadLetterAccess(
  source: DeadLetterSource,
  queue: sqs.IQueue & { [SOURCES]?: Map<string, DeadLetterSource> },
): void {
  validateQueue(source, queue);
  if (!isOwned(queue)) {
    warnManualQueuePolicy(
      source.construct,
      'queue',
      queue.queueArn,
      statementFor(queue, source.arn, `EventBridge${Names.nodeUniqueId(source.construct.node)}`.slice(-128)),
    );
  } else if (queue[SOURCES]) {
    queue[SOURCES].set(source.arn, source);
  } else {
    const sources = new Map([[source.arn, source]]);
    Object.defineProperty(queue, SOURCES, { value: sources });
    let listed: { count: number; arns: string[] } | undefined;
    // The order takes long to find, and is asked for several times in a synthesis.
    const produce = () => {
      if (listed?.count !== sources.size) {
        listed = { count: sources.size, arns: sourceArns(queue, [...sources.values()]) };
      }
      return scalarOrList(listed.arns);
    };
    queue.addToResourcePolicy(statementFor(queue, Lazy.uncachedAny({ produce })));
  }
  allowKey(source, queue);
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

/**
 * As many sources fit whatever their names, beside the rest of the statement: to find that out by reading takes long.
 */
const ALWAYS_FITS = Math.floor(
  (QUEUE_POLICY_CHARACTERS - 1_000) / (EVENT_BUS_ARN_CHARACTERS + 1 + RULE_NAME_CHARACTERS),
);

/**
 * The sources, or all rules of their buses when there are too many for the policy of a queue; each once, in an order
 * that stays.
 */
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
    sources.map(({ arn, widerArn }) => widerArn?.() ?? arn),
  );
}

function validateQueue({ construct, region }: DeadLetterSource, queue: sqs.IQueue): void {
  if (compareEnvironments(region, queue.env.region) === 'different') {
    throw validationError(
      construct,
      `'deadLetterQueue' must be in region ${region}, got one in ${queue.env.region}; make a queue ` +
        'beside the rule or bus',
    );
  }
  if (queue.fifo) {
    throw validationError(
      construct,
      `'deadLetterQueue' must be a standard queue, got the FIFO queue '${queue.node.path}'; make one without 'fifo'`,
    );
  }
  if (queue.encryptionType === sqs.QueueEncryption.KMS_MANAGED) {
    throw validationError(
      construct,
      `'deadLetterQueue' must not be encrypted with the AWS managed key, got '${queue.node.path}'; ` +
        'the policy of that key never lets ' +
        'EventBridge in: use QueueEncryption.SQS_MANAGED, or KMS with a key of your own',
    );
  }
  if (isOwned(queue)) {
    rejectAfterSynthesis(queue, construct, 'deadLetterQueue', {
      must: 'be given to its rules and buses',
      got: `'${queue.node.path}', whose policy in the template does not have this one`,
    });
  }
  if (compareEnvironments(Stack.of(construct).account, queue.env.account) === 'unknown' && isOwned(queue)) {
    throw validationError(
      construct,
      "'deadLetterQueue' must be of a stack whose account is known if that of this one is, and " +
        `unknown if not, got '${queue.node.path}'; ` +
        'the policy of the queue cannot name what is of another account for all that is known: give ' +
        "both stacks an 'env'",
    );
  }
  requirePhysicalName(construct, 'deadLetterQueue', queue, queue.queueArn, 'queueName');
  const resource = cfnResourceOf(queue, sqs.CfnQueue.isCfnQueue);
  if (resource) requireArnUnchanged(resource, resource.attrArn, queue.queueArn, construct);
}

/**
 * The key by the account of the rule or bus: the rule refers to the queue and the queue to its key, so a third
 * reference would close a circle.
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
  warnManualStep(construct, FindingId.MANUALLY_ADD_QUEUE_POLICY, (text) => ({
    problem: `undelivered events are lost until the policy of ${what} ${text(arn)} allows EventBridge to use it`,
    fix: `add this statement: ${text(statement.toStatementJson())}`,
  }));
}
