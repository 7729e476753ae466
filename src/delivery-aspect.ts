import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { JudgeAtSynth } from './checks/judge-at-synth';

/** Checks that what is published arrives. */
export class DeliveryAspect implements IAspect {
  private readonly judge = new JudgeAtSynth([]);

  /** Called by the CDK for every construct. */
  public visit(node: IConstruct): void {
    this.judge.visit(node);
  }
}
