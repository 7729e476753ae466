import { CfnResource } from 'aws-cdk-lib';
import { hasStatement, resourceFromBody, setTemplateBody } from '../../../src/app-model/resolve/template-body';
import { Json } from '../../../src/iam/statement';
import { testStack } from '../../support/apps';

const stack = testStack('Hub');
let count = 0;

function resourceWith(body: { readonly [name: string]: Json } | undefined): CfnResource {
  const resource = new CfnResource(stack, `R${count++}`, { type: 'AWS::Any::Type' });
  if (body) setTemplateBody(resource, body);
  return resource;
}

const read = (body: { readonly [name: string]: Json } | undefined, ...names: string[]) =>
  resourceFromBody(resourceWith(body), names, () => 'resolved');
const nested = (depth: number): Json => (depth === 0 ? 'x' : [nested(depth - 1)]);

test.each<[Json, Json]>([
  ['text', 'text'],
  [5, 5],
  [false, false],
  [
    { a: ['b', 1, null], c: { d: true } },
    { a: ['b', 1, null], c: { d: true } },
  ],
  [{ Ref: 'Bus' }, 'resolved'],
  [{ a: [{ 'Fn::Sub': 'b' }, 'c'] }, 'resolved'],
  [['a', { b: { Ref: 'c' } }], 'resolved'],
  ['${Token[TOKEN.1]}', 'resolved'],
  [nested(40), nested(40)],
  [nested(60), 'resolved'],
])('the property %j is %j: functions are resolved', (value, expected) => {
  expect(read({ Properties: { A: value, B: 'other' } }, 'A')).toEqual({
    type: 'AWS::Any::Type',
    properties: { A: expected },
    conditional: false,
  });
});

test.each<[string, { readonly [name: string]: Json } | undefined, object | undefined]>([
  ['of the resource', { Properties: { A: 1, B: 2, C: 3 } }, { A: 1, B: 2 }],
  ['that are null are left out', { Properties: { A: null, B: 2 } }, { B: 2 }],
  ['may be missing', {}, {}],
  ['of a construct of an app are not known', undefined, undefined],
  ['that are no object are not known', { Properties: 'text' }, undefined],
  ['that a function returns are not known', { Properties: { 'Fn::If': [] } }, undefined],
])('the properties %s', (_, body, expected) => {
  expect(read(body, 'A', 'B')?.properties).toEqual(expected);
});

test('a resource has its condition', () => {
  expect(read({ Condition: 'Big' })).toMatchObject({ conditional: true, conditions: ['Hub/Big'] });
  expect(read({ Condition: 5 })).toMatchObject({ conditional: true });
  expect(read({})).toMatchObject({ conditional: false });
});

test('statements are found by the beginning of their ID', () => {
  const resource = resourceWith({ Properties: { Policy: { Statement: [{ Sid: 'AllowShop' }] } } });
  expect(['Allow', 'AllowShop', 'Shop', ''].map((prefix) => hasStatement(resource, prefix))).toEqual([
    ...[true, true, false, true],
  ]);
  expect(hasStatement(resourceWith(undefined), '')).toBe(false);
});
