import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A construct and everything below it, but for the stages, which are synthesized by themselves. */
export function withinAssembly(root: IConstruct): IConstruct[] {
  return assemblyBelow(root).constructs;
}

/** What is synthesized with a construct, itself included, and the stages below that are not. */
export function assemblyBelow(root: IConstruct): { constructs: IConstruct[]; stages: Stage[] } {
  const constructs: IConstruct[] = [];
  const stages: Stage[] = [];
  const visit = (construct: IConstruct) => {
    constructs.push(construct);
    for (const child of construct.node.children) if (Stage.isStage(child)) stages.push(child); else visit(child);
  };
  visit(root);
  return { constructs, stages };
}

/** The app or stage that a construct is synthesized with: a stage is so with itself, though `Stage.of()` gives the one around it. */
export function assemblyOf(construct: IConstruct): IConstruct {
  return Stage.isStage(construct) ? construct : Stage.of(construct) ?? construct.node.root;
}
