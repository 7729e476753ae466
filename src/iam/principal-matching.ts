import { evaluateForEveryValue } from './chosen-values';
import { equals } from './matching';
import { Json, isObject, toList, accountOfRoot } from './statement';
import { Ternary, not, some } from './ternary';
import { ANYTHING, mayEqualAnyText, splitText } from './unresolved-text';

/** Who calls. */
export interface CallingIdentity {
  /** ARN of the calling principal; none for a service. */
  readonly principalArn?: string;
  readonly account?: string;
  /** Name of the calling service, such as events.amazonaws.com. */
  readonly service?: string;
}

/** Whether a statement is for who calls. */
export function matchPrincipal(statement: { readonly [element: string]: Json }, request: CallingIdentity): Ternary {
  const named = (principal: Json | undefined): Ternary => {
    if (principal === '*') return true;
    if (!isObject(principal)) return undefined;
    const aws = some(toList(principal.AWS), (value) => matchAwsPrincipal(value, request));
    if (aws || toList(principal.Service).some((value) => value === '*' || value === request.service)) return true;
    return principal.Federated === undefined ? aws : undefined;
  };
  if (statement.NotPrincipal !== undefined) return not(named(statement.NotPrincipal));
  return statement.Principal === undefined ? true : named(statement.Principal);
}

/** An account lets in all its principals, a role or user only itself. */
function matchAwsPrincipal(value: string, { principalArn, account, service }: CallingIdentity): Ternary {
  if (value === '*') return true;
  if (service !== undefined) return false;
  if (value === account || value === principalArn) return true;
  const owner = value.endsWith(':root') ? /^arn:[^:]*:iam::([^:]+):root$/.exec(value)?.[1] : undefined;
  if (owner !== undefined) return equals(owner, account ?? '');
  if (principalArn !== undefined && isSessionOf(value, principalArn)) return undefined;
  if (principalArn === ANYTHING && (account === ANYTHING || splitText(value, ':')[4] === account)) return undefined;
  return mayEqualAnyText(value) ? evaluateForEveryValue([value], (one) => isOneOf(one, principalArn, account)) : false;
}

function isOneOf(principal: string, principalArn?: string, account?: string): Ternary {
  return some([principalArn ?? '', account ?? ''], (caller) => equals(accountOfRoot(principal) ?? principal, caller));
}

/** Whether a principal is a session of a role, of which the caller's may be one. */
function isSessionOf(principal: string, roleArn: string): boolean {
  const [, account, role] = /^arn:[^:]*:sts::([^:]*):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  return role !== undefined && roleArn.includes(`:iam::${account}:role/`) && roleArn.endsWith(`/${role}`);
}
