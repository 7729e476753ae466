import { deliveryChanges, publisherChanges } from './decision-changes';
import type { DeliveryDiff, DiffElement } from './delivery-diff';
import type { GraphElement } from './delivery-graph';
import { findingChanges } from './finding-changes';
import { GraphSide } from './graph-side';
import { openAccessChanges } from './open-access-changes';
import { eventPatternChanges, resourceChanges } from './resource-changes';

/** What a change of apps does to deliveries. Every decision in it is one of the graphs of both sides. */
export function diffSides(before: GraphSide, after: GraphSide): DeliveryDiff {
  const deliveries = deliveryChanges(before.graph, after.graph);
  const publishers = publisherChanges(before.graph, after.graph);
  const openAccess = openAccessChanges(before.graph, after.graph);
  const used = new Set([
    ...deliveries.flatMap(({ publisher, target }) => [publisher, target]),
    ...publishers.flatMap(({ eventBus, publisher }) => [eventBus, publisher]),
    ...openAccess.map(({ element }) => element),
  ]);
  const elements = new Map([...before.graph.elements, ...after.graph.elements].map((one) => [one.id, one]));
  return {
    deliveries,
    publishers,
    openAccess,
    eventPatterns: eventPatternChanges(before, after),
    resources: resourceChanges(before, after),
    findings: findingChanges(before, after),
    elements: [...used].sort().map((id) => withoutFindings(elements.get(id)!)),
  };
}

function withoutFindings({ findings: _, openTo: __, ...element }: GraphElement): DiffElement {
  return element;
}
