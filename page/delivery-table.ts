import { html } from './dom';
import { Select, elementButton } from './step-view';
import { SIGNS, counted, eventText } from './texts';
import { Part, Topology } from './topology';
import type { Delivery } from '../src/delivery-graph/delivery-graph';
import { DELIVERED } from '../src/delivery-graph/words';

const MOST_ROWS = 500;

/** All deliveries in a part of the topology as a table, with the same content as the diagram. */
export function deliveryTable(topology: Topology, part: Part, select: Select): HTMLElement {
  const deliveries = topology.deliveriesIn(part);
  const shown = deliveries.slice(0, MOST_ROWS);
  const caption =
    shown.length === deliveries.length
      ? counted(shown.length, 'delivery', 'deliveries')
      : `The first ${shown.length} of ${counted(deliveries.length, 'delivery', 'deliveries')}: filter to see others`;
  const headings = ['Result', 'Publisher', 'Event', 'Over', 'Target'].map((text) => html('th', { scope: 'col' }, text));
  return html(
    'table',
    {},
    html('caption', {}, caption),
    html('thead', {}, html('tr', {}, ...headings)),
    html('tbody', {}, ...shown.map((delivery) => row(topology, delivery, select))),
  );
}

function row(topology: Topology, delivery: Delivery, select: Select): HTMLElement {
  const { publisher, target, event, decision, connections } = delivery;
  const steps = connections.map((id) => topology.connection(id));
  const between = steps.slice(0, -1).map(({ to }) => to);
  const over = between.flatMap((id, index) => [...(index === 0 ? [] : [' → ']), elementButton(topology, id, select)]);
  const failed = steps.find((step) => step.decision === decision && step.text)?.text;
  return html(
    'tr',
    { class: decision },
    html(
      'td',
      {},
      html('strong', {}, `${SIGNS[decision]} ${DELIVERED[decision]}`),
      ...(failed ? [html('p', {}, failed.problem), html('p', { class: 'fix' }, `Fix: ${failed.fix}`)] : []),
    ),
    html('td', {}, elementButton(topology, publisher, select), place(topology, publisher)),
    html('td', {}, eventText(event)),
    html('td', {}, ...over),
    html('td', {}, elementButton(topology, target, select), place(topology, target)),
  );
}

function place(topology: Topology, id: string): HTMLElement {
  const { account, region } = topology.element(id);
  return html('span', { class: 'place' }, [account, region].filter(Boolean).join(', '));
}
