/**
 * The rules that other accounts may create on an event bus.
 *
 * If a list is given, it must contain every value that the pattern or the targets of a rule name. An error is thrown
 * for an empty list, a text in place of a list, and a property that does not exist.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export interface AllowedRules {
  /**
   * The sources that the pattern of a rule may name. If this list is given, the pattern must name sources, as exact
   * matches.
   *
   * @default - any source, or none
   */
  readonly sources?: string[];

  /**
   * The detail types that the pattern of a rule may name. If this list is given, the pattern must name detail types, as
   * exact matches.
   *
   * @default - any detail type, or none
   */
  readonly detailTypes?: string[];

  /**
   * The ARNs that the targets of a rule may have, such as `arn:aws:events:eu-west-1:222222222222:event-bus/*`.
   * Wildcards are allowed after the account.
   *
   * @default - any target
   */
  readonly targetArns?: string[];
}
