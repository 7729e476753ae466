import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, annotate } from './finding';
import { AppModel, readModel } from '../model/app-model';
import { assemblyOf, withinAssembly } from '../model/tree';

const CHECKED = Symbol.for('cdk-cross-account-eventbridge.checked');

/**
 * Runs a check once over everything that is synthesized together, after all constructs and aspects are through, and annotates what lies within
 * the construct that the aspect was added to.
 *
 * An aspect sees one construct at a time and may be called before another aspect changes the next one. So the visit only asks for a validation,
 * which the CDK runs at the end.
 */
export class JudgeAtSynth {
  private readonly visited = new WeakSet<IConstruct>();

  /** The name of the check is that of all its aspects: one stage may be checked by another aspect than the app. */
  constructor(private readonly name: string, private readonly check: (model: AppModel) => Finding[]) {}

  /** To be called from `IAspect.visit()`. A construct whose parent is not visited too is one that the aspect was added to. */
  public visit(construct: IConstruct): void {
    if (this.visited.has(construct)) return;
    this.visited.add(construct);
    if (Stage.isStage(construct)) checksOf(construct).add(this.name);
    const parent = construct.node.scope;
    if (parent && this.visited.has(parent) && !Stage.isStage(construct)) return;
    construct.node.addValidation({ validate: () => this.judge(construct) });
  }

  private judge(scope: IConstruct): string[] {
    const here = new Set(withinAssembly(scope));
    for (const finding of this.check(readModel(assemblyOf(scope))).filter((f) => here.has(f.construct))) annotate(finding);
    return [...here].flatMap((c) => c.node.children).filter((c) => Stage.isStage(c) && !checksOf(c).has(this.name))
      .map((stage) => `stage '${stage.node.path}' is not checked, because the CDK synthesizes stages by themselves; add the checks to the stage too, before pipeline.addStage()`);
  }
}

/** The checks that a stage was synthesized with. */
function checksOf(stage: IConstruct & { [CHECKED]?: Set<string> }): Set<string> {
  if (!stage[CHECKED]) Object.defineProperty(stage, CHECKED, { value: new Set<string>() });
  return stage[CHECKED]!;
}
