import { Resource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { untilAllowed, warnManualStep } from '../../checks/engine/warn-manual-step';
import { FindingId } from '../../checks/finding-id';
import { compareEnvironments, readNow } from '../../core/environment';
import { isImmutable } from '../../core/ownership';
import { rejectAfterSynthesis } from '../../core/synthesized-stages';
import { identityStatement } from '../../eventbridge/role-statements';
import { Conditions } from '../../iam/conditions';
import { isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';

/** A role or user that is a construct. */
type RoleConstruct = iam.IPrincipal & Construct;

/** The role or user construct that a principal is or wraps, with conditions or session tags for example. */
export function roleConstructOf(principal: iam.IPrincipal & { wrapped?: iam.IPrincipal }): RoleConstruct | undefined {
  if (Construct.isConstruct(principal)) return principal as RoleConstruct;
  return principal.wrapped && roleConstructOf(principal.wrapped);
}

/** The account of a principal, or of the resource that has it, such as a function. */
export function accountOfGrantee(grantee: iam.IGrantable): string | undefined {
  const { principalAccount } = grantee.grantPrincipal;
  if (principalAccount !== undefined) return principalAccount;
  return Construct.isConstruct(grantee) && Resource.isResource(grantee) ? grantee.env.account : undefined;
}

/** Adds a grant to the identity-based policy of the grantee, or a warning if the app cannot change that policy. */
export function grantIdentity(bus: Construct, grantee: iam.IGrantable, arn: string): iam.Grant {
  const principal = grantee.grantPrincipal;
  const role = roleConstructOf(principal);
  const isCrossAccount = role !== undefined && isCrossAccountImport(role);
  const isUnchangeable = role !== undefined && (isCrossAccount || isImmutable(role));
  if (role && !isUnchangeable) {
    rejectAfterSynthesis(role, bus, 'grantee', {
      must: 'be granted access',
      got: `a later grant for '${role.node.path}', which its template does not contain`,
    });
  }
  const grant = isCrossAccount
    ? iam.Grant.drop(grantee, 'this app cannot change the identity-based policy of the grantee')
    : iam.Grant.addToPrincipal({
        grantee,
        actions: ['events:PutEvents'],
        resourceArns: [arn],
        conditions: conditionsOf(principal),
      });
  if (isUnchangeable) {
    warnManualIdentityPolicy(bus, role.node.path, arn, principalArnsIn(bus, principal));
  } else if (!grant.success) {
    for (const principalArn of principalArnsIn(bus, principal)) warnManualIdentityPolicy(bus, principalArn, arn);
  }
  return grant;
}

/** Whether a role was imported from another account than the account of its stack, as far as both are known. */
function isCrossAccountImport(role: RoleConstruct): boolean {
  if (role.principalAccount === undefined) return false;
  return compareEnvironments(role.principalAccount, Stack.of(role).account) !== 'same';
}

/** The conditions of a principal, which limit its identity-based policy too. Some principals throw an error here. */
function conditionsOf(principal: iam.IPrincipal): Conditions {
  try {
    return principal.policyFragment.conditions as Conditions;
  } catch {
    return {};
  }
}

/**
 * The ARNs of the roles and users that a principal names, each of which needs an identity-based policy. Accounts and
 * organizations decide for themselves which of their principals have one. Services need none.
 */
function principalArnsIn(bus: Construct, principal: iam.IPrincipal): string[] {
  const named = readNow(bus, () => principal.policyFragment.principalJson);
  return toList(isObject(named) ? named.AWS : undefined)
    .filter((value) => /:(role|user)\//.test(value))
    .map(displayText);
}

/** @param principalArns the ARNs of the principal, if it is not named by its ARN */
function warnManualIdentityPolicy(
  bus: Construct,
  principalName: string,
  arn: string,
  principalArns: readonly string[] = [principalName],
): void {
  const statement = identityStatement('events:PutEvents', arn);
  warnManualStep(bus, {
    id: FindingId.MANUALLY_ADD_ROLE_POLICY,
    resource: principalName,
    appliesTo: principalArns,
    describe: (text) => ({
      ...untilAllowed(
        `PutEvents on bus ${text(arn)} is denied`,
        `an identity-based policy of '${principalName}' allows it`,
      ),
      reason: 'this app cannot change the policies of that principal',
      fix: `add this statement to an identity-based policy of the principal: ${text(statement)}`,
    }),
  });
}
