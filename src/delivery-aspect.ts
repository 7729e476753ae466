import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Check, JudgeAtSynth } from './checks/judge-at-synth';

/** Checks that events arrive. */
export class DeliveryAspect implements IAspect {
  private readonly judge = new JudgeAtSynth(deliveryChecks());

  /** Called by the CDK for every construct. */
  public visit(node: IConstruct): void {
    this.judge.visit(node);
  }
}

/** The checks of this aspect, for those who run all of them. */
export function deliveryChecks(): Check[] {
  return [];
}
