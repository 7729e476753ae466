import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { cfnEventBusOf } from './event-bus-arn';
import { UNRESOLVED_LAZY_VALUE } from '../../app-model/resolve/token-resolver';
import { pathParts, physicalNameOf, readNow, resolveNow } from '../../core/environment';
import { EVENT_BUS_NAME_CHARACTERS } from '../../eventbridge/quotas';
import { canonical } from '../../iam/statement';

/**
 * Distinguishes a bus from any other bus that the same policy construct may have in a later deployment. Undefined if
 * the path of the policy does.
 *
 * Another bus, or another name, replaces the statements. CloudFormation creates the new ones before it deletes the old
 * ones, so they need other IDs. The key is the name of the bus, unless that is generated from the path of the policy. A
 * lazy name is known too late for IDs, and the key is the path of the bus.
 */
export function eventBusKey(policy: IConstruct, eventBus: IEventBusRef): string | undefined {
  const resource = cfnEventBusOf(eventBus);
  const name = resource ? resource.name : eventBus.eventBusRef.eventBusName;
  const bus = policy.node.scopes.find((scope) => resource && cfnEventBusOf(scope) === resource);
  const text = String(readNow(policy, name));
  if (!text.includes(UNRESOLVED_LAZY_VALUE)) {
    const isGenerated = bus !== undefined && text === physicalNameOf(bus, [], EVENT_BUS_NAME_CHARACTERS);
    return isGenerated ? undefined : text;
  }
  if (!resource) return canonical(resolveNow(policy, name));
  return bus ? undefined : canonical(pathParts(resource));
}
