import { EventBusInvocation } from './event-bus-invocation';

/**
 * The events that a publisher may publish.
 *
 * If `sources` or `detailTypes` is given, it must contain the value of every event in a `PutEvents` call. If one event
 * of the call is not allowed, the whole call is denied. An error is thrown for an empty list, a text in place of a
 * list, and a property that does not exist.
 *
 * `ruleArns`, `ruleRegions` and `excludedRuleRegions` limit the rules that forward events to the bus. Nothing changes
 * in the accounts of these rules. Only one of the three can be given, and none of them for an AWS service or to a
 * `PublisherRole`.
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

  /**
   * The ARNs of the rules that may forward events to the bus (`aws:SourceArn`), such as
   * `arn:aws:events:eu-west-1:222222222222:rule/shop/to-central`; `rule/NAME` for a rule on the default bus. Wildcards
   * are allowed in the Region and in the name, and `*` as the account. `rule/forward-*` allows rules on the default bus
   * only, and `rule/*` those on all buses.
   *
   * A call of `PutEvents` without a rule is then denied. If the publisher is accounts or roles, each ARN must be in one
   * of these accounts, and each of these accounts must have one.
   *
   * @default - any rule, and calls of `PutEvents`
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-restrict-rule.html
   */
  readonly ruleArns?: string[];

  /**
   * The Regions from which rules may forward events to the bus, such as `eu-west-1` (`aws:SourceArn`).
   *
   * A call of `PutEvents` without a rule is then denied, also one from such a Region.
   *
   * @default - any Region, and calls of `PutEvents`
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-specific-region.html
   */
  readonly ruleRegions?: string[];

  /**
   * The Regions from which rules may not forward events to the bus (`aws:SourceArn`). A call of `PutEvents` without a
   * rule stays allowed, also one from such a Region. Another grant can allow these rules.
   *
   * @default - no Region
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-deny-regions.html
   */
  readonly excludedRuleRegions?: string[];
}
