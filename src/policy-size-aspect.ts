import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Check, JudgeAtSynth } from './checks/judge-at-synth';
import { policySizes } from './checks/policy-size';
import { problem } from './policy/formats';
import { EVENT_BUS_POLICY_CHARACTERS, FUNCTION_POLICY_CHARACTERS, WARNING_THRESHOLD_PERCENT } from './policy/limits';

/** Properties of the check of policy sizes. */
export interface PolicySizeAspectProps {
  /**
   * Characters that the policy of a bus may have. Raise it where Service Quotas raised yours (L-FC354966).
   *
   * @default 10240
   */
  readonly eventBusPolicyLimit?: number;

  /**
   * Characters that the resource policy of a function, version or alias may have.
   *
   * @default 20480
   */
  readonly functionPolicyLimit?: number;

  /**
   * Share of a limit from which on there is a warning, in per cent: 1 to 100.
   *
   * @default 80
   */
  readonly warningThresholdPercent?: number;
}

/**
 * Checks that the policies of buses and functions fit into what AWS allows, whoever wrote them: all statements of one bus or function are added
 * up over the stacks of the app.
 *
 * A policy that is too long for certain is an error, one that may be or nearly is a warning on the bus or function.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export class PolicySizeAspect implements IAspect {
  private readonly judge: JudgeAtSynth;

  constructor(props: PolicySizeAspectProps = {}) {
    this.judge = new JudgeAtSynth(policySizeChecks(props));
  }

  /** Called by the CDK for every construct. */
  public visit(node: IConstruct): void {
    this.judge.visit(node);
  }
}

/** The checks of this aspect, for those who run all of them. */
export function policySizeChecks(props: PolicySizeAspectProps = {}): Check[] {
  const limits = {
    eventBusPolicy: checked('eventBusPolicyLimit', props.eventBusPolicyLimit ?? EVENT_BUS_POLICY_CHARACTERS),
    functionPolicy: checked('functionPolicyLimit', props.functionPolicyLimit ?? FUNCTION_POLICY_CHARACTERS),
    warningThresholdPercent: checked('warningThresholdPercent', props.warningThresholdPercent ?? WARNING_THRESHOLD_PERCENT, 100),
  };
  return [{ name: 'policySize', findings: (world) => policySizes(world, limits) }];
}

function checked(property: string, value: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  const range = max === 100 ? 'from 1 to 100' : 'of at least 1';
  throw new Error(`PolicySizeAspect: '${property}' ${problem(`be a whole number ${range}`, value, 'leave it out for the default')}`);
}
