import { Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus } from 'aws-cdk-lib/aws-events';
import { AppIndex } from '../../../src/app-model/app-index';
import { EventBusQuota, EventBusQuotas, QuotaLimits } from '../../../src/checks/quotas/quota-limits';
import { ResourceOwners } from '../../../src/checks/quotas/resource-owners';
import { HUB } from '../../support/apps';
import { placeOf } from '../../support/check-findings';
import { AWS_LIMITS } from '../../support/quota-limits';
import { ThreeAccounts, busArn, cfnEventBus, cfnEventBusPolicy, cfnRule } from '../../support/three-accounts';

const withBuses = (entries: [string, EventBusQuota][], more: Partial<QuotaLimits> = {}): QuotaLimits => ({
  ...AWS_LIMITS,
  ...more,
  eventBuses: new Map(entries),
});

/** An app with the bus `orders`. */
function orders(): ThreeAccounts {
  const three = new ThreeAccounts();
  cfnEventBus(three.hub);
  return three;
}

describe('the limits of a bus', () => {
  const quotasOf = (entries: [string, EventBusQuota][], more?: Partial<QuotaLimits>) =>
    new EventBusQuotas(AppIndex.of(orders().app), withBuses(entries, more));
  const QUOTA = { policyLimit: 20_000, rulesLimit: 500, warningThresholdPercent: 50 };
  const [POLICY, RULES] = [
    { limit: 20_000, threshold: 50 },
    { limit: 500, threshold: 50 },
  ];

  test.each<[string, string, string]>([
    ['its name', 'orders', busArn()],
    ['its ARN', busArn(), busArn()],
    [
      'its name, if its account is known only at deployment',
      'orders',
      busArn().replace(HUB.account, '‹AWS::AccountId›'),
    ],
    [
      'its ARN, if its account is known only at deployment',
      busArn(),
      busArn().replace(HUB.account, '‹AWS::AccountId›'),
    ],
    ['the text of its ARN', '‹Arn of Hub/Bus›', '‹Arn of Hub/Bus›'],
  ])('are found by %s', (_, key, arn) => {
    const quotas = quotasOf([
      ['other', {}],
      [key, QUOTA],
    ]);
    expect([quotas.policyQuota(arn), quotas.rulesQuota(arn)]).toEqual([POLICY, RULES]);
  });

  test.each<[string, string, string]>([
    ['another name', 'order', busArn()],
    ['an ARN in another account', busArn('orders', { ...HUB, account: '222222222222' }), busArn()],
    ['an ARN in another Region', busArn().replace('eu-west-1', '‹region›'), busArn('orders', HUB)],
    ['a longer name', 'orders-2', busArn()],
    ['the name of a resource of another service', 'orders', 'arn:aws:x:eu-west-1:111111111111:event-bus/orders'],
    ['the name of a rule', 'orders', 'arn:aws:events:eu-west-1:111111111111:rule/orders'],
    ['no name', '', busArn('')],
  ])('are those of all buses by %s', (_, key, arn) => {
    const quotas = quotasOf([[key, QUOTA]]);
    expect(quotas.policyQuota(arn)).toEqual({ limit: 10_240, threshold: 80 });
    expect(quotas.policyQuota(arn, 20_480)).toEqual({ limit: 20_480, threshold: 80 });
    expect(quotas.rulesQuota(arn)).toEqual({ limit: 300, threshold: 80 });
  });

  test('are resolved in the app', () => {
    const three = new ThreeAccounts();
    const { attrArn } = cfnEventBus(three.hub);
    const quotas = new EventBusQuotas(AppIndex.of(three.app), withBuses([[attrArn, QUOTA]]));
    expect(quotas.policyQuota(busArn())).toEqual(POLICY);
    expect(quotas.unusedLimits()).toEqual([]);
  });

  test('of rules depend on the Region', () => {
    const [none, own] = [quotasOf([]), quotasOf([], { rulesPerEventBus: 200 })];
    const cape = busArn('orders', { ...HUB, region: 'af-south-1' });
    expect([none, own].map((quotas) => quotas.rulesQuota(cape).limit)).toEqual([100, 200]);
    expect(quotasOf([['orders', { rulesLimit: 400 }]], { rulesPerEventBus: 200 }).rulesQuota(cape).limit).toBe(400);
  });
});

