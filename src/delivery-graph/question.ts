import { GraphElements } from './elements';
import { Named, named, notFound } from './find-elements';
import { publicationsIn } from './publications';
import {
  GraphPublisher,
  Publication,
  publisherOfIdentity,
  publisherOfPrincipal,
  publisherOfServicePrincipal,
} from './publishers';
import { AppIndex } from '../app-model/app-index';
import { AppResource, Identity } from '../app-model/app-model';
import { pathOf } from '../checks/engine/construct-names';
import { anyIdentityIn, externalIdentity } from '../delivery-paths/publisher';
import { isBusArn } from '../delivery-paths/routes';
import { EventEnvelope } from '../eventbridge/event-pattern';
import { serviceName } from '../eventbridge/formats';
import { parseArn, unqualifiedFunctionArn } from '../iam/arn';
import { displayText, hasUnresolved } from '../iam/unresolved-text';

/** What is asked about apps. Every part is optional. */
export interface Question {
  /** An account ID, a service, or the ARN, name or path of what publishes. */
  readonly from?: string;
  /** The name, ARN or path of a bus. */
  readonly bus?: string;
  readonly source?: string;
  readonly detailType?: string;
  /** The name, ARN or path of what receives events. */
  readonly to?: string;
}

/** A question whose names are those of the apps. */
export interface ResolvedQuestion {
  /** Who is meant; undefined for all that are known to publish. */
  readonly publishers?: readonly GraphPublisher[];
  /** Who is meant by an account in which no principal is known to put such events. */
  readonly anyInAccount?: GraphPublisher;
  readonly busArns?: readonly string[];
  readonly event: EventEnvelope;
  readonly targetArns?: readonly string[];
  /** What is known to be put in the apps. */
  readonly known: readonly Publication[];
}

/** Finds what a question names. Throws `NameNotFound` for a name that is not in the apps. */
export function resolveQuestion(app: AppIndex, elements: GraphElements, question: Question): ResolvedQuestion {
  const known = publicationsIn(app);
  const { bus, detailType, from, source, to } = question;
  const resolver = new Resolver(app, elements, known);
  return {
    ...(from !== undefined && resolver.from(from)),
    ...(bus !== undefined && { busArns: resolver.busArns(bus) }),
    ...(to !== undefined && { targetArns: resolver.targetArns(to) }),
    event: { source, 'detail-type': detailType },
    known,
  };
}

class Resolver {
  constructor(
    private readonly app: AppIndex,
    private readonly elements: GraphElements,
    private readonly known: readonly Publication[],
  ) {}

  public from(text: string): Pick<ResolvedQuestion, 'publishers' | 'anyInAccount'> {
    const known = [...new Map(this.known.map(({ publisher }) => [publisher.id, publisher])).values()];
    if (!/^\d{12}$/.test(text)) return { publishers: this.publishers(text, known) };
    return {
      publishers: known.filter(({ account, kind }) => account === text && kind !== 'service'),
      anyInAccount: publisherOfPrincipal('account', `account ${text}`, anyIdentityIn(text, this.app.root!)),
    };
  }

  private publishers(text: string, known: readonly GraphPublisher[]): GraphPublisher[] {
    const candidates = [
      ...known.map((publisher) => ({ ...this.namedPublisher(publisher), publisher })),
      ...this.identities().map(({ identity, ...names }) => ({ ...names, publisher: publisherOfIdentity(identity) })),
    ];
    const found = named(text, candidates).map(({ publisher }) => publisher);
    if (found.length > 0) return [...new Map(found.map((publisher) => [publisher.id, publisher])).values()];
    const external = this.external(text);
    if (!external) throw notFound('--from', 'role, user or other publisher', text, candidates);
    return [external];
  }

  /** Roles and users, by their own names and by those of the functions that have them. */
  private identities(): (Named & { readonly identity: Identity })[] {
    const { functions, roles, users } = this.app.model;
    const own = [...roles, ...users].map((identity) => ({ ...this.namedResource(identity), identity }));
    const ofFunctions = functions.flatMap((one) => {
      const identity = this.app.role(one.roleArn ?? '');
      return identity ? [{ ...this.namedResource(one), identity }] : [];
    });
    return [...own, ...ofFunctions];
  }

  /** A role, user or service that no app defines. */
  private external(text: string): GraphPublisher | undefined {
    const { resource = '', service } = parseArn(text) ?? {};
    const type = resource.split('/')[0];
    if (service === 'iam' && (type === 'role' || type === 'user')) {
      return publisherOfPrincipal(type, text, externalIdentity(text, this.app.root!));
    }
    return serviceName(text) === undefined ? publisherOfServicePrincipal(text) : undefined;
  }

  public busArns(text: string): string[] {
    const { eventBuses, eventBusStatements, rules } = this.app.model;
    const arns = new Set([
      ...eventBuses.map(({ arn }) => arn),
      ...rules.flatMap(({ eventBusArn, targets }) => [eventBusArn, ...targets.map(({ arn }) => arn).filter(isBusArn)]),
      ...eventBusStatements.map(({ resourceArn }) => resourceArn),
      ...this.known.map(({ busArn }) => busArn),
    ]);
    const candidates = [...arns].map((arn) => this.namedArn(arn));
    const found = named(text, candidates).map(({ rawArn }) => rawArn);
    if (found.length === 0) throw notFound('--bus', 'bus', text, candidates);
    return found;
  }

  public targetArns(text: string): string[] {
    const { eventBuses, functions, queues, restApis, rules, streams, topics } = this.app.model;
    const resources: readonly AppResource[] = [functions, queues, topics, streams, restApis, eventBuses].flat();
    const arns = new Set([
      ...rules.flatMap(({ targets }) => targets.map(({ arn }) => arn)),
      ...resources.map(({ arn }) => arn),
    ]);
    const candidates = [...arns].map((arn) => this.namedArn(arn));
    const found = named(text, candidates).map(({ rawArn }) => rawArn);
    // A function is meant together with its versions and aliases.
    const isVersion = (arn: string) => arn.includes(':lambda:') && found.includes(unqualifiedFunctionArn(arn));
    if (found.length === 0) throw notFound('--to', 'target', text, candidates);
    return [...arns].filter((arn) => found.includes(arn) || isVersion(arn));
  }

  private namedArn(arn: string): Named & { readonly rawArn: string } {
    const { construct, id, ...names } = this.elements.describe(arn);
    return { ...names, id, rawArn: arn, ...(construct && this.elements.locationOf(construct)) };
  }

  private namedResource({ arn, construct }: AppResource): Named {
    const location = this.elements.locationOf(construct);
    const name = parseArn(arn)?.resource.replace(/^.*[/:]/, '');
    const isKnown = name !== undefined && !hasUnresolved(name);
    return { id: displayText(arn), arn, name: isKnown ? name : location.path, ...location };
  }

  private namedPublisher({ arn, construct, id, name }: GraphPublisher): Named {
    const location = construct && this.elements.locationOf(construct);
    return { id, arn, name: name ?? (construct ? pathOf(construct) : id), ...location };
  }
}
