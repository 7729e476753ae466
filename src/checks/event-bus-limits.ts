/** The limits of one event bus, if Service Quotas raised them in its account, or if its warning threshold differs. */
export interface EventBusLimits {
  /**
   * The maximum size of the bus policy, in characters (L-FC354966).
   *
   * @default - the limit for all buses, `eventBusPolicyLimit`
   */
  readonly policyLimit?: number;

  /**
   * The maximum number of rules on the bus.
   *
   * @default - the limit for all buses, `rulesPerEventBusLimit`
   */
  readonly rulesLimit?: number;

  /**
   * The share of both limits from which on a warning is reported, in percent, 1 to 100.
   *
   * @default - the threshold for all limits, `warningThresholdPercent` of `PolicySizeAspectProps`
   */
  readonly warningThresholdPercent?: number;
}