describe('limits of a bus that the app does not have', () => {
  const unusedIn = (three: ThreeAccounts, ...names: string[]) =>
    new EventBusQuotas(AppIndex.of(three.app), withBuses(names.map((name) => [name, {}]))).unusedLimits();

  test('are reported', () => {
    const found = unusedIn(orders(), 'orders', 'order', busArn(), 'returns');
    expect(found.map(placeOf)).toEqual(Array(2).fill('warning eventBusPolicySize /Hub'));
    expect(found.map(({ problem }) => /'(order|returns)'/.exec(problem)?.[1])).toEqual(['order', 'returns']);
  });

  test.each<[string, (three: ThreeAccounts) => unknown]>([
    ['a rule', ({ hub }) => cfnRule(hub, undefined, { eventBusName: 'other' })],
    ['a policy', ({ hub }) => cfnEventBusPolicy(hub, {}, { bus: 'other' })],
    [
      'a bus of a stage',
      ({ app }) => cfnEventBus(new Stack(new Stage(app, 'Stage'), 'Stack', { env: HUB }), 'B', 'other'),
    ],
  ])('are not reported if it has %s', (_, create) => {
    const three = orders();
    create(three);
    expect(unusedIn(three, 'other')).toEqual([]);
    expect(unusedIn(three, 'other', 'another')).toHaveLength(1);
  });

  test('are not reported for a stage', () => {
    const { app } = orders();
    const stage = new Stage(app, 'Stage');
    new CfnEventBus(new Stack(stage, 'Stack', { env: HUB }), 'Bus', { name: 'orders' });
    const quotas = new EventBusQuotas(AppIndex.of(stage), withBuses([['other', {}]]));
    expect(quotas.unusedLimits()).toEqual([]);
  });
});

describe('the owners of resources', () => {
  const three = new ThreeAccounts();
  const [first, second] = [three.stack('First', HUB), three.stack('Second', HUB)];
  const [a, b] = [first, second].map((stack) => ({
    arn: '‹Arn›',
    construct: new CfnEventBus(stack, 'Bus', { name: 'b' }),
  }));
  const parts = [first, second, first].map((stack, i) => ({
    construct: new CfnEventBus(stack, `P${i}`, { name: 'b' }),
  }));

  test('group parts by their stack only if several resources or none may have the ARN', () => {
    const groups = (resources: { arn: string; construct: CfnEventBus }[], arn = '‹Arn›') =>
      new ResourceOwners(resources).groupByEnvironment(arn, parts);
    const byStack = [[parts[0], parts[2]], [parts[1]]];
    expect(groups([a])).toEqual([parts]);
    expect(groups([a, b], 'arn')).toEqual([parts]);
    expect(groups([a, b])).toEqual(byStack);
    expect(groups([])).toEqual(byStack);
  });

  test('are those in the stack of the first part, then any, then the part itself', () => {
    const [all, one] = [new ResourceOwners([a, b]), new ResourceOwners([a])];
    expect(all.ownerOf('‹Arn›', [parts[1]])).toBe(b.construct);
    expect(one.ownerOf('‹Arn›', [parts[1]])).toBe(a.construct);
    expect(one.ownerOf('other', [parts[1]])).toBe(parts[1].construct);
    expect(all.arnUnlessOwner('‹Arn›', b.construct)).toBeUndefined();
    expect(all.arnUnlessOwner('‹Arn›', parts[0].construct)).toBe('‹Arn›');
    expect(all.arnUnlessOwner('other', a.construct)).toBe('other');
  });
});
