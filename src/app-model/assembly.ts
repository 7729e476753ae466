import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';

/** A construct and everything below it, except for the stages below it, which are synthesized separately. */
export function constructsInAssembly(root: IConstruct): IConstruct[] {
  return walkAssembly(root).constructs;
}

/** Whether a construct is one of these: below a root, or the root itself, and in no stage below it. */
export function isInAssembly(construct: IConstruct, root: IConstruct): boolean {
  return construct.node.scopes.includes(root) && assemblyOf(construct) === assemblyOf(root);
}

/** The constructs that are synthesized together with a root. */
export interface AssemblyContents {
  readonly root: IConstruct;
  readonly constructs: IConstruct[];
  /** The stacks among them. */
  readonly stacks: Stack[];
  /** The resources among them. */
  readonly resources: CfnResource[];
  /** The outermost stages below the root, which are synthesized separately. */
  readonly stages: Stage[];
}

export function walkAssembly(root: IConstruct): AssemblyContents {
  const constructs: IConstruct[] = [];
  const stacks: Stack[] = [];
  const resources: CfnResource[] = [];
  const stages: Stage[] = [];
  const visit = (construct: IConstruct) => {
    constructs.push(construct);
    if (CfnResource.isCfnResource(construct)) resources.push(construct);
    else if (Stack.isStack(construct)) stacks.push(construct);
    for (const child of construct.node.children) {
      if (Stage.isStage(child)) stages.push(child);
      else visit(child);
    }
  };
  visit(root);
  return { root, constructs, stacks, resources, stages };
}

/** What an app or stage and all stages below it contain. */
export function assembliesIn(contents: AssemblyContents): AssemblyContents[] {
  return [contents, ...contents.stages.flatMap((stage) => assembliesIn(walkAssembly(stage)))];
}

/** An app or stage that was synthesized before, among others. Its stacks cannot depend on those of the others. */
export class SynthesizedApp extends Construct {}

/** A stage of an app that was synthesized before. */
export class SynthesizedStage extends SynthesizedApp {}

/** The app or stage that a construct is deployed with. */
export function deploymentOf(construct: IConstruct): IConstruct {
  const isApp = (scope: IConstruct) => scope instanceof SynthesizedApp;
  return construct.node.scopes.reverse().find(isApp) ?? assemblyOf(construct);
}

/** The path of the stage that a construct is deployed with; undefined if it is in no stage. */
export function stagePathOf(construct: IConstruct): string | undefined {
  const deployment = deploymentOf(construct);
  const isSynthesized = deployment instanceof SynthesizedStage;
  const isStage = isSynthesized || (Stage.isStage(deployment) && deployment.node.scope !== undefined);
  return isStage ? deployment.node.path : undefined;
}

/**
 * The path of the app that a construct belongs to among others; empty if there are no others. The path of a stage is
 * part of the paths within its app.
 */
export function pathOfApp({ node }: IConstruct): string {
  const isApp = (scope: IConstruct) => scope instanceof SynthesizedApp && !(scope instanceof SynthesizedStage);
  return node.scopes.find(isApp)?.node.path ?? '';
}

/** A path without that of a scope: the path that a construct has in its app, below the scope of the app. */
export function pathWithin({ node }: IConstruct, path: string): string {
  return node.path !== '' && path.startsWith(`${node.path}/`) ? path.slice(node.path.length + 1) : path;
}

/** The app or stage that a construct is synthesized with. For a stage this is the stage itself, unlike `Stage.of()`. */
export function assemblyOf(construct: IConstruct): IConstruct {
  return Stage.isStage(construct) ? construct : (Stage.of(construct) ?? construct.node.root);
}
