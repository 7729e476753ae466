import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { ErrorScope, validationError } from './validation-error';
import { isSynthesized } from '../app-model/cdk-internals';

/**
 * The stage of a construct, if its templates are written already: `pipeline.addStage()` does that at once, and does not
 * do it again. The CDK refuses constructs that come later, but says nothing of those that change.
 */
export function synthesizedStageOf(construct: IConstruct): Stage | undefined {
  const stage = Stage.of(construct);
  return stage && isSynthesized(stage) ? stage : undefined;
}

/**
 * Refuses what would change a template that is written.
 *
 * @param of what would change
 * @param place that it is asked of
 */
export function rejectAfterSynthesis(
  of: IConstruct,
  place: ErrorScope,
  property: string,
  problem: { must: string; got: string },
): void {
  const stage = synthesizedStageOf(of);
  if (stage) throw afterSynthesisError(place, property, stage, problem);
}

/** What comes after the templates of a stage are written. */
export function afterSynthesisError(
  place: ErrorScope,
  property: string,
  stage: Stage,
  { must, got }: { must: string; got: string },
): Error {
  return validationError(
    place,
    `'${property}' must ${must} before stage '${stage.node.path}' is synthesized, got ${got}; ` +
      'make all stages before the first pipeline.addStage(), which synthesizes its stage at once',
  );
}
