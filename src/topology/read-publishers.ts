import { ResourceTemplate, properties } from './read-resources';
import { GlobalEndpointEntry, PublishedEvent, PublisherEntry } from './topology';
import { Json } from '../iam/statement';

/** The resources of a template for publishers and global endpoints. */
export const PUBLISHER_RESOURCES = {
  publishers: (publisher: PublisherEntry): ResourceTemplate | readonly ResourceTemplate[] => {
    switch (publisher.kind) {
      case 'schedule':
        return schedule(publisher);
      case 'pipe':
        return pipe(publisher);
      case 'function':
        return functionWithDestinations(publisher);
      case 'API':
        return integration(publisher);
      case 'state machine':
        return stateMachine(publisher);
      // A minor release may add kinds.
      default:
        return [];
    }
  },
  globalEndpoints: ({ name, eventBuses }: GlobalEndpointEntry): ResourceTemplate => ({
    type: 'AWS::Events::Endpoint',
    properties: properties({ Name: name, EventBuses: eventBuses.map((EventBusArn) => ({ EventBusArn })) }),
  }),
};

/** The source of a schedule is its group. */
function schedule({ role, sourceArn, events }: PublisherEntry): ResourceTemplate {
  return {
    type: 'AWS::Scheduler::Schedule',
    properties: properties({
      GroupName: nameAfter(':schedule-group/', sourceArn),
      Target: {
        Arn: inPartition('scheduler:::aws-sdk:eventbridge:putEvents'),
        RoleArn: role,
        Input: JSON.stringify({ Entries: events.map(putEventsEntry) }),
      },
    }),
  };
}

function pipe({ role, sourceArn, events: [event = {}] }: PublisherEntry): ResourceTemplate {
  return {
    type: 'AWS::Pipes::Pipe',
    properties: properties({
      Name: nameAfter(':pipe/', sourceArn),
      RoleArn: role,
      Target: event.eventBus,
      TargetParameters: { EventBridgeEventBusParameters: eventProperties(event) },
    }),
  };
}

/** A resource has two destinations at most. The conditions of the entry are theirs, not those of the function. */
function functionWithDestinations({ logicalId, condition, role, events }: PublisherEntry): ResourceTemplate[] {
  const destinations = events.map(({ eventBus }, i): ResourceTemplate => ({
    type: 'AWS::Lambda::EventInvokeConfig',
    suffix: `Destination${condition ?? ''}${i + 1}`,
    properties: properties({
      FunctionName: { Ref: logicalId },
      DestinationConfig: { OnSuccess: properties({ Destination: eventBus }) },
    }),
  }));
  return [{ type: 'AWS::Lambda::Function', properties: { Role: role }, isUnconditional: true }, ...destinations];
}

function integration({ role, events: [event = {}] }: PublisherEntry): ResourceTemplate {
  return {
    type: 'AWS::ApiGatewayV2::Integration',
    properties: {
      CredentialsArn: role,
      IntegrationSubtype: 'EventBridge-PutEvents',
      RequestParameters: properties({ EventBusName: event.eventBus ?? CHOSEN_WHEN_PUT, ...eventProperties(event) }),
    },
  };
}

function stateMachine({ role, sourceArn, events }: PublisherEntry): ResourceTemplate {
  const Parameters = { Entries: events.map(putEventsEntry) };
  const state = { Type: 'Task', Resource: inPartition('states:::events:putEvents'), Parameters };
  return {
    type: 'AWS::StepFunctions::StateMachine',
    properties: properties({
      StateMachineName: nameAfter(':stateMachine:', sourceArn),
      RoleArn: role,
      Definition: { States: { Put: state } },
    }),
  };
}

function putEventsEntry(event: PublishedEvent): { readonly [name: string]: Json } {
  return { EventBusName: event.eventBus ?? CHOSEN_WHEN_PUT, ...eventProperties(event) };
}

function eventProperties({ source, detailType }: PublishedEvent): { readonly [name: string]: Json } {
  return properties({ Source: source, DetailType: detailType });
}

function inPartition(rest: string): Json {
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${rest}` };
}

/** A JSONPath, which the readers of the app model do not evaluate. */
const CHOSEN_WHEN_PUT = '$';

function nameAfter(noun: string, arn = ''): string | undefined {
  const index = arn.indexOf(noun);
  return index < 0 ? undefined : arn.slice(index + noun.length);
}
