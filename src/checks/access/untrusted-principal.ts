import { Finding, errorFinding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  describeAccess,
  eventStatements,
  isOwnAccount,
  isTopicStatementForEventBridge,
} from './resource-statements';
import { featureFlagFix, restrictPrincipals } from './restrict-principals';
import { AppIndex } from '../../app-model/app-index';
import { Restriction } from '../../iam/access-analysis';
import { accountOf } from '../../iam/arn';
import { evaluateForEveryValue } from '../../iam/chosen-values';
import { RESOURCE_ORGANIZATION } from '../../iam/principal-keys';
import { NamedPrincipal } from '../../iam/principals';
import { Ternary } from '../../iam/ternary';
import { hasUnresolved, displayText } from '../../iam/unresolved-text';

/** The accounts and organizations that may be allowed, in addition to the account of each resource. */
export interface TrustZone {
  readonly accounts: ReadonlySet<string>;
  readonly organizations: ReadonlySet<string>;
  /** Whether some of them are known only at deployment. */
  readonly hasUnresolved: boolean;
}

/**
 * Reports statements that allow principals that are not in the trust zone as errors, and statements that may do so as
 * warnings.
 *
 * Blind spots: accounts of a trusted organization, if a statement names one of them; principals that can assume a
 * trusted role; topics to which EventBridge may publish for any rule; other services that may use a function, queue or
 * topic.
 */
export function checkUntrustedPrincipals(app: AppIndex, trustZone: TrustZone): Finding[] {
  return eventStatements(app)
    .map((statement) => checkStatement(statement, app, trustZone))
    .filter((finding) => finding !== undefined);
}

function checkStatement(statement: ResourceStatement, app: AppIndex, trustZone: TrustZone): Finding | undefined {
  const { access, reason, restrictions } = app.accessOf(statement.statement);
  if (access === 'public') {
    return isTopicStatementForEventBridge(statement) ? undefined : publicFinding(statement, reason, app);
  }
  if (access !== 'named') return undefined;
  const owner = accountOf(statement.resourceArn);
  const partitions = restrictions.map((restriction) => partitionByTrust(restriction, trustZone, owner));
  // Every restriction applies, so one that has only trusted principals is enough.
  if (partitions.some(({ untrusted, unknown }) => untrusted.length === 0 && unknown.length === 0)) return undefined;
  if (partitions.every(({ untrusted }) => untrusted.length > 0)) {
    const allowed = firstUntrusted(partitions, restrictions);
    if (allowed) return untrustedFinding(statement, allowed);
  }
  const unknown = partitions.find((partition) => partition.unknown.length > 0);
  return unknown && unknownTrustFinding(statement, { key: unknown.key, principals: unknown.unknown });
}

/** The untrusted principals of the first restriction that has some which satisfy all other restrictions, too. */
function firstUntrusted(partitions: TrustPartition[], restrictions: Restriction[]): Restriction | undefined {
  return partitions
    .map(({ key, untrusted }) => ({
      key,
      principals: untrusted.filter((principal) => satisfiesAll(principal, restrictions)),
    }))
    .find(({ principals }) => principals.length > 0);
}

function publicFinding(statement: ResourceStatement, reason: string, app: AppIndex): Finding {
  const { construct, id, resourceArn } = statement;
  const problem =
    `statement '${displayText(id)}' allows any AWS account, trusted or not, to ` + describeAccess(statement);
  const fix = featureFlagFix(app, statement) ?? restrictPrincipals(statement);
  const text = { problem, reason: displayText(reason), fix };
  return errorFinding(FindingId.UNTRUSTED_PRINCIPAL, construct, text, resourceArn);
}

function untrustedFinding(statement: ResourceStatement, { key, principals }: Restriction): Finding {
  const { construct, id, resourceArn } = statement;
  const { names, be, them } = describePrincipals(principals);
  const problem =
    `statement '${displayText(id)}' allows ${names}, which ${be} not in 'trustedAccounts' or ` +
    `'trustedOrganizations', to ${describeAccess(statement)}`;
  const fix = `remove the principal, or ${trust(principals)}`;
  const text = { problem, reason: `the statement lists ${them} in ${describeElement(key)}`, fix };
  return errorFinding(FindingId.UNTRUSTED_PRINCIPAL, construct, text, resourceArn);
}

/** How to trust principals: by their accounts, or else by their organizations. */
function trust(principals: NamedPrincipal[]): string {
  const accounts = namesOf(principals.map(({ account }) => account));
  const organizations = namesOf(principals.map(({ account, organization }) => account ?? organization));
  const its = accounts.length === 1 ? 'its' : 'their';
  return accounts.length > 0
    ? `add ${accounts.join(', ')} to 'trustedAccounts', or ${its} organization to 'trustedOrganizations'`
    : `add ${organizations.join(', ')} to 'trustedOrganizations'`;
}

