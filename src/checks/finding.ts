import { Annotations, CfnResource, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { FindingId } from '../finding-id';

/** What a check has to say about a construct. A warning can be acknowledged by its id, an error cannot. */
export interface Finding {
  readonly id: FindingId;
  readonly level: 'error' | 'warning';
  readonly construct: IConstruct;
  readonly message: string;
}

/** Writes a finding where `cdk synth` shows it, and tells whether it stays there: a warning that was acknowledged does not. */
export function annotate({ id, level, construct, message }: Finding): boolean {
  const annotations = Annotations.of(construct);
  if (level === 'error') {
    annotations.addError(`${message} [${id}]`);
    return true;
  }
  annotations.addWarningV2(id, message);
  return construct.node.metadata.some(({ data }) => typeof data === 'string' && data.startsWith(`${message} [`));
}

/** The stack that a finding is in; none of an app or stage. */
export function stackOf(construct: IConstruct): Stack | undefined {
  return construct.node.scopes.reverse().find((scope): scope is Stack => Stack.isStack(scope));
}

/** As the template has it. */
export function logicalIdOf(resource: CfnResource): string {
  return resource.stack.resolve(resource.logicalId);
}
