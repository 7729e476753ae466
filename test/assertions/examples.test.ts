import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Token } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { EventAssertions, EventDeliveryOptions, ExpectedEvent } from '../../src';
import { EXAMPLES, exampleApp } from '../support/examples';

/** A question to the delivery oracle about a principal, in an example. */
interface Question {
  readonly name?: string;
  readonly path?: {
    readonly from: Principal;
    readonly to: { readonly bus: Named };
    readonly event: ExpectedEvent;
    readonly reaches?: readonly Named[];
    readonly notReaches?: readonly Named[];
  };
  readonly putEvents?: {
    readonly as: Principal;
    readonly bus: Named;
    readonly source?: string;
    readonly detailType?: string;
    readonly byRule?: string;
  };
  readonly expect?: 'allow' | 'deny';
}

/** A construct path, or the name of a resource in an account. */
type Named = string | { readonly account: string; readonly name: string };

interface Principal {
  readonly account?: string;
  readonly role?: string;
  readonly principalArn?: string;
}

/** What the oracle is asked, as assertions, with what it must answer. */
interface Asserted {
  readonly name: string;
  readonly isDelivered: boolean;
  readonly props: EventDeliveryOptions;
}

/** The account of stacks without one, as the oracle is told. */
interface Defaults {
  readonly account?: string;
}

function assertedIn(apps: readonly App[], question: Question, defaults: Defaults = {}): Asserted[] {
  const { path, putEvents } = question;
  if (path) {
    const props = {
      ...startOf(apps, path.from, named(apps, path.to.bus, defaults), path.event.source),
      event: path.event,
    };
    const toAsserted = (isDelivered: boolean) => (to: Named) => ({
      name: `${path.event.source} to ${JSON.stringify(to)}`,
      isDelivered,
      props: { ...props, target: named(apps, to, defaults) },
    });
    return [...(path.reaches ?? []).map(toAsserted(true)), ...(path.notReaches ?? []).map(toAsserted(false))];
  }
  if (!putEvents || putEvents.byRule !== undefined) return [];
  const { as, bus, source = 'oracle.unspecified', detailType = 'oracle.unspecified' } = putEvents;
  const from = publisher(apps, as);
  if (!from) return [];
  const event = { source, detailType };
  const to = named(apps, bus, defaults);
  return [
    {
      name: question.name ?? '',
      isDelivered: question.expect === 'allow',
      props: { ...from, event, target: to, eventBus: to as EventBus },
    },
  ];
}

/** AWS puts the events of its services on a bus: they begin there. */
function startOf(
  apps: readonly App[],
  from: Principal,
  eventBus: IConstruct,
  source: string,
): Pick<EventDeliveryOptions, 'publisher' | 'publisherAccount' | 'publisherArn' | 'eventBus'> {
  return source.startsWith('aws.')
    ? { publisher: eventBus }
    : { ...publisher(apps, from), eventBus: eventBus as EventBus };
}

function publisher(apps: readonly App[], { account, principalArn, role }: Principal) {
  if (role !== undefined) return { publisher: at(apps, role) };
  if (principalArn !== undefined) return { publisherArn: principalArn };
  // Policies may name other roles of the account.
  return account === undefined ? undefined : { publisherArn: `arn:aws:iam::${account}:role/anybody` };
}

/** A construct by its path, or a bus by its account and name. */
function named(apps: readonly App[], name: Named, defaults: Defaults): IConstruct {
  if (typeof name === 'string') return at(apps, name);
  const stacks = apps.flatMap((app) => app.node.findAll()).filter((construct) => Stack.isStack(construct));
  const stack = stacks.find(({ account }) => account === name.account);
  if (!stack && defaults.account === name.account) {
    const agnostic = stacks.find(({ account }) => Token.isUnresolved(account))!;
    return EventBus.fromEventBusName(agnostic, `Asserted${agnostic.node.children.length}`, name.name);
  }
  const arn = `arn:aws:events:${stack!.region}:${name.account}:event-bus/${name.name}`;
  return EventBus.fromEventBusArn(new Stack(), 'Bus', arn);
}

function at(apps: readonly App[], path: string): IConstruct {
  const find = (root: IConstruct) =>
    path.split('/').reduce<IConstruct | undefined>((scope, id) => scope?.node.tryFindChild(id), root);
  const found = apps.map(find).find((construct) => construct !== undefined);
  if (!found) throw new Error(`there is no construct ${path}`);
  return found;
}

describe.each(EXAMPLES)(
  'what is delivered in the example %s',
  (name, example, questions = `${name}/questions.json`) => {
    const apps = example.map(exampleApp);
    const events = EventAssertions.ofAll(apps);
    const file = join(__dirname, '../../examples/typescript', questions);
    const { defaults, questions: asked } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly defaults?: Defaults;
      readonly questions: Question[];
    };
    const asserted = asked.flatMap((question) => assertedIn(apps, question, defaults));

    test('is asked of the oracle', () => {
      expect(asserted.length).toBeGreaterThan(0);
    });

    test.each(asserted)('is the same as the oracle must answer: $name', ({ isDelivered, props }) => {
      if (isDelivered) events.delivered(props);
      else events.refused(props);
      const opposite = () => (isDelivered ? events.refused(props) : events.delivered(props));
      expect(opposite).toThrow(/^EventAssertions: expected/);
    });
  },
);
