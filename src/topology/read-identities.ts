import { identityArnOf } from './identity-arn';
import { ResourceTemplate, properties } from './read-resources';
import { IdentityEntry, IdentityPolicyEntry, ManagedPolicyEntry, RoleEntry, UserEntry } from './topology';
import { Json } from '../iam/statement';

/** The resources of a template for roles, users, groups and their policies. */
export const IDENTITY_RESOURCES = {
  roles: (role: RoleEntry): ResourceTemplate => ({
    type: 'AWS::IAM::Role',
    properties: properties({
      RoleName: role.name,
      Path: identityArnOf(role.arn).path,
      AssumeRolePolicyDocument: { Statement: [...role.trustPolicy] },
      ...identityProperties(role),
    }),
  }),
  users: (user: UserEntry): ResourceTemplate => ({
    type: 'AWS::IAM::User',
    properties: properties({
      UserName: user.name,
      Path: identityArnOf(user.arn).path,
      Groups: user.groups,
      ...identityProperties(user),
    }),
  }),
  groups: (group: IdentityEntry): ResourceTemplate => ({
    type: 'AWS::IAM::Group',
    properties: properties({
      GroupName: group.name,
      Path: identityArnOf(group.arn).path,
      ...identityProperties(group),
    }),
  }),
  identityPolicies: (policy: IdentityPolicyEntry): ResourceTemplate => ({
    type: 'AWS::IAM::Policy',
    properties: policyProperties(policy),
  }),
  managedPolicies: (policy: ManagedPolicyEntry): ResourceTemplate => ({
    type: 'AWS::IAM::ManagedPolicy',
    properties: properties({
      ManagedPolicyName: policy.name,
      Path: identityArnOf(policy.arn).path,
      ...policyProperties(policy),
    }),
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
  const identities = attachedTo.map(identityArnOf);
  const namesOf = (kind: string) => identities.filter((identity) => identity.kind === kind).map(({ name }) => name);
  return {
    PolicyDocument: { Statement: [...statements] },
    Roles: namesOf('role'),
    Users: namesOf('user'),
    Groups: namesOf('group'),
  };
}
