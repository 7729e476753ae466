import { CfnResource } from 'aws-cdk-lib';
import { EventBus, Identity } from '../../../../src/app-model/app-model';
import { assumedIdentity } from '../../../../src/checks/delivery/lib/assumed-identity';
import { allowedBusArns, allowedEventsOf } from '../../../../src/checks/delivery/lib/put-events';
import { BILLING, SHOP } from '../../../support/apps';
import { busArn, queueArn, roleArn } from '../../../support/three-accounts';

const BUSES = [busArn('orders'), busArn('orders-archive'), busArn('ledger', BILLING)].map(
  (arn) => ({ arn }) as EventBus,
);

/** A role with one statement, which allows to put events. */
function roleWith(statement: object): Identity {
  const role = assumedIdentity({ arn: roleArn('publisher'), account: SHOP.account, name: 'publisher' }, {
    node: { path: 'Shop/Publisher' },
  } as CfnResource);
  return { ...role, statements: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn(), ...statement }] };
}

describe('the buses on which a role may put events', () => {
  test.each<[string, string | string[], string[]]>([
    ['an ARN, twice', [busArn(), busArn()], [busArn()]],
    ['the ARN of a bus of another app', busArn('partner'), [busArn('partner')]],
    ['the ARN of something else', queueArn('orders'), []],
    ['an attribute of a resource', '‹Arn of Hub/Queue›', []],
    ['a parameter', '‹BusArn›', ['‹BusArn›']],
    ['the beginning of names', busArn('orders*'), [busArn('orders'), busArn('orders-archive')]],
    ['names with another character', busArn('order?'), [busArn('orders')]],
    ['any bus of an account', busArn('*'), []],
    ['any bus', '*', []],
    ['a bus of any account', busArn('orders').replace('111111111111', '*'), []],
    ['a variable with a value', busArn('${aws:PrincipalAccount}'), [busArn(SHOP.account)]],
    ['a variable without a value', busArn('${aws:PrincipalTag/team}'), []],
    ['a variable in front', '${aws:PrincipalTag/team}', []],
  ])('by a policy with %s', (_, Resource, expected) => {
    expect(allowedBusArns(roleWith({ Resource }), BUSES)).toEqual(expected);
  });

  test.each<[string, object, number]>([
    ['any action of EventBridge', { Action: 'events:*' }, 1],
    ['one action in another case, among others', { Action: ['events:putrule', 'EVENTS:putevents'] }, 1],
    ['another action', { Action: 'events:PutRule' }, 0],
    ['an action that is known only at deployment', { Action: '‹Action›' }, 0],
    ['all actions but another', { Action: undefined, NotAction: 'events:PutRule' }, 1],
    ['all actions but several', { Action: undefined, NotAction: ['events:PutRule', 'events:Put*'] }, 0],
    ['a statement that denies', { Effect: 'Deny' }, 0],
  ])('by %s', (_, statement, count) => {
    expect(allowedBusArns(roleWith(statement), BUSES)).toHaveLength(count);
  });
});

describe('the events that a role may put on a bus', () => {
  const { account } = SHOP;

  test.each<[string, object, object[]]>([
    ['any', {}, [{ account }]],
    ['none of another bus', { Resource: busArn('ledger') }, []],
    ['none by another action', { Action: 'events:PutRule' }, []],
    [
      'those of sources, whatever the case of the key',
      { Condition: { 'ForAllValues:StringLikeIfExists': { 'Events:Source': ['a', 'b'] } } },
      [
        { account, source: 'a' },
        { account, source: 'b' },
      ],
    ],
    ['any but excluded ones', { Condition: { StringNotEquals: { 'events:source': 'a' } } }, [{ account }]],
    ['any with a source', { Condition: { Null: { 'events:source': 'false' } } }, [{ account }]],
    ['any by a condition on another key', { Condition: { StringEquals: { 'aws:SourceAccount': 'a' } } }, [{ account }]],
    [
      'those of a detail type',
      { Condition: { StringEquals: { 'events:detail-type': 'X' } } },
      [{ account, 'detail-type': 'X' }],
    ],
  ])('are %s', (_, statement, expected) => {
    expect(allowedEventsOf(roleWith(statement), busArn())).toEqual(expected);
  });
});
