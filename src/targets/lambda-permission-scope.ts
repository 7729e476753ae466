/** Which rules a permission on a function of the rule's own account is for. */
export enum LambdaPermissionScope {
  /**
   * The rule alone: one permission for each, of about 360 characters. The policy of a function, 20,480 characters,
   * holds about 56 of them.
   */
  RULE = 'RULE',

  /**
   * All rules of the rule's bus: one permission, however many rules have the function as target. Whoever may make rules
   * on that bus can invoke the function then; where `allowRuleManagement()` lets others have rules there with any
   * target, synthesis fails. The ARNs of rules on the default bus do not name it: there it is for all rules of the
   * account and region, on whichever bus, whoever made them.
   */
  EVENT_BUS = 'EVENT_BUS',
}
