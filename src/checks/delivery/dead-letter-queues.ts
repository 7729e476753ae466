import { AppIndex } from '../../app-model/app-index';
import { AppModel, EventBus, Rule } from '../../app-model/app-model';
import { invalidArnPart, regionOf } from '../../iam/arn';
import { displayText, isArnUnresolved } from '../../iam/unresolved-text';
import { Finding, FindingText, errorFinding, withAffected } from '../engine/finding';
import { FindingId } from '../finding-id';
import { CrossAccountEvaluation, authorizeService, certainlyDiffer, withPolicyName } from './lib/authorize';
import { invalidArnFindings } from './lib/invalid-arns';
import { manualStepFinding } from './lib/manual-steps';
import { MisplacedPermission, misplacedSource } from './lib/misplaced-permissions';
import { deadLetterNeed } from './lib/needs';
import { explainUnknown, remedyFor } from './lib/remedies';
import { hasReportedPolicyFault } from './unsatisfiable-conditions';

/**
 * Finds dead-letter queues of rules and buses that EventBridge cannot use or is not allowed to send to.
 *
 * Blind spots: queues that are defined in other apps; the redrive policy of a queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function checkDeadLetterQueues(app: AppIndex): Finding[] {
  return deadLetterSources(app.evaluated).flatMap((source) => checkSource(app, source));
}

/** A rule or bus with a dead-letter queue. */
interface DeadLetterSource {
  readonly noun: 'rule' | 'bus';
  readonly resource: Rule | EventBus;
  readonly queueArn: string;
}

/** A rule with the same queue for several targets occurs once. */
function deadLetterSources(model: AppModel): DeadLetterSource[] {
  const sources: DeadLetterSource[] = [];
  for (const rule of model.rules) {
    const queueArns = new Set(rule.targets.map(({ deadLetterArn }) => deadLetterArn));
    for (const queueArn of queueArns) {
      if (queueArn !== undefined) sources.push({ noun: 'rule', resource: rule, queueArn });
    }
  }
  for (const bus of model.eventBuses) {
    if (bus.deadLetterArn !== undefined) sources.push({ noun: 'bus', resource: bus, queueArn: bus.deadLetterArn });
  }
  return sources;
}

function checkSource(app: AppIndex, source: DeadLetterSource): Finding[] {
  const { resource, queueArn } = source;
  if (invalidArnPart(queueArn)) {
    return invalidArnFindings(resource.construct, `the dead-letter queue of ${describeSource(source)}`, queueArn);
  }
  const manualStep = (id: FindingId, text: FindingText) => manualStepFinding(id, resource.construct, text, queueArn);
  const isExternal = app.queue(queueArn) === undefined && app.statementsOn(queueArn).length === 0;
  if (isExternal && isArnUnresolved(queueArn)) {
    return manualStep(FindingId.DELIVERY_UNVERIFIED, unresolvedQueue(source));
  }
  const unusable = unusableQueue(app, source);
  if (unusable) {
    const queue = displayText(queueArn);
    const problem = `${describeSource(source)} cannot use ${queue} as its dead-letter queue`;
    const text = { problem, ...unusable };
    return [errorFinding(FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED, resource.construct, text, queue)];
  }
  const call = {
    action: 'sqs:SendMessage',
    resource: queueArn,
    assumeUnknownMatches: true,
    given: resource.conditions,
  };
  const evaluation = withPolicyName(authorizeService(app, resource.arn, call), queueArn);
  if (evaluation.decision === 'allowed' || hasReportedPolicyFault(app, queueArn)) return [];
  if (isExternal) {
    const need = deadLetterNeed(resource.arn, queueArn);
    const id = FindingId.MANUALLY_ADD_QUEUE_POLICY;
    return manualStepFinding(id, resource.construct, externalQueue(source), queueArn, need);
  }
  if (evaluation.decision === 'unknown') {
    const unverified = { problem: unknownAccessProblem(source), ...explainUnknown(evaluation) };
    return manualStep(FindingId.DELIVERY_UNVERIFIED, unverified);
  }
  const construct = app.statementsOn(queueArn)[0]?.construct ?? resource.construct;
  const text = accessDenied(app, source, evaluation);
  const finding = errorFinding(FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED, construct, text, displayText(queueArn));
  return [withAffected(finding, resource.construct)];
}

/** A queue that cannot be the dead-letter queue of a rule or bus, whatever its policy. */
function unusableQueue(app: AppIndex, { noun, resource, queueArn }: DeadLetterSource): UnusableQueue | undefined {
  if (app.queue(queueArn)?.fifo || queueArn.endsWith('.fifo')) {
    return { reason: 'it is a FIFO queue', fix: 'use a standard queue' };
  }
  const [queueRegion, sourceRegion] = [regionOf(queueArn), regionOf(resource.arn)];
  if (!certainlyDiffer(queueRegion, sourceRegion)) return undefined;
  return {
    reason: `the queue is in Region ${queueRegion}, the ${noun} in ${sourceRegion}`,
    fix: `use a queue in Region ${sourceRegion}`,
  };
}

type UnusableQueue = Pick<FindingText, 'reason' | 'fix'>;

function unresolvedQueue(source: DeadLetterSource): FindingText {
  return {
    problem: unknownAccessProblem(source),
    reason: 'the ARN of the queue is known only at deployment',
    fix:
      'use a literal ARN, or make sure that the queue policy allows events.amazonaws.com to call sqs:SendMessage, ' +
      'then acknowledge this warning',
  };
}

function externalQueue(source: DeadLetterSource): FindingText {
  const queue = displayText(source.queueArn);
  return {
    problem: `dead-letter queue ${queue} of ${describeSource(source)} is not defined in this app`,
    fix: `${grantFor(source)}, then acknowledge this warning`,
  };
}

function accessDenied(app: AppIndex, source: DeadLetterSource, evaluation: CrossAccountEvaluation): FindingText {
  const queue = displayText(source.queueArn);
  const misplaced = evaluation.explicitDeny ? undefined : forOtherSource(app, source);
  return {
    problem: `${describeSource(source)} is not allowed to send to its dead-letter queue ${queue}`,
    reason: misplaced?.reason ?? displayText(evaluation.reason),
    fix: misplaced?.fix ?? remedyFor(evaluation, 'service', grantFor(source)),
  };
}

/** A statement for a rule or bus that does not send to the queue, and was probably intended for this one. */
function forOtherSource(app: AppIndex, { resource, queueArn }: DeadLetterSource): MisplacedPermission | undefined {
  const otherSources = deadLetterSources(app.model).filter((other) => other.queueArn === queueArn);
  const others = [...app.rulesTo(queueArn), ...otherSources.map((other) => other.resource)];
  return misplacedSource(
    app,
    resource,
    queueArn,
    others.filter((other) => other !== resource),
  );
}

function unknownAccessProblem(source: DeadLetterSource): string {
  return (
    `cannot determine at synthesis whether ${describeSource(source)} is allowed to send to its dead-letter queue ` +
    displayText(source.queueArn)
  );
}

function grantFor({ resource }: DeadLetterSource): string {
  return (
    `allow events.amazonaws.com to call sqs:SendMessage with 'aws:SourceArn' ${displayText(resource.arn)} ` +
    'in the queue policy'
  );
}

function describeSource({ noun, resource }: DeadLetterSource): string {
  return `${noun} '${displayText(resource.name)}'`;
}
