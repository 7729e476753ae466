/** The sources that a service may act for when it publishes. If several options are given, all of them must match. */
export interface ServicePublisherOptions {
  /**
   * The accounts whose resources the service may act for, 12 digits each (`aws:SourceAccount`).
   *
   * @default - the account of the bus if there is no other option; otherwise any account that matches the other options
   */
  readonly sourceAccounts?: string[];

  /**
   * The ARNs of the resources that the service may act for (`aws:SourceArn`). Wildcards are allowed after the account.
   *
   * If an ARN has no account, such as that of a bucket, `sourceAccounts` or `sourceOrganization` is required, and an
   * error is thrown without it: otherwise any account that later owns the name would be allowed.
   *
   * @default - any resource that matches the other options
   */
  readonly sourceArns?: string[];

  /**
   * The ID of the organization whose accounts the service may act for, such as `o-a1b2c3d4e5` (`aws:SourceOrgID`).
   *
   * @default - any organization that matches the other options
   */
  readonly sourceOrganization?: string;
}
