import { App } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppIndex } from '../../src/app-model/app-index';
import { AppResource, Rule } from '../../src/app-model/app-model';
import { exactEventsOf } from '../../src/checks/delivery/lib/events';
import { stacksInAssembly } from '../../src/cloud-assembly/read-assembly';
import { addStacks, rootOfStacks } from '../../src/cloud-assembly/stack-constructs';
import { DeliveryPath } from '../../src/delivery-paths/delivery-path';
import { deliveryPaths } from '../../src/delivery-paths/delivery-paths';
import { Publisher } from '../../src/delivery-paths/publisher';

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
