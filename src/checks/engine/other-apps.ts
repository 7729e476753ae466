import { IConstruct } from 'constructs';
import { Finding, FindingText, errorFinding } from './finding';
import { AppIndex } from '../../app-model/app-index';
import { AppResource } from '../../app-model/app-model';
import { OtherApp } from '../../app-model/other-apps';
import { parseArn } from '../../iam/arn';
import { displayText, hasUnresolved } from '../../iam/unresolved-text';
import { closestMatch } from '../../util/edit-distance';
import { FindingId } from '../finding-id';

/** Findings of manual steps, which are errors if another app describes the account and lacks the resource. */
const MANUAL_STEPS: ReadonlySet<FindingId> = new Set([
  FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
  FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
  FindingId.MANUALLY_ADD_QUEUE_POLICY,
  FindingId.MANUALLY_ADD_ROLE_POLICY,
  FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
]);

/**
 * A finding, with its resource looked up in other apps: an error if an app that describes the account and Region does
 * not define it. Such a finding stays a warning if that app has a resource of the kind whose name is generated.
 */
export function withOtherApps(app: AppIndex, finding: Finding): Finding {
  const { id, construct, resource } = finding;
  if (!MANUAL_STEPS.has(id) || resource === undefined || hasUnresolved(resource) || app.resource(resource)) {
    return finding;
  }
  const own = app.otherAppOf(construct);
  const [describing] = app.othersDescribing(resource).filter((other) => other !== own);
  const kind = kindOf(resource);
  if (!describing || !kind) return finding;
  if (kind.noun === 'bus' && resource.endsWith(':event-bus/default')) return finding;
  const inAccount = kind.resources(app).filter((candidate) => isSamePlace(candidate.arn, resource));
  if (inAccount.some(({ arn }) => hasUnresolved(arn))) return finding;
  const names = inAccount.map(({ arn }) => nameOf(arn));
  return errorFinding(kind.id, construct, notFoundText(finding, resource, describing, names, kind), resource);
}

interface ResourceKind {
  readonly noun: string;
  readonly id: FindingId;
  readonly matches: RegExp;
  readonly resources: (app: AppIndex) => readonly AppResource[];
}

const NOT_FOUND = FindingId.RESOURCE_NOT_FOUND;

const KINDS: readonly ResourceKind[] = [
  {
    noun: 'bus',
    id: FindingId.EVENT_BUS_NOT_FOUND,
    matches: /^arn:[^:]+:events:[^:]*:\d+:event-bus\//,
    resources: ({ model }) => model.eventBuses,
  },
  { noun: 'function', id: NOT_FOUND, matches: /^arn:[^:]+:lambda:/, resources: ({ model }) => model.functions },
  { noun: 'queue', id: NOT_FOUND, matches: /^arn:[^:]+:sqs:/, resources: ({ model }) => model.queues },
  { noun: 'topic', id: NOT_FOUND, matches: /^arn:[^:]+:sns:/, resources: ({ model }) => model.topics },
  { noun: 'stream', id: NOT_FOUND, matches: /^arn:[^:]+:kinesis:/, resources: ({ model }) => model.streams },
  { noun: 'role', id: NOT_FOUND, matches: /^arn:[^:]+:iam::\d+:role\//, resources: ({ model }) => model.roles },
];

function kindOf(arn: string): ResourceKind | undefined {
  return KINDS.find(({ matches }) => matches.test(arn));
}

function isSamePlace(first: string, second: string): boolean {
  const [a, b] = [parseArn(first), parseArn(second)];
  return a?.account === b?.account && a?.region === b?.region;
}

/** The last part of an ARN. */
function nameOf(arn: string): string {
  return arn.split(/[:/]/).slice(-1)[0];
}

function notFoundText(
  { problem }: FindingText,
  arn: string,
  { name }: OtherApp,
  names: string[],
  { noun }: ResourceKind,
): FindingText {
  const { account = '' } = parseArn(arn) ?? {};
  const nearest = closestMatch(nameOf(arn), names);
  const there = nearest === undefined ? `it defines no ${noun} there` : `the nearest name there is '${nearest}'`;
  return {
    problem,
    reason: `${name} describes account ${account} and does not define the ${noun}; ${there}`,
    fix: `correct the ARN, or define the ${noun} in ${name}`,
  };
}

/**
 * Whether findings on a construct are reported together with those of an app: it is in the app, in another app that is
 * checked at the same time, or in a stage.
 */
export function isReportedWith(app: AppIndex, construct: IConstruct): boolean {
  const other = app.otherAppOf(construct);
  return other === undefined || other.isStage || (app.root !== undefined && other.root.node.scopes.includes(app.root));
}

/**
 * A finding about another app, on the resource of this app whose events are lost, or which the other app uses; nothing
 * if it does not concern this app. What a stage does with resources of others, it reports itself.
 */
export function onOwnResource(app: AppIndex, finding: Finding, isOwn: (construct: IConstruct) => boolean): Finding[] {
  const { id, level, construct, resource, affected = [], problem, reason, fix } = finding;
  const other = app.otherAppOf(construct);
  if (!other || level !== 'error') return [];
  const used = other.isStage || resource === undefined ? undefined : app.resource(resource)?.construct;
  const own = [...affected, used].find((candidate) => candidate !== undefined && isOwn(candidate));
  if (!own) return [];
  const text = { problem: `${other.name} does not work with this app: ${problem}`, reason, fix };
  return [errorFinding(id, own, text, resource === undefined ? undefined : displayText(resource))];
}
