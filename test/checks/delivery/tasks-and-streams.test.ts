import { Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP } from '../../support/apps';
import { faults } from '../../support/faults';
import { RULE, TARGETS, arnOf, inShop, ruleTo } from '../../support/role-targets';
import { cfnRule, executionRole, inThreeAccounts, rootArn, trustForRule } from '../../support/three-accounts';

const CLUSTER = arnOf('ecs', 'cluster/main');
const FAMILY = arnOf('ecs', 'task-definition/orders');
const TASK_ROLE = `arn:aws:iam::${HUB.account}:role/task`;

/** A rule that runs a task, with a role for these actions and resources. */
function ruleToCluster(
  stack: Stack,
  taskDefinitionArn: string,
  allowed: { [action: string]: string },
  props = {},
): void {
  const statements = Object.entries(allowed).map(
    ([action, resource]) => new PolicyStatement({ actions: [action], resources: [resource] }),
  );
  const role = new Role(stack, 'Sender', {
    roleName: 'sender',
    assumedBy: trustForRule(RULE),
    inlinePolicies: { run: new PolicyDocument({ statements }) },
  });
  cfnRule(stack, { arn: CLUSTER, roleArn: role.roleArn, ...{ ecsParameters: { taskDefinitionArn, ...props } } });
}

function taskDefinition(stack: Stack, props: object = {}): string {
  return new CfnTaskDefinition(stack, 'Task', { family: 'orders', ...props }).attrTaskDefinitionArn;
}

const FARGATE = { launchType: 'FARGATE' };
const FARGATE_TASK = { requiresCompatibilities: ['FARGATE'], cpu: '256', memory: '512', networkMode: 'awsvpc' };

faults('tasks as targets', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  healthy: {
    'a task without roles': inThreeAccounts(({ hub }) =>
      ruleToCluster(hub, taskDefinition(hub), { 'ecs:RunTask': `${FAMILY}:*` }),
    ),
    'a role that can pass the execution role': inThreeAccounts(({ hub }) =>
      ruleToCluster(hub, taskDefinition(hub, { executionRoleArn: TASK_ROLE }), {
        'ecs:RunTask': FAMILY,
        'iam:PassRole': TASK_ROLE,
      }),
    ),
    'a task definition of another app, with a role that can pass roles': inThreeAccounts(({ hub }) =>
      ruleToCluster(hub, FAMILY, { 'ecs:RunTask': `${FAMILY}:*`, 'iam:PassRole': TASK_ROLE }, FARGATE),
    ),
    'a task definition of another app on EC2': inThreeAccounts(({ hub }) =>
      ruleToCluster(hub, `${FAMILY}:7`, { 'ecs:RunTask': `${FAMILY}:7` }),
    ),
  },
  faulty: {
    'a role for another family of tasks': {
      app: inThreeAccounts(({ hub }) => ruleToCluster(hub, FAMILY, { 'ecs:RunTask': `${FAMILY}-old:*` })),
      at: '/Hub/Sender',
    },
    'a role that cannot pass the execution role': {
      app: inThreeAccounts(({ hub }) =>
        ruleToCluster(hub, taskDefinition(hub, { executionRoleArn: TASK_ROLE }), { 'ecs:RunTask': '*' }),
      ),
      at: '/Hub/Sender',
    },
    'a role that cannot pass the task role on Fargate': {
      app: inThreeAccounts(({ hub }) =>
        ruleToCluster(
          hub,
          taskDefinition(hub, { taskRoleArn: TASK_ROLE, ...FARGATE_TASK }),
          { 'ecs:RunTask': '*', 'iam:PassRole': `${TASK_ROLE}-old` },
          FARGATE,
        ),
      ),
      at: '/Hub/Sender',
    },
    'a task definition of another app on Fargate, with a role that cannot pass roles': {
      app: inThreeAccounts(({ hub }) => ruleToCluster(hub, FAMILY, { 'ecs:RunTask': `${FAMILY}:*` }, FARGATE)),
      finds: FindingId.MANUALLY_ADD_ROLE_POLICY,
      level: 'warning',
      at: '/Hub/Rule',
    },
  },
});

const STREAM = inShop(TARGETS['a stream'][0]);

/** A stream in account 222222222222 whose policy allows an account, and a rule in account 111111111111. */
function ruleToStreamOfShop(hub: Stack, shop: Stack, allowed?: { account: string }): void {
  new CfnStream(shop, 'Stream', { name: 'orders', shardCount: 1 });
  const Principal = allowed && { AWS: rootArn(allowed) };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'kinesis:PutRecord', Resource: STREAM }];
  if (allowed) new CfnResourcePolicy(shop, 'Policy', { resourceArn: STREAM, resourcePolicy: { Statement } });
  ruleTo(hub, STREAM, 'kinesis:PutRecord', STREAM);
}

faults('streams in another account', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a stream whose policy allows the account of the role': inThreeAccounts(({ hub, shop }) =>
      ruleToStreamOfShop(hub, shop, HUB),
    ),
  },
  faulty: {
    'a stream without a policy': {
      app: inThreeAccounts(({ hub, shop }) => ruleToStreamOfShop(hub, shop)),
      at: '/Hub/Rule',
    },
    'a stream whose policy allows another account': {
      app: inThreeAccounts(({ hub, shop }) => ruleToStreamOfShop(hub, shop, SHOP)),
      at: '/Hub/Rule',
    },
    'a stream of another app': {
      app: inThreeAccounts(({ hub }) => ruleTo(hub, STREAM, 'kinesis:PutRecord', STREAM)),
      finds: FindingId.MANUALLY_ADD_STREAM_POLICY,
      level: 'warning',
      at: '/Hub/Rule',
    },
  },
});

