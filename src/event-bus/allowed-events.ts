import { EventBusInvocation } from './event-bus-invocation';

/**
 * What a publisher may publish. Each list that is given must contain the value of every event of a `PutEvents` call;
 * a call with one event that is not allowed is refused as a whole.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export interface AllowedEvents {
  /**
   * Sources that the events may have, compared to the letter.
   *
   * @default - any source
   */
  readonly sources?: string[];

  /**
   * Detail types that the events may have, compared to the letter.
   *
   * @default - any detail type
   */
  readonly detailTypes?: string[];

  /**
   * Whether only rules of other accounts may send events, or only callers of `PutEvents` (`events:eventBusInvocation`).
   *
   * @default - both
   */
  readonly invocation?: EventBusInvocation;
}
