import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { FindingId } from '../../finding-id';
import { Conditions } from '../../policy/conditions';
import { identityStatement } from '../../policy/roles';
import { isObject, listOf } from '../../policy/statement';
import { readable } from '../../policy/text';
import { compare, readNow } from '../environment';
import { warnOfOutside } from '../outside';
import { isImmutable } from '../owned';
import { refuseLate } from '../synthesized';

/** The role or user itself, if the app has it as a construct, also behind conditions and session tags. */
export function holderOf(principal: iam.IPrincipal & { wrapped?: iam.IPrincipal }): (iam.IPrincipal & Construct) | undefined {
  if (Construct.isConstruct(principal)) return principal as iam.IPrincipal & Construct;
  return principal.wrapped && holderOf(principal.wrapped);
}

/** The identity half of a grant, with a warning where it cannot be written from here. */
export function grantIdentity(bus: Construct, grantee: iam.IGrantable, arn: string): iam.Grant {
  const principal = grantee.grantPrincipal;
  const holder = holderOf(principal);
  const foreign = holder !== undefined && isOfOtherAccount(holder);
  const fixed = holder !== undefined && (foreign || isImmutable(holder));
  if (holder && !fixed) {
    refuseLate(holder, bus, 'grantee', { must: 'get its grants', got: `one after that for '${holder.node.path}', which its template does not have` });
  }
  const identity = foreign
    ? iam.Grant.drop(grantee, 'its policies cannot be changed from here')
    : iam.Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns: [arn], conditions: conditionsOf(principal) });
  const without = fixed ? [holder.node.path] : identity.success ? [] : namedBy(bus, principal);
  for (const name of without) warnOfIdentityHalf(bus, name, arn);
  return identity;
}

/** Imported, from another account than its stack for all that is known: its policies cannot be changed from here. */
function isOfOtherAccount(principal: iam.IPrincipal & Construct): boolean {
  return principal.principalAccount !== undefined && compare(principal.principalAccount, Stack.of(principal).account) !== 'same';
}

/** The conditions that a principal comes with limit its identity policy too. Some that can have one cannot be named in a statement. */
function conditionsOf(principal: iam.IPrincipal): Conditions {
  try {
    return principal.policyFragment.conditions as Conditions;
  } catch {
    return {};
  }
}

/** The roles and users that a principal names: each needs an identity policy. Accounts and organizations see to theirs, services need none. */
function namedBy(bus: Construct, principal: iam.IPrincipal): string[] {
  const named = readNow(bus, () => principal.policyFragment.principalJson);
  return listOf(isObject(named) ? named.AWS : undefined).filter((value) => /:(role|user)\//.test(value)).map(readable);
}

function warnOfIdentityHalf(bus: Construct, name: string, arn: string): void {
  const statement = identityStatement('events:PutEvents', arn);
  warnOfOutside(bus, FindingId.ROLE_GRANT_ELSEWHERE,
    (text) => `'${name}' cannot put events until an identity policy in its own account, which cannot be changed from here, has this statement: ${text(statement)}`);
}
