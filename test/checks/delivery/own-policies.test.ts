import { Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventChecks } from '../../../src';
import { SHOP, messagesOf, testApp, testStack } from '../../support/apps';
import { appIn, command, emptyDirectory } from '../../support/command';
import { expectFindings } from '../../support/messages';
import { role, roleIn } from '../../support/separate-apps';
import { busArn } from '../../support/three-accounts';

/** A bus in another account, which no app describes. */
const BUS = busArn();
const put = { Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS };
const deny = { Effect: 'Deny', Action: 'events:*', Resource: '*' };
const forAccount = (account: string) => ({ StringEquals: { 'aws:ResourceAccount': account } });
const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

const publisher =
  (statements: object[], properties: object = {}) =>
  (stack: Stack) =>
    void new CfnRole(stack, 'Role', {
      assumeRolePolicyDocument: { Statement: [trust] },
      policies: [{ policyName: 'Events', policyDocument: { Statement: statements } }],
      ...properties,
    });

const bounded = (statement: object) => (stack: Stack) => {
  const boundary = new CfnManagedPolicy(stack, 'Boundary', { policyDocument: { Statement: [statement] } });
  publisher([put], { permissionsBoundary: boundary.ref })(stack);
};

const rule = (resource: string, condition?: object) => (stack: Stack) => {
  role(SHOP, 'forward', 'events.amazonaws.com', resource, condition).define(stack);
  const targets = [{ id: 'Bus', arn: BUS, roleArn: roleIn(SHOP, 'forward') }];
  new CfnRule(stack, 'Rule', { name: 'rule', eventPattern: { source: ['com.shop'] }, targets });
};

function findings(define: (stack: Stack) => void): string[] {
  const stack = testStack('Shop', SHOP, testApp());
  define(stack);
  CrossAccountEventChecks.applyTo(stack.node.root);
  return messagesOf(stack);
}

const MANUAL = 'warning manuallyAddEventBusPolicy /Shop/';
const DENIED = ['error publisherAccessDenied /Shop/Role', `${MANUAL}Role`];

describe('a publisher on a bus that no app describes', () => {
  test.each<[string, string[], (stack: Stack) => void]>([
    ['has an identity-based policy that denies the events', DENIED, publisher([put, deny])],
    [
      'has a permissions boundary that does not allow the events',
      DENIED,
      bounded({ ...put, Action: 'events:PutRule' }),
    ],
    ['has a condition on another account', DENIED, publisher([{ ...put, Condition: forAccount(SHOP.account) }])],
    ['may put events', [`${MANUAL}Role`], publisher([put])],
    ['has a permissions boundary that allows the events', [`${MANUAL}Role`], bounded({ ...put, Resource: '*' })],
    [
      'has a condition on the account of the bus',
      [`${MANUAL}Role`],
      publisher([{ ...put, Condition: forAccount('111111111111') }]),
    ],
    [
      'may put events only with a value that is unknown',
      [`${MANUAL}Role`],
      publisher([{ ...put, Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } } }]),
    ],
    [
      'is in the account of the bus, whose policy may allow it',
      [],
      publisher([{ ...put, Resource: busArn('local', SHOP), Condition: forAccount('111111111111') }]),
    ],
  ])('%s', (_, expected, define) => expectFindings(findings(define), expected));
});

describe('a rule to a bus that no app describes', () => {
  test.each<[string, string[], (stack: Stack) => void]>([
    [
      'has a role that may put events on another bus',
      ['error targetRoleInvalid /Shop/Role', `${MANUAL}Rule`],
      rule(busArn('others')),
    ],
    ['has a role that may put events on the bus', [`${MANUAL}Rule`], rule(BUS)],
  ])('%s', (_, expected, define) => expectFindings(findings(define), expected));
});

test('the command finds the same in a cloud assembly', () => {
  const app = appIn(emptyDirectory(), 'shop');
  publisher([put, deny])(testStack('Shop', SHOP, app));
  expect(command('check', app.synth().directory)).toMatchObject({
    status: 1,
    out: expect.stringContaining('publisherAccessDenied'),
  });
});
