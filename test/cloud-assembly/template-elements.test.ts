import { CfnElement, CfnParameter, CfnResource, Stack } from 'aws-cdk-lib';
import { AppIndex } from '../../src/app-model/app-index';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { TemplateOutput } from '../../src/cloud-assembly/template-elements';
import { HUB } from '../support/apps';

function stackOf(template: object, name = 'Hub'): Stack {
  const root = rootOfStacks();
  const nothing = { constructPaths: new Map(), dependencies: [], nestedTemplates: new Map() };
  addStacks(root, [{ path: 'Hub', name, ...HUB, template: template as never, ...nothing }]);
  return root.node.findChild('Hub') as Stack;
}

const elementOf = <T extends CfnElement>(stack: Stack, id: string) => stack.node.findChild(id) as T;
const BUS = { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } };

test.each([
  ['hub', 'hub'],
  ['the hub.eu', 'the-hub-eu'],
  ['Stack_A', 'Stack-A'],
  ['1.json', 'S1-json'],
  ['-', 'S-'],
  ['', 'S'],
  ['S3', 'S3'],
  ['x'.repeat(200), 'x'.repeat(128)],
])('the name %j is one that the CDK accepts: %j', (name, expected) => {
  expect(stackOf({}, name).stackName).toBe(expected);
});

test.each([[undefined], [''], [5], [null]])('a resource may have the type %j', (type) => {
  const stack = stackOf({ Resources: { Strange: { ...BUS, Type: type }, Bus: BUS } });

  expect(elementOf<CfnResource>(stack, 'Strange').cfnResourceType).toBe('Unknown');
  expect(AppIndex.of(stack).model.eventBuses.map(({ construct }) => construct.node.id)).toEqual(['Bus']);
});

test('resources are created after those that they depend on', () => {
  const dependsOn = { Second: ['First'], Third: 'Second' };
  const of = (id: string) => ({ ...BUS, DependsOn: dependsOn[id as keyof typeof dependsOn] });
  const stack = stackOf({ Resources: { First: BUS, Second: of('Second'), Third: of('Third') } });
  const [first, second, third] = ['First', 'Second', 'Third'].map((id) => elementOf<CfnResource>(stack, id));
  const { order } = AppIndex.of(stack).model;

  expect([order.isAfter(second, first), order.isAfter(third, first)]).toEqual([true, true]);
  expect([order.isAfter(first, second), order.isAfter(first, third)]).toEqual([false, false]);
  expect(stack.resolve(second._toCloudFormation())).toEqual({ Resources: { Second: of('Second') } });
});

test.each<[object, unknown[]]>([
  [{ Type: 'Number', AllowedPattern: '[a-z]+', AllowedValues: ['a', 1] }, ['Number', '[a-z]+', ['a', '1']]],
  [{ Type: 5, AllowedPattern: {}, AllowedValues: 'a' }, ['String', undefined, undefined]],
  [{}, ['String', undefined, undefined]],
])('the parameter %j has its type, and allows only values of its pattern or list', (body, expected) => {
  const { type, allowedPattern, allowedValues } = elementOf<CfnParameter>(stackOf({ Parameters: { A: body } }), 'A');

  expect([type, allowedPattern, allowedValues]).toEqual(expected);
});

test.each<[object, unknown]>([
  [{ Value: 'a', Export: { Name: 'the-name' } }, 'the-name'],
  [{ Value: 'a' }, undefined],
  [{ Value: 'a', Export: null }, undefined],
  [{ Value: 'a', Export: 'text' }, undefined],
  [{ Value: 'a', Export: [] }, undefined],
])('the output %j has the export name %j', (body, expected) => {
  const output = elementOf<TemplateOutput>(stackOf({ Outputs: { Name: body } }), 'Name');

  expect([output.value, output.exportName]).toEqual(['a', expected]);
  expect(output._toCloudFormation()).toEqual({});
});

test('the CDK does not record where elements are created, which takes long', () => {
  const stack = stackOf({ Parameters: { Name: {} }, Resources: { Bus: BUS } });

  // The newest CDK records it for stacks, which are few.
  expect(stack.node.children.flatMap(({ node }) => node.metadata)).toEqual([]);
});
