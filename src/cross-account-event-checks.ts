import { Aspects, AspectPriority, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { DeliveryAspect } from './delivery-aspect';
import { PolicySizeAspect, PolicySizeAspectProps } from './policy-size-aspect';
import { WildcardPrincipalAspect } from './wildcard-principal-aspect';

/** Options of the checks. */
export interface CrossAccountEventChecksOptions {
  /**
   * Limits and warning threshold of policy sizes.
   *
   * @default - the quotas of AWS, with a warning from 80 per cent on
   */
  readonly policySize?: PolicySizeAspectProps;
}

/** All checks of this library at once. */
export class CrossAccountEventChecks {
  /**
   * Adds all checks to a construct, usually the app, and to the stages below it that are there already.
   *
   * Call it last, but before `pipeline.addStage()`, which synthesizes a stage at once: a stage that is made afterwards, or synthesized before, fails
   * synthesis of the app, because it would not be checked.
   */
  public static applyTo(scope: IConstruct, options: CrossAccountEventChecksOptions = {}): void {
    const aspects = [new PolicySizeAspect(options.policySize), new WildcardPrincipalAspect(), new DeliveryAspect()];
    const scopes = [scope, ...scope.node.findAll().filter((c) => Stage.isStage(c) && c !== scope)];
    for (const target of scopes) {
      for (const aspect of aspects) Aspects.of(target).add(aspect, { priority: AspectPriority.READONLY });
    }
  }

  private constructor() {}
}
