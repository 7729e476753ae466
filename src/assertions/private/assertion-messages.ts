import { IConstruct } from 'constructs';
import { nameConstructs, pathOf } from '../../checks/engine/construct-names';
import { messageOf } from '../../checks/engine/finding';
import { ElementKind } from '../../delivery-graph/delivery-graph';
import { DELIVERED, POLICY_NAMES, decidedStep, missingIn, nounBefore } from '../../delivery-graph/words';
import {
  AllowingStatement,
  DeliveryPath,
  DeliveryStep,
  PathElement,
  byProgress,
} from '../../delivery-paths/delivery-path';
import { withFields } from '../../eventbridge/event-names';
import { Decision } from '../../iam/decision';
import { displayText } from '../../iam/unresolved-text';
import { EventDeliveryOptions } from '../event-delivery-options';

/** The texts of failed assertions. */

/** The event, its publisher and its target, as in the assertion. */
function describe(props: EventDeliveryOptions): string {
  const { event, publisher, publisherAccount, publisherArn, publisherService, eventBus, target, targetArn } = props;
  const from = nameOf(publisher) ?? publisherArn ?? publisherService ?? `account ${publisherAccount}`;
  const over = eventBus ? ` over bus ${nameOf(eventBus)}` : '';
  return (
    `the event${withFields({ source: event.source, detailType: event.detailType })} from ${from}${over} ` +
    `to ${nameOf(target) ?? targetArn}`
  );
}

function nameOf(construct: IConstruct | undefined): string | undefined {
  return construct && `'${construct.node.path}'`;
}

/** The event is not delivered, or it is unknown whether it is. */
export function expectedDelivery(props: EventDeliveryOptions, paths: readonly DeliveryPath[]): string {
  const expected = `EventAssertions: expected delivery of ${describe(props)}, but`;
  const [path, ...others] = [...paths].sort(byProgress);
  if (!path) return `${expected} no rule leads from there to the target`;
  const result = path.decision === 'unknown' ? UNKNOWN : `it is ${DELIVERED.denied}`;
  return [`${expected} ${result}:`, ...linesOf(path), ...more(others)].join('\n');
}

/** The event is delivered, or it is unknown whether it is. */
export function expectedNoDelivery(props: EventDeliveryOptions, path: DeliveryPath): string {
  const result = path.decision === 'unknown' ? UNKNOWN : `it is ${DELIVERED.allowed}`;
  return [`EventAssertions: expected no delivery of ${describe(props)}, but ${result}:`, ...linesOf(path)].join('\n');
}

const UNKNOWN = `it is ${DELIVERED.unknown} whether it is ${DELIVERED.allowed}`;

function more(others: readonly DeliveryPath[]): string[] {
  if (others.length === 0) return [];
  return [`  ${others.length} other ${others.length === 1 ? 'path fails' : 'paths fail'} too`];
}

/** The steps of a path. The statements that allow a step are listed if all steps are allowed. */
function linesOf({ decision, steps }: DeliveryPath): string[] {
  return steps.flatMap((step) => [
    `  ${titleOf(step)}`,
    ...(decision === 'allowed' ? step.allowedBy.map(statementLine) : failureLines(step)).map((line) => `    ${line}`),
  ]);
}

function titleOf({ decision, kind, from, to }: DeliveryStep): string {
  const [fromKind, toKind] = KINDS_OF_ENDS[kind];
  return decidedStep(kind, decision, elementName(from, fromKind), elementName(to, toKind));
}

/** The kinds of elements of a step that its name does not contain. */
const KINDS_OF_ENDS: Readonly<Record<DeliveryStep['kind'], readonly [from?: ElementKind, to?: ElementKind]>> = {
  putEvents: [undefined, 'eventBus'],
  match: ['eventBus', 'rule'],
  send: ['rule'],
};

function elementName({ arn, construct }: PathElement, kind?: ElementKind): string {
  const noun = kind === undefined ? '' : nounBefore(kind);
  if (construct) return `${noun}'${pathOf(construct)}'`;
  return `${noun}${/^\d{12}$/.test(arn) ? `account ${arn}` : nameConstructs(displayText(arn))}`;
}

/** Why a step fails, and what is missing; nothing for a step that is allowed. */
function failureLines({ missing, text }: DeliveryStep): string[] {
  const lines = text ? withoutAcknowledgement(nameConstructs(messageOf(text))).split('\n') : [];
  if (!missing) return lines;
  const place = nameConstructs(displayText(missingIn(missing)));
  return [...lines, `${place}: ${displayText(JSON.stringify(missing.statement))}`];
}

/** The texts of the checks are those of warnings, which can be acknowledged. An assertion has properties instead. */
function withoutAcknowledgement(text: string): string {
  return text
    .replace(/,? then acknowledge this warning/, ", and pass the app with that policy as 'otherApps'")
    .replace('give the ARN of the role or user', "use 'publisherArn' with the ARN of the role or user")
    .replace(/,? (or|and)\b[^,]*\backnowledge this warning\b[^,]*/, '');
}

function statementLine({ construct, policyType, statement }: AllowingStatement): string {
  return `${POLICY_NAMES[policyType]} statement in '${pathOf(construct)}': ${displayText(JSON.stringify(statement))}`;
}

/** The first path with one of the decisions, in their order. */
export function pathWith(paths: readonly DeliveryPath[], ...decisions: Decision[]): DeliveryPath | undefined {
  return decisions.flatMap((decision) => paths.filter((path) => path.decision === decision))[0];
}
