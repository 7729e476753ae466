import { PublisherResource, PutEventsEntry } from '../app-model/app-model';
import { CrossAccountEvaluation, withPolicyName } from '../checks/delivery/lib/authorize';
import { describeEvents, forEvents } from '../checks/delivery/lib/events';
import { explainUnknown, remedyFor } from '../checks/delivery/lib/remedies';
import { nameOf } from '../checks/delivery/publisher-resources.messages';
import { FindingText } from '../checks/engine/finding';
import { BUS } from '../checks/engine/target-kinds';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { Evaluation } from '../iam/evaluate';
import { displayText } from '../iam/unresolved-text';

/** The texts of steps in which a publisher puts an event on a bus. */

/** A principal that no app defines, or a service. */
export function putEventsDenied(
  principal: string,
  busArn: string,
  event: EventEnvelope,
  evaluation: CrossAccountEvaluation,
): FindingText {
  return {
    problem:
      `${principal} is not allowed to call ${BUS.action} on bus ${displayText(busArn)}` +
      forEvents([withoutAccount(event)]),
    reason: displayText(withPolicyName(evaluation, busArn).reason),
    fix: remedyFor(evaluation, 'principal', `allow ${principal} to call ${BUS.action} in the bus policy`),
  };
}

export function putEventsUnverified(principal: string, busArn: string, evaluation: Evaluation): FindingText {
  const bus = `bus ${displayText(busArn)}`;
  return {
    problem: `cannot determine at synthesis whether ${principal} is allowed to call ${BUS.action} on ${bus}`,
    ...explainUnknown(evaluation),
  };
}

export function busPolicyUndefined(principal: string, busArn: string): FindingText {
  return {
    problem: `${principal} puts events on bus ${displayText(busArn)}, whose policy is not defined in these apps`,
    fix: 'add the app that defines the bus',
  };
}

export function reservedSource({ source }: EventEnvelope): FindingText {
  return {
    problem: `only AWS services can put events with source '${source}'`,
    reason: "EventBridge rejects PutEvents calls with a source that begins with 'aws.'",
    fix: 'use a source without this prefix',
  };
}

/** The bus policy names the roles or users of an account that it allows. */
export function onlySomeIdentities(account: string, busArn: string): FindingText {
  return {
    problem:
      `cannot determine whether a role or user in account ${account} is allowed to call ${BUS.action} on bus ` +
      displayText(busArn),
    reason: 'the bus policy allows some roles or users of the account and denies others',
    fix: 'give the ARN of the role or user',
  };
}

/** The resource, such as a schedule, puts other events, or puts events on another bus. */
export function otherEvents(publisher: PublisherResource, busArn: string): FindingText {
  return {
    problem: `${nameOf(publisher)} does not put this event on bus ${displayText(busArn)}`,
    reason: `it puts ${publisher.entries.map(describeEntry).join(', and ')}`,
    fix: `correct the event or the bus of the ${publisher.kind}`,
  };
}

export function publishedEventUnresolved(publisher: PublisherResource, busArn: string): FindingText {
  return {
    problem: `cannot determine at synthesis whether ${nameOf(publisher)} puts this event on bus ${displayText(busArn)}`,
    reason: `it puts ${publisher.entries.map(describeEntry).join(', and ')}`,
    fix: `use literal values in the ${publisher.kind}`,
  };
}

function describeEntry({ busArn, event }: PutEventsEntry): string {
  const bus = busArn === undefined ? 'a bus that is chosen when it calls PutEvents' : `bus ${busArn}`;
  return displayText(`${describeEvents([event])} on ${bus}`);
}

function withoutAccount({ account: _, ...event }: EventEnvelope): EventEnvelope {
  return event;
}
