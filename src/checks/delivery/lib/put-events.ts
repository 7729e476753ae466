import { Call, CrossAccountEvaluation, authorize } from './authorize';
import { principalContextOf } from './principal-context';
import { AppIndex } from '../../../app-model/app-index';
import { EventBus, Identity } from '../../../app-model/app-model';
import { RequiredCondition } from '../../../app-model/resolve/branches';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { DIRECT_CALL_CONTEXT, ruleCallContext, valuesOf } from '../../../iam/condition-keys';
import { parseOperator } from '../../../iam/condition-operators';
import { ConditionEntry, entriesOf } from '../../../iam/conditions';
import { hasVariable, resolveVariables } from '../../../iam/evaluate-condition';
import { like, actionMatches } from '../../../iam/matching';
import { Json, isObject, toList } from '../../../iam/statement';
import { ANYTHING, hasUnresolved, isAttribute, mayEqualAnyText } from '../../../iam/unresolved-text';
import { BUS } from '../../engine/target-kinds';

/** How `events:PutEvents` is called. */
export interface PutEventsOptions {
  /** Whether EventBridge makes the call for a rule, with the execution role of the target. */
  readonly byRule?: boolean;
  /** The ARN of that rule, if known. */
  readonly ruleArn?: string;
  /**
   * Whether a service other than EventBridge may make the call. AWS does not document which condition keys such a call
   * has.
   */
  readonly byService?: boolean;
  /** Whether conditions on values that no template contains are assumed to match. */
  readonly assumeUnknownMatches?: boolean;
  /** The CloudFormation conditions that are true whenever the call is made. */
  readonly given?: readonly RequiredCondition[];
}

/** Evaluates whether a role or user is allowed to put an event on a bus. */
export function authorizePutEvents(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  event: EventEnvelope,
  options: PutEventsOptions = {},
): CrossAccountEvaluation {
  return authorize(app, identity, putEventsCall(busArn, event, options));
}

/** The call of `events:PutEvents` for an event. */
export function putEventsCall(
  busArn: string,
  event: EventEnvelope,
  { byRule = false, byService = false, ruleArn, assumeUnknownMatches, given }: PutEventsOptions,
): Call {
  const directContext = byService ? {} : DIRECT_CALL_CONTEXT;
  const context = {
    ...(byRule ? ruleCallContext(ruleArn) : directContext),
    'events:source': [event.source ?? ANYTHING],
    'events:detail-type': [event['detail-type'] ?? ANYTHING],
    'events:eventbusinvocation': [String(byRule)],
  };
  return { action: BUS.action, resource: busArn, context, assumeUnknownMatches, given };
}

/**
 * The buses to which the policies of a role or user allow `events:PutEvents` by ARN, without duplicates. ARNs that
 * are known only at deployment are included. An ARN with a wildcard in the bus name is replaced by the ARNs of the
 * buses of the app that it matches, and left out if it matches all buses of an account.
 */
export function allowedBusArns(identity: Identity, eventBuses: EventBus[]): string[] {
  const resources = identity.statements
    .filter(isObject)
    .filter(allowsPutEvents)
    .flatMap(({ Resource }) => toList(Resource));
  const busArns = resources
    .flatMap((arn) => withVariablesResolved(arn, identity))
    .flatMap((arn) => withWildcardsExpanded(arn, eventBuses));
  return [...new Set(busArns)].filter(mayBeBusArn);
}

/** The ARNs without policy variables such as `${aws:PrincipalTag/team}`; none if their values are not known. */
function withVariablesResolved(arn: string, identity: Identity): string[] {
  if (!hasVariable(arn)) return [arn];
  const lookup = (key: string) => valuesOf(key, principalContextOf(identity), '');
  return resolveVariables(arn, lookup).filter((resolved) => !hasUnresolved(resolved));
}

function withWildcardsExpanded(arn: string, eventBuses: EventBus[]): string[] {
  if (!/[*?]/.test(arn)) return [arn];
  if (!hasBusNamePrefix(arn)) return [];
  return eventBuses.map((bus) => bus.arn).filter((busArn) => like(arn, busArn));
}

/** Whether an ARN with wildcards has an account and at least the beginning of a bus name. */
function hasBusNamePrefix(pattern: string): boolean {
  return /^arn:[^:]*:events:[^:]*:\d{12}:event-bus\/[^*?]/.test(pattern);
}

function mayBeBusArn(arn: string): boolean {
  return arn.includes(BUS.arnMarker) || (mayEqualAnyText(arn) && !isAttribute(arn));
}

/** Whether a statement allows `events:PutEvents`, also by a wildcard or `NotAction`. */
export function allowsPutEvents(statement: Json): boolean {
  if (!isObject(statement) || statement.Effect !== 'Allow') return false;
  const { Action, NotAction } = statement;
  if (NotAction !== undefined) {
    return !toList(NotAction).some((action) => actionMatches(action, BUS.action) !== false);
  }
  return toList(Action).some((action) => actionMatches(action, BUS.action) === true);
}

/** Whether a statement is intended for `events:PutEvents`. A broader action may be intended for something else. */
function isIntendedForPutEvents(statement: Json): boolean {
  return (
    allowsPutEvents(statement) &&
    isObject(statement) &&
    toList(statement.Action).some((action) => /^events:put/i.test(action))
  );
}

/** Whether a statement of a role or user is intended for putting events on a bus. */
export function isIntendedPublisher({ statements }: Identity, busArn: string): boolean {
  return statements
    .filter(isIntendedForPutEvents)
    .filter(isObject)
    .some((statement) => matchesResource(statement, busArn));
}

/**
 * The events that the policies of a role or user allow on a bus, one for each source and detail type of their
 * conditions. A field without a condition is left undefined.
 */
export function allowedEventsOf(identity: Identity, busArn: string): EventEnvelope[] {
  const statements = identity.statements
    .filter(isObject)
    .filter((statement) => allowsPutEvents(statement) && matchesResource(statement, busArn));
  return statements.flatMap(eventsInConditions).map((event) => ({ ...event, account: identity.account }));
}

/** One event for each source and detail type in the conditions of a statement. */
export function eventsInConditions({ Condition }: { readonly [element: string]: Json }): EventEnvelope[] {
  const entries = entriesOf(Condition);
  const sources = conditionValues(entries, 'events:source');
  const detailTypes = conditionValues(entries, 'events:detail-type');
  return sources.flatMap((source) => detailTypes.map((detailType) => ({ source, 'detail-type': detailType })));
}

/** Whether the `Resource` of a statement matches an ARN, or may match it. */
export function matchesResource({ Resource }: { readonly [element: string]: Json }, arn: string): boolean {
  return toList(Resource).some((pattern) => like(pattern, arn));
}

/** The values that a condition allows for a key. Conditions that exclude values allow any other. */
function conditionValues(entries: ConditionEntry[], key: string): (string | undefined)[] {
  const values = entries
    .filter((entry) => listsValues(entry) && entry.key.toLowerCase() === key)
    .flatMap((entry) => entry.values);
  return values.length > 0 ? values : [undefined];
}

function listsValues({ operator }: ConditionEntry): boolean {
  const { base, negated } = parseOperator(operator);
  return base !== 'null' && !negated;
}
