import { DisabledFinding } from './disabled-finding';
import { PolicySizeAspectProps } from './policy-size-aspect';

/** Options of all checks, for `CrossAccountEventChecks` and `CrossAccountEventChecksPlugin`. */
export interface EventCheckOptions {
  /**
   * The limits and the warning threshold of `PolicySizeAspect`.
   *
   * @default - the AWS quotas, with a warning from 80 percent on
   */
  readonly policySize?: PolicySizeAspectProps;

  /**
   * The accounts outside the app that may be granted access, 12 digits each.
   *
   * The accounts of the stacks in the app are trusted and need not be listed. If this list or `trustedOrganizations` is
   * given, a grant to any other account is reported. An empty list trusts the accounts of the app only.
   *
   * @default - no accounts outside the app, if `trustedOrganizations` is given; if neither is given, every account that
   * a statement names
   */
  readonly trustedAccounts?: string[];

  /**
   * The organizations that may be granted access, such as `o-a1b2c3d4e5`. A grant to any other organization is
   * reported.
   *
   * @default - no organizations, if `trustedAccounts` is given; if neither is given, every organization that a
   * statement names
   */
  readonly trustedOrganizations?: string[];

  /**
   * Whether a role that EventBridge can assume must have a condition on the rule or account that EventBridge acts for
   * (`aws:SourceArn`, `aws:SourceAccount`).
   *
   * No other account can pass the role to its rules, so the condition is defense in depth.
   *
   * @default false
   */
  readonly requireSourceForRuleRoles?: boolean;

  /**
   * Whether events that publishers are allowed to put on a bus of the app, but that no rule of the app matches, are
   * reported as `eventsWithoutRule`. Enable it if the app defines all rules of its buses.
   *
   * @default false
   */
  readonly reportEventsWithoutRule?: boolean;

  /**
   * The findings that are disabled, errors as well as warnings, each with the reason.
   *
   * To accept a single warning, acknowledge it on its construct instead.
   *
   * @default - no disabled findings
   */
  readonly disabledFindings?: DisabledFinding[];
}
