import { IConstruct } from 'constructs';
import { EVENTBRIDGE_PRINCIPAL } from './authorize';
import { exactEventsOf } from './events';
import { publishedEvents } from './publisher-resources';
import { allowedEventsOf } from './put-events';
import { AppIndex } from '../../../app-model/app-index';
import { AppModel, Identity, Rule, Target } from '../../../app-model/app-model';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { Json, isObject } from '../../../iam/statement';
import { hasUnresolved } from '../../../iam/unresolved-text';
import { Need, NeededEvent } from '../../../topology/need';
import { BUS, targetKindOf } from '../../engine/target-kinds';

/** What a role or user needs to put its events on a bus: those of the resources that use it, if it puts no others. */
export function publisherNeed(app: AppIndex, identity: Identity, busArn: string): Need {
  const events = neededEvents(publishedEvents(app, identity, busArn) ?? allowedEventsOf(identity, busArn));
  return { principal: identity.arn, action: BUS.action, resource: busArn, events };
}

/** What a rule needs to send events to a target. */
export function targetNeed({ arn, pattern }: Rule, target: Target): Need {
  const kind = targetKindOf(target.arn);
  const principal =
    target.roleArn === undefined ? { principal: EVENTBRIDGE_PRINCIPAL, source: arn } : { principal: target.roleArn };
  const onBus = kind === BUS ? { ...(!hasUnresolved(arn) && { rule: arn }), ...eventsMatching(pattern) } : {};
  return { ...principal, action: kind?.action ?? 'unknown', resource: target.arn, ...onBus };
}

/** What the account of a rule needs to create it on a bus in another account, which may limit events and targets. */
export function ruleManagementNeed({ account, eventBusArn, pattern, targets }: Rule): Need {
  const targetArns = [...new Set(targets.map(({ arn }) => arn))].sort();
  return {
    principal: account,
    action: 'events:PutRule',
    resource: eventBusArn,
    ...eventsMatching(pattern),
    ...(targetArns.length > 0 && { targets: targetArns }),
  };
}

/** What a rule needs to use a role for a target. */
export function assumeRoleNeed({ arn }: Rule, { roleArn = '', arn: targetArn }: Target): Need {
  const action = `sts:AssumeRole, ${targetKindOf(targetArn)?.action ?? 'unknown'} on ${targetArn}`;
  return { principal: EVENTBRIDGE_PRINCIPAL, action, resource: roleArn, source: arn };
}

/** What a rule or bus needs to send to its dead-letter queue. */
export function deadLetterNeed(sourceArn: string, queueArn: string): Need {
  return { principal: EVENTBRIDGE_PRINCIPAL, action: 'sqs:SendMessage', resource: queueArn, source: sourceArn };
}

/** What EventBridge needs to write events to a log group, for the rules of an account. */
export function logPolicyNeed({ arn }: Target): Need {
  return { principal: EVENTBRIDGE_PRINCIPAL, action: 'logs:PutLogEvents', resource: arn };
}

/** What the user of an encrypted resource needs of its key. */
export function keyNeed(key: string, resourceArn: string, principal = EVENTBRIDGE_PRINCIPAL): Need {
  return { principal, action: 'kms:Decrypt', resource: key, source: resourceArn };
}

/** The events that a pattern matches, and the pattern if it has anything but exact sources and detail types. */
function eventsMatching(pattern: Json | undefined): Pick<Need, 'events' | 'eventPattern'> {
  const events = neededEvents(exactEventsOf(pattern ?? {}));
  return pattern === undefined || pattern === null || hasOnlyExactEvents(pattern)
    ? { events }
    : { events, eventPattern: pattern };
}

function hasOnlyExactEvents(pattern: Json): boolean {
  const isExact = (value: Json) => typeof value === 'string' && !hasUnresolved(value);
  return (
    isObject(pattern) &&
    Object.entries(pattern).every(
      ([field, values]) =>
        ['source', 'detail-type'].includes(field) &&
        Array.isArray(values) &&
        values.length > 0 &&
        values.every(isExact),
    )
  );
}

function neededEvents(events: readonly EventEnvelope[]): NeededEvent[] {
  return events.map(({ source, 'detail-type': detailType }) => ({
    ...(source !== undefined && { source }),
    ...(detailType !== undefined && { detailType }),
  }));
}

/** The need of the rule that a construct creates, for one of its targets. */
export function needOfRule({ model }: AppIndex, construct: IConstruct, targetArn: string): Need | undefined {
  const rule = ruleOf(model, construct);
  const target = rule?.targets.find(({ arn }) => arn === targetArn);
  return rule && target && targetNeed(rule, target);
}

/** The need of the rule that a construct creates, for the role of one of its targets. */
export function roleNeedOfRule({ model }: AppIndex, construct: IConstruct, roleArn: string): Need | undefined {
  const rule = ruleOf(model, construct);
  const target = rule?.targets.find((candidate) => candidate.roleArn === roleArn);
  return rule && target && assumeRoleNeed(rule, target);
}

/** The need of the account of the rule that a construct creates. */
export function ruleManagementNeedOf({ model }: AppIndex, construct: IConstruct): Need | undefined {
  const rule = ruleOf(model, construct);
  return rule && ruleManagementNeed(rule);
}

/** The need of the rule or bus that a construct creates, for its dead-letter queue. */
export function deadLetterNeedOf({ model }: AppIndex, construct: IConstruct, queueArn: string): Need | undefined {
  const source = ruleOf(model, construct) ?? model.eventBuses.find((bus) => isResourceOf(construct, bus.construct));
  return source && deadLetterNeed(source.arn, queueArn);
}

/** The need of the role that a construct creates, on a bus. */
export function needOfRole(app: AppIndex, construct: IConstruct, busArn: string): Need | undefined {
  const role = app.model.roles.find((candidate) => isResourceOf(construct, candidate.construct));
  return role && publisherNeed(app, role, busArn);
}

function isResourceOf(construct: IConstruct, resource: IConstruct): boolean {
  return construct === resource || construct.node.defaultChild === resource;
}

function ruleOf({ rules }: AppModel, construct: IConstruct): Rule | undefined {
  return rules.find((rule) => isResourceOf(construct, rule.construct));
}
