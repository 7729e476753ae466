import { DisabledFinding } from './disabled-finding';
import { PolicySizeAspectProps } from './policy-size-aspect';

/** What all checks go by, however they are run. */
export interface EventCheckOptions {
  /**
   * Limits and warning threshold of policy sizes.
   *
   * @default - the quotas of AWS, with a warning from 80 per cent on
   */
  readonly policySize?: PolicySizeAspectProps;

  /**
   * Accounts that may be let in, beside those of the app: a grant to any other is a finding.
   *
   * @default - every account that a statement names is trusted, unless `trustedOrganizations` is given
   */
  readonly trustedAccounts?: string[];

  /**
   * Organizations that may be let in: a grant to any other is a finding.
   *
   * @default - every organization that a statement names is trusted, unless `trustedAccounts` is given
   */
  readonly trustedOrganizations?: string[];

  /**
   * Findings that are switched off, errors as well as warnings, each with the reason. To accept a single warning rather
   * acknowledge it on its construct.
   *
   * @default - none
   */
  readonly disabledFindings?: DisabledFinding[];
}
