import { CfnResource, Environment, Stack } from 'aws-cdk-lib';
import { AppModel } from '../../src/app-model/app-model';
import { readApp } from '../../src/app-model/read-app';
import { HUB, testApp, testStack } from '../support/apps';
import { functionArn, queueArn } from '../support/three-accounts';

const OWN = { account: '‹AWS::AccountId›', region: '‹region›' };
const inEnvironment = (service: string, resource: string, { account, region } = HUB) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

function define(stack: Stack, id: string, type: string, properties: object): void {
  new CfnResource(stack, id, { type: `AWS::${type}`, properties });
}

const TARGETS = [functionArn('f'), queueArn('q'), inEnvironment('sns', 't'), inEnvironment('kinesis', 'stream/s')];

/** An app with targets in one stack, and a rule and policies for them, by name, in another one. */
function readWith(ofTargets: Environment, ofRule: Environment): AppModel {
  const app = testApp();
  const targets = testStack('Targets', ofTargets, app);
  define(targets, 'Function', 'Lambda::Function', { FunctionName: 'f' });
  define(targets, 'Queue', 'SQS::Queue', { QueueName: 'q' });
  define(targets, 'Topic', 'SNS::Topic', { TopicName: 't' });
  define(targets, 'Stream', 'Kinesis::Stream', { Name: 's' });
  const stack = testStack('Rules', ofRule, app);
  const [functionName, queue, topic, stream] = TARGETS;
  const dead = { DeadLetterConfig: { Arn: queue } };
  const rule = { Targets: [...TARGETS, queueArn('other')].map((Arn) => ({ Id: 'T', Arn, Input: '{}', ...dead })) };
  define(stack, 'Rule', 'Events::Rule', rule);
  define(stack, 'WithoutDead', 'Events::Rule', { Targets: [{ Id: 'T', Arn: queue }] });
  define(stack, 'Bus', 'Events::EventBus', dead);
  define(stack, 'BusWithoutDead', 'Events::EventBus', {});
  define(stack, 'Permission', 'Lambda::Permission', { FunctionName: functionName });
  define(stack, 'QueuePolicy', 'SQS::QueueInlinePolicy', { Queue: queue, PolicyDocument: {} });
  define(stack, 'TopicPolicy', 'SNS::TopicInlinePolicy', { TopicArn: topic, PolicyDocument: {} });
  define(stack, 'StreamPolicy', 'Kinesis::ResourcePolicy', { ResourceArn: stream, ResourcePolicy: {} });
  return readApp(app, [], { possibleTargets: true });
}

function arnsIn(model: AppModel): (string | undefined)[][] {
  const { functionStatements, queueStatements, topicStatements, streamStatements, rules, eventBuses } = model;
  const statements = [functionStatements, queueStatements, topicStatements, streamStatements].flat();
  return [
    rules[0].targets.map(({ arn }) => arn),
    [...rules.flatMap(({ targets }) => targets), ...eventBuses].map(({ deadLetterArn }) => deadLetterArn),
    rules[1].targets.map(({ arn }) => arn),
    statements.map(({ resourceArn }) => resourceArn),
  ];
}

function expectedArns([f, q, t, s]: readonly string[]): (string | undefined)[][] {
  const dead = [q, q, q, q, q, undefined, q, undefined];
  return [[f, q, t, s, queueArn('other')], dead, [q], [f, q, t, s]];
}

const UNKNOWN = [functionArn('f', OWN), queueArn('q', OWN), inEnvironment('sns', 't', OWN)];
const ALL_UNKNOWN = [...UNKNOWN, inEnvironment('kinesis', 'stream/s', OWN)];
const IN_ACCOUNT = TARGETS.map((arn) => arn.replace(HUB.region, OWN.region));

test.each<[string, Environment, Environment, string[]]>([
  ['known', HUB, HUB, TARGETS],
  ['not known', {}, HUB, ALL_UNKNOWN],
  ['not known, as that of the rule', {}, {}, TARGETS],
  ['known, and that of the rule is not', HUB, {}, TARGETS],
  ['not known, but its account is', { account: HUB.account }, HUB, IN_ACCOUNT],
])('a rule refers to targets in a stack whose environment is %s', (_, ofTargets, ofRule, expected) => {
  const model = readWith(ofTargets, ofRule);
  expect(arnsIn(model)).toEqual(expectedArns(expected));
  expect(model.rules[0].targets[0]).toMatchObject({ id: 'T', inputProperty: 'Input' });
});
