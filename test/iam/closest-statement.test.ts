import { closestStatement } from '../../src/iam/closest-statement';
import { Json } from '../../src/iam/statement';
import { StatementMatch, matchStatement } from '../../src/iam/statement-matching';

const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';

/** A statement that differs from a request in one element. */
function mismatch(element: string, difference: { [element: string]: Json }): [string, StatementMatch] {
  const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS, ...difference };
  const match = matchStatement(statement, {
    action: 'events:PutEvents',
    resource: BUS,
    principalArn: 'arn:aws:iam::222222222222:role/publisher',
    account: '222222222222',
    context: [{ 'events:source': ['store'] }],
  });
  return [element, match];
}

const MISMATCHES = [
  mismatch('Action', { Action: 'events:PutRule' }),
  mismatch('Resource', { Resource: `${BUS}2` }),
  mismatch('Principal', { Principal: { AWS: '333333333333' } }),
  mismatch('Condition', { Condition: { StringEquals: { 'events:source': 'shop' } } }),
  mismatch('second Condition', { Condition: { StringEquals: { 'events:source': 'shop' } } }),
];

function closest(mismatches: [string, StatementMatch][]): string {
  return mismatches[closestStatement(mismatches.map(([, match]) => match))][0];
}

describe('the closest statement', () => {
  test('differs in the element that is matched last', () => {
    expect(MISMATCHES.map((_, i) => closest(MISMATCHES.slice(0, i + 1)))).toEqual([
      'Action',
      'Resource',
      'Principal',
      'Condition',
      'Condition',
    ]);
  });

  test('does not depend on the order of statements, and is the first of equally close statements', () => {
    expect(MISMATCHES.map((_, i) => closest(MISMATCHES.slice(0, i + 1).reverse()))).toEqual([
      'Action',
      'Resource',
      'Principal',
      'Condition',
      'second Condition',
    ]);
  });
});
