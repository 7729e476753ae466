import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';
import {
  SynthesizedApp,
  SynthesizedStage,
  assembliesIn,
  assemblyOf,
  constructsInAssembly,
  deploymentOf,
  isInAssembly,
  pathOfApp,
  pathWithin,
  walkAssembly,
} from '../../src/app-model/assembly';

const resourceIn = (scope: Construct) => new CfnResource(scope, 'Resource', { type: 'AWS::Any::Type' });
const pathsOf = (constructs: readonly IConstruct[]) => constructs.map(({ node }) => node.path);

describe('an app with stages', () => {
  let app: App;
  let stack: Stack;
  let beta: Stage;
  let inner: Stage;
  beforeEach(() => {
    app = new App({ treeMetadata: false });
    stack = new Stack(app, 'Stack');
    resourceIn(new Construct(stack, 'Part'));
    beta = new Stage(new Construct(app, 'Region'), 'Beta');
    resourceIn(new Stack(beta, 'Stack'));
    inner = new Stage(beta, 'Inner');
    resourceIn(new Stack(inner, 'Stack'));
  });

  test('is walked without what is in its stages', () => {
    const contents = walkAssembly(app);
    expect(contents.root).toBe(app);
    expect(pathsOf(contents.constructs)).toEqual(
      expect.arrayContaining(['', 'Stack', 'Stack/Part', 'Stack/Part/Resource', 'Region']),
    );
    expect(constructsInAssembly(app)).toEqual(contents.constructs);
    expect([contents.stacks, contents.resources, contents.stages].map(pathsOf)).toEqual([
      ['Stack'],
      ['Stack/Part/Resource'],
      ['Region/Beta'],
    ]);
    expect(pathsOf(walkAssembly(beta).constructs)).toEqual(
      expect.arrayContaining(['Region/Beta', 'Region/Beta/Stack', 'Region/Beta/Stack/Resource']),
    );
    const outside = pathsOf(contents.constructs).filter((path) => path.startsWith('Region/'));
    expect(outside).toEqual([]);
  });

  test('contains the same constructs', () => {
    const all = app.node.findAll();
    for (const { root, constructs } of assembliesIn(walkAssembly(app))) {
      expect(all.filter((construct) => isInAssembly(construct, root))).toEqual(expect.arrayContaining(constructs));
      expect(all.filter((construct) => isInAssembly(construct, root))).toHaveLength(constructs.length);
    }
    expect(isInAssembly(stack, new App())).toBe(false);
    expect(isInAssembly(stack, stack.node.findChild('Part'))).toBe(false);
  });

  test('has an assembly for itself and for each stage', () => {
    expect(pathsOf(assembliesIn(walkAssembly(app)).map(({ root }) => root))).toEqual([
      ...['', 'Region/Beta', 'Region/Beta/Inner'],
    ]);
  });

  test('is the assembly of what is in no stage', () => {
    const inBeta = beta.node.findChild('Stack');
    const all = [app, stack, stack.node.findChild('Part'), beta, inBeta, inner, inner.node.findChild('Stack')];
    expect(pathsOf(all.map(assemblyOf))).toEqual([
      ...['', '', '', 'Region/Beta', 'Region/Beta', 'Region/Beta/Inner', 'Region/Beta/Inner'],
    ]);
    expect(pathsOf(all.map(deploymentOf))).toEqual(pathsOf(all.map(assemblyOf)));
    expect(all.map(pathOfApp)).toEqual(all.map(() => ''));
  });
});

test('what other apps synthesized belongs to the app, or to the stage, around it', () => {
  const root = new Construct(undefined as unknown as Construct, '');
  const shop = new SynthesizedApp(root, 'shop');
  const live = new SynthesizedStage(shop, 'Live');
  const all = [root, shop, new Construct(shop, 'Stack'), live, new Construct(live, 'Stack')];
  expect(pathsOf(all.map(deploymentOf))).toEqual(['', 'shop', 'shop', 'shop/Live', 'shop/Live']);
  expect(all.map(pathOfApp)).toEqual(['', 'shop', 'shop', 'shop', 'shop']);
});

test.each([
  ['shop', 'shop/Stack/Bus', 'Stack/Bus'],
  ['shop', 'shopping/Stack', 'shopping/Stack'],
  ['shop', 'shop', 'shop'],
  ['', 'Stack/Bus', 'Stack/Bus'],
  ['', '/Stack', '/Stack'],
])('within %j, the path %s is %s', (id, path, expected) => {
  const root = new Construct(undefined as unknown as Construct, '');
  expect(pathWithin(id === '' ? root : new Construct(root, id), path)).toBe(expected);
});
