import { App } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, FindingText, errorFinding } from './finding';
import { AppIndex } from '../../app-model/app-index';
import { AppResource, RestApi } from '../../app-model/app-model';
import { stageDescribing } from '../../app-model/other-stages';
import { mayHaveMethod, methodOf, methodsOf } from '../../app-model/rest-api-methods';
import { accountOf, regionOf } from '../../iam/arn';
import { displayText, hasUnresolved, mayEqualAnyText } from '../../iam/unresolved-text';
import { closestMatch } from '../../util/edit-distance';
import { FindingId } from '../finding-id';

/** Findings of manual steps, which are errors if another app describes the account and lacks the resource. */
const MANUAL_STEPS: ReadonlySet<FindingId> = new Set([
  FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
  FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
  FindingId.MANUALLY_ADD_QUEUE_POLICY,
  FindingId.MANUALLY_ADD_TOPIC_POLICY,
  FindingId.MANUALLY_ADD_STREAM_POLICY,
  FindingId.MANUALLY_ADD_API_POLICY,
  FindingId.MANUALLY_ADD_ROLE_POLICY,
  FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
]);

/**
 * A finding, with its resource looked up in other apps: an error if an app that describes the account and Region does
 * not define it. Such a finding stays a warning if that app may have the resource under a name that is generated.
 */
export function withOtherApps(app: AppIndex, finding: Finding): Finding {
  const { id, construct, resource, fix } = finding;
  const isMisspelled = id === FindingId.EVENT_BUS_NOT_FOUND;
  if (!(isMisspelled || MANUAL_STEPS.has(id)) || resource === undefined) return finding;
  const notFound = notFoundFinding(app, construct, resource, finding);
  // The fix of a misspelled bus has the ARN that is meant.
  return notFound && isMisspelled ? { ...notFound, fix } : (notFound ?? finding);
}

/**
 * An error on a construct that refers to a resource which no app defines, although another app or stage describes its
 * account and Region; undefined if there is none, or if it may define the resource.
 */
export function notFoundFinding(
  app: AppIndex,
  construct: IConstruct,
  resource: string,
  problem: Problem,
): Finding | undefined {
  if (hasUnresolved(resource) || app.resource(resource)) return undefined;
  const own = app.otherAppOf(construct);
  const [otherApp] = app.othersDescribing(resource).filter((other) => other !== own && !other.isStage);
  const describing = otherApp?.name ?? stageDescribing(app, construct, resource);
  const kind = kindOf(app, resource);
  if (!describing || !kind) return undefined;
  if (resource.endsWith(':event-bus/default') || app.mayBeUnread(resource)) return undefined;
  const inAccount = resourcesInPlaceOf(app, kind, resource);
  if (kind.mayBe(resource, inAccount, app)) return undefined;
  const inPlace = { names: kind.namesOf(inAccount, app), isEmpty: inAccount.length === 0 };
  const isSynthesized = !App.isApp(construct.node.root);
  const text = notFoundText(problem, resource, describing, inPlace, kind, isSynthesized);
  return errorFinding(kind.id, construct, text, resource);
}

/**
 * The same as a list, for a bus in the account of what refers to it. The policy of the bus need not allow its own
 * account, so there is no manual step: nothing is known about the bus if no other app or stage describes its place.
 */
export function notFoundFindings(
  app: AppIndex,
  construct: IConstruct,
  resource: string,
  { problem }: Pick<Finding, 'problem'>,
): Finding[] {
  const finding = notFoundFinding(app, construct, resource, { problem });
  return finding ? [finding] : [];
}

/** The problem of a finding; where it is about the policy of the resource, what fails without the resource. */
type Problem = Pick<Finding, 'problem' | 'consequence'>;

/** The resources of a kind in the account and Region of one that is missing. */
interface ResourcesInPlace {
  readonly names: string[];
  readonly isEmpty: boolean;
}

interface ResourceKind {
  readonly noun: string;
  readonly id: FindingId;
  readonly matches: RegExp;
  readonly resources: (app: AppIndex) => readonly AppResource[];
  /** Whether an ARN may be that of one of the resources in its account and Region, or of one that is not listed. */
  readonly mayBe: (arn: string, resources: readonly AppResource[], app: AppIndex) => boolean;
  /** The known names of the resources, among which the most similar one is shown. */
  readonly namesOf: (resources: readonly AppResource[], app: AppIndex) => string[];
}

const NOT_FOUND = FindingId.RESOURCE_NOT_FOUND;
const KIND = {
  id: NOT_FOUND,
  mayBe: (_: string, resources: readonly AppResource[]) => resources.some(isUnresolved),
  namesOf: (resources: readonly AppResource[]) =>
    resources.filter((resource) => !isUnresolved(resource)).map(({ arn }) => nameOf(arn)),
};

const API: ResourceKind = {
  ...KIND,
  noun: 'API',
  matches: /^arn:[^:]+:execute-api:/,
  resources: ({ model }) => model.restApis,
};

