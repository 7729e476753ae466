import { printable } from './print';
import { UnusableInput } from './unusable-input';
import { GraphInput } from '../delivery-graph/build-graph';
import type { Connection, GraphElement } from '../delivery-graph/delivery-graph';
import { ExplainedDelivery, ExplainedPublication, Explanation, explain } from '../delivery-graph/explain';
import { NameNotFound } from '../delivery-graph/find-elements';
import { Question } from '../delivery-graph/question';
import { ALLOWED, DELIVERED, POLICY_NAMES, decidedStep, missingIn, nounBefore } from '../delivery-graph/words';
import { eventsWith } from '../eventbridge/event-names';
import { byDecision } from '../iam/decision';

/** The version of the format, described in `docs/explain-command.schema.json`. */
const VERSION = 1;

/** The answer to a question. A name that is not in the apps is unusable input. */
export function explanationOf(input: GraphInput, question: Question): Explanation {
  try {
    return explain(input, question);
  } catch (error) {
    if (!(error instanceof NameNotFound)) throw error;
    throw new UnusableInput(`arguments: ${error.message}`);
  }
}

export function explanationJson(explanation: Explanation): string {
  return `${JSON.stringify({ version: VERSION, ...explanation }, undefined, 2)}\n`;
}

/** The answer as text: who may put events, then each way of an event, those first that do not arrive. */
export function explanationText(explanation: Explanation): string {
  return new ExplanationText(explanation).text();
}

/** If there are more publishers or ways, the statements that allow them are left out. */
const MAX_DETAILED = 5;

class ExplanationText {
  private readonly elements: ReadonlyMap<string, GraphElement>;

  private readonly hasSeveralApps: boolean;

  constructor(private readonly explanation: Explanation) {
    const apps = explanation.elements.flatMap(({ app }) => app ?? []);
    this.hasSeveralApps = new Set(apps).size > 1;
    this.elements = new Map(explanation.elements.map((element) => [element.id, element]));
  }

  public text(): string {
    const { deliveries, publications, reason } = this.explanation;
    const sections = [
      ...(publications.length === 0 ? [] : [this.publicationsText()]),
      ...(deliveries.length === 0 ? [] : [this.deliveriesText()]),
      ...(deliveries.length === 0 && publications.length > 0 && reason === undefined
        ? ['No rule of these apps matches these events.']
        : []),
      this.summary(),
    ];
    return `${sections.join('\n\n')}\n`;
  }

  private publicationsText(): string {
    const byBus = new Map<string, ExplainedPublication[]>();
    for (const publication of this.explanation.publications) {
      byBus.set(publication.eventBus, [...(byBus.get(publication.eventBus) ?? []), publication]);
    }
    const isDetailed = this.explanation.publications.length <= MAX_DETAILED;
    return [...byBus]
      .map(([busId, publications]) => {
        const bus = this.elements.get(busId)!;
        const open = bus.openTo ? [`  open to ${bus.openTo.join(', ')}`] : [];
        const lines = publications.flatMap(({ decision, event, publisher, step }) => [
          `  ${ALLOWED[decision]}: ${this.name(publisher)} puts ${eventsWith(event)}`,
          ...(isDetailed || decision !== 'allowed' ? detailLines(step) : []).map((line) => `    ${line}`),
        ]);
        return [`Who may put events on ${this.name(busId)}`, ...open, ...lines].map(printable).join('\n');
      })
      .join('\n\n');
  }

  private deliveriesText(): string {
    const sorted = [...this.explanation.deliveries].sort((first, second) => byDecision(second, first));
    const isDetailed = sorted.length <= MAX_DETAILED;
    const ways = sorted.map((delivery) => this.deliveryText(delivery, isDetailed || delivery.decision !== 'allowed'));
    return ['Where events go', ...ways].join('\n');
  }

  private deliveryText({ decision, event, publisher, steps, target }: ExplainedDelivery, isDetailed: boolean): string {
    const ends = `from ${this.name(publisher)} to ${this.name(target)}`;
    const title = `  ${DELIVERED[decision]}: ${eventsWith(event)} ${ends}`;
    const lines = steps.flatMap((step) => [
      `    ${decidedStep(step.kind, step.decision, this.name(step.from), this.name(step.to))}`,
      ...(this.isExplained(step) ? [] : detailLines(step)).map((line) => `      ${line}`),
    ]);
    return [title, ...(isDetailed ? lines : [])].map(printable).join('\n');
  }

  /** Whether the statements of a step are with those who may put events. */
  private isExplained({ id }: Connection): boolean {
    return this.explanation.publications.some(({ step }) => step.id === id);
  }

  private summary(): string {
    const { decision, deliveries, publications, reason } = this.explanation;
    if (reason !== undefined) return `Not delivered: ${reason}`;
    const failed = [...deliveries, ...publications].filter((one) => one.decision !== 'allowed').length;
    if (decision === 'allowed' && failed === 0) {
      const isDetailed = Math.max(deliveries.length, publications.length) <= MAX_DETAILED;
      return `Everything is allowed.${isDetailed ? '' : ` ${HOW_TO_SEE_STATEMENTS}`}`;
    }
    if (decision === 'allowed') return 'Everything is delivered, though not on each way.';
    return decision === 'denied' ? 'Not everything is delivered.' : 'It is unknown whether everything is delivered.';
  }

  /** The kind, path or name, and account of an element. */
  private name(id: string): string {
    const element = this.elements.get(id);
    if (!element) return id;
    const { account, app, kind, name, path } = element;
    const isNamedByKind = kind === 'account' || kind === 'organization';
    const shown = path ?? name;
    const where = [account, this.hasSeveralApps && app !== undefined ? `app ${app}` : undefined].filter(
      (part) => part !== undefined,
    );
    return `${nounBefore(kind)}${shown}${where.length === 0 || isNamedByKind ? '' : ` (${where.join(', ')})`}`;
  }
}

const HOW_TO_SEE_STATEMENTS = "To see the statements that allow it, ask about less with '--from', '--to' or '--bus'.";

/** The statements that allow a step; or why it fails, and what is missing. */
function detailLines({ allowedBy, decision, missing, text }: Connection): string[] {
  if (decision === 'allowed') {
    return allowedBy.map(
      ({ path, policyType, statement }) => `${POLICY_NAMES[policyType]} in ${path}: ${JSON.stringify(statement)}`,
    );
  }
  return [
    ...(text
      ? [text.problem, ...(text.reason === undefined ? [] : [`Reason: ${text.reason}`]), `Fix: ${text.fix}`]
      : []),
    ...(missing ? [`${missingIn(missing)}: ${JSON.stringify(missing.statement)}`] : []),
  ];
}
