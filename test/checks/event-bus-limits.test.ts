import { App, Aspects, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventBusLimits,
  PolicySizeAspect,
  PolicySizeAspectProps,
} from '../../src';
import { BILLING, HUB, SHOP, count, messagesOfApp, testApp, testStack } from '../support/apps';
import { errorOf, expectFindings, expectMessage } from '../support/messages';
import { LENIENT_SIZES } from '../support/sizes';

const ORDERS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT_SIZES });
  hub = testStack('Hub', HUB, app);
});

const messages = () => messagesOfApp(app);
const check = (props?: PolicySizeAspectProps) => {
  Aspects.of(app).add(new PolicySizeAspect(props));
  return messages();
};
/** A bus whose policy has slightly more than this number of characters, in short statements. */
function busOf(name: string, characters: number, scope = hub): CfnEventBus {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: SHOP.account },
    Action: 'events:PutEvents',
    Resource: '*',
    Condition: { StringEquals: { 'events:source': 'x'.repeat(350) } },
  };
  count(Math.ceil(characters / 530), (i) => {
    const statementId = `${name}${i}`;
    return new CfnEventBusPolicy(scope, `Policy${statementId}`, { statementId, eventBusName: name, statement });
  });
  return new CfnEventBus(scope, name, { name });
}

describe('limits of single buses', () => {
  test.each<[string, EventBusLimits, string[]]>([
    ['orders', {}, ['error eventBusPolicySize /Hub/orders']],
    ['orders', { policyLimit: 30_720 }, []],
    [ORDERS, { policyLimit: 30_720 }, []],
    ['orders', { policyLimit: 13_000 }, ['warning eventBusPolicySize /Hub/orders']],
    ['orders', { policyLimit: 13_000, warningThresholdPercent: 99 }, []],
    ['orders', { policyLimit: 30_720, warningThresholdPercent: 30 }, ['warning eventBusPolicySize /Hub/orders']],
  ])('by %s %p apply to its policy', (key, limits, expected) => {
    busOf('orders', 12_000);
    busOf('invoices', 7_500);
    expectFindings(check({ eventBuses: { [key]: limits } }), expected);
  });

  test('do not apply to other buses', () => {
    for (const name of ['orders', 'invoices', 'own']) busOf(name, 12_000);
    expectFindings(check({ eventBuses: { orders: { policyLimit: 30_720 } } }), [
      'error eventBusPolicySize /Hub/invoices',
      'error eventBusPolicySize /Hub/own',
    ]);
  });

  test('take precedence over those of all buses, and an ARN takes precedence over a name', () => {
    busOf('orders', 12_000);
    busOf('orders', 12_000, testStack('Consumer', BILLING, app));
    const eventBuses = { orders: { policyLimit: 11_000 }, [ORDERS]: { policyLimit: 30_720 } };
    expectFindings(check({ eventBusPolicyLimit: 30_720, eventBuses }), ['error eventBusPolicySize /Consumer/orders']);
  });

  test('apply to its number of rules', () => {
    busOf('orders', 10);
    count(12, (i) => new CfnRule(hub, `Rule${i}`, { eventBusName: 'orders', eventPattern: { source: ['shop'] } }));
    count(12, (i) => new CfnRule(hub, `Default${i}`, { eventPattern: { source: ['shop'] } }));
    const eventBuses = { orders: { rulesLimit: 11 }, default: { rulesLimit: 14 } };
    expectFindings(check({ rulesPerEventBusLimit: 500, eventBuses }), [
      'error rulesPerEventBus /Hub/orders',
      'warning rulesPerEventBus /Hub/Default0',
    ]);
  });

  test.each<[string, (scope: Stack) => EventBus]>([
    ['of aws-cdk-lib without a name', (scope) => new EventBus(scope, 'Bus')],
    ['of this library', (scope) => new CrossAccountEventBus(scope, 'Bus')],
  ])('may refer to the name or ARN of a bus %s', (_, create) => {
    const bus = create(hub);
    count(
      12,
      (i) => new CfnRule(hub, `Rule${i}`, { eventBusName: bus.eventBusName, eventPattern: { source: ['shop'] } }),
    );
    Aspects.of(app).add(new PolicySizeAspect({ eventBuses: { [bus.eventBusName]: { rulesLimit: 11 } } }));
    Aspects.of(app).add(new PolicySizeAspect({ eventBuses: { [bus.eventBusArn]: { rulesLimit: 10 } } }));
    expectFindings(messages(), [
      'error rulesPerEventBus /Hub/Bus/Resource',
      'error rulesPerEventBus /Hub/Bus/Resource',
    ]);
  });

  test('may refer to the ARN of a bus in a stack without an explicit account and Region', () => {
    const agnostic = new Stack(app, 'Agnostic');
    busOf('orders', 12_000, agnostic);
    expect(check({ eventBuses: { [ORDERS]: { policyLimit: 30_720 } } })).toEqual([]);
  });
});

