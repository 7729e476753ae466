import type { CfnResource } from 'aws-cdk-lib';
import { DeliveryStep } from './delivery-path';
import * as messages from './put-events-step.messages';
import { isArnOf } from './routes';
import { AppIndex } from '../app-model/app-index';
import { PutEventsEntry } from '../app-model/app-model';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { equals } from '../iam/matching';
import { Ternary, every, some } from '../iam/ternary';

/**
 * Why a resource such as a schedule does not put an event on a bus, whatever its role may do; undefined if it puts it.
 * What a resource puts is in the templates, unlike what the code of a function puts.
 */
export function unpublishedOutcome(
  app: AppIndex,
  resource: CfnResource,
  busArn: string,
  event: EventEnvelope,
): Pick<DeliveryStep, 'decision' | 'text'> | undefined {
  const [publisher] = app.model.publishers.filter(({ construct }) => construct === resource);
  if (!publisher || publisher.kind === 'function') return undefined;
  const isPut = some(publisher.entries, (entry) => isEvent(entry, busArn, event));
  if (isPut) return undefined;
  return isPut === false
    ? { decision: 'denied', text: messages.otherEvents(publisher, busArn) }
    : { decision: 'unknown', text: messages.publishedEventUnresolved(publisher, busArn) };
}

/** Whether an entry is an event on a bus. A value that is chosen when the event is put may be any. */
function isEvent(entry: PutEventsEntry, busArn: string, event: EventEnvelope): Ternary {
  const fields = ['source', 'detail-type'] as const;
  const isSameBus = entry.busArn === undefined || isArnOf(entry.busArn, busArn);
  const isSameField = (field: (typeof fields)[number]): Ternary => {
    const [put, expected] = [entry.event[field], event[field]];
    return put === undefined || expected === undefined || equals(put, expected);
  };
  return every([isSameBus, ...fields.map(isSameField)], (isSame) => isSame);
}
