import { HUB, SHOP } from '../../support/apps';
import { modelOfResources } from '../../support/template-constructs';
import { busArn, functionArn, roleArn } from '../../support/three-accounts';

const ROLE = roleArn('sender', HUB);
const ENTRY = { Source: 'shop', DetailType: 'placed', EventBusName: 'orders' };
const EVENT = { source: 'shop', 'detail-type': 'placed' };
const READ = { busArn: busArn(), event: EVENT };
const PUT = 'arn:aws:scheduler:::aws-sdk:eventbridge:putEvents';
const inHub = (service: string, path: string) => `arn:aws:${service}:${HUB.region}:${HUB.account}:${path}`;

const resource = (type: string, properties: object) => ({ Type: `AWS::${type}`, Properties: properties });
const publishersIn = (resources: object) => modelOfResources(resources).publishers;
const read = (type: string, properties: object) =>
  publishersIn({ One: resource(type, properties) }).map(({ construct: _, ...others }) => others);
const entriesOf = (type: string, properties: object) => read(type, properties).flatMap(({ entries }) => entries);

const BASE = { ...HUB, conditional: false, conditions: undefined, roleArn: ROLE };

test.each<[string, object, object]>([
  [
    'Scheduler::Schedule',
    { Target: { Arn: busArn(), RoleArn: ROLE, EventBridgeParameters: ENTRY } },
    { kind: 'schedule', sourceArn: inHub('scheduler', 'schedule-group/default'), entries: [READ] },
  ],
  [
    'Scheduler::Schedule',
    { GroupName: 'own', Target: { Arn: busArn(), RoleArn: ROLE } },
    {
      kind: 'schedule',
      sourceArn: inHub('scheduler', 'schedule-group/own'),
      entries: [{ busArn: busArn(), event: {} }],
    },
  ],
  [
    'Pipes::Pipe',
    { Name: 'p', RoleArn: ROLE, Target: busArn(), TargetParameters: { EventBridgeEventBusParameters: ENTRY } },
    { kind: 'pipe', sourceArn: inHub('pipes', 'pipe/p'), entries: [READ] },
  ],
  [
    'Pipes::Pipe',
    { RoleArn: ROLE, Target: busArn() },
    { kind: 'pipe', sourceArn: inHub('pipes', 'pipe/‹Name of Hub/One›'), entries: [{ busArn: busArn(), event: {} }] },
  ],
  [
    'ApiGatewayV2::Integration',
    { CredentialsArn: ROLE, IntegrationSubtype: 'EventBridge-PutEvents', RequestParameters: ENTRY },
    { kind: 'API', entries: [READ] },
  ],
])('%s with %j is a publisher', (type, properties, expected) => {
  expect(read(type, properties)).toEqual([{ ...BASE, ...expected }]);
});

test.each<[string, object]>([
  ['Scheduler::Schedule', {}],
  ['Scheduler::Schedule', { Target: 'text' }],
  ['Scheduler::Schedule', { Target: { Arn: busArn() } }],
  ['Scheduler::Schedule', { Target: { Arn: functionArn('f'), RoleArn: ROLE } }],
  ['Scheduler::Schedule', { Target: { Arn: `x${busArn()}`, RoleArn: ROLE } }],
  ['Scheduler::Schedule', { Target: { Arn: inHub('events', 'rule/r'), RoleArn: ROLE } }],
  ['Scheduler::Schedule', { Target: { Arn: inHub('sqs', 'event-bus/q'), RoleArn: ROLE } }],
  ['Scheduler::Schedule', { Target: { Arn: PUT, RoleArn: ROLE } }],
  ['Scheduler::Schedule', { Target: { Arn: PUT, RoleArn: ROLE, Input: '{' } }],
  ['Scheduler::Schedule', { Target: { Arn: PUT, RoleArn: ROLE, Input: '[]' } }],
  ['Scheduler::Schedule', { Target: { Arn: `${PUT}2`, RoleArn: ROLE, Input: '{"Entries":[{}]}' } }],
  ['Scheduler::Schedule', { Target: { Arn: `x${PUT}`, RoleArn: ROLE, Input: '{"Entries":[{}]}' } }],
  ['Pipes::Pipe', { Target: busArn() }],
  ['Pipes::Pipe', { RoleArn: ROLE, Target: functionArn('f') }],
  ['Pipes::Pipe', { RoleArn: ROLE }],
  ['ApiGatewayV2::Integration', { CredentialsArn: ROLE, IntegrationSubtype: 'EventBridge-PutEvents' }],
  ['ApiGatewayV2::Integration', { CredentialsArn: ROLE, RequestParameters: ENTRY }],
  ['ApiGatewayV2::Integration', { IntegrationSubtype: 'EventBridge-PutEvents', RequestParameters: ENTRY }],
])('%s with %j is no publisher', (type, properties) => {
  expect(read(type, properties)).toEqual([]);
});

