import { Choice, Filters, NO_FILTERS, accountChoices, appChoices, filtered, findingChoices } from './choice';
import { deliveryTable } from './delivery-table';
import { Diagram } from './diagram';
import { byId, html } from './dom';
import { neighbor } from './keyboard';
import { Layout, layOut } from './layout';
import { Panel } from './panel';
import { found } from './search';
import { counted } from './texts';
import { Part, Selection, Topology } from './topology';
import { Viewport } from './viewport';

/** The page: the diagram or the table, the details beside it, the search and the filters. */
export class Page {
  private readonly status = byId('status', HTMLElement);
  private readonly search = byId('search', HTMLInputElement);
  private readonly table = byId('table', HTMLElement);
  private readonly drawing = byId('diagram', SVGSVGElement);
  private readonly viewport = new Viewport(this.drawing);
  private readonly panel: Panel;
  private readonly diagram: Diagram;
  private filters = NO_FILTERS;
  private part: Part;
  private layout?: Layout;
  private selected?: Selection;
  /** The element that has the focus when the diagram is entered with the Tab key. */
  private entry?: string;

  constructor(private readonly topology: Topology) {
    this.part = filtered(topology, NO_FILTERS);
    this.panel = new Panel(byId('details', HTMLElement), topology, (selection) => this.select(selection));
    this.diagram = new Diagram(this.drawing, topology, {
      onSelect: (selection) => this.show(selection),
      onPoint: (selection) => this.emphasize(selection ?? this.selected),
    });
    this.addFilter('account', accountChoices(topology));
    this.addFilter('app', appChoices(topology));
    this.addFilter('finding', findingChoices(topology));
    this.search.addEventListener('input', () => this.find());
    this.search.addEventListener('keydown', (event) => this.onSearchKey(event));
    this.drawing.addEventListener('keydown', (event) => this.onDiagramKey(event));
    this.drawing.addEventListener('focusin', (event) => this.onFocus(event.target));
    this.onClick('zoom-in', () => this.viewport.zoomIn());
    this.onClick('zoom-out', () => this.viewport.zoomOut());
    this.onClick('fit', () => this.viewport.fit());
    this.onClick('show-diagram', () => this.showTable(false));
    this.onClick('show-table', () => this.showTable(true));
  }

  /** Draws what passes the filters. If that fails, the error is the status. */
  public async draw(): Promise<void> {
    try {
      await this.drawPart();
    } catch (error) {
      this.status.textContent = `The diagram cannot be drawn: ${String(error)}`;
      console.error(error);
    }
  }

  private async drawPart(): Promise<void> {
    this.part = filtered(this.topology, this.filters);
    const { part } = this;
    const layout = await layOut(this.topology, part);
    // Another filter was chosen in the meantime.
    if (part !== this.part) return;
    this.layout = layout;
    if (this.selected && !contains(part, this.selected)) this.selected = undefined;
    this.diagram.draw(layout);
    this.viewport.reset(layout.width, layout.height);
    this.setEntry(part.elements.values().next().value);
    this.panel.show(this.selected, part);
    this.emphasize(this.selected);
    this.fillTable();
    this.showCounts();
    document.body.classList.add('drawn');
  }

  private showCounts(): void {
    const { connections, elements } = this.part;
    this.status.textContent =
      elements.size === 0
        ? 'Nothing passes the filters'
        : `${counted(elements.size, 'element')}, ${counted(connections.size, 'connection')}`;
  }

  /** Selects what may be out of sight. */
  private select(selection: Selection | undefined): void {
    this.show(selection);
    if (selection?.kind === 'element') this.reveal(selection.id);
  }

  private show(selection: Selection | undefined): void {
    this.selected = selection;
    this.panel.show(selection, this.part);
    this.emphasize(selection);
  }

  private emphasize(selection: Selection | undefined): void {
    this.diagram.emphasize(selection && this.topology.pathsThrough(selection), this.selected);
  }

  private reveal(id: string): void {
    const box = this.layout?.nodes.get(id);
    if (!box) return;
    this.setEntry(id);
    this.viewport.reveal(box);
  }

  private find(): void {
    const query = this.search.value.trim();
    if (query === '') {
      this.select(undefined);
      this.showCounts();
      return;
    }
    const results = this.results();
    this.panel.showResults(results);
    this.diagram.emphasize({ elements: new Set(results.map(({ id }) => id)), connections: new Set() }, this.selected);
    this.status.textContent = `${counted(results.length, 'element')} found`;
  }

  private results(): ReturnType<typeof found> {
    return found(this.topology, this.search.value).filter(({ id }) => this.part.elements.has(id));
  }

  private onSearchKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const [first] = this.results();
    if (!first) return;
    this.select({ kind: 'element', id: first.id });
    this.diagram.nodeOf(first.id)?.focus({ preventScroll: true });
  }

  private onDiagramKey(event: KeyboardEvent): void {
    // The shortcuts of the browser.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const id = elementIdOf(event.target);
    if (event.key === 'Escape') this.select(undefined);
    else if (event.key === '+') this.viewport.zoomIn();
    else if (event.key === '-') this.viewport.zoomOut();
    else if (event.key === '0') this.viewport.fit();
    else if (id !== undefined && (event.key === 'Enter' || event.key === ' ')) this.select({ kind: 'element', id });
    else if (id !== undefined && event.key.startsWith('Arrow')) this.moveFocus(id, event.key);
    else return;
    event.preventDefault();
  }

  private moveFocus(id: string, key: string): void {
    const next = this.layout && neighbor(this.topology, this.layout, id, key);
    if (next !== undefined) this.diagram.nodeOf(next)?.focus({ preventScroll: true });
  }

  private onFocus(target: EventTarget | null): void {
    const id = elementIdOf(target);
    // An element that was clicked on is seen already.
    if (id !== undefined && target instanceof Element && target.matches(':focus-visible')) this.reveal(id);
  }

  /** One element of the diagram is reached with the Tab key, the others from there with the arrow keys. */
  private setEntry(id: string | undefined): void {
    if (this.entry !== undefined) this.diagram.nodeOf(this.entry)?.setAttribute('tabindex', '-1');
    if (id !== undefined) this.diagram.nodeOf(id)?.setAttribute('tabindex', '0');
    this.entry = id;
  }

  /** Fills the table if it is shown: it may be large. */
  private fillTable(): void {
    const { table } = this;
    if (table.hidden) table.replaceChildren();
    else table.replaceChildren(deliveryTable(this.topology, this.part, (selection) => this.select(selection)));
  }

  private showTable(isTable: boolean): void {
    this.table.hidden = !isTable;
    this.fillTable();
    byId('canvas', HTMLElement).hidden = isTable;
    byId('show-table', HTMLElement).setAttribute('aria-pressed', String(isTable));
    byId('show-diagram', HTMLElement).setAttribute('aria-pressed', String(!isTable));
  }

  private addFilter(name: keyof Filters, choices: readonly Choice[]): void {
    const select = byId(name, HTMLSelectElement);
    select.append(...choices.map(({ value, label }) => html('option', { value }, label)));
    select.disabled = choices.length === 0;
    select.addEventListener('change', () => {
      this.filters = { ...this.filters, [name]: select.value };
      void this.draw();
    });
  }

  private onClick(id: string, action: () => void): void {
    byId(id, HTMLButtonElement).addEventListener('click', action);
  }
}

function elementIdOf(target: EventTarget | null): string | undefined {
  return target instanceof SVGElement ? target.dataset.element : undefined;
}

function contains(part: Part, { kind, id }: Selection): boolean {
  return kind === 'element' ? part.elements.has(id) : part.connections.has(id);
}
