import { Json, getOwn, toList } from './statement';
import { PLACEHOLDER, hasUnresolved, unresolved } from './unresolved-text';

/** A value of a `Principal` element that AWS rejects, whatever its unresolved parts are at deployment. */
export interface InvalidPrincipal {
  /** The type of the principal, such as `AWS`. */
  readonly type: string;
  readonly value: string;
  readonly fault: PrincipalFault;
}

export type PrincipalFault =
  /** There is no such type. */
  | 'type'
  /** It is no account ID, ARN or service. */
  | 'format'
  /** The account in the ARN is none. */
  | 'account'
  /** The ARN is that of a resource that is no principal. */
  | 'resource'
  /** A service with the type of an account. */
  | 'service'
  | 'wildcard';

/**
 * Finds the principals that AWS rejects. A wildcard in the account of an ARN is not among them, because it is analyzed
 * as public access.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function invalidPrincipalsOf(principal: { readonly [type: string]: Json }): InvalidPrincipal[] {
  const invalid: InvalidPrincipal[] = [];
  for (const [type, values] of Object.entries(principal)) {
    if (hasUnresolved(type)) continue;
    for (const value of toList(values)) {
      const fault = faultOf(type, value);
      if (fault) invalid.push({ type, value, fault });
    }
  }
  return invalid;
}

function faultOf(type: string, value: string): PrincipalFault | undefined {
  if (!TYPES.includes(type)) return 'type';
  if (type === 'AWS') return faultOfAwsPrincipal(value);
  const isService = type !== 'Service' || hasUnresolved(value) || SERVICE.test(value) || /[*?]/.test(value);
  return isService ? undefined : 'format';
}

const TYPES: readonly string[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

function faultOfAwsPrincipal(value: string): PrincipalFault | undefined {
  if (value.startsWith('arn:')) return faultOfArn(value);
  if (value === '*' || hasUnresolved(value) || ACCOUNT_OR_UNIQUE_ID.test(value)) return undefined;
  return SERVICE.test(value) && value.includes('.amazon') ? 'service' : 'format';
}

/** An account, or the unique ID that AWS writes in place of a deleted role or user. */
const ACCOUNT_OR_UNIQUE_ID = /^(\d{12}|A[A-Z0-9]{15,})$/;

/** Parts of an ARN are compared if the text before them is literal, because a placeholder can contain several parts. */
function faultOfArn(arn: string): PrincipalFault | undefined {
  if (ORDINARY_ARN.test(arn)) return undefined;
  const literal = arn.split('‹')[0];
  // Analyzed as public access.
  if (/^arn:[^:]*:[^:]*:[^:]*:[^:]*[*?$]/.test(literal)) return undefined;
  const service = /^arn:[^:]*:([^:]*):/.exec(literal)?.[1];
  if (service !== undefined && !/^(iam|sts)$/.test(service)) return 'resource';
  const account = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):/.exec(literal)?.[1];
  if (account !== undefined && !ACCOUNTS.test(account)) return 'account';
  const kind = /^(?:[^:]*:){5}([^:/]+)\//.exec(literal)?.[1];
  if (kind !== undefined && !getOwn(KINDS, service ?? '')?.includes(kind)) return 'resource';
  if (/[*?]/.test(arn.replace(PLACEHOLDER, unresolved('')))) return 'wildcard';
  return hasUnresolved(arn) || PRINCIPAL_ARN.test(arn) ? undefined : 'format';
}

/** The literal ARN of an account, role or user, which most principals are. */
const ORDINARY_ARN = /^arn:[a-z-]+:iam::\d{12}:(root|(role|user)\/[^*?$‹\s]+)$/;

/** The accounts in ARNs of principals. Amazon CloudFront has users in an account of its own. */
const ACCOUNTS = /^(\d{12}|aws|cloudfront)$/;

const KINDS: { readonly [service: string]: readonly string[] } = {
  iam: ['role', 'user'],
  sts: ['assumed-role', 'federated-user'],
};

const PRINCIPAL_ARN =
  /^arn:[^:]+:(iam::[^:]+:(root|(role|user)\/.+)|sts::[^:]+:(self|assumed-role\/[^/]+\/.+|federated-user\/.+))$/;
