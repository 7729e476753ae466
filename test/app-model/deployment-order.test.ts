import { App, CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { DeploymentOrder } from '../../src/app-model/deployment-order';
import { TemplateReader } from '../../src/app-model/resolve/template-reader';

/** Resources by name, such as `a` of one stack, and `nested.a` of a nested stack in it. */
type Resources = { readonly [name: string]: CfnResource };

const resource = (scope: Construct, id: string) => new CfnResource(scope, id, { type: 'AWS::Any::Type' });
const referTo = (from: CfnResource, to: CfnResource) => from.addPropertyOverride('Other', to.getAtt('Arn'));

function inStacks(): Resources {
  const app = new App({ treeMetadata: false });
  const [one, other, third] = ['One', 'Other', 'Third'].map((id) => new Stack(app, id));
  other.addDependency(one);
  third.addDependency(other);
  const [nested, second] = ['Nested', 'Second'].map((id) => new NestedStack(one, id));
  const deep = new NestedStack(nested, 'Deep');
  const elsewhere = new NestedStack(third, 'Elsewhere');
  const scopes = { one, other, third, nested, second, deep, elsewhere };
  return Object.fromEntries(
    Object.entries(scopes).flatMap(([name, scope]) =>
      ['a', 'b', 'c'].map((id) => [`${name}.${id}`, resource(scope, id)]),
    ),
  );
}

type Link = [from: string, to: string, how: (from: CfnResource, to: CfnResource) => void];
const byReference = (from: string, to: string): Link => [from, to, referTo];
const byDependency = (from: string, to: string): Link => [from, to, (a, b) => a.addDependency(b)];

test.each<[string, Link[], string, string, boolean]>([
  ['nothing', [], 'one.a', 'one.b', false],
  ['a reference', [byReference('one.a', 'one.b')], 'one.a', 'one.b', true],
  ['a reference to it', [byReference('one.b', 'one.a')], 'one.a', 'one.b', false],
  ['a dependency', [byDependency('one.a', 'one.b')], 'one.a', 'one.b', true],
  ['a resource between', [byReference('one.a', 'one.c'), byDependency('one.c', 'one.b')], 'one.a', 'one.b', true],
  ['another resource', [byReference('one.a', 'one.c')], 'one.a', 'one.b', false],
  ['a circle', [byReference('one.a', 'one.c'), byReference('one.c', 'one.a')], 'one.a', 'one.b', false],
  ['itself', [], 'one.a', 'one.a', false],
  ['a stack that is deployed after another one', [], 'other.a', 'one.a', true],
  ['a stack that is deployed after others', [], 'third.a', 'one.a', true],
  ['a stack that is deployed after another one only', [], 'other.a', 'third.a', false],
  ['a stack that is deployed before', [], 'one.a', 'third.a', false],
  ['nested stacks of stacks in order', [], 'elsewhere.a', 'deep.a', true],
  ['nested stacks of stacks in the other order', [], 'deep.a', 'elsewhere.a', false],
  ['resources of a nested stack', [byReference('nested.a', 'nested.b')], 'nested.a', 'nested.b', true],
  ['resources of a nested stack, without a link', [], 'nested.a', 'nested.b', false],
  ['a resource that refers to a nested stack', [byReference('one.a', 'nested.b')], 'one.a', 'nested.b', true],
  ['a resource that refers to another nested stack', [byReference('one.a', 'second.b')], 'one.a', 'nested.b', false],
  ['a resource that refers to one deep in a nested stack', [byReference('one.a', 'deep.b')], 'one.a', 'nested.b', true],
])('a resource comes after another one, by %s', (_, links, later, earlier, expected) => {
  const resources = inStacks();
  for (const [from, to, how] of links) how(resources[from], resources[to]);
  expect(new DeploymentOrder(new TemplateReader()).isAfter(resources[later], resources[earlier])).toBe(expected);
});

test('a nested stack comes after what it depends on', () => {
  const stack = new Stack(new App({ treeMetadata: false }), 'One');
  const [first, second] = ['First', 'Second'].map((id) => new NestedStack(stack, id));
  const [inFirst, inSecond] = [resource(first, 'a'), resource(second, 'a')];
  second.addDependency(first);
  const order = new DeploymentOrder(new TemplateReader());
  expect([order.isAfter(inSecond, inFirst), order.isAfter(inFirst, inSecond)]).toEqual([true, false]);
});
