import { Stack } from 'aws-cdk-lib';
import { CfnManagedPolicy, CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { HUB, REGION, SHOP } from '../support/apps';
import { WAYS, Way, bus, findingsAmong, roleIn } from '../support/separate-apps';

const ARN = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;
const POLICY = `arn:aws:iam::${SHOP.account}:policy/shared`;
const put = { Effect: 'Allow', Action: 'events:PutEvents', Resource: ARN };
const deny = { Effect: 'Deny', Action: 'events:*', Resource: '*' };
const other = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };

const hub = bus(HUB, 'orders', roleIn(SHOP, 'publisher'));
const shop = (statements: object[], properties: object = {}) => ({
  env: SHOP,
  define: (stack: Stack) => {
    const policies = statements.map((Statement) => ({ policyName: 'Events', policyDocument: { Statement } }));
    const assumeRolePolicyDocument = { Statement: [trust] };
    new CfnRole(stack, 'Role', { roleName: 'publisher', assumeRolePolicyDocument, policies, ...properties });
  },
});

const managed = (Statement: object, properties: object = {}) => ({
  env: SHOP,
  define: (stack: Stack) => {
    const policyDocument = { Statement };
    new CfnManagedPolicy(stack, 'Policy', { managedPolicyName: 'shared', policyDocument, ...properties });
  },
});

const inline = (Statement: object) => ({
  env: SHOP,
  define: (stack: Stack) => {
    new CfnPolicy(stack, 'Policy', { policyName: 'shared', roles: ['publisher'], policyDocument: { Statement } });
  },
});

const DENIED = ['error publisherAccessDenied /Shop/Role'];
const boundary = { permissionsBoundary: POLICY };
const attached = { managedPolicyArns: [POLICY] };

describe.each(Object.keys(WAYS) as Way[])('a policy of another app, known by %s', (way) => {
  test.each([
    ['that is the boundary of a role and does not allow events', DENIED, shop([put], boundary), managed(other)],
    ['that is the boundary of a role and denies events', DENIED, shop([put], boundary), managed([put, deny])],
    ['that is the boundary of a role and allows events', [], shop([put], boundary), managed(put)],
    ['that a role has and denies events', DENIED, shop([put], attached), managed(deny)],
    ['that a role has and allows events', [], shop([], attached), managed(put)],
    ['that names a role and denies events', DENIED, shop([put]), managed(deny, { roles: ['publisher'] })],
    ['that names a role and allows events', [], shop([]), managed(put, { roles: ['publisher'] })],
    ['that is inline, names a role and denies events', DENIED, shop([put]), inline(deny)],
    ['that is inline, names a role and allows events', [], shop([]), inline(put)],
  ])('%s', (_, expected, Shop, Platform) => {
    expect(findingsAmong({ Shop, Hub: hub, Platform }, 'Shop', way)).toEqual(expected);
  });

  test('that allows events on every bus is found in the app that defines the policy', () => {
    const apps = { Shop: shop([]), Platform: inline({ ...put, Resource: '*' }) };
    expect(findingsAmong(apps, 'Platform', way)).toEqual(['warning wildcardPutEventsResource /Platform/Policy']);
    expect(findingsAmong(apps, 'Shop', way)).toEqual([]);
  });

  test('that is too long is found in the app that defines the policy, and in that of the role', () => {
    const actions = Array.from({ length: 500 }, (_, i) => `events:PutEvents${i}OfTheShop`);
    const apps = { Shop: shop([]), Platform: inline({ ...put, Action: actions }) };
    expect(findingsAmong(apps, 'Platform', way)).toEqual(['error rolePolicySize /Platform/Policy']);
    expect(findingsAmong(apps, 'Shop', way)).toEqual(['error rolePolicySize /Shop/Role']);
  });
});
