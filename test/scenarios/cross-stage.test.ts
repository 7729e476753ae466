import { App, Stack, Stage } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountRule,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, testApp, testFunction } from '../support/apps';
import { collisionsIn } from '../support/names';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { eventPattern } from '../support/shop-stage';

let app: App;
let bus: CrossAccountEventBus;
let local: CrossAccountEventBus;
let services: Stage;
let billing: Stack;
beforeEach(() => {
  app = testApp();
  bus = new CrossAccountEventBus(new Stack(new Stage(app, 'Platform'), 'Hub', { env: HUB }), 'Bus', {
    eventBusName: 'central',
  });
  services = new Stage(app, 'Services');
  billing = new Stack(services, 'Billing', { env: BILLING });
  local = new CrossAccountEventBus(billing, 'Local');
  publishFrom(services, 'Shop');
});

function publishFrom(stage: Stage, id: string): void {
  new PublisherRole(new Stack(stage, id, { env: SHOP }), 'Publisher', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [bus],
  });
}

/** A rule on the bus, in the account of the bus and the stage of its target. */
function forward(eventBus: (scope: Stack) => IEventBus): Rule {
  const forwarding = new Stack(services, 'Forwarding', { env: HUB });
  return new Rule(forwarding, 'ToBilling', {
    eventBus: eventBus(forwarding),
    eventPattern,
    targets: [new CrossAccountEventBusTarget(local)],
  });
}

const byName = (scope: Stack) => EventBus.fromEventBusName(scope, 'Central', 'central');
const RULES: [string, () => unknown][] = [
  [
    'rules in the stage of the bus',
    () =>
      new Rule(bus.stack, 'ToBilling', {
        eventBus: bus,
        eventPattern,
        targets: [
          new CrossAccountEventBusTarget(local),
          new LambdaEventTarget(testFunction(billing, 'Direct', { functionName: 'direct' })),
        ],
      }),
  ],
  ['rules in the other stage, which import the bus by name', () => forward(byName)],
  [
    'rules on the bus in the account of the consumer',
    () =>
      new CrossAccountRule(billing, 'Rule', {
        eventBus: bus,
        eventPattern,
        targets: [new CrossAccountEventBusTarget(local)],
      }),
  ],
];

describe('a bus in one stage, with publishers and consumers in another', () => {
  test.each(RULES)('with %s, synthesizes without dependencies between the stages', (_, create) => {
    create();
    app.synth();
    const [platform, other] = ['Platform', 'Services'].map(
      (id) => app.synth().getNestedAssembly(`assembly-${id}`).stacks,
    );
    expect(
      platform.flatMap(({ dependencies }) => dependencies.map(({ id }) => id)).filter((id) => /^Services/.test(id)),
    ).toEqual([]);
    expect(
      other.flatMap(({ dependencies }) => dependencies.map(({ id }) => id)).filter((id) => /^Platform/.test(id)),
    ).toEqual([]);
    expect(collisionsIn(app)).toEqual([]);
  });

  test('fails with an error of the CDK if a rule in another stage refers to the bus itself', () => {
    forward(() => bus);
    expect(() => app.synth()).toThrow(/dependency cannot cross stage boundaries/);
  });
});

describeWithOracle('a bus in one stage', () => {
  const published = (role: string, to: object) => ({
    path: {
      from: { account: SHOP.account, role },
      to: { bus: 'Platform/Hub/Bus' },
      event: { source: 'com.shop', detailType: 'OrderPlaced' },
      allDelivered: true,
      ...to,
    },
  });

  test.each(RULES)('delivers to consumers in another stage with %s', (_, create) => {
    create();
    const reaches = [
      'Services/Billing/Local',
      ...(billing.node.tryFindChild('Direct') ? ['Services/Billing/Direct'] : []),
    ];
    expectAnswers(app, { questions: [{ noProblems: true }, published('Services/Shop/Publisher', { reaches })] });
  });

  test('allows the publishers of two other stages, and no other principal in their account', () => {
    publishFrom(new Stage(app, 'Others'), 'Shop');
    const anotherPrincipal = { account: SHOP.account };
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        published('Services/Shop/Publisher', {}),
        published('Others/Shop/Publisher', {}),
        { putEvents: { as: anotherPrincipal, bus: 'Platform/Hub/Bus', source: 'com.shop' }, expect: 'deny' },
      ],
    });
  });
});
