import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import { CfnRole, CfnUser } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { EventAssertions, EventDeliveryOptions, ExpectedEvent } from '../../src';

/** What is asked about a publisher, an event that it puts on a bus, and a target. */
export interface Pair {
  readonly props: EventDeliveryOptions;
  /** The publisher and the bus, as the oracle names them. */
  readonly from: { readonly account: string; readonly role?: string };
  readonly bus: string | { readonly account: string; readonly name: string };
  readonly target: CfnResource;
}

export type Outcome = 'delivered' | 'refused' | 'unknown';

/** What the assertions say about a pair. That not both of them pass is part of it. */
export function outcomeOf(events: EventAssertions, { props }: Pair): Outcome {
  const [isDelivered, isRefused] = [() => events.delivered(props), () => events.refused(props)].map(passes);
  if (isDelivered && isRefused) throw new Error('both assertions pass');
  if (isDelivered) return 'delivered';
  return isRefused ? 'refused' : 'unknown';
}

function passes(assertion: () => void): boolean {
  try {
    assertion();
    return true;
  } catch (error) {
    if (!String(error).startsWith('Error: EventAssertions: expected')) throw error;
    return false;
  }
}

/** In an account that none of the examples has. */
const EXTERNAL_ACCOUNT = '909090909090';
const OTHER_EVENT: ExpectedEvent = { source: 'com.example.other', detailType: 'Other' };

const TARGET_TYPES = [
  'AWS::Events::EventBus',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::Function',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::StepFunctions::StateMachine',
];

/** Every publisher, every bus, every event that a rule matches and one that none matches, and every target. */
export function pairsIn(apps: readonly App[], environment: { account?: string } = {}): Pair[] {
  const constructs = apps.flatMap((app) => app.node.findAll());
  const resources = constructs.filter((construct) => CfnResource.isCfnResource(construct));
  const targets = resources.filter(({ cfnResourceType }) => TARGET_TYPES.includes(cfnResourceType));
  const publishers = resources.filter((resource) => isPublisher(resource));
  const rules = resources.filter((resource) => CfnRule.isCfnRule(resource));
  const accountOf = (stack: Stack) => (/^\d+$/.test(stack.account) ? stack.account : environment.account!);
  const accounts = [...new Set(resources.map(({ stack }) => accountOf(stack)))];
  const buses = [
    ...resources
      .filter((resource) => CfnEventBus.isCfnEventBus(resource))
      .map((bus) => ({ construct: userConstruct(bus), account: accountOf(bus.stack), name: path(bus) })),
    ...defaultBuses(rules).map(({ bus, stack }) => {
      const account = accountOf(stack);
      return { construct: bus, account, name: { account, name: 'default' } };
    }),
  ];
  const events = [...rules.flatMap(exactEvents), OTHER_EVENT];
  return distinct(events).flatMap((event) =>
    buses.flatMap((bus) => {
      const isOfService = event.source.startsWith('aws.');
      const eventBus = bus.construct as IEventBus;
      // AWS puts the events of its services on a bus: they begin there.
      const starts = isOfService
        ? [{ from: { account: bus.account }, props: { publisher: bus.construct } }]
        : [
            { from: { account: EXTERNAL_ACCOUNT }, props: { publisherAccount: EXTERNAL_ACCOUNT, eventBus } },
            ...accounts.map((account) => ({
              from: { account },
              props: { publisherArn: `arn:aws:iam::${account}:role/anybody`, eventBus },
            })),
            ...publishers.map((publisher) => ({
              from: { account: accountOf(publisher.stack), role: path(publisher) },
              props: { publisher: userConstruct(publisher), eventBus },
            })),
          ];
      return starts.flatMap(({ from, props }) =>
        otherThan(isOfService ? bus.construct : undefined, targets).map((target): Pair => ({
          from,
          bus: bus.name,
          target,
          props: { ...props, event, target: userConstruct(target) },
        })),
      );
    }),
  );
}

/** An event that is on a bus is not delivered to that bus. */
function otherThan(start: IConstruct | undefined, targets: readonly CfnResource[]): CfnResource[] {
  return targets.filter((target) => userConstruct(target) !== start);
}

/** A role or user that does not only send the events of rules. */
function isPublisher(resource: CfnResource): boolean {
  if (CfnUser.isCfnUser(resource)) return true;
  if (!CfnRole.isCfnRole(resource)) return false;
  return !JSON.stringify(resource.stack.resolve(resource.assumeRolePolicyDocument)).includes('events.amazonaws.com');
}

function defaultBuses(rules: readonly CfnRule[]): { bus: IEventBus; stack: Stack }[] {
  const stacks = new Set(rules.filter(({ eventBusName = 'default' }) => eventBusName === 'default').map(Stack.of));
  return [...stacks].map((stack) => ({ stack, bus: EventBus.fromEventBusName(stack, 'AssertedBus', 'default') }));
}

function exactEvents({ eventPattern, stack }: CfnRule): ExpectedEvent[] {
  const pattern = stack.resolve(eventPattern) as { source?: unknown[]; 'detail-type'?: unknown[] };
  const texts = (values: unknown[] = []) => values.filter((value): value is string => typeof value === 'string');
  const detailTypes = texts(pattern['detail-type']);
  const named = detailTypes.length > 0 ? detailTypes : [OTHER_EVENT.detailType];
  return texts(pattern.source).flatMap((source) => named.map((detailType) => ({ source, detailType })));
}

function distinct(events: readonly ExpectedEvent[]): ExpectedEvent[] {
  return [...new Map(events.map((event) => [JSON.stringify(event), event])).values()];
}

/** The construct of a user: the one around the resource, if the resource is its default child. */
function userConstruct(resource: CfnResource): IConstruct {
  const { scope } = resource.node;
  return scope && scope.node.defaultChild === resource ? scope : resource;
}

function path(resource: CfnResource): string {
  return userConstruct(resource).node.path;
}

/** The kinds of targets that the oracle knows. */
const ORACLE_TARGETS = ['AWS::Events::EventBus', 'AWS::Lambda::Function', 'AWS::SQS::Queue'];

export function isKnownToOracle({ target }: Pair): boolean {
  return ORACLE_TARGETS.includes(target.cfnResourceType);
}

interface PathQuestion {
  readonly name: string;
  readonly path: { readonly reaches: string[]; readonly notReaches: string[] };
}

/**
 * One question for the oracle about each publisher, bus and event: which of the targets the event reaches.
 *
 * @param listOf the list of the target of a pair; undefined to leave it out
 */
export function pathQuestions(
  pairs: readonly Pair[],
  listOf: (pair: Pair) => keyof PathQuestion['path'] | undefined,
  atMost = Infinity,
): PathQuestion[] {
  const questions = new Map<string, PathQuestion>();
  for (const pair of pairs) {
    const { bus, from, props } = pair;
    const name = JSON.stringify([from, bus, props.event]);
    if (!questions.has(name) && questions.size >= atMost) continue;
    const asked = { from, to: { bus }, event: props.event, reaches: [], notReaches: [] };
    const question: PathQuestion = questions.get(name) ?? { name, path: asked };
    questions.set(name, question);
    const list = listOf(pair);
    if (list) question.path[list].push(props.target!.node.path);
  }
  const hasTargets = ({ path: { reaches, notReaches } }: PathQuestion) => reaches.length + notReaches.length > 0;
  return [...questions.values()].filter(hasTargets);
}
