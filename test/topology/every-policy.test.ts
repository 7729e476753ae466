import { HUB, SHOP } from '../support/apps';
import { busArn, functionArn, queueArn, rootArn } from '../support/three-accounts';
import { placeOf, readAgain } from '../support/topologies';

const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;
const resource = (type: string, properties: object = {}) => ({ Type: `AWS::${type}`, Properties: properties });
const allow = (Action: string, more: object = {}) => ({
  ...{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action, Resource: '*' },
  ...more,
});
const document = (...statements: object[]) => ({ Statement: statements });

const BUS = resource('Events::EventBus', { Name: 'orders' });
const FUNCTION = resource('Lambda::Function', { FunctionName: 'f' });
const STATEMENTS = [allow('a:*'), allow('b:*', { Effect: 'Deny' })];
const DOCUMENT = document(...STATEMENTS);

describe('the policy as it was written is read', () => {
  test.each<[string, object, ReturnType<typeof resource>]>([
    [busArn(), BUS, resource('EventsV2::ResourcePolicy', { EventBusArn: busArn(), PolicyDocument: DOCUMENT })],
    [
      functionArn('f'),
      FUNCTION,
      resource('Lambda::ResourcePolicy', { ResourceArn: functionArn('f'), PolicyDocument: DOCUMENT }),
    ],
    [
      queueArn('q'),
      resource('SQS::Queue', { QueueName: 'q' }),
      resource('SQS::QueuePolicy', { Queues: [{ Ref: 'R' }], PolicyDocument: DOCUMENT }),
    ],
    [
      inHub('sns', 't'),
      resource('SNS::Topic', { TopicName: 't' }),
      resource('SNS::TopicPolicy', { Topics: [{ Ref: 'R' }], PolicyDocument: DOCUMENT }),
    ],
    [
      inHub('kinesis', 'stream/s'),
      resource('Kinesis::Stream', { Name: 's' }),
      resource('Kinesis::ResourcePolicy', { ResourceArn: inHub('kinesis', 'stream/s'), ResourcePolicy: DOCUMENT }),
    ],
  ])('of %s', (arn, owner, policy) => {
    const statements = STATEMENTS.map((statement) => ({ statement }));
    expect(readAgain({ R: owner, Policy: policy }).resourcePolicies).toEqual([
      { ...placeOf('Policy'), type: policy.Type, resource: arn, statements },
    ]);
  });

  test.each<[string, object, string]>([
    ['a bus', resource('Events::EventBus', { Name: 'orders', Policy: DOCUMENT }), busArn()],
    ['an API', resource('ApiGateway::RestApi', { Policy: DOCUMENT }), inHub('execute-api', '‹RestApiId of Hub/R›')],
    ['a key', resource('KMS::Key', { KeyPolicy: DOCUMENT }), inHub('kms', 'key/‹KeyId of Hub/R›')],
  ])('of %s, which defines it itself', (_, owner, arn) => {
    const { resourcePolicies } = readAgain({ R: owner });
    const type = (owner as { Type: string }).Type;
    const statements = STATEMENTS.map((statement) => ({ statement }));
    expect(resourcePolicies).toEqual([{ ...placeOf('R'), type, resource: arn, statements }]);
  });

  test('of two queues in one resource', () => {
    const { resourcePolicies } = readAgain({
      ...Object.fromEntries(['B', 'A'].map((id) => [id, resource('SQS::Queue', { QueueName: id })])),
      Policy: resource('SQS::QueuePolicy', { Queues: [{ Ref: 'B' }, { Ref: 'A' }], PolicyDocument: DOCUMENT }),
    });
    expect(resourcePolicies.map(({ path, resource: arn }) => [path, arn])).toEqual([
      ['Hub/Policy', queueArn('B')],
      ['Hub/Policy', queueArn('A')],
    ]);
  });
});

test.each([
  ['EventsV2::ResourcePolicy', { EventBusArn: { Ref: 'Bus' }, PolicyDocument: DOCUMENT }],
  ['Events::EventBusPolicy', { EventBusName: { Ref: 'Bus' }, StatementId: 'shop', Statement: STATEMENTS[0] }],
])('a policy of type %s is in the file even if it is not known of which bus', (type, properties) => {
  const parameters = { Parameters: { Bus: { Type: 'String' } } };
  const { resourcePolicies } = readAgain({ Policy: resource(type, properties) }, parameters);
  expect(resourcePolicies.map((policy) => policy.resource)).toEqual([expect.stringContaining('‹parameter Hub/Bus›')]);
});

