import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { Connection, DeliveryGraph, GraphElement } from '../../src/delivery-graph/delivery-graph';
import { MAX_EDGES, flowchart } from '../../src/delivery-graph/flowchart';
import { EXAMPLES, exampleApp } from '../support/examples';
import { graphOf } from '../support/graphs';

/** Parses flowcharts with Mermaid itself. Returns the problem of each; none if it parses. */
function problemsOf(charts: readonly string[]): (string | null)[] {
  // The labels are cleaned of HTML in a browser only: the parser is the same.
  const program = `
    import { readFileSync } from 'node:fs';
    const { default: purify } = await import('dompurify');
    Object.assign(purify, { addHook: () => {}, sanitize: (text) => text });
    const { default: mermaid } = await import('mermaid');
    const problemOf = (chart) => mermaid.parse(chart).then(() => null, (error) => String(error.message));
    const problems = [];
    for (const chart of JSON.parse(readFileSync(0, 'utf8'))) problems.push(await problemOf(chart));
    console.log(JSON.stringify(problems));`;
  const { stderr, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: __dirname,
    encoding: 'utf8',
    input: JSON.stringify(charts),
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as (string | null)[];
}

const element = (id: string, props: Partial<GraphElement> = {}): GraphElement => ({
  id,
  kind: 'other',
  role: 'target',
  name: id,
  account: '111111111111',
  findings: [],
  ...props,
});

/** Some publishers, and a rule for each, in several accounts. */
function graphOfSize(size: number, accounts = 3): DeliveryGraph {
  const numbers = Array.from({ length: size }, (_, n) => n);
  const account = (n: number) => String(100_000_000_000 + (n % accounts));
  const decided = { decision: 'allowed', allowedBy: [], events: [{ source: 'com.shop' }] } as const;
  return {
    elements: [
      element('bus', { kind: 'eventBus', role: 'eventBus' }),
      ...numbers.map((n) => element(`publisher${n}`, { role: 'publisher', kind: 'role', account: account(n) })),
      ...numbers.map((n) => element(`rule${n}`, { role: 'rule', kind: 'rule', account: account(n) })),
      ...numbers.map((n) => element(`target${n}`, { account: account(n) })),
    ],
    connections: numbers.flatMap((n) => [
      { ...decided, id: `p${n}`, kind: 'putEvents' as const, from: `publisher${n}`, to: 'bus' },
      { ...decided, id: `m${n}`, kind: 'match' as const, from: 'bus', to: `rule${n}` },
      { ...decided, id: `s${n}`, kind: 'send' as const, from: `rule${n}`, to: `target${n}` },
    ]),
    deliveries: [],
    otherFindings: [],
  };
}

/** A graph in which one connection has another decision. */
function withDecision(graph: DeliveryGraph, id: string, decision: Connection['decision']): DeliveryGraph {
  return { ...graph, connections: graph.connections.map((one) => (one.id === id ? { ...one, decision } : one)) };
}

const edgesOf = (chart: string) => chart.split('\n').filter((line) => /-->|-\.->/.test(line));

test('a flowchart has frames for accounts, and the events on its edges', () => {
  const graph = graphOfSize(1);
  const [put, match, send] = graph.connections;
  const denied = { ...send, decision: 'denied' as const };
  expect(flowchart({ ...graph, connections: [put, match, denied] })).toBe(
    [
      'flowchart LR',
      '  subgraph a0["account 100000000000"]',
      '    n1("publisher0")',
      '    n2["rule0"]',
      '    n3(["target0"])',
      '  end',
      '  subgraph a1["account 111111111111"]',
      '    n0{{"bus"}}',
      '  end',
      '  n1 -->|"com.shop"| n0',
      '  n0 -->|"com.shop"| n2',
      '  n2 -.->|"denied"| n3',
      '  linkStyle 2 stroke:#c00,color:#c00',
      '',
    ].join('\n'),
  );
});

test('up to 60 edges are shown as they are, more are grouped', () => {
  expect(edgesOf(flowchart(graphOfSize(20)))).toHaveLength(60);
  expect(edgesOf(flowchart(graphOfSize(21)))).toHaveLength(9);
  expect(flowchart(graphOfSize(21))).toContain('("7 publishers")');
  // The publishers, rules and targets of 40 accounts are too many too.
  expect(flowchart(graphOfSize(120, 40))).toContain('publishers, buses, rules and targets');
  expect(edgesOf(flowchart(graphOfSize(120, 40))).length).toBeLessThanOrEqual(MAX_EDGES + 20);
});

test.each(['denied', 'unknown'] as const)(
  'what is %s within an account is shown if accounts are grouped',
  (decision) => {
    const graph = graphOfSize(120, 40);
    const [allowed, failed] = [graph, withDecision(graph, 's5', decision)].map((one) => edgesOf(flowchart(one)));
    expect(allowed.filter((line) => /^ {2}(n\d+) .* \1$/.test(line))).toEqual([]);
    const added = failed.filter((line) => !allowed.includes(line));
    expect(added).toHaveLength(1);
    expect(added[0]).toMatch(new RegExp(`^ {2}(n\\d+) -\\.->\\|"${decision}<br>com\\.shop"\\| \\1$`));
  },
);

const isInstalled = (() => {
  try {
    return Boolean(createRequire(__filename).resolve('mermaid'));
  } catch {
    process.stderr.write('SKIPPED for want of the package mermaid (run npm ci): flowcharts are parsed\n');
    return false;
  }
})();

(isInstalled ? describe : describe.skip)('Mermaid parses', () => {
  test('the flowcharts of all examples, and those that are grouped', () => {
    const charts = [
      ...EXAMPLES.map(([, apps]) => flowchart(graphOf(...apps.map(exampleApp)))),
      ...[21, 120].map((size) => flowchart(graphOfSize(size, size / 3))),
      flowchart(withDecision(graphOfSize(120, 40), 's5', 'denied')),
    ];
    expect(problemsOf(charts)).toEqual(charts.map(() => null));
  });

  test('any text in labels, which is none of its language', () => {
    const names = ['end', '"];x', '`**b**`', '<b>|]', '#quot;', 'a\nb', '{{}}', '‹x›', '%% c', 'é日本', '&amp;', '\\"'];
    const graph = graphOfSize(1);
    const chartWith = (name: string) =>
      flowchart({
        ...graph,
        elements: graph.elements.map((one) => ({ ...one, name, account: undefined })),
        connections: graph.connections.map((one) => ({ ...one, events: [{ source: name, detailType: name }] })),
      });
    expect(problemsOf(names.map(chartWith))).toEqual(names.map(() => null));
  });

  test('no other text', () => {
    expect(problemsOf(['flowchart LR\n a["x"] -->|"y| b'])).not.toContain(null);
  });
});
