import { App, Stack } from 'aws-cdk-lib';
import { CfnRule, CfnRuleProps, Rule } from 'aws-cdk-lib/aws-events';
import { AppIndex } from '../../../../src/app-model/app-index';
import {
  RuleManagementAccess,
  allowRuleOnBus,
  allowRuleOnOtherBus,
} from '../../../../src/checks/delivery/lib/rule-grants';
import { isRuleAllowed } from '../../../../src/checks/delivery/rule-management';
import { HUB, SHOP, testApp, testStack } from '../../../support/apps';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  functionArn,
  importedBus,
  rootArn,
} from '../../../support/three-accounts';

const NO_ACCESS: RuleManagementAccess = { statements: [], deniedAction: 'events:PutRule' };
const LOCAL = busArn('local', SHOP);

let app: App;
let hub: Stack;
let shop: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  shop = testStack('Shop', SHOP, app);
});

/** The fix for a rule of account 222222222222 on the bus of account 111111111111. */
function fixOf(props: CfnRuleProps = {}, arn = LOCAL, fix: typeof allowRuleOnBus = allowRuleOnBus): string {
  cfnRule(shop, { arn }, { eventBusName: busArn(), ...props });
  const index = AppIndex.of(app);
  return fix(index, index.model.rules[0], NO_ACCESS);
}
const elsewhere: typeof allowRuleOnBus = (index, rule) => allowRuleOnOtherBus(index, rule);

const FORWARD =
  'to forward the events to a bus in account 222222222222 with CrossAccountEventBusTarget, and define a rule ' +
  'with this target on that bus';
const call = (limits: string) =>
  `call allowRuleManagement(EventPublisher.accounts('222222222222'), { ${limits}targetArns: ` +
  "['arn:aws:events:*:222222222222:event-bus/*'] })";
const PATTERN = { source: [{ prefix: 'a' }] };

describe('the fix for a rule on a bus in another account', () => {
  test.each<[string, CfnRuleProps, string]>([
    ['a source', {}, ', which adds the grant to the bus policy'],
    ['a detail type', { eventPattern: { 'detail-type': ['A'] } }, ', which adds the grant to the bus policy'],
    ['a prefix', { eventPattern: PATTERN }, `, and ${call('')} on a CrossAccountEventBusPolicy for 'Hub/Bus'`],
  ])('is a CrossAccountRule, and a call unless it adds the grant: %s', (_, props, end) => {
    cfnEventBus(hub);
    expect(fixOf(props)).toBe(`use a CrossAccountRule on 'Hub/Bus'${end}`);
  });

  test.each<[string, string]>([
    ['a function', functionArn('handler', SHOP)],
    ['a bus of a third account', busArn('orders', HUB)],
  ])('forwards to a bus of its account in place of %s', (_, arn) => {
    cfnEventBus(hub);
    expect(fixOf({}, arn)).toBe(
      `use a CrossAccountRule on 'Hub/Bus' ${FORWARD}, which adds the grant to the bus policy`,
    );
  });

  test('is a statement for a bus with its own policy', () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: busArn() };
    cfnEventBus(hub, 'Bus', 'orders', { policy: { Statement: [statement] } });
    expect(fixOf()).toMatch(
      /^add this statement to the 'policy' property of 'Hub\/Bus': \{.*"AWS":"222222222222".*"events:PutRule".*\}$/,
    );
  });

  test.each<[string, CfnRuleProps, string]>([
    [
      'sources and detail types',
      { eventPattern: { source: ['a', 'b'], 'detail-type': ['C'] } },
      "sources: ['a', 'b'], detailTypes: ['C'], ",
    ],
    ['a source', {}, "sources: ['com.shop'], "],
    ['neither', { eventPattern: PATTERN }, ''],
  ])('in another app is a call there, with its events: %s', (_, props, limits) => {
    expect(fixOf(props, LOCAL, elsewhere)).toBe(
      `use a CrossAccountRule, and in account 111111111111, ${call(limits)} for the bus, then acknowledge this warning`,
    );
  });
});

describe('a rule on a bus in another account is allowed', () => {
  const manage = (more: object = {}) =>
    cfnEventBusPolicy(hub, {
      ...{ Principal: { AWS: rootArn(SHOP) }, Resource: 'arn:aws:events:eu-west-1:111111111111:rule/orders/*' },
      ...{ Action: ['events:PutRule', 'events:PutTargets', 'events:DeleteRule', 'events:RemoveTargets'], ...more },
    });

  test.each<[string, () => unknown, boolean]>([
    ['by a statement', () => [cfnEventBus(hub), manage()], true],
    ['not by one for other actions', () => [cfnEventBus(hub), manage({ Action: 'events:PutTargets' })], false],
    ['not without one', () => cfnEventBus(hub), false],
    ['not on a bus of another app', () => undefined, false],
  ])('%s', (_, make, allowed) => {
    make();
    const eventPattern = { source: ['com.shop'] };
    const rule = new Rule(shop, 'Rule', { eventPattern });
    (rule.node.defaultChild as CfnRule).eventBusName = busArn();
    expect(isRuleAllowed(AppIndex.of(app), rule)).toBe(allowed);
  });

  test('not if it is no rule', () => {
    expect(isRuleAllowed(AppIndex.of(app), importedBus(shop))).toBe(false);
  });
});
