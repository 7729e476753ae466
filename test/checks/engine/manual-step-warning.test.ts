import { Annotations, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBusTarget, CrossAccountEventChecks, PublisherRole } from '../../../src';
import { HUB, SHOP, messagesOf, testApp, testStack } from '../../support/apps';
import { expectFindings, idToAcknowledge } from '../../support/messages';
import { executionRole } from '../../support/three-accounts';

const IMPORTED = 'arn:aws:events:eu-west-1:999999999999:event-bus/imported';
const MANUAL = 'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy:9087e9';

/** An app with a publisher for a bus in the stack `Hub`, or for an imported bus. */
function publisherFor(eventBus: (hub: Stack) => CfnEventBus | undefined) {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const shop = testStack('Shop', SHOP, app);
  const cfnBus = eventBus(hub);
  if (!cfnBus) new EventBus(hub, 'Any', { eventBusName: 'any' });
  const bus = EventBus.fromEventBusArn(
    shop,
    'Imported',
    cfnBus ? `arn:aws:events:eu-west-1:${HUB.account}:event-bus/orders` : IMPORTED,
  );
  const role = new PublisherRole(shop, 'Role', {
    assumedBy: new AccountPrincipal(SHOP.account),
    eventBuses: [bus],
    allowedEvents: { sources: ['com.shop'] },
  });
  CrossAccountEventChecks.applyTo(app);
  return { app, hub, shop, role };
}

const withOtherPublisher = (hub: Stack) =>
  new CfnEventBus(hub, 'Bus', {
    name: 'orders',
    policy: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Other',
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::333333333333:root' },
          Action: 'events:PutEvents',
          Resource: '*',
        },
      ],
    },
  });

test('a missing policy of an imported bus is reported by the construct only', () => {
  const { shop } = publisherFor(() => undefined);
  expectFindings(messagesOf(shop), ['warning manuallyAddEventBusPolicy /Shop/Role']);
});

test('a missing policy of an imported bus is not reported if the warning is acknowledged', () => {
  const { app, shop } = publisherFor(() => undefined);
  Annotations.of(app).acknowledgeWarning(MANUAL, 'done in its account');
  expect(messagesOf(shop)).toEqual([]);
});

test('a missing policy of a bus that is imported, but in the app, is reported by the checks only', () => {
  const { shop } = publisherFor(withOtherPublisher);
  expectFindings(messagesOf(shop), ['error publisherAccessDenied /Shop/Role/DefaultPolicy/Resource']);
});

test('a warning for one bus does not replace the finding for another bus', () => {
  const { app, hub, shop } = publisherFor(() => undefined);
  const own = new EventBus(shop, 'Own', { eventBusName: 'own' });
  const bus = withOtherPublisher(hub);
  const target = EventBus.fromEventBusArn(
    shop,
    'Target',
    `arn:aws:events:eu-west-1:${HUB.account}:event-bus/${bus.name}`,
  );
  const rule = new Rule(shop, 'Rule', { eventBus: own, eventPattern: { source: ['com.shop'] } });
  rule.addTarget(new CrossAccountEventBusTarget(EventBus.fromEventBusArn(shop, 'Imported2', IMPORTED)));
  rule.addTarget(new CrossAccountEventBusTarget(target));
  for (const message of messagesOf(shop).filter((one) => one.startsWith('warning'))) {
    Annotations.of(app).acknowledgeWarning(idToAcknowledge([message]), 'done in its account');
  }
  expectFindings(messagesOf(shop), ['error targetAccessDenied /Shop/Rule/Resource']);
});

test('a warning for one bus does not replace the finding for a target that this library did not create', () => {
  const { hub, shop } = publisherFor(() => undefined);
  const bus = withOtherPublisher(hub);
  const arn = `arn:aws:events:eu-west-1:${HUB.account}:event-bus/${bus.name}`;
  const role = executionRole(shop, `arn:aws:events:eu-west-1:${SHOP.account}:rule/rule`, arn);
  const rule = new Rule(shop, 'Rule', { ruleName: 'rule', eventPattern: { source: ['com.shop'] } });
  rule.addTarget(new CrossAccountEventBusTarget(EventBus.fromEventBusArn(shop, 'Imported2', IMPORTED)));
  rule.addTarget({ bind: () => ({ arn, role }) });
  const messages = messagesOf(shop).filter((message) => message.includes('/Shop/Rule'));
  expectFindings(messages, [
    'error targetAccessDenied /Shop/Rule/Resource',
    'warning manuallyAddEventBusPolicy /Shop/Rule',
  ]);
  expect(messages.map((message) => message.includes(IMPORTED))).toEqual([false, true]);
});
