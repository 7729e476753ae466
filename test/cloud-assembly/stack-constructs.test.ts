import { CfnResource, NestedStack, Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { AppIndex } from '../../src/app-model/app-index';
import { deploymentOf } from '../../src/app-model/assembly';
import { TemplateReader } from '../../src/app-model/resolve/template-reader';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { addStacks } from '../../src/cloud-assembly/stack-constructs';
import { SynthesizedStack } from '../../src/cloud-assembly/synthesized-stack';
import { HUB, testApp } from '../support/apps';
import { LENIENT, busArn } from '../support/three-accounts';

function synthesized(path: string, template: object, more: Partial<SynthesizedStack> = {}): SynthesizedStack {
  const name = path.split('/').pop()!;
  const nothing = { constructPaths: new Map(), dependencies: [], nestedTemplates: new Map() };
  return { path, name, ...HUB, template: template as SynthesizedStack['template'], ...nothing, ...more };
}

function treeOf(...stacks: SynthesizedStack[]): Construct {
  const root = new Construct(undefined as never, '');
  addStacks(root, stacks);
  return root;
}

const pathsIn = (root: Construct) =>
  root.node
    .findAll()
    .filter(CfnResource.isCfnResource)
    .map(({ node }) => node.path);
const busArnsIn = (root: Construct) => AppIndex.of(root).model.eventBuses.map(({ arn }) => arn);

const bus = (name: unknown) => ({ Type: 'AWS::Events::EventBus', Properties: { Name: name } });
const nestedResource = (parameters?: object) => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { Parameters: parameters },
});
const output = (value: unknown) => ({ Value: value });
const attribute = (resource: string, name: string) => ({ 'Fn::GetAtt': [resource, name] });

test('the resources of a nested stack are in the order of the app', () => {
  const app = testApp({ context: LENIENT });
  const stack = new Stack(app, 'Hub', { env: HUB });
  const define = (scope: Stack, id: string) => new CfnEventBus(scope, id, { name: 'orders' });
  define(stack, 'First');
  define(new NestedStack(stack, 'Nested'), 'Second');
  define(stack, 'Third');
  const root = treeOf(...stacksInAssembly(app.synth().directory));
  const busPaths = (scope: Construct) =>
    AppIndex.of(scope).model.eventBuses.map(({ construct }) => construct.node.path);
  const paths = [app, root].map(busPaths);

  expect(paths[0]).toEqual(['Hub/First', 'Hub/Nested/Second', 'Hub/Third']);
  expect(paths[1]).toEqual(paths[0]);
});

describe('nested stacks', () => {
  test('get the values of their parameters from the stack around them', () => {
    const inner = synthesized('Hub/Inner', {
      Parameters: { Name: { Type: 'String' } },
      Resources: { Bus: bus({ Ref: 'Name' }) },
    });
    const root = treeOf(
      synthesized(
        'Hub',
        { Resources: { Inner: nestedResource({ Name: { 'Fn::Sub': 'orders' } }) } },
        { nestedTemplates: new Map([['Inner', inner]]) },
      ),
    );

    expect(busArnsIn(root)).toEqual([busArn('orders')]);
  });

  test('pass the values of their outputs to each other', () => {
    const first = synthesized('Hub/First', { Resources: {}, Outputs: { Name: output('orders') } });
    const second = synthesized('Hub/Second', {
      Parameters: { Name: { Type: 'String' } },
      Resources: { Bus: bus({ Ref: 'Name' }) },
    });
    const root = treeOf(
      synthesized(
        'Hub',
        {
          Resources: { First: nestedResource(), Second: nestedResource({ Name: attribute('First', 'Outputs.Name') }) },
        },
        {
          nestedTemplates: new Map([
            ['First', first],
            ['Second', second],
          ]),
        },
      ),
    );

    expect(busArnsIn(root)).toEqual([busArn('orders')]);
  });

  test('may pass a value in a circle, which is unresolved then', () => {
    const circle = (path: string) =>
      synthesized(path, {
        Parameters: { Name: { Type: 'String' } },
        Resources: { Bus: bus({ Ref: 'Name' }) },
        Outputs: { Name: output({ Ref: 'Name' }) },
      });
    const root = treeOf(
      synthesized(
        'Hub',
        {
          Resources: {
            First: nestedResource({ Name: attribute('Second', 'Outputs.Name') }),
            Second: nestedResource({ Name: attribute('First', 'Outputs.Name') }),
          },
        },
        {
          nestedTemplates: new Map([
            ['First', circle('Hub/First')],
            ['Second', circle('Hub/Second')],
          ]),
        },
      ),
    );

    expect(busArnsIn(root)).toEqual([expect.stringContaining('‹'), expect.stringContaining('‹')]);
  });

  test('are in the environment of the stack around them, and belong to its resource', () => {
    const inner = synthesized(
      'Hub/Inner',
      { Resources: { Bus: bus('orders') } },
      { account: undefined, region: undefined },
    );
    const root = treeOf(
      synthesized('Hub', { Resources: { Inner: nestedResource() } }, { nestedTemplates: new Map([['Inner', inner]]) }),
    );
    const nested = root.node.findAll().filter(Stack.isStack)[1];

    expect(busArnsIn(root)).toEqual([busArn('orders')]);
    expect(nested.nestedStackResource?.node.path).toBe('Hub/Inner');
  });

  test('without a resource are left out', () => {
    const inner = synthesized('Hub/Inner', { Resources: { Bus: bus('orders') } });
    const root = treeOf(synthesized('Hub', { Resources: {} }, { nestedTemplates: new Map([['Inner', inner]]) }));

    expect(pathsIn(root)).toEqual([]);
  });
});

