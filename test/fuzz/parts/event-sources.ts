import { CfnMethod, CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnIntegration } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnEndpoint } from 'aws-cdk-lib/aws-events';
import { CfnEventInvokeConfig } from 'aws-cdk-lib/aws-lambda';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import * as fc from 'fast-check';
import { Place } from '../place';
import { DETAIL_TYPES, Mode, SOURCES, Value, index, malformable, text } from '../values';

/** A resource whose service puts events on a bus with a role. */
export interface EventSourceDescription {
  readonly stack: number;
  readonly kind: (typeof KINDS)[number];
  readonly buses: readonly [number, number];
  readonly role: number;
  readonly at: number;
  readonly source: Value;
  readonly detailType: Value;
  /**
   * The first of two forms: a universal target of a schedule, a destination for success, the integration of a state
   * machine for EventBridge instead of that for the AWS SDK, or a method with IAM authorization.
   */
  readonly isFirstForm: boolean;
}

const KINDS = ['schedule', 'pipe', 'destination', 'state machine', 'API', 'HTTP API', 'global endpoint'] as const;

export function eventSources(mode: Mode): fc.Arbitrary<EventSourceDescription> {
  return fc.record({
    stack: index,
    kind: fc.constantFrom(...KINDS),
    buses: fc.tuple(index, index),
    role: index,
    at: index,
    source: malformable(mode, text(mode, ...SOURCES), 15),
    detailType: text(mode, ...DETAIL_TYPES),
    isFirstForm: fc.boolean(),
  });
}

export function buildEventSource(place: Place, described: EventSourceDescription): void {
  const roleArn = place.arnAt('roles', described.role);
  const busArn = place.arnAt('buses', described.buses[0]);
  const source = place.render(described.source);
  const detailType = place.render(described.detailType);
  BUILDERS[described.kind](place, described, { busArn, roleArn, source, detailType });
}

interface Rendered {
  readonly busArn: string;
  readonly roleArn: string;
  readonly source: any;
  readonly detailType: string;
}

type Build = (place: Place, description: EventSourceDescription, rendered: Rendered) => void;

const BUILDERS: { readonly [kind in EventSourceDescription['kind']]: Build } = {
  schedule: ({ id, stack }, { isFirstForm }, { busArn, detailType, roleArn, source }) => {
    const Entries = [{ EventBusName: busArn, Source: source, DetailType: detailType, Detail: '{}' }];
    const target = isFirstForm
      ? { arn: 'arn:aws:scheduler:::aws-sdk:eventbridge:putEvents', roleArn, input: stack.toJsonString({ Entries }) }
      : { arn: busArn, roleArn, eventBridgeParameters: { source: String(source), detailType } };
    new CfnSchedule(stack, id, { flexibleTimeWindow: { mode: 'OFF' }, scheduleExpression: 'rate(1 day)', target });
  },
  pipe: (place, { at }, { busArn, detailType, roleArn, source }) => {
    const eventBridgeEventBusParameters = { source: String(source), detailType };
    new CfnPipe(place.stack, place.id, {
      roleArn,
      source: place.arnAt('queues', at),
      target: busArn,
      targetParameters: { eventBridgeEventBusParameters },
    });
  },
  destination: (place, { at, isFirstForm }, { busArn }) => {
    const destination = { destination: busArn };
    new CfnEventInvokeConfig(place.stack, place.id, {
      functionName: place.at<{ functionName: string }>('functions', at)?.construct.functionName ?? 'handler',
      qualifier: '$LATEST',
      destinationConfig: isFirstForm ? { onSuccess: destination } : { onFailure: destination },
    });
  },
  'state machine': (place, { isFirstForm }, { busArn, detailType, roleArn, source }) => {
    const { id, stack } = place;
    const Entries = [{ EventBusName: busArn, Source: source, DetailType: detailType, Detail: {} }];
    const put = {
      Type: 'Task',
      Resource: `arn:aws:states:::${isFirstForm ? 'events' : 'aws-sdk:eventbridge'}:putEvents`,
      Parameters: { Entries },
      End: true,
    };
    const machine = new CfnStateMachine(stack, id, {
      roleArn,
      definitionString: stack.toJsonString({ StartAt: 'Put', States: { Put: put } }),
    });
    place.add('stateMachines', machine, machine.attrArn, {
      service: 'states',
      resource: 'stateMachine:{}',
      name: undefined,
    });
  },
  API: ({ id, stack }, { isFirstForm }, { busArn, detailType, roleArn, source }) => {
    const api = new CfnRestApi(stack, `${id}Api`, { name: id });
    const entry = `"EventBusName": "${busArn}", "Source": "${source}", "DetailType": "${detailType}"`;
    new CfnMethod(stack, id, {
      restApiId: api.ref,
      resourceId: api.attrRootResourceId,
      httpMethod: 'POST',
      authorizationType: isFirstForm ? 'AWS_IAM' : 'NONE',
      integration: {
        type: 'AWS',
        uri: `arn:aws:apigateway:${stack.region}:events:action/PutEvents`,
        integrationHttpMethod: 'POST',
        credentials: roleArn,
        requestTemplates: { 'application/json': `{"Entries": [{${entry}}]}` },
      },
    });
  },
  'HTTP API': ({ id, stack }, _, { busArn, detailType, roleArn, source }) => {
    new CfnIntegration(stack, id, {
      apiId: 'abcdef1234',
      integrationType: 'AWS_PROXY',
      integrationSubtype: 'EventBridge-PutEvents',
      credentialsArn: roleArn,
      requestParameters: { EventBusName: busArn, Source: source, DetailType: detailType, Detail: '$request.body' },
    });
  },
  'global endpoint': (place, { buses }, { busArn }) => {
    const route = 'us-east-1';
    new CfnEndpoint(place.stack, place.id, {
      eventBuses: [{ eventBusArn: busArn }, { eventBusArn: place.arnAt('buses', buses[1]) }],
      routingConfig: { failoverConfig: { primary: { healthCheck: 'x' }, secondary: { route } } },
    });
  },
};
