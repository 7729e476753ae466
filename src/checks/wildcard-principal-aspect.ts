import { IAspect, Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { checkPublisherRoleTrust } from './access/publisher-role-trust';
import { checkRuleManagementCreator } from './access/rule-management-creator';
import { checkRuleRoleTrust } from './access/rule-role-trust';
import { checkRuleWithoutAccount } from './access/rule-without-account';
import { TrustZone, checkUntrustedPrincipals } from './access/untrusted-principal';
import { checkWildcardActions } from './access/wildcard-action';
import { checkWildcardEventBuses } from './access/wildcard-event-bus';
import { checkUnknownPrincipals, checkWildcardPrincipals } from './access/wildcard-principal';
import { checkWildcardRules } from './access/wildcard-rule';
import { Check, CheckRunner } from './engine/check-runner';
import { PropertyNames, validateProperties } from '../core/validate-properties';
import { validateIsList, validateRequired } from '../core/validate-values';
import { Format, accountId, organizationId } from '../eventbridge/formats';

/** Properties of `WildcardPrincipalAspect`. */
export interface WildcardPrincipalAspectProps {
  /**
   * The accounts outside the app that may be granted access, 12 digits each.
   *
   * The accounts of the stacks in the app are trusted and need not be listed, and so is the account of each bus,
   * function, queue or topic. If this list or `trustedOrganizations` is given, every statement that allows any other
   * principal is reported: as an error, or as a warning if the principal is known only at deployment. An empty list
   * trusts the accounts of the app only.
   *
   * @default - no accounts outside the app, if `trustedOrganizations` is given; if neither is given, every account that
   * a statement names
   */
  readonly trustedAccounts?: string[];

  /**
   * The organizations that may be granted access, such as `o-a1b2c3d4e5`.
   *
   * A statement must have a condition on the organization, because templates do not contain the accounts of an
   * organization: a statement that names an account of the organization is reported, unless the account is in
   * `trustedAccounts` or in the app.
   *
   * @default - no organizations, if `trustedAccounts` is given; if neither is given, every organization that a
   * statement names
   */
  readonly trustedOrganizations?: string[];

  /**
   * Whether a role that EventBridge can assume must have a condition on the rule or account that EventBridge acts for
   * (`aws:SourceArn`, `aws:SourceAccount`).
   *
   * No other account can pass the role to its rules, so the condition is defense in depth. It restricts which rules of
   * the account can use the role. Roles that aws-cdk-lib creates for targets do not have it.
   *
   * @default false
   */
  readonly requireSourceForRuleRoles?: boolean;
}

/**
 * Checks which principals are granted access, in all constructs, including those that do not come from this library.
 *
 * It evaluates the policies of buses and functions, of the queues and topics that rules and buses send to, and of the
 * roles that rules use. A wildcard principal must have a condition that limits the principal to given accounts,
 * organizations or principals; a condition on the event does not. A service must have a condition on the source that it
 * acts for; in the trust policy of the role of a rule only if `requireSourceForRuleRoles` is set.
 *
 * No principal should be granted more than it needs, such as wildcards for actions or buses, or rules of other
 * accounts. If many accounts may publish, the pattern of a rule should name the accounts whose events it matches. The
 * aspect creates no resource and changes none.
 *
 * If a statement allows external principals, or may do so, a warning is reported on the policy, permission, role, rule
 * or bus. If trusted accounts or organizations are given, any other principal is reported as an error.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 * @example
 * import { Aspects } from 'aws-cdk-lib';
 *
 * Aspects.of(app).add(new WildcardPrincipalAspect({
 *   trustedAccounts: ['222222222222'],
 *   trustedOrganizations: ['o-a1b2c3d4e5'],
 * }));
 */
export class WildcardPrincipalAspect implements IAspect {
  private readonly runner: CheckRunner;

  constructor(props: WildcardPrincipalAspectProps = {}) {
    this.runner = new CheckRunner(wildcardPrincipalChecks(props));
  }

  /**
   * Evaluates a construct. Called by the CDK for every construct.
   *
   * @param node The construct to evaluate.
   */
  public visit(node: IConstruct): void {
    this.runner.visit(node);
  }
}

const PROPERTIES: PropertyNames<WildcardPrincipalAspectProps> = {
  trustedAccounts: true,
  trustedOrganizations: true,
  requireSourceForRuleRoles: true,
};

/** The checks of this aspect. With a trust zone, `untrustedPrincipal` reports statements that allow any AWS account. */
export function wildcardPrincipalChecks(props: WildcardPrincipalAspectProps = {}): Check[] {
  validateProperties('WildcardPrincipalAspect', 'props', props, PROPERTIES);
  const trustZone = trustZoneOf(props);
  const wildcardPrincipal: Check = {
    name: 'wildcardPrincipal',
    findings: (app, together) =>
      trustZone ? checkUnknownPrincipals(app, together) : checkWildcardPrincipals(app, together),
  };
  return [
    wildcardPrincipal,
    { name: 'wildcardAction', findings: checkWildcardActions },
    { name: 'wildcardPutEventsResource', findings: checkWildcardEventBuses },
    ...(trustZone ? [untrustedPrincipal(trustZone)] : []),
    { name: 'publisherRoleTrustTooBroad', findings: checkPublisherRoleTrust },
    {
      name: 'ruleRoleTrustTooBroad',
      findings: (app) => checkRuleRoleTrust(app, { requireSource: props.requireSourceForRuleRoles ?? false }),
    },
    { name: 'creatorAccountConditionMissing', findings: checkRuleManagementCreator },
    { name: 'wildcardRule', findings: checkWildcardRules },
    { name: 'ruleMatchesAnyAccount', findings: checkRuleWithoutAccount },
  ];
}

function untrustedPrincipal(trustZone: TrustZone): Check {
  return {
    name: 'untrustedPrincipal',
    findings: (app) => checkUntrustedPrincipals(app, withAccountsOfApp(trustZone, app.root)),
  };
}

/** The trust zone with the accounts of all stacks of the app, also of its other stages. */
function withAccountsOfApp(trustZone: TrustZone, root?: IConstruct): TrustZone {
  const stacks = root?.node.root.node.findAll().filter((construct): construct is Stack => Stack.isStack(construct));
  const accounts = (stacks ?? []).map(({ account }) => account).filter((account) => !Token.isUnresolved(account));
  return { ...trustZone, accounts: new Set([...trustZone.accounts, ...accounts]) };
}

function trustZoneOf({ trustedAccounts, trustedOrganizations }: WildcardPrincipalAspectProps): TrustZone | undefined {
  if (trustedAccounts === undefined && trustedOrganizations === undefined) return undefined;
  validateList('trustedAccounts', trustedAccounts, accountId);
  validateList('trustedOrganizations', trustedOrganizations, organizationId);
  const values = [...(trustedAccounts ?? []), ...(trustedOrganizations ?? [])];
  return {
    accounts: new Set(trustedAccounts),
    organizations: new Set(trustedOrganizations),
    hasUnresolved: values.some((value) => Token.isUnresolved(value)),
  };
}

function validateList(property: string, values: string[] | undefined, format: Format): void {
  validateIsList('WildcardPrincipalAspect', property, values);
  if (values === undefined || Token.isUnresolved(values)) return;
  for (const value of values) validateRequired('WildcardPrincipalAspect', property, value, format);
}