describe('construct paths', () => {
  const two = { Resources: { A: bus('a'), B: bus('b') } };

  test.each<[string, [string, string][], string[]]>([
    [
      'that are known',
      [
        ['A', 'Hub/X/A'],
        ['B', 'Hub/X/B'],
      ],
      ['Hub/X/A', 'Hub/X/B'],
    ],
    [
      'of a construct below another resource',
      [
        ['A', 'Hub/X'],
        ['B', 'Hub/X/B'],
      ],
      ['Hub/X', 'Hub/X/B'],
    ],
    [
      'of a construct above another resource',
      [
        ['A', 'Hub/X/A'],
        ['B', 'Hub/X'],
      ],
      ['Hub/X', 'Hub/X/A'],
    ],
    ['that are missing', [], ['Hub/A', 'Hub/B']],
    [
      'of another stack',
      [
        ['A', 'Shop/A'],
        ['B', 'Hubble/B'],
      ],
      ['Hub/A', 'Hub/B'],
    ],
    [
      'that two resources have',
      [
        ['A', 'Hub/X'],
        ['B', 'Hub/X'],
      ],
      ['Hub/X', 'Hub/B'],
    ],
    [
      'that are that of the stack',
      [
        ['A', 'Hub'],
        ['B', 'Hub/'],
      ],
      ['Hub/A', 'Hub/B'],
    ],
  ])('%s', (_, paths, expected) => {
    const root = treeOf(synthesized('Hub', two, { constructPaths: new Map(paths) }));

    expect(busArnsIn(root).sort()).toEqual([busArn('a'), busArn('b')]);
    expect(pathsIn(root).sort()).toEqual([...expected].sort());
  });

  test.each([['a b/c'], ['../x'], ['ü'], ['x'.repeat(300)], ['-'], ['a//b'], ['1.json']])(
    'of a stack may be %j',
    (path) => {
      const root = treeOf(synthesized(path, two));

      expect(busArnsIn(root).sort()).toEqual([busArn('a'), busArn('b')]);
    },
  );

  test('of a stack may be below another stack, whichever is first', () => {
    const template = { Resources: { A: bus('a') } };
    const root = treeOf(synthesized('Hub/Inner', template), synthesized('Hub', template));

    expect(pathsIn(root).sort()).toEqual(['Hub/A', 'Hub/Inner/A']);
  });

  test('of a stage may be below the stack of a pipeline', () => {
    const template = { Resources: { A: bus('a') } };
    const root = treeOf(
      synthesized('Pipeline/Prod/Hub', template, { stage: 'Pipeline/Prod' }),
      synthesized('Pipeline', template),
    );

    expect(pathsIn(root).sort()).toEqual(['Pipeline/A', 'Pipeline/Prod/Hub/A']);
    expect(deploymentOf(root.node.findChild('Pipeline')).node.path).toBe('');
    expect(deploymentOf(root.node.findChild('Pipeline').node.findChild('Prod')).node.path).toBe('Pipeline/Prod');
  });

  test('of two stacks may be the same, of which the first one counts', () => {
    const root = treeOf(
      synthesized('Hub', { Resources: { A: bus('a') } }),
      synthesized('Hub', { Resources: { B: bus('b') } }),
    );

    expect(busArnsIn(root)).toEqual([busArn('a')]);
  });
});

describe('stacks', () => {
  test('depend on those that are deployed before them', () => {
    const template = { Resources: { A: bus('a') } };
    const root = treeOf(
      synthesized('Shop', template, { dependencies: ['Hub', 'Missing'] }),
      synthesized('Hub', template),
    );
    const [shop, hub] = ['Shop', 'Hub'].map((id) => root.node.findChild(id) as Stack);

    expect(shop.dependencies).toEqual([hub]);
    expect(hub.dependencies).toEqual([]);
  });

  test('of a stage are deployed with it, and others with their app', () => {
    const template = { Resources: { A: bus('a') } };
    const root = treeOf(
      synthesized('Hub', template),
      synthesized('Prod/Hub', template, { stage: 'Prod' }),
      synthesized('Prod/Eu/Hub', template, { stage: 'Prod/Eu' }),
      synthesized('Dev/Eu/Hub', template, { stage: 'Dev/Eu' }),
      synthesized('Dev/Some/Where/Hub', template, { stage: 'Dev' }),
      synthesized('Test/Hub', template, { stage: 'Test/Hub' }),
      synthesized('Other/Hub', template, { stage: '' }),
    );
    const deployments = root.node
      .findAll()
      .filter(Stack.isStack)
      .map((stack) => deploymentOf(stack).node.path);

    expect(deployments.sort()).toEqual(['', '', '', 'Dev', 'Dev/Eu', 'Prod', 'Prod/Eu']);
    expect(pathsIn(root)).toContain('Test/Hub/A');
  });
});

test('elements are found by their logical IDs, whatever these are', () => {
  const template = {
    Mappings: { Names: { a: { b: 'orders' } } },
    Resources: { 'a b': bus({ 'Fn::FindInMap': ['Names', 'a', 'b'] }), '': bus('none'), Bus: bus('x') },
    Outputs: { Arn: { Value: attribute('a b', 'Arn'), Export: { Name: 'the-arn' } } },
  };
  const root = treeOf(synthesized('Hub', template));
  const stack = root.node.findAll().find(Stack.isStack)!;

  expect(busArnsIn(root).sort()).toEqual([busArn('orders'), busArn('x')]);
  expect(new TemplateReader().resolve(stack, { 'Fn::ImportValue': 'the-arn' })).toBe(busArn('orders'));
});
