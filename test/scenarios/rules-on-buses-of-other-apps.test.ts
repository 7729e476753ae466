import { Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { AllowedRules, CrossAccountEventBus, CrossAccountEventBusTarget, EventPublisher } from '../../src';
import { CrossAccountRule } from '../../src/targets/cross-account-rule';
import { BILLING, HUB } from '../support/apps';
import { expectMessage } from '../support/messages';
import { SeparateApps, WAYS, Way, messagesAmong } from '../support/separate-apps';

const busArnIn = ({ account }: typeof HUB) => `arn:aws:events:eu-west-1:${account}:event-bus/central`;
const OWN_BUSES = [`arn:aws:events:*:${BILLING.account}:event-bus/*`];
const OWNERS_LIMIT: AllowedRules = { sources: ['com.shop'], targetArns: OWN_BUSES };

interface Subscription {
  readonly source: any[];
  /** What the owner of the bus allows. */
  readonly allowed: AllowedRules[];
  /** Whether the rule has the name of the bus, and not its ARN. */
  readonly byName?: boolean;
}

/** A rule of one app on the bus of another one. */
const apps = ({ source, allowed, byName = false }: Subscription): SeparateApps => ({
  Billing: {
    env: BILLING,
    define: (stack) => {
      const eventPattern = { source, detailType: ['OrderPlaced'] };
      if (byName) {
        new CfnRule(stack, 'Rule', {
          eventBusName: 'central',
          eventPattern: { source },
          targets: [{ id: 'T', arn: busArnIn(BILLING).replace('central', 'local') }],
        });
        return;
      }
      const local = new EventBus(stack, 'Local', { eventBusName: 'local' });
      const targets = [new CrossAccountEventBusTarget(local)];
      new CrossAccountRule(stack, 'Rule', { eventBus: imported(stack), eventPattern, targets });
    },
  },
  Hub: {
    env: HUB,
    define: (stack) => {
      const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'central' });
      for (const rules of allowed) bus.allowRuleManagement(EventPublisher.accounts(BILLING.account), rules);
    },
  },
});

const imported = (stack: Stack) => EventBus.fromEventBusArn(stack, 'Central', busArnIn(HUB));

/** The object that a fix passes to `allowRuleManagement()`. */
const rulesIn = (fix: string): AllowedRules =>
  JSON.parse(
    /allowRuleManagement\(EventPublisher\.accounts\('333333333333'\), ({[^}]*})\)/
      .exec(fix)![1]
      .replace(/(\w+): \[/g, '"$1": [')
      .replace(/'/g, '"'),
  );

describe.each(Object.keys(WAYS) as Way[])('a rule on a bus that the hub defines, known by %s', (way) => {
  const messages = (subscription: Subscription) => messagesAmong(apps(subscription), 'Billing', way);

  test('is allowed by the grant of the hub', () => {
    expect(messages({ source: ['com.shop'], allowed: [OWNERS_LIMIT] })).toEqual([]);
  });

  test.each<[string, Subscription]>([
    ['another source is named', { source: ['com.shpo'], allowed: [OWNERS_LIMIT] }],
    ['the hub allows no rules', { source: ['com.shop'], allowed: [] }],
    ['the hub allows no rules, for a pattern without exact sources', { source: [{ prefix: 'com.' }], allowed: [] }],
  ])('is denied if %s, until the hub has the call of the fix', (_, subscription) => {
    const [message, ...more] = messages(subscription);
    expect(more).toEqual([]);
    expect(message).toContain("for bus 'Hub/Bus' in app 'Hub'");
    expect(message).not.toContain('CrossAccountRule');
    expectMessage(message);

    const rules = rulesIn(message);
    expect(rules.targetArns).toEqual(OWN_BUSES);
    expect(messages({ ...subscription, allowed: [...subscription.allowed, rules] })).toEqual([]);
  });

  test('is denied in the app of the bus, until it has the call of its fix', () => {
    const denied: Subscription = { source: ['com.shop'], allowed: [] };
    const [message, ...more] = messagesAmong(apps(denied), 'Hub', way);
    expect(more).toEqual([]);
    expect(message).toMatch(/Fix: call allowRuleManagement\(.*\) on 'Hub\/Bus'/);
    expectMessage(message);
    expect(messagesAmong(apps({ ...denied, allowed: [rulesIn(message)] }), 'Hub', way)).toEqual([]);
  });

  test('is denied for a matcher where the hub lists sources, until the pattern lists them', () => {
    const [message, ...more] = messages({ source: [{ prefix: 'com.shop' }], allowed: [OWNERS_LIMIT] });
    expect(more).toEqual([]);
    expect(message).toContain("\nFix: list exact values for 'source' ('com.shop') in the pattern");
    expect(message).not.toContain('allowRuleManagement');
    expectMessage(message);
  });

  test.each([
    ['allowed', [OWNERS_LIMIT]],
    ['denied', []],
  ])('that names it, and would be %s by ARN', (_, allowed) => {
    const message = messages({ source: ['com.shop'], allowed, byName: true }).find((text) => /NotFound/.test(text))!;
    expect(message).toContain(`Fix: use a CrossAccountRule on bus ${busArnIn(HUB)}`);
    expect(message.includes('allowRuleManagement')).toBe(allowed.length === 0);
    expectMessage(message);
  });
});
