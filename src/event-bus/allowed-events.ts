import { EventBusInvocation } from './event-bus-invocation';

/**
 * The events that a publisher may publish.
 *
 * If a list is given, it must contain the value of every event in a `PutEvents` call. If one event of the call is not
 * allowed, the whole call is denied. An error is thrown for an empty list, a text in place of a list, and a property
 * that does not exist.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export interface AllowedEvents {
  /**
   * The sources that the events may have, as exact matches.
   *
   * @default - any source
   */
  readonly sources?: string[];

  /**
   * The detail types that the events may have, as exact matches.
   *
   * @default - any detail type
   */
  readonly detailTypes?: string[];

  /**
   * The way in which events may reach the bus (`events:eventBusInvocation`): only by rules in other accounts, or only
   * by calls of `PutEvents`.
   *
   * @default - events from rules and from calls of `PutEvents`
   */
  readonly invocation?: EventBusInvocation;
}
