import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as fc from 'fast-check';
import { documents } from './statements';
import { AccountGrantForm, CrossAccountEventBus, EventBusProfile } from '../../../src';
import { Place } from '../place';
import { ACCOUNTS, BUS_NAMES, Mode, REGIONS, Value, arnOf, index, maybe, mostly, text } from '../values';

/** An event bus: an L1, an L2, one of this library, or an imported one. */
export interface BusDescription {
  readonly stack: number;
  readonly kind: 'l1' | 'l2' | 'ours' | 'by ARN' | 'by name';
  readonly name?: Value;
  readonly key?: number;
  readonly deadLetterQueue?: number;
  /** The whole policy, on an L1. */
  readonly policy?: Value;
  readonly form?: AccountGrantForm;
  readonly features: readonly Feature[];
  /** Of an imported bus. */
  readonly at: { readonly account: string; readonly region: string };
}

const FEATURES = ['archive', 'logs', 'schema discovery', 'profile'] as const;
type Feature = (typeof FEATURES)[number];

export function buses(mode: Mode): fc.Arbitrary<BusDescription> {
  const name = text(mode, ...BUS_NAMES);
  const policy = documents(mode, { actions: ['events:PutEvents'], resource: arnOf('buses'), hasPrincipal: true });
  const kinds = ['ours', 'l1', 'l2'] as const;
  return fc.record({
    stack: index,
    kind: mode === 'known' ? fc.constantFrom(...kinds) : fc.constantFrom(...kinds, ...kinds, 'by ARN', 'by name'),
    name: mode === 'known' ? name : maybe(name, 4),
    key: mode === 'known' ? fc.constant(undefined) : maybe(index, 4),
    deadLetterQueue: mode === 'known' ? fc.constant(undefined) : maybe(index, 4),
    policy: mode === 'known' ? fc.constant(undefined) : maybe(policy, 6),
    form: maybe(fc.constantFrom(...Object.values(AccountGrantForm)), 3),
    features: mode === 'known' ? fc.constant([]) : mostly(fc.constant<Feature[]>([]), fc.subarray([...FEATURES]), 4),
    at: fc.record({ account: fc.constantFrom(...ACCOUNTS, '12'), region: fc.constantFrom(...REGIONS, 'nowhere') }),
  });
}

export function buildBus(place: Place, described: BusDescription): void {
  const name = place.name(place.render(described.name));
  const construct = busOf(place, described, name);
  const form = { service: 'events', resource: 'event-bus/{}', name };
  place.add('buses', construct, construct.eventBusRef.eventBusArn, form);
}

function busOf(place: Place, described: BusDescription, name: string | undefined): events.IEventBusRef {
  const { stack, id } = place;
  const { at, features, form } = described;
  switch (described.kind) {
    case 'l1': {
      return new events.CfnEventBus(stack, id, {
        name: name ?? `generated-${id}`,
        policy: place.render(described.policy),
        kmsKeyIdentifier: described.key === undefined ? undefined : place.arnAt('keys', described.key),
        deadLetterConfig:
          described.deadLetterQueue === undefined
            ? undefined
            : { arn: place.arnAt('queues', described.deadLetterQueue) },
      });
    }
    case 'by ARN':
      return events.EventBus.fromEventBusArn(stack, id, busArn(at, name ?? 'orders'));
    case 'by name':
      return events.EventBus.fromEventBusName(stack, id, name ?? 'default');
    default: {
      const props = {
        eventBusName: name,
        kmsKey: described.key === undefined ? undefined : place.at<IKey>('keys', described.key)?.construct,
        deadLetterQueue:
          described.deadLetterQueue === undefined
            ? undefined
            : place.at<IQueue>('queues', described.deadLetterQueue)?.construct,
        logConfig: features.includes('logs') ? { level: events.Level.ERROR } : undefined,
      };
      if (described.kind === 'l2') return new events.EventBus(stack, id, props);
      const bus = new CrossAccountEventBus(stack, id, {
        ...props,
        accountGrantForm: form,
        schemaDiscovery: features.includes('schema discovery'),
        profile: features.includes('profile') ? EventBusProfile.production() : undefined,
      });
      if (features.includes('archive')) {
        bus.archive('Archive', { eventPattern: { source: ['com.shop'] }, retention: Duration.days(1) });
      }
      return bus;
    }
  }
}

function busArn({ account, region }: BusDescription['at'], name: string): string {
  return `arn:aws:events:${region}:${account}:event-bus/${name}`;
}
