import { HUB } from '../../support/apps';
import { modelOfResources } from '../../support/template-constructs';

const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;
const BASE = { ...HUB, conditional: false, conditions: undefined };
const without = <T extends { construct: unknown }>({ construct: _, ...others }: T) => others;
const one = (type: string, properties: object) => ({ One: { Type: type, Properties: properties } });

test.each<[object, string | undefined]>([
  [{}, undefined],
  [{ StreamEncryption: 'text' }, undefined],
  [{ StreamEncryption: { KeyId: 'alias/own' } }, 'alias/own'],
])('a stream with %j has the key %s', (properties, key) => {
  const { streams } = modelOfResources(one('AWS::Kinesis::Stream', { Name: 'log', ...properties }));
  expect(streams.map(without)).toEqual([{ ...BASE, arn: inHub('kinesis', 'stream/log'), key }]);
});

test.each<[object, string[]]>([
  [{}, []],
  [{ ExecutionRoleArn: 'e', TaskRoleArn: 't' }, ['e']],
  [{ ExecutionRoleArn: 'e', TaskRoleArn: 't', RequiresCompatibilities: ['EC2'] }, ['e']],
  [{ ExecutionRoleArn: 'e', TaskRoleArn: 't', RequiresCompatibilities: ['EC2', 'FARGATE'] }, ['e', 't']],
  [{ TaskRoleArn: 't', RequiresCompatibilities: 'FARGATE' }, ['t']],
])('a task definition with %j passes the roles %j', (properties, passedRoleArns) => {
  const { taskDefinitions } = modelOfResources(one('AWS::ECS::TaskDefinition', { Family: 'task', ...properties }));
  const arn = inHub('ecs', 'task-definition/task:‹Revision of Hub/One›');
  expect(taskDefinitions.map(without)).toEqual([{ ...BASE, arn, passedRoleArns }]);
});

const API = inHub('execute-api', '‹RestApiId of Hub/One›');

test.each<[object, boolean | undefined]>([
  [{}, false],
  [{ Policy: {} }, true],
  [{ Policy: {}, Body: {} }, true],
  [{ Body: {} }, undefined],
  [{ BodyS3Location: {} }, undefined],
])('an API with %j has a policy: %s', (properties, hasPolicy) => {
  const { restApis } = modelOfResources(one('AWS::ApiGateway::RestApi', properties));
  const hasDefinition = 'Body' in properties || 'BodyS3Location' in properties;
  const rootResourceId = '‹RootResourceId of Hub/One›';
  expect(restApis.map(without)).toEqual([
    { ...BASE, arn: API, hasPolicy, requiresIam: false, hasDefinition, rootResourceId },
  ]);
});

