import { ResourceTemplate, properties } from './read-resources';
import { IdentityEntry, IdentityPolicyEntry, ManagedPolicyEntry, NamedEntry, RoleEntry, UserEntry } from './topology';
import { parseArn } from '../iam/arn';
import { Json } from '../iam/statement';

/** The resources of a template for roles, users, groups and their policies. */
export const IDENTITY_RESOURCES = {
  roles: (role: RoleEntry): ResourceTemplate => ({
    type: 'AWS::IAM::Role',
    properties: properties({
      RoleName: role.name,
      Path: pathOf(role),
      AssumeRolePolicyDocument: { Statement: [...role.trustPolicy] },
      ...identityProperties(role),
    }),
  }),
  users: (user: UserEntry): ResourceTemplate => ({
    type: 'AWS::IAM::User',
    properties: properties({
      UserName: user.name,
      Path: pathOf(user),
      Groups: user.groups,
      ...identityProperties(user),
    }),
  }),
  groups: (group: IdentityEntry): ResourceTemplate => ({
    type: 'AWS::IAM::Group',
    properties: properties({ GroupName: group.name, Path: pathOf(group), ...identityProperties(group) }),
  }),
  identityPolicies: (policy: IdentityPolicyEntry): ResourceTemplate => ({
    type: 'AWS::IAM::Policy',
    properties: policyProperties(policy),
  }),
  managedPolicies: (policy: ManagedPolicyEntry): ResourceTemplate => ({
    type: 'AWS::IAM::ManagedPolicy',
    properties: properties({ ManagedPolicyName: policy.name, Path: pathOf(policy), ...policyProperties(policy) }),
  }),
};

function identityProperties(identity: IdentityEntry): { readonly [property: string]: unknown } {
  const { statements, managedPolicies, permissionsBoundary, tags = {} } = identity;
  return {
    Policies: statements && [{ PolicyName: 'Inline', PolicyDocument: { Statement: [...statements] } }],
    ManagedPolicyArns: managedPolicies,
    PermissionsBoundary: permissionsBoundary,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
}

function policyProperties({ attachedTo, statements }: IdentityPolicyEntry): { readonly [property: string]: Json } {
  const namesOf = (kind: string) =>
    attachedTo.filter((arn) => parseArn(arn)?.resource.startsWith(`${kind}/`)).map((arn) => pathAndNameIn(arn).name);
  return {
    PolicyDocument: { Statement: [...statements] },
    Roles: namesOf('role'),
    Users: namesOf('user'),
    Groups: namesOf('group'),
  };
}

/** The path of an identity in IAM. */
function pathOf({ arn }: Pick<NamedEntry, 'arn'>): string | undefined {
  const { path } = pathAndNameIn(arn);
  return path === '/' ? undefined : path;
}

function pathAndNameIn(arn: string): { readonly path: string; readonly name: string } {
  const { resource = arn } = parseArn(arn) ?? {};
  const [, path, name] = PATH_AND_NAME.exec(resource) ?? [undefined, '/', resource];
  return { path, name };
}

/** The resource of an ARN. A placeholder may contain slashes, because it contains the path of a construct. */
const PATH_AND_NAME = /^\w+(\/(?:(?:‹[^‹›]*›|[^‹›])*\/)?)((?:‹[^‹›]*›|[^/‹›])*)$/;