describe('the statement as it was written is read', () => {
  const statementOf = (properties: object) => {
    const [{ statementId, statements }] = readAgain({
      Bus: BUS,
      Policy: resource('Events::EventBusPolicy', { EventBusName: 'orders', ...properties }),
    }).resourcePolicies;
    return { statementId, ...statements[0] };
  };
  const own = { Sid: 'shop', Effect: 'Allow', Principal: { AWS: rootArn(SHOP) }, Resource: busArn() };

  test('of a bus policy, with its ID', () => {
    const Statement = allow('events:PutEvents');
    expect(statementOf({ StatementId: 'shop', Statement })).toEqual({
      statementId: 'shop',
      statement: { Sid: 'shop', ...Statement },
    });
  });

  test('of a bus policy in older properties', () => {
    const condition = { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-a1b2c3d4e5' };
    const shortForm = { action: 'events:PutEvents', principal: SHOP.account, condition };
    const properties = { Action: shortForm.action, Principal: shortForm.principal, Condition: condition };
    expect(statementOf({ StatementId: 'shop', ...properties })).toEqual({
      statementId: 'shop',
      statement: {
        ...own,
        Action: 'events:PutEvents',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      },
      shortForm,
    });
  });

  test('of a bus policy without an ID', () => {
    expect(statementOf({ Statement: allow('events:PutEvents') }).statementId).toBeUndefined();
  });
});

describe('a permission of a function is read as it was written', () => {
  const statementOf = (properties: object) => {
    const [policy, ...others] = readAgain({
      R: FUNCTION,
      Permission: resource('Lambda::Permission', { FunctionName: 'f', Action: 'lambda:InvokeFunction', ...properties }),
    }).resourcePolicies;
    expect(others).toEqual([]);
    expect(policy).toEqual({
      ...placeOf('Permission'),
      ...{ type: 'AWS::Lambda::Permission', resource: functionArn('f'), statements: [expect.anything()] },
    });
    return policy.statements[0].statement;
  };

  test.each<[string, unknown, unknown]>([
    ['a service', 'events.amazonaws.com', { Service: 'events.amazonaws.com' }],
    ['an account', SHOP.account, { AWS: rootArn(SHOP) }],
    ['anybody', '*', '*'],
    ['a list, which Lambda rejects', ['events.amazonaws.com'], [['events.amazonaws.com']]],
    ['nobody, which Lambda rejects', undefined, [null]],
  ])('for %s', (_, Principal, expected) => {
    expect(statementOf({ Principal })).toMatchObject({ Principal: expected, Action: 'lambda:InvokeFunction' });
  });

  test.each<[string, object, object | undefined]>([
    ['nothing', {}, undefined],
    ['SourceAccount', { SourceAccount: 'a' }, { StringEquals: { 'AWS:SourceAccount': 'a' } }],
    ['PrincipalOrgID', { PrincipalOrgID: 'o' }, { StringEquals: { 'aws:PrincipalOrgID': 'o' } }],
    ['EventSourceToken', { EventSourceToken: 't' }, { StringEquals: { 'lambda:EventSourceToken': 't' } }],
    [
      'FunctionUrlAuthType',
      { FunctionUrlAuthType: 'NONE' },
      { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    ],
    ['SourceArn', { SourceArn: 'arn' }, { ArnLike: { 'AWS:SourceArn': 'arn' } }],
    ['InvokedViaFunctionUrl', { InvokedViaFunctionUrl: true }, { Bool: { 'lambda:InvokedViaFunctionUrl': true } }],
  ])('with %s', (_, properties, Condition) => {
    const statement = statementOf({ Principal: 'events.amazonaws.com', ...properties });
    expect((statement as { Condition?: object }).Condition).toEqual(Condition);
  });

  test('without an action', () => {
    expect(statementOf({ Principal: '*', Action: undefined })).toMatchObject({ Action: null });
  });
});

describe('the conditions', () => {
  const CONDITIONS = { Conditions: Object.fromEntries(['Big', 'New'].map((id) => [id, { 'Fn::Equals': ['a', 'b'] }])) };
  const [first, second] = STATEMENTS;
  const noValue = { Ref: 'AWS::NoValue' };
  const choice = (condition: string, met: object, notMet: object) => ({ 'Fn::If': [condition, met, notMet] });

  test.each<[string, unknown, object[], object]>([
    ['of none', undefined, [first], { statements: [{ statement: first }] }],
    ['of the resource', 'Big', [first], { condition: 'Big', statements: [{ statement: first }] }],
    [
      'of the only statement, as those of the resource,',
      undefined,
      [choice('Big', first, noValue)],
      { condition: 'Big', statements: [{ statement: first }] },
    ],
    [
      'of a statement that must not be met',
      undefined,
      [choice('Big', noValue, first)],
      { statements: [{ statement: first, conditions: ['!Big'] }] },
    ],
    [
      'of one of two statements',
      undefined,
      [choice('Big', first, noValue), second],
      { statements: [{ statement: first, conditions: ['Big'] }, { statement: second }] },
    ],
    [
      'of two statements, of which the second depends on the first',
      undefined,
      [choice('Big', noValue, choice('New', first, second))],
      {
        statements: [
          { statement: first, conditions: ['!Big', 'New'] },
          { statement: second, conditions: ['!Big', '!New'] },
        ],
      },
    ],
    [
      'of the resource and a statement',
      'New',
      [choice('Big', noValue, first), second],
      { condition: 'New', statements: [{ statement: first, conditions: ['!Big'] }, { statement: second }] },
    ],
    [
      'of two branches in a conditional resource',
      'New',
      [choice('Big', first, second)],
      {
        condition: 'New',
        statements: [
          { statement: first, conditions: ['Big'] },
          { statement: second, conditions: ['!Big'] },
        ],
      },
    ],
    [
      'of a resource whose condition is not known',
      ['Big'],
      [choice('Big', first, noValue), second],
      { condition: 'Unknown', statements: [{ statement: first, conditions: ['Big'] }, { statement: second }] },
    ],
  ])('%s are in the file', (_, condition, statements, expected) => {
    const policy = resource('SQS::QueuePolicy', { Queues: [queueArn('q')], PolicyDocument: document(...statements) });
    const { resourcePolicies } = readAgain({ Policy: { ...policy, Condition: condition } }, CONDITIONS);
    expect(resourcePolicies).toEqual([
      { ...placeOf('Policy'), type: policy.Type, resource: queueArn('q'), ...expected },
    ]);
  });
});
