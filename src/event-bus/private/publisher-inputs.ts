import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { cfnResourceOf } from '../../core/cfn-resources';
import { compareEnvironments, isOwnAccount, literalText, readNow, requirePhysicalName } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { synthesizedStageOf, afterSynthesisError } from '../../core/synthesized-stages';
import { validateString, validateList } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import {
  accountId,
  organizationId,
  organizationalUnitPath,
  publishingAccount,
  roleArn,
  servicePrincipal,
  sourceArn,
} from '../../eventbridge/formats';
import { Publisher } from '../../eventbridge/publishers';
import { displayText } from '../../iam/unresolved-text';
import { ServicePublisherOptions } from '../service-publisher-options';

/** Each function checks what was asked, on behalf of the bus that it was asked of, and gives the publisher as data. */

export function organization(bus: IConstruct, id: string): Publisher {
  validateString(bus, 'organization', id, organizationId);
  return { kind: 'Organizations', organizations: [id] };
}

export function organizationalUnits(bus: IConstruct, paths: string[]): Publisher {
  validateList(bus, 'organizationalUnits', paths, organizationalUnitPath, 'leave the publisher out to let nobody in');
  return { kind: 'OrganizationalUnits', paths };
}

export function accounts(bus: IConstruct, ids: string[]): Publisher {
  if (ids.some((id) => typeof id === 'string' && id.startsWith('#{'))) {
    throw validationError(
      bus,
      "'accounts' must be written one by one, got a list that only deployment tells; a policy " +
        'cannot be made of one: write the ids out',
    );
  }
  validateList(bus, 'accounts', ids, publishingAccount, 'leave the publisher out to let nobody in');
  const { account: own } = Stack.of(bus);
  if (!Token.isUnresolved(own) && ids.some((id) => Token.isUnresolved(id) && isOwnAccount(bus, id))) {
    throw validationError(
      bus,
      "'accounts' must hold ids of other accounts, got that of a stack that does not know its own: " +
        `in the template of the bus it stands for ${own}; give that stack an 'env'`,
    );
  }
  return { kind: 'Accounts', accounts: ids };
}

export function roleByArn(bus: IConstruct, arn: string): Publisher {
  validateString(bus, 'role', arn, roleArn);
  return { kind: 'Roles', roles: [{ arn, account: accountOf(arn) }] };
}

export function accountOf(arn: string): string {
  return Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME).account!;
}

export function publisherFromRole(bus: IConstruct, role: iam.IRoleRef): Publisher {
  const { account } = role.env;
  const arn = arnOfRole(bus, role);
  if (!isYetToBeNamed(bus, role, arn)) validateString(bus, 'role', arn, roleArn);
  if (
    Token.isUnresolved(account) &&
    account === Stack.of(role).account &&
    compareEnvironments(account, Stack.of(bus).account) !== 'same'
  ) {
    throw validationError(
      bus,
      `'role' must be of a stack that knows its account, got '${role.node.path}', whose stack does ` +
        "not, while that of the bus does; give the stack of the role an 'env'",
    );
  }
  const unnamedIn = isUnnamed(role) ? synthesizedStageOf(role) : undefined;
  requirePhysicalName(bus, 'role', role, arn, 'roleName');
  if (unnamedIn) {
    throw afterSynthesisError(bus, 'role', unnamedIn, {
      must: 'have its name',
      got: `'${role.node.path}', which has none in its template`,
    });
  }
  const spelled = literalRoleArn(bus, role, arn);
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  if (resource && compareEnvironments(account, Stack.of(bus).account) !== 'same') {
    requireArnUnchanged(resource, resource.attrArn, spelled, bus);
  }
  return { kind: 'Roles', roles: [{ arn: spelled, account }] };
}

/**
 * Whether the template of a role gives it no name, so far: with PhysicalName.GENERATE_IF_NEEDED it gets one when
 * another account refers to it.
 */
function isUnnamed(role: iam.IRoleRef): boolean {
  const resource = role.node.defaultChild;
  return iam.CfnRole.isCfnRole(resource) && resource.stack.resolve(resource.roleName) === undefined;
}