function namesOf(values: (string | undefined)[]): string[] {
  const defined = values.filter((value) => value !== undefined);
  return [...new Set(defined)].map((value) => `'${displayText(value)}'`);
}

function unknownTrustFinding(statement: ResourceStatement, { key, principals }: Restriction): Finding {
  const { construct, id, resourceArn } = statement;
  const { names, be, them } = describePrincipals(principals);
  const problem =
    `cannot determine at synthesis whether ${names}, which statement '${displayText(id)}' allows to ` +
    `${describeAccess(statement)}, ${be} trusted`;
  const text = {
    problem,
    reason: `the statement lists ${them} in ${describeElement(key)}`,
    fix: fixForUnknownTrust(key),
  };
  return warningFinding(FindingId.UNTRUSTED_PRINCIPAL, construct, text, resourceArn);
}

function describeElement(key: string): string {
  return key === 'Principal' ? "element 'Principal'" : `the condition on '${spellingOf(key)}'`;
}

/** The keys as AWS spells them. The index of a policy has them in lower case, because IAM ignores the case. */
const SPELLINGS = [
  ...['aws:PrincipalAccount', 'aws:PrincipalOrgID', 'aws:PrincipalOrgPaths', 'aws:PrincipalArn', 'aws:userid'],
  ...['aws:SourceAccount', 'aws:SourceOwner', 'aws:SourceArn', 'aws:SourceOrgID', 'aws:SourceOrgPaths'],
  'lambda:EventSourceToken',
];

function spellingOf(key: string): string {
  return SPELLINGS.find((spelling) => spelling.toLowerCase() === key) ?? key;
}

function fixForUnknownTrust(key: string): string {
  if (key.startsWith('aws:source')) {
    return "compare 'aws:SourceAccount' or 'aws:SourceOrgID' with a literal value";
  }
  if (key.startsWith('aws:principalorg')) return `use a literal organization in '${spellingOf(key)}'`;
  return (
    "use a literal account, list all accounts that it can be in 'trustedAccounts', or add an 'aws:PrincipalOrgID' " +
    'condition'
  );
}

const MAX_NAMES = 5;

interface PrincipalNames {
  readonly names: string;
  readonly be: 'is' | 'are';
  readonly them: 'it' | 'them';
}

/** The names of principals, and the verb and pronoun that agree with them. */
function describePrincipals(principals: NamedPrincipal[]): PrincipalNames {
  const names = [...new Set(principals.map(({ name }) => displayText(name)))];
  const rest = names.length - MAX_NAMES;
  return {
    names: names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` and ${rest} more` : ''),
    ...(names.length === 1 ? { be: 'is', them: 'it' } : { be: 'are', them: 'them' }),
  };
}

/** The principals of a restriction that are not trusted, and those of which this is unknown. */
interface TrustPartition {
  readonly key: string;
  readonly untrusted: NamedPrincipal[];
  readonly unknown: NamedPrincipal[];
}

function partitionByTrust({ key, principals }: Restriction, trustZone: TrustZone, owner: string): TrustPartition {
  const untrusted: NamedPrincipal[] = [];
  const unknown: NamedPrincipal[] = [];
  for (const principal of principals) {
    const trusted = isTrusted(principal, trustZone, owner);
    if (trusted === false) untrusted.push(principal);
    if (trusted === undefined) unknown.push(principal);
  }
  return { key, untrusted, unknown };
}

function isTrusted({ account, organization }: NamedPrincipal, trustZone: TrustZone, owner: string): Ternary {
  if (account !== undefined) {
    return evaluateForEveryValue([account], (value) => isTrustedAccount(value, trustZone, owner));
  }
  if (organization === undefined) return undefined;
  return evaluateForEveryValue([organization], (value) => isTrustedOrganization(value, trustZone));
}

function isTrustedOrganization(organization: string, trustZone: TrustZone): Ternary {
  if (trustZone.organizations.has(organization)) return true;
  const isResourceOrganization = organization.toLowerCase() === RESOURCE_ORGANIZATION.toLowerCase();
  return trustZone.hasUnresolved || hasUnresolved(organization) || isResourceOrganization ? undefined : false;
}

function isTrustedAccount(account: string, trustZone: TrustZone, owner: string): Ternary {
  if (isOwnAccount(account, owner) || trustZone.accounts.has(account)) return true;
  return trustZone.hasUnresolved || hasUnresolved(account) || hasUnresolved(owner) ? undefined : false;
}

/** Whether each restriction has a principal that may be the given one: of the same account and organization. */
function satisfiesAll({ account, organization }: NamedPrincipal, restrictions: Restriction[]): boolean {
  return restrictions.every(({ principals }) =>
    principals.some(
      (principal) => mayBeSame(principal.account, account) && mayBeSame(principal.organization, organization),
    ),
  );
}

function mayBeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b || hasUnresolved(a) || hasUnresolved(b);
}
