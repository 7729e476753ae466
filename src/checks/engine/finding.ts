import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { nameConstructs } from './construct-names';
import { shownConstruct } from './shown-construct';
import { constructsInAssembly, pathOfApp } from '../../app-model/assembly';
import { hasAcknowledgement } from '../../app-model/cdk-internals';
import { inAppLanguage } from '../../core/app-language';
import { Need, fingerprintOf } from '../../topology/need';
import { FindingId } from '../finding-id';

/** The text of a finding. */
export interface FindingText {
  /** What is wrong: the resource, the action, and the result. */
  readonly problem: string;
  /** Why it is wrong: the policy and its element. */
  readonly reason?: string;
  /** What to do. Begins with a verb. */
  readonly fix: string;
}

export type FindingLevel = 'error' | 'warning';

/** A finding of a check on a construct. A warning can be acknowledged by its ID, an error cannot. */
export interface Finding extends FindingText {
  readonly id: FindingId;
  readonly level: FindingLevel;
  readonly construct: IConstruct;
  /** The ARN of the resource that the finding is about, if the construct is another resource. */
  readonly resource?: string;
  /** What fails if that resource does not exist, if the construct reports it as a manual step. */
  readonly consequence?: string;
  /** A short text for what another app must allow. Only the warning with the same text is acknowledged. */
  readonly fingerprint?: string;
  /** What another app must allow, if it is known as data. */
  readonly need?: Need;
  /** The rules, roles and other resources whose events are lost, if the construct to change is another one. */
  readonly affected?: readonly IConstruct[];
}

/** The ID by which a finding is shown and acknowledged. */
export function annotationId({ id, level, fingerprint }: Pick<Finding, 'id' | 'level' | 'fingerprint'>): string {
  return fingerprint === undefined || level === 'error' ? id : `${id}:${fingerprint}`;
}

/** Creates an error on the construct to change. */
export function errorFinding(id: FindingId, construct: IConstruct, text: FindingText, resource?: string): Finding {
  return createFinding('error', id, construct, text, resource);
}

/** Creates a warning on the construct to change, on which it can be acknowledged. */
export function warningFinding(id: FindingId, construct: IConstruct, text: FindingText, resource?: string): Finding {
  return createFinding('warning', id, construct, text, resource);
}

/** A warning that is acknowledged only for what is needed. */
export function withNeed(finding: Finding, need: Need): Finding {
  return { ...finding, need, fingerprint: fingerprintOf(need, pathOfApp(finding.construct)) };
}

/** A finding on a construct to change, because of which the events of other resources are lost. */
export function withAffected(finding: Finding, ...affected: readonly IConstruct[]): Finding {
  return { ...finding, affected: [...(finding.affected ?? []), ...affected] };
}

/** What the findings need of other apps. */
export function needsOf(findings: readonly Finding[]): Need[] {
  return findings.map(({ need }) => need).filter((need) => need !== undefined);
}

/** Creates a finding whose level is computed. */
export function createFinding(
  level: FindingLevel,
  id: FindingId,
  construct: IConstruct,
  text: FindingText,
  resource?: string,
): Finding {
  const { problem, reason, fix } = text;
  return {
    id,
    level,
    construct,
    problem: inAppLanguage(nameConstructs(problem)),
    ...(reason !== undefined && { reason: inAppLanguage(nameConstructs(reason)) }),
    fix: inAppLanguage(nameConstructs(fix)),
    ...(resource !== undefined && { resource }),
  };
}

/** The problem and its reason, on one line. */
export function describeProblem({ problem, reason }: FindingText): string {
  return reason === undefined ? problem : `${problem}: ${reason}`;
}

/** The text of an annotation: the problem and its reason, then the fix on a line of its own. */
export function messageOf(text: FindingText): string {
  return `${describeProblem(text)}\nFix: ${text.fix}`;
}

/**
 * Annotates a finding on its construct, or on the stack that the CDK shows instead. Returns whether it is shown, which
 * an acknowledged warning is not.
 */
export function annotate(finding: Finding): boolean {
  const { level, construct } = finding;
  const shown = shownConstruct(construct);
  const annotations = Annotations.of(shown);
  if (level === 'error') {
    annotations.addError(annotationOf(finding));
    return true;
  }
  const id = annotationId(finding);
  const acknowledgeable = shown === construct ? [construct] : [...construct.node.scopes, shown];
  if (acknowledgeable.some((scope) => isAcknowledged(scope, id))) return false;
  annotations.addWarningV2(id, shownMessageOf(finding));
  return isShown(finding);
}

/** The text of a finding as the CDK shows it. */
function annotationOf(finding: Finding): string {
  const id = annotationId(finding);
  return `${shownMessageOf(finding)} [${finding.level === 'error' ? '' : 'ack: '}${id}]`;
}

/** The message, with the path of the construct if another one is shown instead. */
function shownMessageOf(finding: Finding): string {
  const { construct } = finding;
  const message = messageOf(finding);
  return shownConstruct(construct) === construct ? message : `in '${construct.node.path}', ${message}`;
}

/** Whether a finding is annotated. The CDK removes acknowledged warnings. */
export function isShown(finding: Finding): boolean {
  const annotation = annotationOf(finding);
  return shownConstruct(finding.construct).node.metadata.some(({ data }) => data === annotation);
}

/**
 * Whether a warning was acknowledged on its construct or on the app, before it was reported. The CDK ignores such an
 * acknowledgement on the app, and older releases ignore it on the construct too.
 */
export function isAcknowledged({ node }: IConstruct, id: string): boolean {
  return hasAcknowledgement(node, ['', node.path], id);
}

/** The construct for findings about a scope: the first stack of an app or stage, whose annotations are not shown. */
export function annotatableScope(scope: IConstruct): IConstruct {
  if (!Stage.isStage(scope)) return scope;
  return constructsInAssembly(scope).find((construct) => Stack.isStack(construct)) ?? scope;
}

/** The stack that contains a construct; undefined for an app or stage. */
export function stackOf(construct: IConstruct): Stack | undefined {
  return construct.node.scopes.reverse().find((scope): scope is Stack => Stack.isStack(scope));
}

/** The logical ID in the template. */
export function logicalIdOf(resource: CfnResource): string {
  return resource.stack.resolve(resource.logicalId);
}
