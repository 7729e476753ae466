import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ElementKind } from '../../src/delivery-graph/delivery-graph';
import {
  ALLOWED,
  DELIVERED,
  KIND_NOUNS,
  MATCHED,
  POLICY_NAMES,
  nounBefore,
  stepParts,
} from '../../src/delivery-graph/words';
import { DeliveryPath, DeliveryStep, byProgress } from '../../src/delivery-paths/delivery-path';
import { eventLabel, eventsWith, withFields } from '../../src/eventbridge/event-names';
import { DECISIONS, Decision, allOf, anyOf, byDecision } from '../../src/iam/decision';
import { ROOT, filesIn } from '../support/repository';

describe('the words for deliveries', () => {
  const outputs = ['src/cli', 'src/assertions', 'src/page', 'page'].flatMap((folder) => filesIn(folder, /\.ts$/));

  test('are in no output of their own', () => {
    const words = [DELIVERED.denied, MATCHED.denied, ...Object.values(POLICY_NAMES), 'unverified', 'Kinesis', 'Lambda'];
    const literals = words.flatMap((word) => [`'${word}'`, `'${word} `, `\`${word} `, ` ${word}\``]);
    const isWithout = (file: string) =>
      !literals.some((literal) => readFileSync(join(ROOT, file), 'utf8').includes(literal));
    expect(outputs.length).toBeGreaterThan(30);
    expect(outputs.filter((file) => !isWithout(file))).toEqual([]);
  });

  test('are those of the legend of the page', () => {
    const page = readFileSync(join(ROOT, 'page/page.html'), 'utf8');
    const legend = [...page.matchAll(/<li class="(allowed|denied|unknown)">(?:[✕?] )?([^<]+)</g)];
    expect(legend.map(([, decision, text]) => [decision, text])).toEqual(
      DECISIONS.map((decision) => [decision, DELIVERED[decision]]),
    );
    const roles = [...page.matchAll(/<li class="(eventBus|rule)">([^<]+)</g)];
    expect(roles.map(([, kind, text]) => [kind, text])).toEqual(
      (['eventBus', 'rule'] as const).map((kind) => [kind, KIND_NOUNS[kind]]),
    );
  });

  test.each<[ElementKind, string]>([
    ['eventBus', 'bus '],
    ['state machine', 'state machine '],
    ['account', ''],
    ['organization', ''],
    ['other', ''],
  ])('name an element of kind %s', (kind, expected) => {
    expect(nounBefore(kind)).toBe(expected);
  });

  test.each([
    ['putEvents', 'A puts events on B'],
    ['match', 'B on A matches events'],
    ['send', 'A sends events to B'],
  ] as const)('describe the step %s', (kind, expected) => {
    expect(stepParts(kind, 'A', 'B').join('')).toBe(expected);
    expect(stepParts(kind, 'A', 'B', 'the event').join('')).toBe(expected.replace('events', 'the event'));
  });

  test('have the word unknown for what is unknown', () => {
    expect([DELIVERED, ALLOWED, MATCHED].map(({ unknown }) => unknown)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

test.each([
  [{}, 'events', ''],
  [{ source: 'com.shop' }, "events with source 'com.shop'", 'com.shop'],
  [{ detailType: 'Placed' }, "events with detail type 'Placed'", 'Placed'],
  [
    { source: 'com.shop', detailType: 'Placed' },
    "events with source 'com.shop' and detail type 'Placed'",
    'com.shop / Placed',
  ],
])('the event %o has one sentence and one label', (event, sentence, label) => {
  expect([eventsWith(event), eventLabel(event)]).toEqual([sentence, label]);
});

test('three fields of an event are separated by commas', () => {
  expect(withFields({ source: 'a', detailType: 'b', account: '1' })).toBe(
    " with source 'a', detail type 'b' and account 1",
  );
});

describe('the order of decisions', () => {
  test.each<[Decision[], Decision, Decision]>([
    [[], 'allowed', 'denied'],
    [['allowed'], 'allowed', 'allowed'],
    [['denied', 'allowed'], 'denied', 'allowed'],
    [['unknown', 'denied'], 'denied', 'unknown'],
    [['allowed', 'unknown'], 'unknown', 'allowed'],
  ])('of %j, all result in %s and any in %s', (decisions, all, any) => {
    expect([allOf(decisions), anyOf(decisions)]).toEqual([all, any]);
  });

  test('is the best one first', () => {
    const all = (['unknown', 'denied', 'allowed'] as const).map((decision) => ({ decision }));
    expect(all.sort(byDecision).map(({ decision }) => decision)).toEqual(['allowed', 'unknown', 'denied']);
  });

  test('of paths is the decision, then how far they get, then how much fails', () => {
    const path = (...decisions: Decision[]): DeliveryPath => ({
      decision: allOf(decisions),
      steps: decisions.map((decision) => ({ decision }) as DeliveryStep),
    });
    const expected = [
      path('allowed', 'allowed'),
      path('unknown', 'allowed'),
      path('allowed', 'allowed', 'denied'),
      path('allowed', 'denied', 'allowed'),
      path('allowed', 'denied', 'denied'),
      path('denied'),
    ];
    expect([...expected].reverse().sort(byProgress)).toEqual(expected);
  });
});
