import { walkAssembly } from '../../src/app-model/assembly';
import { ConcernedApp, concernedApp, isPartOf } from '../../src/app-model/concerned-app';
import { SHOP } from '../support/apps';
import { constructsOfTemplates } from '../support/template-constructs';
import { busArn } from '../support/three-accounts';

const resource = (type: string, properties: object) => ({ Type: `AWS::Events::${type}`, Properties: properties });

function concerned(resources: object, env?: object): ConcernedApp | undefined {
  return concernedApp([walkAssembly(constructsOfTemplates({ Hub: { Resources: resources, Conditions: {} } }, env))]);
}

const noValue = { Ref: 'AWS::NoValue' };

test.each<[object, string[]]>([
  [resource('EventBus', { Name: 'orders' }), ['orders']],
  [resource('EventBus', {}), ['default']],
  [resource('EventBusPolicy', { EventBusName: 'orders' }), ['orders']],
  [resource('EventBusPolicy', { EventBusName: busArn('orders', SHOP) }), ['orders']],
  [resource('EventBusPolicy', {}), ['default']],
  [resource('EventBusPolicy', { EventBusName: { 'Fn::If': ['Big', 'orders', noValue] } }), ['orders', 'default']],
  [resource('Rule', { EventBusName: 'orders' }), []],
  [{ Type: 'AWS::SQS::Queue', Properties: { Name: 'orders', EventBusName: 'orders' } }, []],
])('%j is for the buses %j', (one, names) => {
  expect(concerned({ One: one })).toEqual({
    accounts: new Set(['111111111111']),
    busesWithPolicy: new Set(names.map((name) => `events:event-bus/${name}`)),
  });
});

test('the accounts are those of all assemblies, if they are known', () => {
  const assemblies = [{}, { env: SHOP }].map(({ env }) => walkAssembly(constructsOfTemplates({ Hub: {} }, env)));
  expect(concernedApp(assemblies)?.accounts).toEqual(new Set(['111111111111', SHOP.account]));
  const unknown = walkAssembly(constructsOfTemplates({ Hub: {} }, {}));
  expect([concerned({}, {}), concernedApp([...assemblies, unknown]), concernedApp([])?.accounts]).toEqual([
    ...[undefined, undefined, new Set()],
  ]);
});

const app = (accounts: string[], buses: string[]) => ({ accounts: new Set(accounts), busesWithPolicy: new Set(buses) });

test.each<[ConcernedApp | undefined, boolean]>([
  [undefined, false],
  [app([], []), true],
  [app(['1'], ['a']), true],
  [app(['1', '2'], ['a', 'b']), true],
  [app(['3'], ['a']), false],
  [app(['1', '3'], ['a']), false],
  [app(['1'], ['a', 'c']), false],
])('%j is part of an app: %s', (part, expected) => {
  expect(isPartOf(part, app(['1', '2'], ['a', 'b']))).toBe(expected);
});
