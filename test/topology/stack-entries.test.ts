import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { stackEntries } from '../../src/topology/stack-entries';
import { BILLING, HUB, SHOP, testApp, testStack } from '../support/apps';

/** Stacks of an app, each with the IDs of those before it. */
function stacksWith(dependencies: { readonly [id: string]: readonly string[] }): Stack[] {
  const app = testApp();
  const stacks = new Map(Object.keys(dependencies).map((id) => [id, testStack(id, HUB, app)]));
  for (const [id, before] of Object.entries(dependencies)) {
    for (const other of before) stacks.get(id)!.addDependency(stacks.get(other)!);
  }
  return [...stacks.values()];
}

const entriesOf = (stacks: readonly Stack[], ...withEntries: string[]) =>
  stackEntries({ stacks, nestedStacks: [], unreadResources: [] }, new Set(withEntries));
const orderOf = (stacks: readonly Stack[], ...withEntries: string[]) =>
  entriesOf(stacks, ...withEntries).map(({ path, dependsOn }) => [path, dependsOn]);

test('a stack in a stage lists the stage, which is the inner one of two', () => {
  const app = testApp();
  const stage = new Stage(app, 'Prod');
  const stacks = [
    testStack('Hub', HUB, app),
    testStack('Hub', HUB, stage as App),
    testStack('Hub', HUB, new Construct(new Stage(stage, 'Eu'), 'Group') as App),
  ];
  expect(entriesOf(stacks)).toEqual([
    { path: 'Hub', name: 'Hub', ...HUB },
    { path: 'Prod/Eu/Group/Hub', name: expect.stringMatching(/^Prod-Eu-/), stage: 'Prod/Eu', ...HUB },
    { path: 'Prod/Hub', name: 'Prod-Hub', stage: 'Prod', ...HUB },
  ]);
});

test('stacks are sorted by path', () => {
  const ids = ['C', 'A', 'D', 'B'];
  expect(entriesOf(stacksWith({ C: [], A: [], D: [], B: [] }), ...ids).map(({ path }) => path)).toEqual(
    [...ids].sort(),
  );
});

test('a stack lists in order those that are deployed before it, directly or not', () => {
  const stacks = stacksWith({ D: ['C', 'A'], C: ['B'], B: [], A: [] });
  expect(orderOf(stacks, 'A', 'B', 'C', 'D')).toEqual([
    ['A', undefined],
    ['B', undefined],
    ['C', ['B']],
    ['D', ['A', 'B', 'C']],
  ]);
});

test('a stack without entries is not listed as one before others, but those before it are', () => {
  const stacks = stacksWith({ C: ['B'], B: ['A'], A: [] });
  expect(orderOf(stacks, 'A', 'C')).toEqual([
    ['A', undefined],
    ['B', undefined],
    ['C', ['A']],
  ]);
});

test('stacks of other environments are listed if they have entries or are known', () => {
  const app = testApp();
  const stacks = [
    testStack('Known', SHOP, app),
    testStack('Unknown', {}, app),
    testStack('WithEntries', {}, app),
    testStack('WithoutRegion', { account: SHOP.account }, app),
    testStack('WithoutAccount', { region: SHOP.region }, app),
  ];
  expect(entriesOf(stacks, 'WithEntries', 'WithoutRegion', 'WithoutAccount')).toEqual([
    { path: 'Known', name: 'Known', ...SHOP },
    { path: 'WithEntries', name: 'WithEntries' },
    { path: 'WithoutAccount', name: 'WithoutAccount', region: SHOP.region },
    { path: 'WithoutRegion', name: 'WithoutRegion', account: SHOP.account },
  ]);
});

test('a nested stack has the name and the order of the stack around it', () => {
  const app: App = testApp();
  const [first, second] = [testStack('First', HUB, app), testStack('Second', BILLING, app)];
  const inner = new NestedStack(new NestedStack(second, 'Nested'), 'Inner');
  second.addDependency(first);
  const before = new NestedStack(first, 'Before');
  const entries = entriesOf([first, before, second, inner], 'First/Before', 'Second/Nested/Inner');
  expect(entries).toEqual([
    { path: 'First', name: 'First', ...HUB },
    { path: 'First/Before', name: 'First', ...HUB },
    { path: 'Second', name: 'Second', ...BILLING },
    { path: 'Second/Nested/Inner', name: 'Second', ...BILLING, dependsOn: ['First/Before'] },
  ]);
});
