import { eventPart, isForEventBridge } from './event-statements';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { AccessAnalysis } from '../../iam/access-analysis';
import { parseArn } from '../../iam/arn';
import { RESOURCE_ACCOUNT } from '../../iam/principal-keys';
import { Json, isObject, toList } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { memoizeByObject } from '../../util/memoize';
import { TARGET_STATEMENT_ID_PREFIX } from '../../util/names';
import { API, BUS, FUNCTION, QUEUE, STREAM, TOPIC, TargetKind } from '../engine/target-kinds';

/** A statement of the policy of a bus, of a function, or of another target that a rule or bus sends events to. */
export interface ResourceStatement extends ResourcePolicyStatement {
  readonly kind: TargetKind;
}

/** The parts that concern events of all statements whose principals are checked, see `eventPart()`. */
export const eventStatements: (app: AppIndex) => ResourceStatement[] = memoizeByObject((app) =>
  [...busStatements(app), ...functionStatements(app), ...targetStatements(app)]
    .map(eventPart)
    .filter((part) => part !== undefined),
);

export function busStatements({ evaluated }: AppIndex): ResourceStatement[] {
  const { eventBusStatements, eventBusV2Statements } = evaluated;
  return [...eventBusStatements, ...eventBusV2Statements].map((statement) => ({ ...statement, kind: BUS }));
}

export function functionStatements({ evaluated }: AppIndex): ResourceStatement[] {
  return evaluated.functionStatements
    .filter(({ statement }) => !isForFunctionUrl(statement))
    .map((statement) => ({ ...statement, kind: FUNCTION }));
}

/** Whether a statement allows only calls to the URL of a function, which EventBridge does not use. */
function isForFunctionUrl(statement: Json): boolean {
  const actions = actionsOf(statement);
  if (actions.length > 0 && actions.every((action) => action.toLowerCase() === 'lambda:invokefunctionurl')) return true;
  const bool = isObject(statement) && isObject(statement.Condition) ? statement.Condition.Bool : undefined;
  return isObject(bool) && toList(bool['lambda:InvokedViaFunctionUrl']).join() === 'true';
}

/**
 * Statements of queues, topics and streams that rules and buses of the app send to, and those that allow rules of other
 * accounts to send to them and to APIs. Other statements are not checked.
 */
export function targetStatements({ evaluated, model }: AppIndex): ResourceStatement[] {
  const targets = model.rules.flatMap((rule) => rule.targets);
  const deadLetterArns = [...targets, ...model.eventBuses].map(({ deadLetterArn }) => deadLetterArn);
  const destinationArns = new Set([...targets.map(({ arn }) => arn), ...deadLetterArns]);
  const statementsFor = (statements: ResourcePolicyStatement[], kind: TargetKind) =>
    statements
      .filter(({ resourceArn, id }) => destinationArns.has(resourceArn) || id.startsWith(TARGET_STATEMENT_ID_PREFIX))
      .map((statement) => ({ ...statement, kind }));
  return [
    ...statementsFor(evaluated.queueStatements, QUEUE),
    ...statementsFor(evaluated.topicStatements, TOPIC),
    ...statementsFor(evaluated.streamStatements, STREAM),
    ...statementsFor(evaluated.restApiStatements, API),
  ];
}

/**
 * Whether a statement allows EventBridge to publish to a topic. The Amazon EventBridge User Guide documents it without
 * a condition, and the CDK adds it to every topic that is a target.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export function isTopicStatementForEventBridge({ kind, statement }: ResourceStatement): boolean {
  return kind.noun === 'topic' && isForEventBridge(statement);
}

/** What a statement allows: `call events:PutEvents on bus 'orders'`. */
export function describeAccess({ kind, resourceArn, statement }: ResourceStatement): string {
  return `call ${describeActions(statement, kind)} on ${describeResource({ kind, resourceArn })}`;
}

/** `bus 'orders'`, `function 'handler:live'`. */
export function describeResource({ kind, resourceArn }: Pick<ResourceStatement, 'kind' | 'resourceArn'>): string {
  return `${kind.noun} '${displayText(resourceName(resourceArn))}'`;
}

/** The action that delivers events if the statement names it, otherwise all actions. */
function describeActions(statement: Json, { action: deliveryAction }: TargetKind): string {
  const actions = actionsOf(statement);
  const isDelivery = (action: string) => action.toLowerCase() === deliveryAction.toLowerCase();
  return actions.length === 0 || actions.some(isDelivery) ? deliveryAction : actions.join(', ');
}

export function actionsOf(statement: Json): readonly string[] {
  return isObject(statement) ? toList(statement.Action) : [];
}

/** `orders` for the ARN of a bus, queue or topic, `handler` or `handler:live` for the ARN of a function. */
function resourceName(arn: string): string {
  return parseArn(arn)?.resource.replace(/^(event-bus(v2)?\/|function:)/, '') ?? arn;
}

/** Whether a statement allows principals of other accounts than the owner of the resource, or may do so. */
export function allowsOtherAccounts({ access, restrictions }: AccessAnalysis, owner: string): boolean {
  if (access === 'none') return false;
  return restrictions.every(({ principals }) => principals.some(({ account }) => !isOwnAccount(account, owner)));
}

/** Whether an account that a policy names is the owner of the resource. */
export function isOwnAccount(account: string | undefined, owner: string): boolean {
  return account !== undefined && (account === owner || account.toLowerCase() === RESOURCE_ACCOUNT.toLowerCase());
}
