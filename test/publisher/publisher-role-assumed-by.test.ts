import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  AnyPrincipal,
  IPrincipal,
  ServicePrincipal,
  StarPrincipal,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountPrincipal,
  PublisherRole,
  PublisherRoleProps,
} from '../../src';
import { BILLING, ORGANIZATION, SHOP, testStack, ordersApp } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { propertiesOf } from '../support/templates';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
const eventPattern = { source: ['com.shop'] };

beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

const publisherRole = (props: Partial<PublisherRoleProps>) =>
  new PublisherRole(testStack('Shop', SHOP, app), 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [bus],
    ...props,
  });

describe('the principal that assumes a publisher role', () => {
  test.each<[string, IPrincipal]>([
    ['AnyPrincipal', new AnyPrincipal()],
    ['StarPrincipal', new StarPrincipal()],
    ['a Cognito identity', new WebIdentityPrincipal('cognito-identity.amazonaws.com')],
  ])('must not be %s', (_, assumedBy) => {
    const error = errorOf(() => publisherRole({ assumedBy }));
    expect(error).toMatch(/^Shop\/Role: 'assumedBy' must limit the principals /);
    expectMessage(error);
  });

  test('must not be any principal with an external ID, which is not a secret', () => {
    const error = errorOf(() => publisherRole({ assumedBy: new AnyPrincipal(), externalIds: ['customer-1'] }));
    expect(error).toMatch(/^Shop\/Role: 'assumedBy' must limit the principals /);
    expectMessage(error);
  });

  test('may have external IDs known only at deployment', () => {
    const stack = testStack('Ids', SHOP, app);
    const ids = new CfnParameter(stack, 'Ids', { type: 'CommaDelimitedList' }).valueAsList;
    new PublisherRole(stack, 'Role', {
      assumedBy: CrossAccountPrincipal.withExternalId(BILLING.account, ...ids),
      eventBuses: [bus],
    });
    expect(propertiesOf(stack, 'AWS::IAM::Role')[0].AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'sts:ExternalId': { Ref: 'Ids' } },
    });
  });

  test.each<[string, Partial<PublisherRoleProps>]>([
    [
      'any principal in an organization',
      { assumedBy: new AnyPrincipal().withConditions({ StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }) },
    ],
    [
      'a Cognito identity in one pool',
      {
        assumedBy: new WebIdentityPrincipal('cognito-identity.amazonaws.com', {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
        }),
      },
    ],
    ['an account', { assumedBy: new AccountPrincipal(BILLING.account), externalIds: ['abc'] }],
  ])('may be %s', (_, props) => {
    expect(() => publisherRole(props)).not.toThrow();
  });

  test('must not have external IDs of its own in addition to the property, which the CDK would drop', () => {
    const assumedBy = CrossAccountPrincipal.withExternalId(BILLING.account, 'abc');
    const error = errorOf(() => publisherRole({ assumedBy, externalIds: ['zzz'] }));
    expect(error).toMatch(/^Shop\/Role: 'externalIds' must /);
    expectMessage(error);
  });
});

test('a publisher role and a target fail with a bus in another partition', () => {
  const china = new CrossAccountEventBus(
    testStack('China', { account: BILLING.account, region: 'cn-north-1' }, app),
    'Bus',
  );
  const roleError = errorOf(() => publisherRole({ eventBuses: [china] }));
  expect(roleError).toMatch(/^Shop\/Role: 'eventBus' must .* partition aws, got 'China\/Bus' .* aws-cn; /);
  expectMessage(roleError);
  const target = new CrossAccountEventBusTarget(china);
  const ruleError = errorOf(() => new Rule(hub, 'Rule', { eventBus: bus, eventPattern, targets: [target] }));
  expect(ruleError).toMatch(/^Hub\/Rule: 'eventBus' must .* partition aws, got 'China\/Bus' .* aws-cn; /);
  expectMessage(ruleError);
});
