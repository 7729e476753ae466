import { isElsewhere, mayServiceCall } from './calls';
import { isFaulty } from './conditions';
import { elsewhere } from './elsewhere';
import { doubtOf, remedyFor } from './remedies';
import { FindingId } from '../../finding-id';
import { Made, Queue } from '../../model/app-model';
import { regionOf } from '../../policy/arn';
import { mayBeAnyText, readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Dead-letter queues of rules and buses that EventBridge may not send to, or cannot.
 *
 * Blind spots: queues of other apps; what a queue's own redrive does.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function deadLettersRefused(world: World): Finding[] {
  const { rules, eventBuses } = world.model;
  return [
    ...rules.flatMap((rule) => [...new Set(rule.targets.flatMap(({ deadLetterArn }) => deadLetterArn ?? []))]
      .flatMap((arn) => judge(world, { of: rule, what: `rule '${readable(rule.name)}'` }, arn))),
    ...eventBuses.flatMap((bus) => (bus.deadLetterArn === undefined ? [] : judge(world, { of: bus, what: `bus '${readable(bus.name)}'` }, bus.deadLetterArn))),
  ];
}

/** A rule or bus that keeps what it cannot deliver. */
interface Keeper {
  readonly of: Made;
  readonly what: string;
}

function judge(world: World, { of, what }: Keeper, arn: string): Finding[] {
  const queue = world.queue(arn);
  const error = (because: string, construct = of.construct): Finding[] => [{
    id: FindingId.DEAD_LETTER_REFUSED, level: 'error', construct, message: `${what} cannot keep what it does not deliver in queue ${readable(arn)}: ${because}`,
  }];
  if (!queue && mayBeAnyText(arn) && world.statementsOn(arn).length === 0) {
    return elsewhere(FindingId.DELIVERY_UNDECIDED, of.construct, arn, `it cannot be told at synth whether ${what} may use its dead-letter queue ${readable(arn)}, which is known only at deployment`);
  }
  const wrong = cannotBe(queue, arn, of);
  if (wrong) return error(wrong);
  const verdict = mayServiceCall(world, of.arn, { action: 'sqs:SendMessage', resource: arn, inDoubtYes: true });
  if (verdict.decision === 'allowed' || isFaulty(world, arn)) return [];
  const needed = `let events.amazonaws.com send, with 'aws:SourceArn' ${readable(of.arn)}`;
  if (!queue && world.statementsOn(arn).length === 0) {
    return elsewhere(FindingId.QUEUE_GRANT_ELSEWHERE, of.construct, arn, `the dead-letter queue ${readable(arn)} of ${what} is not made by this app: its policy must ${needed}; then acknowledge this`);
  }
  if (verdict.decision === 'denied') return error(`${readable(verdict.because)}; ${remedyFor(verdict, 'service', needed)}`, world.statementsOn(arn)[0]?.construct);
  return elsewhere(FindingId.DELIVERY_UNDECIDED, of.construct, arn, `it cannot be told at synth whether ${what} may use its dead-letter queue ${readable(arn)}: ${readable(verdict.because)}, ${doubtOf(verdict)}`);
}

/** Why a queue can be no dead-letter queue of a rule or bus, whatever its policy. */
function cannotBe(queue: Queue | undefined, arn: string, of: Made): string | undefined {
  if (queue?.fifo || arn.endsWith('.fifo')) return 'it is a FIFO queue; use a standard one';
  return isElsewhere(regionOf(arn), regionOf(of.arn)) ? `it is in region ${regionOf(arn)}; make one in ${regionOf(of.arn)}` : undefined;
}
