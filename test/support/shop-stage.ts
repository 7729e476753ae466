import { Duration, Environment, NestedStack, PhysicalName, Stack, Stage, StageProps } from 'aws-cdk-lib';
import { EventBus, Level, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BILLING, HUB, SHOP, testFunction } from './apps';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  CrossAccountInvokePermission,
  CrossAccountRule,
  EventBusProfile,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';

export interface ShopStageProps extends StageProps {
  readonly hub?: Environment;
  readonly shop?: Environment;
  readonly billing?: Environment;
  /** Whether all but the cross-account function is in nested stacks. */
  readonly nested?: boolean;
  /** Names of stacks come without that of the stage. */
  readonly bareStackNames?: boolean;
}

export const eventPattern = { source: ['com.shop'], detailType: ['OrderPlaced'] };
const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const ELSEWHERE = 'arn:aws:events:eu-west-1:999999999999:event-bus/elsewhere';

/** Every construct of the library, in the five stacks of three accounts that one deployment of a system would have. */
export class ShopStage extends Stage {
  /** Where the rules that forward are. */
  public readonly forwarding: Stack;
  public readonly bus: CrossAccountEventBus;
  public readonly local: CrossAccountEventBus;
  public readonly handler: Function;

  constructor(scope: Construct, id: string, props: ShopStageProps = {}) {
    const { hub = HUB, shop = SHOP, billing = BILLING, nested, bareStackNames, ...stageProps } = props;
    super(scope, id, stageProps);
    const stack = (name: string, env: Environment) =>
      new Stack(this, name, { env, ...(bareStackNames && { stackName: name }) });
    const within = (outer: Stack) => (nested ? new NestedStack(outer, 'Nested') : outer);
    const hubStack = stack('Hub', hub);
    const billingStack = stack('Billing', billing);
    this.forwarding = within(stack('Forwarding', hub));
    this.bus = makeBuses(within(hubStack));
    this.local = new CrossAccountEventBus(within(billingStack), 'Local');
    this.handler = testFunction(billingStack, 'Handler', { functionName: PhysicalName.GENERATE_IF_NEEDED });
    new CrossAccountInvokePermission(billingStack, 'Permission', {
      handler: this.handler,
      eventBusAccount: '888888888888',
    });
    publish(within(stack('Shop', shop)), this.bus);
    forward(this.forwarding, this.bus, this.local, this.handler);
    subscribe(within(stack('Subscription', billing)), this.bus);
    CrossAccountEventChecks.applyTo(this);
  }
}

/** A bus with all that one can have, and a bus of the CDK with its grants. */
function makeBuses(scope: Construct): CrossAccountEventBus {
  const bus = new CrossAccountEventBus(scope, 'Bus', {
    kmsKey: new Key(scope, 'Key'),
    deadLetterQueue: new Queue(scope, 'BusDeadLetters'),
    logConfig: { level: Level.TRACE },
    profile: EventBusProfile.production(),
    publishers: [EventPublisher.accounts('777777777777')],
  });
  bus.archive('Archive', { eventPattern, retention: Duration.days(1) });
  new CrossAccountEventBus(scope, 'Discovered', { schemaDiscovery: true });
  new CrossAccountEventBusPolicy(scope, 'Grants', {
    eventBus: new EventBus(scope, 'Plain'),
    publishers: [EventPublisher.accounts('777777777777')],
  });
  const targets = [
    new LambdaEventTarget(testFunction(scope, 'Handler'), { deadLetterQueue: new Queue(scope, 'DeadLetters') }),
  ];
  new Rule(scope, 'ToFunction', { eventBus: bus, eventPattern, targets });
  return bus;
}

function publish(scope: Construct, bus: CrossAccountEventBus): void {
  new PublisherRole(scope, 'Publisher', {
    assumedBy: LAMBDA,
    eventBuses: [bus],
    allowedEvents: { sources: ['com.shop'] },
  });
  new PublisherRole(scope, 'FarPublisher', {
    assumedBy: LAMBDA,
    eventBuses: [EventBus.fromEventBusArn(scope, 'Elsewhere', ELSEWHERE)],
  });
}

function forward(scope: Construct, bus: CrossAccountEventBus, local: CrossAccountEventBus, handler: Function): void {
  new Rule(scope, 'ToBilling', { eventBus: bus, eventPattern, targets: [new CrossAccountEventBusTarget(local)] });
  new Rule(scope, 'ToTheirFunction', { eventBus: bus, eventPattern, targets: [new LambdaEventTarget(handler)] });
  const elsewhere = EventBus.fromEventBusArn(scope, 'Elsewhere', ELSEWHERE);
  new Rule(scope, 'ToElsewhere', {
    eventBus: bus,
    eventPattern: { source: ['com.far'] },
    targets: [new CrossAccountEventBusTarget(elsewhere)],
  });
}

function subscribe(scope: Construct, bus: CrossAccountEventBus): void {
  const own = new CrossAccountEventBus(scope, 'Own');
  new CrossAccountRule(scope, 'Orders', {
    eventBus: bus,
    eventPattern,
    targets: [new CrossAccountEventBusTarget(own)],
  });
  new Rule(scope, 'FromOwn', {
    eventBus: own,
    eventPattern,
    targets: [new LambdaEventTarget(testFunction(scope, 'OwnHandler'))],
  });
}
