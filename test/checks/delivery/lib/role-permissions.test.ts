import { App, Stack } from 'aws-cdk-lib';
import { CfnTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { AppIndex } from '../../../../src/app-model/app-index';
import { checkRolePermissions } from '../../../../src/checks/delivery/lib/role-permissions';
import { KnownTargetPath, RuleTargetPath } from '../../../../src/checks/delivery/lib/rule-target-path';
import { roleRemedy } from '../../../../src/checks/delivery/lib/target-remedies';
import { HUB, SHOP, testApp, testStack } from '../../../support/apps';
import { busArn, cfnRule, functionArn, queueArn, roleArn } from '../../../support/three-accounts';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;
const SENDER = roleArn('sender', HUB);
const MACHINE = arn('states', 'stateMachine:m');
const DESTINATION = arn('events', 'api-destination/d/1234');
const CLUSTER = arn('ecs', 'cluster/c');
const TASK = arn('ecs', 'task-definition/t');
const QUEUE = arn('batch', 'job-queue/q');
const JOB = arn('batch', 'job-definition/j');

interface Allowed {
  readonly Action: unknown;
  readonly Resource: unknown;
  readonly Effect?: string;
}

function role(...allowed: Allowed[]) {
  const Statement = allowed.map((one) => ({ Effect: 'Allow', ...one }));
  new CfnRole(hub, 'Role', {
    roleName: 'sender',
    assumeRolePolicyDocument: { Statement: [] },
    policies: allowed.length === 0 ? [] : [{ policyName: 'p', policyDocument: { Statement } }],
  });
}
function pathTo(target: string, more: object = {}): KnownTargetPath {
  cfnRule(hub, { arn: target, roleArn: SENDER, ...more });
  return onlyPath();
}
function onlyPath(): KnownTargetPath {
  const index = AppIndex.of(app);
  const [rule] = index.model.rules;
  return new RuleTargetPath(index, rule, rule.targets[0]) as KnownTargetPath;
}
const found = (path: KnownTargetPath) =>
  checkRolePermissions(path).map(({ id, problem }) => [id.split(':')[1], problem]);

describe('the role of a target may', () => {
  const task = (arnOfTask: string, launchType?: string) => ({
    ecsParameters: { taskDefinitionArn: arnOfTask, launchType },
  });
  const job = { batchParameters: { jobDefinition: JOB, jobName: 'n' } };
  const RUN = { Action: 'ecs:RunTask', Resource: '*' };

  test.each<[string, Allowed[], string, object?]>([
    ['a queue', [{ Action: 'sqs:*', Resource: queueArn('q') }], queueArn('q')],
    ['a state machine', [{ Action: 'states:StartExecution', Resource: MACHINE }], MACHINE],
    ['a version, by its state machine', [{ Action: 'states:*', Resource: MACHINE }], `${MACHINE}:1`],
    ['a version, by its own ARN', [{ Action: 'states:*', Resource: `${MACHINE}:1` }], `${MACHINE}:1`],
    ['an API destination', [{ Action: 'events:InvokeApiDestination', Resource: DESTINATION }], DESTINATION],
    ['an API destination, in short', [{ Action: '*', Resource: arn('events', 'api-destination/d') }], DESTINATION],
    ['a task', [{ Action: 'ecs:RunTask', Resource: TASK }], CLUSTER, task(TASK)],
    ['a revision of a task, by its family', [{ Action: 'ecs:RunTask', Resource: TASK }], CLUSTER, task(`${TASK}:1`)],
    ['a revision of a task', [{ Action: 'ecs:RunTask', Resource: `${TASK}:1` }], CLUSTER, task(`${TASK}:1`)],
    ['a task, by all of its revisions', [{ Action: 'ecs:RunTask', Resource: `${TASK}:*` }], CLUSTER, task(TASK)],
    ['a job', [{ Action: 'batch:SubmitJob', Resource: [QUEUE, JOB] }], QUEUE, job],
    [
      'a job by name',
      [{ Action: '*', Resource: QUEUE }],
      QUEUE,
      { batchParameters: { jobDefinition: 'j', jobName: 'n' } },
    ],
  ])('call %s', (_, allowed, target, ...[more]) => {
    role(...allowed);
    expect(found(pathTo(target, more))).toEqual([]);
  });

  test.each<[string, Allowed[], string, object | undefined, string]>([
    ['a queue', [], queueArn('q'), {}, `sqs:SendMessage on ${queueArn('q')}`],
    [
      'another queue',
      [{ Action: '*', Resource: queueArn('r') }],
      queueArn('q'),
      {},
      `sqs:SendMessage on ${queueArn('q')}`,
    ],
    [
      'a state machine, by a version',
      [{ Action: '*', Resource: `${MACHINE}:1` }],
      MACHINE,
      {},
      `states:StartExecution on ${MACHINE}`,
    ],
    [
      'a task',
      [{ Action: 'ecs:RunTask', Resource: `${TASK}:2` }],
      CLUSTER,
      task(`${TASK}:1`),
      `ecs:RunTask on ${TASK}:1 for target ${CLUSTER}`,
    ],
    ['a job', [{ Action: '*', Resource: QUEUE }], QUEUE, job, `batch:SubmitJob on ${JOB} for target ${QUEUE}`],
  ])('not call %s', (_, allowed, target, more, call) => {
    role(...allowed);
    const [[id, problem], ...others] = found(pathTo(target, more));
    expect([id, others]).toEqual(['targetRoleInvalid', []]);
    expect(problem.replace(/ (cluster|job queue) arn/, ' target arn')).toBe(
      `role 'Hub/Role' of rule 'rule' is not allowed to call ${call}`,
    );
  });

  test.each<[string, Allowed[], string[]]>([
    ['pass the roles of the task', [RUN, { Action: 'iam:PassRole', Resource: roleArn('task', HUB) }], []],
    ['not pass them', [RUN], ['targetRoleInvalid']],
    ['pass others', [RUN, { Action: 'iam:PassRole', Resource: roleArn('other', HUB) }], ['targetRoleInvalid']],
  ])('%s', (_, allowed, expected) => {
    const definition = new CfnTaskDefinition(hub, 'Task', { family: 't', executionRoleArn: roleArn('task', HUB) });
    role(...allowed);
    expect(found(pathTo(CLUSTER, task(definition.ref))).map(([id]) => id)).toEqual(expected);
  });

  test.each<[string, Allowed[], string | undefined, string[]]>([
    ['not pass any role to a task of another app', [RUN], 'FARGATE', ['manuallyAddRolePolicy']],
    ['pass some role to it', [RUN, { Action: 'iam:PassRole', Resource: roleArn('x', HUB) }], 'FARGATE', []],
    ['not pass any role to a task on EC2, which needs none', [RUN], 'EC2', []],
    ['not pass any role to a task that is perhaps on EC2', [RUN], undefined, []],
  ])('%s', (_, allowed, launchType, expected) => {
    role(...allowed);
    expect(found(pathTo(CLUSTER, task(TASK, launchType))).map(([id]) => id)).toEqual(expected);
  });

  test('do anything that the app does not say, if it does not define it', () => {
    expect(found(pathTo(queueArn('q')))).toEqual([]);
  });
});

describe('the fix for a target without a role', () => {
  const ASSUME =
    "set 'RoleArn' to a role in account 111111111111 that events.amazonaws.com can assume for the rule, and ";

  test.each<[string, string, string]>([
    [
      'a bus',
      busArn('orders', SHOP),
      `${ASSUME}allow the role events:PutEvents on ${busArn('orders', SHOP)}, also in the bus policy`,
    ],
    ['a bus of its account', busArn(), `${ASSUME}allow the role events:PutEvents on ${busArn()}`],
    ['a state machine', MACHINE, `${ASSUME}allow the role states:StartExecution on ${MACHINE}`],
  ])('of an L1 is a role: %s', (_, target, fix) => {
    expect(roleRemedy(pathTo(target, { roleArn: undefined }))).toBe(fix);
  });

  test.each<[string, string, RegExp]>([
    [
      'a bus',
      busArn('orders', SHOP),
      /^use CrossAccountEventBusTarget, which creates the role, and allows it in the bus policy$/,
    ],
    ['a function', functionArn('f', SHOP), /^use LambdaEventTarget, .* in the function policy$/],
    ['a queue', queueArn('q', SHOP), /^use SqsEventTarget, .* in the queue policy$/],
    ['a topic', 'arn:aws:sns:eu-west-1:222222222222:t', /^use SnsEventTarget, .* in the topic policy$/],
    [
      'a stream',
      'arn:aws:kinesis:eu-west-1:222222222222:stream/s',
      /^use KinesisEventTarget, .* in the stream policy$/,
    ],
    [
      'a state machine',
      MACHINE.replace('111111111111', '222222222222'),
      /^forward the events to a bus in account 222222222222 with CrossAccountEventBusTarget, such as/,
    ],
  ])('of an L2 in another account is a target of this library: %s', (_, target, fix) => {
    const rule = new Rule(hub, 'Rule', { eventPattern: { source: ['a'] } });
    (rule.node.defaultChild as CfnRule).targets = [{ id: 'T', arn: target }];
    expect(roleRemedy(onlyPath())).toMatch(fix);
  });

  test('of an L2 in its account is a role', () => {
    const rule = new Rule(hub, 'Rule', { eventPattern: { source: ['a'] } });
    (rule.node.defaultChild as CfnRule).targets = [{ id: 'T', arn: MACHINE }];
    expect(roleRemedy(onlyPath()).startsWith(ASSUME)).toBe(true);
  });
});
