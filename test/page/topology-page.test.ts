import { createHash } from 'node:crypto';
import type { DeliveryGraph } from '../../src/delivery-graph/delivery-graph';
import { graphOf } from '../../src/page/page-data';
import { topologyPage } from '../../src/page/topology-page';

const NAME = '</script><script>alert(1)</script><!-- {{data}} $& $1';
const GRAPH: DeliveryGraph = {
  elements: [{ id: 'bus', kind: 'eventBus', role: 'eventBus', name: NAME, findings: [] }],
  connections: [],
  deliveries: [],
  otherFindings: [],
};
const DATA = /<script id="data" type="application\/json">(.*)<\/script>\n {4}<script>/s;

const page = topologyPage(GRAPH);

test('the page has the graph as JSON, which no name can end', () => {
  const [, data] = DATA.exec(page)!;
  expect(data).not.toContain('<');
  expect(graphOf(JSON.parse(data))).toEqual(GRAPH);
});

test('the page is the same for the same graph', () => {
  expect(topologyPage(GRAPH)).toBe(page);
});

test('the policy of the page allows its own script and style, and nothing from elsewhere', () => {
  const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [, script] = /<script>(.*)<\/script>\n {2}<\/body>/s.exec(page)!;
  const [, style] = /<style>(.*?)<\/style>/s.exec(page)!;
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hashOf(script)} 'wasm-unsafe-eval'`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});
