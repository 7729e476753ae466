import { Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { allChecks, disabledReasons } from './all-checks';
import { CheckRunner } from './engine/check-runner';
import { EventCheckOptions } from './event-check-options';
import { isSynthesized } from '../app-model/cdk-internals';

/** Options of `CrossAccountEventChecks`. */
export interface CrossAccountEventChecksOptions extends EventCheckOptions {
  /**
   * Whether all findings are also written as JSON, to `event-checks.json` in the cloud assembly of the app and in that
   * of each stage.
   *
   * @default false
   */
  readonly report?: boolean;
}

/**
 * All checks of this library at once, with the findings as annotations.
 *
 * It creates no resource and changes none.
 *
 * @example
 * CrossAccountEventChecks.applyTo(app, {
 *   trustedOrganizations: ['o-a1b2c3d4e5'],
 *   report: true,
 * });
 */
export class CrossAccountEventChecks {
  /**
   * Adds all checks to a construct, usually the app, and to the stages that exist below it.
   *
   * Call it last, but before `pipeline.addStage()`, which synthesizes a stage immediately. If a stage is created
   * afterwards, or was synthesized before, synthesis of the app fails, because that stage would not be checked.
   *
   * If it is called more than once, such as for an app and for one of its stacks, each call evaluates with its own
   * options, and the findings of all calls are reported.
   *
   * @param scope The construct to check, with everything below it.
   * @param options The quotas, trusted accounts, disabled findings and the report.
   */
  public static applyTo(scope: IConstruct, options: CrossAccountEventChecksOptions = {}): void {
    const disabled = disabledReasons('CrossAccountEventChecks.applyTo()', options.disabledFindings);
    const runner = new CheckRunner(allChecks(options), { disabled, report: options.report ?? false });
    runner.checkWithin(scope);
    const stages = scope.node.findAll().filter((construct): construct is Stage => Stage.isStage(construct));
    for (const stage of stages) {
      if (stage !== scope && !isSynthesized(stage)) runner.checkWithin(stage);
    }
  }

  private constructor() {}
}
