import { CfnResource, Fn } from 'aws-cdk-lib';
import { CfnGroup, CfnManagedPolicy, CfnRole, CfnUser } from 'aws-cdk-lib/aws-iam';
import { checkWildcardActions } from '../../../src/checks/access/wildcard-action';
import { checkWildcardEventBuses, matchesAllBuses } from '../../../src/checks/access/wildcard-event-bus';
import { findingsOfCheck, placeOf } from '../../support/check-findings';
import { ThreeAccounts, busArn, cfnEventBusPolicy, functionArn, rootArn, ruleArn } from '../../support/three-accounts';

const RULES = { Resource: ruleArn('orders/*') };

/** The findings about the actions in a statement of a bus. */
function onBus(statement: object) {
  const three = new ThreeAccounts();
  cfnEventBusPolicy(three.hub, statement);
  return findingsOfCheck(three.app, checkWildcardActions);
}

/** The findings about the actions in a statement of a function. */
function onFunction(statement: object) {
  const three = new ThreeAccounts();
  const Statement = { Effect: 'Allow', Principal: '*', Resource: functionArn('handler'), ...statement };
  const properties = { ResourceArn: functionArn('handler'), PolicyDocument: { Statement } };
  new CfnResource(three.hub, 'Policy', { type: 'AWS::Lambda::ResourcePolicy', properties });
  return findingsOfCheck(three.app, checkWildcardActions);
}

describe('the actions of a statement', () => {
  test.each<[string, typeof onBus, object]>([
    ['all actions', onBus, { Action: '*' }],
    ['all actions of all services', onBus, { Action: '*:*' }],
    ['all actions of EventBridge', onBus, { Action: 'EVENTS:*' }],
    ['one character', onBus, { Action: 'events:?utPermission' }],
    ['a name that contains others', onBus, { Action: 'events:*List' }],
    ['archives', onBus, { Action: 'events:*Archive' }],
    ['all actions but one', onBus, { Action: undefined, NotAction: 'events:PutRule' }],
    ['an action known only at deployment', onBus, { Action: Fn.importValue('Action') }],
    ['all actions, for a service', onBus, { Action: '*', Principal: { Service: 'ses.amazonaws.com' } }],
    ['all actions of functions', onFunction, { Action: 'lambda:*' }],
    ['all actions', onFunction, { Action: '*' }],
    ['changes of a function', onFunction, { Action: 'lambda:Update*' }],
    ['a name that contains others', onFunction, { Action: 'lambda:*Invoke' }],
    [
      'all actions, for EventBridge',
      onFunction,
      { Action: 'lambda:*', Principal: { Service: 'events.amazonaws.com' } },
    ],
  ])('are reported if they are %s: %p', (_, check, statement) => {
    expect(check(statement).map(placeOf)).toEqual(['warning wildcardAction /Hub/Policy']);
  });

  test.each<[string, typeof onBus, object]>([
    ['literal', onBus, { Action: ['events:PutEvents', 'events:PutPermission'] }],
    ['about events', onBus, { Action: 'events:PutEvent*' }],
    ['for reading', onBus, { Action: ['events:Describe*', 'events:List*', 'events:Get*', 'events:Test*'] }],
    ['of another service', onBus, { Action: 's3:*' }],
    ['of functions', onBus, { Action: 'lambda:*' }],
    ['about rules', onBus, { Action: 'events:*Rule' }],
    ['on rules only', onBus, { Action: 'events:*', ...RULES }],
    ['for its own account', onBus, { Action: '*', Principal: { AWS: rootArn({ account: '111111111111' }) } }],
    ['denied', onBus, { Action: '*', Effect: 'Deny' }],
    ['for invoking', onFunction, { Action: 'lambda:Invoke*' }],
    ['for reading', onFunction, { Action: ['lambda:Get*', 'lambda:List*'] }],
    ['of EventBridge', onFunction, { Action: 'events:*' }],
  ])('are not reported if they are %s: %p', (_, check, statement) => {
    expect(check(statement)).toEqual([]);
  });

  test('are reported with their names, and with what they change', () => {
    const [{ problem }] = onBus({ Action: ['events:P*', 'events:PutRule', 'events:*Permission'] });
    expect(problem).toContain('events:P*, events:*Permission on bus');
    expect(onFunction({ Action: 'lambda:*' })[0].problem).not.toContain('rules');
    const unknown = [Fn.importValue('First'), Fn.importValue('Second')];
    const [{ problem: unknownProblem, reason }] = onBus({ Action: [...unknown, 'events:*'] });
    expect(unknownProblem).not.toContain('events:*');
    expect(reason).toMatch(/First.*, .*Second/);
  });
});

