/**
 * Which rules others may make on a bus. Each list that is given must contain every value that a rule's pattern or
 * targets name.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
 */
export interface AllowedRules {
  /**
   * Sources that the pattern of a rule may name. With this, a pattern must name sources, compared to the letter.
   *
   * @default - any source, or none
   */
  readonly sources?: string[];

  /**
   * Detail types that the pattern of a rule may name. With this, a pattern must name detail types, compared to the
   * letter.
   *
   * @default - any detail type, or none
   */
  readonly detailTypes?: string[];

  /**
   * ARNs that the targets of a rule may have, such as `arn:aws:events:eu-west-1:222222222222:event-bus/*`. Wildcards
   * may stand after the account.
   *
   * @default - any target
   */
  readonly targetArns?: string[];
}
