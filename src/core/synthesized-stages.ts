import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ErrorScope, validationError } from './validation-error';
import { isSynthesized } from '../app-model/cdk-internals';

/**
 * The stage of a construct if it is synthesized already. `pipeline.addStage()` synthesizes a stage immediately and only
 * once. The CDK rejects constructs that are added later, but ignores later changes to existing ones.
 */
export function synthesizedStageOf(construct: IConstruct): Stage | undefined {
  const stage = Stage.of(construct);
  return stage && isSynthesized(stage) ? stage : undefined;
}

/**
 * Rejects a change to a construct in a stage that is synthesized already.
 *
 * @param changed the construct that would change
 * @param errorScope the construct that the error is about
 */
export function rejectAfterSynthesis(
  changed: IConstruct,
  errorScope: ErrorScope,
  property: string,
  problem: { must: string; got: string },
): void {
  const stage = synthesizedStageOf(changed);
  if (stage) throw afterSynthesisError(errorScope, property, stage, problem);
}

/** The error for a change to a construct in a stage that is synthesized already. */
export function afterSynthesisError(
  errorScope: ErrorScope,
  property: string,
  stage: Stage,
  { must, got }: { must: string; got: string },
): Error {
  return validationError(
    errorScope,
    `'${property}' must ${must} before stage '${stage.node.path}' is synthesized, got ${got}; ` +
      'define all stages before the first pipeline.addStage(), which synthesizes its stage immediately',
  );
}
