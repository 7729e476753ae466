import { letsPutEverywhere } from '../../policy/roles';
import { Json, listOf, statementsOf, textOf } from '../../policy/statement';
import { unknown } from '../../policy/text';
import type { Identity, IdentityPolicy } from '../app-model';
import { pseudo } from '../pseudo';
import { Identities, Reading, Readers, made, objectsOf, textIn } from '../reading';

/** Roles, users, groups and their policies. */
export const IDENTITY_READERS: Readers = {
  'AWS::IAM::Role': (reading) => {
    const role = Object.assign(identity(reading), { trust: statementsOf(reading.properties.AssumeRolePolicyDocument) });
    reading.model.roles.push(role);
  },
  'AWS::IAM::User': (reading) => {
    const user = identity(reading);
    reading.model.users.push(user);
    join(reading, listOf(reading.properties.Groups), [user.name]);
  },
  'AWS::IAM::Group': (reading) => {
    reading.model.groups.push(identity(reading));
  },
  'AWS::IAM::UserToGroupAddition': (reading) => join(reading, listOf(reading.properties.GroupName), listOf(reading.properties.Users)),
  'AWS::IAM::Policy': (reading) => attach(reading, true),
  'AWS::IAM::RolePolicy': (reading) => attach(reading, true),
  'AWS::IAM::UserPolicy': (reading) => attach(reading, true),
  'AWS::IAM::GroupPolicy': (reading) => attach(reading, true),
  'AWS::IAM::ManagedPolicy': (reading) => {
    const statements = statementsOf(reading.properties.PolicyDocument);
    reading.model.managedPolicies.push({ ...made(reading, 'PolicyArn'), statements });
    attach(reading, false);
  },
};

function identity(reading: Reading): Identity {
  const { Policies, ManagedPolicyArns, PermissionsBoundary, Tags } = reading.properties;
  const { construct, conditional } = reading;
  const policies = objectsOf(Policies).map((policy) => ({ construct, inline: true, conditional, statements: statementsOf(policy.PolicyDocument) }));
  const owner = Object.assign(made(reading), {
    name: reading.attributes.Ref,
    policies,
    statements: policies.flatMap((policy) => policy.statements),
    managedPolicyArns: listOf(ManagedPolicyArns),
    boundaryArn: textIn(PermissionsBoundary),
    tags: Object.fromEntries(objectsOf(Tags).map(({ Key, Value }) => [textOf(Key), textOf(Value)])),
  });
  if (owner.managedPolicyArns.length > 0) reading.later((identities) => attachManaged(owner, identities));
  return owner;
}

/** Policies come after the roles, users and groups that they are attached to, wherever they stand in the tree. */
function attach({ construct, properties, conditional, later }: Reading, inline: boolean): void {
  const policy = { construct, inline, conditional, statements: statementsOf(properties.PolicyDocument) };
  const account = pseudo(construct.stack, 'AWS::AccountId');
  later(({ roles, users, groups }) => {
    for (const name of [...listOf(properties.Roles), ...listOf(properties.RoleName)]) add(roles.get(`${account} ${name}`), policy);
    for (const name of [...listOf(properties.Users), ...listOf(properties.UserName)]) add(users.get(`${account} ${name}`), policy);
    for (const name of [...listOf(properties.Groups), ...listOf(properties.GroupName)]) add(groups.get(`${account} ${name}`), policy);
  });
}

/** Users have what their groups have, once these have all of their policies: of what comes later, this is asked for after the rest. */
function join({ construct, later }: Reading, groupNames: readonly string[], userNames: readonly string[]): void {
  if (groupNames.length === 0) return;
  const account = pseudo(construct.stack, 'AWS::AccountId');
  later(() => later(({ users, groups }) => {
    const statements = groupNames.flatMap((name) => groups.get(`${account} ${name}`)?.statements ?? []);
    for (const name of userNames) users.get(`${account} ${name}`)?.statements.push(...statements);
  }));
}

function add(to: Identity | undefined, policy: IdentityPolicy): void {
  to?.policies.push(policy);
  to?.statements.push(...policy.statements);
}

function attachManaged(to: Identity, { managedPolicies }: Identities): void {
  for (const arn of to.managedPolicyArns) {
    const policy = managedPolicies.get(arn);
    if (policy) add(to, { construct: policy.construct, inline: false, conditional: policy.conditional, statements: policy.statements });
    else if (!UNCONCERNED.test(arn)) to.statements.push(letsPutEverywhere(arn) ? { Effect: 'Allow', Action: 'events:*', Resource: '*' } : unread(arn));
  }
}

/** Managed policies of AWS that many roles have and that allow nothing which events need. */
const UNCONCERNED = /:aws:policy\/(service-role\/AWSLambda(Basic|VPCAccess|SQSQueue|DynamoDB|Kinesis|MSK)\w*|AWSXRayDaemonWriteAccess|AWSXrayWriteOnlyAccess|CloudWatchLambda\w+|CloudWatchAgentServerPolicy|AmazonSSMManagedInstanceCore|AmazonSSMReadOnlyAccess|CloudWatchReadOnlyAccess)$/;

/** What a managed policy, which is read nowhere, may allow: it leaves undecided what nothing else allows. */
function unread(managedPolicy: string): Json {
  return { Effect: 'Allow', Action: unknown(`actions of ${managedPolicy}`), Resource: unknown(`resources of ${managedPolicy}`) };
}
