import * as fc from 'fast-check';
import * as names from '../../src/util/names';
import { hash, physicalName } from '../../src/util/names';
import { randomCases } from '../support/random-cases';

describe('a physical name', () => {
  test('is readable', () => {
    expect(physicalName(['Prod-Hub', 'Bus'], 64)).toMatch(/^Prod-Hub-Bus-[0-9a-f]{8}$/);
  });

  test('is valid and short enough for any path', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.integer({ min: 16, max: 256 }), (parts, max) => {
        const name = physicalName(parts, max);
        expect(name).toMatch(/^[.\-_A-Za-z0-9]+$/);
        expect(name.length).toBeLessThanOrEqual(max);
      }),
      randomCases(1_000),
    );
  });

  test.each([
    [['Hub', 'Bus'], ['HubBus']],
    [
      ['Hub', 'Bus'],
      ['Hub', 'B us'],
    ],
    [
      ['Hub', 'x'.repeat(80), 'a'],
      ['Hub', 'x'.repeat(80), 'b'],
    ],
  ])('of %j differs from that of %j', (one, other) => {
    expect(physicalName(one, 64)).not.toBe(physicalName(other, 64));
  });

  test('does not change', () => {
    expect(physicalName(['Hub', 'Bus'], 64)).toBe('Hub-Bus-24189564');
    expect(physicalName(['Hub', '!?', 'a b  c'], 64)).toMatch(/^Hub-abc-[0-9a-f]{8}$/);
    expect(hash('Hub', 12)).toHaveLength(12);
  });
});

test('the names in templates do not change', () => {
  expect(names).toMatchObject({
    DEAD_LETTERS_STATEMENT_ID: 'EventBridgeDeadLetters',
    EVENTS_STATEMENT_ID: 'EventBridgeEvents',
    TARGET_STATEMENT_ID_PREFIX: 'EventBridge',
  });
});
