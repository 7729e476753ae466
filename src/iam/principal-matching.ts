import { accountOf } from './arn';
import { evaluateForEveryValue } from './chosen-values';
import { equals } from './matching';
import { Json, Statement, isObject, toList, accountOfRoot } from './statement';
import { Ternary, not, some } from './ternary';
import { ANYTHING, mayEqualAnyText } from './unresolved-text';

/** The principal that makes a call. */
export interface CallingIdentity {
  /** ARN of the role or user; undefined for a service. */
  readonly principalArn?: string;
  readonly account?: string;
  /** Name of the service principal, such as events.amazonaws.com. */
  readonly service?: string;
}

/** Whether the `Principal` or `NotPrincipal` element of a statement matches. Identity-based policies have neither. */
export function matchPrincipal({ Principal, NotPrincipal }: Statement, identity: CallingIdentity): Ternary {
  if (NotPrincipal !== undefined) return not(matchPrincipalElement(NotPrincipal, identity));
  return Principal === undefined ? true : matchPrincipalElement(Principal, identity);
}

function matchPrincipalElement(principal: Json, identity: CallingIdentity): Ternary {
  if (principal === '*') return true;
  if (!isObject(principal)) return undefined;
  const aws = some(toList(principal.AWS), (value) => matchAwsPrincipal(value, identity));
  const service = some(toList(principal.Service), (value) => matchService(value, identity));
  if (aws || service) return true;
  return principal.Federated === undefined && service === false ? aws : undefined;
}

function matchService(value: string, { service }: CallingIdentity): Ternary {
  if (value === '*') return true;
  return service === undefined ? false : equals(value, service);
}

/** Whether an AWS principal matches. An account matches all of its principals, a role or user only itself. */
function matchAwsPrincipal(value: string, { principalArn, account, service }: CallingIdentity): Ternary {
  if (value === '*') return true;
  if (service !== undefined) return false;
  if (value === account || value === principalArn) return true;
  if (ACCOUNT_ROOT.test(value)) return equals(accountOf(value), account ?? '');
  if (principalArn !== undefined && isSessionOf(value, principalArn)) return undefined;
  // The call is by any principal of an account.
  if (principalArn === ANYTHING && (account === ANYTHING || accountOf(value) === account)) return undefined;
  return mayEqualAnyText(value)
    ? evaluateForEveryValue([value], (candidate) => matchesIdentity(candidate, principalArn, account))
    : false;
}

/** The ARN of the root of an account. A placeholder in it can contain colons. */
const ACCOUNT_ROOT = /^arn:[^:]*:iam::(?:[^:‹]|‹[^›]*›)+:root$/;

function matchesIdentity(principal: string, principalArn = '', account = ''): Ternary {
  return some([principalArn, account], (value) => equals(accountOfRoot(principal) ?? principal, value));
}

/** Whether a principal is a session of a role. It is unknown whether a call with that role has this session. */
function isSessionOf(principal: string, roleArn: string): boolean {
  if (!principal.includes(':assumed-role/')) return false;
  const [, account, role] = /^arn:[^:]*:sts::([^:]*):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  return role !== undefined && roleArn.includes(`:iam::${account}:role/`) && roleArn.endsWith(`/${role}`);
}
