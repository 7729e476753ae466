import { TOPOLOGY_FILE, topologyText } from '../../src/topology/topology-file';
import { validateTopology } from '../../src/topology/validate-topology';

test('the text has a line for each entry, and one for each list without entries', () => {
  const stacks = ['A', 'B'].map((path) => ({ path, name: path }));
  const lines = topologyText(validateTopology({ version: 1, stacks })).split('\n');
  expect(lines.slice(0, 7)).toEqual([
    '{',
    '  "version": 1,',
    '  "stacks": [',
    '    {"path":"A","name":"A"},',
    '    {"path":"B","name":"B"}',
    '  ],',
    '  "eventBuses": [],',
  ]);
  expect(lines.slice(-3)).toEqual(['  "needs": []', '}', '']);
});

test('the file has a name that other tools can rely on', () => {
  expect(TOPOLOGY_FILE).toBe('event-topology.json');
});
