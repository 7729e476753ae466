import { Arn, ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import type { ServicePublisherOptions } from '../../event-publisher';
import { Reader } from '../../model/reader';
import { accountId, organizationId, organizationalUnitPath, publishingAccount, roleArn, servicePrincipal, sourceArn } from '../../policy/formats';
import { Publisher } from '../../policy/publishers';
import { readable } from '../../policy/text';
import { checkFormat, checkList } from '../checked-values';
import { compare, isOwnAccount, plainText, readNow, refuseUnnamed } from '../environment';
import { invalid } from '../errors';
import { holdArn } from '../held-arns';
import { resourceBehind } from '../resources';
import { synthesizedStageOf, tooLate } from '../synthesized';

/** Each function checks what was asked, on behalf of the bus that it was asked of, and gives the publisher as data. */

export function organization(bus: IConstruct, id: string): Publisher {
  checkFormat(bus, 'organization', id, organizationId);
  return { kind: 'Organizations', organizations: [id] };
}

export function organizationalUnits(bus: IConstruct, paths: string[]): Publisher {
  checkList(bus, 'organizationalUnits', paths, organizationalUnitPath, 'leave the publisher out to let nobody in');
  return { kind: 'OrganizationalUnits', paths };
}

export function accounts(bus: IConstruct, ids: string[]): Publisher {
  if (ids.some((id) => typeof id === 'string' && id.startsWith('#{'))) {
    throw invalid(bus, "'accounts' must be written one by one, got a list that only deployment tells; a policy cannot be made of one: write the ids out");
  }
  checkList(bus, 'accounts', ids, publishingAccount, 'leave the publisher out to let nobody in');
  const { account: own } = Stack.of(bus);
  if (!Token.isUnresolved(own) && ids.some((id) => Token.isUnresolved(id) && isOwnAccount(bus, id))) {
    throw invalid(bus, `'accounts' must hold ids of other accounts, got that of a stack that does not know its own: in the template of the bus it stands for ${own}; give that stack an 'env'`);
  }
  return { kind: 'Accounts', accounts: ids };
}

export function roleByArn(bus: IConstruct, arn: string): Publisher {
  checkFormat(bus, 'role', arn, roleArn);
  return { kind: 'Roles', roles: [{ arn, account: accountOf(arn) }] };
}

export function accountOf(arn: string): string {
  return Arn.split(arn, ArnFormat.SLASH_RESOURCE_NAME).account!;
}

export function roleOfApp(bus: IConstruct, role: iam.IRoleRef): Publisher {
  const { account } = role.env;
  const arn = arnOfRole(bus, role);
  if (!isYetToBeNamed(bus, role, arn)) checkFormat(bus, 'role', arn, roleArn);
  if (Token.isUnresolved(account) && account === Stack.of(role).account && compare(account, Stack.of(bus).account) !== 'same') {
    throw invalid(bus, `'role' must be of a stack that knows its account, got '${role.node.path}', whose stack does not, while that of the bus does; `
      + "give the stack of the role an 'env'");
  }
  const unnamedIn = isUnnamed(role) ? synthesizedStageOf(role) : undefined;
  refuseUnnamed(bus, 'role', role, arn, 'roleName');
  if (unnamedIn) throw tooLate(bus, 'role', unnamedIn, { must: 'have its name', got: `'${role.node.path}', which has none in its template` });
  const spelled = spelledOut(bus, role, arn);
  const resource = resourceBehind(role, iam.CfnRole.isCfnRole);
  if (resource && compare(account, Stack.of(bus).account) !== 'same') holdArn(resource, resource.attrArn, spelled, bus);
  return { kind: 'Roles', roles: [{ arn: spelled, account }] };
}

/** Whether the template of a role gives it no name, so far: with PhysicalName.GENERATE_IF_NEEDED it gets one when another account refers to it. */
function isUnnamed(role: iam.IRoleRef): boolean {
  const resource = role.node.defaultChild;
  return iam.CfnRole.isCfnRole(resource) && resource.stack.resolve(resource.roleName) === undefined;
}

/** Whether a role is to be made outside the app and has no name so far, as `iam.Role.customizeRoles()` has it while it reports which roles to make. */
function isYetToBeNamed(bus: IConstruct, role: iam.IRoleRef, arn: string): boolean {
  return role instanceof iam.Role && String(readNow(bus, arn)).endsWith(':role');
}

/** The ARN of an L1 is a reference, which means nothing in another account: there it is put together from the name, where there is one. */
function arnOfRole(bus: IConstruct, role: iam.IRoleRef): string {
  const { roleArn: arn } = role.roleRef;
  if (!iam.CfnRole.isCfnRole(role) || compare(role.env.account, Stack.of(bus).account) === 'same') return arn;
  if (role.roleName === undefined) {
    throw invalid(bus, `'role' must have a name to be known in another account, got the unnamed '${role.node.path}'; give it a 'roleName'`);
  }
  return named(bus, role, role.roleName);
}

/**
 * The ARN as text where it is known by now: tokens have no order that stays, and a role is one however it is referred to. The role is not read: its policies could
 * not be changed any more after that.
 */
function spelledOut(bus: IConstruct, role: iam.IRoleRef, arn: string): string {
  if (!Token.isUnresolved(arn)) return arn;
  const resource = resourceBehind(role, iam.CfnRole.isCfnRole);
  const name = resource?.stack.resolve(resource.roleName);
  if (resource && typeof name === 'string') return named(bus, resource, name);
  const text = plainText(bus, arn);
  return text !== undefined && roleArn(text) === undefined ? text.replace(/^arn:[^:]+/, `arn:${Stack.of(bus).partition}`) : arn;
}

function named(bus: IConstruct, { path, env }: iam.CfnRole, name: string): string {
  return Stack.of(bus).formatArn({ service: 'iam', region: '', account: env.account, resource: `role${path ?? '/'}${name}`, arnFormat: ArnFormat.NO_RESOURCE_NAME });
}

export function service(bus: IConstruct, name: string, options: ServicePublisherOptions): Publisher {
  checkFormat(bus, 'service', name, servicePrincipal);
  const { sourceArns, sourceOrganization } = options;
  const unlimited = sourceArns === undefined && sourceOrganization === undefined;
  const sourceAccounts = options.sourceAccounts ?? (unlimited ? [Stack.of(bus).account] : undefined);
  checkList(bus, 'sourceAccounts', sourceAccounts, accountId, 'leave the option out');
  checkList(bus, 'sourceArns', sourceArns, sourceArn, 'leave the option out');
  checkFormat(bus, 'sourceOrganization', sourceOrganization, organizationId);
  if (!sourceAccounts && !sourceOrganization) refuseOwnerless(bus, 'sourceArns', sourceArns ?? []);
  return { kind: 'Service', service: name, sources: { accounts: sourceAccounts, arns: sourceArns, organization: sourceOrganization } };
}

/** The ARNs of some resources, such as buckets, have no account: whoever comes to own the name is meant. */
export function refuseOwnerless(bus: IConstruct, property: string, arns: readonly string[]): void {
  const [problem] = ownerlessProblems(property, arns.map((arn) => String(readNow(bus, arn))));
  if (problem) throw invalid(bus, problem);
  const later = arns.filter((arn) => Token.isUnresolved(arn));
  if (later.length === 0) return;
  bus.node.addValidation({ validate: () => ownerlessProblems(property, later.map((arn) => String(new Reader().resolve(Stack.of(bus), arn)))) });
}

function ownerlessProblems(property: string, arns: string[]): string[] {
  return arns.filter((arn) => /^arn:[^:]*:[^:]*:[^:]*::/.test(arn)).map((arn) => `'${property}' must name accounts, got '${readable(arn)}', which does not; `
    + "add 'sourceAccounts', since somebody else may come to own that name");
}
