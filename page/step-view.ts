import { button, html } from './dom';
import { textView } from './finding-view';
import { SIGNS, counted, eventText } from './texts';
import { Selection, Topology } from './topology';
import type { Connection, GraphStatement } from '../src/delivery-graph/delivery-graph';
import { POLICY_NAMES, decisionWords, missingIn, stepParts } from '../src/delivery-graph/words';

export type Select = (selection: Selection | undefined) => void;

/** How many steps and events are listed at first. */
const FIRST_STEPS = 25;
const FIRST_EVENTS = 8;

/** The steps of paths: who may do what, by which statement. */
export function stepsView(
  topology: Topology,
  heading: string,
  connections: readonly Connection[],
  select: Select,
): HTMLElement | undefined {
  if (connections.length === 0) return undefined;
  const views = (steps: readonly Connection[]) => steps.map((step) => stepView(topology, step, select));
  const list = html('ol', { class: 'steps' }, ...views(connections.slice(0, FIRST_STEPS)));
  const rest = connections.slice(FIRST_STEPS);
  const more = button(`Show ${counted(rest.length, 'more step')}`, () => {
    list.append(...views(rest));
    more.remove();
  });
  return html('section', {}, html('h3', {}, heading), list, rest.length > 0 ? more : undefined);
}

function stepView(topology: Topology, connection: Connection, select: Select): HTMLElement {
  const { kind, from, to, decision, action, text, allowedBy, missing } = connection;
  return html(
    'li',
    { class: decision },
    html('p', {}, ...stepParts<Node>(kind, elementButton(topology, from, select), elementButton(topology, to, select))),
    html(
      'p',
      { class: 'outcome' },
      html('strong', {}, `${SIGNS[decision]} ${decisionWords(kind)[decision]}`),
      ...(action === undefined ? [] : [' ', html('code', {}, action)]),
    ),
    eventsView(connection),
    ...(text ? textView(text) : []),
    statementsView(`Allowed by ${counted(allowedBy.length, 'statement')}`, allowedBy),
    missing && statementsView(missingIn(missing), [missing]),
  );
}

export function elementButton(topology: Topology, id: string, select: Select): HTMLButtonElement {
  return button(topology.element(id).name, () => select({ kind: 'element', id }), { class: 'link' });
}

function eventsView({ events }: Connection): HTMLElement {
  const texts = events.length === 0 ? ['any event'] : events.map(eventText);
  const more = texts.length > FIRST_EVENTS ? [`and ${texts.length - FIRST_EVENTS} others`] : [];
  return html('p', { class: 'events' }, [...texts.slice(0, FIRST_EVENTS), ...more].join(', '));
}

/** Statements with the policies that they are in. */
function statementsView(
  heading: string,
  statements: readonly (Partial<GraphStatement> & Pick<GraphStatement, 'policyType' | 'statement'>)[],
): HTMLElement | undefined {
  if (statements.length === 0) return undefined;
  return html(
    'details',
    {},
    html('summary', {}, heading),
    ...statements.flatMap(({ policyType, path, statement }) => [
      ...(path === undefined ? [] : [html('p', { class: 'policy' }, `${POLICY_NAMES[policyType]} in ${path}`)]),
      html('pre', { tabindex: 0 }, JSON.stringify(statement, undefined, 2)),
    ]),
  );
}
