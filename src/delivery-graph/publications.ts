import { keyOfKind } from './event-kinds';
import { principalsPublishing } from './named-principals';
import { missedPublications, narrowedToBus } from './narrowed-publications';
import {
  GraphPublisher,
  Publication,
  publisherOfIdentity,
  publisherOfResource,
  publisherOfService,
} from './publishers';
import { AppIndex } from '../app-model/app-index';
import { Identity } from '../app-model/app-model';
import { exactEventsOf } from '../checks/delivery/lib/events';
import { publishedEvents } from '../checks/delivery/lib/publisher-resources';
import { allowedBusArns, allowedEventsOf } from '../checks/delivery/lib/put-events';
import { isOnlyRuleRole } from '../checks/delivery/lib/trusted-principals';
import { externalIdentity } from '../delivery-paths/publisher';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { matchesOnlyServiceEvents } from '../eventbridge/service-events';
import { memoizeByObject } from '../util/memoize';

/**
 * Everything that is known to be put on a bus: by the policies of roles and users, by resources such as schedules, by
 * the policies of buses, and by AWS services on the default buses to which rules listen.
 */
export const publicationsIn: (app: AppIndex) => readonly Publication[] = memoizeByObject((app) => {
  const own = [
    ...[...app.model.roles, ...app.model.users].flatMap((identity) => publicationsOf(app, identity)),
    ...resourcePublications(app),
  ];
  const known = [
    ...own.flatMap((publication) => narrowedToBus(app, publication)),
    ...policyPublications(app),
    ...servicePublications(app),
  ];
  return unique([...known, ...missedPublications(app, own, known)]);
});

function unique(publications: readonly Publication[]): Publication[] {
  const keyOf = ({ publisher, busArn, event }: Publication) => `${publisher.id} ${busArn} ${keyOfKind(event)}`;
  return [...new Map(publications.map((publication) => [keyOf(publication), publication])).values()];
}

/** What the policies of a role or user allow, unless rules or other resources use the role for it. */
function publicationsOf(app: AppIndex, identity: Identity): Publication[] {
  if (identity.statements.length === 0) return [];
  const targetArns = targetArnsOf(app, identity);
  if (targetArns.length > 0 && isOnlyRuleRole(identity)) return [];
  return allowedBusArns(identity, app.model.eventBuses)
    .filter((busArn) => !targetArns.includes(busArn) && publishedEvents(app, identity, busArn) === undefined)
    .flatMap((busArn) => identityPublications(identity, busArn, allowedEventsOf(identity, busArn)));
}

function identityPublications(identity: Identity, busArn: string, events: readonly EventEnvelope[]): Publication[] {
  const publisher = publisherOfIdentity(identity);
  return events.map((event) => ({ publisher, busArn, event: { ...event, account: identity.account } }));
}

/** The targets to which rules send with a role. */
function targetArnsOf({ model }: AppIndex, { arn }: Identity): string[] {
  return model.rules.flatMap(({ targets }) => targets.filter(({ roleArn }) => roleArn === arn).map((one) => one.arn));
}

/** What schedules, pipes and other resources put with their roles. */
function resourcePublications(app: AppIndex): Publication[] {
  const { eventBuses, publishers } = app.model;
  return publishers.flatMap((resource) => {
    const identity = app.role(resource.roleArn);
    const source = identity
      ? ({ kind: 'identity', identity, resource: resource.construct } as const)
      : externalIdentity(resource.roleArn, app.root!);
    const publisher = publisherOfResource(resource, source);
    const allowed = identity ? allowedBusArns(identity, eventBuses) : [];
    return resource.entries.flatMap(({ busArn, event }) => {
      const busArns = busArn === undefined ? allowed : [busArn];
      return busArns.map((arn) => ({ publisher, busArn: arn, event: { ...event, account: resource.account } }));
    });
  });
}

/** What the principals may put that the policies of buses name. */
function policyPublications(app: AppIndex): Publication[] {
  const busArns = new Set(app.model.eventBusStatements.map(({ resourceArn }) => resourceArn));
  return [...busArns].flatMap((busArn) =>
    app
      .statementsOn(busArn)
      .flatMap(({ statement }) =>
        principalsPublishing(app, busArn, statement).flatMap(({ publisher, event }) =>
          isKnownOtherwise(app, publisher, busArn) ? [] : [{ publisher, busArn, event }],
        ),
      ),
  );
}

/** Whether the policies of a role or user of the apps determine what it puts on the bus, or rules use it for that. */
function isKnownOtherwise(app: AppIndex, { source }: GraphPublisher, busArn: string): boolean {
  if (source.kind !== 'identity') return false;
  const { identity } = source;
  const targetArns = targetArnsOf(app, identity);
  if (targetArns.includes(busArn) || (targetArns.length > 0 && isOnlyRuleRole(identity))) return true;
  return allowedBusArns(identity, app.model.eventBuses).includes(busArn);
}

/** The events of AWS services on the default buses. No other principal puts events with their sources. */
function servicePublications({ model }: AppIndex): Publication[] {
  return model.rules
    .filter(({ enabled, eventBusArn }) => enabled && eventBusArn.endsWith(':event-bus/default'))
    .flatMap(({ eventBusArn, pattern }) => {
      if (!matchesOnlyServiceEvents(pattern)) return [];
      return exactEventsOf(pattern).map((event) => ({
        publisher: publisherOfService(event.source ?? 'AWS services', eventBusArn),
        busArn: eventBusArn,
        event: { source: event.source },
      }));
    });
}
