import { Json } from '../../src/iam/statement';
import { ElementFault, elementFaultsOf } from '../../src/iam/statement-elements';
import { unresolved } from '../../src/iam/unresolved-text';

const UNKNOWN = unresolved('parameter Hub:Name');
const RIGHT = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: '*' };

/** The faults of a statement with other elements; those that are undefined are left out. */
function faultsWith(elements: { readonly [name: string]: Json | undefined }, requiresResource = true): ElementFault[] {
  return elementFaultsOf(JSON.parse(JSON.stringify({ ...RIGHT, ...elements })) as Json, requiresResource);
}

test('a statement that AWS accepts has no faults', () => {
  expect(faultsWith({})).toEqual([]);
  expect(faultsWith({ Principal: { AWS: '111111111111' }, Condition: { Null: { 'aws:SourceArn': 'false' } } })).toEqual(
    [],
  );
});

test.each<[Json]>([['a text'], [null], [7], [['a']]])('fails for %j, which is no statement', (value) => {
  expect(elementFaultsOf(value, true)).toEqual([{ kind: 'unreadable', value }]);
});

test.each<[Json]>([
  [UNKNOWN],
  [[UNKNOWN]],
  [{}],
  [{ [UNKNOWN]: 1 }],
  [{ 'Fn::Transform': 1, Effect: 'x' }],
  [{ Version: '2012-10-17' }],
  [{ Statement: [] }],
])('%j may be a statement at deployment, or is none', (value) => {
  expect(elementFaultsOf(value, true)).toEqual([]);
});

test.each(['My Version', 'Statements', 'A Fn::Sub'])('an element with the name %s makes no other document', (name) => {
  expect(faultsWith({ [name]: 1, Effect: 'no' })).toEqual([{ kind: 'form', element: 'Effect', value: 'no' }]);
});

test.each<[Json]>([['allow'], ['Allow '], [7], [true], [['Allow']], [{ Ref: 'Effect' }], [[UNKNOWN]]])(
  'fails for the effect %j',
  (value) => {
    expect(faultsWith({ Effect: value })).toEqual([{ kind: 'form', element: 'Effect', value }]);
  },
);

test.each(['Allow', 'Deny', UNKNOWN])('accepts the effect %s', (value) => {
  expect(faultsWith({ Effect: value })).toEqual([]);
});

describe.each(['Effect', 'Principal', 'Action', 'Resource'] as const)('%s', (element) => {
  const rest = Object.fromEntries(Object.entries(RIGHT).filter(([name]) => name !== element));

  test.each<[Json | undefined]>([[undefined], [''], [null], [[]]])('is missing if it is %j', (value) => {
    expect(faultsWith({ [element]: value })).toEqual([{ kind: 'missing', element, similarName: undefined }]);
  });

  test.each([
    [element.toLowerCase(), element.toLowerCase()],
    [`${element}xy`, `${element}xy`],
    [`${element}xyz`, undefined],
    ['Unlike', undefined],
  ])('is probably called %s: %s', (name, similarName) => {
    expect(elementFaultsOf({ ...rest, [name]: 'a' }, true)).toEqual([{ kind: 'missing', element, similarName }]);
  });
});

test('other elements are no misspelled ones', () => {
  const { Action: _, ...rest } = RIGHT;
  expect(elementFaultsOf({ ...rest, Sid: 'a', NotResource: '*', Condition: {} }, true)).toEqual([
    { kind: 'missing', element: 'Action', similarName: undefined },
  ]);
});

test('a resource is required only if the policy has resources', () => {
  expect(faultsWith({ Resource: undefined }, false)).toEqual([]);
});

test.each<[string, Json]>([
  ['NotPrincipal', { AWS: '111111111111' }],
  ['NotAction', 'events:PutEvents'],
  ['NotResource', ['*']],
])('%s replaces its opposite', (element, value) => {
  expect(faultsWith({ [element.slice(3)]: undefined, [element]: value })).toEqual([]);
});

test.each<[Json]>([['111111111111'], [7], [['*']], [{ AWS: '' }], [{ AWS: ['1'], Service: [] }], [[null, 'a']]])(
  'fails for the principal %j',
  (value) => {
    expect(faultsWith({ Principal: value })).toEqual([{ kind: 'form', element: 'Principal', value }]);
  },
);

test('a principal that is a list without values is missing', () => {
  expect(faultsWith({ Principal: [null, null] })).toMatchObject([{ kind: 'missing', element: 'Principal' }]);
});

test.each<[Json]>([['*'], [UNKNOWN], [{ AWS: UNKNOWN }]])('accepts the principal %j', (value) => {
  expect(faultsWith({ Principal: value })).toEqual([]);
});

test('each invalid principal is a fault', () => {
  expect(faultsWith({ Principal: { AWS: ['1', '111111111111'], Service: 'events' } })).toEqual([
    { kind: 'principal', principal: { type: 'AWS', value: '1', fault: 'format' } },
    { kind: 'principal', principal: { type: 'Service', value: 'events', fault: 'format' } },
  ]);
});

test.each<[Json, boolean]>([
  ['events:PutEvents', true],
  ['*', true],
  ['**', true],
  ['ev*:Put?', true],
  ['logs-x:a', true],
  [['events:PutEvents', UNKNOWN], true],
  [[UNKNOWN, { Ref: UNKNOWN }], true],
  ['events:', false],
  [':PutEvents', false],
  ['events PutEvents', false],
  ['an events:PutEvents', false],
  ['*x', false],
  ['x*', false],
  [['events:PutEvents', 'all'], false],
  [['events:PutEvents', 7], false],
  [{ a: 1 }, false],
])('the action %j is valid: %s', (value, isValid) => {
  expect(faultsWith({ Action: value })).toEqual(isValid ? [] : [{ kind: 'form', element: 'Action', value }]);
});

test.each<[Json, boolean]>([
  ['any text', true],
  [7, false],
  [['arn', null], false],
])('the resource %j is valid: %s', (value, isValid) => {
  expect(faultsWith({ Resource: value })).toEqual(isValid ? [] : [{ kind: 'form', element: 'Resource', value }]);
});

test.each<[Json | undefined]>([
  [undefined],
  [null],
  [UNKNOWN],
  [{}],
  [{ StringEquals: {} }],
  [{ StringEquals: UNKNOWN }],
  [{ [UNKNOWN]: 7 }],
  [{ 'Fn::If': [] }],
])('accepts the condition %j', (Condition) => {
  expect(faultsWith({ Condition })).toEqual([]);
});

test.each<[Json]>([['StringEquals'], [7], [[]], [''], [[UNKNOWN]]])('fails for the condition %j', (value) => {
  expect(faultsWith({ Condition: value })).toEqual([{ kind: 'condition', value }]);
});

test.each<[Json]>([['a'], [7], [null], [[]], [[UNKNOWN]]])('fails for an operator with %j', (value) => {
  expect(faultsWith({ Condition: { StringEquals: value } })).toEqual([
    { kind: 'condition', operator: 'StringEquals', value },
  ]);
});

test.each<[string, string | undefined]>([
  ['StringEqual', 'StringEquals'],
  ['A Fn::If', undefined],
  ['Matches', undefined],
])('fails for the operator %s, which is probably %s', (operator, similarName) => {
  expect(faultsWith({ Condition: { [operator]: {} } })).toEqual([{ kind: 'operator', operator, similarName }]);
});
