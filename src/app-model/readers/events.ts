import { CfnResource } from 'aws-cdk-lib';
import { isObject, toText, Json } from '../../iam/statement';
import { attribute, unresolved } from '../../iam/unresolved-text';
import type { Target } from '../app-model';
import { ResourceReaders, documentStatements, baseOf, nonEmptyString } from '../read-context';
import { pseudoParameterValue } from '../resolve/pseudo-parameters';
import { eventBusPolicyStatement } from '../statements';

/** Buses, their policies and rules. */
export const EVENT_READERS: ResourceReaders = {
  'AWS::Events::EventBus': (reading) => {
    const { Policy, DeadLetterConfig, KmsKeyIdentifier } = reading.properties;
    const bus = {
      ...baseOf(reading),
      name: reading.attributes.Ref,
      deadLetterArn: deadLetter(DeadLetterConfig),
      key: nonEmptyString(KmsKeyIdentifier),
    };
    reading.model.eventBuses.push(bus);
    reading.model.eventBusStatements.push(...documentStatements(reading, bus.arn, Policy));
  },
  'AWS::Events::EventBusPolicy': ({ model, construct, properties, conditional }) => {
    const of = busArn(construct, properties.EventBusName);
    const id =
      typeof properties.StatementId === 'string'
        ? properties.StatementId
        : attribute('StatementId', construct.node.path);
    model.eventBusStatements.push({
      construct,
      resourceArn: of,
      id,
      conditional,
      statement: eventBusPolicyStatement(properties, of, id),
      isWholePolicy: false,
    });
  },
  'AWS::EventsV2::ResourcePolicy': (reading) => {
    const { EventBusArn, PolicyDocument } = reading.properties;
    const of = nonEmptyString(EventBusArn) ?? attribute('EventBusArn', reading.construct.node.path);
    reading.model.eventBusV2Statements.push(...documentStatements(reading, of, PolicyDocument));
  },
  'AWS::Events::Rule': (reading) => {
    const { EventBusName, EventPattern, ScheduleExpression, State, Targets } = reading.properties;
    reading.model.rules.push({
      ...baseOf(reading),
      name: reading.attributes.Ref,
      eventBusName: EventBusName === undefined ? undefined : toText(EventBusName),
      eventBusArn: busArn(reading.construct, EventBusName),
      pattern: patternOf(EventPattern),
      scheduled: ScheduleExpression !== undefined,
      enabled: State !== 'DISABLED',
      targets: Targets === undefined ? [] : [Targets].flat().map(targetOf),
    });
  },
};

/** A target in a form that CloudFormation does not have is one of which nothing is known. */
function targetOf(target: Json): Target {
  if (!isObject(target)) return { id: '?', arn: unresolved(`a target that cannot be read: ${toText(target)}`) };
  const { Id, Arn, RoleArn, DeadLetterConfig } = target;
  const roleArn = RoleArn === undefined ? undefined : toText(RoleArn);
  return { id: toText(Id), arn: toText(Arn), roleArn, deadLetterArn: deadLetter(DeadLetterConfig) };
}

/** CloudFormation takes a pattern as JSON text too. */
function patternOf(pattern: Json | undefined): Json {
  if (typeof pattern !== 'string') return pattern ?? null;
  try {
    return JSON.parse(pattern) as Json;
  } catch {
    return pattern;
  }
}

function deadLetter(config: Json | undefined): string | undefined {
  if (config === undefined) return undefined;
  return isObject(config) ? nonEmptyString(config.Arn) : unresolved(`a queue that cannot be read: ${toText(config)}`);
}

/** The ARN of a bus that a property names, by name or ARN; none is the default bus. */
function busArn(construct: CfnResource, name: Json | undefined): string {
  if (typeof name === 'string' && name.startsWith('arn:')) return name;
  const bus = name === undefined ? 'default' : toText(name);
  const env = (pseudoName: string) => pseudoParameterValue(construct.stack, pseudoName);
  return `arn:${env('AWS::Partition')}:events:${env('AWS::Region')}:${env('AWS::AccountId')}:event-bus/${bus}`;
}
