import { arnParts } from '../../iam/arn';
import { parseOperator } from '../../iam/condition-operators';
import { ConditionEntry, entriesOf } from '../../iam/conditions';
import { actionMatches, like } from '../../iam/matching';
import { Json, isObject, toList } from '../../iam/statement';
import { hasUnresolved } from '../../iam/unresolved-text';
import { unsatisfiableReasons } from '../../iam/unsatisfiable-conditions';
import { TargetKind } from '../engine/target-kinds';

type StatementObject = { readonly [element: string]: Json };

/** A statement, and the kind of resource that it is on. */
interface KindStatement {
  readonly kind: TargetKind;
  readonly statement: Json;
}

/**
 * The part of a statement that concerns events; undefined if there is none.
 *
 * Every principal of a bus concerns events. A function, queue or topic can have other uses: of the services that its
 * policy allows, only EventBridge delivers events, with one action for each kind of resource. Alarms, buckets, APIs and
 * other services are left out. Accounts, roles and users are not, because they can send the same content as a rule, or
 * receive it. A statement with a condition that never matches has no such part.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function eventPart<T extends KindStatement>(resourceStatement: T): T | undefined {
  const { kind, statement } = resourceStatement;
  if (!isObject(statement) || statement.Effect === 'Deny') return resourceStatement;
  if (unsatisfiableReasons(statement).length > 0) return undefined;
  if (kind.noun === 'bus') return resourceStatement;
  if (entriesOf(statement.Condition).some(excludesEventBridge)) return undefined;
  const part = withoutOtherServices(statement, kind);
  if (part === statement) return resourceStatement;
  return part && { ...resourceStatement, statement: part };
}

/** Whether EventBridge is the only principal of a statement. */
export function isForEventBridge(statement: Json): boolean {
  const { Principal } = isObject(statement) ? statement : {};
  if (!isObject(Principal) || Object.keys(Principal).join() !== 'Service') return false;
  const services = toList(Principal.Service);
  return services.length > 0 && services.every((service) => EVENTBRIDGE_PRINCIPALS.includes(service));
}

/** Whether a statement has a service among its principals. */
export function isForService(statement: Json): boolean {
  return isObject(statement) && isObject(statement.Principal) && statement.Principal.Service !== undefined;
}

const EVENTBRIDGE_PRINCIPALS = ['events.amazonaws.com', 'events.amazonaws.com.cn'];

function withoutOtherServices(statement: StatementObject, kind: TargetKind): StatementObject | undefined {
  const { Principal } = statement;
  if (!isObject(Principal) || Principal.Service === undefined) return statement;
  const { Service, ...others } = Principal;
  const services = toList(Service);
  const deliverers = mayDeliver(statement, kind) ? services.filter(mayBeEventBridge) : [];
  if (deliverers.length === services.length && services.length > 0) return statement;
  const remaining = { ...others, ...(deliverers.length > 0 && { Service: deliverers }) };
  return Object.keys(remaining).length > 0 ? { ...statement, Principal: remaining } : undefined;
}

function mayBeEventBridge(service: string): boolean {
  return service.startsWith('{') || EVENTBRIDGE_PRINCIPALS.some((principal) => like(service, principal) !== false);
}

/** Whether a statement matches the action with which EventBridge delivers events, or may match it. */
function mayDeliver({ Action, NotAction }: StatementObject, { action }: TargetKind): boolean {
  if (NotAction !== undefined) return !toList(NotAction).some((excluded) => actionMatches(excluded, action) === true);
  return Action === undefined || toList(Action).some((allowed) => actionMatches(allowed, action) !== false);
}

/** Whether a condition requires a source or a service other than EventBridge, whose calls have neither. */
function excludesEventBridge({ operator, key, values }: ConditionEntry): boolean {
  const isOther = OTHER_SOURCES[key.toLowerCase()];
  const { base, negated, ifExists, quantifier } = parseOperator(operator);
  if (!isOther || negated || ifExists || quantifier === 'forallvalues' || !/^(string|arn)/.test(base)) return false;
  return values.length > 0 && values.every((value) => isOther(value));
}

const OTHER_SOURCES: { readonly [key: string]: ((value: string) => boolean) | undefined } = {
  'aws:sourcearn': (arn) => {
    const service = arn.startsWith('arn:') ? arnParts(arn)[2] : undefined;
    return service !== undefined && !hasUnresolved(service) && like(service, 'events') === false;
  },
  'aws:principalservicename': (service) => !mayBeEventBridge(service),
};
