import * as iam from 'aws-cdk-lib/aws-iam';
import { validateList, validateRequired } from '../core/validate-values';
import { accountId, externalId, organizationId } from '../eventbridge/formats';
import { Json, scalarOrList } from '../iam/statement';

/**
 * The principals in another account that may assume a role, such as a `PublisherRole`, under a condition.
 *
 * The condition limits the trust in that account, which may act for other customers. The account itself decides by
 * identity-based policies (`sts:AssumeRole` on the role) which of its principals may assume the role. The class creates
 * no resource.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 * @example
 * new PublisherRole(this, 'Partner', {
 *   assumedBy: CrossAccountPrincipal.withExternalId('555555555555', 'customer-4711'),
 *   eventBuses: [bus],
 * });
 */
export class CrossAccountPrincipal extends iam.PrincipalWithConditions {
  /**
   * The principals in an account that pass an agreed external ID when they assume the role.
   *
   * Use it for an account that acts for several customers, such as the account of a vendor. That account should choose
   * the external ID, a different one for each customer. The ID is not a secret.
   *
   * @param account The ID of the account, 12 digits.
   * @param externalIds The external IDs, each of 2 to 1,224 letters, digits or any of `+=,.@:/-_`. Each of them is
   * sufficient: give two while one replaces the other.
   */
  public static withExternalId(account: string, ...externalIds: string[]): CrossAccountPrincipal {
    const errorScope = 'CrossAccountPrincipal.withExternalId()';
    validateRequired(errorScope, 'account', account, accountId);
    validateList(errorScope, 'externalIds', externalIds, externalId, 'pass the external ID that the account chose');
    return new CrossAccountPrincipal(account, { 'sts:ExternalId': scalarOrList(externalIds) });
  }

  /**
   * The principals in an account, as long as the account is in an organization.
   *
   * If the account leaves the organization, its principals can no longer assume the role.
   *
   * @param account The ID of the account, 12 digits.
   * @param organization The ID of the organization, such as `o-a1b2c3d4e5`.
   */
  public static inOrganization(account: string, organization: string): CrossAccountPrincipal {
    const errorScope = 'CrossAccountPrincipal.inOrganization()';
    validateRequired(errorScope, 'account', account, accountId);
    validateRequired(errorScope, 'organization', organization, organizationId);
    return new CrossAccountPrincipal(account, { 'aws:PrincipalOrgID': organization });
  }

  private constructor(account: string, conditions: { [key: string]: Json }) {
    super(new iam.AccountPrincipal(account), { StringEquals: conditions });
  }
}
