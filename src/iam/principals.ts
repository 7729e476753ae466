import { parseArn } from './arn';
import { accountOfPartlyKnown, isOfForm } from './chosen-values';
import { isWebIdentity } from './identity-providers';
import { Json, Statement, isObject, toList, getOwn, accountOfRoot } from './statement';
import { OWN_ACCOUNT, PLACEHOLDER, hasUnresolved, isAttribute, unresolved } from './unresolved-text';

/** A principal that a statement names, with its account or organization if they are known. */
export interface NamedPrincipal {
  /** For messages: `account 111111111111`, `organization o-a1b2c3d4e5`, or an ARN. */
  readonly name: string;
  readonly account?: string;
  readonly organization?: string;
}

/** The principals in the `Principal` element of a statement. Its conditions can restrict them. */
export type Principals =
  /** Any AWS account. */
  | { readonly kind: 'public'; readonly reason: string }
  /** A principal that AWS rejects, or that cannot be read. */
  | { readonly kind: 'invalid'; readonly reason: string }
  | ListedPrincipals;

export interface ListedPrincipals {
  readonly kind: 'listed';
  /** Service principals. They act on behalf of any AWS account. */
  readonly services: string[];
  /** Principals whose account is known only at deployment. */
  readonly unresolved: string[];
  readonly named: NamedPrincipal[];
}

/** A value of a `Principal` element, with its type such as `AWS`. */
interface TypedPrincipal {
  readonly type: string;
  readonly value: string;
}

export function principalsOf({ Principal, NotPrincipal }: Statement): Principals {
  if (NotPrincipal !== undefined) {
    return { kind: 'public', reason: "'NotPrincipal' matches every principal that it does not list" };
  }
  if (Principal === '*') return { kind: 'public', reason: "the principal is '*'" };
  const principals = typedPrincipalsOf(Principal);
  const wildcard = principals.find(isWildcard);
  if (wildcard) return { kind: 'public', reason: `the principal is '${wildcard.value}'` };
  const invalidReason = reasonInvalid(Principal, principals);
  if (invalidReason !== undefined) return { kind: 'invalid', reason: invalidReason };
  const provider = principals.find(isSharedProvider);
  return provider ? { kind: 'public', reason: providerReason(provider) } : listedPrincipals(principals);
}

function typedPrincipalsOf(principal: Json | undefined): TypedPrincipal[] {
  if (!isObject(principal)) return [];
  return Object.entries(principal).flatMap(([type, values]) => toList(values).map((value) => ({ type, value })));
}

/** Why AWS rejects a principal, or why it cannot be read. */
function reasonInvalid(element: Json | undefined, principals: TypedPrincipal[]): string | undefined {
  if (principals.length === 0) return `its principal is invalid: ${JSON.stringify(element ?? null)}`;
  const invalid = principals.find(isInvalid);
  if (invalid) return `its principal is invalid: ${JSON.stringify({ [invalid.type]: invalid.value })}`;
  const partial = principals.find(({ value }) => /[*?]/.test(withBlankPlaceholders(value)));
  if (!partial) return undefined;
  return (
    `principal '${partial.value}' contains a wildcard, which AWS rejects ` +
    "(name its account, and add an 'aws:PrincipalArn' condition)"
  );
}

function isInvalid({ type, value }: TypedPrincipal): boolean {
  return !getOwn(PRINCIPAL_FORMATS, type)?.test(value) && !hasUnresolved(value);
}

/** The formats of principals by type. AWS replaces a deleted role or user with its unique ID, such as `AROA…`. */
const PRINCIPAL_FORMATS: { readonly [type: string]: RegExp } = {
  AWS: /^(\d{12}|arn:.+|A[A-Z0-9]{15,})$/,
  Service: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  Federated: /./,
  CanonicalUser: /./,
};

/** Whether a principal is an identity provider whose users are not all in one account. */
function isSharedProvider({ type, value }: TypedPrincipal): boolean {
  return type === 'Federated' && isWebIdentity(value) && !hasUnresolved(value.split('/')[0]);
}

function providerReason({ value }: TypedPrincipal): string {
  return value.startsWith('arn:')
    ? `any user of identity provider '${value}' can authenticate`
    : `identity provider '${value}' authenticates users of any AWS account`;
}

function listedPrincipals(principals: TypedPrincipal[]): ListedPrincipals {
  const services: string[] = [];
  const unresolvedPrincipals: string[] = [];
  const named: NamedPrincipal[] = [];
  for (const principal of principals) {
    if (principal.type === 'Service') services.push(principal.value);
    else if (isUnresolvedPrincipal(principal)) unresolvedPrincipals.push(principal.value);
    else named.push(namedPrincipal(principal.value));
  }
  return { kind: 'listed', services, unresolved: unresolvedPrincipals, named };
}

/** Whether the account of a principal, or the identity provider, is known only at deployment. */
function isUnresolvedPrincipal({ type, value }: TypedPrincipal): boolean {
  if (!hasUnresolved(value) || isAttribute(value)) return false;
  return mayBeInAnyAccount(value) || (type === 'Federated' && isOfForm(value, 'arn'));
}

function mayBeInAnyAccount(value: string): boolean {
  if (isOfForm(value, 'account', 'arn') || hasOneAccount(value)) return false;
  const account = value.startsWith('arn:') ? parseArn(value)?.account : value;
  return account === undefined || (hasUnresolved(account) && account !== OWN_ACCOUNT && !isOfForm(account, 'account'));
}

/** Whether a principal is an ARN of IAM whose account is one value. AWS rejects a wildcard in it. */
function hasOneAccount(value: string): boolean {
  const { service, account = '' } = parseArn(value) ?? {};
  return service === 'iam' && /^‹[^‹›]*›$/.test(account);
}

/** The principal that an account ID or ARN names. */
export function namedPrincipal(value: string): NamedPrincipal {
  const rootAccount = accountOfRoot(value);
  if (rootAccount !== undefined) return { name: `account ${rootAccount}`, account: rootAccount };
  if (isOfForm(value, 'account')) return { name: `account ${value}`, account: value };
  const account = accountIn(value);
  return /^\d{12}$/.test(account) || hasUnresolved(account) ? { name: value, account } : { name: value };
}

function accountIn(arn: string): string {
  return isOfForm(arn, 'arn') ? accountOfPartlyKnown(arn) : (parseArn(arn)?.account ?? '');
}

/** The text with an empty placeholder in place of each placeholder, whose description can contain wildcards. */
function withBlankPlaceholders(value: string): string {
  return hasUnresolved(value) ? value.replace(PLACEHOLDER, unresolved('')) : value;
}

/**
 * Whether a principal includes principals in any account: `*`, an ARN with a wildcard in its account, or, for types
 * other than `AWS`, text with `*` that is not an ARN.
 */
function isWildcard({ type, value }: TypedPrincipal): boolean {
  const text = withBlankPlaceholders(value);
  if (text === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*[*?]/.test(text)) return true;
  return ['Service', 'Federated', 'CanonicalUser'].includes(type) && !text.startsWith('arn:') && text.includes('*');
}
