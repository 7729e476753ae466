/** The rules that a permission on a function in the account of the rule covers. */
export enum LambdaPermissionScope {
  /**
   * The rule alone: one permission for each rule, of about 360 characters.
   *
   * The policy of a function, of 20,480 characters, holds about 50 of them.
   */
  RULE = 'RULE',

  /**
   * All rules on the bus of the rule: one permission for any number of rules that have the function as target.
   *
   * Every principal that may create rules on that bus can then invoke the function. Synthesis fails if
   * `allowRuleManagement()` allows other accounts to create rules there with any target. For the default bus, the
   * permission covers all rules in the account and Region, on any bus and by any creator, because the ARNs of rules on
   * the default bus do not contain its name.
   */
  EVENT_BUS = 'EVENT_BUS',
}
