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

/** The resource of a bus that is defined in this app; undefined for an imported bus. */
export function cfnEventBusOf(bus: IConstruct): CfnEventBus | undefined {
  return cfnResourceOf(bus, CfnEventBus.isCfnEventBus);
}

/**
 * The ARN of a bus in the template of another construct. Between stacks it is a literal ARN if the bus has a physical
 * name. Then no stack depends on the other one: they can be deployed in any order, and can refer to each other.
 */
export function eventBusArnFor(consumer: IConstruct, bus: IEventBusRef): string {
  requireSamePartition(consumer, bus);
  const resource = cfnEventBusOf(bus);
  return resource ? ownedEventBusArnFor(consumer, bus, resource) : importedEventBusArnFor(consumer, bus);
}

function importedEventBusArnFor(consumer: IConstruct, bus: IEventBusRef): string {
  const arn = bus.eventBusRef.eventBusArn;
  validateString(consumer, 'eventBus', arn, eventBusArn);
  // A bus that is imported by name is in the environment of its stack.
  if (bus.env.account === Stack.of(bus).account) requireKnownEnvironment(consumer, bus);
  return arn;
}

function ownedEventBusArnFor(consumer: IConstruct, bus: IEventBusRef, resource: CfnEventBus): string {
  const arn = bus.eventBusRef.eventBusArn;
  const stack = Stack.of(consumer);
  if (Stack.of(resource) === stack) return arn;
  requireKnownEnvironment(consumer, bus);
  const { name } = resource;
  if (!Token.isUnresolved(name)) {
    const literalArn = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: name, ...bus.env });
    requireArnUnchanged(resource, resource.attrArn, literalArn, consumer);
    return literalArn;
  }
  if (isCrossEnvironment(bus.env, stack)) {
    throw validationError(
      consumer,
      "'eventBus' must have a physical name to be used in another account or region, got the unnamed " +
        `'${bus.node.path}'; ` +
        "set its 'eventBusName', or use a CrossAccountEventBus, which always has a name",
    );
  }
  return arn;
}

/**
 * The literal ARN of a bus, for resources that the bus refers to, such as its key. They cannot refer to the bus,
 * because that reference would be circular.
 */
export function literalEventBusArn(bus: IEventBusRef): string {
  const resource = cfnEventBusOf(bus);
  if (!resource) return bus.eventBusRef.eventBusArn;
  const { stack, name, attrArn } = resource;
  const arn = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: name });
  requireArnUnchanged(resource, attrArn, arn, resource);
  return arn;
}

/** Partitions have separate accounts, and EventBridge does not forward events between them. */
function requireSamePartition(consumer: IConstruct, { env, node }: IEventBusRef): void {
  const { region } = Stack.of(consumer);
  if (Token.isUnresolved(region) || Token.isUnresolved(env.region)) return;
  const partition = partitionOf(region);
  const busPartition = partitionOf(env.region);
  if (partition === busPartition) return;
  throw validationError(
    consumer,
    `'eventBus' must be in partition ${partition}, got '${node.path}' in ${busPartition}; ` +
      'define the publisher or rule in a stack in that partition',
  );
}

/**
 * Rejects a bus whose stack has no explicit account or Region if this stack has one: in the template of this stack, the
 * pseudo parameters of the bus would have the values of this stack.
 */
function requireKnownEnvironment(consumer: IConstruct, bus: IEventBusRef): void {
  const { account, region } = Stack.of(consumer);
  if (!hasOtherMeaning(bus.env.account, account) && !hasOtherMeaning(bus.env.region, region)) return;
  throw validationError(
    consumer,
    "'eventBus' must be in a stack with an explicit account and region if this stack has them, got " +
      `'${bus.node.path}'; ` +
      "set 'env' on the stack of the bus",
  );
}

/** Whether an unresolved account or Region has another value in the template of the consumer. */
function hasOtherMeaning(unresolved: string, ofConsumer: string): boolean {
  return Token.isUnresolved(unresolved) && compareEnvironments(unresolved, ofConsumer) !== 'same';
}
