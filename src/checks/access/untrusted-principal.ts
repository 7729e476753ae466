import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  busStatements,
  destinationStatements,
  functionStatements,
  describeResource,
  describeAccess,
} from './resource-statements';
import { isDefaultTopicStatement } from './wildcard-principal';
import { AppIndex } from '../../app-model/app-index';
import { Restriction } from '../../iam/access-analysis';
import { accountOf } from '../../iam/arn';
import { evaluateForEveryValue } from '../../iam/chosen-values';
import { RESOURCE_ACCOUNT, RESOURCE_ORGANIZATION } from '../../iam/principal-keys';
import { NamedPrincipal } from '../../iam/principals';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';

/** The accounts and organizations that may be let in, beside the account of each resource. */
export interface TrustZone {
  readonly accounts: ReadonlySet<string>;
  readonly organizations: ReadonlySet<string>;
  /** Whether some of them are told only at deployment, and may be any. */
  readonly partial: boolean;
}

/**
 * Statements that let in whom nobody trusts.
 *
 * Blind spots: which accounts are in a trusted organization, where a statement names one of them; who may assume a
 * trusted role; topics that EventBridge may publish to for any rule.
 */
export function checkUntrustedPrincipals(app: AppIndex, trust: TrustZone): Finding[] {
  const all = [busStatements, functionStatements, destinationStatements].flatMap((statements) => statements(app));
  return all.flatMap((statement) => (isDefaultTopicStatement(statement) ? [] : checkStatement(statement, app, trust)));
}

function checkStatement(judged: ResourceStatement, app: AppIndex, trust: TrustZone): Finding[] {
  const { construct, id, statement, kind } = judged;
  const { access, reason, restrictions } = app.openness(statement);
  const what = describeAccess(judged);
  const finding = (level: Finding['level'], problem: string, fix: string): Finding[] => [
    { id: FindingId.UNTRUSTED_PRINCIPAL, level, construct, problem, fix },
  ];
  if (access === 'public') {
    return finding(
      'error',
      `statement '${displayText(id)}' lets callers of every AWS account ${what}, trusted or not: ` +
        displayText(reason),
      kind.remedy,
    );
  }
  if (access !== 'named') return [];
  const verdicts = restrictions.map((bound) => ({
    bound,
    ...partitionByTrust(bound, trust, accountOf(judged.resourceArn)),
  }));
  if (verdicts.some(({ untrusted, open }) => untrusted.length === 0 && open.length === 0)) return [];
  const strangers = verdicts.map(({ bound, untrusted }) => ({
    by: bound.key,
    callers: untrusted.filter((caller) => satisfiesAll(caller, restrictions)),
  }));
  const [named] = strangers.filter(({ callers }) => callers.length > 0);
  if (named && verdicts.every(({ untrusted }) => untrusted.length > 0)) {
    return finding(
      'error',
      `statement '${displayText(id)}' lets ${describePrincipals(named.callers)} ${what} (by ${named.by}` +
        `), whom nobody trusts: neither the account of the ${kind.noun}, nor in 'trustedAccounts' or ` +
        "'trustedOrganizations'",
      'take them out, or add them there',
    );
  }
  const [doubtful] = verdicts.filter(({ open }) => open.length > 0);
  if (!doubtful) return [];
  return finding(
    'warning',
    `it cannot be told at synth whether ${describePrincipals(doubtful.open)}, whom statement '` +
      `${displayText(id)}' lets in on ${describeResource(judged)} (by ${doubtful.bound.key}), ` +
      'is trusted',
    remedyFor(doubtful.bound.key),
  );
}

/** What makes certain who is let in, by the element or condition key that names the callers. */
function remedyFor(by: string): string {
  if (by.startsWith('aws:source')) return `write the account or organization out in '${by}'`;
  if (by.startsWith('aws:principalorg')) return `write the organization out in '${by}'`;
  return (
    "write the account out, list all that it may be in 'trustedAccounts', or add a condition on " +
    "'aws:PrincipalOrgID'"
  );
}

/** The callers of a bound that are not trusted, and those of which it cannot be told. */
function partitionByTrust(
  { principals }: Restriction,
  trust: TrustZone,
  owner: string,
): { untrusted: NamedPrincipal[]; open: NamedPrincipal[] } {
  const verdicts = principals.map((caller) => ({ caller, trusted: isTrusted(caller, trust, owner) }));
  const having = (wanted?: boolean) => verdicts.filter(({ trusted }) => trusted === wanted).map(({ caller }) => caller);
  return { untrusted: having(false), open: having(undefined) };
}

function isTrusted({ account, organization }: NamedPrincipal, trust: TrustZone, owner: string): boolean | undefined {
  if (account !== undefined) return evaluateForEveryValue([account], (one) => isTrustedAccount(one, trust, owner));
  return organization === undefined
    ? undefined
    : evaluateForEveryValue([organization], (one) => isTrustedOrganization(one, trust));
}

function isTrustedOrganization(organization: string, { organizations, partial }: TrustZone): boolean | undefined {
  if (organizations.has(organization)) return true;
  return partial || hasUnresolved(organization) || organization.toLowerCase() === RESOURCE_ORGANIZATION.toLowerCase()
    ? undefined
    : false;
}

function isTrustedAccount(account: string, { accounts, partial }: TrustZone, owner: string): boolean | undefined {
  if (account === owner || account.toLowerCase() === RESOURCE_ACCOUNT.toLowerCase() || accounts.has(account)) {
    return true;
  }
  return partial || hasUnresolved(account) || hasUnresolved(owner) ? undefined : false;
}

/** Whether somebody whom one bound names may be within the others too: of accounts they must name the same. */
function satisfiesAll(caller: NamedPrincipal, bounds: Restriction[]): boolean {
  const same = (a?: string, b?: string) => a === undefined || b === undefined || a === b || hasUnresolved(a + b);
  return bounds.every(({ principals }) =>
    principals.some((one) => same(one.account, caller.account) && same(one.organization, caller.organization)),
  );
}

const MAX_NAMES = 5;

function describePrincipals(callers: NamedPrincipal[]): string {
  const names = [...new Set(callers.map(({ name }) => displayText(name)))];
  const rest = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
