import { Need, NeededEvent, fingerprintOf, withStatement } from '../../src/topology/need';
import { topologyOf } from '../../src/topology/write-topology';
import { modelOfResources } from '../support/template-constructs';

const NEED: Need = { principal: '222222222222', action: 'events:PutEvents', resource: 'bus' };
const STATEMENT = { Effect: 'Allow', Principal: { AWS: '222222222222' }, Action: 'events:PutEvents', Resource: 'bus' };

test.each<[Partial<Need>, object]>([
  [{}, {}],
  [{ principal: 'events.amazonaws.com' }, { Principal: { Service: 'events.amazonaws.com' } }],
  [{ principal: 'logs.amazonaws.com.cn' }, { Principal: { Service: 'logs.amazonaws.com.cn' } }],
  [{ principal: 'events.amazonaws.com/role' }, { Principal: { AWS: 'events.amazonaws.com/role' } }],
  [{ principal: 'events-amazonaws.com' }, { Principal: { AWS: 'events-amazonaws.com' } }],
  [{ source: 'rule' }, { Condition: { ArnEquals: { 'aws:SourceArn': 'rule' } } }],
  [{ events: [{ source: 'shop' }] }, { Condition: { StringEquals: { 'events:source': 'shop' } } }],
  [{ events: [{ detailType: 'Order' }] }, { Condition: { StringEquals: { 'events:detail-type': 'Order' } } }],
  [
    { source: 'rule', events: [{ source: 'shop' }, { source: 'billing' }, { source: 'shop' }] },
    {
      Condition: {
        ArnEquals: { 'aws:SourceArn': 'rule' },
        StringEquals: { 'events:source': ['billing', 'shop'] },
      },
    },
  ],
  [{ events: [{ source: 'shop' }, {}] }, {}],
  [{ events: [] }, {}],
])('what needs %j is allowed by %j', (need, expected) => {
  expect(withStatement({ ...NEED, ...need })).toEqual({
    ...NEED,
    ...need,
    statement: { ...STATEMENT, ...expected },
  });
});

test('the file has each need once, in order, with its statement', () => {
  const [first, second, third] = ['a', 'b', 'c'].map((resource): Need => ({ ...NEED, resource }));
  const { needs } = topologyOf(modelOfResources({}), [third, first, { ...first }, second]);
  expect(needs).toEqual([first, second, third].map(withStatement));
});

describe('the fingerprint', () => {
  const events: NeededEvent[] = [{ source: 'a' }, { source: 'b' }];
  const all = { ...NEED, events, eventPattern: { source: ['a', 'b'] }, targets: ['c', 'd'] };

  test.each<[string, Need | readonly string[], string]>([
    ['of a need', NEED, 'cec235'],
    ['of all parts', all, '450e15'],
    ['of names', ['b', 'a'], '0473ef'],
  ])('%s stays the same in all releases: acknowledgements contain it', (_, content, expected) => {
    expect(fingerprintOf(content)).toBe(expected);
  });

  test.each<[string, Need]>([
    ['of events', { ...all, events: [{ source: 'b' }, { source: 'a' }, { source: 'b' }] }],
    ['of alternatives in a pattern', { ...all, eventPattern: { source: ['b', 'a', 'b'] } }],
    ['of targets', { ...all, targets: ['d', 'c', 'd'] }],
  ])('does not depend on the order %s, or on duplicates', (_, other) => {
    expect(fingerprintOf(other)).toBe(fingerprintOf(all));
  });

  test.each<[string, Need]>([
    ['an event', { ...all, events: [{ source: 'a' }] }],
    ['a value in a pattern', { ...all, eventPattern: { source: ['a'] } }],
    ['a key of a pattern', { ...all, eventPattern: { source: ['a', 'b'], 'detail-type': ['c'] } }],
    ['a range of numbers', { ...all, eventPattern: { a: [{ numeric: ['<', 1] }] } }],
    ['no pattern', { ...all, eventPattern: undefined }],
    ['a target', { ...all, targets: ['c'] }],
    ['no target', { ...all, targets: undefined }],
    ['an action', { ...all, action: 'sqs:SendMessage' }],
  ])('differs with %s', (_, other) => {
    expect(fingerprintOf(other)).not.toBe(fingerprintOf(all));
  });

  test('has no range of numbers in another order', () => {
    const range = (...numeric: unknown[]) => ({ ...NEED, eventPattern: { a: [{ numeric }] } as never });
    expect(fingerprintOf(range('>', 1, '<', 2))).not.toBe(fingerprintOf(range('<', 2, '>', 1)));
  });

  test('does not depend on the path of the app in placeholders only', () => {
    const withPath = (path: string) => ({ ...NEED, principal: `shop/‹RoleName of ${path}›` });
    expect(fingerprintOf(withPath('shop/Hub/Role'), 'shop')).toBe(fingerprintOf(withPath('Hub/Role')));
    expect(fingerprintOf(withPath('shops/Hub/Role'), 'shop')).not.toBe(fingerprintOf(withPath('Hub/Role')));
    expect(fingerprintOf({ ...NEED, principal: 'x shop/Hub/Role' }, 'shop')).toBe(
      fingerprintOf({ ...NEED, principal: 'x shop/Hub/Role' }),
    );
  });
});
