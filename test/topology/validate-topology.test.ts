import { Json } from '../../src/iam/statement';
import { TOPOLOGY_VERSION } from '../../src/topology/topology';
import { validateTopology } from '../../src/topology/validate-topology';
import { errorOf } from '../support/messages';
import { TopologyProperty, topologyProperties } from '../support/topology-schema';

const LISTS = topologyProperties();
const REQUIRED = Object.fromEntries(LISTS.map(({ list, required }) => [list, required]));

/** Where a file with one entry in a list is wrong; undefined if it is not. */
function wrongPlace(list: string, entry: object): string | undefined {
  const file = { version: TOPOLOGY_VERSION, stacks: [REQUIRED.stacks], [list]: [entry] };
  try {
    validateTopology(file as Json);
  } catch (error) {
    return /^'(.*)' must be /.exec((error as Error).message)![1];
  }
  return undefined;
}

/** Values that do not have the kind of a property. */
function wrongValues({ kind, isRequired, elements }: TopologyProperty): unknown[] {
  const missing = isRequired ? [undefined, null] : [null];
  if (kind === 'string') return [...missing, 1, false, ['a'], { a: 'a' }];
  if (kind === 'object') return [...missing, 'a', ['a']];
  const ofElements: { [kind: string]: unknown[] } = { string: [['a', 1], [null]], object: [[{}, 'a'], [null]] };
  return [...missing, 'a', {}, ...(ofElements[elements ?? ''] ?? [])];
}

/** Reading does not use them, or copes with any value. */
const UNCHECKED = ['needs.rule', 'needs.events', 'needs.targets'];

describe.each(LISTS)('an entry of $list', ({ list, required, properties }) => {
  test('needs no optional property', () => {
    expect(wrongPlace(list, required)).toBeUndefined();
  });

  test('has values of the kinds in the JSON Schema', () => {
    const checked = properties.filter(({ name }) => !UNCHECKED.includes(`${list}.${name}`));
    expect(checked.length).toBeGreaterThan(0);
    for (const property of checked) {
      for (const value of wrongValues(property)) {
        const found = { value, place: wrongPlace(list, { ...required, [property.name]: value }) };
        const place = expect.stringMatching(new RegExp(`^${list}\\[0\\]\\.${property.name}(\\[\\d\\])?$`));
        expect(found).toEqual({ value, place });
      }
    }
  });

  test('has no empty text in place of a required one', () => {
    const texts = properties.filter(({ kind, isRequired }) => kind === 'string' && isRequired).map(({ name }) => name);
    const places = texts.map((name) => wrongPlace(list, { ...required, [name]: '' }));
    expect(places).toEqual(texts.map((name) => `${list}[0].${name}`));
  });
});

describe('a target', () => {
  const ruleWith = (...targets: object[]) => ({ ...REQUIRED.rules, targets });

  test.each<[string, object | undefined, string | undefined]>([
    ['has an ID and an ARN', { id: 'T', arn: 'a' }, undefined],
    ['may have empty ones, which AWS rejects', { id: '', arn: '' }, undefined],
    ['must have an ID', { arn: 'a' }, 'id'],
    ['must have an ARN', { id: 'T' }, 'arn'],
    ['has a role that is text', { id: 'T', arn: 'a', role: ['r'] }, 'role'],
    ['has a task definition that is text', { id: 'T', arn: 'a', taskDefinition: 1 }, 'taskDefinition'],
    ['has a launch type that is text', { id: 'T', arn: 'a', launchType: 1 }, 'launchType'],
    ['has a job definition that is text', { id: 'T', arn: 'a', jobDefinition: 1 }, 'jobDefinition'],
    ['has a message group that is text', { id: 'T', arn: 'a', messageGroupId: 1 }, 'messageGroupId'],
    ['has an input property that is text', { id: 'T', arn: 'a', inputProperty: 1 }, 'inputProperty'],
    ['has conditions that are a list', { id: 'T', arn: 'a', conditions: 'a' }, 'conditions'],
    ['has conditions that are texts', { id: 'T', arn: 'a', conditions: ['a', 1] }, 'conditions'],
  ])('%s', (_, target, property) => {
    const place = wrongPlace('rules', ruleWith({ id: 'First', arn: 'a' }, target!));
    expect(place).toBe(property && `rules[0].targets[1].${property}`);
  });
});

test.each<[string, string, object, string]>([
  ['an event', 'publishers', { events: [{}, { source: 1 }] }, 'events[1].source'],
  ['an event', 'publishers', { events: [{ detailType: 1 }] }, 'events[0].detailType'],
  ['an event', 'publishers', { events: [{ eventBus: 1 }] }, 'events[0].eventBus'],
  ['a statement', 'resourcePolicies', { statements: [{ conditions: 1 }] }, 'statements[0].conditions'],
])('a property of %s of %s is checked: %j', (_, list, properties, place) => {
  expect(wrongPlace(list, { ...REQUIRED[list], ...properties })).toBe(`${list}[0].${place}`);
});

test('the place has the number of the entry', () => {
  const stacks = [REQUIRED.stacks, { ...REQUIRED.stacks, name: 1 }];
  expect(errorOf(() => validateTopology({ version: TOPOLOGY_VERSION, stacks } as Json))).toContain("'stacks[1].name'");
});

test.each([{ version: '1' }, { version: null }, null, 'text', 1])('%j is no topology', (value) => {
  expect(errorOf(() => validateTopology(value as Json))).toContain("'version'");
});
