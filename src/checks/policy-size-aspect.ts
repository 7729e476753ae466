import { IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Check, CheckRunner } from './engine/check-runner';
import { EventBusLimits } from './event-bus-limits';
import { checkQuotas } from './quotas/all-quotas';
import { QuotaLimits } from './quotas/quota-limits';
import { validationError } from '../core/validation-error';
import { problem } from '../eventbridge/formats';
import {
  API_POLICY_CHARACTERS,
  EVENT_BUS_POLICY_CHARACTERS,
  EVENT_PATTERN_CHARACTERS,
  FUNCTION_POLICY_CHARACTERS,
  RAISED_TRUST_POLICY_CHARACTERS,
  TRUST_POLICY_CHARACTERS,
  WARNING_THRESHOLD_PERCENT,
} from '../eventbridge/quotas';
import { isObject } from '../iam/statement';

/** The name in error messages. */
const CLASS_NAME = 'PolicySizeAspect';

/** Properties of `PolicySizeAspect`. */
export interface PolicySizeAspectProps {
  /**
   * The maximum size of a bus policy, in characters. Raise it if Service Quotas raised your quota (L-FC354966).
   *
   * @default 10240
   */
  readonly eventBusPolicyLimit?: number;

  /**
   * The maximum size of the resource-based policy of a function, version or alias, in characters.
   *
   * @default 20480
   */
  readonly functionPolicyLimit?: number;

  /**
   * The maximum size of the policy of a REST API, in characters. Raise it if Service Quotas raised your quota
   * (L-8B81B02C).
   *
   * @default 8192
   */
  readonly apiPolicyLimit?: number;

  /**
   * The maximum size of the trust policy of a role, in characters, up to 8,192. Raise it if Service Quotas raised your
   * quota (L-C07B4B0D).
   *
   * @default 2048
   */
  readonly trustPolicyLimit?: number;

  /**
   * The maximum number of rules on a bus. Raise it if Service Quotas raised your quota.
   *
   * @default - 300; 100 in af-south-1 and eu-south-1
   */
  readonly rulesPerEventBusLimit?: number;

  /**
   * The maximum size of an event pattern, in characters of compact JSON. Raise it if Service Quotas raised your quota.
   *
   * @default 2048
   */
  readonly eventPatternLimit?: number;

  /**
   * The limits of single buses, by name or ARN.
   *
   * A name refers to every bus of that name, in any account. If a bus is given by name and by ARN, the ARN takes
   * precedence.
   *
   * @default - all buses have the same limits
   */
  readonly eventBuses?: { [nameOrArn: string]: EventBusLimits };

  /**
   * The share of a limit from which on a warning is reported, in percent, 1 to 100.
   *
   * @default 80
   */
  readonly warningThresholdPercent?: number;
}

/**
 * Checks that the resources do not exceed the AWS quotas, in all constructs, including those that do not come from this
 * library.
 *
 * It evaluates the policies of buses, functions, roles, queues, topics, streams, APIs and keys, the event patterns, the
 * number of rules on a bus and the number of targets of a rule. The statements of one bus, function or role are added
 * up over the stacks of the app. Topics, streams and APIs are evaluated if a rule has one as target, or if a permission
 * of this library is for one. It creates no resource and changes none.
 *
 * If a quota is exceeded for certain, an error is reported on the resource. If a quota may be exceeded, or nearly is, a
 * warning is reported. A warning is also reported for a bus policy in which the longest statement and its successor do
 * not fit together, because a deployment that replaces the statement would fail.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 * @example
 * import { Aspects } from 'aws-cdk-lib';
 *
 * Aspects.of(app).add(new PolicySizeAspect({
 *   eventBusPolicyLimit: 20_480,
 *   eventBuses: { central: { rulesLimit: 1_000 } },
 * }));
 */
export class PolicySizeAspect implements IAspect {
  private readonly runner: CheckRunner;

  constructor(props: PolicySizeAspectProps = {}) {
    this.runner = new CheckRunner(policySizeChecks(props));
  }

  /**
   * Evaluates a construct. Called by the CDK for every construct.
   *
   * @param node The construct to evaluate.
   */
  public visit(node: IConstruct): void {
    this.runner.visit(node);
  }
}

/** The checks of this aspect. */
export function policySizeChecks(props: PolicySizeAspectProps = {}): Check[] {
  const limits = validatedLimits(props);
  return [{ name: 'policySize', findings: (app) => checkQuotas(app, limits) }];
}

function validatedLimits(props: PolicySizeAspectProps): QuotaLimits {
  const eventBuses = Object.entries(props.eventBuses ?? {});
  return {
    eventBusPolicy: validatedLimit('eventBusPolicyLimit', props.eventBusPolicyLimit ?? EVENT_BUS_POLICY_CHARACTERS),
    functionPolicy: validatedLimit('functionPolicyLimit', props.functionPolicyLimit ?? FUNCTION_POLICY_CHARACTERS),
    apiPolicy: validatedLimit('apiPolicyLimit', props.apiPolicyLimit ?? API_POLICY_CHARACTERS),
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
    eventBuses: new Map(eventBuses.map(([bus, limits]) => [bus, validatedBusLimits(bus, limits)])),
  };
}

function validatedBusLimits(bus: string, limits: EventBusLimits): EventBusLimits {
  if (!isObject(limits)) {
    const fix = 'write them as { policyLimit, rulesLimit }';
    throw validationError(CLASS_NAME, `'eventBuses' ${problem(`hold the limits of '${bus}'`, limits, fix)}`);
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
  const fix = 'leave it out for the default';
  throw validationError(CLASS_NAME, `'${property}' ${problem(`be a whole number ${range}${forBus}`, value, fix)}`);
}
