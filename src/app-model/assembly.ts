import { CfnResource, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A construct and everything below it, but for the stages, which are synthesized by themselves. */
export function constructsInAssembly(root: IConstruct): IConstruct[] {
  return walkAssembly(root).constructs;
}

/**
 * What is synthesized with a construct, itself included, the resources among that, and the stages below that are not.
 */
export function walkAssembly(root: IConstruct): {
  constructs: IConstruct[];
  resources: CfnResource[];
  stages: Stage[];
} {
  const constructs: IConstruct[] = [];
  const resources: CfnResource[] = [];
  const stages: Stage[] = [];
  const visit = (construct: IConstruct) => {
    constructs.push(construct);
    if (CfnResource.isCfnResource(construct)) resources.push(construct);
    for (const child of construct.node.children) {
      if (Stage.isStage(child)) stages.push(child);
      else visit(child);
    }
  };
  visit(root);
  return { constructs, resources, stages };
}

/**
 * The app or stage that a construct is synthesized with: a stage is so with itself, though `Stage.of()` gives the one
 * around it.
 */
export function assemblyOf(construct: IConstruct): IConstruct {
  return Stage.isStage(construct) ? construct : (Stage.of(construct) ?? construct.node.root);
}
