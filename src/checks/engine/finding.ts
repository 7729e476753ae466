import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { nameConstructs } from './construct-names';
import { shownConstruct } from './shown-construct';
import { constructsInAssembly } from '../../app-model/assembly';
import { hasAcknowledgement } from '../../app-model/cdk-internals';
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

/** A finding of a check on a construct. A warning can be acknowledged by its id, an error cannot. */
export interface Finding extends FindingText {
  readonly id: FindingId;
  readonly level: FindingLevel;
  readonly construct: IConstruct;
  /** The ARN of the resource that the finding is about, if the construct is another resource. */
  readonly resource?: string;
}

/** Creates an error on the construct to change. */
export function errorFinding(id: FindingId, construct: IConstruct, text: FindingText, resource?: string): Finding {
  return createFinding('error', id, construct, text, resource);
}

/** Creates a warning on the construct to change, on which it can be acknowledged. */
export function warningFinding(id: FindingId, construct: IConstruct, text: FindingText, resource?: string): Finding {
  return createFinding('warning', id, construct, text, resource);
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
    problem: nameConstructs(problem),
    ...(reason !== undefined && { reason: nameConstructs(reason) }),
    fix: nameConstructs(fix),
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
  const { id, level, construct } = finding;
  const shown = shownConstruct(construct);
  const message = shown === construct ? messageOf(finding) : `in '${construct.node.path}', ${messageOf(finding)}`;
  const annotations = Annotations.of(shown);
  if (level === 'error') {
    annotations.addError(`${message} [${id}]`);
    return true;
  }
  const acknowledgeable = shown === construct ? [construct] : [...construct.node.scopes, shown];
  if (acknowledgeable.some((scope) => isAcknowledged(scope, id))) return false;
  annotations.addWarningV2(id, message);
  return isShown(shown, id, message);
}

/** Whether a warning is annotated. The CDK removes acknowledged warnings. */
export function isShown(construct: IConstruct, id: FindingId, message: string): boolean {
  const annotation = `${message} [ack: ${id}]`;
  return construct.node.metadata.some(({ data }) => data === annotation);
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

/** The logical id in the template. */
export function logicalIdOf(resource: CfnResource): string {
  return resource.stack.resolve(resource.logicalId);
}
