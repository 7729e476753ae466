import { forEveryChoice } from './chosen-values';
import { equals } from './matching';
import { Json, isObject, listOf, wholeAccount } from './statement';
import { ANYTHING, mayBeAnyText, partsOf } from './text';
import { Truth, not, some } from './truth';

/** Who calls. */
export interface Calling {
  /** ARN of the calling principal; none for a service. */
  readonly principalArn?: string;
  readonly account?: string;
  /** Name of the calling service, such as events.amazonaws.com. */
  readonly service?: string;
}

/** Whether a statement is for who calls. */
export function principalFits(statement: { readonly [element: string]: Json }, request: Calling): Truth {
  const named = (principal: Json | undefined): Truth => {
    if (principal === '*') return true;
    if (!isObject(principal)) return undefined;
    const aws = some(listOf(principal.AWS), (value) => awsFits(value, request));
    if (aws || listOf(principal.Service).some((value) => value === '*' || value === request.service)) return true;
    return principal.Federated === undefined ? aws : undefined;
  };
  if (statement.NotPrincipal !== undefined) return not(named(statement.NotPrincipal));
  return statement.Principal === undefined ? true : named(statement.Principal);
}

/** An account lets in all its principals, a role or user only itself. */
function awsFits(value: string, { principalArn, account, service }: Calling): Truth {
  if (value === '*') return true;
  if (service !== undefined) return false;
  if (value === account || value === principalArn) return true;
  const owner = value.endsWith(':root') ? /^arn:[^:]*:iam::([^:]+):root$/.exec(value)?.[1] : undefined;
  if (owner !== undefined) return equals(owner, account ?? '');
  if (principalArn !== undefined && isSessionOf(value, principalArn)) return undefined;
  if (principalArn === ANYTHING && (account === ANYTHING || partsOf(value, ':')[4] === account)) return undefined;
  return mayBeAnyText(value) ? forEveryChoice([value], (one) => (mayBeAnyText(one) ? undefined : isOneOf(one, principalArn, account))) : false;
}

function isOneOf(principal: string, principalArn?: string, account?: string): Truth {
  return some([principalArn ?? '', account ?? ''], (caller) => equals(wholeAccount(principal) ?? principal, caller));
}

/** Whether a principal is a session of a role, of which the caller's may be one. */
function isSessionOf(principal: string, roleArn: string): boolean {
  const [, account, role] = /^arn:[^:]*:sts::([^:]*):assumed-role\/([^/]+)\//.exec(principal) ?? [];
  return role !== undefined && roleArn.includes(`:iam::${account}:role/`) && roleArn.endsWith(`/${role}`);
}
