import * as destinations from './destinations';
import { World } from './world';
import { PolicyStatement } from '../model/app-model';
import { RESOURCE_ACCOUNT } from '../policy/caller-conditions';
import { Openness } from '../policy/openness';
import { Caller } from '../policy/principals';
import { Json, isObject, listOf } from '../policy/statement';
import { partsOf, readable } from '../policy/text';

/** A statement on what events pass: a bus, a function, or a queue or topic that a rule or bus sends to. */
export interface ResourceStatement extends PolicyStatement {
  readonly kind: Kind;
}

export interface Kind extends destinations.Destination {
  /** How a message says the usual action. */
  readonly words: string;
  /** What limits callers of it. */
  readonly remedy: string;
}

export const BUS: Kind = { ...destinations.BUS, words: 'put events on', remedy: "name the accounts, or add an 'aws:PrincipalOrgID' condition" };
export const FUNCTION: Kind = { ...destinations.FUNCTION, words: 'invoke', remedy: "add 'SourceArn' and 'SourceAccount', or a 'PrincipalOrgID'" };
const QUEUE: Kind = { ...destinations.QUEUE, words: 'send to', remedy: "add a condition on 'aws:SourceArn' with the ARN of the rule or bus" };
const TOPIC: Kind = { ...destinations.TOPIC, words: 'publish to', remedy: "add a condition on 'aws:SourceArn' with the ARN of the rule" };

export function busStatements({ model }: World): ResourceStatement[] {
  return [...model.eventBusStatements, ...model.eventsV2Statements].map((statement) => ({ ...statement, kind: BUS }));
}

export function functionStatements({ model }: World): ResourceStatement[] {
  return model.functionStatements.filter(({ statement }) => !isForFunctionUrl(statement)).map((statement) => ({ ...statement, kind: FUNCTION }));
}

/** Whether a statement lets callers in by the URL of a function alone, which brings no event of a bus. */
function isForFunctionUrl(statement: Json): boolean {
  const actions = actionsOf(statement);
  if (actions.length > 0 && actions.every((action) => action.toLowerCase() === 'lambda:invokefunctionurl')) return true;
  const bool = isObject(statement) && isObject(statement.Condition) ? statement.Condition.Bool : undefined;
  return isObject(bool) && listOf(bool['lambda:InvokedViaFunctionUrl']).join() === 'true';
}

/** Queues and topics that no rule or bus of the app sends to are no matter of events. */
export function destinationStatements({ model }: World): ResourceStatement[] {
  const targets = model.rules.flatMap((rule) => rule.targets);
  const deadLetters = [...targets, ...model.eventBuses].map(({ deadLetterArn }) => deadLetterArn);
  const sentTo = new Set([...targets.map(({ arn }) => arn), ...deadLetters]);
  const on = (all: PolicyStatement[], kind: Kind) => all.filter(({ of }) => sentTo.has(of)).map((statement) => ({ ...statement, kind }));
  return [...on(model.queueStatements, QUEUE), ...on(model.topicStatements, TOPIC)];
}

/** What a statement allows, in words: `put events on bus 'orders'`, or `call events:PutRule on bus 'orders'`. */
export function whatItAllows({ kind, of, statement }: ResourceStatement): string {
  return `${verb(statement, kind)} ${thing({ kind, of })}`;
}

/** `bus 'orders'`, `function 'handler:live'`. */
export function thing({ kind, of }: Pick<ResourceStatement, 'kind' | 'of'>): string {
  return `${kind.thing} '${readable(nameOf(of))}'`;
}

function verb(statement: Json, { action, words }: Kind): string {
  const actions = actionsOf(statement);
  return actions.length === 0 || actions.some((one) => one.toLowerCase() === action.toLowerCase()) ? words : `call ${actions.join(', ')} on`;
}

export function actionsOf(statement: Json): readonly string[] {
  return isObject(statement) ? listOf(statement.Action) : [];
}

/** `orders` of the ARN of a bus, queue or topic, `handler` or `handler:live` of a function's. */
function nameOf(arn: string): string {
  return arn.startsWith('arn:') ? partsOf(arn, ':').slice(5).join(':').replace(/^(event-bus(v2)?\/|function:)/, '') : arn;
}

/** Whether a statement lets in others than the account of the resource, for all that is known. */
export function letsOthersIn({ to, bounds }: Openness, owner: string): boolean {
  const isOwner = ({ account }: Caller) => account !== undefined && (account === owner || account.toLowerCase() === RESOURCE_ACCOUNT.toLowerCase());
  return to !== 'nobody' && (bounds.length === 0 || bounds.every(({ callers }) => !callers.every(isOwner)));
}
