import { CfnResource, Stack } from 'aws-cdk-lib';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { HUB, testApp } from '../support/apps';
import { write } from '../support/command';
import { LENIENT } from '../support/three-accounts';

describe('the templates of nested stacks', () => {
  const NESTED = { Type: 'AWS::CloudFormation::Stack' };

  /** The names of the nested templates of a stack with these resources, and with these files in its asset manifest. */
  function nestedIn(resources: object, files: object): [logicalId: string, path: string][] {
    const app = testApp({ context: LENIENT });
    new CfnResource(new Stack(app, 'Hub', { env: HUB }), 'Topic', { type: 'AWS::SNS::Topic' });
    const { directory } = app.synth();
    write(directory, 'Hub.template.json', { Resources: resources });
    write(directory, 'nested.json', { Resources: { Bus: { Type: 'AWS::Events::EventBus' } } });
    write(directory, 'Hub.assets.json', { files });
    return [...stacksInAssembly(directory)[0].nestedTemplates].map(([id, { path }]) => [id, path]);
  }

  test.each<[string, object, object, string[]]>([
    ['have the path of an asset', { Metadata: { 'aws:asset:path': 'nested.json' } }, {}, ['Hub/Nested']],
    [
      'have a file in the manifest',
      { Properties: { TemplateURL: 'https://s3/abc.json' } },
      { abc: {} },
      ['Hub/Nested'],
    ],
    ['may be in no file', { Properties: { TemplateURL: 'https://s3/abc.json' } }, { def: {} }, []],
    ['may have no URL', { Properties: { TemplateURL: null } }, { abc: {} }, []],
    ['may have no properties', {}, { abc: {} }, []],
    ['may be in a file that the assembly does not have', { Metadata: { 'aws:asset:path': 'other.json' } }, {}, []],
    [
      'have the path of their construct',
      {
        Metadata: {
          'aws:asset:path': 'nested.json',
          'aws:cdk:path': 'Hub/The.NestedStack/The.NestedStackResource',
        },
      },
      {},
      ['Hub/The'],
    ],
    [
      'have the path of their logical ID below another construct',
      {
        Metadata: {
          'aws:asset:path': 'nested.json',
          'aws:cdk:path': 'Hub/The.NestedStack/The.NestedStackResource/Other',
        },
      },
      {},
      ['Hub/Nested'],
    ],
    [
      'have the path of their logical ID if that of the construct is empty',
      { Metadata: { 'aws:asset:path': 'nested.json', 'aws:cdk:path': '' } },
      {},
      ['Hub/Nested'],
    ],
    ['are those of stacks only', { Type: 'AWS::SNS::Topic', Metadata: { 'aws:asset:path': 'nested.json' } }, {}, []],
  ])('%s', (_, resource, files, expected) => {
    const sources = Object.keys(files).map((hash) => [hash, { source: { path: 'nested.json' } }]);
    const nested = nestedIn({ Nested: { ...NESTED, ...resource } }, Object.fromEntries(sources));

    expect(nested).toEqual(expected.map((path) => ['Nested', path]));
  });

  test.each([[{ source: {} }], [{ source: { path: 5 } }], [{ source: 'nested.json' }], [{}], [null]])(
    'are not in the file %j of the manifest',
    (file) => {
      const resource = { ...NESTED, Properties: { TemplateURL: 'https://s3/abc.json' } };

      expect(nestedIn({ Nested: resource }, { abc: file })).toEqual([]);
    },
  );
});
