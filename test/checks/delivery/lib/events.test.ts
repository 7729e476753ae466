import { forEvents } from '../../../../src/checks/delivery/lib/events';
import { expectMessage } from '../../../support/messages';

const events = (...sources: string[]) => sources.map((source) => ({ source }));

describe('the words for events in a finding', () => {
  test('are none for any event', () => {
    expect(forEvents([{}, {}])).toBe('');
  });

  test.each([
    ['one event', [{ source: 'com.shop', 'detail-type': 'OrderPlaced' }]],
    ['equal events', events('com.shop', 'com.shop')],
    ['more than three events', events('a', 'b', 'c', 'd', 'e')],
  ])('name %s', (_, named) => {
    expectMessage(forEvents(named));
  });
});
