import { App, CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import {
  cdkPropertyName,
  tagsOf,
  withTemplateNames,
  withoutNulls,
} from '../../../src/app-model/resolve/cfn-properties';
import { Json } from '../../../src/iam/statement';

test.each([
  ['RoleArn', 'roleArn'],
  ['PrincipalOrgID', 'principalOrgId'],
  ['IDs', 'iDs'],
  ['Name', 'name'],
])('the property %s is %s in the CDK', (name, expected) => {
  expect(cdkPropertyName(name)).toBe(expected);
});

test.each<[string, Json, Json]>([
  ['Tags', [{ key: 'team', value: 'shop' }], [{ Key: 'team', Value: 'shop' }]],
  ['Tags', [{ key: 'team' }], [{ Key: 'team' }]],
  ['Policies', [{ policyName: 'p', policyDocument: { a: 1 } }], [{ PolicyName: 'p', PolicyDocument: { a: 1 } }]],
  ['Targets', [], []],
  ['Targets', [{ id: 'A', arn: 'a', other: 1 }, { id: 'B' }], [{ Id: 'A', Arn: 'a' }, { Id: 'B' }]],
  ['Targets', [{ id: 'A', roleArn: 'r', input: 'i' }], [{ Id: 'A', RoleArn: 'r', Input: 'i' }]],
  ['Targets', [{ id: 'A', inputPath: '$' }], [{ Id: 'A', InputPath: '$' }]],
  ['Targets', [{ id: 'A', inputTransformer: { a: 1 } }], [{ Id: 'A', InputTransformer: { a: 1 } }]],
  ['Targets', [{ id: 'A', deadLetterConfig: { arn: 'd' } }], [{ Id: 'A', DeadLetterConfig: { Arn: 'd' } }]],
  [
    'Targets',
    [{ id: 'A', ecsParameters: { taskDefinitionArn: 't', launchType: 'EC2' } }],
    [{ Id: 'A', EcsParameters: { TaskDefinitionArn: 't', LaunchType: 'EC2' } }],
  ],
  [
    'Targets',
    [{ id: 'A', batchParameters: { jobDefinition: 'j' } }],
    [{ Id: 'A', BatchParameters: { JobDefinition: 'j' } }],
  ],
  [
    'Targets',
    [{ id: 'A', sqsParameters: { messageGroupId: 'm' } }],
    [{ Id: 'A', SqsParameters: { MessageGroupId: 'm' } }],
  ],
  ['EventPattern', { source: ['a'], 'detail-type': ['b'] }, { source: ['a'], 'detail-type': ['b'] }],
  ['EventPattern', 'text', 'text'],
  ['Roles', ['a'], ['a']],
])('the property %s with %j is %j in a template', (property, value, expected) => {
  expect(withTemplateNames(property, value)).toEqual(expected);
});

test.each<[string, Json]>([
  ['EventPattern', { detailType: ['b'] }],
  ['Tags', { key: 'team' }],
  ['Targets', 'text'],
  ['Targets', ['text']],
  ['Targets', [{ id: 'A' }, { Id: 'B' }]],
  ['Targets', [{ id: 5 }]],
  ['Targets', [{ id: 'A', deadLetterConfig: {} }]],
  ['Targets', [{ id: 'A', ecsParameters: 'text' }]],
])('the property %s with %j must be read from the template', (property, value) => {
  expect(withTemplateNames(property, value)).toBeUndefined();
});

test('tags of a resource are those of all its scopes', () => {
  const stack = new Stack(new App(), 'Hub');
  const queue = new CfnQueue(stack, 'Queue', { tags: [{ key: 'own', value: '1' }] });
  Tags.of(stack).add('team', 'shop');
  queue.tags.setTag('team', 'shop');
  expect(tagsOf(queue)).toEqual([
    { key: 'own', value: '1' },
    { key: 'team', value: 'shop' },
  ]);
  expect(tagsOf(new CfnResource(stack, 'Other', { type: 'AWS::SQS::Queue' }))).toBeUndefined();
});

test.each<[{ [name: string]: Json }, { [name: string]: Json }]>([
  [
    { a: 1, b: null, c: false, d: '' },
    { a: 1, c: false, d: '' },
  ],
  [{ a: null }, {}],
  [{ a: 1 }, { a: 1 }],
  [{}, {}],
])('without properties that are null, %j is %j', (properties, expected) => {
  expect(withoutNulls(properties)).toEqual(expected);
});
