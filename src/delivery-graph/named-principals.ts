import {
  GraphPublisher,
  accountInEvents,
  publisherOfIdentity,
  publisherOfPrincipal,
  publisherOfServicePrincipal,
} from './publishers';
import { AppIndex } from '../app-model/app-index';
import { Identity } from '../app-model/app-model';
import { allowedEventsOf, allowsPutEvents } from '../checks/delivery/lib/put-events';
import { servicesOf } from '../checks/delivery/service-publishers';
import { anyIdentityIn, anyIdentityOf, externalIdentity } from '../delivery-paths/publisher';
import { putEventsStep } from '../delivery-paths/put-events-step';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { AccessAnalysis, Restriction } from '../iam/access-analysis';
import { parseArn } from '../iam/arn';
import { NamedPrincipal } from '../iam/principals';
import { Json } from '../iam/statement';

/** A principal that the policy of a bus allows to put a kind of event. */
interface PrincipalPublishing {
  readonly publisher: GraphPublisher;
  readonly event: EventEnvelope;
}

/**
 * The principals that a statement of a bus policy names, with the events that it allows. A role or user of the apps is
 * one of them also if its own policies do not allow it. Principals that no app defines are left out if the bus denies
 * the event, such as a role that only rules may use.
 */
export function principalsPublishing(app: AppIndex, busArn: string, statement: Json): PrincipalPublishing[] {
  if (!allowsPutEvents(statement)) return [];
  const publishers = [
    ...servicesOf(statement).map(publisherOfServicePrincipal),
    ...principalsIn(app.accessOf(statement)).flatMap((principal) => publisherNamed(app, principal)),
  ];
  const events = allowedEventsOf(asIdentity(app, statement), busArn).map(({ account: _, ...event }) => event);
  return publishers
    .flatMap((publisher) => events.map((event) => ({ publisher, event: { ...event, ...accountInEvents(publisher) } })))
    .filter(({ publisher, event }) => isAllowed(app, publisher, busArn, event));
}

/** A statement of a bus policy as one that belongs to a principal, whose events are read in the same way. */
function asIdentity(app: AppIndex, statement: Json): Identity {
  return { ...anyIdentityOf('', app.root!).identity, statements: [statement] };
}

function isAllowed(app: AppIndex, { source }: GraphPublisher, busArn: string, event: EventEnvelope): boolean {
  return source.kind === 'identity' || putEventsStep(app, source, busArn, event)?.decision !== 'denied';
}

/** The principals of a statement, by that of its elements that names them most narrowly. */
function principalsIn({ access, restrictions }: AccessAnalysis): NamedPrincipal[] {
  if (access === 'public') return [{ name: ANY_ACCOUNT }];
  const isOfSource = ({ key }: Restriction) => key.startsWith('aws:source');
  const byScope = restrictions
    .filter((restriction) => !isOfSource(restriction))
    .map(({ principals }) => ({ principals, scope: Math.max(...principals.map(scopeOf)) }));
  return byScope.sort((first, second) => first.scope - second.scope)[0]?.principals ?? [];
}

/** Who is meant by a statement that restricts its principals to none. */
export const ANY_ACCOUNT = 'any AWS account';

/** A role or user, an account, or more accounts. */
function scopeOf({ account, name }: NamedPrincipal): 1 | 2 | 3 {
  if (account === undefined) return 3;
  return name.startsWith('account ') ? 2 : 1;
}

function publisherNamed(app: AppIndex, { account, name, organization }: NamedPrincipal): GraphPublisher[] {
  const root = app.root!;
  if (account === undefined) {
    const kind = organization === undefined ? 'account' : 'organization';
    return [publisherOfPrincipal(kind, name, anyIdentityOf(name, root))];
  }
  if (name.startsWith('account ')) return [publisherOfPrincipal('account', name, anyIdentityIn(account, root))];
  const identity = app.roleOrUser(name);
  if (identity) return [publisherOfIdentity(identity)];
  const type = parseArn(name)?.resource.split('/')[0];
  if (type !== 'role' && type !== 'user') return [];
  return [publisherOfPrincipal(type, name, externalIdentity(name, root))];
}
