/** For whom a service may publish. What is given must all hold. */
export interface ServicePublisherOptions {
  /**
   * Accounts for whose resources the service acts, 12 digits each (`aws:SourceAccount`).
   *
   * @default - the account of the bus, if there is no other option; otherwise any account that fits the others
   */
  readonly sourceAccounts?: string[];

  /**
   * ARNs of the resources for which the service acts (`aws:SourceArn`). Wildcards may stand after the account. An ARN
   * without an account, such as that of a bucket, needs `sourceAccounts` or `sourceOrganization` as well: whoever comes
   * to own that name would be let in.
   *
   * @default - any resource that fits the other options
   */
  readonly sourceArns?: string[];

  /**
   * Organization for whose accounts the service acts, such as `o-a1b2c3d4e5` (`aws:SourceOrgID`).
   *
   * @default - any organization that fits the other options
   */
  readonly sourceOrganization?: string;
}