const PUT = { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' };
const condition = (key: string, value: unknown, operator = 'StringEquals') => ({
  ...PUT,
  Condition: { [operator]: { [key]: value } },
});
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const policies = (...statements: object[]) => [{ policyName: 'put', policyDocument: document(...statements) }];
const TRUST = { assumeRolePolicyDocument: document() };

function onAnyBus(create: (three: ThreeAccounts) => unknown) {
  const three = new ThreeAccounts();
  create(three);
  return findingsOfCheck(three.app, checkWildcardEventBuses);
}

const inRole = (...statements: object[]) =>
  onAnyBus(({ hub }) => new CfnRole(hub, 'Role', { ...TRUST, policies: policies(...statements) }));

describe('a policy for all buses', () => {
  test.each<[string, object]>([
    ['every resource', PUT],
    ['every resource, among others', { ...PUT, Resource: [busArn(), '*'] }],
    ['every resource but others', { ...PUT, Resource: undefined, NotResource: busArn() }],
    ['every bus, by a wildcard action', { ...PUT, Action: ['s3:*', 'events:*'] }],
    ['every bus, with a condition on something else', condition('events:source', 'x')],
    ['every bus of any account', condition('aws:ResourceAccount', '*', 'StringLike')],
    ['every bus of no account', condition('aws:ResourceAccount', ['111111111111', ''])],
    ['every bus, if an account is known', condition('aws:ResourceAccount', '111111111111', 'StringEqualsIfExists')],
    ['every bus, for all accounts', condition('aws:ResourceOrgPaths', 'o-1/*', 'ForAllValues:StringLike')],
    ['every bus of other accounts', condition('aws:ResourceAccount', '111111111111', 'StringNotEquals')],
    ['every bus, with a key that contains another', condition('x:aws:ResourceAccount', '1')],
    ['every bus, with a key that begins like another', condition('aws:ResourceAccountId', '1')],
  ])('is reported for %s', (_, statement) => {
    expect(inRole(statement).map(placeOf)).toEqual(['warning wildcardPutEventsResource /Hub/Role']);
  });

  test.each<[string, object]>([
    ['a bus', { ...PUT, Resource: busArn() }],
    ['a bus and all buckets', { ...PUT, Action: ['events:PutEvents', 's3:*'], Resource: [busArn(), 'arn:aws:s3:::*'] }],
    ['a bus and all queues', { ...PUT, Resource: [busArn(), 'arn:aws:sqs:*:*:*'] }],
    ['other actions', { ...PUT, Action: ['events:PutRule', 's3:*'] }],
    ['every action', { ...PUT, Action: '*' }],
    ['every action of every service', { ...PUT, Action: '*:*' }],
    ['no action', { ...PUT, Effect: 'Deny' }],
    ['the buses of an account', condition('AWS:resourceaccount', '111111111111')],
    ['the buses of an organization', condition('aws:ResourceOrgID', ['o-1', 'o-2'], 'StringLike')],
    ['the buses of an organizational unit', condition('aws:ResourceOrgPaths', 'o-1/*', 'ForAnyValue:StringLike')],
    ['the buses with a tag', condition('aws:ResourceTag/team', 'shop')],
  ])('is not reported for %s', (_, statement) => {
    expect(inRole(statement)).toEqual([]);
  });

  test('is reported with its first such statement', () => {
    const problemOf = (...statements: object[]) => inRole(...statements)[0].problem;
    expect(problemOf({ ...PUT, Resource: busArn() }, PUT)).toContain("'#2'");
    expect(problemOf(PUT, { ...PUT, Sid: 'Second' })).toContain("'#1'");
    expect(problemOf({ ...PUT, Sid: 'First' }, PUT)).toContain("'First'");
  });

  test.each<[string, string[], string[]]>([
    ['AmazonEventBridgeFullAccess', ['arn:aws:iam::aws:policy/AmazonEventBridgeFullAccess'], ['/Hub/Role']],
    [
      'one of several',
      ['arn:aws:iam::aws:policy/X', 'arn:aws:iam::aws:policy/CloudWatchEventsFullAccess'],
      ['/Hub/Role'],
    ],
    ['others', ['arn:aws:iam::aws:policy/AmazonEventBridgeReadOnlyAccess'], []],
  ])('is reported if AWS manages it: %s', (_, managedPolicyArns, paths) => {
    const found = onAnyBus(({ hub }) => new CfnRole(hub, 'Role', { ...TRUST, managedPolicyArns }));
    expect(found.map(placeOf)).toEqual(paths.map((path) => `warning wildcardPutEventsResource ${path}`));
    for (const { problem } of found) expect(problem).toContain(`'${managedPolicyArns.slice(-1)[0].split('/')[1]}'`);
  });

  test('is reported for users and groups too, and once for each construct', () => {
    const found = onAnyBus(({ hub }) => {
      const user = new CfnUser(hub, 'User', { policies: [...policies(PUT), ...policies(PUT)] });
      const group = new CfnGroup(hub, 'Group', { policies: policies(PUT) });
      const role = new CfnRole(hub, 'Role', { ...TRUST });
      new CfnManagedPolicy(hub, 'Managed', {
        policyDocument: document(PUT),
        users: [user.ref],
        groups: [group.ref],
        roles: [role.ref],
      });
    });
    expect(found.map(placeOf).sort()).toEqual(
      ['Group', 'Managed', 'User'].map((id) => `warning wildcardPutEventsResource /Hub/${id}`),
    );
  });
});

test.each<[string, boolean]>([
  ['*', true],
  ['arn:aws:events:*:*:event-bus/*', true],
  ['arn:aws:events:eu-west-1:111111111111:event-bus/*', true],
  ['arn:*:events:*', true],
  ['arn:aws:*:*:*:*', true],
  ['arn:aws:ev?nts:*', true],
  ['arn:aws:events:*:*:rule/*', false],
  ['arn:‹AWS::Partition›:events:‹region›:‹AWS::AccountId›:event-bus/*', true],
  ['arn:aws:s3:::*', false],
  ['arn:aws:events:::*', false],
  ['arn:aws:events:*:*:event-bus/orders*', false],
  [busArn(), false],
  ['arn:aws:events:eu-west-1:111111111111:event-bus/?', false],
])('a pattern matches all buses: %s', (pattern, expected) => {
  expect(matchesAllBuses(pattern)).toBe(expected);
});
