import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnParameter, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { readAssembly, stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { HUB, SHOP, testApp } from '../support/apps';
import { write } from '../support/command';
import { LENIENT } from '../support/three-accounts';

const lenientApp = (props: object = {}) => testApp({ context: LENIENT, ...props });
const topic = (scope: Stack) => new CfnResource(scope, 'Topic', { type: 'AWS::SNS::Topic' });

function edit(directory: string, change: (manifest: any) => void): void {
  const file = join(directory, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  change(manifest);
  writeFileSync(file, JSON.stringify(manifest));
}

describe('the stacks in an assembly', () => {
  test('have the paths, names, environments and dependencies of those in the app', () => {
    const app = lenientApp();
    const hub = new Stack(app, 'Hub', { env: HUB, stackName: 'the-hub' });
    const shop = new Stack(app, 'Shop');
    [hub, shop].forEach(topic);
    shop.addDependency(hub);

    expect(stacksInAssembly(app.synth().directory)).toEqual([
      expect.objectContaining({ path: 'Hub', name: 'the-hub', ...HUB, dependencies: [] }),
      expect.objectContaining({
        path: 'Shop',
        name: 'Shop',
        account: undefined,
        region: undefined,
        dependencies: ['Hub'],
      }),
    ]);
  });

  test('include those of stages, also of stages in stages', () => {
    const app = lenientApp();
    const prod = new Stage(app, 'Prod');
    topic(new Stack(prod, 'Hub', { env: HUB }));
    topic(new Stack(new Stage(prod, 'Eu'), 'Shop', { env: SHOP }));
    const { stacks, directories } = readAssembly(app.synth().directory);

    expect(stacks.map(({ path, stage }) => [path, stage])).toEqual(
      expect.arrayContaining([
        ['Prod/Hub', 'Prod'],
        ['Prod/Eu/Shop', 'Prod/Eu'],
      ]),
    );
    expect(stacks).toHaveLength(2);
    expect(directories).toHaveLength(3);
  });

  test('have the templates of their nested stacks, also of those nested in them', () => {
    const app = lenientApp();
    const outer = new NestedStack(new Stack(app, 'Hub', { env: HUB }), 'Outer');
    topic(new NestedStack(outer, 'Inner'));
    const [hub] = stacksInAssembly(app.synth().directory);
    const [nested] = [...hub.nestedTemplates.values()];
    const [inner] = [...nested.nestedTemplates.values()];

    expect([nested.path, inner.path]).toEqual(['Hub/Outer', 'Hub/Outer/Inner']);
    expect(inner.template).toMatchObject({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
  });
});

describe('the construct paths', () => {
  function pathsOf(app: App): object {
    const [stack] = stacksInAssembly(app.synth().directory);
    return Object.fromEntries(stack.constructPaths);
  }

  test('are in the metadata of resources, and in the manifest', () => {
    const app = lenientApp();
    const stack = new Stack(app, 'Hub', { env: HUB });
    const bus = new CfnEventBus(stack, 'Bus', { name: 'orders' });
    stack.exportValue(bus.attrArn);

    expect(Object.values(pathsOf(app))).toEqual(
      expect.arrayContaining(['Hub/Bus', expect.stringMatching(/^Hub\/Exports\/Output/)]),
    );
  });

  test('are in the manifest if the resources have no metadata', () => {
    const app = lenientApp({ context: { ...LENIENT, 'aws:cdk:enable-path-metadata': false } });
    new Topic(new Stack(app, 'Hub', { env: HUB }), 'Topic');

    expect(Object.values(pathsOf(app))).toContain('Hub/Topic/Resource');
  });

  test.each([true, false])(
    'are not those of a nested stack with the same logical ID (in metadata: %s)',
    (inMetadata) => {
      const app = lenientApp({ context: { ...LENIENT, 'aws:cdk:enable-path-metadata': inMetadata } });
      const stack = new Stack(app, 'Hub', { env: HUB });
      const define = (scope: Stack) => {
        topic(scope);
        new CfnParameter(scope, 'Name', { default: 'a' });
      };
      define(stack);
      define(new NestedStack(stack, 'Nested'));
      const [hub] = stacksInAssembly(app.synth().directory);
      const [inner] = [...hub.nestedTemplates.values()];
      const ids = ['Topic', 'Name'];

      expect(ids.map((id) => hub.constructPaths.get(id))).toEqual(['Hub/Topic', 'Hub/Name']);
      expect(ids.map((id) => inner.constructPaths.get(id))).toEqual(['Hub/Nested/Topic', 'Hub/Nested/Name']);
    },
  );

  test('are in a file next to the manifest in newer releases of the CDK', () => {
    const app = lenientApp();
    topic(new Stack(app, 'Hub', { env: HUB }));
    const { directory } = app.synth();
    edit(directory, ({ artifacts: { Hub } }) => {
      delete Hub.metadata;
      Hub.additionalMetadataFile = 'Hub.more.json';
    });
    const entries = [{ type: 'aws:cdk:logicalId', data: 'BootstrapVersion' }, { data: 'no type' }];
    write(directory, 'Hub.more.json', { '/Hub/Version': entries });
    const [{ constructPaths }] = stacksInAssembly(directory);

    expect(constructPaths.get('BootstrapVersion')).toBe('Hub/Version');
  });
});

describe('the rules that were accepted', () => {
  test('are read with the paths of their scopes, also those of stages', () => {
    const app = lenientApp();
    topic(new Stack(app, 'Hub', { env: HUB }));
    topic(new Stack(new Stage(app, 'Prod'), 'Shop', { env: SHOP }));
    const { directory } = app.synth();
    const accept = (path: string, data: unknown) => ({
      [`/${path}`]: [
        { type: 'aws:cdk:acknowledged-rules', data },
        { type: 'aws:cdk:other', data: { Other: 'a reason' } },
      ],
    });
    edit(directory, ({ artifacts }) => {
      artifacts.Hub.metadata = { ...accept('Hub/Topic', { First: 'a reason', Second: '' }), ...accept('Hub', 'text') };
    });
    edit(join(directory, 'assembly-Prod'), ({ artifacts }) => {
      const stack: any = Object.values<any>(artifacts).find(({ type }) => type === 'aws:cloudformation:stack');
      stack.metadata = accept('Prod/Shop', { Third: '' });
    });

    expect(
      readAssembly(directory)
        .acknowledgedRules.map(({ path, rule }) => `${path} ${rule}`)
        .sort(),
    ).toEqual(['Hub/Topic First', 'Hub/Topic Second', 'Prod/Shop Third']);
  });
});

describe('strange assemblies', () => {
  test('may be of a newer release, with stacks that depend on each other', () => {
    const app = lenientApp();
    for (const id of ['Hub', 'Shop', 'Billing']) topic(new Stack(app, id, { env: HUB }));
    const { directory } = app.synth();
    edit(directory, (manifest) => {
      const { Hub, Shop, ...others } = manifest.artifacts;
      manifest.version = '999.0.0';
      Hub.dependencies.push('Shop');
      Shop.dependencies.push('Hub');
      manifest.artifacts = { Hub, Shop, ...others, New: { type: 'cdk:new' } };
    });

    expect(stacksInAssembly(directory).map(({ path, dependencies }) => [path, dependencies])).toEqual([
      ['Hub', ['Shop']],
      ['Shop', ['Hub']],
      ['Billing', []],
    ]);
  });

  test('fails to nest a template in itself', () => {
    const app = lenientApp();
    topic(new Stack(app, 'Hub', { env: HUB }));
    const { directory } = app.synth();
    write(directory, 'Hub.template.json', {
      Resources: {
        Self: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'Hub.template.json' } },
        Missing: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': 'missing.json' } },
        Nothing: { Type: 'AWS::CloudFormation::Stack', Metadata: 5, Properties: null },
      },
    });

    expect(stacksInAssembly(directory)[0].nestedTemplates.size).toBe(0);
  });

  test('fails to be the assembly of their own stage', () => {
    const app = lenientApp();
    topic(new Stack(app, 'Hub', { env: HUB }));
    const { directory } = app.synth();
    edit(directory, ({ artifacts }) => {
      artifacts.Again = { type: 'cdk:cloud-assembly', properties: { directoryName: '.', displayName: 'Again' } };
    });

    expect(stacksInAssembly(directory).map(({ path }) => path)).toEqual(['Hub']);
  });

  test.each([[null], [5], ['text'], [[]], [{ Resources: 5 }], [{ Resources: { A: null, B: [] } }]])(
    'may have the template %j',
    (template) => {
      const app = lenientApp();
      topic(new Stack(app, 'Hub', { env: HUB }));
      const { directory } = app.synth();
      write(directory, 'Hub.template.json', template === 'text' ? '"text"' : template);

      expect(stacksInAssembly(directory)).toHaveLength(1);
    },
  );
});
