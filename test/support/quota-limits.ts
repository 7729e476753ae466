import { QuotaLimits } from '../../src/checks/quotas/quota-limits';

/** The quotas of AWS, with a warning at 80 percent. */
export const AWS_LIMITS: QuotaLimits = {
  eventBusPolicy: 10_240,
  functionPolicy: 20_480,
  apiPolicy: 8_192,
  trustPolicy: 2_048,
  eventPattern: 2_048,
  warningThresholdPercent: 80,
  eventBuses: new Map(),
};