test.each<[unknown, string | undefined]>([
  [undefined, busArn('default')],
  ['orders', busArn()],
  [busArn('orders', SHOP), busArn('orders', SHOP)],
  ['$.bus', undefined],
  ['{% $bus %}', undefined],
  ['bus-${name}', undefined],
  ['<aws.scheduler.execution-id>', undefined],
  ['a$b', busArn('a$b')],
  ['', undefined],
  [5, undefined],
])('a schedule that puts an event on the bus %j has the bus %s', (EventBusName, expected) => {
  const input = JSON.stringify({ Entries: [{ ...ENTRY, EventBusName }, 'text'] });
  const target = { Arn: PUT, RoleArn: ROLE, Input: input };
  expect(entriesOf('Scheduler::Schedule', { Target: target })).toEqual([{ busArn: expected, event: EVENT }]);
});

test.each<[object, string | undefined]>([
  [{}, busArn()],
  [{ Region: 'eu-west-1' }, undefined],
  [{ EventBusName: '${request.body.bus}' }, undefined],
  [{ EventBusName: { Ref: 'Unknown' } }, undefined],
  [{ EventBusName: { 'Fn::Join': ['', [busArn(), { Ref: 'Unknown' }]] } }, `${busArn()}‹Unknown in Hub›`],
])('the integration of an HTTP API with %j puts events on the bus %s', (more, expected) => {
  const properties = { CredentialsArn: ROLE, IntegrationSubtype: 'EventBridge-PutEvents' };
  const entries = entriesOf('ApiGatewayV2::Integration', { ...properties, RequestParameters: { ...ENTRY, ...more } });
  expect(entries.map((entry) => entry.busArn)).toEqual([expected]);
});

const DESTINATIONS = { OnSuccess: { Destination: busArn() }, OnFailure: { Destination: functionArn('f') } };

test.each<[string, object, string[]]>([
  ['f', DESTINATIONS, [busArn()]],
  [functionArn('f'), { OnFailure: { Destination: busArn('failed') } }, [busArn('failed')]],
  ['f', { ...DESTINATIONS, OnFailure: { Destination: busArn('failed') } }, [busArn(), busArn('failed')]],
  ['f', {}, []],
  ['f', ['text'], []],
  ['other', DESTINATIONS, []],
])('the function %s with the destinations %j puts events on %j', (FunctionName, DestinationConfig, expected) => {
  const publishers = publishersIn({
    Config: resource('Lambda::EventInvokeConfig', { FunctionName, DestinationConfig }),
    F: resource('Lambda::Function', { FunctionName: 'f', Role: ROLE }),
    G: resource('Lambda::Function', { FunctionName: 'g', Role: ROLE }),
  });
  const entries = expected.map((arn) => ({ busArn: arn, event: { source: 'lambda' } }));
  const found = publishers.map(({ construct, kind, roleArn: arn, entries: all }) => [
    construct.node.id,
    kind,
    arn,
    all,
  ]);
  expect(found).toEqual(expected.length > 0 ? [['F', 'function', ROLE, entries]] : []);
});

const URI = 'arn:aws:apigateway:eu-west-1:events:action/PutEvents';
const BY_PATH = 'arn:aws:apigateway:eu-west-1:events:path//';
const HEADER = { 'integration.request.header.X-Amz-Target': "'AWSEvents.PutEvents'" };
const template = (entry: object) => JSON.stringify({ Entries: [entry] });
const templates = (...entries: object[]) => ({
  RequestTemplates: Object.fromEntries(entries.map((one, i) => [i, template(one)])),
});