describe('limits of a bus that is not used in the app', () => {
  const UNUSED = 'warning eventBusPolicySize /Hub';

  test.each([
    'order',
    'arn:aws:events:eu-west-1:111111111111:event-bus/order',
    'arn:aws:events:us-east-1:111111111111:event-bus/orders',
    '',
    'toString',
    '__proto__x',
  ])('are reported: %p', (key) => {
    busOf('orders', 10);
    const found = check({ eventBuses: { orders: { policyLimit: 20_000 }, [key]: { policyLimit: 20_000 } } });
    expectFindings(found, [UNUSED]);
    expect(found[0]).toContain(`'${key}'`);
  });

  test('are reported in an app without a bus', () => {
    expectFindings(check({ eventBuses: { orders: {} } }), [UNUSED]);
  });

  test.each<[string, () => unknown]>([
    ['a policy', () => busOf('orders', 10)],
    ['a rule', () => new CfnRule(hub, 'Rule', { eventBusName: 'orders', eventPattern: { source: ['shop'] } })],
  ])('are not reported if the app attaches %s to the bus', (_, attach) => {
    attach();
    expect(check({ eventBuses: { orders: {} } })).toEqual([]);
  });

  test('are not reported if a stage uses the bus, and are reported once if none does', () => {
    const stages = ['Dev', 'Prod'].map((id) => new Stage(app, id, { env: HUB }));
    busOf('orders', 10, new Stack(stages[0], 'Stack'));
    new Stack(stages[1], 'Stack');
    CrossAccountEventChecks.applyTo(app, { policySize: { eventBuses: { orders: {}, order: {} } } });
    app.synth();
    const found = messages().filter((message) => message.includes('eventBusPolicySize'));
    expectFindings(found, [UNUSED]);
    expect(found[0]).toContain("'order'");
  });
});

test.each<[PolicySizeAspectProps, string]>([
  [{ eventBuses: { orders: { policyLimit: 0 } } }, 'policyLimit'],
  [{ eventBuses: { orders: { rulesLimit: 1.5 } } }, 'rulesLimit'],
  [{ eventBuses: { orders: { warningThresholdPercent: 101 } } }, 'warningThresholdPercent'],
  [{ eventBuses: { orders: 20_480 as never } }, 'eventBuses'],
  [{ eventBuses: { orders: null as never } }, 'eventBuses'],
  [{ trustPolicyLimit: 8_193 }, 'trustPolicyLimit'],
  [{ rulesPerEventBusLimit: -1 }, 'rulesPerEventBusLimit'],
  [{ eventPatternLimit: NaN }, 'eventPatternLimit'],
])('fails for %j', (props, property) => {
  const error = errorOf(() => new PolicySizeAspect(props));
  expect(error).toMatch(new RegExp(`^PolicySizeAspect: '${property}' must `));
  expectMessage(error);
});

test('buses with the same name in stacks without an explicit environment are reported separately', () => {
  const stacks = ['Dev', 'Test', 'Prod'].map((id) => new Stack(app, id));
  stacks.forEach((stack, i) => busOf('orders', i === 1 ? 12_000 : 10, stack));
  expectFindings(check(), ['error eventBusPolicySize /Test/orders']);
});
