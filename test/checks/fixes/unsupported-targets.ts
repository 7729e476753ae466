import { RemovalPolicy, SecretValue, Stack } from 'aws-cdk-lib';
import { CfnJobDefinition, CfnJobQueue } from 'aws-cdk-lib/aws-batch';
import { BuildSpec, Project } from 'aws-cdk-lib/aws-codebuild';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ApiDestination, Authorization, Connection, EventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { DeliveryStream, S3Bucket } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { FixRow } from './fix-row';
import { eventPattern, l1RuleTo, ruleWith } from './targets';
import { CrossAccountEventBus, CrossAccountEventBusPolicy, CrossAccountEventBusTarget } from '../../../src';
import { BILLING, REGION } from '../../support/apps';
import { ThreeAccounts } from '../../support/three-accounts';

/** Targets of aws-cdk-lib that cannot be in another account than their rule. */
const TARGETS: { readonly [name: string]: (stack: Stack) => IRuleTarget } = {
  'a state machine': stateMachine,
  'a delivery stream': (stack) => {
    const destination = new S3Bucket(new Bucket(stack, 'Bucket', { removalPolicy: RemovalPolicy.DESTROY }));
    return new targets.FirehoseDeliveryStream(
      new DeliveryStream(stack, 'Delivery', { deliveryStreamName: 'orders', destination }),
    );
  },
  'a log group': logGroup,
  'a build project': (stack) => {
    const buildSpec = BuildSpec.fromObject({ version: '0.2' });
    return new targets.CodeBuildProject(new Project(stack, 'Project', { projectName: 'orders', buildSpec }));
  },
  'a job queue': (stack) => {
    const queue = new CfnJobQueue(stack, 'Jobs', { priority: 1, computeEnvironmentOrder: [] });
    const definition = new CfnJobDefinition(stack, 'Definition', { type: 'container' });
    return new targets.BatchJob(queue.attrJobQueueArn, queue, definition.ref, definition);
  },
  'a task': (stack) => {
    const taskDefinition = new FargateTaskDefinition(stack, 'Task', { family: 'orders' });
    taskDefinition.addContainer('App', { image: ContainerImage.fromRegistry('public.ecr.aws/nginx/nginx') });
    const cluster = new Cluster(stack, 'Cluster', { clusterName: 'orders', vpc: new Vpc(stack, 'Vpc') });
    return new targets.EcsTask({ cluster, taskDefinition });
  },
  'an API destination': (stack) => {
    const authorization = Authorization.apiKey('key', SecretValue.unsafePlainText('value'));
    const connection = new Connection(stack, 'Connection', { authorization });
    return new targets.ApiDestination(
      new ApiDestination(stack, 'Destination', { connection, endpoint: 'https://example.com' }),
    );
  },
};

function stateMachine(stack: Stack): IRuleTarget {
  const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Pass'));
  return new targets.SfnStateMachine(
    new StateMachine(stack, 'Machine', { stateMachineName: 'orders', definitionBody }),
  );
}

function logGroup(stack: Stack): IRuleTarget {
  const group = new LogGroup(stack, 'Logs', { logGroupName: '/aws/events/orders' });
  return new targets.CloudWatchLogGroup(group, { installLatestAwsSdk: false });
}

/** Forwards to the default bus of the other account, whose policy this app then writes, and defines the rule there. */
function forwardToDefaultBus({ hub, billing }: ThreeAccounts, target: IRuleTarget): void {
  const eventBus = EventBus.fromEventBusName(billing, 'Default', 'default');
  new CrossAccountEventBusPolicy(billing, 'DefaultPolicy', { eventBus });
  ruleWith(hub, new CrossAccountEventBusTarget(eventBus));
  new Rule(billing, 'ToTarget', { eventBus, eventPattern, targets: [target] });
}

const names = [
  `forward the events to a bus in account ${BILLING.account} with CrossAccountEventBusTarget`,
  'the default bus with a CrossAccountEventBusPolicy',
  'a rule with this target on that bus',
];

export const UNSUPPORTED_TARGET_FIXES: readonly FixRow[] = [
  {
    what: 'the default bus in the account of the target, and a rule there',
    finds: 'targetAccountUnsupported',
    names,
    app: (three, fix) => {
      const target = stateMachine(three.billing);
      if (fix) return forwardToDefaultBus(three, target);
      return l1RuleTo(three.hub, { arn: `arn:aws:states:${REGION}:${BILLING.account}:stateMachine:orders` });
    },
  },
  {
    what: 'a bus in the account of the target, and a rule there',
    finds: 'targetAccountUnsupported',
    names,
    app: ({ hub, billing }, fix) => {
      const target = logGroup(billing);
      if (!fix) return l1RuleTo(hub, { arn: `arn:aws:logs:${REGION}:${BILLING.account}:log-group:/aws/events/orders` });
      const eventBus = new CrossAccountEventBus(billing, 'Bus', { eventBusName: 'invoices' });
      ruleWith(hub, new CrossAccountEventBusTarget(eventBus));
      new Rule(billing, 'ToTarget', { eventBus, eventPattern, targets: [target] });
      return undefined;
    },
  },
  ...Object.entries(TARGETS).map(([name, targetIn]): FixRow => ({
    what: `the default bus in the account of ${name}, in place of what aws-cdk-lib does with it`,
    finds: 'targetRoleInvalid',
    names,
    app: (three, fix) => {
      const target = targetIn(three.billing);
      if (fix) forwardToDefaultBus(three, target);
      else ruleWith(three.hub, target);
    },
  })),
];
