/**
 * Limits of one bus, where Service Quotas raised them for its account or where it is to be warned of at another point.
 */
export interface EventBusLimits {
  /**
   * Characters that the policy of the bus may have (L-FC354966).
   *
   * @default - that of all buses
   */
  readonly policyLimit?: number;

  /**
   * Rules that the bus may have.
   *
   * @default - that of all buses
   */
  readonly rulesLimit?: number;

  /**
   * Share of both limits from which on there is a warning, in per cent: 1 to 100.
   *
   * @default - that of everything else
   */
  readonly warningThresholdPercent?: number;
}
