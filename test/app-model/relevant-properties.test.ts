import { CfnResource } from 'aws-cdk-lib';
import { AppModel } from '../../src/app-model/app-model';
import { RELEVANT_PROPERTIES, readApp } from '../../src/app-model/read-app';
import { testStack } from '../support/apps';
import { constructsOfTemplates } from '../support/template-constructs';
import { functionArn, queueArn, roleArn } from '../support/three-accounts';

const PolicyDocument = { Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' }] };
const IDENTITIES = { Roles: ['r'], Users: ['u'], Groups: ['g'] };

/** Resources of all frequent types, each with all the properties that the model needs. */
const RESOURCES: { readonly [id: string]: [type: string, properties: object] } = {
  Rule: [
    'AWS::Events::Rule',
    {
      ...{ Name: 'rule', EventBusName: 'orders', EventPattern: { source: ['shop'] }, RoleArn: roleArn('r') },
      ...{ ScheduleExpression: 'rate(1 day)', State: 'DISABLED', Targets: [{ Id: 'T', Arn: functionArn('f') }] },
    },
  ],
  WithoutTargets: ['AWS::Events::Rule', { EventPattern: { source: ['aws.s3'] } }],
  Role: [
    'AWS::IAM::Role',
    {
      ...{ RoleName: 'r', Path: '/shop/', AssumeRolePolicyDocument: PolicyDocument, Policies: [{ PolicyDocument }] },
      ...{ ManagedPolicyArns: ['arn:x'], PermissionsBoundary: 'arn:y', Tags: [{ Key: 'team', Value: 'shop' }] },
    },
  ],
  User: ['AWS::IAM::User', { UserName: 'u' }],
  Group: ['AWS::IAM::Group', { GroupName: 'g' }],
  Policy: ['AWS::IAM::Policy', { PolicyDocument, ...IDENTITIES }],
  Managed: ['AWS::IAM::ManagedPolicy', { ManagedPolicyName: 'p', Path: '/shop/', PolicyDocument, ...IDENTITIES }],
  Function: ['AWS::Lambda::Function', { FunctionName: 'f', Role: roleArn('r') }],
  Permission: [
    'AWS::Lambda::Permission',
    {
      ...{ FunctionName: 'f', Action: 'lambda:InvokeFunction', Principal: '*', PrincipalOrgID: 'o-a1b2c3d4e5' },
      ...{ SourceAccount: '111111111111', SourceArn: 'arn:x', EventSourceToken: 't', FunctionUrlAuthType: 'NONE' },
      InvokedViaFunctionUrl: true,
    },
  ],
  Key: ['AWS::KMS::Key', { KeyPolicy: PolicyDocument }],
  LogGroup: ['AWS::Logs::LogGroup', { LogGroupName: 'g', ResourcePolicyDocument: PolicyDocument }],
  UsesLogGroup: ['Custom::AWS', { Create: { Ref: 'LogGroup' } }],
  Topic: ['AWS::SNS::Topic', { TopicName: 't', KmsMasterKeyId: 'alias/own' }],
  Queue: [
    'AWS::SQS::Queue',
    { QueueName: 'q', FifoQueue: true, ContentBasedDeduplication: true, KmsMasterKeyId: 'alias/own' },
  ],
  QueuePolicy: ['AWS::SQS::QueuePolicy', { PolicyDocument, Queues: [queueArn('q')] }],
};

/** The lists of a model, with paths in place of constructs. */
function listsOf({ stacks: _, stages: __, order: ___, ...lists }: AppModel): unknown {
  const text = JSON.stringify(lists, (name, value) => (name === 'construct' ? value.node.path : value));
  return JSON.parse(text) as unknown;
}

test('frequent types are read like others, of which all properties are read', () => {
  const stack = testStack('Hub');
  // resources without the class of their type are read as a whole
  for (const [id, [type, properties]] of Object.entries(RESOURCES)) new CfnResource(stack, id, { type, properties });
  const resources = Object.entries(RESOURCES).map(([id, [Type, Properties]]) => [id, { Type, Properties }]);
  const root = constructsOfTemplates({ Hub: { Resources: Object.fromEntries(resources) } });
  const [whole, some] = [stack.node.root, root].map((one) => listsOf(readApp(one, [], { possibleTargets: true })));
  expect(some).toEqual(whole);
  const types = Object.values(RESOURCES).map(([type]) => type);
  expect(types).toEqual(expect.arrayContaining(Object.keys(RELEVANT_PROPERTIES)));
});
