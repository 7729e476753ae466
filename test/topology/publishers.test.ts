import { CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnEndpoint } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { PublisherResource } from '../../src/app-model/app-model';
import { readApp } from '../../src/app-model/read-app';
import { EventTopology } from '../../src/topology/topology';
import { topologyText } from '../../src/topology/topology-file';
import { topologyOf } from '../../src/topology/write-topology';
import { SHOP, testApp, testStack } from '../support/apps';
import { busArn } from '../support/three-accounts';
import { constructsOf, topologyOfApp, written } from '../support/topologies';
import { schemaErrors } from '../support/topology-schema';

const BUS = busArn();
const OTHER_BUS = busArn('other');
const SECRET = 'a-secret-value';

function withRole(): { stack: Stack; roleArn: string } {
  const stack = testStack('Shop', SHOP, testApp());
  const service = new ServicePrincipal('lambda.amazonaws.com');
  return { stack, roleArn: new Role(stack, 'Role', { assumedBy: service }).roleArn };
}

function topologyIn(stack: Stack): EventTopology {
  const topology = written(topologyOfApp(stack.node.root as ReturnType<typeof testApp>));
  expect(schemaErrors(topology)).toEqual([]);
  expect(topologyOf(readApp(constructsOf(topology)))).toEqual(topology);
  return topology;
}

/** The publishers of a model, without constructs. */
function publishersIn(publishers: readonly PublisherResource[]): object[] {
  return publishers.map(({ construct, conditions, ...publisher }) => ({
    ...publisher,
    path: construct.node.path,
    conditions: conditions ?? [],
  }));
}

type Make = (stack: Stack, roleArn: string) => unknown;

const PUBLISHERS: { readonly [kind: string]: Make } = {
  'a schedule in a group': (stack, roleArn) =>
    new CfnSchedule(stack, 'P', {
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: 'rate(1 hour)',
      groupName: 'nightly',
      target: { arn: BUS, roleArn, eventBridgeParameters: { source: 'shop', detailType: 'Tick' }, input: SECRET },
    }),
  'a schedule that calls PutEvents': (stack, roleArn) =>
    new CfnSchedule(stack, 'P', {
      flexibleTimeWindow: { mode: 'OFF' },
      scheduleExpression: 'rate(1 hour)',
      target: {
        arn: 'arn:aws:scheduler:::aws-sdk:eventbridge:putEvents',
        roleArn,
        input: JSON.stringify({
          Entries: [
            { EventBusName: BUS, Source: 'shop', DetailType: 'a "quoted" \\ type', Detail: SECRET },
            { EventBusName: 'local', Source: 'shop' },
            { DetailType: 'Tick' },
          ],
        }),
      },
    }),
  'a pipe with a name that is generated, and a detail type that is chosen when the event is put': (stack, roleArn) =>
    new CfnPipe(stack, 'P', {
      roleArn,
      source: 'arn:aws:sqs:eu-west-1:222222222222:source',
      target: BUS,
      targetParameters: {
        eventBridgeEventBusParameters: { source: 'shop', detailType: '$.body.type' },
        inputTemplate: SECRET,
      },
    }),
  'an integration whose bus is chosen by the request': (stack, roleArn) =>
    new CfnIntegration(stack, 'P', {
      apiId: 'api',
      integrationType: 'AWS_PROXY',
      integrationSubtype: 'EventBridge-PutEvents',
      credentialsArn: roleArn,
      requestParameters: { Source: 'shop', EventBusName: '$request.body.bus', Detail: SECRET },
    }),
  'a state machine whose bus is a parameter': (stack, roleArn) =>
    new CfnStateMachine(stack, 'P', {
      roleArn,
      definitionString: JSON.stringify({
        Comment: SECRET,
        States: {
          A: {
            Type: 'Task',
            Resource: 'arn:aws:states:::events:putEvents',
            Parameters: {
              Entries: [
                { EventBusName: new CfnParameter(stack, 'Bus').valueAsString, Source: 'shop' },
                { 'EventBusName.$': '$.bus', Source: '{% $source %}' },
                { EventBusName: BUS, Source: 'shop' },
              ],
            },
          },
        },
      }),
    }),
  'a function with a destination': (stack, role) => {
    const handler = functionWith(stack, role);
    destinations(stack, 'Config', handler, BUS);
  },
};

function functionWith(stack: Stack, role: string): CfnFunction {
  const environment = { variables: { TOKEN: SECRET } };
  return new CfnFunction(stack, 'P', { code: {}, role, environment });
}

function destinations(stack: Stack, id: string, { ref }: CfnFunction, onSuccess: string, onFailure?: string) {
  return new CfnEventInvokeConfig(stack, id, {
    functionName: ref,
    qualifier: id,
    destinationConfig: {
      onSuccess: { destination: onSuccess },
      ...(onFailure !== undefined && { onFailure: { destination: onFailure } }),
    },
  });
}