test.each<[object[], boolean]>([
  [[], false],
  [[{ HttpMethod: 'POST', AuthorizationType: 'AWS_IAM' }], true],
  [
    [
      { HttpMethod: 'POST', AuthorizationType: 'AWS_IAM' },
      { HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' },
    ],
    true,
  ],
  [
    [
      { HttpMethod: 'POST', AuthorizationType: 'AWS_IAM' },
      { HttpMethod: 'GET', AuthorizationType: 'NONE' },
    ],
    false,
  ],
  [[{ HttpMethod: 'POST', AuthorizationType: 'AWS_IAM', RestApiId: 'other' }], false],
  [[{ HttpMethod: 'POST', AuthorizationType: 'AWS_IAM', RestApiId: 5 }], false],
  [
    [
      { HttpMethod: 'POST', AuthorizationType: 'AWS_IAM' },
      { HttpMethod: 'GET', RestApiId: 'other' },
    ],
    true,
  ],
])('an API with the methods %j requires a signature: %s', (methods, requiresIam) => {
  const all = methods.map((method, i) => [
    `Method${i}`,
    { Type: 'AWS::ApiGateway::Method', Properties: { RestApiId: { Ref: 'One' }, ...method } },
  ]);
  const { restApis } = modelOfResources({ ...one('AWS::ApiGateway::RestApi', {}), ...Object.fromEntries(all) });
  expect(restApis).toMatchObject([{ requiresIam }]);
});

test.each<[unknown, unknown]>([
  [undefined, undefined],
  ['*', '*'],
  ['execute-api:/prod/POST/orders', `${API}/prod/POST/orders`],
  [
    ['execute-api:/*', 'arn:aws:execute-api:/x', 'execute-api:x'],
    [`${API}/*`, 'arn:aws:execute-api:/x', 'execute-api:x'],
  ],
])('the resource %j of a statement of an API is %j', (Resource, expected) => {
  const Policy = { Statement: [{ Sid: 'A', Effect: 'Allow', Resource }, 'text'] };
  const { restApiStatements } = modelOfResources(one('AWS::ApiGateway::RestApi', { Policy }));
  const { Resource: read, ...others } = restApiStatements[0].statement as { [name: string]: unknown };
  expect([read, others]).toEqual([expected, { Sid: 'A', Effect: 'Allow' }]);
  expect(restApiStatements[1]).toMatchObject({ resourceArn: API, id: '#2', statement: 'text' });
});

const UNREADABLE = ['‹a policy that cannot be read›'];
const STATEMENT = { Sid: 'A' };
const DOCUMENT = JSON.stringify({ Statement: [STATEMENT] });
const call = (policyDocument: unknown, action = 'putResourcePolicy') =>
  JSON.stringify({ action, service: 'CloudWatchLogs', parameters: { policyName: 'p', policyDocument } });

test.each<[string, object, unknown[] | undefined]>([
  ['AWS::Logs::LogGroup', {}, undefined],
  ['AWS::Logs::LogGroup', { ResourcePolicyDocument: { Statement: STATEMENT } }, [STATEMENT]],
  ['AWS::Logs::ResourcePolicy', { PolicyDocument: DOCUMENT }, [STATEMENT]],
  ['AWS::Logs::ResourcePolicy', { PolicyDocument: '{' }, UNREADABLE],
  ['Custom::CloudwatchLogResourcePolicy', { Create: call(DOCUMENT) }, [STATEMENT]],
  ['Custom::CloudwatchLogResourcePolicy', { Update: call(DOCUMENT) }, [STATEMENT]],
  ['Custom::CloudwatchLogResourcePolicy', { Create: call(DOCUMENT), Update: call('x') }, [STATEMENT]],
  ['Custom::CloudwatchLogResourcePolicy', { Create: call(undefined) }, undefined],
  ['Custom::CloudwatchLogResourcePolicy', { Create: 'putResourcePolicy {' }, UNREADABLE],
  ['Custom::CloudwatchLogResourcePolicy', { Create: call(DOCUMENT, 'deleteResourcePolicy') }, undefined],
  ['Custom::CloudwatchLogResourcePolicy', {}, undefined],
  ['Custom::AWS', { Create: call(DOCUMENT) }, [STATEMENT]],
  ['Custom::AWS', { Create: '"putResourcePolicy"' }, ['putResourcePolicy']],
])('%s with %j is the log policy %j', (type, properties, statements) => {
  const rule = { Type: 'AWS::Events::Rule', Properties: { Targets: [] } };
  const { logPolicies } = modelOfResources({ ...one(type, properties), Rule: rule });
  expect(logPolicies.map(without)).toEqual(statements ? [{ ...BASE, statements }] : []);
});

test('calls of custom resources are kept as text', () => {
  const rule = { Type: 'AWS::Events::Rule', Properties: { Targets: [] } };
  const { sdkCalls } = modelOfResources({ ...one('Custom::AWS', { Create: { Ref: 'AWS::Region' } }), Rule: rule });
  expect(sdkCalls).toEqual([`{"Create":"${HUB.region}"}`]);
});
