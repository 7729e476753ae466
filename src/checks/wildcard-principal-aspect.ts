import { IAspect, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { checkPublisherRoleTrust } from './access/publisher-role-trust';
import { checkRuleManagementCreator } from './access/rule-management-creator';
import { checkRuleRoleTrust } from './access/rule-role-trust';
import { checkRuleWithoutAccount } from './access/rule-without-account';
import { TrustZone, checkUntrustedPrincipals } from './access/untrusted-principal';
import { checkWildcardActions } from './access/wildcard-action';
import { checkWildcardEventBuses } from './access/wildcard-event-bus';
import { checkWildcardPrincipals } from './access/wildcard-principal';
import { checkWildcardRules } from './access/wildcard-rule';
import { Check, CheckRunner } from './engine/check-runner';
import { AppIndex } from '../app-model/app-index';
import { validateString } from '../core/validate-values';
import { Format, accountId, organizationId } from '../eventbridge/formats';

/** Properties of the check of who could get in. */
export interface WildcardPrincipalAspectProps {
  /**
   * Accounts that may be let in, 12 digits each. The account of a bus, function, queue or topic may always be let in
   * there. With this or `trustedOrganizations` every statement that lets in anybody else is an error.
   *
   * @default - those of `trustedOrganizations`; without these either, every account that is named
   */
  readonly trustedAccounts?: string[];

  /**
   * Organizations that may be let in, such as `o-a1b2c3d4e5`: by a condition on the organization, since no template
   * tells which accounts are in one.
   *
   * @default - none but `trustedAccounts`; without these either, every organization that is named
   */
  readonly trustedOrganizations?: string[];
}

/**
 * Checks who could get in, whoever wrote the constructs. A wildcard principal must come with a condition that limits
 * the caller to given accounts, organizations or principals; a condition on the event does not. A service must come
 * with the source it acts for. That is so for the policies of buses and functions, of queues and topics that rules and
 * buses send to, and of the roles that rules use.
 *
 * Nor should anybody be let in for more than is needed: with wildcards for actions or buses, or to rules of others. And
 * rules should name the accounts whose events they take where many may publish.
 *
 * What lets strangers in, or may, is a warning on the policy, permission, role, rule or bus that says so. Who is not
 * among those that are trusted is an error, if anybody is said to be.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 */
export class WildcardPrincipalAspect implements IAspect {
  private readonly judge: CheckRunner;

  constructor(props: WildcardPrincipalAspectProps = {}) {
    this.judge = new CheckRunner(wildcardPrincipalChecks(props));
  }

  /** Called by the CDK for every construct. */
  public visit(node: IConstruct): void {
    this.judge.visit(node);
  }
}

/** The checks of this aspect, for those who run all of them. */
export function wildcardPrincipalChecks(props: WildcardPrincipalAspectProps = {}): Check[] {
  const trust = trustOf(props);
  return [
    { name: 'wildcardPrincipal', findings: (world) => checkWildcardPrincipals(world, trust !== undefined) },
    { name: 'wildcardAction', findings: checkWildcardActions },
    { name: 'wildcardPutEventsResource', findings: checkWildcardEventBuses },
    ...(trust
      ? [{ name: 'untrustedPrincipal', findings: (world: AppIndex) => checkUntrustedPrincipals(world, trust) }]
      : []),
    { name: 'publisherRoleTrustTooBroad', findings: checkPublisherRoleTrust },
    { name: 'ruleRoleTrustTooBroad', findings: checkRuleRoleTrust },
    { name: 'creatorAccountConditionMissing', findings: checkRuleManagementCreator },
    { name: 'wildcardRule', findings: checkWildcardRules },
    { name: 'ruleMatchesAnyAccount', findings: checkRuleWithoutAccount },
  ];
}

function trustOf({ trustedAccounts, trustedOrganizations }: WildcardPrincipalAspectProps): TrustZone | undefined {
  if (trustedAccounts === undefined && trustedOrganizations === undefined) return undefined;
  const check = (property: string, values: string[] = [], format: Format) => {
    if (!Token.isUnresolved(values)) {
      values.forEach((value) => validateString('WildcardPrincipalAspect', property, value, format));
    }
  };
  check('trustedAccounts', trustedAccounts, accountId);
  check('trustedOrganizations', trustedOrganizations, organizationId);
  const partial = [trustedAccounts, trustedOrganizations]
    .flatMap((values) => values ?? [])
    .some((value) => Token.isUnresolved(value));
  return { accounts: new Set(trustedAccounts), organizations: new Set(trustedOrganizations), partial };
}
