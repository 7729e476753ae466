import { Stack, Token } from 'aws-cdk-lib';
import { CfnEventBus, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { partitionOf } from '../../app-model/resolve/pseudo-parameters';
import { cfnResourceOf } from '../../core/cfn-resources';
import { compareEnvironments, isCrossEnvironment } from '../../core/environment';
import { requireArnUnchanged } from '../../core/literal-arns';
import { validateString } from '../../core/validate-values';
import { validationError } from '../../core/validation-error';
import { eventBusArn } from '../../eventbridge/formats';

/**
 * The ARN of a bus as another construct may write it into its template.
 *
 * Between stacks it is spelled out from the physical name where there is one, so that no stack depends on the other:
 * they can be deployed in either order, and publishers and consumers can refer to each other.
 */
export function eventBusArnFor(consumer: IConstruct, bus: IEventBusRef): string {
  const { eventBusArn: arn } = bus.eventBusRef;
  const made = cfnEventBusOf(bus);
  const stack = Stack.of(consumer);
  requireSamePartition(consumer, bus);
  if (!made) {
    validateString(consumer, 'eventBus', arn, eventBusArn);
    // Imported by name, it is of the place of its stack.
    if (bus.env.account === Stack.of(bus).account) requireKnownEnvironment(consumer, bus);
    return arn;
  }
  if (Stack.of(made) === stack) return arn;
  requireKnownEnvironment(consumer, bus);
  if (!Token.isUnresolved(made.name)) {
    const spelled = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: made.name, ...bus.env });
    requireArnUnchanged(made, made.attrArn, spelled, consumer);
    return spelled;
  }
  if (isCrossEnvironment(bus.env, stack)) {
    throw validationError(
      consumer,
      `'eventBus' must have a name to be known in another account or region, got the unnamed '${bus.node.path}'; ` +
        "give it an 'eventBusName', or make it a CrossAccountEventBus, which always has one",
    );
  }
  return arn;
}

/**
 * The ARN of a bus put together from its name: what the bus itself refers to, such as its key, cannot refer back to it.
 */
export function literalEventBusArn(bus: IEventBusRef): string {
  const made = cfnEventBusOf(bus);
  if (!made) return bus.eventBusRef.eventBusArn;
  const arn = made.stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: made.name });
  requireArnUnchanged(made, made.attrArn, arn, made);
  return arn;
}

/** Partitions share neither accounts nor events. */
function requireSamePartition(consumer: IConstruct, { env, node }: IEventBusRef): void {
  const { region } = Stack.of(consumer);
  if (Token.isUnresolved(region) || Token.isUnresolved(env.region) || partitionOf(region) === partitionOf(env.region)) {
    return;
  }
  throw validationError(
    consumer,
    `'eventBus' must be of partition ${partitionOf(region)}, got '${node.path}' of ` +
      `${partitionOf(env.region)}; make what publishes or forwards in a stack of that partition`,
  );
}

/**
 * Where the stack of the bus leaves its account or region to deployment, another stack cannot tell: there the same text
 * means its own.
 */
function requireKnownEnvironment(consumer: IConstruct, bus: IEventBusRef): void {
  const { account, region } = Stack.of(consumer);
  const elsewhere = (its: string, own: string) => Token.isUnresolved(its) && compareEnvironments(its, own) !== 'same';
  if (!elsewhere(bus.env.account, account) && !elsewhere(bus.env.region, region)) return;
  throw validationError(
    consumer,
    `'eventBus' must be of a stack that knows its account and region, got '${bus.node.path}', whose stack does not, ` +
      "while this one does; give the stack of the bus an 'env'",
  );
}

/** The resource behind a bus of the app; none for an imported one. */
export function cfnEventBusOf(bus: IConstruct): CfnEventBus | undefined {
  return cfnResourceOf(bus, CfnEventBus.isCfnEventBus);
}
