import { PolicySizeAspectProps, policySizeChecks } from '../../src/checks/policy-size-aspect';
import { errorOf } from '../support/messages';

describe('the limits of quotas', () => {
  const LIMITS = ['eventBusPolicyLimit', 'functionPolicyLimit', 'apiPolicyLimit'];
  const MORE = ['trustPolicyLimit', 'rulesPerEventBusLimit', 'eventPatternLimit', 'warningThresholdPercent'];
  const errorFor = (props: object) => errorOf(() => policySizeChecks(props as PolicySizeAspectProps));
  const most = (property: string) => ({ trustPolicyLimit: 8192, warningThresholdPercent: 100 })[property];

  test.each([...LIMITS, ...MORE])('may be a whole number from 1 on: %s', (property) => {
    const max = most(property);
    for (const value of [1, max ?? 1e9]) expect(() => policySizeChecks({ [property]: value })).not.toThrow();
    const range = max === undefined ? 'of at least 1' : `from 1 to ${max}`;
    for (const value of [0, 1.5, '1', ...(max === undefined ? [] : [max + 1])]) {
      const got = typeof value === 'string' ? `'${value}'` : value;
      expect(errorFor({ [property]: value })).toContain(
        `PolicySizeAspect: '${property}' must be a whole number ${range}, got ${got}; leave it out for the default`,
      );
    }
  });

  test.each([
    ['policyLimit', 'of at least 1'],
    ['rulesLimit', 'of at least 1'],
    ['warningThresholdPercent', 'from 1 to 100'],
  ])('may be that of a bus: %s', (property, range) => {
    const ofBus = (value: unknown) => ({ eventBuses: { orders: { [property]: value } } }) as PolicySizeAspectProps;
    for (const value of [1, 100, undefined]) expect(() => policySizeChecks(ofBus(value))).not.toThrow();
    expect(errorFor(ofBus(0))).toContain(`'${property}' must be a whole number ${range} for bus 'orders', got 0`);
    if (property === 'warningThresholdPercent') expect(errorFor(ofBus(101))).toContain(range);
    else expect(() => policySizeChecks(ofBus(101))).not.toThrow();
  });

  test('of a bus are an object', () => {
    expect(errorFor({ eventBuses: { orders: 100 } })).toMatch(
      /^PolicySizeAspect: 'eventBuses' must hold the limits of 'orders', got 100; write them as \{ policyLimit/,
    );
  });
});
