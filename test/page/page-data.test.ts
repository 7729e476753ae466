import type { DeliveryGraph } from '../../src/delivery-graph/delivery-graph';
import { graphOf, pageData } from '../../src/page/page-data';

const GRAPH: DeliveryGraph = {
  elements: ['role', 'bus', 'rule', 'queue'].map((id) => ({
    id,
    kind: 'other',
    role: 'target',
    name: id,
    findings: [],
  })),
  connections: [
    { id: 'put', kind: 'putEvents', from: 'role', to: 'bus', events: [{}], decision: 'denied', allowedBy: [] },
    {
      id: 'match',
      kind: 'match',
      from: 'bus',
      to: 'rule',
      events: [{ source: 'a' }],
      decision: 'allowed',
      allowedBy: [],
    },
    {
      id: 'send',
      kind: 'send',
      from: 'rule',
      to: 'queue',
      events: [{ source: 'a' }],
      decision: 'unknown',
      allowedBy: [],
    },
  ],
  deliveries: [
    {
      publisher: 'role',
      target: 'queue',
      event: { source: 'a' },
      decision: 'denied',
      connections: ['put', 'match', 'send'],
    },
    { publisher: 'role', target: 'queue', event: { source: 'a' }, decision: 'unknown', connections: ['match', 'send'] },
    { publisher: 'bus', target: 'rule', event: { detailType: 'a' }, decision: 'allowed', connections: ['match'] },
  ],
  otherFindings: [{ id: 'x', level: 'warning', problem: 'p', fix: 'f' }],
};

test('the data of the page has the whole delivery graph', () => {
  const written: unknown = JSON.parse(JSON.stringify(pageData(GRAPH)));
  expect(graphOf(written as ReturnType<typeof pageData>)).toEqual(GRAPH);
});

test('an event is in the data once', () => {
  expect(pageData(GRAPH).events).toEqual([{ source: 'a' }, { detailType: 'a' }]);
});
