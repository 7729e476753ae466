import { CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnJobDefinition, CfnJobQueue } from 'aws-cdk-lib/aws-batch';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { CfnCluster } from 'aws-cdk-lib/aws-ecs';
import { CfnApiDestination } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { CfnStateMachine, CfnStateMachineAlias, CfnStateMachineVersion } from 'aws-cdk-lib/aws-stepfunctions';
import { FindingId } from '../../../src/checks/finding-id';
import { faults } from '../../support/faults';
import { RULE, TARGETS, arnOf, mapTargets, ruleTo } from '../../support/role-targets';
import { cfnRule, inThreeAccounts, trustForRule } from '../../support/three-accounts';

/** ARNs of resources of the app. CloudFormation generates the names. */
const ROLE = 'arn:aws:iam::111111111111:role/service';
const ATTRIBUTES: { readonly [kind: string]: (stack: Stack) => string } = {
  'a stream': (stack) => new CfnStream(stack, 'X', { shardCount: 1 }).attrArn,
  'a delivery stream': (stack) => new CfnDeliveryStream(stack, 'X').attrArn,
  'a state machine': (stack) => new CfnStateMachine(stack, 'X', { roleArn: ROLE }).ref,
  'a version of a state machine': (stack) => stateMachineVersion(stack).attrArn,
  'an alias of a state machine': (stack) => stateMachineAlias(stack).attrArn,
  'a job queue': (stack) => new CfnJobQueue(stack, 'X', { priority: 1, computeEnvironmentOrder: [] }).attrJobQueueArn,
  'a cluster': (stack) => new CfnCluster(stack, 'X').attrArn,
  'a build project': (stack) => buildProject(stack).attrArn,
  'an API destination': (stack) => apiDestination(stack).attrArn,
};

function stateMachineVersion(stack: Stack, machine = new CfnStateMachine(stack, 'Machine', { roleArn: ROLE })) {
  return new CfnStateMachineVersion(stack, 'Version', { stateMachineArn: machine.attrArn });
}

function stateMachineAlias(stack: Stack, name?: string) {
  const stateMachineVersionArn = stateMachineVersion(stack).attrArn;
  return new CfnStateMachineAlias(stack, 'Alias', {
    name,
    routingConfiguration: [{ stateMachineVersionArn, weight: 100 }],
  });
}

function buildProject(stack: Stack): CfnProject {
  const environment = {
    computeType: 'BUILD_GENERAL1_SMALL',
    image: 'aws/codebuild/standard:7.0',
    type: 'ARM_CONTAINER',
  };
  const [artifacts, source] = [{ type: 'NO_ARTIFACTS' }, { type: 'NO_SOURCE' }];
  return new CfnProject(stack, 'X', { artifacts, environment, serviceRole: ROLE, source });
}

function apiDestination(stack: Stack): CfnApiDestination {
  const connectionArn = arnOf('events', 'connection/orders/1');
  return new CfnApiDestination(stack, 'X', { connectionArn, httpMethod: 'POST', invocationEndpoint: 'https://x.com' });
}

faults('targets that need an execution role', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  healthy: {
    'a kind of target that is not listed': inThreeAccounts(({ hub }) =>
      cfnRule(hub, { arn: arnOf('inspector', 'target/0-1/template/0-2') }),
    ),
    ...mapTargets(
      (kind) => `${kind} with a role`,
      (arn, action) => inThreeAccounts(({ hub }) => ruleTo(hub, arn, action)),
    ),
    'an API without a role, whose policy can allow EventBridge': inThreeAccounts(({ hub }) =>
      cfnRule(hub, { arn: arnOf('execute-api', 'abc/prod/POST/orders') }),
    ),
    'a resource of a kind that is not known': inThreeAccounts(({ hub }) =>
      cfnRule(hub, { arn: arnOf('other', 'thing/orders') }),
    ),
  },
  faulty: {
    ...mapTargets(
      (kind) => `${kind} without a role`,
      (arn) => ({ app: inThreeAccounts(({ hub }) => cfnRule(hub, { arn })), at: '/Hub/Rule' }),
    ),
    ...Object.fromEntries(
      Object.entries(ATTRIBUTES).map(([kind, arn]) => [
        `${kind} of the app without a role`,
        { app: inThreeAccounts(({ hub }) => cfnRule(hub, { arn: arn(hub) })), at: '/Hub/Rule' },
      ]),
    ),
  },
});

