import * as fc from 'fast-check';
import { apps } from './description';
import { oracleDisagreements } from './oracle-questions';
import { appsWithOthers, requireReadable } from './other-apps';
import { requireProperties } from './properties';
import { FindingId } from '../../src/checks/finding-id';
import { describeWithOracle } from '../support/oracle';
import { randomCases } from '../support/random-cases';

beforeEach(() => jest.spyOn(console, 'error').mockImplementation());
afterEach(() => jest.restoreAllMocks());

test('random apps have findings with places, the same twice and in their assembly, and no check fails', () => {
  const seen = new Set<string>();
  const property = fc.property(apps('any'), (description) => {
    for (const { id } of requireProperties(description).findings) seen.add(id);
  });
  fc.assert(property, randomCases(150));
  expect(seen.size).toBeGreaterThan(Object.keys(FindingId).length / 4);
});

test('files of other random apps are read, or one error names the file', () => {
  const property = fc.property(appsWithOthers(), (description) => void requireReadable(description));
  fc.assert(property, randomCases(80));
});

describeWithOracle('random apps, by the delivery oracle', () => {
  test('deliver the same events', () => {
    const { answered, disagree } = oracleDisagreements(fc.sample(apps('known'), randomCases(60)));
    expect(answered).toBeGreaterThan(0);
    expect(disagree).toEqual([]);
  });
});
