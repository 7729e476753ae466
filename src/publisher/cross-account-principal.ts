import * as iam from 'aws-cdk-lib/aws-iam';
import { validateString, validateList } from '../core/validate-values';
import { accountId, externalId, organizationId } from '../eventbridge/formats';
import { Json, scalarOrList } from '../iam/statement';

/**
 * The principals of another account that may assume a role, such as a `PublisherRole`: on a condition, so that a role
 * that trusts an account is not at the disposal of whoever that account acts for.
 *
 * Which of the account's principals may assume the role, the account itself decides by their identity policies
 * (`sts:AssumeRole` on the role).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export class CrossAccountPrincipal extends iam.PrincipalWithConditions {
  /**
   * Those of an account who give an external id that was agreed upon: for an account that acts for several customers,
   * such as a vendor's. The account should choose it, one for each customer. It is no secret.
   *
   * @param account of the principals, 12 digits
   * @param externalIds 2 to 1,224 letters, digits or any of +=,.@:/-_, each of which is as good as the others; two
   * while one replaces the other
   */
  public static withExternalId(account: string, ...externalIds: string[]): CrossAccountPrincipal {
    const place = 'CrossAccountPrincipal.withExternalId()';
    validateString(place, 'account', account, accountId);
    validateList(place, 'externalIds', externalIds, externalId, 'name the one that the account gives');
    return new CrossAccountPrincipal(account, { 'sts:ExternalId': scalarOrList(externalIds) });
  }

  /**
   * Those of an account for as long as it is in an organization. Should it leave, it has no access any more.
   *
   * @param account of the principals, 12 digits
   * @param organization id of the organization, `o-…`
   */
  public static inOrganization(account: string, organization: string): CrossAccountPrincipal {
    const place = 'CrossAccountPrincipal.inOrganization()';
    validateString(place, 'account', account, accountId);
    validateString(place, 'organization', organization, organizationId);
    return new CrossAccountPrincipal(account, { 'aws:PrincipalOrgID': organization });
  }

  private constructor(account: string, conditions: { [key: string]: Json }) {
    super(new iam.AccountPrincipal(account), { StringEquals: conditions });
  }
}
