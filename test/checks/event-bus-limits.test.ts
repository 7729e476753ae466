import { App, Aspects, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventBusLimits,
  PolicySizeAspect,
  PolicySizeAspectProps,
} from '../../src';
import { CONSUMER, HUB, PUBLISHER, count, messagesOf, testApp, testStack } from '../support/apps';

const SIZE = 'cdk-cross-account-eventbridge:eventBusPolicySize';
const ORDERS = 'arn:aws:events:eu-west-1:111111111111:event-bus/orders';
/** What is wrong here on purpose is not for CloudFormation Validate to say. */
const LENIENT = {
  '@aws-cdk/core:validateAgainstDefaultRules': false,
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: LENIENT });
  hub = testStack('Hub', HUB, app);
});

const messages = () =>
  app.node
    .findAll()
    .filter((c): c is Stack => Stack.isStack(c))
    .flatMap(messagesOf);
const check = (props?: PolicySizeAspectProps) => {
  Aspects.of(app).add(new PolicySizeAspect(props));
  return messages();
};
const brief = (all: string[]) => all.map((m) => m.split(' ').slice(0, 2).join(' ')).sort();
/** A bus whose policy has some more than so many characters. */
function busOf(name: string, characters: number, scope = hub): CfnEventBus {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: PUBLISHER.account },
    Action: 'events:PutEvents',
    Resource: '*',
    Condition: { StringEquals: { 'events:source': 'x'.repeat(characters) } },
  };
  new CfnEventBusPolicy(scope, `${name}Policy`, { statementId: name, eventBusName: name, statement });
  return new CfnEventBus(scope, name, { name });
}

describe('limits of single buses', () => {
  test.each<[string, EventBusLimits, string[]]>([
    ['orders', {}, ['error /Hub/orders']],
    ['orders', { policyLimit: 30_720 }, []],
    [ORDERS, { policyLimit: 30_720 }, []],
    ['orders', { policyLimit: 13_000 }, ['warning /Hub/orders']],
    ['orders', { policyLimit: 13_000, warningThresholdPercent: 99 }, []],
    ['orders', { policyLimit: 30_720, warningThresholdPercent: 30 }, ['warning /Hub/orders']],
  ])('by %s %p are those of its policy', (key, limits, expected) => {
    busOf('orders', 12_000);
    busOf('invoices', 7_500);
    expect(brief(check({ eventBuses: { [key]: limits } }))).toEqual(expected);
  });

  test('leave all other buses alone', () => {
    for (const name of ['orders', 'invoices', 'own']) busOf(name, 12_000);
    expect(brief(check({ eventBuses: { orders: { policyLimit: 30_720 } } }))).toEqual([
      'error /Hub/invoices',
      'error /Hub/own',
    ]);
  });

  test('go before those of all buses, and an ARN goes before a name', () => {
    busOf('orders', 12_000);
    busOf('orders', 12_000, testStack('Elsewhere', CONSUMER, app));
    const eventBuses = { orders: { policyLimit: 11_000 }, [ORDERS]: { policyLimit: 30_720 } };
    expect(brief(check({ eventBusPolicyLimit: 30_720, eventBuses }))).toEqual(['error /Elsewhere/orders']);
  });

  test('are those of its number of rules', () => {
    busOf('orders', 10);
    count(12, (i) => new CfnRule(hub, `Rule${i}`, { eventBusName: 'orders', eventPattern: { source: ['shop'] } }));
    count(12, (i) => new CfnRule(hub, `Default${i}`, { eventPattern: { source: ['shop'] } }));
    expect(
      brief(
        check({ rulesPerEventBusLimit: 500, eventBuses: { orders: { rulesLimit: 11 }, default: { rulesLimit: 14 } } }),
      ),
    ).toEqual(['error /Hub/orders', 'warning /Hub/Default0']);
  });

  test.each<[string, (scope: Stack) => EventBus]>([
    ['of an L2 without a name', (scope) => new EventBus(scope, 'Bus')],
    ['of this library', (scope) => new CrossAccountEventBus(scope, 'Bus')],
  ])('may be given by the name or ARN of a bus %s', (_, make) => {
    const bus = make(hub);
    count(
      12,
      (i) => new CfnRule(hub, `Rule${i}`, { eventBusName: bus.eventBusName, eventPattern: { source: ['shop'] } }),
    );
    Aspects.of(app).add(new PolicySizeAspect({ eventBuses: { [bus.eventBusName]: { rulesLimit: 11 } } }));
    Aspects.of(app).add(new PolicySizeAspect({ eventBuses: { [bus.eventBusArn]: { rulesLimit: 10 } } }));
    expect(messages().map((m) => /^(\w+) (\S+) .* of (\d+) allowed/.exec(m)?.slice(1).join(' '))).toEqual([
      'error /Hub/Bus/Resource 11',
      'error /Hub/Bus/Resource 10',
    ]);
  });

  test('may be given by ARN for a bus of a stack that leaves account and region to deployment', () => {
    const agnostic = new Stack(app, 'Agnostic');
    busOf('orders', 12_000, agnostic);
    expect(check({ eventBuses: { [ORDERS]: { policyLimit: 30_720 } } })).toEqual([]);
  });
});

