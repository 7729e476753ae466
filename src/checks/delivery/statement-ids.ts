import { Stack } from 'aws-cdk-lib';
import { AppIndex } from '../../app-model/app-index';
import { AppModel, ResourcePolicyStatement } from '../../app-model/app-model';
import { pseudoParameterValue } from '../../app-model/resolve/pseudo-parameters';
import { displayText, hasUnresolved, mayEqualAnyText } from '../../iam/unresolved-text';
import { groupedBy } from '../../util/group-by';
import { Finding, errorFinding, warningFinding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Finds statements of bus policies with the same ID in one account and Region, on any bus and in any stack.
 * CloudFormation treats them as one resource.
 *
 * Blind spots: statements of other apps.
 */
export function checkStatementIds({ evaluated }: AppIndex): Finding[] {
  const separateStacks = stacksInSeparateEnvironments(evaluated);
  const firstById = new Map<string, ResourcePolicyStatement>();
  const findings: Finding[] = [];
  for (const statement of evaluated.eventBusStatements) {
    if (!hasLiteralId(statement)) continue;
    const { stack } = statement.construct;
    const environment = separateStacks.has(stack) ? stack.node.path : environmentOf(stack);
    const key = `${environment} ${statement.id}`;
    const first = firstById.get(key);
    if (!first) {
      firstById.set(key, statement);
    } else if (first.construct !== statement.construct) {
      findings.push(duplicateId(first, statement));
    }
  }
  return findings;
}

/**
 * Stacks with an unresolved environment that define a bus which another stack defines too. Names of buses are unique in
 * an account and Region, so these stacks are deployed to different ones.
 */
function stacksInSeparateEnvironments({ eventBuses }: AppModel): Set<Stack> {
  const busesByArn = groupedBy(
    eventBuses.filter(({ account, region }) => hasUnresolved(account) || hasUnresolved(region)),
    ({ arn }) => arn,
  );
  const repeated = [...busesByArn.values()].filter(([{ construct }, ...others]) =>
    others.some((other) => other.construct.stack !== construct.stack),
  );
  return new Set(repeated.flat().map(({ construct }) => construct.stack));
}

/** Whether the ID of a statement is known. A policy that is a property of its bus needs no unique IDs. */
function hasLiteralId({ construct, id }: ResourcePolicyStatement): boolean {
  return construct.cfnResourceType !== 'AWS::Events::EventBus' && !mayEqualAnyText(id);
}

function environmentOf(stack: Stack): string {
  return `${pseudoParameterValue(stack, 'AWS::AccountId')} ${pseudoParameterValue(stack, 'AWS::Region')}`;
}

function duplicateId(first: ResourcePolicyStatement, duplicate: ResourcePolicyStatement): Finding {
  const { construct, id, resourceArn } = duplicate;
  const text = {
    problem: `statement ID '${id}' is also used by '${first.construct.node.path}'`,
    reason: 'statement IDs must be unique in an account and Region, or one statement replaces the other',
    fix: "change 'statementId'",
  };
  const createFinding = isCertainDuplicate(first, duplicate) ? errorFinding : warningFinding;
  return createFinding(FindingId.DUPLICATE_STATEMENT_ID, construct, text, displayText(resourceArn));
}

/** Whether both statements are certainly deployed, to the same account and Region. */
function isCertainDuplicate(first: ResourcePolicyStatement, duplicate: ResourcePolicyStatement): boolean {
  const { stack } = duplicate.construct;
  const isSameEnvironment = first.construct.stack === stack || !hasUnresolved(environmentOf(stack));
  return isSameEnvironment && !first.conditional && !duplicate.conditional;
}
