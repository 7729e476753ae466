import { CfnResource } from 'aws-cdk-lib';
import { isObject, toText, Json } from '../../iam/statement';
import { attribute, unresolved, hasUnresolved, splitText } from '../../iam/unresolved-text';
import type { ResourcePolicyStatement, ShortForm, Target } from '../app-model';
import {
  ReadContext,
  ResourceReaders,
  baseOf,
  conditionsIn,
  documentStatements,
  nonEmptyString,
  objectsOf,
} from '../read-context';
import { environmentOf } from '../resolve/pseudo-parameters';
import type { Properties } from '../resolve/resource';
import { eventBusPolicyStatement } from '../statements';

/** Event buses, their policies and their rules. */
export const EVENT_READERS: ResourceReaders = {
  'AWS::Events::EventBus': (context) => {
    const { Policy, DeadLetterConfig, KmsKeyIdentifier } = context.properties;
    const bus = {
      ...baseOf(context),
      name: context.attributes.Ref,
      deadLetterArn: deadLetterArnOf(DeadLetterConfig),
      key: nonEmptyString(KmsKeyIdentifier),
    };
    context.model.eventBuses.push(bus);
    context.model.eventBusStatements.push(...documentStatements(context, bus.arn, Policy));
  },
  'AWS::Events::EventBusPolicy': (context) => {
    const branches = context.branches.of(context.properties);
    for (const branch of branches) {
      const properties = isObject(branch.value) ? branch.value : {};
      context.model.eventBusStatements.push({
        ...eventBusPolicyEntry(context.construct, properties),
        ...conditionsIn(context, branch, branches),
      });
    }
  },
  'AWS::EventsV2::ResourcePolicy': (context) => {
    const { EventBusArn, PolicyDocument } = context.properties;
    const resourceArn = nonEmptyString(EventBusArn) ?? attribute('EventBusArn', context.construct.node.path);
    context.model.eventBusV2Statements.push(...documentStatements(context, resourceArn, PolicyDocument));
  },
  'AWS::Events::Rule': (context) => {
    const { EventBusName, EventPattern, RoleArn, ScheduleExpression, State, Targets } = context.properties;
    const rule = Object.assign(baseOf(context), {
      name: context.attributes.Ref,
      eventBusName: EventBusName === undefined ? undefined : toText(EventBusName),
      eventBusArn: eventBusArn(context.construct, EventBusName),
      roleArn: RoleArn === undefined ? undefined : toText(RoleArn),
      pattern: patternOf(EventPattern),
      scheduled: ScheduleExpression !== undefined,
      enabled: State !== 'DISABLED',
      targets: targetsOf(context, Targets),
    });
    context.model.rules.push(rule);
  },
  'AWS::Events::Endpoint': (context) => {
    const { Name, EventBuses } = context.properties;
    const { arn: _, ...base } = baseOf(context);
    context.model.globalEndpoints.push({
      ...base,
      name: nonEmptyString(Name) ?? attribute('Name', context.construct.node.path),
      eventBusArns: objectsOf(EventBuses).map(({ EventBusArn }) => toText(EventBusArn)),
    });
  },
  'AWS::Events::Archive': (context) => {
    const { ArchiveName, EventPattern } = context.properties;
    const { path } = context.construct.node;
    const name = nonEmptyString(ArchiveName) ?? attribute('ArchiveName', path);
    const arn = attribute('Arn', path);
    context.model.archives.push({ ...baseOf(context), arn, name, pattern: patternOf(EventPattern) });
  },
};

function eventBusPolicyEntry(
  construct: CfnResource,
  properties: Properties,
): Omit<ResourcePolicyStatement, 'conditional'> {
  const { StatementId, EventBusName } = properties;
  const resourceArn = ownEventBusArn(construct, EventBusName);
  const id = typeof StatementId === 'string' ? StatementId : attribute('StatementId', construct.node.path);
  const statement = eventBusPolicyStatement(properties, resourceArn, id);
  return { construct, resourceArn, id, statement, isWholePolicy: false, shortForm: shortFormOf(properties) };
}

/** The targets of a rule in all branches. */
function targetsOf({ branches }: ReadContext, targets: Json | undefined): Target[] {
  const lists = typeof targets === 'string' ? branches.of(targets) : [{ value: targets, conditions: [] }];
  return lists.flatMap((list) =>
    [list.value ?? []].flat().flatMap((target) =>
      branches.of(target).flatMap(({ value, conditions }): Target[] => {
        if (value === undefined) return [];
        const required = [...list.conditions, ...conditions];
        return [required.length === 0 ? targetOf(value) : { ...targetOf(value), conditions: required }];
      }),
    ),
  );
}

const INPUT_PROPERTIES = ['Input', 'InputPath', 'InputTransformer'] as const;

function shortFormOf({ Statement, Action, Principal, Condition }: Properties): ShortForm | undefined {
  return Statement === undefined ? { action: Action, principal: Principal, condition: Condition } : undefined;
}

/** The ARN of an invalid target is unresolved. */
function targetOf(target: Json): Target {
  if (!isObject(target)) return { id: '?', arn: unresolved(`a target that cannot be read: ${toText(target)}`) };
  const { Id, Arn, RoleArn, DeadLetterConfig, EcsParameters, BatchParameters, SqsParameters } = target;
  return {
    id: toText(Id),
    arn: toText(Arn),
    roleArn: RoleArn === undefined ? undefined : toText(RoleArn),
    deadLetterArn: deadLetterArnOf(DeadLetterConfig),
    inputProperty: INPUT_PROPERTIES.find((property) => target[property] !== undefined),
    task: isObject(EcsParameters) ? taskOf(EcsParameters) : undefined,
    jobDefinition: isObject(BatchParameters) ? nonEmptyString(BatchParameters.JobDefinition) : undefined,
    messageGroupId: isObject(SqsParameters) ? nonEmptyString(SqsParameters.MessageGroupId) : undefined,
  };
}

function taskOf({ TaskDefinitionArn, LaunchType }: { readonly [name: string]: Json }): Target['task'] {
  const definitionArn = nonEmptyString(TaskDefinitionArn);
  return definitionArn === undefined ? undefined : { definitionArn, launchType: nonEmptyString(LaunchType) };
}

/** CloudFormation accepts a pattern as JSON text, too. */
function patternOf(pattern: Json | undefined): Json {
  if (typeof pattern !== 'string') return pattern ?? null;
  try {
    return JSON.parse(pattern) as Json;
  } catch {
    return pattern;
  }
}

function deadLetterArnOf(config: Json | undefined): string | undefined {
  if (config === undefined) return undefined;
  return isObject(config) ? nonEmptyString(config.Arn) : unresolved(`a queue that cannot be read: ${toText(config)}`);
}

/** The ARN of a bus from its name or ARN; of the default bus if the property is missing. */
export function eventBusArn(construct: CfnResource, name: Json | undefined): string {
  if (typeof name === 'string' && name.startsWith('arn:')) return name;
  const bus = name === undefined ? 'default' : toText(name);
  const { partition, region, account } = environmentOf(construct.stack);
  return `arn:${partition}:events:${region}:${account}:event-bus/${bus}`;
}

/** The same in the account and Region of the stack: no other account or Region can write the policy of a bus. */
function ownEventBusArn(construct: CfnResource, name: Json | undefined): string {
  const arn = eventBusArn(construct, name);
  const [, busName] = splitText(arn, 'event-bus/', 2);
  const { account, region } = environmentOf(construct.stack);
  const isCertain = ![arn, account, region].some(hasUnresolved) && busName !== undefined;
  return isCertain ? eventBusArn(construct, busName) : arn;
}
