import { servicesTrustedBy } from './trusted-principals';
import { AppIndex } from '../../../app-model/app-index';
import { Identity, PublisherResource } from '../../../app-model/app-model';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { groupedBy } from '../../../util/group-by';
import { memoizeByObject } from '../../../util/memoize';

/**
 * The service that puts the events of each kind of resource.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
export const SERVICE_OF: { readonly [kind in PublisherResource['kind']]: string } = {
  schedule: 'scheduler.amazonaws.com',
  pipe: 'pipes.amazonaws.com',
  function: 'lambda.amazonaws.com',
  API: 'apigateway.amazonaws.com',
  'state machine': 'states.amazonaws.com',
};

/**
 * The events that resources put on a bus with a role; undefined if the role may put others too, or if it is not known
 * which.
 */
export function publishedEvents(app: AppIndex, identity: Identity, busArn: string): EventEnvelope[] | undefined {
  const publishers = publishersByRole(app).get(identity.arn);
  if (!publishers) return undefined;
  const entries = publishers.flatMap((publisher) => publisher.entries);
  if (entries.some((entry) => entry.busArn === undefined)) return undefined;
  const events = entries.filter((entry) => entry.busArn === busArn).map(({ event }) => event);
  const isOnlyRole = servicesTrustedBy(identity)?.every((service) => isServiceOf(publishers, service));
  return isOnlyRole && events.length > 0 ? events.map((event) => ({ ...event, account: identity.account })) : undefined;
}

/** The resources that put events on a bus, or may put them on it, with a role. */
export function publishersOn(app: AppIndex, { arn }: Identity, busArn: string): PublisherResource[] {
  const publishers = publishersByRole(app).get(arn) ?? [];
  return publishers.filter(({ entries }) => entries.some((entry) => (entry.busArn ?? busArn) === busArn));
}

/** Whether a service puts the events of one of the resources. The code of a function may put other events. */
function isServiceOf(publishers: readonly PublisherResource[], service: string): boolean {
  return publishers.some(({ kind }) => kind !== 'function' && SERVICE_OF[kind] === service);
}

/** Whether a resource puts events on a bus, or may put them on it, with a role that is checked. */
export function putsEventsOn(
  app: AppIndex,
  busArn: string,
  isMatch: (publisher: PublisherResource) => boolean,
): boolean {
  return app.model.publishers.some(
    (publisher) =>
      isMatch(publisher) &&
      app.role(publisher.roleArn) !== undefined &&
      publisher.entries.some((entry) => entry.busArn === undefined || entry.busArn === busArn),
  );
}

const publishersByRole = memoizeByObject(({ model }: AppIndex) =>
  groupedBy(model.publishers, ({ roleArn }) => roleArn),
);
