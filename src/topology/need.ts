import { createHash } from 'node:crypto';
import { Json, canonical, isObject, scalarOrList } from '../iam/statement';

/** What an app needs another app to allow. */
export interface Need {
  /** The ARN of the role or user, the account, or the service that makes the call. */
  readonly principal: string;
  readonly action: string;
  /** The ARN of the resource whose policy must allow the call. */
  readonly resource: string;
  /** The ARN of the rule or bus for which a service makes the call. */
  readonly source?: string;
  /**
   * The ARN of the rule that puts events on a bus with a role, which the bus policy may require. Absent if it is known
   * only at deployment.
   */
  readonly rule?: string;
  /** The events that are put on a bus, if they are limited. */
  readonly events?: readonly NeededEvent[];
  /** The event pattern of the rule, if the events do not describe it completely. */
  readonly eventPattern?: Json;
  /** The ARNs of the targets of a rule on a bus in another account. */
  readonly targets?: readonly string[];
  /** A statement that allows it. */
  readonly statement?: Json;
}

/** A source and a detail type; undefined for any. */
export interface NeededEvent {
  readonly source?: string;
  readonly detailType?: string;
}

/**
 * A short text that changes with its content. It ends the ID of a warning, so that an acknowledgement applies to what
 * was needed when it was written, and no longer if that changes.
 *
 * @param scopePath the path of the app among others, which is not part of the content
 */
export function fingerprintOf(content: Need | readonly string[], scopePath = ''): string {
  const sorted = 'principal' in content ? contentOf(content) : [...content].sort();
  const text = withoutScope(canonical(sorted), scopePath);
  return createHash('sha256').update(text).digest('hex').slice(0, FINGERPRINT_CHARACTERS);
}

const FINGERPRINT_CHARACTERS = 6;

/** The content as a file has it, without properties that are undefined. */
function contentOf(content: Need): unknown {
  const { statement: _, events = [], eventPattern, targets, ...need } = JSON.parse(JSON.stringify(content)) as Need;
  return {
    ...need,
    events: [...new Set(events.map(canonical))].sort(),
    ...(eventPattern !== undefined && { eventPattern: withSortedLists(eventPattern) }),
    ...(targets && { targets: [...new Set(targets)].sort() }),
  };
}

/** The pattern with its alternatives in one order. A range of numbers is a list whose order matters. */
function withSortedLists(pattern: Json): Json {
  if (Array.isArray(pattern)) {
    const texts = pattern.map((value) => canonical(withSortedLists(value)));
    return [...new Set(texts)].sort();
  }
  if (!isObject(pattern)) return pattern;
  return Object.fromEntries(
    Object.entries(pattern).map(([key, value]) => [key, key === 'numeric' ? value : withSortedLists(value)]),
  );
}

/** Placeholders contain the paths of constructs, such as `‹RoleName of shop/Stack/Role›`. */
function withoutScope(text: string, scopePath: string): string {
  return scopePath === '' ? text : text.replace(/‹[^‹›]*›/g, (part) => part.split(` ${scopePath}/`).join(' '));
}

/** The need with a statement that allows it. */
export function withStatement(need: Need): Need {
  const { principal, action, resource, source, events = [] } = need;
  const equals = {
    ...conditionOn('events:source', valuesOf(events, 'source')),
    ...conditionOn('events:detail-type', valuesOf(events, 'detailType')),
  };
  const condition = {
    ...(source !== undefined && { ArnEquals: { 'aws:SourceArn': source } }),
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
  };
  const statement: Json = {
    Effect: 'Allow',
    Principal: isServicePrincipal(principal) ? { Service: principal } : { AWS: principal },
    Action: action,
    Resource: resource,
    ...(Object.keys(condition).length > 0 && { Condition: condition }),
  };
  return { ...need, statement };
}

/** Services of China may have a domain of their own. */
function isServicePrincipal(principal: string): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(principal);
}

function conditionOn(key: string, values: string[] | undefined): { [key: string]: Json } {
  return values ? { [key]: scalarOrList(values) } : {};
}

/** The values of a field that all events have; undefined if one of the events can have any value. */
function valuesOf(events: readonly NeededEvent[], field: keyof NeededEvent): string[] | undefined {
  const values = events.map((event) => event[field]).filter((value) => value !== undefined);
  return values.length === events.length && events.length > 0 ? [...new Set(values)].sort() : undefined;
}
