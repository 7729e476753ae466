import { Aws, CfnOutput, CfnResource, Fn, NestedStack, ScopedAws, Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { TemplateReader } from '../../../src/app-model/resolve/template-reader';
import { BILLING, HUB, testApp, testStack } from '../../support/apps';

let hub: Stack;
let other: Stack;
let china: Stack;
beforeEach(() => {
  const app = testApp();
  hub = testStack('Hub', HUB, app);
  other = testStack('Other', HUB, app);
  china = testStack('China', { account: BILLING.account, region: 'cn-north-1' }, app);
});

const read = (value: unknown, stack = other) => new TemplateReader().resolve(stack, value);

test.each<[string, string]>([
  ['Custom::Thing', 'Name computed by'],
  ['AWS::CloudFormation::CustomResource', 'Name computed by'],
  ['AWS::CloudFormation::Stack', 'Name computed by'],
  ['AWS::CloudFormation::Macro', 'Name computed by'],
  ['AWS::SSM::Parameter', 'Name computed by'],
  ['AWS::CloudFormation::StackSet', 'Name of'],
  ['AWS::SSM::ParameterGroup', 'Name of'],
  ['My::Custom::Thing', 'Name of'],
  ['AWS::Events::EventBus', 'Other of'],
])('an unknown attribute of %s is %s it', (type, expected) => {
  const resource = new CfnResource(hub, `Computing${hub.node.children.length}`, { type });
  const [name] = expected.split(' ');
  expect(read(resource.getAtt(name))).toBe(`‹${expected} ${resource.node.path}›`);
});

test('a name may refer to the resource itself', () => {
  const own = new CfnEventBus(hub, 'OwnName', { name: 'x' });
  own.addPropertyOverride('Name', own.attrArn);
  const arn = 'arn:aws:events:eu-west-1:111111111111:event-bus/';
  expect(read(own.attrArn)).toBe(`${arn}${arn}‹Name of Hub/OwnName›`);
});

test('pseudo parameters of another stack are its own', () => {
  const nested = new NestedStack(hub, 'Nested');
  const { stackId, urlSuffix } = new ScopedAws(china);
  expect(read([stackId, urlSuffix, nested.partition])).toEqual(['‹AWS::StackId of China›', 'amazonaws.com.cn', 'aws']);
  expect(read(Aws.STACK_NAME, nested)).toBe('‹AWS::StackName of Hub/Nested›');
});

test('only outputs of a template with a name are exports, in one account and Region', () => {
  new CfnOutput(hub, 'Exported', { value: 'y', exportName: 'OfHub' });
  new CfnOutput(hub, 'Private', { value: 'x' });
  new CfnOutput(china, 'OfChina', { value: 'x', exportName: 'OfChina' });
  Object.assign(new Construct(hub, 'NoOutput'), { exportName: 'OfNoOutput', value: 'x', stack: hub });
  const names = ['OfHub', 'OfChina', 'OfNoOutput', 'null', ''];
  expect(names.map((name) => String(read(Fn.importValue(name)))).map((text) => text.startsWith('‹'))).toEqual([
    ...[false, true, true, true, true],
  ]);
  expect(read(Fn.importValue('OfChina'), china)).toBe('x');
});
