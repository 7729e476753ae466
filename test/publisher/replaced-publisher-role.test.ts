import { App, Stack, Stage } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventChecks, PublisherRole, PublisherRoleProps } from '../../src';
import { BILLING, SHOP, messagesOf, ordersApp, stackIn } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { dependenciesOf, partitioned, propertiesOf } from '../support/templates';

const OLD = 'Shop-Old-eu-west-1-0a1b2c3d';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => ({ app, hub, bus } = ordersApp()));

const roleIn = (stack: Stack, props: Partial<PublisherRoleProps> = {}) =>
  new PublisherRole(stack, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [bus],
    previousRoleNames: [OLD],
    ...props,
  });
const shop = () => stackIn(app, 'Shop', SHOP);
const roleArn = (name: string, path = '/') => partitioned(`:iam::${SHOP.account}:role${path}${name}`);
const statementsOn = (stack: Stack) =>
  propertiesOf(stack, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);

describe('a publisher role that replaces another one', () => {
  test('may publish together with the other one, for the same events, and is deployed after the bus policy', () => {
    roleIn(shop(), { allowedEvents: { sources: ['shop'] } });
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [] });
    const [{ RoleName }] = propertiesOf(shop(), 'AWS::IAM::Role');
    expect(statementsOn(hub)).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: partitioned(`:iam::${SHOP.account}:root`) },
        Action: 'events:PutEvents',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
        Condition: {
          StringEquals: { 'aws:PrincipalArn': [roleArn(OLD), roleArn(RoleName)] },
          'ForAllValues:StringEquals': { 'events:source': 'shop' },
          Null: { 'events:source': 'false' },
        },
      },
    ]);
    expect(dependenciesOf(shop())).toEqual(['Hub']);
    expect(messagesOf(hub, shop())).toEqual([]);
  });

  test('has the path of the other one', () => {
    roleIn(shop(), { path: '/team/', roleName: 'publisher' });
    expect(statementsOn(hub)[0].Condition.StringEquals['aws:PrincipalArn']).toEqual([
      roleArn(OLD, '/team/'),
      roleArn('publisher', '/team/'),
    ]);
  });

  test('does not change the ID of the statement, so that the statement is updated in place', () => {
    const ids = [[OLD], undefined].map((previousRoleNames) => {
      ({ app, hub, bus } = ordersApp());
      roleIn(shop(), { previousRoleNames });
      return propertiesOf(hub, 'AWS::Events::EventBusPolicy').map(({ StatementId }) => StatementId);
    });
    expect(ids[0]).toEqual(ids[1]);
  });

  test('is allowed on a bus that is added later', () => {
    roleIn(shop(), { eventBuses: [new EventBus(shop(), 'Own')] }).addEventBus(bus);
    expect(statementsOn(hub)[0].Condition.StringEquals['aws:PrincipalArn']).toContainEqual(roleArn(OLD));
  });

  test('adds nothing to a bus in its account', () => {
    roleIn(hub);
    expect(statementsOn(hub)).toEqual([]);
  });

  test('adds nothing to the statement for a bus that is not defined in this app', () => {
    const arn = `arn:aws:events:eu-west-1:${BILLING.account}:event-bus/theirs`;
    roleIn(shop(), { eventBuses: [EventBus.fromEventBusArn(shop(), 'Theirs', arn)] });
    expect(messagesOf(shop())).toHaveLength(1);
    expect(messagesOf(shop())[0]).not.toContain(OLD);
  });

  test('is not deployed after a bus in another stage', () => {
    const stack = new Stack(new Stage(app, 'Prod'), 'Shop', { env: SHOP });
    roleIn(stack);
    expect(dependenciesOf(stack)).toEqual([]);
    expect(JSON.stringify(statementsOn(hub))).toContain(OLD);
  });

  test('fails if the stack of the bus is deployed after the role', () => {
    hub.addDependency(shop());
    const message = errorOf(() => roleIn(shop()));
    expect(message).toMatch(/^Shop\/Role: 'previousRoleNames' must /);
    expectMessage(message);
  });

  test.each<[string, unknown]>([
    ['an ARN', [`arn:aws:iam::${SHOP.account}:role/old`]],
    ['a text', OLD],
    ['an empty list', []],
  ])('fails for %s', (_, previousRoleNames) => {
    const message = errorOf(() => roleIn(shop(), { previousRoleNames: previousRoleNames as string[] }));
    expect(message).toMatch(/^Shop\/Role: 'previousRoleNames' must /);
    expectMessage(message);
  });
});

test('the stacks of a role without replaced ones can be deployed in any order', () => {
  roleIn(shop(), { previousRoleNames: undefined });
  expect([...dependenciesOf(shop()), ...dependenciesOf(hub)]).toEqual([]);
});