describe('limits for a bus that is nowhere in the app', () => {
  const unused = (key: string, path = '/Hub') =>
    expect.stringContaining(
      `warning ${path} limits are given for bus '${key}', which the app neither makes nor attaches ` +
        'a policy or rule to; ',
    );

  test.each([
    'order',
    'arn:aws:events:eu-west-1:111111111111:event-bus/order',
    'arn:aws:events:us-east-1:111111111111:event-bus/orders',
    '',
    'toString',
    '__proto__x',
  ])('are told: %p', (key) => {
    busOf('orders', 10);
    const [message, ...more] = check({
      eventBuses: { orders: { policyLimit: 20_000 }, [key]: { policyLimit: 20_000 } },
    });
    expect(more).toEqual([]);
    expect(message).toEqual(unused(key));
    expect(message).toContain(SIZE);
  });

  test('are told in an app without a bus', () => {
    expect(check({ eventBuses: { orders: {} } })).toEqual([unused('orders')]);
  });

  test.each<[string, () => unknown]>([
    ['a policy', () => busOf('orders', 10)],
    ['a rule', () => new CfnRule(hub, 'Rule', { eventBusName: 'orders', eventPattern: { source: ['shop'] } })],
  ])('are used where the app attaches %s to it', (_, attach) => {
    attach();
    expect(check({ eventBuses: { orders: {} } })).toEqual([]);
  });

  test('are used where a stage has that bus, and told once where none has', () => {
    const stages = ['Dev', 'Prod'].map((id) => new Stage(app, id, { env: HUB }));
    busOf('orders', 10, new Stack(stages[0], 'Stack'));
    new Stack(stages[1], 'Stack');
    CrossAccountEventChecks.applyTo(app, { policySize: { eventBuses: { orders: {}, order: {} } } });
    app.synth();
    expect(messages().filter((m) => m.includes('limits are given'))).toEqual([unused('order')]);
  });
});

test.each<[object, string]>([
  [
    { eventBuses: { orders: { policyLimit: 0 } } },
    "PolicySizeAspect: 'policyLimit' must be a whole number of at least 1 for bus 'orders', got " +
      '0; leave it out for the default',
  ],
  [
    { eventBuses: { orders: { rulesLimit: 1.5 } } },
    "PolicySizeAspect: 'rulesLimit' must be a whole number of at least 1 for bus 'orders', got " +
      '1.5; leave it out for the default',
  ],
  [
    { eventBuses: { orders: { warningThresholdPercent: 101 } } },
    "PolicySizeAspect: 'warningThresholdPercent' must be a whole number from 1 to 100 for bus " +
      "'orders', got 101; leave it",
  ],
  [
    { eventBuses: { orders: 20_480 } },
    "PolicySizeAspect: 'eventBuses' must hold the limits of 'orders', got 20480; write them as { " +
      'policyLimit, rulesLimit }',
  ],
  [{ eventBuses: { orders: null } }, "PolicySizeAspect: 'eventBuses' must hold the limits of 'orders', got null; "],
  [
    { trustPolicyLimit: 8_193 },
    "PolicySizeAspect: 'trustPolicyLimit' must be a whole number from 1 to 8192, got 8193; leave " +
      'it out for the default',
  ],
  [
    { rulesPerEventBusLimit: -1 },
    "PolicySizeAspect: 'rulesPerEventBusLimit' must be a whole number of at least 1, got -1; ",
  ],
  [{ eventPatternLimit: NaN }, "PolicySizeAspect: 'eventPatternLimit' must be a whole number of at least 1, got NaN; "],
])('fails for %p', (props, message) => {
  expect(() => new PolicySizeAspect(props)).toThrow(message);
});

test('buses of one name in stacks that may go to different places are told in the stack that is at fault', () => {
  const stacks = ['Dev', 'Test', 'Prod'].map((id) => new Stack(app, id));
  stacks.forEach((stack, i) => busOf('orders', i === 1 ? 12_000 : 10, stack));
  expect(brief(check())).toEqual(['error /Test/orders']);
});
