import type { CfnResource } from 'aws-cdk-lib';
import { allowsPutEventsEverywhere } from '../../eventbridge/role-statements';
import { Json, isObject, toList, statementsOf, toText } from '../../iam/statement';
import { hasUnresolved, unresolved } from '../../iam/unresolved-text';
import type { Identity, IdentityPolicy } from '../app-model';
import { mayBeAnyResource } from '../possible-statements';
import {
  IdentityLookup,
  ReadContext,
  ResourceReaders,
  baseOf,
  identityKey,
  objectsOf,
  nonEmptyString,
} from '../read-context';
import { environmentOf } from '../resolve/pseudo-parameters';

/** Roles, users, groups and their identity-based policies. */
export const IDENTITY_READERS: ResourceReaders = {
  'AWS::IAM::Role': (context) => {
    const role = Object.assign(readIdentity(context), {
      trust: statementsOf(context.properties.AssumeRolePolicyDocument),
    });
    context.model.roles.push(role);
  },
  'AWS::IAM::User': (context) => {
    const user = readIdentity(context);
    context.model.users.push(user);
    addUsersToGroups(context, toList(context.properties.Groups), [user.name]);
  },
  'AWS::IAM::Group': (context) => {
    context.model.groups.push(readIdentity(context));
  },
  'AWS::IAM::UserToGroupAddition': (context) =>
    addUsersToGroups(context, toList(context.properties.GroupName), toList(context.properties.Users)),
  'AWS::IAM::Policy': (context) => attachPolicy(context, true),
  'AWS::IAM::RolePolicy': (context) => attachPolicy(context, true),
  'AWS::IAM::UserPolicy': (context) => attachPolicy(context, true),
  'AWS::IAM::GroupPolicy': (context) => attachPolicy(context, true),
  'AWS::IAM::ManagedPolicy': (context) => {
    const statements = identityStatements(context, context.properties.PolicyDocument);
    context.model.managedPolicies.push({ ...baseOf(context, 'PolicyArn'), statements });
    attachPolicy(context, false);
  },
};

function readIdentity(context: ReadContext): Identity {
  const { Policies, ManagedPolicyArns, PermissionsBoundary, Tags } = context.properties;
  const { construct, conditional, conditions } = context;
  const policies = objectsOf(Policies).map((policy) => ({
    construct,
    inline: true,
    conditional,
    conditions,
    statements: identityStatements(context, policy.PolicyDocument),
  }));
  const identity = Object.assign(baseOf(context), {
    name: context.attributes.Ref,
    policies,
    statements: policies.flatMap((policy) => policy.statements),
    managedPolicyArns: toList(ManagedPolicyArns),
    boundaryArn: nonEmptyString(PermissionsBoundary),
    tags: Object.fromEntries(objectsOf(Tags).map(({ Key, Value }) => [toText(Key), toText(Value)])),
  });
  if (identity.managedPolicyArns.length > 0) {
    context.defer((lookup) => attachManagedPolicies(identity, lookup));
  }
  return identity;
}

/** The statements of an identity-based policy. An Allow statement lists the resources of all branches. */
function identityStatements({ branches }: ReadContext, document: Json | undefined): Json[] {
  return statementsOf(document).map((statement) => {
    if (!isObject(statement) || statement.Effect !== 'Allow' || statement.Resource === undefined) return statement;
    const resources = branches.of(statement.Resource);
    if (resources.length === 1) return statement;
    return { ...statement, Resource: [...new Set(resources.flatMap(({ value }) => toList(value)))] };
  });
}

/** Adds a policy to its roles, users and groups. Deferred, because a policy may come before them in the tree. */
function attachPolicy(context: ReadContext, inline: boolean): void {
  const { construct, properties, conditional, conditions, defer } = context;
  const policy = {
    construct,
    inline,
    conditional,
    conditions,
    statements: identityStatements(context, properties.PolicyDocument),
  };
  const account = accountOfStack(construct);
  const notFound: string[] = [];
  const attachTo = (kind: string, identities: Map<string, Identity>, ...names: (Json | undefined)[]) => {
    for (const name of names.flatMap(toList)) {
      const identity = identities.get(identityKey(account, name));
      addPolicy(identity, policy);
      if (!identity && (!hasUnresolved(name) || mayBeAnyResource(name))) {
        notFound.push(identityArn(construct, `${kind}/${name}`));
      }
    }
  };
  defer(({ roles, users, groups }) => {
    attachTo('role', roles, properties.Roles, properties.RoleName);
    attachTo('user', users, properties.Users, properties.UserName);
    attachTo('group', groups, properties.Groups, properties.GroupName);
    if (notFound.length > 0) context.model.policiesOfOtherApps.push({ ...policy, attachedTo: notFound });
  });
}

function identityArn({ stack }: CfnResource, resource: string): string {
  const { partition, account } = environmentOf(stack);
  return `arn:${partition}:iam::${account}:${resource}`;
}

/** Adds the statements of groups to users. Deferred twice, because the policies must be added to the groups first. */
function addUsersToGroups(
  { construct, defer }: ReadContext,
  groupNames: readonly string[],
  userNames: readonly string[],
): void {
  const account = accountOfStack(construct);
  const addStatements = ({ users, groups }: IdentityLookup) => {
    const groupsOfUsers = groupNames.map((name) => groups.get(identityKey(account, name)));
    const statements = groupsOfUsers.flatMap((group) => group?.statements ?? []);
    for (const name of userNames) users.get(identityKey(account, name))?.statements.push(...statements);
  };
  defer(() => defer(addStatements));
}

function accountOfStack({ stack }: CfnResource): string {
  return environmentOf(stack).account;
}

function addPolicy(identity: Identity | undefined, policy: IdentityPolicy): void {
  identity?.policies.push(policy);
  identity?.statements.push(...policy.statements);
}

function attachManagedPolicies(identity: Identity, { managedPolicies }: IdentityLookup): void {
  for (const arn of identity.managedPolicyArns) {
    const policy = managedPolicies.get(arn);
    if (policy) {
      const { construct, conditional, conditions, statements } = policy;
      addPolicy(identity, { construct, inline: false, conditional, conditions, statements });
    } else if (!HARMLESS_AWS_POLICIES.test(arn)) {
      identity.statements.push(statementOfUnknownPolicy(arn));
    }
  }
}

/** Common AWS managed policies that do not allow any action that the checks evaluate. */
const HARMLESS_AWS_POLICIES = awsManagedPolicies(
  'service-role/AWSLambda(Basic|VPCAccess|SQSQueue|DynamoDB|Kinesis|MSK)\\w*',
  'AWSXRayDaemonWriteAccess',
  'AWSXrayWriteOnlyAccess',
  'CloudWatchLambda\\w+',
  'CloudWatchAgentServerPolicy',
  'AmazonSSMManagedInstanceCore',
  'AmazonSSMReadOnlyAccess',
  'CloudWatchReadOnlyAccess',
);

function awsManagedPolicies(...names: string[]): RegExp {
  return new RegExp(`:aws:policy/(${names.join('|')})$`);
}

/**
 * A statement for a managed policy that is not defined in this app. Its action and resource are unresolved, except for
 * known AWS managed policies: decisions are unknown if no other statement allows the action.
 */
function statementOfUnknownPolicy(arn: string): Json {
  if (allowsPutEventsEverywhere(arn)) return { Effect: 'Allow', Action: 'events:*', Resource: '*' };
  return {
    Effect: 'Allow',
    Action: unresolved(`actions of ${arn}`),
    Resource: unresolved(`resources of ${arn}`),
  };
}
