import { CfnResource } from 'aws-cdk-lib';
import type { ElementKind } from './delivery-graph';
import { Identity, PublisherResource } from '../app-model/app-model';
import { pathOf } from '../checks/engine/construct-names';
import { ExternalPublisher, Publisher } from '../delivery-paths/publisher';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { accountOf, regionOf } from '../iam/arn';
import { displayText, hasUnresolved } from '../iam/unresolved-text';

/** The first element of paths, with what is shown of it. */
export interface GraphPublisher {
  readonly id: string;
  readonly kind: ElementKind;
  /** Absent if CloudFormation generates it. */
  readonly name?: string;
  readonly arn?: string;
  readonly account?: string;
  readonly region?: string;
  /** The resource, if one of the apps defines it. */
  readonly construct?: CfnResource;
  readonly source: Publisher;
}

/** A kind of event that a publisher is known to put on a bus. */
export interface Publication {
  readonly publisher: GraphPublisher;
  readonly busArn: string;
  readonly event: EventEnvelope;
}

/** A role or user that one of the apps defines. */
export function publisherOfIdentity(identity: Identity): GraphPublisher {
  const { account, arn, construct, name } = identity;
  const kind = arn.includes(':user/') ? 'user' : 'role';
  const known = displayText(name) === name ? { name } : {};
  return { id: displayText(arn), kind, ...known, arn, account, construct, source: { kind: 'identity', identity } };
}

/** A schedule, pipe, function, API or state machine, with the role with which its service puts events. */
export function publisherOfResource(resource: PublisherResource, source: Publisher): GraphPublisher {
  const { account, construct, kind, region } = resource;
  return { id: `${kind} ${pathOf(construct)}`, kind, account, region, construct, source };
}

/** A role or user that no app defines, or any of those in accounts. */
export function publisherOfPrincipal(kind: ElementKind, name: string, source: ExternalPublisher): GraphPublisher {
  if (kind !== 'role' && kind !== 'user') {
    const account = kind === 'account' ? { account: source.identity.account } : {};
    return { id: name, kind, name, ...account, source };
  }
  const { account, arn } = source.identity;
  return { id: displayText(arn), kind, name: displayText(source.identity.name), arn, account, source };
}

/** A service that a bus policy names. */
export function publisherOfServicePrincipal(service: string): GraphPublisher {
  return { id: service, kind: 'service', name: service, source: { kind: 'service', service } };
}

/** A service that puts its events on the default bus of an account and Region, by the source of the events. */
export function publisherOfService(name: string, busArn: string): GraphPublisher {
  const [account, region] = [accountOf(busArn), regionOf(busArn)];
  const id = displayText(`${name} in ${account}/${region}`);
  return { id, kind: 'service', name, account, region, source: { kind: 'service', service: name } };
}

/** The account in the events of a publisher, if it is known. */
export function accountInEvents({ source }: GraphPublisher): Pick<EventEnvelope, 'account'> {
  if (source.kind !== 'identity' && source.kind !== 'external') return {};
  const { account } = source.identity;
  return hasUnresolved(account) && source.kind === 'external' ? {} : { account };
}
