import { allowsPutEventsEverywhere } from '../../eventbridge/role-statements';
import { Json, toList, statementsOf, toText } from '../../iam/statement';
import { unresolved } from '../../iam/unresolved-text';
import type { Identity, IdentityPolicy } from '../app-model';
import { IdentityLookup, ReadContext, ResourceReaders, baseOf, objectsOf, nonEmptyString } from '../read-context';
import { pseudoParameterValue } from '../resolve/pseudo-parameters';

/** Roles, users, groups and their policies. */
export const IDENTITY_READERS: ResourceReaders = {
  'AWS::IAM::Role': (reading) => {
    const role = Object.assign(identity(reading), { trust: statementsOf(reading.properties.AssumeRolePolicyDocument) });
    reading.model.roles.push(role);
  },
  'AWS::IAM::User': (reading) => {
    const user = identity(reading);
    reading.model.users.push(user);
    addUsersToGroups(reading, toList(reading.properties.Groups), [user.name]);
  },
  'AWS::IAM::Group': (reading) => {
    reading.model.groups.push(identity(reading));
  },
  'AWS::IAM::UserToGroupAddition': (reading) =>
    addUsersToGroups(reading, toList(reading.properties.GroupName), toList(reading.properties.Users)),
  'AWS::IAM::Policy': (reading) => attach(reading, true),
  'AWS::IAM::RolePolicy': (reading) => attach(reading, true),
  'AWS::IAM::UserPolicy': (reading) => attach(reading, true),
  'AWS::IAM::GroupPolicy': (reading) => attach(reading, true),
  'AWS::IAM::ManagedPolicy': (reading) => {
    const statements = statementsOf(reading.properties.PolicyDocument);
    reading.model.managedPolicies.push({ ...baseOf(reading, 'PolicyArn'), statements });
    attach(reading, false);
  },
};

function identity(reading: ReadContext): Identity {
  const { Policies, ManagedPolicyArns, PermissionsBoundary, Tags } = reading.properties;
  const { construct, conditional } = reading;
  const policies = objectsOf(Policies).map((policy) => ({
    construct,
    inline: true,
    conditional,
    statements: statementsOf(policy.PolicyDocument),
  }));
  const owner = Object.assign(baseOf(reading), {
    name: reading.attributes.Ref,
    policies,
    statements: policies.flatMap((policy) => policy.statements),
    managedPolicyArns: toList(ManagedPolicyArns),
    boundaryArn: nonEmptyString(PermissionsBoundary),
    tags: Object.fromEntries(objectsOf(Tags).map(({ Key, Value }) => [toText(Key), toText(Value)])),
  });
  if (owner.managedPolicyArns.length > 0) reading.defer((identities) => attachManaged(owner, identities));
  return owner;
}

/** Policies come after the roles, users and groups that they are attached to, wherever they stand in the tree. */
function attach({ construct, properties, conditional, defer }: ReadContext, inline: boolean): void {
  const policy = { construct, inline, conditional, statements: statementsOf(properties.PolicyDocument) };
  const account = pseudoParameterValue(construct.stack, 'AWS::AccountId');
  defer(({ roles, users, groups }) => {
    for (const name of [...toList(properties.Roles), ...toList(properties.RoleName)]) {
      add(roles.get(`${account} ${name}`), policy);
    }
    for (const name of [...toList(properties.Users), ...toList(properties.UserName)]) {
      add(users.get(`${account} ${name}`), policy);
    }
    for (const name of [...toList(properties.Groups), ...toList(properties.GroupName)]) {
      add(groups.get(`${account} ${name}`), policy);
    }
  });
}

/**
 * Users have what their groups have, once these have all of their policies: of what comes later, this is asked for
 * after the rest.
 */
function addUsersToGroups(
  { construct, defer }: ReadContext,
  groupNames: readonly string[],
  userNames: readonly string[],
): void {
  if (groupNames.length === 0) return;
  const account = pseudoParameterValue(construct.stack, 'AWS::AccountId');
  defer(() =>
    defer(({ users, groups }) => {
      const statements = groupNames.flatMap((name) => groups.get(`${account} ${name}`)?.statements ?? []);
      for (const name of userNames) users.get(`${account} ${name}`)?.statements.push(...statements);
    }),
  );
}

function add(to: Identity | undefined, policy: IdentityPolicy): void {
  to?.policies.push(policy);
  to?.statements.push(...policy.statements);
}

function attachManaged(to: Identity, { managedPolicies }: IdentityLookup): void {
  for (const arn of to.managedPolicyArns) {
    const policy = managedPolicies.get(arn);
    if (policy) {
      add(to, {
        construct: policy.construct,
        inline: false,
        conditional: policy.conditional,
        statements: policy.statements,
      });
    } else if (!HARMLESS_AWS_POLICIES.test(arn)) {
      to.statements.push(
        allowsPutEventsEverywhere(arn)
          ? { Effect: 'Allow', Action: 'events:*', Resource: '*' }
          : unknownManagedPolicy(arn),
      );
    }
  }
}

/** Managed policies of AWS that many roles have and that allow nothing which events need. */
const HARMLESS_AWS_POLICIES = anyOf(
  'service-role/AWSLambda(Basic|VPCAccess|SQSQueue|DynamoDB|Kinesis|MSK)\\w*',
  'AWSXRayDaemonWriteAccess',
  'AWSXrayWriteOnlyAccess',
  'CloudWatchLambda\\w+',
  'CloudWatchAgentServerPolicy',
  'AmazonSSMManagedInstanceCore',
  'AmazonSSMReadOnlyAccess',
  'CloudWatchReadOnlyAccess',
);

function anyOf(...names: string[]): RegExp {
  return new RegExp(`:aws:policy/(${names.join('|')})$`);
}

/** What a managed policy, which is read nowhere, may allow: it leaves undecided what nothing else allows. */
function unknownManagedPolicy(managedPolicy: string): Json {
  return {
    Effect: 'Allow',
    Action: unresolved(`actions of ${managedPolicy}`),
    Resource: unresolved(`resources of ${managedPolicy}`),
  };
}