test.each(Object.entries(PUBLISHERS))('the file has %s, which is read as in the app, without its data', (_, make) => {
  const { stack, roleArn } = withRole();
  make(stack, roleArn);
  const topology = topologyIn(stack);
  expect(topology.publishers).toEqual([
    expect.objectContaining({
      path: 'Shop/P',
      role: expect.stringContaining(':role/‹RoleName of Shop/Role/Resource›'),
    }),
  ]);
  expect(topology.publishers[0].events.length).toBeGreaterThan(0);
  const { publishers } = readApp(constructsOf(topology));
  expect(publishersIn(publishers)).toEqual(publishersIn(readApp(stack.node.root).publishers));
  expect(topologyText(topology)).not.toContain(SECRET);
});

test('the file has the role of a publisher, even without permission to put events, and with a generated name', () => {
  const { stack, roleArn } = withRole();
  new Role(stack, 'Other', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  new Role(stack, 'A', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  PUBLISHERS['a schedule in a group'](stack, roleArn);
  expect(topologyIn(stack).roles.map(({ path }) => path)).toEqual(['Shop/Role/Resource']);
});

test.each([[['A', 'B', 'C']], [['C', 'B', 'A']]])('all destinations of a function are one entry: %p', (ids) => {
  const { stack, roleArn } = withRole();
  const handler = functionWith(stack, roleArn);
  const buses: { [id: string]: [string, string?] } = { A: [BUS, OTHER_BUS], B: [busArn('last')], C: [BUS] };
  for (const id of ids) destinations(stack, id, handler, ...buses[id]);
  const topology = topologyIn(stack);
  expect(topology.publishers).toEqual([
    expect.objectContaining({
      kind: 'function',
      events: [busArn('last'), BUS, OTHER_BUS].map((eventBus) => ({ eventBus, source: 'lambda' })),
    }),
  ]);
  const { publishers, functions } = readApp(constructsOf(topology));
  expect(publishers.flatMap(({ entries }) => entries.map((entry) => entry.busArn))).toEqual([
    busArn('last'),
    BUS,
    OTHER_BUS,
  ]);
  expect(functions).toHaveLength(1);
});

test.each([
  ['Big', 'Small'],
  ['Small', 'Big'],
])('the conditions of destinations are not those of their function: %s, %s', (...ids) => {
  const { stack, roleArn } = withRole();
  const handler = functionWith(stack, roleArn);
  for (const id of ids) {
    new CfnCondition(stack, id, { expression: Fn.conditionEquals(stack.stackName, id) });
    destinations(stack, `Config${id}`, handler, busArn(id)).addOverride('Condition', id);
  }
  const topology = topologyIn(stack);
  const { publishers, functions } = readApp(constructsOf(topology));
  expect(publishersIn(publishers)).toEqual(expect.arrayContaining(publishersIn(readApp(stack.node.root).publishers)));
  expect(publishers.map(({ conditions }) => conditions)).toEqual([['Shop/Big'], ['Shop/Small']]);
  expect(functions.map(({ conditional }) => conditional)).toEqual([false]);
});

test('the file has a conditional global endpoint with its buses', () => {
  const { stack } = withRole();
  new CfnCondition(stack, 'Big', { expression: Fn.conditionEquals(stack.stackName, 'Shop') });
  const healthCheck = `arn:aws:route53:::healthcheck/${SECRET}`;
  new CfnEndpoint(stack, 'Endpoint', {
    eventBuses: [BUS, OTHER_BUS].map((eventBusArn) => ({ eventBusArn })),
    routingConfig: { failoverConfig: { primary: { healthCheck }, secondary: { route: 'us-east-1' } } },
  }).addOverride('Condition', 'Big');
  const topology = topologyIn(stack);
  expect(topology.globalEndpoints).toEqual([
    { stack: 'Shop', logicalId: 'Endpoint', path: 'Shop/Endpoint', condition: 'Big', eventBuses: [BUS, OTHER_BUS] },
  ]);
  expect(topologyText(topology)).not.toContain(SECRET);
});

test('a file of an older release has no publishers, and one of a newer release may have kinds that are ignored', () => {
  const { stack, roleArn } = withRole();
  PUBLISHERS['a schedule in a group'](stack, roleArn);
  const { publishers, globalEndpoints: _, ...older } = topologyIn(stack);
  const newer = [{ ...publishers[0], kind: 'a kind of tomorrow' }];
  expect(readApp(constructsOf({ ...older, publishers: [], globalEndpoints: [] })).publishers).toEqual([]);
  expect(readApp(constructsOf({ ...older, publishers: newer as never, globalEndpoints: [] })).publishers).toEqual([]);
});
