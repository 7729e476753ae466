import { Annotations, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { FindingId } from '../finding-id';
import { withinAssembly } from '../model/tree';

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
  if (isAcknowledged(construct, id)) return false;
  annotations.addWarningV2(id, message);
  return construct.node.metadata.some(({ data }) => typeof data === 'string' && data.startsWith(`${message} [`));
}

/**
 * Whether a warning was acknowledged, wholly, on its construct or on the app. The CDK does not hear an acknowledgement that comes
 * before the warning and is on the app or, in older releases, on the construct itself. It keeps them on the app; a test says when it no longer does.
 */
function isAcknowledged(construct: IConstruct, id: string): boolean {
  const { acks } = (construct.node.root as { [ACKNOWLEDGEMENTS]?: { acks?: Acknowledgements } })[ACKNOWLEDGEMENTS] ?? {};
  return ['', construct.node.path].some((path) => {
    const here = acks?.get(path);
    return here instanceof Map ? here.get(id)?.some(({ where }) => where === undefined) : here?.has(id);
  });
}

/** By path: ids, with the conditions of each in newer releases. */
type Acknowledgements = Map<string, Set<string> | Map<string, { where?: unknown }[]>>;

const ACKNOWLEDGEMENTS = Symbol.for('@aws-cdk/core.Acknowledgements');

/** The CDK shows nothing that is said of an app or stage: its first stack is told instead. */
export function shownOn(scope: IConstruct): IConstruct {
  return Stage.isStage(scope) ? withinAssembly(scope).find((construct) => Stack.isStack(construct)) ?? scope : scope;
}

/** The stack that a finding is in; none of an app or stage. */
export function stackOf(construct: IConstruct): Stack | undefined {
  return construct.node.scopes.reverse().find((scope): scope is Stack => Stack.isStack(scope));
}

/** As the template has it. */
export function logicalIdOf(resource: CfnResource): string {
  return resource.stack.resolve(resource.logicalId);
}
