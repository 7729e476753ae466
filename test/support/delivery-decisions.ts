import { App } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppIndex } from '../../src/app-model/app-index';
import { AppResource, Identity, PublisherResource, Rule } from '../../src/app-model/app-model';
import { SynthesizedApps } from '../../src/assertions/private/synthesized-apps';
import { exactEventsOf } from '../../src/checks/delivery/lib/events';
import { publishedEvents } from '../../src/checks/delivery/lib/publisher-resources';
import { allowedBusArns, allowedEventsOf } from '../../src/checks/delivery/lib/put-events';
import { deliveryChecks } from '../../src/checks/delivery-aspect';
import { findingsIn } from '../../src/checks/engine/check-runner';
import { Finding } from '../../src/checks/engine/finding';
import { FindingId } from '../../src/checks/finding-id';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { DeliveryPath, DeliveryStep } from '../../src/delivery-paths/delivery-path';
import { deliveryPaths } from '../../src/delivery-paths/delivery-paths';
import { Publisher } from '../../src/delivery-paths/publisher';
import { EventEnvelope } from '../../src/eventbridge/event-pattern';

/** A question to the delivery oracle, as far as it is asked of the paths of `EventAssertions` too. */
interface Question {
  readonly putEvents?: {
    readonly as: { readonly role?: unknown };
    readonly bus: unknown;
    readonly source?: string;
    readonly detailType?: string;
  };
  readonly deliver?: { readonly rule: unknown; readonly event?: { source?: string; detailType?: string } };
  readonly expect?: unknown;
}

/** The decision on one question. */
export interface Answered {
  readonly question: string;
  /** What the oracle must answer. */
  readonly expected: 'allow' | 'deny';
  readonly decision: DeliveryPath['decision'] | 'no path';
  readonly paths: readonly DeliveryPath[];
}

/** The paths of each rule to its targets, and of each role and user to the buses that its policies name. */
interface OwnPaths {
  readonly of: Pick<AppResource, 'construct'>;
  readonly steps: readonly DeliveryStep[];
}

/** The findings of the checks, and the decisions on the paths that they are about. */
export interface Compared {
  /** Steps that are denied. */
  readonly denied: readonly string[];
  /** Errors about rules and publishers all of whose steps are allowed. */
  readonly contradictions: readonly string[];
}

/** Compares the decisions on all paths of an app, or of several apps together, with the errors of the checks. */
export function comparedWithChecks(...apps: App[]): Compared {
  const { index, root } = new SynthesizedApps(apps, []);
  const paths = ownPaths(index);
  const errors = findingsIn(root, deliveryChecks(), index).filter(
    ({ id, level }) => level === 'error' && OF_STEPS.has(id),
  );
  const isAbout = ({ affected = [], construct }: Finding, { of }: OwnPaths) =>
    affected.length > 0 ? affected.includes(of.construct) : [of.construct, ...policiesOf(of)].includes(construct);
  const contradictions = errors.filter((error) => {
    const steps = paths.filter((own) => isAbout(error, own)).flatMap((own) => own.steps);
    return steps.length > 0 && steps.every(({ decision }) => decision === 'allowed');
  });
  return {
    denied: paths.flatMap(({ steps }) =>
      steps.filter(({ decision, kind }) => decision === 'denied' && kind !== 'match').map(stepName),
    ),
    contradictions: contradictions.map(({ id, construct }) => `${id} ${construct.node.path}`),
  };
}

/** The findings about one step of a path. */
const OF_STEPS: ReadonlySet<string> = new Set([
  FindingId.PUBLISHER_ACCESS_DENIED,
  FindingId.TARGET_ACCESS_DENIED,
  FindingId.TARGET_ROLE_INVALID,
  FindingId.TARGET_REGION_UNSUPPORTED,
  FindingId.TARGET_ACCOUNT_UNSUPPORTED,
  FindingId.TARGET_ARN_INVALID,
  FindingId.PUBLISHER_IDENTITY_POLICY_MISSING,
  FindingId.PATTERN_NEVER_MATCHES,
  FindingId.BUCKET_EVENTS_DISABLED,
  FindingId.RULE_REJECTED,
  FindingId.RULE_MANAGEMENT_ACCESS_DENIED,
]);

