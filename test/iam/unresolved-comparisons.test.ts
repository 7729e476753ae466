import * as fc from 'fast-check';
import { OPERATORS } from '../../src/iam/condition-operators';
import { actionMatches, arnLike, equals, like } from '../../src/iam/matching';
import { Ternary } from '../../src/iam/ternary';
import { randomCases } from '../support/random-cases';
import { deployed, deployedValues, partlyUnresolvedTexts, partlyUnresolvedValues } from '../support/unresolved-texts';

type Comparison = (policyValue: string, requestValue: string) => Ternary;

const COMPARISONS: [string, Comparison][] = [
  ['equals', equals],
  ['like', like],
  ['arnLike', arnLike],
  ['actionMatches', actionMatches],
  ...Object.entries(OPERATORS).map(([name, { matches }]): [string, Comparison] => [name, matches]),
];

describe('a comparison of texts that are partly known only at deployment', () => {
  test.each(COMPARISONS)('by %s is decided only as it is at deployment', (_, compare) => {
    fc.assert(
      fc.property(
        partlyUnresolvedTexts,
        partlyUnresolvedValues,
        deployedValues,
        (policyValue, requestValue, values) => {
          const decision = compare(policyValue, requestValue);
          if (decision === undefined) return;
          expect(compare(deployed(policyValue, values), deployed(requestValue, values))).toBe(decision);
        },
      ),
      randomCases(5_000),
    );
  });
});
