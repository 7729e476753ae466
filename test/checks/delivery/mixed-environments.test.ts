import { Environment, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueuePolicy, IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventChecks } from '../../../src';
import { HUB, messagesOf, stackIn, testApp } from '../../support/apps';
import { assemblyFindings } from '../../support/assemblies';
import { brief } from '../../support/messages';

/** What is reported of a stack in the account and Region of the hub, and one whose account or Region is not known. */
function findingsOf(define: (hub: Stack, unknown: Stack) => void, env: Environment): Record<string, string[]> {
  const make = () => {
    const app = testApp();
    const stacks = [stackIn(app, 'Hub', HUB), stackIn(app, 'Unknown', env)] as const;
    define(...stacks);
    return { app, stacks };
  };
  const constructs = make();
  CrossAccountEventChecks.applyTo(constructs.app);
  return {
    // The CDK warns too, of some references between such stacks.
    constructs: messagesOf(...constructs.stacks)
      .map(brief)
      .filter((finding) => !finding.includes(' another '))
      .sort(),
    assembly: assemblyFindings(make().app)
      .map(({ at, id, level }) => brief(`${level} ${at} [ack: ${id}]`))
      .sort(),
  };
}

const bothHave = (...findings: string[]) => ({ constructs: findings, assembly: findings });
const eventPattern = { source: ['com.shop'] };

const queueIn = (stack: Stack) => {
  const queue = new Queue(stack, 'Queue', { queueName: 'letters' });
  queue.grantSendMessages(new ServicePrincipal('events.amazonaws.com', { conditions: SOURCE_ACCOUNT }));
  return queue;
};
const SOURCE_ACCOUNT = { StringEquals: { 'aws:SourceAccount': HUB.account } };

const ruleWithDeadLetters = (stack: Stack, { queueArn }: IQueue) => {
  const target = new Topic(stack, 'Topic');
  target.grantPublish(new ServicePrincipal('events.amazonaws.com', { conditions: SOURCE_ACCOUNT }));
  const deadLetterConfig = { arn: queueArn };
  new CfnRule(stack, 'Rule', { eventPattern, targets: [{ id: 'T', arn: target.topicArn, deadLetterConfig }] });
};

describe.each<[string, Environment]>([
  ['without an account and Region', {}],
  ['without a Region', { account: HUB.account }],
])('a resource of a stack %s', (_, env) => {
  test('is the target of a rule in a stack with both', () => {
    const define = (hub: Stack, unknown: Stack) => {
      const topic = new Topic(unknown, 'Topic', { topicName: 'news' });
      new Rule(hub, 'Rule', { eventPattern, targets: [new SnsTopic(topic)] });
    };
    expect(findingsOf(define, env)).toEqual(bothHave());
  });

  test('is its dead-letter queue', () => {
    expect(findingsOf((hub, unknown) => ruleWithDeadLetters(hub, queueIn(unknown)), env)).toEqual(bothHave());
  });

  test('is not its target if the CDK writes another ARN of the rule, without the bus, into the policy', () => {
    const define = (hub: Stack, unknown: Stack) => {
      const eventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
      const targets = [new SqsQueue(new Queue(unknown, 'Queue', { queueName: 'letters' }))];
      new Rule(hub, 'Rule', { ruleName: 'rule', eventBus, eventPattern, targets });
    };
    expect(findingsOf(define, env)).toEqual(bothHave('error targetAccessDenied /Unknown/Queue/Policy/Resource'));
  });

  test('has a policy that another stack replaces', () => {
    const define = (hub: Stack, unknown: Stack) => {
      queueIn(unknown);
      new CfnQueuePolicy(hub, 'Policy', {
        queues: [`https://sqs.${HUB.region}.amazonaws.com/${HUB.account}/letters`],
        policyDocument: { Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*' }] },
      });
    };
    const { constructs, assembly } = findingsOf(define, env);
    expect(constructs).toEqual([expect.stringMatching(/^error resourcePolicyConflict /)]);
    expect(assembly).toEqual([expect.stringMatching(/^error resourcePolicyConflict /)]);
  });
});
