import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { constructsInAssembly } from '../../app-model/assembly';
import { hasAcknowledgement } from '../../app-model/cdk-internals';
import { FindingId } from '../finding-id';

/** What a check has to say about a construct. A warning can be acknowledged by its id, an error cannot. */
export interface Finding {
  readonly id: FindingId;
  readonly level: 'error' | 'warning';
  readonly construct: IConstruct;
  /** What is wrong, with the resource, the action and the element of the policy. */
  readonly problem: string;
  /** What to do. */
  readonly fix: string;
}

/** A finding as one line of text. */
export function messageOf({ problem, fix }: Pick<Finding, 'problem' | 'fix'>): string {
  return `${problem}; ${fix}`;
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