const OWN_STREAM = TARGETS['a stream'][0];

/** A rule to a stream in its account, whose policy has a statement. */
const ruleToStream = (statement: object) =>
  inThreeAccounts(({ hub }) => {
    new CfnStream(hub, 'Stream', { name: 'orders', shardCount: 1 });
    const Statement = [{ Action: 'kinesis:PutRecord', Resource: OWN_STREAM, ...statement }];
    new CfnResourcePolicy(hub, 'Policy', { resourceArn: OWN_STREAM, resourcePolicy: { Statement } });
    ruleTo(hub, OWN_STREAM, 'kinesis:PutRecord', OWN_STREAM);
  });
const exceptFor = ({ account }: { account: string }) => ({
  Effect: 'Deny',
  Principal: '*',
  Condition: { StringNotEquals: { 'aws:PrincipalAccount': account } },
});

faults('streams in the account of the rule', {
  finds: FindingId.TARGET_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a policy that allows another account': ruleToStream({ Effect: 'Allow', Principal: { AWS: rootArn(SHOP) } }),
    'a policy that denies other accounts': ruleToStream(exceptFor(HUB)),
  },
  faulty: {
    'a policy that denies the role': { app: ruleToStream(exceptFor(SHOP)), at: '/Hub/Rule' },
  },
});

/** A rule to an encrypted stream, with a role that has the actions on the key. */
function ruleToEncryptedStream(stack: Stack, keyActions: string[], keyId?: string): CfnRule {
  const key = keyId === undefined ? new Key(stack, 'Key') : undefined;
  const streamEncryption = { encryptionType: 'KMS', keyId: keyId ?? key!.keyArn };
  const { attrArn } = new CfnStream(stack, 'Stream', { shardCount: 1, streamEncryption });
  const role = executionRole(stack, RULE, attrArn, 'kinesis:PutRecord');
  if (key) role.addToPolicy(new PolicyStatement({ actions: keyActions, resources: [key.keyArn] }));
  return cfnRule(stack, { arn: attrArn, roleArn: role.roleArn });
}

/** A rule to an encrypted stream in another account, with or without the permissions of each side. */
function ruleToEncryptedStreamOfShop(
  hub: Stack,
  shop: Stack,
  allowedBy: { readonly key?: boolean; readonly role?: boolean },
): void {
  const key = new Key(shop, 'Key');
  const actions = ['kms:GenerateDataKey'];
  const principals = [new AccountPrincipal(HUB.account)];
  if (allowedBy.key) key.addToResourcePolicy(new PolicyStatement({ actions, principals, resources: ['*'] }));
  const streamEncryption = { encryptionType: 'KMS', keyId: key.keyArn };
  new CfnStream(shop, 'Stream', { name: 'orders', shardCount: 1, streamEncryption });
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: rootArn(HUB) }, Action: 'kinesis:PutRecord', Resource: STREAM },
  ];
  new CfnResourcePolicy(shop, 'Policy', { resourceArn: STREAM, resourcePolicy: { Statement } });
  const role = executionRole(hub, RULE, STREAM, 'kinesis:PutRecord');
  if (allowedBy.role) {
    role.addToPolicy(new PolicyStatement({ actions, resources: [arnOf('kms', 'key/*', SHOP.account)] }));
  }
  cfnRule(hub, { arn: STREAM, roleArn: role.roleArn });
}

faults('keys of streams', {
  finds: FindingId.KMS_KEY_ACCESS_DENIED,
  level: 'error',
  healthy: {
    'a role that can use the key': inThreeAccounts(({ hub }) => ruleToEncryptedStream(hub, ['kms:GenerateDataKey'])),
    'the AWS managed key': inThreeAccounts(({ hub }) => ruleToEncryptedStream(hub, [], 'alias/aws/kinesis')),
    'a key in another account that both sides allow': inThreeAccounts(({ hub, shop }) =>
      ruleToEncryptedStreamOfShop(hub, shop, { key: true, role: true }),
    ),
  },
  faulty: {
    'a role that cannot use the key': {
      app: inThreeAccounts(({ hub }) => ruleToEncryptedStream(hub, ['kms:DescribeKey'])),
      at: '/Hub/Key',
    },
    'a key in another account that the policies of the role do not allow': {
      app: inThreeAccounts(({ hub, shop }) => ruleToEncryptedStreamOfShop(hub, shop, { key: true })),
      at: '/Shop/Key',
    },
    'a key in another account whose policy does not allow the role': {
      app: inThreeAccounts(({ hub, shop }) => ruleToEncryptedStreamOfShop(hub, shop, { role: true })),
      at: '/Shop/Key',
    },
    'a key in another account that neither side allows': {
      app: inThreeAccounts(({ hub, shop }) => ruleToEncryptedStreamOfShop(hub, shop, {})),
      at: '/Shop/Key',
    },
    'the AWS managed key of another account': {
      app: inThreeAccounts(({ hub, shop }) => {
        new CfnStream(shop, 'Stream', {
          name: 'orders',
          shardCount: 1,
          streamEncryption: { encryptionType: 'KMS', keyId: 'alias/aws/kinesis' },
        });
        const Statement = [
          { Effect: 'Allow', Principal: { AWS: rootArn(HUB) }, Action: 'kinesis:PutRecord', Resource: STREAM },
        ];
        new CfnResourcePolicy(shop, 'Policy', { resourceArn: STREAM, resourcePolicy: { Statement } });
        ruleTo(hub, STREAM, 'kinesis:PutRecord', STREAM);
      }),
      at: '/Shop/Stream',
    },
  },
});
