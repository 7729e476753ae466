import { MarkdownTable, markdownCode, markdownComment, markdownTable, markdownText } from './markdown';
import type {
  DecisionChange,
  DeliveryDiff,
  DiffElement,
  FindingStatus,
  ResourceChange,
} from '../delivery-graph/delivery-diff';
import type { EventKind } from '../delivery-graph/delivery-graph';
import { ALLOWED, DELIVERED, nounBefore } from '../delivery-graph/words';
import { eventsWith } from '../eventbridge/event-names';

/** The version of the format, described in `docs/diff-command.schema.json`. */
const VERSION = 1;

export function diffJson(diff: DeliveryDiff): string {
  return `${JSON.stringify({ version: VERSION, ...diff }, undefined, 2)}\n`;
}

/** The changes as Markdown for a pull request: a summary, and a table for each kind of change. */
export function diffMarkdown(diff: DeliveryDiff): string {
  const counts = summaryOf(diff);
  if (counts.length === 0) return 'No change of EventBridge deliveries.\n';
  return markdownComment(`**EventBridge deliveries:** ${counts.join(', ')}`, new DiffTables(diff).all());
}

function summaryOf({ deliveries, eventPatterns, findings, openAccess, publishers, resources }: DeliveryDiff): string[] {
  const accesses = (property: 'added' | 'removed') => openAccess.flatMap((change) => change[property]).length;
  const conflicts = resources.filter(({ change }) => change === 'nameConflict').length;
  const isOpen = (status?: FindingStatus) => status === 'error' || status === 'warning';
  const accepted = findings.filter(({ after, before }) => !isOpen(after) && !isOpen(before)).length;
  const isIn = ({ change }: DecisionChange) => change === 'added';
  const counts: readonly (readonly [number, string, string])[] = [
    [removedIn(deliveries), 'delivery removed', 'deliveries removed'],
    [restrictedIn(deliveries), 'delivery restricted', 'deliveries restricted'],
    [deliveries.filter(isIn).length, 'delivery added', 'deliveries added'],
    [
      otherIn(deliveries),
      'new or changed delivery that is not allowed',
      'new or changed deliveries that are not allowed',
    ],
    [removedIn(publishers), 'publisher removed', 'publishers removed'],
    [restrictedIn(publishers), 'publisher restricted', 'publishers restricted'],
    [publishers.filter(isIn).length, 'publisher added', 'publishers added'],
    [
      otherIn(publishers),
      'new or changed publisher that is not allowed',
      'new or changed publishers that are not allowed',
    ],
    [accesses('added'), 'principal with open access added', 'principals with open access added'],
    [accesses('removed'), 'principal with open access removed', 'principals with open access removed'],
    [eventPatterns.length, 'event pattern changed', 'event patterns changed'],
    [conflicts, 'name conflict at deployment', 'name conflicts at deployment'],
    [resources.length - conflicts, 'resource replaced or deleted', 'resources replaced or deleted'],
    [findings.filter(({ after }) => isOpen(after)).length, 'new finding', 'new findings'],
    [
      findings.filter(({ after, before }) => isOpen(before) && !isOpen(after)).length,
      'finding resolved or accepted',
      'findings resolved or accepted',
    ],
    [accepted, 'change of accepted findings', 'changes of accepted findings'],
  ];
  return counts.flatMap(([count, one, several]) => (count === 0 ? [] : [`${count} ${count === 1 ? one : several}`]));
}

function removedIn(changes: readonly DecisionChange[]): number {
  return changes.filter(({ change, stillAllowed }) => change === 'removed' && !stillAllowed).length;
}

/** Of how many some events are still allowed. */
function restrictedIn(changes: readonly DecisionChange[]): number {
  return changes.filter(({ stillAllowed }) => stillAllowed).length;
}

function otherIn(changes: readonly DecisionChange[]): number {
  return changes.filter(({ change }) => change === 'other').length;
}

class DiffTables {
  private readonly elements: ReadonlyMap<string, DiffElement>;

  constructor(private readonly diff: DeliveryDiff) {
    this.elements = new Map(diff.elements.map((element) => [element.id, element]));
  }

