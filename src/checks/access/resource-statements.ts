import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { AccessAnalysis } from '../../iam/access-analysis';
import { RESOURCE_ACCOUNT } from '../../iam/principal-keys';
import { NamedPrincipal } from '../../iam/principals';
import { Json, isObject, toList } from '../../iam/statement';
import { splitText, displayText } from '../../iam/unresolved-text';
import * as destinations from '../engine/target-kinds';

/** A statement on what events pass: a bus, a function, or a queue or topic that a rule or bus sends to. */
export interface ResourceStatement extends ResourcePolicyStatement {
  readonly kind: ResourceKind;
}

export interface ResourceKind extends destinations.TargetKind {
  /** How a message says the usual action. */
  readonly words: string;
  /** What limits callers of it. */
  readonly remedy: string;
}

export const BUS: ResourceKind = {
  ...destinations.BUS,
  words: 'put events on',
  remedy: "name the accounts, or add an 'aws:PrincipalOrgID' condition",
};
export const FUNCTION: ResourceKind = {
  ...destinations.FUNCTION,
  words: 'invoke',
  remedy: "add 'SourceArn' and 'SourceAccount', or a 'PrincipalOrgID'",
};
const QUEUE: ResourceKind = {
  ...destinations.QUEUE,
  words: 'send to',
  remedy: "add a condition on 'aws:SourceArn' with the ARN of the rule or bus",
};
const TOPIC: ResourceKind = {
  ...destinations.TOPIC,
  words: 'publish to',
  remedy: "add a condition on 'aws:SourceArn' with the ARN of the rule",
};

export function busStatements({ model }: AppIndex): ResourceStatement[] {
  return [...model.eventBusStatements, ...model.eventBusV2Statements].map((statement) => ({ ...statement, kind: BUS }));
}

export function functionStatements({ model }: AppIndex): ResourceStatement[] {
  return model.functionStatements
    .filter(({ statement }) => !isForFunctionUrl(statement))
    .map((statement) => ({ ...statement, kind: FUNCTION }));
}

/** Whether a statement lets callers in by the URL of a function alone, which brings no event of a bus. */
function isForFunctionUrl(statement: Json): boolean {
  const actions = actionsOf(statement);
  if (actions.length > 0 && actions.every((action) => action.toLowerCase() === 'lambda:invokefunctionurl')) return true;
  const bool = isObject(statement) && isObject(statement.Condition) ? statement.Condition.Bool : undefined;
  return isObject(bool) && toList(bool['lambda:InvokedViaFunctionUrl']).join() === 'true';
}

/** Queues and topics that no rule or bus of the app sends to are no matter of events. */
export function destinationStatements({ model }: AppIndex): ResourceStatement[] {
  const targets = model.rules.flatMap((rule) => rule.targets);
  const deadLetters = [...targets, ...model.eventBuses].map(({ deadLetterArn }) => deadLetterArn);
  const sentTo = new Set([...targets.map(({ arn }) => arn), ...deadLetters]);
  const on = (all: ResourcePolicyStatement[], kind: ResourceKind) =>
    all.filter(({ resourceArn }) => sentTo.has(resourceArn)).map((statement) => ({ ...statement, kind }));
  return [...on(model.queueStatements, QUEUE), ...on(model.topicStatements, TOPIC)];
}

/** What a statement allows, in words: `put events on bus 'orders'`, or `call events:PutRule on bus 'orders'`. */
export function describeAccess({ kind, resourceArn, statement }: ResourceStatement): string {
  return `${describeAction(statement, kind)} ${describeResource({ kind, resourceArn })}`;
}

/** `bus 'orders'`, `function 'handler:live'`. */
export function describeResource({ kind, resourceArn }: Pick<ResourceStatement, 'kind' | 'resourceArn'>): string {
  return `${kind.noun} '${displayText(resourceName(resourceArn))}'`;
}

function describeAction(statement: Json, { action, words }: ResourceKind): string {
  const actions = actionsOf(statement);
  return actions.length === 0 || actions.some((one) => one.toLowerCase() === action.toLowerCase())
    ? words
    : `call ${actions.join(', ')} on`;
}

export function actionsOf(statement: Json): readonly string[] {
  return isObject(statement) ? toList(statement.Action) : [];
}

/** `orders` of the ARN of a bus, queue or topic, `handler` or `handler:live` of a function's. */
function resourceName(arn: string): string {
  return arn.startsWith('arn:')
    ? splitText(arn, ':')
        .slice(5)
        .join(':')
        .replace(/^(event-bus(v2)?\/|function:)/, '')
    : arn;
}

/** Whether a statement lets in others than the account of the resource, for all that is known. */
export function allowsOtherAccounts({ access, restrictions }: AccessAnalysis, owner: string): boolean {
  const isOwner = ({ account }: NamedPrincipal) =>
    account !== undefined && (account === owner || account.toLowerCase() === RESOURCE_ACCOUNT.toLowerCase());
  return (
    access !== 'none' &&
    (restrictions.length === 0 || restrictions.every(({ principals }) => !principals.every(isOwner)))
  );
}
