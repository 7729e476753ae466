import { CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { checkPublisherRoleTrust } from '../../../src/checks/access/publisher-role-trust';
import { findingsOfCheck, placeOf } from '../../support/check-findings';
import { ThreeAccounts, busArn, cfnEventBus, cfnRule, rootArn } from '../../support/three-accounts';

const ANYONE = { Principal: '*' };
const OWN = { Principal: { AWS: rootArn({ account: '222222222222' }) } };
const forAnyAccount = (Service: unknown) => ({
  Principal: { Service },
  Condition: { StringLike: { 'aws:SourceAccount': '*' } },
});
const SCHEDULER = 'scheduler.amazonaws.com';
const EVENTS = 'events.amazonaws.com';

interface RoleProps {
  readonly trust?: object[];
  readonly resource?: (three: ThreeAccounts) => unknown;
  readonly managedPolicyArns?: string[];
  readonly isUsedByRule?: boolean;
}

/** The findings in an app with a role, and with the buses `orders` and `returns`. */
function findingsOf({ trust = [ANYONE], resource, managedPolicyArns, isUsedByRule = false }: RoleProps) {
  const three = new ThreeAccounts();
  cfnEventBus(three.hub);
  cfnEventBus(three.hub, 'Returns', 'returns');
  const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: resource?.(three) };
  const role = new CfnRole(three.shop, 'Role', {
    roleName: 'role',
    assumeRolePolicyDocument: {
      Statement: trust.map((one) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...one })),
    },
    managedPolicyArns,
    policies: resource && [{ policyName: 'put', policyDocument: { Statement: [statement] } }],
  });
  cfnRule(three.shop, { arn: busArn(), roleArn: isUsedByRule ? role.attrArn : undefined });
  return findingsOfCheck(three.app, checkPublisherRoleTrust);
}

const onBus = { resource: () => busArn() };
const FINDING = ['warning publisherRoleTrustTooBroad /Shop/Role'];

describe('the trust policy of a role that can put events', () => {
  test.each<[string, RoleProps]>([
    ['any principal, in any statement', { ...onBus, trust: [OWN, ANYONE] }],
    [
      'another service, although a rule uses the role',
      { ...onBus, trust: [forAnyAccount(SCHEDULER)], isUsedByRule: true },
    ],
    ['another service and EventBridge', { ...onBus, trust: [forAnyAccount([EVENTS, SCHEDULER])] }],
    ['a service whose name ends like EventBridge', { ...onBus, trust: [forAnyAccount(`x${EVENTS}`)] }],
    ['a service whose name begins like EventBridge', { ...onBus, trust: [forAnyAccount(`${EVENTS}.example`)] }],
  ])('is reported for %s', (_, role) => {
    expect(findingsOf(role).map(placeOf)).toEqual(FINDING);
  });

  test.each<[string, RoleProps]>([
    ['any principal, if a rule uses the role', { ...onBus, isUsedByRule: true }],
    ['its own account', { ...onBus, trust: [OWN] }],
    ['EventBridge', { ...onBus, trust: [forAnyAccount(EVENTS)] }],
    ['EventBridge in China', { ...onBus, trust: [forAnyAccount(`${EVENTS}.cn`)] }],
    ['EventBridge, if a rule uses the role', { ...onBus, trust: [forAnyAccount(EVENTS)], isUsedByRule: true }],
  ])('is not reported for %s', (_, role) => {
    expect(findingsOf(role)).toEqual([]);
  });

  test('is reported for what is certain, before what is known only at deployment', () => {
    const unknown = { Principal: { AWS: Fn.importValue('Account') } };
    const [certain] = findingsOf(onBus);
    expect(findingsOf({ ...onBus, trust: [unknown, ANYONE] })[0].problem).toBe(certain.problem);
    expect(findingsOf({ ...onBus, trust: [unknown] })[0].problem).not.toBe(certain.problem);
  });

  test('is reported with the first buses', () => {
    const [{ problem }] = findingsOf({ resource: () => ['a', 'b', 'c', 'd'].map((name) => busArn(name)) });
    expect(problem).toContain(['a', 'b', 'c'].map((name) => busArn(name)).join(', '));
    expect(problem).not.toContain(busArn('d'));
  });
});

describe('a role', () => {
  test.each<[string, RoleProps]>([
    ['a bus, among other resources', { resource: () => ['arn:aws:s3:::bucket', busArn()] }],
    ['a bus of another app', { resource: () => busArn('other') }],
    ['one of the buses, by a wildcard', { resource: () => 'arn:aws:events:*:111111111111:*turns' }],
    ['a bus, by a wildcard for one character', { resource: () => busArn().replace('event-bus', 'event-bu?') }],
    ['a resource known only at deployment', { resource: ({ shop }) => new CfnParameter(shop, 'Bus').valueAsString }],
    [
      'EventBridge known only at deployment',
      { resource: () => Fn.join('', ['arn:aws:events:', Fn.importValue('Bus')]) },
    ],
    ['everything but identities', { managedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] }],
    [
      'everything, in addition to something else',
      { managedPolicyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/AdministratorAccess'] },
    ],
  ])('is checked if its policies allow %s', (_, role) => {
    expect(findingsOf(role).map(placeOf)).toEqual(FINDING);
  });

  test.each<[string, RoleProps]>([
    ['other resources', { resource: () => ['arn:aws:s3:::bucket', 'arn:aws:events:*:111111111111:*/other'] }],
    [
      'an attribute of a resource',
      { resource: ({ shop }) => Fn.getAtt(cfnRule(shop, undefined, {}, 'Any').logicalId, 'Arn') },
    ],
    ['a queue known only at deployment', { resource: () => Fn.join('', ['arn:aws:sqs:', Fn.importValue('Queue')]) }],
    [
      'what an own policy of that name does',
      { managedPolicyArns: ['arn:aws:iam::222222222222:policy/AdministratorAccess'] },
    ],
    ['what a longer name does', { managedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess-Amplify'] }],
    ['nothing', {}],
  ])('is not checked if its policies allow %s', (_, role) => {
    expect(findingsOf(role)).toEqual([]);
  });
});
