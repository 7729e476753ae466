import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A construct and everything below it, but for the stages, which are synthesized by themselves. */
export function withinAssembly(root: IConstruct): IConstruct[] {
  const found: IConstruct[] = [];
  const visit = (construct: IConstruct) => {
    found.push(construct);
    for (const child of construct.node.children) if (!Stage.isStage(child)) visit(child);
  };
  visit(root);
  return found;
}

/** The app or stage that a construct is synthesized with: a stage is so with itself, though `Stage.of()` gives the one around it. */
export function assemblyOf(construct: IConstruct): IConstruct {
  return Stage.isStage(construct) ? construct : Stage.of(construct) ?? construct.node.root;
}
