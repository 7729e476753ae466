import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { warnManualStep } from '../../checks/engine/manual-step-warning';
import { FindingId } from '../../checks/finding-id';
import { compareEnvironments, readNow } from '../../core/environment';
import { isImmutable } from '../../core/ownership';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { identityStatement } from '../../eventbridge/role-statements';
import { Conditions } from '../../iam/conditions';
import { isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';

/** The role or user itself, if the app has it as a construct, also behind conditions and session tags. */
export function roleConstructOf(
  principal: iam.IPrincipal & { wrapped?: iam.IPrincipal },
): (iam.IPrincipal & Construct) | undefined {
  if (Construct.isConstruct(principal)) return principal as iam.IPrincipal & Construct;
  return principal.wrapped && roleConstructOf(principal.wrapped);
}

/** The identity half of a grant, with a warning where it cannot be written from here. */
export function grantIdentity(bus: Construct, grantee: iam.IGrantable, arn: string): iam.Grant {
  const principal = grantee.grantPrincipal;
  const holder = roleConstructOf(principal);
  const foreign = holder !== undefined && isOfOtherAccount(holder);
  const fixed = holder !== undefined && (foreign || isImmutable(holder));
  if (holder && !fixed) {
    rejectAfterSynthesis(holder, bus, 'grantee', {
      must: 'get its grants',
      got: `one after that for '${holder.node.path}', which its template does not have`,
    });
  }
  const identity = foreign
    ? iam.Grant.drop(grantee, 'its policies cannot be changed from here')
    : iam.Grant.addToPrincipal({
        grantee,
        actions: ['events:PutEvents'],
        resourceArns: [arn],
        conditions: conditionsOf(principal),
      });
  const missing = identity.success ? [] : principalArnsIn(bus, principal);
  const without = fixed ? [holder.node.path] : missing;
  for (const name of without) warnManualIdentityPolicy(bus, name, arn);
  return identity;
}

/** Imported, from another account than its stack for all that is known: its policies cannot be changed from here. */
function isOfOtherAccount(principal: iam.IPrincipal & Construct): boolean {
  return (
    principal.principalAccount !== undefined &&
    compareEnvironments(principal.principalAccount, Stack.of(principal).account) !== 'same'
  );
}

/**
 * The conditions that a principal comes with limit its identity policy too. Some that can have one cannot be named in a
 * statement.
 */
function conditionsOf(principal: iam.IPrincipal): Conditions {
  try {
    return principal.policyFragment.conditions as Conditions;
  } catch {
    return {};
  }
}

/**
 * The roles and users that a principal names: each needs an identity policy. Accounts and organizations see to theirs,
 * services need none.
 */
function principalArnsIn(bus: Construct, principal: iam.IPrincipal): string[] {
  const named = readNow(bus, () => principal.policyFragment.principalJson);
  return toList(isObject(named) ? named.AWS : undefined)
    .filter((value) => /:(role|user)\//.test(value))
    .map(displayText);
}

function warnManualIdentityPolicy(bus: Construct, name: string, arn: string): void {
  const statement = identityStatement('events:PutEvents', arn);
  warnManualStep(bus, FindingId.MANUALLY_ADD_ROLE_POLICY, (text) => ({
    problem:
      `'${name}' cannot put events until an identity policy in its own account, which cannot be ` +
      'changed from here, allows it',
    fix: `add this statement: ${text(statement)}`,
  }));
}
