import { Finding } from './finding';
import { identityPolicies } from './sizes/identity-policies';
import { quotas } from './sizes/quotas';
import { resourcePolicies } from './sizes/resource-policies';
import { LimitsOfBuses, SizeLimits } from './sizes/size-limits';
import { World } from './world';

/** What is too large for AWS, or nearly: policies, patterns, and the numbers of rules and targets. */
export function policySizes(world: World, limits: SizeLimits): Finding[] {
  const buses = new LimitsOfBuses(world, limits);
  return [
    ...resourcePolicies(world, buses, limits),
    ...identityPolicies(world, limits),
    ...quotas(world, buses, limits),
    ...buses.unused(),
  ];
}
