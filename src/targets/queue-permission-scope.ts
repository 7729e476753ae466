/** The rules that the policy of a queue in the account of the rule allows. */
export enum QueuePermissionScope {
  /**
   * The rules that have the queue as target.
   *
   * One statement of the queue policy lists them, because a queue policy has at most 20 statements and 8,192
   * characters. If the list does not fit, the statement allows all rules on their buses.
   */
  RULE = 'RULE',

  /**
   * All rules on the bus of the rule.
   *
   * Every principal that may create rules on that bus can then send to the queue. Synthesis fails if
   * `allowRuleManagement()` allows other accounts to create rules there with any target. For the default bus, the
   * statement covers all rules in the account and Region, on any bus and by any creator, because the ARNs of rules on
   * the default bus do not contain its name.
   */
  EVENT_BUS = 'EVENT_BUS',
}