test.each<[object, object | undefined]>([
  [{ Uri: URI, ...templates(ENTRY) }, READ],
  [{ Uri: BY_PATH, RequestParameters: HEADER, ...templates(ENTRY) }, READ],
  [{ Uri: BY_PATH, ...templates(ENTRY) }, undefined],
  [{ Uri: `${URI}2`, ...templates(ENTRY) }, undefined],
  [{ Uri: `x${URI}`, ...templates(ENTRY) }, undefined],
  [{ Uri: 'arn:aws:apigateway:eu-west-1:sqs:action/PutEvents', ...templates(ENTRY) }, undefined],
  [{ Uri: URI }, { event: {} }],
  [{ Uri: URI, RequestTemplates: 'text' }, { event: {} }],
  [{ Uri: URI, ...templates(ENTRY, ENTRY) }, READ],
  [
    { Uri: URI, ...templates(ENTRY, { ...ENTRY, Source: 'x' }) },
    { busArn: busArn(), event: { 'detail-type': 'placed' } },
  ],
  [{ Uri: URI, ...templates({ ...ENTRY, EventBusName: "$input.path('x')" }) }, { event: EVENT }],
  [
    { Uri: URI, ...templates({ ...ENTRY, Source: 'a$b' }) },
    { busArn: busArn(), event: { 'detail-type': 'placed' } },
  ],
  [
    { Uri: URI, RequestTemplates: { a: '"EventBusName" : "orders" "Source":  "shop"' } },
    { busArn: busArn(), event: { source: 'shop' } },
  ],
])('the method of a REST API with %j puts %j', (integration, expected) => {
  const properties = { HttpMethod: 'POST', Integration: { Credentials: ROLE, ...integration } };
  const found = read('ApiGateway::Method', properties);
  expect(found).toEqual(expected ? [{ ...BASE, kind: 'API', entries: [expected] }] : []);
});

const TASK = { Type: 'Task', Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries: [ENTRY] } };
const machine = (...states: object[]) => ({
  Definition: { States: Object.fromEntries(states.map((one, i) => [i, one])) },
});
const DYNAMIC = { event: {} };
const AS_TEXT = JSON.stringify(
  machine({ ...TASK, Parameters: { Entries: [{ ...ENTRY, EventBusName: '${Bus}' }] } }).Definition,
);

test.each<[object, object[]]>([
  [machine(TASK), [READ]],
  [{ DefinitionString: JSON.stringify(machine(TASK).Definition) }, [READ]],
  [{ DefinitionString: '{ putEvents' }, []],
  [{}, []],
  [machine(TASK, { Type: 'Wait' }, TASK), [READ, READ]],
  [machine({ Type: 'Parallel', Branches: [{ States: { A: TASK } }, 'text', null] }), [READ]],
  [machine({ ...TASK, Resource: 'arn:aws:states:::events:putEvents.waitForTaskToken' }), [READ]],
  [machine({ ...TASK, Resource: 'arn:aws:states:::aws-sdk:eventbridge:putEvents' }), [READ]],
  [machine({ ...TASK, Resource: 'arn:aws:states:::events:putEvents2' }), []],
  [machine({ ...TASK, Resource: 'xarn:aws:states:::events:putEvents' }), []],
  [machine({ ...TASK, Resource: 'arn:aws:states:::sqs:sendMessage', Comment: 'putEvents' }), []],
  [machine({ ...TASK, Credentials: { RoleArn: ROLE } }), []],
  [machine({ ...TASK, Parameters: undefined, Arguments: { Entries: [ENTRY] } }), [READ]],
  [machine({ ...TASK, Parameters: { 'Entries.$': '$' } }), [DYNAMIC]],
  [machine({ ...TASK, Parameters: '{% $entries %}' }), [DYNAMIC]],
  [
    machine({ ...TASK, Parameters: { Entries: [{ Source: 'shop', 'EventBusName.$': '$.bus' }] } }),
    [{ event: { source: 'shop' } }],
  ],
  [{ DefinitionString: AS_TEXT, DefinitionSubstitutions: { Bus: 'orders' } }, [READ]],
  [{ DefinitionString: AS_TEXT, DefinitionSubstitutions: { Bus: 5 } }, [{ event: EVENT }]],
  [
    { DefinitionString: AS_TEXT, DefinitionSubstitutions: { Bus: '"orders"' } },
    [{ ...READ, busArn: busArn('"orders"') }],
  ],
  [{ DefinitionString: AS_TEXT, DefinitionSubstitutions: 'text' }, [{ event: EVENT }]],
  [{ DefinitionString: AS_TEXT }, [{ event: EVENT }]],
])('a state machine with %j puts the events %j', (definition, expected) => {
  const found = read('StepFunctions::StateMachine', { StateMachineName: 'm', RoleArn: ROLE, ...definition });
  const kind = { kind: 'state machine', sourceArn: inHub('states', 'stateMachine:m') };
  expect(found).toEqual(expected.length > 0 ? [{ ...BASE, ...kind, entries: expected }] : []);
});
