import { accountOfPartlyKnown, isOfForm } from './chosen-values';
import { isWebIdentity } from './identity-providers';
import { Json, isObject, toList, getOwn, accountOfRoot } from './statement';
import { OWN_ACCOUNT, hasUnresolved, isAttribute, splitText, unresolved } from './unresolved-text';

/** Somebody that a statement names, and whose it is as far as that is said. */
export interface NamedPrincipal {
  /** For messages: `account 111111111111`, `organization o-a1b2c3d4e5`, or an ARN. */
  readonly name: string;
  readonly account?: string;
  readonly organization?: string;
}

/** Whom the principal of a statement stands for, before its conditions. */
export interface Principals {
  /** Why AWS or a reader can make nothing of it. */
  readonly invalidReason?: string;
  /** Why it stands for everybody. */
  readonly publicReason?: string;
  /** Services, each of which acts for every account. */
  readonly services: string[];
  /** What only deployment tells. */
  readonly unknown: string[];
  readonly named: NamedPrincipal[];
}

export function principalsOf({ Principal, NotPrincipal }: { readonly [key: string]: Json }): Principals {
  const nobody = { services: [], unknown: [], named: [] };
  if (NotPrincipal !== undefined) {
    return { ...nobody, publicReason: 'NotPrincipal lets in everyone but those it names' };
  }
  if (Principal === '*') return { ...nobody, publicReason: "Principal '*'" };
  const parts = isObject(Principal)
    ? Object.entries(Principal).flatMap(([type, values]) => toList(values).map((value) => ({ type, value })))
    : [];
  const wild = parts.find(isWildcard);
  if (wild) return { ...nobody, publicReason: `Principal '${wild.value}'` };
  // AWS refuses most of what it does not know, but nobody is named by it.
  const strange = parts.find(
    ({ type, value }) => !getOwn(PRINCIPAL_FORMATS, type)?.test(value) && !hasUnresolved(value),
  );
  if (parts.length === 0 || strange) {
    const what = JSON.stringify(strange ? { [strange.type]: strange.value } : (Principal ?? null));
    return { ...nobody, invalidReason: `its principal cannot be read: ${what}` };
  }
  const partial = parts.find(({ value }) => /[*?]/.test(withBlankPlaceholders(value)));
  if (partial) {
    return {
      ...nobody,
      invalidReason:
        `AWS takes no wildcard within principal '${partial.value}': name its account, and compare ` +
        "'aws:PrincipalArn' in a condition",
    };
  }
  const provider = parts.find(
    ({ type, value }) => type === 'Federated' && isWebIdentity(value) && !hasUnresolved(value.split('/')[0]),
  );
  const others = parts.filter(({ type }) => type !== 'Service');
  return {
    ...(provider && {
      publicReason:
        `identity provider '${provider.value}' serves ` +
        `${provider.value.startsWith('arn:') ? 'whoever it knows' : 'every account'}`,
    }),
    services: parts.filter(({ type }) => type === 'Service').map(({ value }) => value),
    unknown: others.filter(isUnresolvedPrincipal).map(({ value }) => value),
    named: others.filter((one) => !isUnresolvedPrincipal(one)).map(({ value }) => namedPrincipal(value)),
  };
}

/** Whether deployment decides whom a principal stands for: of an identity provider, that are all whom it knows. */
function isUnresolvedPrincipal({ type, value }: { type: string; value: string }): boolean {
  if (!hasUnresolved(value) || isAttribute(value)) return false;
  return mayBeOfAnyAccount(value) || (type === 'Federated' && isOfForm(value, 'arn'));
}

/** Whether deployment decides of which account a principal is. */
function mayBeOfAnyAccount(value: string): boolean {
  if (isOfForm(value, 'account', 'arn')) return false;
  const account = value.startsWith('arn:') ? splitText(value, ':')[4] : value;
  return account === undefined || (hasUnresolved(account) && account !== OWN_ACCOUNT && !isOfForm(account, 'account'));
}

/** What an ARN or account id names. */
export function namedPrincipal(value: string): NamedPrincipal {
  const whole = accountOfRoot(value);
  if (whole !== undefined) return { name: `account ${whole}`, account: whole };
  if (isOfForm(value, 'account')) return { name: `account ${value}`, account: value };
  const account = accountIn(value);
  return account !== undefined && (/^\d{12}$/.test(account) || hasUnresolved(account))
    ? { name: value, account }
    : { name: value };
}

function accountIn(arn: string): string | undefined {
  if (isOfForm(arn, 'arn')) return accountOfPartlyKnown(arn);
  return arn.startsWith('arn:') ? splitText(arn, ':')[4] : undefined;
}

/** Types of principals, and the forms of their values. A unique id stands for a role or user that was deleted. */
const PRINCIPAL_FORMATS: { readonly [type: string]: RegExp } = {
  AWS: /^(\d{12}|arn:.+|A[A-Z0-9]{15,})$/,
  Service: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  Federated: /./,
  CanonicalUser: /./,
};

/** With nothing in the parts that only deployment tells. */
function withBlankPlaceholders(value: string): string {
  return hasUnresolved(value) ? value.replace(/‹[^›]*›/g, unresolved('')) : value;
}

/** A wildcard alone, anywhere in what is no ARN of an account, or in the account of an ARN. */
function isWildcard({ type, value }: { type: string; value: string }): boolean {
  const text = withBlankPlaceholders(value);
  if (text === '*' || /^arn:[^:]*:[^:]*:[^:]*:[^:]*[*?]/.test(text)) return true;
  return ['Service', 'Federated', 'CanonicalUser'].includes(type) && !text.startsWith('arn:') && text.includes('*');
}