/**
 * Whether a role is to be made outside the app and has no name so far, as `iam.Role.customizeRoles()` has it while it
 * reports which roles to make.
 */
function isYetToBeNamed(bus: IConstruct, role: iam.IRoleRef, arn: string): boolean {
  return role instanceof iam.Role && String(readNow(bus, arn)).endsWith(':role');
}

/**
 * The ARN of an L1 is a reference, which means nothing in another account: there it is put together from the name,
 * where there is one.
 */
function arnOfRole(bus: IConstruct, role: iam.IRoleRef): string {
  const { roleArn: arn } = role.roleRef;
  if (!iam.CfnRole.isCfnRole(role) || compareEnvironments(role.env.account, Stack.of(bus).account) === 'same') {
    return arn;
  }
  if (role.roleName === undefined) {
    throw validationError(
      bus,
      `'role' must have a name to be known in another account, got the unnamed '${role.node.path}` +
        "'; give it a 'roleName'",
    );
  }
  return named(bus, role, role.roleName);
}

/**
 * The ARN as text where it is known by now: tokens have no order that stays, and a role is one however it is referred
 * to. The role is not read: its policies could not be changed any more after that.
 */
function literalRoleArn(bus: IConstruct, role: iam.IRoleRef, arn: string): string {
  if (!Token.isUnresolved(arn)) return arn;
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  const name = resource?.stack.resolve(resource.roleName);
  if (resource && typeof name === 'string') return named(bus, resource, name);
  const text = literalText(bus, arn);
  return text !== undefined && roleArn(text) === undefined
    ? text.replace(/^arn:[^:]+/, `arn:${Stack.of(bus).partition}`)
    : arn;
}

function named(bus: IConstruct, { path, env }: iam.CfnRole, name: string): string {
  return Stack.of(bus).formatArn({
    service: 'iam',
    region: '',
    account: env.account,
    resource: `role${path ?? '/'}${name}`,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
  });
}

export function service(bus: IConstruct, name: string, options: ServicePublisherOptions): Publisher {
  validateString(bus, 'service', name, servicePrincipal);
  const { sourceArns, sourceOrganization } = options;
  const unlimited = sourceArns === undefined && sourceOrganization === undefined;
  const sourceAccounts = options.sourceAccounts ?? (unlimited ? [Stack.of(bus).account] : undefined);
  validateList(bus, 'sourceAccounts', sourceAccounts, accountId, 'leave the option out');
  validateList(bus, 'sourceArns', sourceArns, sourceArn, 'leave the option out');
  validateString(bus, 'sourceOrganization', sourceOrganization, organizationId);
  if (!sourceAccounts && !sourceOrganization) requireAccountInArns(bus, 'sourceArns', sourceArns ?? []);
  return {
    kind: 'Service',
    service: name,
    sources: { accounts: sourceAccounts, arns: sourceArns, organization: sourceOrganization },
  };
}

/** The ARNs of some resources, such as buckets, have no account: whoever comes to own the name is meant. */
export function requireAccountInArns(bus: IConstruct, property: string, arns: readonly string[]): void {
  const [problem] = ownerlessProblems(
    property,
    arns.map((arn) => String(readNow(bus, arn))),
  );
  if (problem) throw validationError(bus, problem);
  const later = arns.filter((arn) => Token.isUnresolved(arn));
  if (later.length === 0) return;
  bus.node.addValidation({
    validate: () =>
      ownerlessProblems(
        property,
        later.map((arn) => String(new TemplateReader().resolve(Stack.of(bus), arn))),
      ),
  });
}

function ownerlessProblems(property: string, arns: string[]): string[] {
  return arns
    .filter((arn) => /^arn:[^:]*:[^:]*:[^:]*::/.test(arn))
    .map(
      (arn) =>
        `'${property}' must name accounts, got '${displayText(arn)}', which does not; ` +
        "add 'sourceAccounts', since somebody else may come to own that name",
    );
}
