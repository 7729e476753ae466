import { CfnResource } from 'aws-cdk-lib';
import { isObject, textOf, Json } from '../../policy/statement';
import { attribute, unknown } from '../../policy/text';
import type { Target } from '../app-model';
import { pseudo } from '../pseudo';
import { Readers, documentStatements, made, textIn } from '../reading';
import { eventBusPolicyStatement } from '../statements';

/** Buses, their policies and rules. */
export const EVENT_READERS: Readers = {
  'AWS::Events::EventBus': (reading) => {
    const { Policy, DeadLetterConfig, KmsKeyIdentifier } = reading.properties;
    const bus = { ...made(reading), name: reading.attributes.Ref, deadLetterArn: deadLetter(DeadLetterConfig), key: textIn(KmsKeyIdentifier) };
    reading.model.eventBuses.push(bus);
    reading.model.eventBusStatements.push(...documentStatements(reading, bus.arn, Policy));
  },
  'AWS::Events::EventBusPolicy': ({ model, construct, properties, conditional }) => {
    const of = busArn(construct, properties.EventBusName);
    const id = typeof properties.StatementId === 'string' ? properties.StatementId : attribute('StatementId', construct.node.path);
    model.eventBusStatements.push({ construct, of, id, conditional, statement: eventBusPolicyStatement(properties, of, id), whole: false });
  },
  'AWS::EventsV2::ResourcePolicy': (reading) => {
    const { EventBusArn, PolicyDocument } = reading.properties;
    const of = textIn(EventBusArn) ?? attribute('EventBusArn', reading.construct.node.path);
    reading.model.eventsV2Statements.push(...documentStatements(reading, of, PolicyDocument));
  },
  'AWS::Events::Rule': (reading) => {
    const { EventBusName, EventPattern, ScheduleExpression, State, Targets } = reading.properties;
    reading.model.rules.push({
      ...made(reading),
      name: reading.attributes.Ref,
      eventBusName: EventBusName === undefined ? undefined : textOf(EventBusName),
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
  if (!isObject(target)) return { id: '?', arn: unknown(`a target that cannot be read: ${textOf(target)}`) };
  const { Id, Arn, RoleArn, DeadLetterConfig } = target;
  const roleArn = RoleArn === undefined ? undefined : textOf(RoleArn);
  return { id: textOf(Id), arn: textOf(Arn), roleArn, deadLetterArn: deadLetter(DeadLetterConfig) };
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
  return isObject(config) ? textIn(config.Arn) : unknown(`a queue that cannot be read: ${textOf(config)}`);
}

/** The ARN of a bus that a property names, by name or ARN; none is the default bus. */
function busArn(construct: CfnResource, name: Json | undefined): string {
  if (typeof name === 'string' && name.startsWith('arn:')) return name;
  const bus = name === undefined ? 'default' : textOf(name);
  const env = (pseudoName: string) => pseudo(construct.stack, pseudoName);
  return `arn:${env('AWS::Partition')}:events:${env('AWS::Region')}:${env('AWS::AccountId')}:event-bus/${bus}`;
}
