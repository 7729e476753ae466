import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Check, CheckRunner } from './engine/check-runner';
import { EventBusLimits } from './event-bus-limits';
import { checkQuotas } from './quotas/all-quotas';
import { problem } from '../eventbridge/formats';
import {
  EVENT_BUS_POLICY_CHARACTERS,
  EVENT_PATTERN_CHARACTERS,
  FUNCTION_POLICY_CHARACTERS,
  RAISED_TRUST_POLICY_CHARACTERS,
  TRUST_POLICY_CHARACTERS,
  WARNING_THRESHOLD_PERCENT,
} from '../eventbridge/quotas';
import { isObject } from '../iam/statement';

/** Properties of the check of sizes. */
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
   * Characters that the trust policy of a role may have. Raise it where Service Quotas raised yours (L-C07B4B0D), to
   * 8,192 at the most.
   *
   * @default 2048
   */
  readonly trustPolicyLimit?: number;

  /**
   * Rules that a bus may have. Raise it where Service Quotas raised yours.
   *
   * @default - 300; 100 in af-south-1 and eu-south-1
   */
  readonly rulesPerEventBusLimit?: number;

  /**
   * Characters that an event pattern may have, as compact JSON. Raise it where Service Quotas raised yours.
   *
   * @default 2048
   */
  readonly eventPatternLimit?: number;

  /**
   * Limits of single buses, by name or ARN. A name stands for every bus of that name, whatever its account; an ARN goes
   * before a name.
   *
   * @default - all buses have the same limits
   */
  readonly eventBuses?: { [nameOrArn: string]: EventBusLimits };

  /**
   * Share of a limit from which on there is a warning, in per cent: 1 to 100.
   *
   * @default 80
   */
  readonly warningThresholdPercent?: number;
}

/**
 * Checks that everything fits into what AWS allows, whoever wrote it: policies of buses, functions, roles, queues and
 * keys, event patterns, and the numbers of rules of a bus and targets of a rule. What belongs to one bus, function or
 * role is added up over the stacks of the app.
 *
 * What is too much for certain is an error, what may be or nearly is a warning on the resource.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export class PolicySizeAspect implements IAspect {
  private readonly judge: CheckRunner;

  constructor(props: PolicySizeAspectProps = {}) {
    this.judge = new CheckRunner(policySizeChecks(props));
  }

  /** Called by the CDK for every construct. */
  public visit(node: IConstruct): void {
    this.judge.visit(node);
  }
}

/** The checks of this aspect, for those who run all of them. */
export function policySizeChecks(props: PolicySizeAspectProps = {}): Check[] {
  const limits = {
    eventBusPolicy: validatedLimit('eventBusPolicyLimit', props.eventBusPolicyLimit ?? EVENT_BUS_POLICY_CHARACTERS),
    functionPolicy: validatedLimit('functionPolicyLimit', props.functionPolicyLimit ?? FUNCTION_POLICY_CHARACTERS),
    trustPolicy: validatedLimit(
      'trustPolicyLimit',
      props.trustPolicyLimit ?? TRUST_POLICY_CHARACTERS,
      RAISED_TRUST_POLICY_CHARACTERS,
    ),
    rulesPerEventBus: validatedLimit('rulesPerEventBusLimit', props.rulesPerEventBusLimit),
    eventPattern: validatedLimit('eventPatternLimit', props.eventPatternLimit ?? EVENT_PATTERN_CHARACTERS),
    warningThresholdPercent: validatedLimit(
      'warningThresholdPercent',
      props.warningThresholdPercent ?? WARNING_THRESHOLD_PERCENT,
      100,
    ),
    eventBuses: new Map(Object.entries(props.eventBuses ?? {}).map(([bus, own]) => [bus, checkedBus(bus, own)])),
  };
  return [{ name: 'policySize', findings: (world) => checkQuotas(world, limits) }];
}

function checkedBus(bus: string, limits: EventBusLimits): EventBusLimits {
  if (!isObject(limits)) {
    throw new Error(
      "PolicySizeAspect: 'eventBuses' " +
        `${problem(`hold the limits of '${bus}'`, limits, 'write them as { policyLimit, rulesLimit }')}`,
    );
  }
  const { policyLimit, rulesLimit, warningThresholdPercent } = limits as EventBusLimits;
  return {
    policyLimit: validatedLimit('policyLimit', policyLimit, undefined, bus),
    rulesLimit: validatedLimit('rulesLimit', rulesLimit, undefined, bus),
    warningThresholdPercent: validatedLimit('warningThresholdPercent', warningThresholdPercent, 100, bus),
  };
}

function validatedLimit<T extends number | undefined>(
  property: string,
  value: T,
  max = Number.MAX_SAFE_INTEGER,
  bus?: string,
): T {
  if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= max)) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? 'of at least 1' : `from 1 to ${max}`;
  const forBus = bus === undefined ? '' : ` for bus '${bus}'`;
  throw new Error(
    `PolicySizeAspect: '${property}' ` +
      `${problem(`be a whole number ${range}${forBus}`, value, 'leave it out for the default')}`,
  );
}