/** The method of an API: the ID of an API is always generated, but not its methods. */
const METHOD: ResourceKind = {
  ...API,
  noun: 'method',
  mayBe: (arn, apis, { model }) => (apis as readonly RestApi[]).some((api) => mayHaveMethod(model, api, arn)),
  namesOf: (apis, { model }) => (apis as readonly RestApi[]).flatMap((api) => methodsOf(model, api) ?? []),
};

const KINDS: readonly ResourceKind[] = [
  {
    ...KIND,
    noun: 'bus',
    id: FindingId.EVENT_BUS_NOT_FOUND,
    matches: /^arn:[^:]+:events:[^:]*:\d+:event-bus\//,
    resources: ({ model }) => model.eventBuses,
  },
  { ...KIND, noun: 'function', matches: /^arn:[^:]+:lambda:/, resources: ({ model }) => model.functions },
  { ...KIND, noun: 'queue', matches: /^arn:[^:]+:sqs:/, resources: ({ model }) => model.queues },
  { ...KIND, noun: 'topic', matches: /^arn:[^:]+:sns:/, resources: ({ model }) => model.topics },
  { ...KIND, noun: 'stream', matches: /^arn:[^:]+:kinesis:/, resources: ({ model }) => model.streams },
  API,
  {
    ...KIND,
    noun: 'role',
    matches: /^arn:[^:]+:iam::\d+:role\//,
    resources: ({ model }) => model.roles,
    mayBe: mayBeRole,
  },
];

function isUnresolved({ arn }: AppResource): boolean {
  return hasUnresolved(arn);
}

/**
 * Whether an ARN may be that of a role whose name is known only at deployment, or of one that no app defines. Topology
 * files list each role whose name is not generated, and most apps have roles whose name is.
 */
function mayBeRole(arn: string, roles: readonly AppResource[]): boolean {
  const path = rolePath(arn);
  if ([GENERATED_ROLE_NAME, ...ROLES_OF_NO_APP].some((pattern) => pattern.test(path))) return true;
  return roles.some((role) => mayEqualAnyText(role.arn));
}

/** The path and name of a role. */
function rolePath(arn: string): string {
  return arn.replace(/^[^/]*\//, '');
}

/** The name that CloudFormation generates for a role ends with 12 or 13 random characters. */
const GENERATED_ROLE_NAME = /-(?=[a-z]*[A-Z\d])[A-Za-z\d]{12,13}$/;

/** Roles that AWS services, AWS Organizations, stack sets and the bootstrapping of the CDK create. */
const ROLES_OF_NO_APP: readonly RegExp[] = [
  /^(aws-service-role|service-role|aws-reserved)\//,
  /^(AWSServiceRoleFor|AWSReservedSSO_|AWSControlTower|AWSCloudFormationStackSet|stacksets-exec-)/,
  /^OrganizationAccountAccessRole$/,
  /^cdk-[\w-]{1,10}-[a-z-]+-role-\d{12}-/,
];

function kindOf(app: AppIndex, arn: string): ResourceKind | undefined {
  const kind = KINDS.find(({ matches }) => matches.test(arn));
  return kind === API && resourcesInPlaceOf(app, API, arn).length > 0 ? METHOD : kind;
}

/** The resources of a kind in the account and Region of a resource. */
function resourcesInPlaceOf(app: AppIndex, { resources }: ResourceKind, arn: string): AppResource[] {
  return resources(app).filter((candidate) => isSamePlace(candidate.arn, arn));
}

function isSamePlace(first: string, second: string): boolean {
  return accountOf(first) === accountOf(second) && regionOf(first) === regionOf(second);
}

/** The last part of an ARN; for a role, with its path, and for an API, its method and path. */
function nameOf(arn: string): string {
  if (arn.includes(':execute-api:')) return methodOf(arn).join(' ');
  return arn.includes(':role/') ? rolePath(arn) : arn.split(/[:/]/).slice(-1)[0];
}

/**
 * @param describing the name of the app or stage that describes the account and Region
 * @param isSynthesized whether the app was synthesized before, as for the command
 */
function notFoundText(
  { problem, consequence }: Problem,
  arn: string,
  describing: string,
  { names, isEmpty }: ResourcesInPlace,
  { noun }: ResourceKind,
  isSynthesized: boolean,
): FindingText {
  const nearest = closestMatch(nameOf(arn), names);
  const none = isEmpty ? `it defines no ${noun} there` : `no ${noun} there has a known name`;
  const there = nearest === undefined ? none : `the nearest name there is '${nearest}'`;
  const third = isSynthesized ? 'check the app that defines it too' : "pass the app that defines it to 'otherApps'";
  return {
    problem: consequence ? `${noun} ${displayText(arn)} does not exist, so ${consequence}` : problem,
    reason: `${describing} describes account ${accountOf(arn)} and does not define the ${noun}; ${there}`,
    fix: `correct the ARN, define the ${noun} in ${describing}, or ${third}`,
  };
}

/**
 * Whether findings on a construct are reported together with those of an app: it is in the app, in another app that is
 * checked at the same time, or in a stage.
 */
export function isReportedWith(app: AppIndex, construct: IConstruct): boolean {
  const other = app.otherAppOf(construct);
  return other === undefined || other.isStage || other.root.node.scopes.some((scope) => scope === app.root);
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
