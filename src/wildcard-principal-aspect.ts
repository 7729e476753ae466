import { IAspect, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Check, JudgeAtSynth } from './checks/judge-at-synth';
import { publisherRoleTrusts } from './checks/publisher-role-trust';
import { ruleManagementCreators } from './checks/rule-management-creator';
import { ruleRoleTrusts } from './checks/rule-role-trust';
import { rulesWithoutAccount } from './checks/rule-without-account';
import { Trust, untrustedPrincipals } from './checks/untrusted-principal';
import { wildcardActions } from './checks/wildcard-action';
import { wildcardEventBuses } from './checks/wildcard-event-bus';
import { wildcardPrincipals } from './checks/wildcard-principal';
import { wildcardRules } from './checks/wildcard-rule';
import { World } from './checks/world';
import { Format, accountId, organizationId } from './policy/formats';
import { checkFormat } from './private/checked-values';

/** Properties of the check of who could get in. */
export interface WildcardPrincipalAspectProps {
  /**
   * Accounts that may be let in, 12 digits each. The account of a bus, function, queue or topic may always be let in there. With this or
   * `trustedOrganizations` every statement that lets in anybody else is an error.
   *
   * @default - those of `trustedOrganizations`; without these either, every account that is named
   */
  readonly trustedAccounts?: string[];

  /**
   * Organizations that may be let in, such as `o-a1b2c3d4e5`: by a condition on the organization, since no template tells which accounts are in one.
   *
   * @default - none but `trustedAccounts`; without these either, every organization that is named
   */
  readonly trustedOrganizations?: string[];
}

/**
 * Checks who could get in, whoever wrote the constructs. A wildcard principal must come with a condition that limits the
 * caller to given accounts, organizations or principals; a condition on the event does not. A service must come with the source it acts for.
 * That is so for the policies of buses and functions, of queues and topics that rules and buses send to, and of the roles that rules use.
 *
 * Nor should anybody be let in for more than is needed: with wildcards for actions or buses, or to rules of others. And rules should name the accounts
 * whose events they take where many may publish.
 *
 * What lets strangers in, or may, is a warning on the policy, permission, role, rule or bus that says so. Who is not among those that are trusted is
 * an error, if anybody is said to be.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 */
export class WildcardPrincipalAspect implements IAspect {
  private readonly judge: JudgeAtSynth;

  constructor(props: WildcardPrincipalAspectProps = {}) {
    this.judge = new JudgeAtSynth(wildcardPrincipalChecks(props));
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
    { name: 'wildcardPrincipal', findings: (world) => wildcardPrincipals(world, trust !== undefined) },
    { name: 'wildcardAction', findings: wildcardActions },
    { name: 'wildcardEventBus', findings: wildcardEventBuses },
    ...(trust ? [{ name: 'untrustedPrincipal', findings: (world: World) => untrustedPrincipals(world, trust) }] : []),
    { name: 'publisherRoleTrust', findings: publisherRoleTrusts },
    { name: 'ruleRoleTrust', findings: ruleRoleTrusts },
    { name: 'ruleManagementCreator', findings: ruleManagementCreators },
    { name: 'wildcardRule', findings: wildcardRules },
    { name: 'ruleWithoutAccount', findings: rulesWithoutAccount },
  ];
}

function trustOf({ trustedAccounts, trustedOrganizations }: WildcardPrincipalAspectProps): Trust | undefined {
  if (trustedAccounts === undefined && trustedOrganizations === undefined) return undefined;
  const check = (property: string, values: string[] = [], format: Format) => {
    if (!Token.isUnresolved(values)) values.forEach((value) => checkFormat('WildcardPrincipalAspect', property, value, format));
  };
  check('trustedAccounts', trustedAccounts, accountId);
  check('trustedOrganizations', trustedOrganizations, organizationId);
  const partial = [trustedAccounts, trustedOrganizations].flatMap((values) => values ?? []).some((value) => Token.isUnresolved(value));
  return { accounts: new Set(trustedAccounts), organizations: new Set(trustedOrganizations), partial };
}