faults('permissions of execution roles', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  healthy: {
    'a role for the state machine of an alias': inThreeAccounts(({ hub }) =>
      ruleTo(hub, arnOf('states', 'stateMachine:orders:live'), 'states:StartExecution', TARGETS['a state machine'][0]),
    ),
    'a role for an API destination with any ID': inThreeAccounts(({ hub }) => {
      const arn = apiDestination(hub).attrArn;
      ruleTo(hub, arn, 'events:InvokeApiDestination', arnOf('events', 'api-destination/*'));
    }),
    'a role for the API destination in the format of policies': inThreeAccounts(({ hub }) => {
      const destination = apiDestination(hub);
      ruleTo(hub, destination.attrArn, 'events:InvokeApiDestination', destination.attrArnForPolicy);
    }),
    'a role for a method of an API': inThreeAccounts(({ hub }) =>
      ruleTo(hub, arnOf('execute-api', 'a/prod/POST/in'), 'execute-api:Invoke', arnOf('execute-api', 'a/*/POST/*')),
    ),
    'a role for any queue and definition of jobs': inThreeAccounts(({ hub }) => ruleToJobQueue(hub, () => ['*'])),
    'a role for a queue and a definition of jobs': inThreeAccounts(({ hub }) =>
      ruleToJobQueue(hub, (queue, definition) => [queue, definition]),
    ),
    'a role whose managed policy is not in the app': inThreeAccounts(({ hub }) => {
      const role = new Role(hub, 'Sender', { roleName: 'sender', assumedBy: trustForRule(RULE) });
      role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSBatchServiceEventTargetRole'));
      cfnRule(hub, { arn: TARGETS['a job queue'][0], roleArn: role.roleArn });
    }),
    'a role for a resource that is known only at deployment': inThreeAccounts(({ hub }) => {
      const resource = new CfnParameter(hub, 'Arn').valueAsString;
      ruleTo(hub, TARGETS['a delivery stream'][0], 'firehose:PutRecord', resource);
    }),
  },
  faulty: {
    ...mapTargets(
      (kind) => `a role with another action for ${kind}`,
      (arn, action) => ({
        app: inThreeAccounts(({ hub }) => ruleTo(hub, arn, `${action.split(':')[0]}:DescribeAnything`)),
        at: '/Hub/Sender',
      }),
    ),
    'a role for another state machine': {
      app: inThreeAccounts(({ hub }) => {
        const [arn, action] = TARGETS['a state machine'];
        ruleTo(hub, arn, action, `${arn}-old`);
      }),
      at: '/Hub/Sender',
    },
    'a role for another API': {
      app: inThreeAccounts(({ hub }) =>
        ruleTo(hub, arnOf('execute-api', 'a/prod/POST/in'), 'execute-api:Invoke', arnOf('execute-api', 'b/*')),
      ),
      at: '/Hub/Sender',
    },
    'a role for a queue of jobs but not for the definition': {
      app: inThreeAccounts(({ hub }) => ruleToJobQueue(hub, (queue) => [queue])),
      at: '/Hub/Sender',
    },
  },
});

function ruleToJobQueue(stack: Stack, resources: (queueArn: string, definitionArn: string) => string[]): void {
  const queueArn = ATTRIBUTES['a job queue'](stack);
  const jobDefinition = new CfnJobDefinition(stack, 'Definition', { type: 'container' }).ref;
  const batchParameters = { jobDefinition, jobName: 'orders' };
  ruleTo(stack, queueArn, 'batch:SubmitJob', resources(queueArn, jobDefinition), { batchParameters });
}
