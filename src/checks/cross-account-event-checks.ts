import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { allChecks, reasonsById } from './all-checks';
import { CheckRunner } from './engine/check-runner';
import { EventCheckOptions } from './event-check-options';
import { isSynthesized } from '../app-model/cdk-internals';

/** Options of the checks. */
export interface CrossAccountEventChecksOptions extends EventCheckOptions {
  /**
   * Whether all that is found is also written as JSON: to `event-checks.json` in the cloud assembly of the app, and in
   * that of each stage.
   *
   * @default false
   */
  readonly report?: boolean;
}

/** All checks of this library at once. */
export class CrossAccountEventChecks {
  /**
   * Adds all checks to a construct, usually the app, and to the stages below it that are there already.
   *
   * Call it last, but before `pipeline.addStage()`, which synthesizes a stage at once: a stage that is made afterwards,
   * or synthesized before, fails synthesis of the app, because it would not be checked.
   *
   * Called more than once, for an app and for one of its stacks, each call judges by its own options, and what any of
   * them finds is reported.
   */
  public static applyTo(scope: IConstruct, options: CrossAccountEventChecksOptions = {}): void {
    const disabled = reasonsById('CrossAccountEventChecks.applyTo()', options.disabledFindings);
    const judge = new CheckRunner(allChecks(options), { disabled, report: options.report ?? false });
    const stages = scope.node.findAll().filter((c): c is Stage => Stage.isStage(c) && c !== scope && !isSynthesized(c));
    for (const target of [scope, ...stages]) judge.checkWithin(target);
  }

  private constructor() {}
}
