import { Finding } from './finding';
import { FindingId } from '../finding-id';
import { ResourceStatement, busStatements, destinationStatements, functionStatements, thing, whatItAllows } from './resource-statements';
import { isUsualTopic } from './wildcard-principal';
import { World } from './world';
import { accountOf } from '../policy/arn';
import { RESOURCE_ACCOUNT, RESOURCE_ORGANIZATION } from '../policy/caller-conditions';
import { forEveryChoice } from '../policy/chosen-values';
import { Bound } from '../policy/openness';
import { Caller } from '../policy/principals';
import { hasUnknown, readable } from '../policy/text';

/** The accounts and organizations that may be let in, beside the account of each resource. */
export interface Trust {
  readonly accounts: ReadonlySet<string>;
  readonly organizations: ReadonlySet<string>;
  /** Whether some of them are told only at deployment, and may be any. */
  readonly partial: boolean;
}

/**
 * Statements that let in whom nobody trusts.
 *
 * Blind spots: which accounts are in a trusted organization, where a statement names one of them; who may assume a trusted role; topics that
 * EventBridge may publish to for any rule.
 */
export function untrustedPrincipals(world: World, trust: Trust): Finding[] {
  const all = [busStatements, functionStatements, destinationStatements].flatMap((statements) => statements(world));
  return all.flatMap((statement) => (isUsualTopic(statement) ? [] : judge(statement, world, trust)));
}

function judge(judged: ResourceStatement, world: World, trust: Trust): Finding[] {
  const { construct, id, statement, kind } = judged;
  const { to, because, bounds } = world.openness(statement);
  const what = whatItAllows(judged);
  const finding = (level: Finding['level'], message: string): Finding[] => [{ id: FindingId.UNTRUSTED_PRINCIPAL, level, construct, message }];
  if (to === 'anyone') return finding('error', `statement '${readable(id)}' lets callers of every AWS account ${what}, trusted or not: ${readable(because)}; ${kind.remedy}`);
  if (to !== 'named callers') return [];
  const verdicts = bounds.map((bound) => ({ bound, ...sorted(bound, trust, accountOf(judged.of)) }));
  if (verdicts.some(({ untrusted, open }) => untrusted.length === 0 && open.length === 0)) return [];
  const strangers = verdicts.map(({ bound, untrusted }) => ({ by: bound.by, callers: untrusted.filter((caller) => passes(caller, bounds)) }));
  const [named] = strangers.filter(({ callers }) => callers.length > 0);
  if (named && verdicts.every(({ untrusted }) => untrusted.length > 0)) {
    return finding('error', `statement '${readable(id)}' lets ${listed(named.callers)} ${what} (by ${named.by}), whom nobody trusts: `
      + `neither the account of the ${kind.thing}, nor in 'trustedAccounts' or 'trustedOrganizations'; take them out, or add them there`);
  }
  const [doubtful] = verdicts.filter(({ open }) => open.length > 0);
  if (!doubtful) return [];
  return finding('warning', `it cannot be told at synth whether ${listed(doubtful.open)}, whom statement '${readable(id)}' lets in on ${thing(judged)} (by ${doubtful.bound.by}), `
    + `is trusted; ${remedyFor(doubtful.bound.by)}`);
}

/** What makes certain who is let in, by the element or condition key that names the callers. */
function remedyFor(by: string): string {
  if (by.startsWith('aws:source')) return `write the account or organization out in '${by}'`;
  if (by.startsWith('aws:principalorg')) return `write the organization out in '${by}'`;
  return "write the account out, list all that it may be in 'trustedAccounts', or add a condition on 'aws:PrincipalOrgID'";
}

/** The callers of a bound that are not trusted, and those of which it cannot be told. */
function sorted({ callers }: Bound, trust: Trust, owner: string): { untrusted: Caller[]; open: Caller[] } {
  const verdicts = callers.map((caller) => ({ caller, trusted: isTrusted(caller, trust, owner) }));
  const having = (wanted?: boolean) => verdicts.filter(({ trusted }) => trusted === wanted).map(({ caller }) => caller);
  return { untrusted: having(false), open: having(undefined) };
}

function isTrusted({ account, organization }: Caller, trust: Trust, owner: string): boolean | undefined {
  if (account !== undefined) return forEveryChoice([account], (one) => isTrustedAccount(one, trust, owner));
  return organization === undefined ? undefined : forEveryChoice([organization], (one) => isTrustedOrganization(one, trust));
}

function isTrustedOrganization(organization: string, { organizations, partial }: Trust): boolean | undefined {
  if (organizations.has(organization)) return true;
  return partial || hasUnknown(organization) || organization.toLowerCase() === RESOURCE_ORGANIZATION.toLowerCase() ? undefined : false;
}

function isTrustedAccount(account: string, { accounts, partial }: Trust, owner: string): boolean | undefined {
  if (account === owner || account.toLowerCase() === RESOURCE_ACCOUNT.toLowerCase() || accounts.has(account)) return true;
  return partial || hasUnknown(account) || hasUnknown(owner) ? undefined : false;
}

/** Whether somebody whom one bound names may be within the others too: of accounts they must name the same. */
function passes(caller: Caller, bounds: Bound[]): boolean {
  const same = (a?: string, b?: string) => a === undefined || b === undefined || a === b || hasUnknown(a + b);
  return bounds.every(({ callers }) => callers.some((one) => same(one.account, caller.account) && same(one.organization, caller.organization)));
}

const NAMED = 5;

function listed(callers: Caller[]): string {
  const names = [...new Set(callers.map(({ name }) => readable(name)))];
  const rest = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
