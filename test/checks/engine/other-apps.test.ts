import { Fn, Stack } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct, IConstruct } from 'constructs';
import { AppIndex } from '../../../src/app-model/app-index';
import { SynthesizedApp } from '../../../src/app-model/assembly';
import { OtherApp } from '../../../src/app-model/other-apps';
import { errorFinding, warningFinding } from '../../../src/checks/engine/finding';
import { isReportedWith, notFoundFinding, onOwnResource, withOtherApps } from '../../../src/checks/engine/other-apps';
import { FindingId } from '../../../src/checks/finding-id';
import { rootOfStacks } from '../../../src/cloud-assembly/stack-constructs';
import { BILLING, HUB, SHOP, testApp, testStack } from '../../support/apps';
import { busArn, cfnEventBus, functionArn, queueArn, roleArn } from '../../support/three-accounts';

const ROLE_POLICY = { assumeRolePolicyDocument: { Statement: [] } };
const inHub = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:111111111111:${resource}`;

/** An app in account 222222222222, which knows the app `hub`, of account 111111111111. */
function apps({ hasUnknownNames = false, isStage = false, other = testApp() as IConstruct } = {}) {
  const app = testApp();
  const shop = testStack('Shop', SHOP, app);
  const own = new CfnEventBus(shop, 'Bus', { name: 'own' });
  const hub = new Stack(other, 'Hub', { env: HUB });
  new CfnEventBus(hub, 'Bus', { name: 'orders' });
  const us = new Stack(other, 'Us', { env: { account: HUB.account, region: 'us-east-1' } });
  new CfnEventBus(us, 'Bus', { name: 'payment' });
  new CfnQueue(hub, 'Queue', { queueName: hasUnknownNames ? undefined : 'parcels' });
  new CfnTopic(hub, 'Topic', { topicName: 'news' });
  new CfnRole(hub, 'Role', { ...ROLE_POLICY, roleName: 'team/publisher' });
  if (hasUnknownNames) new CfnRole(hub, 'Unknown', { ...ROLE_POLICY, roleName: Fn.importValue('RoleName') });
  const described = new OtherApp("app 'hub'", other, isStage);
  return { app, shop, own, hub, described, index: AppIndex.of(app, [described]) };
}

const notFound = (resource: string, options = {}) => {
  const { index, shop } = apps(options);
  return notFoundFinding(index, shop, resource, { problem: 'problem' });
};

describe('a resource that another app describes', () => {
  test.each<[string, string, FindingId]>([
    ['bus', busArn('order'), FindingId.EVENT_BUS_NOT_FOUND],
    ['function', functionArn('handler'), FindingId.RESOURCE_NOT_FOUND],
    ['queue', queueArn('parcel'), FindingId.RESOURCE_NOT_FOUND],
    ['topic', inHub('sns', 'new'), FindingId.RESOURCE_NOT_FOUND],
    ['stream', inHub('kinesis', 'stream/s'), FindingId.RESOURCE_NOT_FOUND],
    ['API', inHub('execute-api', 'a/prod/GET/x'), FindingId.RESOURCE_NOT_FOUND],
    ['role', roleArn('publishers', HUB), FindingId.RESOURCE_NOT_FOUND],
  ])('is an error if it does not define the %s', (noun, arn, id) => {
    const finding = notFound(arn)!;
    expect(finding).toMatchObject({ id, level: 'error', resource: arn, problem: 'problem' });
    expect(finding.reason).toContain("app 'hub' describes account 111111111111");
    expect(finding.reason).toContain(`the ${noun};`);
    expect(finding.fix).toContain('otherApps');
  });

  test('fails what a construct reported as the consequence', () => {
    const { index, shop } = apps();
    const arn = roleArn('publishers', HUB);
    const finding = notFoundFinding(index, shop, arn, { problem: 'problem', consequence: 'PutEvents is denied' })!;
    expect(finding.problem).toBe(`role ${arn} does not exist, so PutEvents is denied`);
  });

  test.each<[string, string, object?]>([
    ['it is defined', busArn()],
    ['it is the default bus', busArn('default')],
    ['the app has nothing in its Region', busArn('order', { account: '111111111111', region: 'ap-south-1' })],
    ['the app has nothing in its account', busArn('order', { account: '444444444444', region: 'eu-west-1' })],
    ['it is a resource of this app', busArn('other', SHOP)],
    ['its kind is not known', inHub('s3', 'bucket')],
    ['it is something else of EventBridge', inHub('events', 'archive/order')],
    ['its name is known only at deployment', queueArn('‹Name›')],
    ['the app has one whose name is generated', queueArn('parcel'), { hasUnknownNames: true }],
  ])('is not an error if %s', (_, arn, options = {}) => {
    expect(notFound(arn, options)).toBeUndefined();
  });

  test.each<[string, string, object?]>([
    ['a name that is generated', 'Hub-RoleABCD1234-1Q2W3E4R5T6Y'],
    ['another name that is generated', 'Hub-Role-abcdefghijK1'],
    ['a service role', 'service-role/AmazonX'],
    ['a role of a service', 'aws-service-role/x.amazonaws.com/AWSServiceRoleForX'],
    ['a service-linked role', 'AWSServiceRoleForEvents'],
    ['a role of IAM Identity Center', 'AWSReservedSSO_Admin_0123456789abcdef'],
    ['a role of AWS Organizations', 'OrganizationAccountAccessRole'],
    ['a role of stack sets', 'stacksets-exec-0123456789'],
    ['a role of the CDK', 'cdk-hnb659fds-deploy-role-111111111111-eu-west-1'],
    [
      'another role, if the app has one whose name is known only at deployment',
      'publishers',
      { hasUnknownNames: true },
    ],
  ])('is not an error if it may be a role that no app defines: %s', (_, name, options = {}) => {
    expect(notFound(roleArn(name, HUB), options)).toBeUndefined();
  });

  test.each([
    'publisher-abcdefghijkl',
    'Hub-RoleABCD1234-1Q2W3E4R5T6Yabc',
    'MyOrganizationAccountAccessRole',
    'MyAWSServiceRoleForEvents',
    'OrganizationAccountAccessRoleOfMine',
    'my-service-role/x',
    'cdk-hnb659fds-deploy-role-eu-west-1',
    'xcdk-hnb659fds-deploy-role-111111111111-eu-west-1',
  ])('is an error if it is a role with a similar name: %s', (name) => {
    expect(notFound(roleArn(name, HUB))).toBeDefined();
  });

  test.each<[string, string | undefined]>([
    [busArn('orderz'), 'orders'],
    [queueArn('parcel'), 'parcels'],
    [roleArn('team/publishers', HUB), 'team/publisher'],
    [functionArn('handler'), undefined],
    // of another Region or account
    [busArn('payment'), 'orders'],
    [busArn('own'), 'orders'],
  ])('is an error with the nearest name in its account and Region: %s', (arn, nearest) => {
    const { reason } = notFound(arn)!;
    expect(/'([^']+)'$/.exec(reason!)?.[1]).toBe(nearest);
  });
});

describe('a resource of an app that is checked with others', () => {
  /** On a construct of the app `hub`, beside which the app `billing` is checked. */
  const notFoundIn = (resource: string, options: Parameters<typeof apps>[0] = {}) => {
    const { app, hub, described } = apps(options);
    const billing = testApp();
    new CfnQueue(testStack('Billing', BILLING, billing), 'Queue', { queueName: 'parcels' });
    const index = AppIndex.of(app, [described, new OtherApp("app 'billing'", billing)]);
    return notFoundFinding(index, hub, resource, { problem: 'problem' });
  };

  test('is an error if another one describes its account, also in the order of the apps', () => {
    const finding = notFoundIn(queueArn('parcel', BILLING), { other: new SynthesizedApp(rootOfStacks(), 'hub') })!;
    expect(finding.reason).toBe(
      "app 'billing' describes account 333333333333 and does not define the queue; the nearest name there is 'parcels'",
    );
    expect(finding.fix).toBe(
      "correct the ARN, define the queue in app 'billing', or check the app that defines it too",
    );
  });

  test('is an error of a stage, of whose app others are not checked', () => {
    expect(notFoundIn(queueArn('parcel', BILLING), { isStage: true })!.fix).toMatch(
      /, or pass the app .* to 'otherApps'$/,
    );
  });

  test('is not an error if only the app itself describes its account', () => {
    expect(notFoundIn(queueArn('parcel'))).toBeUndefined();
  });

  test('is not an error if only the app that is synthesized describes its account', () => {
    const other = new SynthesizedApp(rootOfStacks(), 'hub');
    expect(notFoundIn(queueArn('parcel', SHOP), { other })).toBeUndefined();
  });
});

describe('a manual step', () => {
  const after = (id: FindingId, resource?: string) => {
    const { index, shop } = apps();
    const finding = warningFinding(id, shop, { problem: 'p', fix: 'f' }, resource);
    return { finding, found: withOtherApps(index, finding) };
  };

  test.each([
    FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
    FindingId.MANUALLY_ADD_FUNCTION_PERMISSION,
    FindingId.MANUALLY_ADD_QUEUE_POLICY,
    FindingId.MANUALLY_ADD_TOPIC_POLICY,
    FindingId.MANUALLY_ADD_STREAM_POLICY,
    FindingId.MANUALLY_ADD_API_POLICY,
    FindingId.MANUALLY_ADD_ROLE_POLICY,
    FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
  ])('is an error if another app should define the resource: %s', (id) => {
    expect(after(id, queueArn('other')).found).toMatchObject({ id: FindingId.RESOURCE_NOT_FOUND, level: 'error' });
  });

  test.each<[string, FindingId, string | undefined]>([
    ['no other app should define the resource', FindingId.MANUALLY_ADD_QUEUE_POLICY, queueArn('parcels')],
    ['it has no resource', FindingId.MANUALLY_ADD_QUEUE_POLICY, undefined],
    ['it is another finding', FindingId.WILDCARD_PRINCIPAL, queueArn('other')],
  ])('stays if %s', (_, id, resource) => {
    const { finding, found } = after(id, resource);
    expect(found).toBe(finding);
  });
});

describe('a finding about another app', () => {
  const TEXT = { problem: 'p', reason: 'r', fix: 'f' };
  const ID = FindingId.TARGET_ACCESS_DENIED;
  const all = () => true;

  test('is reported on the resource of this app whose events are lost', () => {
    const { index, hub, own } = apps();
    const finding = { ...errorFinding(ID, hub, TEXT, 'arn'), affected: [hub, own] };
    const isOwn = (construct: Construct) => construct === own;
    expect(onOwnResource(index, finding, isOwn as never)).toEqual([
      errorFinding(ID, own, { ...TEXT, problem: "app 'hub' does not work with this app: p" }, 'arn'),
    ]);
    expect(onOwnResource(index, { ...finding, resource: undefined }, isOwn as never)).toEqual([
      errorFinding(ID, own, { ...TEXT, problem: "app 'hub' does not work with this app: p" }),
    ]);
  });

  test('is reported on the resource of this app that it uses', () => {
    const { index, hub, own } = apps();
    const found = onOwnResource(index, errorFinding(ID, hub, TEXT, busArn('own', SHOP)), all);
    expect(found.map(({ construct }) => construct)).toEqual([own]);
  });

  test('is not reported without a resource of this app', () => {
    const { index, hub, own } = apps();
    expect(onOwnResource(index, errorFinding(ID, hub, TEXT), all)).toEqual([]);
    expect(onOwnResource(index, errorFinding(ID, hub, TEXT, busArn('own', SHOP)), () => false)).toEqual([]);
    expect(onOwnResource(index, warningFinding(ID, hub, TEXT, busArn('own', SHOP)), all)).toEqual([]);
    expect(onOwnResource(index, errorFinding(ID, own, TEXT, busArn('own', SHOP)), all)).toEqual([]);
  });

  test('is not reported by a stage that uses the resource, which reports it itself', () => {
    const { index, hub, own } = apps({ isStage: true });
    const finding = errorFinding(ID, hub, TEXT, busArn('own', SHOP));
    expect(onOwnResource(index, finding, all)).toEqual([]);
    expect(onOwnResource(index, { ...finding, affected: [own] }, all)).toHaveLength(1);
  });

  test('is reported with those of the app only if it is a stage or in the app', () => {
    const [separate, stage] = [apps(), apps({ isStage: true })];
    expect(isReportedWith(separate.index, separate.own)).toBe(true);
    expect(isReportedWith(separate.index, separate.hub)).toBe(false);
    expect(isReportedWith(stage.index, stage.hub)).toBe(true);
  });

  test('is reported with those of the apps that are checked together', () => {
    const root = testApp();
    const [one, two] = ['One', 'Two'].map((id) => new Construct(root, id));
    const bus = cfnEventBus(new Stack(one, 'Hub', { env: HUB }));
    const other = new OtherApp("app 'one'", one);
    expect(isReportedWith(AppIndex.of(root, [other]), bus)).toBe(true);
    expect(isReportedWith(AppIndex.of(two, [other]), bus)).toBe(false);
  });
});
