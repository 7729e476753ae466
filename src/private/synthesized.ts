import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Place, invalid } from './errors';

/**
 * The stage of a construct, if its templates are written already: `pipeline.addStage()` does that at once, and does not do it again. The CDK refuses
 * constructs that come later, but says nothing of those that change. The app is not meant: it is synthesized last, and tests do it again and again.
 */
export function synthesizedStageOf(construct: IConstruct): Stage | undefined {
  const stage = Stage.of(construct);
  return stage && isSynthesized(stage) ? stage : undefined;
}

/** Whether a stage's templates are written already. */
export function isSynthesized(stage: Stage): boolean {
  // Private in the CDK, which has no public way to tell. Were it renamed, nothing would be refused any more, and the tests would say so.
  return stage.parentStage !== undefined && (stage as unknown as { assembly?: unknown }).assembly !== undefined;
}

/**
 * Refuses what would change a template that is written.
 *
 * @param of what would change
 * @param place that it is asked of
 */
export function refuseLate(of: IConstruct, place: Place, property: string, problem: { must: string; got: string }): void {
  const stage = synthesizedStageOf(of);
  if (stage) throw tooLate(place, property, stage, problem);
}

/** What comes after the templates of a stage are written. */
export function tooLate(place: Place, property: string, stage: Stage, { must, got }: { must: string; got: string }): Error {
  return invalid(place, `'${property}' must ${must} before stage '${stage.node.path}' is synthesized, got ${got}; `
    + 'make all stages before the first pipeline.addStage(), which synthesizes its stage at once');
}