function ownPaths(index: AppIndex): OwnPaths[] {
  const { eventBuses, roles, rules, users } = index.model;
  const targetArns = new Set(rules.flatMap(({ targets }) => targets.map(({ roleArn }) => roleArn)));
  const ofRules = rules.map((rule) => ({
    of: rule,
    steps: rule.targets.flatMap(({ arn }) =>
      exactEventsOf(rule.pattern)
        .flatMap((event) => pathsTo(index, { kind: 'rule', rule }, arn, event))
        .flatMap(({ steps }) => steps.slice(0, 2).filter((step) => step.kind === 'send' || step.text !== undefined)),
    ),
  }));
  const publishers = [...roles, ...users].filter(({ arn }) => !targetArns.has(arn));
  const ofPublishers = publishers.map((identity) => ({
    of: identity,
    steps: allowedBusArns(identity, eventBuses).flatMap((busArn) =>
      (publishedEvents(index, identity, busArn) ?? allowedEventsOf(identity, busArn))
        .flatMap((event) => pathsTo(index, { kind: 'identity', identity }, busArn, event))
        .flatMap(({ steps }) => steps.slice(0, 1)),
    ),
  }));
  const ofResources = index.model.publishers.map((resource) => ({
    of: resource,
    steps: resource.entries.flatMap(({ busArn, event }) => resourceSteps(index, resource, busArn, event)),
  }));
  return [...ofRules, ...ofPublishers, ...ofResources];
}

function resourceSteps(
  index: AppIndex,
  { construct, roleArn }: PublisherResource,
  busArn = index.model.eventBuses[0]?.arn ?? '',
  event: EventEnvelope = {},
): DeliveryStep[] {
  const identity = index.role(roleArn);
  if (!identity) return [];
  const paths = pathsTo(index, { kind: 'identity', identity, resource: construct }, busArn, event);
  return paths.flatMap(({ steps }) => steps.slice(0, 1));
}

function policiesOf(resource: object): readonly IConstruct[] {
  const { policies = [] } = resource as Partial<Identity>;
  return policies.map(({ construct }) => construct);
}

function stepName({ from, kind, text, to }: DeliveryStep): string {
  return `${kind} ${from.arn} ${to.arn} ${text?.problem}: ${text?.reason}`;
}

/** Asks the paths of `EventAssertions` what the oracle is asked about an app, as far as a question names constructs. */
export function decisionsOn(app: App, questions: readonly object[]): Answered[] {
  const root = rootOfStacks();
  addStacks(root, stacksInAssembly(app.synth().directory));
  const index = AppIndex.of(root);
  return questions.flatMap((question) => answer(index, question as Question));
}

function answer(index: AppIndex, { deliver, expect: expected, putEvents }: Question): Answered[] {
  if (deliver) {
    const rule = named(index.model.rules, deliver.rule);
    return rule
      ? rule.targets.flatMap(({ arn, id }) => delivery(index, rule, { arn, id }, deliver.event, expected))
      : [];
  }
  const role = named(index.model.roles, putEvents?.as.role);
  const bus = named(index.model.eventBuses, putEvents?.bus);
  if (!putEvents || !role || !bus || (expected !== 'allow' && expected !== 'deny')) return [];
  const { source = 'oracle.unspecified', detailType = 'oracle.unspecified' } = putEvents;
  const paths = pathsTo(index, { kind: 'identity', identity: role }, bus.arn, { source, 'detail-type': detailType });
  return [
    toAnswer(
      `${role.construct.node.path} on ${bus.arn}`,
      expected,
      paths.filter(({ steps }) => steps.length === 1),
    ),
  ];
}

function delivery(
  index: AppIndex,
  rule: Rule,
  { arn, id }: { arn: string; id: string },
  event: { source?: string; detailType?: string } = {},
  expected: unknown,
): Answered[] {
  const wanted = typeof expected === 'string' ? expected : (expected as { [target: string]: string })[id];
  if (wanted !== 'allow' && wanted !== 'deny') return [];
  const [example] = exactEventsOf(rule.pattern);
  const source = event.source ?? example.source ?? 'oracle.unspecified';
  const detailType = event.detailType ?? example['detail-type'] ?? 'oracle.unspecified';
  const paths = pathsTo(index, { kind: 'rule', rule }, arn, { source, 'detail-type': detailType });
  return [
    toAnswer(
      `${rule.construct.node.path} to ${arn}`,
      wanted,
      paths.filter(({ steps }) => steps.length === 2),
    ),
  ];
}

function pathsTo(index: AppIndex, publisher: Publisher, targetArn: string, event: object): DeliveryPath[] {
  return deliveryPaths(index, { publisher, event, targetArn, isTarget: (arn) => arn === targetArn });
}

function toAnswer(question: string, expected: 'allow' | 'deny', paths: readonly DeliveryPath[]): Answered {
  const decisions = paths.map(({ decision }) => decision);
  const decision = (['allowed', 'unknown', 'denied'] as const).find((one) => decisions.includes(one)) ?? 'no path';
  return { question, expected, decision, paths };
}

/** The resource that a question names by the path of its construct; undefined if it names it in another way. */
function named<T extends AppResource>(resources: readonly T[], name: unknown): T | undefined {
  const isNamed = ({ node }: IConstruct) => node.path === name || node.path === `${String(name)}/Resource`;
  return resources.find(({ construct }) => isNamed(construct));
}
