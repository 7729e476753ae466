import { IConstruct } from 'constructs';
import { nameConstructs, pathOf } from '../../checks/engine/construct-names';
import { messageOf } from '../../checks/engine/finding';
import {
  AllowingStatement,
  Decision,
  DeliveryPath,
  DeliveryStep,
  PathElement,
} from '../../delivery-paths/delivery-path';
import { displayText } from '../../iam/unresolved-text';
import { EventDeliveryProps } from '../event-delivery-props';

/** The texts of failed assertions. */

/** The event, its publisher and its target, as in the assertion. */
function describe(props: EventDeliveryProps): string {
  const { event, from, fromAccount, fromArn, fromService, eventBus, to, toArn } = props;
  const publisher = nameOf(from) ?? fromArn ?? fromService ?? `account ${fromAccount}`;
  const over = eventBus ? ` over bus ${nameOf(eventBus)}` : '';
  return (
    `the event with source '${event.source}' and detail type '${event.detailType}' from ${publisher}${over} ` +
    `to ${nameOf(to) ?? toArn}`
  );
}

function nameOf(construct: IConstruct | undefined): string | undefined {
  return construct && `'${construct.node.path}'`;
}

/** The event is not delivered, or it is unknown whether it is. */
export function notDelivered(props: EventDeliveryProps, paths: readonly DeliveryPath[]): string {
  const expected = `EventAssertions: expected delivery of ${describe(props)}, but`;
  const [path, ...others] = [...paths].sort(byProgress);
  if (!path) return `${expected} no rule leads from there to the target`;
  const result = path.decision === 'unknown' ? UNKNOWN : 'it is not delivered';
  return [`${expected} ${result}:`, ...linesOf(path), ...more(others)].join('\n');
}

/** The event is delivered, or it is unknown whether it is. */
export function notRejected(props: EventDeliveryProps, path: DeliveryPath): string {
  const result = path.decision === 'unknown' ? UNKNOWN : 'it is delivered';
  return [`EventAssertions: expected no delivery of ${describe(props)}, but ${result}:`, ...linesOf(path)].join('\n');
}

const UNKNOWN = 'it is unknown whether it is delivered';

function more(others: readonly DeliveryPath[]): string[] {
  if (others.length === 0) return [];
  return [`  ${others.length} other ${others.length === 1 ? 'path fails' : 'paths fail'} too`];
}

/** An unknown path before a denied one, and one that gets further before others. */
function byProgress(first: DeliveryPath, second: DeliveryPath): number {
  const isDenied = ({ decision }: DeliveryPath) => Number(decision === 'denied');
  return (
    isDenied(first) - isDenied(second) ||
    allowedSteps(second) - allowedSteps(first) ||
    failedSteps(first) - failedSteps(second)
  );
}

/** The number of steps before the first one that is not allowed. */
function allowedSteps({ steps }: DeliveryPath): number {
  const failed = steps.findIndex(({ decision }) => decision !== 'allowed');
  return failed === -1 ? steps.length : failed;
}

function failedSteps({ steps }: DeliveryPath): number {
  return steps.filter(({ decision }) => decision !== 'allowed').length;
}

/** The steps of a path. The statements that allow a step are listed if all steps are allowed. */
function linesOf({ decision, steps }: DeliveryPath): string[] {
  return steps.flatMap((step) => [
    `  ${step.decision}: ${titleOf(step)}`,
    ...(decision === 'allowed' ? step.allowedBy.map(statementLine) : failureLines(step)).map((line) => `    ${line}`),
  ]);
}

function titleOf({ kind, from, to }: DeliveryStep): string {
  const [source, destination] = [from, to].map(elementName);
  switch (kind) {
    case 'putEvents':
      return `${source} puts the event on bus ${destination}`;
    case 'match':
      return `rule ${destination} on bus ${source} matches the event`;
    default:
      return `rule ${source} sends the event to ${destination}`;
  }
}

function elementName({ arn, construct }: PathElement): string {
  if (construct) return `'${pathOf(construct)}'`;
  return /^\d{12}$/.test(arn) ? `account ${arn}` : nameConstructs(displayText(arn));
}

/** Why a step fails, and what is missing; nothing for a step that is allowed. */
function failureLines({ missing, text }: DeliveryStep): string[] {
  const lines = text ? withoutAcknowledgement(nameConstructs(messageOf(text))).split('\n') : [];
  if (!missing) return lines;
  const policy = `${POLICY_NAMES[missing.policyType]} of ${displayText(missing.policyOf)}`;
  return [...lines, nameConstructs(`Missing in the ${policy}: `) + displayText(JSON.stringify(missing.statement))];
}

/** The texts of the checks are those of warnings, which can be acknowledged. An assertion needs the other app. */
function withoutAcknowledgement(text: string): string {
  return text
    .replace(/,? then acknowledge this warning/, ', and pass the app with that policy to the assertions')
    .replace(/,? (or|and)\b[^,]*\backnowledge this warning\b[^,]*/, '');
}

function statementLine({ construct, policyType, statement }: AllowingStatement): string {
  return `${POLICY_NAMES[policyType]} statement in '${pathOf(construct)}': ${displayText(JSON.stringify(statement))}`;
}

const POLICY_NAMES = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  trust: 'trust policy',
} as const;

/** The first path with one of the decisions, in their order. */
export function pathWith(paths: readonly DeliveryPath[], ...decisions: Decision[]): DeliveryPath | undefined {
  return decisions.flatMap((decision) => paths.filter((path) => path.decision === decision))[0];
}
