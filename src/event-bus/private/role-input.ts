import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { requireObject } from './publisher-inputs';
import { isInstanceOf } from '../../app-model/cdk-internals';
import { partitionOf } from '../../app-model/resolve/pseudo-parameters';
import { cfnResourceOf } from '../../core/cfn-resources';
import { literalText, readNow, requirePhysicalName } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { ownerOfRole } from '../../core/ownership';
import { relationTo } from '../../core/resource-reference';
import { synthesizedStageOf, afterSynthesisError } from '../../core/synthesized-stages';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { problem, roleArn } from '../../eventbridge/formats';
import { Publisher } from '../../eventbridge/publishers';
import { parseArn } from '../../iam/arn';

/**
 * Roles as publishers. In each function, `scope` is the bus or bus policy that the publisher is passed to: errors have
 * its path, and ARNs are those of its template.
 */

export function publisherFromRoleArn(scope: IConstruct, arn: string): Publisher {
  validateString(scope, 'role', arn, roleArn);
  requireSamePartition(scope, arn);
  return { kind: 'Roles', roles: [{ arn, account: accountOfRoleArn(arn) }] };
}

/**
 * Rejects a role in another partition than the policy, as far as both are known.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies-cross-account-resource-access.html
 */
function requireSamePartition(scope: IConstruct, arn: string): void {
  const { region } = Stack.of(scope);
  const partition = Token.isUnresolved(arn) ? undefined : parseArn(arn)?.partition;
  if (Token.isUnresolved(region) || partition === undefined || partition === partitionOf(region)) return;
  const fix = 'correct it, because a policy cannot allow principals in another partition';
  throw validationError(scope, `'role' ${problem(`be in partition ${partitionOf(region)}`, arn, fix)}`);
}

/** The account of a role ARN, which may be a token. */
export function accountOfRoleArn(arn: string): string {
  return Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME).account!;
}

export function publisherFromRole(scope: IConstruct, role: iam.IRoleRef): Publisher {
  requireObject(scope, 'role', role, 'a role or its ARN', 'pass one role to each EventPublisher.role()');
  const { account } = role.env;
  const arn = arnOfRole(scope, role);
  if (!isNamedLater(scope, role, arn)) validateString(scope, 'role', arn, roleArn);
  requireKnownAccount(scope, role);
  requireRoleName(scope, role, arn);
  const literalArn = literalRoleArn(scope, role, arn);
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  if (resource && !isInAccountOf(scope, role)) {
    requireArnUnchanged(resource, resource.attrArn, literalArn, scope);
  }
  return { kind: 'Roles', roles: [{ arn: literalArn, account }] };
}

/** A role that another one replaces: it has the same account and path. */
export function publisherFromReplacedRole(scope: IConstruct, replacement: iam.CfnRole, name: string): Publisher {
  const arn = formatRoleArn(scope, replacement, name);
  return { kind: 'Roles', roles: [{ arn, account: replacement.env.account }] };
}

function isInAccountOf(scope: IConstruct, role: iam.IRoleRef): boolean {
  return relationTo(scope, role.env).account === 'same';
}

/** Rejects a role whose stack has no explicit account, unless it is the account of the bus. */
function requireKnownAccount(scope: IConstruct, role: iam.IRoleRef): void {
  const { account } = role.env;
  const isAccountOfStack = Token.isUnresolved(account) && account === Stack.of(role).account;
  if (!isAccountOfStack || isInAccountOf(scope, role)) return;
  throw validationError(
    scope,
    `'role' must be in a stack with an explicit account if the stack of the bus has one, got '${role.node.path}'; ` +
      "set 'env' on the stack of the role",
  );
}

/**
 * Rejects a role without a physical name if another account must refer to it. With `PhysicalName.GENERATE_IF_NEEDED`,
 * the role gets its name at that reference, which must come before its template is synthesized.
 */
function requireRoleName(scope: IConstruct, role: iam.IRoleRef, arn: string): void {
  const unnamedInStage = hasNoName(role) ? synthesizedStageOf(role) : undefined;
  const owner = ownerOfRole(role);
  const fix = owner && `pass a PublisherRole for this bus as the 'role' of '${owner.node.path}'`;
  requirePhysicalName(scope, 'role', role, arn, 'roleName', fix);
  if (!unnamedInStage) return;
  throw afterSynthesisError(scope, 'role', unnamedInStage, {
    must: 'have a name',
    got: `'${role.node.path}', which has no name in its template`,
  });
}

/** Whether the role has no name in its template so far. */
function hasNoName(role: iam.IRoleRef): boolean {
  const resource = role.node.defaultChild;
  return iam.CfnRole.isCfnRole(resource) && resource.stack.resolve(resource.roleName) === undefined;
}

/** Whether `iam.Role.customizeRoles()` reports the role to be created without the CDK, under a name not set yet. */
function isNamedLater(scope: IConstruct, role: iam.IRoleRef, arn: string): boolean {
  return isInstanceOf(role, iam.Role) && String(readNow(scope, arn)).endsWith(':role');
}

/** The ARN of a role. For an L1 in another account it is built from the name: a reference does not work there. */
function arnOfRole(scope: IConstruct, role: iam.IRoleRef): string {
  if (!iam.CfnRole.isCfnRole(role) || isInAccountOf(scope, role)) return role.roleRef.roleArn;
  if (role.roleName === undefined) {
    throw validationError(
      scope,
      `'role' must have a physical name to be used in another account, got the unnamed '${role.node.path}'; ` +
        "set its 'roleName'",
    );
  }
  return formatRoleArn(scope, role, role.roleName);
}

/**
 * The ARN as text, if the name of the role is known. A role then has one ARN however it is referred to, and the order
 * of ARNs does not depend on tokens. Properties of the role are not resolved, because its policies can still change.
 */
function literalRoleArn(scope: IConstruct, role: iam.IRoleRef, arn: string): string {
  if (!Token.isUnresolved(arn)) return arn;
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  const name = resource?.stack.resolve(resource.roleName);
  if (resource && typeof name === 'string') return formatRoleArn(scope, resource, name);
  const text = literalText(scope, arn);
  if (text === undefined || roleArn(text) !== undefined) return arn;
  return text.replace(/^arn:[^:]+/, `arn:${Stack.of(scope).partition}`);
}

function formatRoleArn(scope: IConstruct, { path, env }: iam.CfnRole, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    account: env.account,
    resource: `role${path ?? '/'}${name}`,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
}
