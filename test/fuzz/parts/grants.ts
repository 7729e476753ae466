import type { IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as fc from 'fast-check';
import { AllowedEventsDescription, allowedEvents, renderAllowedEvents } from './allowed-events';
import {
  CrossAccountApiPermission,
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountInvokePermission,
  CrossAccountQueuePermission,
  CrossAccountStreamPermission,
  CrossAccountTopicPermission,
  EventPublisher,
} from '../../../src';
import { Place } from '../place';
import { ACCOUNTS, Mode, ORGANIZATIONS, EXTERNAL_ACCOUNT, Value, index, maybe, mostly, text } from '../values';

/** A permission that a construct of this library or an L2 writes. */
export interface GrantDescription {
  readonly stack: number;
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
  readonly publisher: PublisherDescription;
  readonly allowedEvents?: AllowedEventsDescription;
  readonly sid?: string;
  readonly account: Value;
  readonly role?: number;
}

/** Who is allowed. */
export interface PublisherDescription {
  readonly kind: 'accounts' | 'role' | 'role ARN' | 'organization' | 'units' | 'service' | 'principal';
  readonly accounts: readonly Value[];
  readonly role: number;
  readonly organization: Value;
  readonly hasSource: boolean;
}

const KNOWN_KINDS = ['publisher', 'publisher', 'policy', 'function', 'queue'] as const;
const KINDS = [
  ...KNOWN_KINDS,
  ...(['rule management', 'grant', 'statement', 'statement of an L2', 'topic', 'stream', 'api'] as const),
] as const;

export function grants(mode: Mode): fc.Arbitrary<GrantDescription> {
  const isKnown = mode === 'known';
  return fc.record({
    stack: index,
    kind: fc.constantFrom(...(isKnown ? KNOWN_KINDS : KINDS)),
    at: index,
    publisher: publishers(mode),
    allowedEvents: maybe(allowedEvents(mode)),
    sid: isKnown ? fc.constant(undefined) : maybe(fc.constantFrom('A', 'B', 'not allowed'), 3),
    account: text(mode, ...ACCOUNTS),
    role: isKnown ? fc.constant(undefined) : maybe(index, 3),
  });
}

function publishers(mode: Mode): fc.Arbitrary<PublisherDescription> {
  const kinds = ['accounts', 'role', 'role ARN'] as const;
  const account = text(mode, ...ACCOUNTS, EXTERNAL_ACCOUNT);
  return fc.record({
    kind: fc.constantFrom(...(mode === 'known' ? kinds : ([...kinds, ...OTHER_PUBLISHERS] as const))),
    accounts: fc.array(mode === 'known' ? account : mostly(account, fc.constant('12'), 20), {
      minLength: 1,
      maxLength: 3,
    }),
    role: index,
    organization: text(mode, ...ORGANIZATIONS),
    hasSource: fc.boolean(),
  });
}

const OTHER_PUBLISHERS = ['organization', 'units', 'service', 'principal'] as const;

export function buildGrant(place: Place, described: GrantDescription): void {
  const publisher = () => publisherOf(place, described.publisher);
  const allowed = () => described.allowedEvents && renderAllowedEvents(place, described.allowedEvents);
  const own = place.among<CrossAccountEventBus>('buses', described.at, CrossAccountEventBus.isCrossAccountEventBus);
  switch (described.kind) {
    case 'publisher':
      return own?.construct.allowPublisher(publisher(), allowed());
    case 'rule management': {
      const { sources, detailTypes } = allowed() ?? {};
      return own?.construct.allowRuleManagement(publisher(), { sources, detailTypes });
    }
    case 'grant': {
      const bus = place.among<EventBus>('buses', described.at, (one) => 'grantPutEventsTo' in one)?.construct;
      bus?.grantPutEventsTo(principalOf(place, described.publisher), described.sid);
      return;
    }
    case 'statement':
    case 'statement of an L2': {
      const isOwn = described.kind === 'statement';
      const bus = isOwn
        ? own?.construct
        : place.among<EventBus>('buses', described.at, (one) => one instanceof EventBus)?.construct;
      const principals = [principalOf(place, described.publisher).grantPrincipal];
      const sid = described.sid ?? place.id;
      const resources = isOwn || !bus ? undefined : [bus.eventBusArn];
      bus?.addToResourcePolicy(new iam.PolicyStatement({ sid, actions: ['events:PutEvents'], principals, resources }));
      return;
    }
    case 'policy': {
      const eventBus = place.at<IEventBus>('buses', described.at)?.construct;
      if (!eventBus) return;
      new CrossAccountEventBusPolicy(place.stack, place.id, { eventBus }).allowPublisher(publisher(), allowed());
      return;
    }
    default:
      return buildPermission(place, described);
  }
}

function buildPermission(place: Place, { account, at, kind, role, ...described }: GrantDescription): void {
  const { id, stack } = place;
  const executionRole = role === undefined ? undefined : place.at<iam.IRoleRef>('roles', role)?.construct;
  const isByPublisher = described.allowedEvents !== undefined;
  const props = isByPublisher
    ? { publishers: [publisherOf(place, described.publisher)] }
    : { eventBusAccount: place.render(account), executionRole };
  const find = <T>(of: 'functions' | 'queues' | 'topics' | 'streams' | 'apis') =>
    place.at<T>(of, at)?.construct as never;
  switch (kind) {
    case 'function':
      if (find('functions')) new CrossAccountInvokePermission(stack, id, { handler: find('functions'), ...props });
      return;
    case 'queue':
      if (find('queues')) new CrossAccountQueuePermission(stack, id, { queue: find('queues'), ...props });
      return;
    case 'topic':
      if (find('topics')) new CrossAccountTopicPermission(stack, id, { topic: find('topics'), ...props });
      return;
    case 'stream':
      if (find('streams')) new CrossAccountStreamPermission(stack, id, { stream: find('streams'), ...props });
      return;
    default:
      if (find<IRestApi>('apis')) new CrossAccountApiPermission(stack, id, { restApi: find('apis'), ...props });
  }
}

function publisherOf(place: Place, described: PublisherDescription): EventPublisher {
  const accounts = place.render(described.accounts) as string[];
  const organization = place.render(described.organization) as string;
  const role = place.at<iam.IRoleRef>('roles', described.role)?.construct;
  switch (described.kind) {
    case 'role':
      return role ? EventPublisher.role(role) : EventPublisher.accounts(...accounts);
    case 'role ARN':
      return EventPublisher.role(`arn:aws:iam::${accounts[0]}:role/publisher`);
    case 'organization':
      return EventPublisher.organization(organization);
    case 'units':
      return EventPublisher.organizationalUnits(`${organization}/r-ab12/ou-ab12-11111111/*`);
    case 'service':
      return EventPublisher.service('scheduler.amazonaws.com', described.hasSource ? { sourceAccounts: accounts } : {});
    case 'principal':
      return EventPublisher.principal(principalOf(place, described).grantPrincipal);
    default:
      return EventPublisher.accounts(...accounts);
  }
}

function principalOf(place: Place, { accounts, hasSource, kind, role }: PublisherDescription): iam.IGrantable {
  const [account] = place.render(accounts) as string[];
  const l2 = place.among<iam.Role>('roles', role, (one) => 'grantPrincipal' in one)?.construct;
  if (kind.startsWith('role') && l2) return l2;
  if (kind === 'organization') return new iam.OrganizationPrincipal(ORGANIZATIONS[0]);
  if (kind === 'service') return new iam.ServicePrincipal('scheduler.amazonaws.com');
  if (kind === 'units') return hasSource ? new iam.AnyPrincipal() : new iam.StarPrincipal();
  return hasSource ? new iam.AccountPrincipal(account) : new iam.ArnPrincipal(`arn:aws:iam::${account}:role/publisher`);
}
