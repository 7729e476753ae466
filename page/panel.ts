import { button, html } from './dom';
import { factsOf, factsView, findingView, findingsView } from './finding-view';
import { Select, elementButton, stepsView } from './step-view';
import { SIGNS, counted, eventText, openFindings, placeText } from './texts';
import { Part, Selection, Topology } from './topology';
import type { Connection, Delivery, GraphElement } from '../src/delivery-graph/delivery-graph';
import { DELIVERED, KIND_NOUNS, decisionWords } from '../src/delivery-graph/words';
import { DECISIONS } from '../src/iam/decision';

const FIRST_RESULTS = 50;

/** The details beside the diagram. */
export class Panel {
  constructor(
    private readonly element: HTMLElement,
    private readonly topology: Topology,
    private readonly select: Select,
  ) {}

  /** Shows a selection; without one, an overview of the part of the topology that passes the filters. */
  public show(selection: Selection | undefined, part: Part): void {
    const hadFocus = this.element.contains(document.activeElement);
    if (!selection) this.showOverview(part);
    else if (selection.kind === 'element') this.showElement(selection);
    else this.showConnection(selection);
    this.element.scrollTop = 0;
    // What had the focus is gone.
    if (hadFocus) this.element.focus();
  }

  /** What a search found. */
  public showResults(found: readonly GraphElement[]): void {
    const more = found.length - FIRST_RESULTS;
    this.element.replaceChildren(
      html('h2', {}, `${counted(found.length, 'element')} found`),
      this.elementList(found.slice(0, FIRST_RESULTS)),
      ...(more > 0 ? [html('p', {}, `and ${more} others: search for more words`)] : []),
    );
  }

  private showOverview(part: Part): void {
    const { graph } = this.topology;
    const { otherFindings } = graph;
    const elements = graph.elements.filter(({ id }) => part.elements.has(id));
    const deliveries = this.topology.deliveriesIn(part);
    const ofLevel = (level: 'error' | 'warning') =>
      elements.filter((element) => openFindings(element).some((finding) => finding.level === level));
    const open = elements.filter(({ openTo }) => openTo);
    this.element.replaceChildren(
      html('h2', {}, 'Overview'),
      decisionsView(deliveries),
      ...this.elementSection('Errors', ofLevel('error')),
      ...this.elementSection('Warnings', ofLevel('warning')),
      ...this.elementSection('Open to more than named accounts', open),
      ...(otherFindings.length === 0
        ? []
        : [html('h3', {}, 'Other findings'), html('ul', { class: 'findings' }, ...otherFindings.map(findingView))]),
    );
  }

  private elementSection(heading: string, elements: readonly GraphElement[]): HTMLElement[] {
    return elements.length === 0 ? [] : [html('h3', {}, heading), this.elementList(elements)];
  }

  private elementList(elements: readonly GraphElement[]): HTMLElement {
    const items = elements.map((element) =>
      html(
        'li',
        {},
        elementButton(this.topology, element.id, this.select),
        html('span', { class: 'place' }, `${KIND_NOUNS[element.kind]}, ${placeText(element)}`.replace(/, $/, '')),
      ),
    );
    return html('ul', { class: 'elements' }, ...items);
  }

  private showElement(selection: Selection): void {
    const element = this.topology.element(selection.id);
    const direct = this.topology.connectionsOf(selection.id);
    const { openTo } = element;
    this.element.replaceChildren(
      this.heading(element.name, KIND_NOUNS[element.kind]),
      factsView(factsOf(element)),
      ...(openTo ? [html('p', { class: 'open-to' }, html('strong', {}, 'Open to '), openTo.join(', '))] : []),
      ...present(findingsView(element.findings)),
      ...this.deliveryViews(selection),
      ...present(stepsView(this.topology, 'Its connections', direct, this.select)),
      ...present(stepsView(this.topology, 'Other steps of its paths', this.otherSteps(selection, direct), this.select)),
    );
  }

  private showConnection(selection: Selection): void {
    const connection = this.topology.connection(selection.id);
    this.element.replaceChildren(
      this.heading('Connection', decisionWords(connection.kind)[connection.decision]),
      ...present(stepsView(this.topology, 'The step', [connection], this.select)),
      ...this.deliveryViews(selection),
      ...present(
        stepsView(this.topology, 'Other steps of its paths', this.otherSteps(selection, [connection]), this.select),
      ),
    );
  }

  private heading(text: string, kind: string): HTMLElement {
    const close = button('Close', () => this.select(undefined), { class: 'close' });
    return html('header', {}, html('h2', {}, text), html('p', { class: 'subtitle' }, kind), close);
  }

  private deliveryViews(selection: Selection): HTMLElement[] {
    const deliveries = this.topology.deliveriesThrough(selection);
    if (deliveries.length === 0) return [];
    const failed = deliveries.filter(({ decision }) => decision !== 'allowed').slice(0, FIRST_RESULTS);
    return [
      html('h3', {}, 'Deliveries over it'),
      decisionsView(deliveries),
      ...(failed.length === 0 ? [] : [html('ul', { class: 'deliveries' }, ...failed.map((one) => this.delivery(one)))]),
    ];
  }

  private delivery({ publisher, target, event, decision }: Delivery): HTMLElement {
    return html(
      'li',
      { class: decision },
      html('strong', {}, `${SIGNS[decision]} `),
      elementButton(this.topology, publisher, this.select),
      ' → ',
      elementButton(this.topology, target, this.select),
      html('span', { class: 'place' }, eventText(event)),
    );
  }

  private otherSteps(selection: Selection, shown: readonly Connection[]): Connection[] {
    const ids = [...this.topology.pathsThrough(selection).connections];
    return ids.map((id) => this.topology.connection(id)).filter((connection) => !shown.includes(connection));
  }
}

function present<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

/** How many deliveries have each result. */
function decisionsView(deliveries: readonly Delivery[]): HTMLElement {
  const items = DECISIONS.map((decision) => {
    const count = deliveries.filter((delivery) => delivery.decision === decision).length;
    const mark = { class: count === 0 ? 'none' : decision };
    return html('li', mark, `${SIGNS[decision]} `, html('b', {}, String(count)), ` ${DELIVERED[decision]}`);
  });
  return html('ul', { class: 'counts' }, ...items);
}
