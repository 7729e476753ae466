import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { parseYamlTemplate } from '../../src/cli/yaml-template';
import { command, emptyDirectory, findingsOf, write } from '../support/command';

const HUB = `
AWSTemplateFormatVersion: 2010-09-09
Mappings:
  Names:
    Buses: { orders: orders }
Conditions:
  Prod: !Equals [!Ref 'AWS::Region', eu-west-1]
Resources:
  Bus:
    Type: AWS::Events::EventBus
    Properties:
      Name: !FindInMap [Names, Buses, orders]
  Policy:
    Type: AWS::Events::EventBusPolicy
    Properties:
      EventBusName: !Ref Bus
      StatementId: Shop
      Statement:
        Effect: Allow
        Principal:
          AWS: !Sub arn:\${AWS::Partition}:iam::222222222222:root
        Action: events:PutEvents
        Resource: !GetAtt Bus.Arn
`;

const SHOP = `
Resources:
  Publisher:
    Type: AWS::IAM::Role
    Properties:
      RoleName: publisher
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: { Service: lambda.amazonaws.com }
            Action: sts:AssumeRole
      Policies:
        - PolicyName: put
          PolicyDocument:
            Version: 2012-10-17
            Statement:
              - Effect: Allow
                Action: events:PutEvents
                Resource: !Join [':', [arn, !Ref 'AWS::Partition', events, eu-west-1, '111111111111:event-bus/orders']]
`;

function twoTemplates(hub: string, shop = SHOP): string[] {
  const directory = emptyDirectory();
  return [
    `${write(directory, 'hub.yaml', hub)}@111111111111/eu-west-1`,
    `${write(directory, 'shop.template', shop)}@222222222222/eu-west-1`,
  ];
}

describe('templates in YAML', () => {
  test('have no findings if the bus allows the publisher, with all short forms', () => {
    expect(command('check', ...twoTemplates(HUB))).toEqual({
      status: 0,
      out: '0 errors, 0 warnings in 2 apps\n',
      err: '',
    });
  });

  test('fails if the bus allows another account', () => {
    const { status, out } = command('check', '--json', ...twoTemplates(HUB.replace('222222222222', '333333333333')));

    expect(findingsOf(out)).toEqual(['shop error publisherAccessDenied shop/Publisher']);
    expect(status).toBe(1);
  });

  test('are read like the same templates in JSON', () => {
    const directory = emptyDirectory();
    const paths = [HUB.replace('events:PutEvents', 'events:PutRule'), SHOP].map((text, index) => {
      const file = write(directory, `${['hub', 'shop'][index]}.json`, parseYamlTemplate(text));
      return `${file}@${['111111111111', '222222222222'][index]}/eu-west-1`;
    });

    expect(findingsOf(command('check', '--json', ...paths).out)).toContain(
      'shop error publisherAccessDenied shop/Publisher',
    );
  });
});

test.each<[string, unknown]>([
  ['!Ref A', { Ref: 'A' }],
  ['!Condition A', { Condition: 'A' }],
  ['!GetAtt A.B.C', { 'Fn::GetAtt': ['A', 'B.C'] }],
  ['!GetAtt [A, B]', { 'Fn::GetAtt': ['A', 'B'] }],
  ['!GetAtt A', { 'Fn::GetAtt': ['A'] }],
  ['!Sub "${A}"', { 'Fn::Sub': '${A}' }],
  ['!Sub ["${A}", {A: !Ref B}]', { 'Fn::Sub': ['${A}', { A: { Ref: 'B' } }] }],
  ['!If [A, !Ref B, !Ref "AWS::NoValue"]', { 'Fn::If': ['A', { Ref: 'B' }, { Ref: 'AWS::NoValue' }] }],
  [
    '!Select [0, !Split [",", !ImportValue x]]',
    { 'Fn::Select': [0, { 'Fn::Split': [',', { 'Fn::ImportValue': 'x' }] }] },
  ],
  ['!ImportValue {"Fn::Sub": "${A}-b"}', { 'Fn::ImportValue': { 'Fn::Sub': '${A}-b' } }],
  ['!Base64 x', { 'Fn::Base64': 'x' }],
  ['!Equals [1, "1"]', { 'Fn::Equals': [1, '1'] }],
  ['2012-10-17', '2012-10-17'],
  ["'012345678901'", '012345678901'],
  ['yes', true],
  ['{010000000000: x, yes: z}', { '010000000000': 'x', yes: 'z' }],
  ['.inf', null],
])('the YAML %s', (text, expected) => {
  expect(parseYamlTemplate(`value: ${text}`)).toEqual({ value: expected });
});

test.each([['{{NAME}}'], ['&a [*a]'], ['? [x]\n  : y']])('fails for the YAML %j', (text) => {
  expect(() => parseYamlTemplate(`value:\n  ${text}`)).toThrow();
});

test('fails for anchors that expand without end', () => {
  const lines = ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)];

  expect(() => parseYamlTemplate(lines.join('\n'))).toThrow('alias');
});

test('a directory can have the mark of an environment in its name', () => {
  const file = write(emptyDirectory(), 'shop@2/cdk', { Resources: { Bus: { Type: 'AWS::Events::EventBus' } } });

  expect(command('check', file, '--account=111111111111', '--region=eu-west-1')).toMatchObject({ status: 0, err: '' });
});

test.each(['json', 'yaml', 'template'])('a byte order mark at the beginning of a .%s file is ignored', (extension) => {
  const text = `\uFEFF${JSON.stringify({ Resources: { Bus: { Type: 'AWS::Events::EventBus' } } })}`;
  const file = write(emptyDirectory(), `t.${extension}`, text);

  expect(command('check', `${file}@111111111111/eu-west-1`)).toMatchObject({ status: 0, err: '' });
});

describe('transforms whose result is unknown', () => {
  const topic = { Type: 'AWS::SNS::Topic' };

  test.each<[string, object, string[]]>([
    ['a macro', { Transform: ['Company::Macro'], Resources: { topic } }, ['t warning deliveryUnverified t']],
    [
      'a loop',
      { Transform: 'AWS::LanguageExtensions', Resources: { 'Fn::ForEach::X': [] } },
      ['t warning deliveryUnverified t'],
    ],
    [
      'a snippet',
      { Resources: { 'Fn::Transform': { Type: 'x', Name: 'AWS::Include' } } },
      ['t warning deliveryUnverified t'],
    ],
    ['no loop', { Transform: 'AWS::LanguageExtensions', Resources: { topic } }, []],
  ])('fails for %s', (_, template, expected) => {
    const file = write(emptyDirectory(), 't.json', template);

    expect(findingsOf(command('check', '--json', `${file}@111111111111/eu-west-1`).out)).toEqual(expected);
  });

  test('fails for a SAM template that an app includes', () => {
    const directory = emptyDirectory();
    const templateFile = write(directory, 'sam.json', {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: { Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'x' } } },
    });
    const app = new App({ outdir: `${directory}/sam/cdk.out` });
    new CfnInclude(new Stack(app, 'S'), 'Sam', { templateFile });

    expect(findingsOf(command('check', '--json', app.synth().directory).out)).toEqual([
      'sam warning deliveryUnverified S',
    ]);
  });
});
