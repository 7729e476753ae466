/**
 * How the statements of a bus policy name accounts.
 *
 * Both forms allow the same principals; they differ in length.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export enum AccountGrantForm {
  /** Each account is a principal, by the ARN of its root: 33 characters an account, about 300 accounts a bus. */
  LISTED = 'LISTED',

  /**
   * A wildcard principal with a condition on `aws:PrincipalAccount` that lists the accounts: 15 characters an account,
   * about 660 accounts a bus.
   *
   * The condition does not contain the account of the bus, because a wildcard principal would allow the principals in
   * that account without an identity-based policy. If that account is granted access, it is named as a principal. Tools
   * that read only the principal report such a statement as public; `WildcardPrincipalAspect` does not.
   */
  COMPACT = 'COMPACT',
}
