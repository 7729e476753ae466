import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IEventBus, IRuleTarget } from 'aws-cdk-lib/aws-events';
import * as cdk from 'aws-cdk-lib/aws-events-targets';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import {
  ApiGatewayEventTarget,
  CrossAccountEventBusTarget,
  KinesisEventTarget,
  LambdaEventTarget,
  LambdaPermissionScope,
  QueuePermissionScope,
  SnsEventTarget,
  SqsEventTarget,
} from '../../../src';
import { Place } from '../place';
import { Mode, Value, index, malformable, maybe, mostly, text } from '../values';

const KNOWN = ['buses', 'functions', 'queues'] as const;
const KINDS = [...KNOWN, 'buses', 'topics', 'streams', 'apis', 'logGroups', 'stateMachines'] as const;

/** A target of a rule: an element of the app, or an ARN. */
export interface TargetDescription {
  readonly of: (typeof KINDS)[number];
  readonly at: number;
  /** Of this library, or of aws-cdk-lib. */
  readonly isOurs: boolean;
  /** Instead of that of the element, in an L1. */
  readonly arn?: Value;
  readonly role?: number;
  readonly deadLetterQueue?: number;
  readonly isForBus: boolean;
  readonly isRestricted: boolean;
}

const ARNS = [
  'arn:aws:ecs:eu-west-1:111111111111:cluster/cluster',
  'arn:aws:firehose:eu-west-1:111111111111:deliverystream/stream',
  'arn:aws:batch:eu-west-1:333333333333:job-queue/queue',
  'arn:aws:events:eu-west-1:111111111111:api-destination/other/1234',
  'arn:aws:codebuild:eu-west-1:111111111111:project/project',
  'arn:aws:ssm:eu-west-1::document/document',
  'arn:aws:sqs:eu-west-1:111111111111:one.fifo',
  'arn:aws:sqs:nowhere-1:11:queue',
  'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/events/one:*',
  'arn:aws:events:eu-west-1:222222222222:event-bus/default',
  'arn:aws-cn:events:cn-north-1:111111111111:event-bus/orders',
  'arn:aws:events:eu-west-1:111111111111:event-bus/oders',
  'arn:aws:lambda:us-east-1:111111111111:function:handler:live',
  'arn:aws:rds:eu-west-1:111111111111:db:db',
];

export function targets(mode: Mode): fc.Arbitrary<TargetDescription> {
  const isKnown = mode === 'known';
  return fc.record({
    of: fc.constantFrom(...(isKnown ? KNOWN : KINDS)),
    at: index,
    isOurs: isKnown ? fc.constant(true) : mostly(fc.constant(true), fc.constant(false), 3),
    arn: isKnown ? fc.constant(undefined) : maybe(malformable(mode, text(mode, ...ARNS)), 3),
    role: isKnown ? maybe(index) : maybe(index, 3),
    deadLetterQueue: isKnown ? fc.constant(undefined) : maybe(index, 5),
    isForBus: fc.boolean(),
    isRestricted: mostly(fc.constant(false), fc.constant(true), 4),
  });
}

/** The ARN of a target in an L1. */
export function arnOfTarget(place: Place, { arn, at, of }: TargetDescription): string {
  return arn === undefined ? place.arnAt(of, at) : place.render(arn);
}

interface Options {
  readonly executionRole?: IRole;
  readonly deadLetterQueue?: IQueue;
}

/** A target of an L2; undefined if the app has no such element, or the CDK no such target. */
export function ruleTarget(place: Place, target: TargetDescription, options: Options): IRuleTarget | undefined {
  const element = place.at(target.of, target.at);
  if (!element) return undefined;
  return (target.isOurs ? OURS : CDK)[target.of]?.(element.construct, options, target);
}

type Create = (construct: any, options: Options, target: TargetDescription) => IRuleTarget | undefined;

const OURS: { readonly [of: string]: Create } = {
  buses: (bus: IEventBus, options) => new CrossAccountEventBusTarget(bus, options),
  functions: (handler: IFunction, options, { isForBus, isRestricted }) =>
    new LambdaEventTarget(handler, {
      ...options,
      permissionScope: isForBus ? LambdaPermissionScope.EVENT_BUS : undefined,
      restrictToExecutionRole: isRestricted || undefined,
    }),
  queues: (queue: IQueue, options, { isForBus, isRestricted }) =>
    new SqsEventTarget(queue, {
      ...options,
      permissionScope: isForBus ? QueuePermissionScope.EVENT_BUS : undefined,
      messageGroupId: isRestricted ? 'group' : undefined,
    }),
  topics: (topic: ITopic, options) => new SnsEventTarget(topic, options),
  streams: (stream: IStream, options, { isForBus }) =>
    new KinesisEventTarget(stream, { ...options, partitionKeyPath: isForBus ? '$.id' : undefined }),
  apis: (api: IRestApi, options, { isForBus }) =>
    new ApiGatewayEventTarget(api, { ...options, stage: isForBus ? 'prod' : undefined }),
};

const CDK: { readonly [of: string]: Create } = {
  buses: (bus: IEventBus, { deadLetterQueue, executionRole: role }) =>
    'grantPutEventsTo' in bus ? new cdk.EventBus(bus, { deadLetterQueue, role }) : undefined,
  functions: (handler: IFunction, { deadLetterQueue }) => new cdk.LambdaFunction(handler, { deadLetterQueue }),
  queues: (queue: IQueue, { deadLetterQueue }) => new cdk.SqsQueue(queue, { deadLetterQueue }),
  topics: (topic: ITopic, { deadLetterQueue }) => new cdk.SnsTopic(topic, { deadLetterQueue }),
  streams: (stream: IStream, { deadLetterQueue }) => new cdk.KinesisStream(stream, { deadLetterQueue }),
  apis: (api: IRestApi, { deadLetterQueue }) => new cdk.ApiGateway(api, { deadLetterQueue }),
};
