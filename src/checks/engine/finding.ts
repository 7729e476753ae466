import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { constructsInAssembly } from '../../app-model/assembly';
import { hasAcknowledgement } from '../../app-model/cdk-internals';
import { FindingId } from '../finding-id';

/** The words of a finding. */
export interface FindingText {
  /** What is wrong: the resource, the action, and what happens. */
  readonly problem: string;
  /** Why: the policy and its element. */
  readonly reason?: string;
  /** What to do: begins with a verb. */
  readonly fix: string;
}

/** What a check found on a construct. A warning can be acknowledged by its id, an error cannot. */
export interface Finding extends FindingText {
  readonly id: FindingId;
  readonly level: 'error' | 'warning';
  readonly construct: IConstruct;
  /** The ARN of the resource that the finding is about, if that is another one than the construct. */
  readonly resource?: string;
}

/** Creates an error. Its construct is the one to change. */
export function errorFinding(id: FindingId, construct: IConstruct, text: FindingText, resource?: string): Finding {
  return { id, level: 'error', construct, ...text, ...(resource !== undefined && { resource }) };
}

/** Creates a warning. Its construct is the one to change, and the one on which it can be acknowledged. */
export function warningFinding(id: FindingId, construct: IConstruct, text: FindingText, resource?: string): Finding {
  return { id, level: 'warning', construct, ...text, ...(resource !== undefined && { resource }) };
}

/** What is wrong and why, on one line. */
export function describeProblem({ problem, reason }: FindingText): string {
  return reason === undefined ? problem : `${problem}: ${reason}`;
}

/** The text of an annotation: what is wrong and why, then the fix on a line of its own. */
export function messageOf(text: FindingText): string {
  return `${describeProblem(text)}\nFix: ${text.fix}`;
}

/**
 * Writes a finding where `cdk synth` shows it, and tells whether it stays there: a warning that was acknowledged does
 * not.
 */
export function annotate(finding: Finding): boolean {
  const { id, level, construct } = finding;
  const message = messageOf(finding);
  const annotations = Annotations.of(construct);
  if (level === 'error') {
    annotations.addError(`${message} [${id}]`);
    return true;
  }
  if (isAcknowledged(construct, id)) return false;
  annotations.addWarningV2(id, message);
  return isShown(construct, id, message);
}

/** Whether a warning is annotated: the CDK takes away what was acknowledged. */
export function isShown(construct: IConstruct, id: FindingId, message: string): boolean {
  const annotation = `${message} [ack: ${id}]`;
  return construct.node.metadata.some(({ data }) => data === annotation);
}

/**
 * Whether a warning was acknowledged, wholly, on its construct or on the app. The CDK does not hear an acknowledgement
 * that comes before the warning and is on the app or, in older releases, on the construct itself.
 */
function isAcknowledged({ node }: IConstruct, id: string): boolean {
  return hasAcknowledgement(node, ['', node.path], id);
}

/** The CDK shows nothing that is said of an app or stage: its first stack is told instead. */
export function annotatableScope(scope: IConstruct): IConstruct {
  return Stage.isStage(scope)
    ? (constructsInAssembly(scope).find((construct) => Stack.isStack(construct)) ?? scope)
    : scope;
}

/** The stack that a finding is in; none of an app or stage. */
export function stackOf(construct: IConstruct): Stack | undefined {
  return construct.node.scopes.reverse().find((scope): scope is Stack => Stack.isStack(scope));
}

/** As the template has it. */
export function logicalIdOf(resource: CfnResource): string {
  return resource.stack.resolve(resource.logicalId);
}