  public all(): MarkdownTable[] {
    const { deliveries, eventPatterns, findings, openAccess, publishers, resources } = this.diff;
    return [
      markdownTable(
        'Open access',
        ['Resource', 'Added for', 'Removed for'],
        openAccess,
        ({ added, element, removed }) => [this.name(element), listCell(added), listCell(removed)],
      ),
      markdownTable(
        'Deliveries',
        ['Publisher', 'Events', 'Target', 'Before', 'After', 'Reason'],
        deliveries,
        (change) => [
          this.name(change.publisher),
          eventCell(change.event),
          this.name(change.target),
          ...decisionCells(change, DELIVERED),
        ],
      ),
      markdownTable(
        'Who may put events',
        ['Publisher', 'Events', 'Bus', 'Before', 'After', 'Reason'],
        publishers,
        (change) => [
          this.name(change.publisher),
          eventCell(change.event),
          this.name(change.eventBus),
          ...decisionCells(change, ALLOWED),
        ],
      ),
      markdownTable('Event patterns', ['Rule', 'Before', 'After'], eventPatterns, ({ after, before, ...place }) => [
        placeCell(place),
        codeOrNone(before),
        codeOrNone(after),
      ]),
      markdownTable(
        'Resources at deployment',
        ['Resource', 'Change', 'Before', 'After', 'Effect'],
        resources,
        (change) => [
          `${markdownText(change.type)} ${placeCell(change)}`,
          resourceCell(change),
          markdownCode(change.before ?? ''),
          markdownCode(change.after ?? ''),
          markdownText(change.effect),
        ],
      ),
      markdownTable(
        'Findings',
        ['Finding', 'Construct', 'Before', 'After', 'Problem', 'Fix'],
        findings,
        ({ after = NONE, before = NONE, fix, id, problem, reason, ...place }) => [
          markdownCode(id),
          placeCell(place),
          before,
          after,
          withReason({ problem, reason }),
          after === 'error' || after === 'warning' ? markdownText(fix) : '',
        ],
      ),
    ];
  }

  /** The kind, name and account of an element. */
  private name(id: string): string {
    const element = this.elements.get(id);
    if (!element) return markdownCode(id);
    const { account, kind, name, path } = element;
    const where = account === undefined || kind === 'account' ? '' : ` (${markdownText(account)})`;
    return `${nounBefore(kind)}${markdownCode(path?.endsWith(name) ? path : name)}${where}`;
  }
}

const NONE = 'none';
/** The row has the publisher, the resource and the events already, so the reason is enough if there is one. */
function decisionCells({ after, before, stillAllowed, text }: DecisionChange, words: typeof DELIVERED): string[] {
  const word = (decision: DecisionChange['after']) => {
    if (decision === undefined) return NONE;
    return decision === 'denied' ? `**${words[decision]}**` : words[decision];
  };
  const now = stillAllowed ? `only ${listCell(stillAllowed.map(eventsWith))}` : word(after);
  return [word(before), now, markdownText(text?.reason ?? text?.problem ?? '')];
}

function withReason({ problem, reason }: { readonly problem: string; readonly reason?: string }): string {
  return [problem, ...(reason === undefined ? [] : [reason])].map(markdownText).join(': ');
}

function eventCell(event: EventKind): string {
  const isAny = event.source === undefined && event.detailType === undefined;
  return isAny ? 'any event' : markdownText(eventsWith(event));
}

/** How many names a cell has. */
const NAMES_IN_CELL = 5;

function listCell(names: readonly string[]): string {
  const more = names.length - NAMES_IN_CELL;
  return names.slice(0, NAMES_IN_CELL).map(markdownText).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function placeCell({ app, path }: { readonly app?: string; readonly path: string }): string {
  return `${markdownCode(path)}${app === undefined ? '' : ` (${markdownText(app)})`}`;
}

function codeOrNone(text: string | undefined): string {
  return text === undefined ? NONE : markdownCode(text);
}

function resourceCell({ change, property }: ResourceChange): string {
  if (change === 'nameConflict') return '**name conflict**';
  return property === undefined ? change : `${change}: ${markdownCode(property)}`;
}
