import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A construct and everything below it, but for the stages, which are synthesized by themselves. */
export function* withinAssembly(root: IConstruct): Generator<IConstruct> {
  yield root;
  for (const child of root.node.children) {
    if (!Stage.isStage(child)) yield* withinAssembly(child);
  }
}

/** The app or stage that a construct is synthesized with: a stage is so with itself, though `Stage.of()` gives the one around it. */
export function assemblyOf(construct: IConstruct): IConstruct {
  return Stage.isStage(construct) ? construct : Stage.of(construct) ?? construct.node.root;
}
