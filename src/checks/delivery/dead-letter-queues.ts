import { FindingId } from '../finding-id';
import { certainlyDiffer, authorizeService } from './lib/authorize';
import { manualStepFinding } from './lib/manual-steps';
import { explainUnknown, remedyFor } from './lib/remedies';
import { hasUnsatisfiableStatement } from './unsatisfiable-conditions';
import { AppIndex } from '../../app-model/app-index';
import { AppResource, Queue } from '../../app-model/app-model';
import { regionOf } from '../../iam/arn';
import { mayEqualAnyText, displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';

/**
 * Dead-letter queues of rules and buses that EventBridge may not send to, or cannot.
 *
 * Blind spots: queues of other apps; what a queue's own redrive does.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function checkDeadLetterQueues(app: AppIndex): Finding[] {
  const { rules, eventBuses } = app.model;
  return [
    ...rules.flatMap((rule) =>
      [...new Set(rule.targets.flatMap(({ deadLetterArn }) => deadLetterArn ?? []))].flatMap((arn) =>
        checkQueue(app, { of: rule, what: `rule '${displayText(rule.name)}'` }, arn),
      ),
    ),
    ...eventBuses.flatMap((bus) =>
      bus.deadLetterArn === undefined
        ? []
        : checkQueue(app, { of: bus, what: `bus '${displayText(bus.name)}'` }, bus.deadLetterArn),
    ),
  ];
}

/** A rule or bus that keeps what it cannot deliver. */
interface DeadLetterOwner {
  readonly of: AppResource;
  readonly what: string;
}

function checkQueue(app: AppIndex, { of, what }: DeadLetterOwner, arn: string): Finding[] {
  const queue = app.queue(arn);
  const error = (reason: string, fix: string, construct = of.construct): Finding[] => [
    {
      id: FindingId.DEAD_LETTER_QUEUE_ACCESS_DENIED,
      level: 'error',
      construct,
      problem: `${what} cannot keep what it does not deliver in queue ${displayText(arn)}: ${reason}`,
      fix,
    },
  ];
  if (!queue && mayEqualAnyText(arn) && app.statementsOn(arn).length === 0) {
    return manualStepFinding(
      FindingId.DELIVERY_UNVERIFIED,
      of.construct,
      {
        problem:
          `it cannot be told at synth whether ${what} may use its dead-letter queue ${displayText(arn)}` +
          ', which is known only at deployment',
        fix: 'write its ARN out, or make sure that its policy lets EventBridge send, then acknowledge this',
      },
      arn,
    );
  }
  const wrong = unusableReason(queue, arn, of);
  if (wrong) return error(wrong.reason, wrong.fix);
  const verdict = authorizeService(app, of.arn, {
    action: 'sqs:SendMessage',
    resource: arn,
    assumeUnknownMatches: true,
  });
  if (verdict.decision === 'allowed' || hasUnsatisfiableStatement(app, arn)) return [];
  const needed = `let events.amazonaws.com send, with 'aws:SourceArn' ${displayText(of.arn)}`;
  if (!queue && app.statementsOn(arn).length === 0) {
    return manualStepFinding(
      FindingId.MANUALLY_ADD_QUEUE_POLICY,
      of.construct,
      {
        problem: `the dead-letter queue ${displayText(arn)} of ${what} is not made by this app`,
        fix: `${needed}, in its policy, then acknowledge this`,
      },
      arn,
    );
  }
  if (verdict.decision === 'denied') {
    return error(
      displayText(verdict.reason),
      remedyFor(verdict, 'service', needed),
      app.statementsOn(arn)[0]?.construct,
    );
  }
  const { reason, fix } = explainUnknown(verdict);
  const problem =
    `it cannot be told at synth whether ${what} may use its dead-letter queue ${displayText(arn)}` + `: ${reason}`;
  return manualStepFinding(FindingId.DELIVERY_UNVERIFIED, of.construct, { problem, fix }, arn);
}

/** Why a queue can be no dead-letter queue of a rule or bus, whatever its policy, and what to do. */
function unusableReason(
  queue: Queue | undefined,
  arn: string,
  of: AppResource,
): { reason: string; fix: string } | undefined {
  if (queue?.fifo || arn.endsWith('.fifo')) return { reason: 'it is a FIFO queue', fix: 'use a standard one' };
  if (!certainlyDiffer(regionOf(arn), regionOf(of.arn))) return undefined;
  return { reason: `it is in region ${regionOf(arn)}`, fix: `make one in ${regionOf(of.arn)}` };
}
