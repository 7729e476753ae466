import { Aws, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CompositePrincipal, IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountPrincipal, PublisherRole } from '../../src';
import { BILLING, HUB, ORGANIZATION, SHOP, root, testApp, testStack } from '../support/apps';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const THEIRS = BILLING.account;
const OTHERS = 'o-zzzzzzzzzz';
const IDS = ['customer-1', 'customer-2'];
const { withExternalId, inOrganization } = CrossAccountPrincipal;

let stack: Stack;
beforeEach(() => {
  stack = testStack('Publisher', SHOP);
});

const roleFor = (assumedBy: IPrincipal, id = 'Role') => new Role(stack, id, { assumedBy, roleName: id });
function publisherFor(assumedBy: IPrincipal, id = 'Role', externalIds?: string[]): PublisherRole {
  const bus = EventBus.fromEventBusArn(stack, `${id}Bus`, `arn:aws:events:eu-west-1:${SHOP.account}:event-bus/orders`);
  return new PublisherRole(stack, id, { assumedBy, eventBuses: [bus], externalIds });
}
const trustOf = () =>
  propertiesOf(stack, 'AWS::IAM::Role').flatMap(({ AssumeRolePolicyDocument }) => AssumeRolePolicyDocument.Statement);
const trusts = (StringEquals: object) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { AWS: root(THEIRS) },
  Condition: { StringEquals },
});

describe('principals of another account assume a role', () => {
  test.each<[string, () => IPrincipal, object]>([
    ['with an external ID', () => withExternalId(THEIRS, 'customer-1'), { 'sts:ExternalId': 'customer-1' }],
    ['with one of two external IDs', () => withExternalId(THEIRS, ...IDS), { 'sts:ExternalId': IDS }],
    [
      'with the longest external ID',
      () => withExternalId(THEIRS, '+=,.@:/-_aZ09'.padEnd(1224, 'x')),
      { 'sts:ExternalId': '+=,.@:/-_aZ09'.padEnd(1224, 'x') },
    ],
    ['with the shortest external ID', () => withExternalId(THEIRS, 'ab'), { 'sts:ExternalId': 'ab' }],
    ['in an organization', () => inOrganization(THEIRS, ORGANIZATION), { 'aws:PrincipalOrgID': ORGANIZATION }],
    [
      'in an organization and with an external ID',
      () =>
        withExternalId(THEIRS, 'customer-1').withConditions({ StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }),
      { 'sts:ExternalId': 'customer-1', 'aws:PrincipalOrgID': ORGANIZATION },
    ],
  ])('%s: any role, and that of a publisher', (_, principal, condition) => {
    roleFor(principal(), 'Plain');
    publisherFor(principal(), 'Publisher');
    expect(trustOf()).toEqual([trusts(condition), trusts(condition)]);
  });

  test('among several, each on its own condition', () => {
    publisherFor(
      new CompositePrincipal(
        withExternalId(THEIRS, 'customer-1'),
        inOrganization(THEIRS, ORGANIZATION),
        new ServicePrincipal('lambda.amazonaws.com'),
      ),
    );
    expect(trustOf()).toEqual([
      trusts({ 'sts:ExternalId': 'customer-1' }),
      trusts({ 'aws:PrincipalOrgID': ORGANIZATION }),
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });

  test('with session tags on the same condition', () => {
    publisherFor(withExternalId(THEIRS, 'customer-1').withSessionTags());
    expect(trustOf()).toEqual([
      { ...trusts({ 'sts:ExternalId': 'customer-1' }), Action: ['sts:AssumeRole', 'sts:TagSession'] },
    ]);
  });

  test('in an organization, with the external IDs of the role', () => {
    publisherFor(inOrganization(THEIRS, ORGANIZATION), 'Role', IDS);
    expect(trustOf()).toEqual([trusts({ 'aws:PrincipalOrgID': ORGANIZATION, 'sts:ExternalId': IDS })]);
  });

  test('of an account that only deployment tells', () => {
    roleFor(withExternalId(Aws.ACCOUNT_ID, 'customer-1'));
    const own = { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']] };
    expect(trustOf()).toEqual([{ ...trusts({ 'sts:ExternalId': 'customer-1' }), Principal: { AWS: own } }]);
  });
});

describeWithOracle('strangers', () => {
  test('cannot assume the role: without the external ID, with another, of another organization or account', () => {
    roleFor(withExternalId(THEIRS, ...IDS), 'ById');
    publisherFor(inOrganization(THEIRS, ORGANIZATION), 'ByOrganization');
    publisherFor(
      new CompositePrincipal(withExternalId(THEIRS, ...IDS), inOrganization(HUB.account, ORGANIZATION)),
      'ByEither',
    );
    const strangers = (role: string, ...welcome: object[]) => ({ strangers: true, role: `Publisher/${role}`, welcome });
    expectAnswers(stack.node.root as ReturnType<typeof testApp>, {
      accounts: { [THEIRS]: { orgId: OTHERS, orgPaths: [`${OTHERS}/r-ab12/`] } },
      questions: [{ noProblems: true }, ...['ById', 'ByOrganization', 'ByEither'].map((role) => strangers(role))],
    });
  });

  test('are all others: whoever fits is let in', () => {
    publisherFor(inOrganization(THEIRS, ORGANIZATION));
    const ask = (orgId: string) =>
      expectAnswers(stack.node.root as ReturnType<typeof testApp>, {
        accounts: { [THEIRS]: { orgId, orgPaths: [`${orgId}/r-ab12/`] } },
        questions: [{ strangers: true, role: 'Publisher/Role', welcome: [] }],
      });
    ask(OTHERS);
    expect(() => ask(ORGANIZATION)).toThrow(/333333333333 \(its organization\) may sts:AssumeRole/);
  });
});
