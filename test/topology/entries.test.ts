import { CfnResource } from 'aws-cdk-lib';
import { defined, entryOf, nameIn } from '../../src/topology/entries';
import { testStack } from '../support/apps';

describe('an entry', () => {
  let construct: CfnResource;
  beforeAll(() => {
    construct = new CfnResource(testStack('Hub'), 'Bus', { type: 'AWS::Events::EventBus' });
  });

  test.each<[string, object, string | undefined]>([
    ['of a resource that is always created', { conditional: false }, undefined],
    ['of a resource without a condition that is known', { conditional: true }, 'Unknown'],
    ['of a resource whose conditions are none', { conditional: true, conditions: [] }, 'Unknown'],
    ['of a conditional resource', { conditional: true, conditions: ['Hub/Big'] }, 'Big'],
    ['of a resource in a nested stack', { conditional: true, conditions: ['Hub/Nested/Big'] }, 'Big'],
    ['of a resource whose condition is not met', { conditional: true, conditions: ['!Hub/Big'] }, '!Big'],
  ])('%s', (_, resource, condition) => {
    const { condition: found, ...place } = entryOf({ construct, conditional: false, ...resource });
    expect(place).toEqual({ stack: 'Hub', logicalId: 'Bus', path: 'Hub/Bus' });
    expect(found).toBe(condition);
  });

  test.each([
    ['orders', 'orders'],
    ['‹Name of Hub/Bus›', undefined],
    ['‹Name of Hub/Other›', '‹Name of Hub/Other›'],
    ['‹Name of Other/Hub/Bus›', '‹Name of Other/Hub/Bus›'],
    ['a-‹Name of Hub/Bus›', 'a-‹Name of Hub/Bus›'],
    ['‹Name of Hub/Bus›-a', '‹Name of Hub/Bus›-a'],
  ])('with the name %s has the name %s', (name, expected) => {
    expect(nameIn(name, construct)).toEqual(expected === undefined ? {} : { name: expected });
  });
});

test('what is undefined, false or empty is left out', () => {
  expect(defined({ a: undefined, b: false, c: [], d: 'd', e: '', f: ['f'], g: true, h: { i: 1 } })).toEqual({
    ...{ d: 'd', e: '', f: ['f'], g: true },
    h: { i: 1 },
  });
  expect(Object.keys(defined({ a: undefined }))).toEqual([]);
});
