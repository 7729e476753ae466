import { App, ResourceEnvironment, Stack, Stage } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountEventChecks, EventPublisher } from '../../src';
import { HUB, SHOP, messagesOfApp, testApp } from '../support/apps';
import { brief } from '../support/messages';
import { busArn } from '../support/three-accounts';

type Places = (app: App) => { readonly ofRule: Construct; readonly ofBus: Construct };

const PLACES: readonly [string, Places][] = [
  ['a rule in the app, to a bus in a stage', (app) => ({ ofRule: app, ofBus: new Stage(app, 'Stage') })],
  ['a rule in a stage, to a bus in the app', (app) => ({ ofRule: new Stage(app, 'Stage'), ofBus: app })],
  [
    'a rule in a stage, to a bus in a stage within it',
    (app) => {
      const ofRule = new Stage(app, 'Stage');
      return { ofRule, ofBus: new Stage(ofRule, 'Inner') };
    },
  ],
  [
    'a rule in a stage, to a bus in the stage around it',
    (app) => {
      const ofBus = new Stage(app, 'Stage');
      return { ofRule: new Stage(ofBus, 'Inner'), ofBus };
    },
  ],
];

const stackIn = (scope: Construct, id: string, env: ResourceEnvironment) => new Stack(scope, id, { env });

function ruleTo(stack: Stack, name: string): void {
  const rule = new Rule(stack, 'Rule', { eventPattern: { source: ['com.shop'] } });
  rule.addTarget(new CrossAccountEventBusTarget(EventBus.fromEventBusArn(stack, 'Other', busArn(name, SHOP))));
}

function findings(places: Places, define: (ofRule: Stack, ofBus: Stack) => void): string[] {
  const app = testApp();
  const { ofRule, ofBus } = places(app);
  const shop = stackIn(ofBus, 'Shop', SHOP);
  const bus = new CrossAccountEventBus(shop, 'Bus', { eventBusName: 'orders' });
  bus.allowPublisher(EventPublisher.accounts(HUB.account));
  define(stackIn(ofRule, 'Hub', HUB), shop);
  CrossAccountEventChecks.applyTo(app);
  return messagesOfApp(app).map(brief);
}

test.each(PLACES)('nothing is found about %s', (_, places) => {
  expect(findings(places, (hub) => ruleTo(hub, 'orders'))).toEqual([]);
});

test.each(PLACES)('a bus that is not defined is found for %s', (_, places) => {
  const found = findings(places, (hub) => ruleTo(hub, 'order'));
  expect(found).toEqual([expect.stringMatching(/^error eventBusNotFound \S*\/Hub\/Rule$/)]);
});

test.each(PLACES)('a policy that is too large is found beside %s', (_, places) => {
  const actions = Array.from({ length: 400 }, (__, i) => `events:PutEvents${i}OfTheShop`);
  const found = findings(places, (hub) => {
    ruleTo(hub, 'orders');
    const role = Role.fromRoleName(hub, 'Role', 'role');
    const statements = [new PolicyStatement({ actions, resources: ['*'] })];
    new ManagedPolicy(hub, 'Large', { roles: [role], statements });
  });
  expect(found).toEqual([expect.stringMatching(/^error rolePolicySize \S*\/Hub\/Large\/Resource$/)]);
});
