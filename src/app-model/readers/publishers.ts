import { eventBusArn } from './events';
import { addRestApiMethod } from './rest-apis';
import { statesThatPutEvents } from './state-machines';
import { EventEnvelope } from '../../eventbridge/event-pattern';
import { Json, isObject, toText } from '../../iam/statement';
import { mayEqualAnyText } from '../../iam/unresolved-text';
import type { PublisherResource, PutEventsEntry } from '../app-model';
import { ReadContext, ResourceReaders, baseOf, nonEmptyString, objectsOf } from '../read-context';
import { arn, nameOrUnresolved } from '../resolve/named-arn';
import { Properties } from '../resolve/resource';
import { functionArn } from '../resolve/resource-attributes';

/** Resources whose service puts events on a bus with a role. */
export const PUBLISHER_READERS: ResourceReaders = {
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
  'AWS::Scheduler::Schedule': (context) => {
    const { GroupName, Target } = context.properties;
    if (!isObject(Target)) return;
    const group = GroupName === undefined ? 'default' : toText(GroupName);
    const sourceArn = arn(context.construct, 'scheduler', `schedule-group/${group}`);
    addPublisher(context, { kind: 'schedule', sourceArn }, Target.RoleArn, entriesOfSchedule(context, Target));
  },
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
  'AWS::Pipes::Pipe': (context) => {
    const { Name, RoleArn, Target, TargetParameters } = context.properties;
    if (!isBusArn(Target)) return;
    const parameters = isObject(TargetParameters) ? TargetParameters.EventBridgeEventBusParameters : undefined;
    const sourceArn = arn(context.construct, 'pipes', `pipe/${nameOrUnresolved(context.construct, 'Name', Name)}`);
    addPublisher(context, { kind: 'pipe', sourceArn }, RoleArn, [{ busArn: Target, event: eventOf(parameters) }]);
  },
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  'AWS::Lambda::EventInvokeConfig': (context) => {
    const { DestinationConfig, FunctionName } = context.properties;
    const destinations = isObject(DestinationConfig) ? [DestinationConfig.OnSuccess, DestinationConfig.OnFailure] : [];
    const busArns = objectsOf(destinations.map((destination) => destination ?? null)).map((one) => one.Destination);
    const entries = busArns.filter(isBusArn).map((busArn) => ({ busArn, event: { source: 'lambda' } }));
    const invokedArn = functionArn(context.construct, FunctionName, context.functionArns);
    context.defer(() => {
      const invoked = context.model.functions.find((candidate) => candidate.arn === invokedArn);
      if (invoked) addPublisher(context, { kind: 'function', construct: invoked.construct }, invoked.roleArn, entries);
    });
  },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
  'AWS::ApiGateway::Method': (context) => {
    const { Integration } = context.properties;
    addRestApiMethod(context);
    if (!isObject(Integration) || !putsEvents(Integration)) return;
    addPublisher(context, { kind: 'API' }, Integration.Credentials, [entryOfTemplates(context, Integration)]);
  },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services.html
  'AWS::ApiGatewayV2::Integration': (context) => {
    const { CredentialsArn, IntegrationSubtype, RequestParameters } = context.properties;
    if (IntegrationSubtype !== 'EventBridge-PutEvents' || !isObject(RequestParameters)) return;
    const { EventBusName, Region } = RequestParameters;
    const busArn = Region === undefined ? literalBusArn(context, EventBusName) : undefined;
    addPublisher(context, { kind: 'API' }, CredentialsArn, [{ busArn, event: eventOf(RequestParameters) }]);
  },
  'AWS::StepFunctions::StateMachine': (context) => {
    const { properties, attributes } = context;
    const entries = statesThatPutEvents(properties).map((entry) => entryOf(context, entry));
    addPublisher(context, { kind: 'state machine', sourceArn: attributes.Arn }, properties.RoleArn, entries);
  },
};

/** Adds a publisher if its role is known. */
function addPublisher(
  context: ReadContext,
  source: Pick<PublisherResource, 'kind' | 'sourceArn'> & Partial<Pick<PublisherResource, 'construct'>>,
  roleArn: Json | undefined,
  entries: readonly PutEventsEntry[],
): void {
  if (typeof roleArn !== 'string' || entries.length === 0) return;
  const { arn: _, ...base } = baseOf(context);
  context.model.publishers.push({ ...base, ...source, roleArn, entries });
}

function isBusArn(value: Json | undefined): value is string {
  return typeof value === 'string' && /^arn:[^:]*:events:.*:event-bus\//.test(value);
}

/** A schedule has a bus as its target, or calls `PutEvents` as a universal target. */
function entriesOfSchedule(context: ReadContext, { Arn, EventBridgeParameters, Input }: Properties): PutEventsEntry[] {
  if (isBusArn(Arn)) return [{ busArn: Arn, event: eventOf(EventBridgeParameters) }];
  if (!/^arn:[^:]*:scheduler:::aws-sdk:eventbridge:putEvents$/.test(toText(Arn))) return [];
  const input = parseJson(toText(Input));
  return objectsOf(isObject(input) ? input.Entries : undefined).map((entry) => entryOf(context, entry));
}

function entryOf(context: ReadContext, entry: Properties): PutEventsEntry {
  const isDynamic = 'EventBusName.$' in entry;
  return { busArn: isDynamic ? undefined : literalBusArn(context, entry.EventBusName), event: eventOf(entry) };
}

/** The ARN of a bus from its name or ARN; undefined if it is chosen when the event is put. */
function literalBusArn({ construct }: ReadContext, name: Json | undefined): string | undefined {
  if (name === undefined) return eventBusArn(construct, undefined);
  const text = literalText(name);
  if (text === undefined || (mayEqualAnyText(text) && !text.startsWith('arn:'))) return undefined;
  return eventBusArn(construct, text);
}

function eventOf(parameters: Json | undefined): EventEnvelope {
  if (!isObject(parameters)) return {};
  return { source: literalText(parameters.Source), 'detail-type': literalText(parameters.DetailType) };
}

/** Text without a JSONPath, a JSONata expression, or a variable of a mapping template. */
function literalText(value: Json | undefined): string | undefined {
  const text = nonEmptyString(value);
  return text === undefined || /^\$|\{%|\$\{|<.*>/.test(text) ? undefined : text;
}

/** Whether an integration calls `PutEvents`, by the action or by a path and the header for the action. */
function putsEvents({ Uri, RequestParameters }: Properties): boolean {
  const uri = toText(Uri);
  if (!/^arn:[^:]*:apigateway:[^:]*:events:/.test(uri)) return false;
  return uri.endsWith(':action/PutEvents') || toText(RequestParameters).includes('AWSEvents.PutEvents');
}

/** The event and bus in mapping templates, if all of them agree. */
function entryOfTemplates(context: ReadContext, { RequestTemplates }: Properties): PutEventsEntry {
  const texts = isObject(RequestTemplates) ? Object.values(RequestTemplates).map(toText) : [];
  const valueOf = (name: string) => {
    const values = texts.flatMap((text) => valuesInTemplate(text, name));
    return new Set(values).size === 1 && !values[0].includes('$') ? literalText(values[0]) : undefined;
  };
  const busName = valueOf('EventBusName');
  const busArn = busName === undefined ? undefined : literalBusArn(context, busName);
  return { busArn, event: { source: valueOf('Source'), 'detail-type': valueOf('DetailType') } };
}

function valuesInTemplate(template: string, name: string): string[] {
  return [...template.matchAll(new RegExp(`"${name}"\\s*:\\s*"([^"]*)"`, 'g'))].map(([, value]) => value);
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
