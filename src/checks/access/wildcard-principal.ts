import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';
import {
  ResourceStatement,
  busStatements,
  destinationStatements,
  functionStatements,
  describeAccess,
} from './resource-statements';
import { AppIndex } from '../../app-model/app-index';
import { AccessAnalysis } from '../../iam/access-analysis';
import { Json, canonical, isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';

/**
 * Statements that let in callers whom nobody named.
 *
 * Blind spots: a named account that is not trusted; a condition on a tag or network; whether a source ARN's resource is
 * still there; topics that EventBridge may publish to for any rule.
 *
 * @param reportedAsUntrusted whether what lets in everybody is told elsewhere, since everybody is not trusted
 */
export function checkWildcardPrincipals(app: AppIndex, reportedAsUntrusted = false): Finding[] {
  const all = [busStatements, functionStatements, destinationStatements].flatMap((statements) => statements(app));
  return all.flatMap((statement) => checkStatement(statement, app, reportedAsUntrusted));
}

function checkStatement(judged: ResourceStatement, app: AppIndex, told: boolean): Finding[] {
  return checkPrincipal(judged, app.openness(judged.statement), told);
}

/** What there is to say of whom one statement lets in. */
export function checkPrincipal(judged: ResourceStatement, { access, reason }: AccessAnalysis, told = false): Finding[] {
  const { construct, id, kind } = judged;
  if (access === 'none' || access === 'named' || (access === 'public' && (told || isDefaultTopicStatement(judged)))) {
    return [];
  }
  const what = describeAccess(judged);
  const isOpen = access === 'public';
  const problem = isOpen
    ? `statement '${displayText(id)}' lets callers of every AWS account ${what}: ${displayText(reason)}`
    : `it cannot be told at synth whom statement '${displayText(id)}' lets ${what}: ${displayText(reason)}`;
  const fix = kind.remedy + (isOpen && isOfEncryptedQueue(judged) ? FLAG : '');
  return [{ id: FindingId.WILDCARD_PRINCIPAL, level: 'warning', construct, problem, fix }];
}

/** The CDK writes this statement for a queue with a KMS key that is the target of a rule. */
function isOfEncryptedQueue({ kind, statement }: ResourceStatement): boolean {
  return (
    kind.noun === 'queue' &&
    isObject(statement) &&
    statement.Condition === undefined &&
    isEventBridge(statement.Principal)
  );
}

const FLAG =
  "; in the statement of the CDK's target for an encrypted queue, the feature flag " +
  "'@aws-cdk/aws-events:eventsTargetQueueSameAccount' does that for the account";

function isEventBridge(principal: Json | undefined): boolean {
  return /^\{"Service":"events\.amazonaws\.com(\.cn)?"\}$/.test(canonical(principal));
}

/** AWS's guide gives this statement for topics as it is, and the CDK writes it for every topic that is a target. */
export function isDefaultTopicStatement({ kind, statement }: ResourceStatement): boolean {
  if (kind.noun !== 'topic' || !isObject(statement) || statement.Action !== kind.action) return false;
  return statement.Condition === undefined && isEventBridge(statement.Principal);
}
