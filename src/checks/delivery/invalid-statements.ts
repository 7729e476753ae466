import * as messages from './invalid-statements.messages';
import { AppIndex } from '../../app-model/app-index';
import { AppModel, ResourcePolicyStatement } from '../../app-model/app-model';
import { differenceFromBus } from '../../eventbridge/bus-resources';
import { shortFormFault } from '../../eventbridge/short-form';
import { Json, isObject, toList } from '../../iam/statement';
import { ElementFault, elementFaultsOf } from '../../iam/statement-elements';
import { displayText } from '../../iam/unresolved-text';
import { memoizeByObject } from '../../util/memoize';
import { Finding, FindingText, createFinding } from '../engine/finding';
import { isReportedWith } from '../engine/other-apps';
import { FindingId } from '../finding-id';

/**
 * Finds statements of buses, functions, queues, topics and keys that AWS rejects: an element is missing or has a form
 * that AWS does not accept, or the resource is not the bus that has the policy. AWS KMS ignores some of them instead.
 *
 * Blind spots: condition elements; the resources of statements on functions, queues, topics and keys; roles and users
 * that do not exist.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function checkInvalidStatements(app: AppIndex): Finding[] {
  return invalidStatementsIn(app.evaluated).flatMap(({ entry, texts }) => {
    const { conditional, construct, resourceArn } = entry;
    const level = conditional ? 'warning' : 'error';
    return texts.map((text) =>
      createFinding(level, FindingId.INVALID_STATEMENT, construct, text, displayText(resourceArn)),
    );
  });
}

/** Whether a statement of the policy of a resource, or a statement that is for the resource, is reported as invalid. */
export function hasInvalidStatement(app: AppIndex, resourceArn: string): boolean {
  return resourcesWithFault(app).has(resourceArn);
}

/** Whether a statement is invalid. */
export function isInvalidStatement(entry: ResourcePolicyStatement): boolean {
  return textsFor(entry).length > 0;
}

interface InvalidStatement {
  readonly entry: ResourcePolicyStatement;
  readonly texts: readonly FindingText[];
}

const invalidStatementsIn = memoizeByObject((model: AppModel): InvalidStatement[] => {
  const invalid: InvalidStatement[] = [];
  for (const entry of allStatements(model)) {
    const texts = textsFor(entry);
    if (texts.length > 0) invalid.push({ entry, texts });
  }
  return invalid;
});

function allStatements(model: AppModel): ResourcePolicyStatement[] {
  const { eventBusStatements, eventBusV2Statements, functionStatements } = model;
  const { queueStatements, topicStatements, keyStatements } = model;
  return [
    eventBusStatements,
    eventBusV2Statements,
    functionStatements,
    queueStatements,
    topicStatements,
    keyStatements,
  ].flat();
}

const resourcesWithFault = memoizeByObject(
  (app: AppIndex): ReadonlySet<string> =>
    new Set(
      invalidStatementsIn(app.model)
        .filter(({ entry }) => isReportedWith(app, entry.construct))
        .flatMap(({ entry }) => [entry.resourceArn, ...resourcesOf(entry)]),
    ),
);

function resourcesOf({ statement }: ResourcePolicyStatement): readonly string[] {
  return isObject(statement) ? toList(statement.Resource) : [];
}

/** The texts of the findings on a statement. A statement has few faults, so each has a finding of its own. */
const textsFor = memoizeByObject((entry: ResourcePolicyStatement): FindingText[] => {
  const shortForm = entry.shortForm && shortFormFault(entry.shortForm);
  if (shortForm) return [messages.shortFormRejected(entry, shortForm)];
  const kind = POLICY_KINDS.find(({ marker }) => entry.resourceArn.includes(marker));
  const faults = elementFaultsOf(entry.statement, kind !== undefined).filter((fault) => !mayBeService(entry, fault));
  return [...faults.map((fault) => messages.elementRejected(entry, fault, kind)), ...resourceTexts(entry)];
});

/** The policies whose statements must have a `Resource`. */
const POLICY_KINDS: readonly messages.PolicyKind[] = [
  { marker: ':event-bus/', action: 'events:PutEvents' },
  { marker: ':sqs:', action: 'sqs:SendMessage' },
  { marker: ':sns:', action: 'sns:Publish' },
  { marker: ':kms:', action: 'kms:Decrypt', resource: '*' },
];

/** Lambda decides whether the `Principal` of a permission is a service. Not all names of services are known. */
function mayBeService({ construct }: ResourcePolicyStatement, fault: ElementFault): boolean {
  return (
    construct.cfnResourceType === 'AWS::Lambda::Permission' &&
    fault.kind === 'principal' &&
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(fault.principal.value)
  );
}

function resourceTexts(entry: ResourcePolicyStatement): FindingText[] {
  const { statement, resourceArn } = entry;
  if (!isObject(statement) || !isListOfText(statement.Resource)) return [];
  for (const resource of toList(statement.Resource)) {
    const difference = differenceFromBus(resource, resourceArn);
    if (difference !== undefined) return [messages.otherResource(entry, resource, difference)];
  }
  return [];
}

function isListOfText(value: Json | undefined): boolean {
  return [value].flat().every((item) => typeof item === 'string');
}
