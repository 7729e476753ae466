import { WAYS, capacity } from '../../bench/capacity';

describe('a bus policy of 10,240 characters', () => {
  test.each<[string, number]>([
    ['AccountGrantForm.LISTED', 300],
    ['AccountGrantForm.COMPACT', 655],
  ])('holds with %s at least %p accounts', (form, accounts) => {
    expect(capacity(WAYS[form])).toBeGreaterThanOrEqual(accounts);
  });

  test('holds about 50 accounts with a statement for each', () => {
    expect(capacity(WAYS['aws-cdk-lib, a statement for each account'])).toBeLessThan(60);
  });
});
