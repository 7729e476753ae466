import { html } from './dom';
import { counted } from './texts';
import type { Connection, GraphElement, GraphFinding } from '../src/delivery-graph/delivery-graph';

/** A problem with its reason and fix. */
type Text = NonNullable<Connection['text']>;

/** The findings on an element. */
export function findingsView(findings: readonly GraphFinding[]): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  return html(
    'section',
    { 'aria-label': 'Findings' },
    html('h3', {}, counted(findings.length, 'finding')),
    html('ul', { class: 'findings' }, ...findings.map(findingView)),
  );
}

export function findingView({ id, level, acknowledged, ...text }: GraphFinding): HTMLElement {
  const status = acknowledged ? `${level}, acknowledged` : level;
  return html(
    'li',
    { class: acknowledged ? 'acknowledged' : level },
    html('p', { class: 'finding-id' }, html('strong', {}, status), ' ', html('code', {}, id)),
    ...textView(text),
  );
}

export function textView({ problem, reason, fix }: Text): HTMLElement[] {
  return [
    html('p', {}, reason === undefined ? problem : `${problem}, because ${reason}`),
    html('p', { class: 'fix' }, html('strong', {}, 'Fix: '), fix),
  ];
}

type Fact = readonly [name: string, value: string | undefined];

/** What is known of some facts. */
export function factsView(facts: readonly Fact[]): HTMLElement {
  const known = facts.filter((fact): fact is [string, string] => fact[1] !== undefined);
  return html('dl', {}, ...known.flatMap(([name, value]) => [html('dt', {}, name), html('dd', {}, value)]));
}

export function factsOf({ account, region, app, path, arn }: GraphElement): Fact[] {
  return [
    ['Account', account ?? 'known only at deployment'],
    ['Region', region],
    ['App', app],
    ['Construct', path],
    ['ARN', arn],
  ];
}
