import { defined, entryOf, nameIn } from './entries';
import { GlobalEndpointEntry, PublishedEvent, PublisherEntry } from './topology';
import { AppModel, GlobalEndpoint, PublisherResource, PutEventsEntry } from '../app-model/app-model';
import { canonical } from '../iam/statement';
import { groupedBy } from '../util/group-by';

/**
 * The resources whose service puts events with a role. A function can have several resources with destinations, for its
 * versions and aliases: they are one entry, in the order of their events.
 */
export function publisherEntries({ publishers }: AppModel): PublisherEntry[] {
  const entries = publishers.map(publisherEntry);
  const byResource = groupedBy(entries, ({ events: _, ...resource }) => canonical(resource));
  return [...byResource.keys()].sort().map((key) => {
    const [first, ...others] = byResource.get(key)!;
    return others.length === 0 ? first : { ...first, events: sortedEvents([first, ...others]) };
  });
}

function publisherEntry(publisher: PublisherResource): PublisherEntry {
  const { kind, roleArn, sourceArn, entries } = publisher;
  return {
    ...entryOf(publisher),
    kind,
    role: roleArn,
    ...defined({ sourceArn }),
    events: entries.map(publishedEvent),
  };
}

function publishedEvent({ busArn, event }: PutEventsEntry): PublishedEvent {
  return defined({ eventBus: busArn, source: event.source, detailType: event['detail-type'] });
}

function sortedEvents(entries: readonly PublisherEntry[]): PublishedEvent[] {
  const byText = new Map(entries.flatMap(({ events }) => events).map((event) => [canonical(event), event]));
  return [...byText.keys()].sort().map((key) => byText.get(key)!);
}

export function globalEndpointEntry(endpoint: GlobalEndpoint): GlobalEndpointEntry {
  return { ...entryOf(endpoint), ...nameIn(endpoint.name, endpoint.construct), eventBuses: endpoint.eventBusArns };
}
