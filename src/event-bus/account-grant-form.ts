/**
 * How the statements of a bus policy name accounts. Both let in the same callers; they differ in length.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export enum AccountGrantForm {
  /** As principals, each by the ARN of its root: 33 characters an account, about 300 accounts a bus. */
  LISTED = 'LISTED',

  /**
   * By a wildcard principal and a condition on `aws:PrincipalAccount`: 15 characters an account, about 660 accounts a
   * bus.
   *
   * The account of the bus is kept out of the condition, and named as a principal where it was granted: with a wildcard
   * principal its callers would need no identity policy. Tools that look at the principal alone take such a statement
   * for a public one; `WildcardPrincipalAspect` does not.
   */
  COMPACT = 'COMPACT',
}
