import { Annotations } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBusTarget, CrossAccountEventChecks, PublisherRole } from '../../../src';
import { HUB, PUBLISHER, messagesOf, testApp, testStack } from '../../support/apps';
import { senderRole } from '../../support/three-accounts';

const THEIRS = 'arn:aws:events:eu-west-1:999999999999:event-bus/theirs';

function publisherOn(eventBus: (hub: ReturnType<typeof testStack>) => CfnEventBus | undefined) {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  const shop = testStack('Shop', PUBLISHER, app);
  const made = eventBus(hub);
  if (!made) new EventBus(hub, 'Any', { eventBusName: 'any' });
  const bus = EventBus.fromEventBusArn(
    shop,
    'Imported',
    made ? `arn:aws:events:eu-west-1:${HUB.account}:event-bus/orders` : THEIRS,
  );
  const role = new PublisherRole(shop, 'Role', {
    assumedBy: new AccountPrincipal(PUBLISHER.account),
    eventBuses: [bus],
    allowedEvents: { sources: ['com.shop'] },
  });
  CrossAccountEventChecks.applyTo(app);
  return { app, hub, shop, role };
}

const withPolicyOfItsOwn = (hub: ReturnType<typeof testStack>) =>
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

test('a half on a bus of another app is told by the construct alone', () => {
  const { shop } = publisherOn(() => undefined);
  expect(messagesOf(shop)).toEqual([expect.stringMatching(/^warning \/Shop\/Role .*:manuallyAddEventBusPolicy\]$/)]);
});

test('a half on a bus of another app is told by nobody once that is acknowledged', () => {
  const { app, shop } = publisherOn(() => undefined);
  Annotations.of(app).acknowledgeWarning('cdk-cross-account-eventbridge:manuallyAddEventBusPolicy', 'done over there');
  expect(messagesOf(shop)).toEqual([]);
});

test('fails where the app itself proves that the half is missing, though it was acknowledged', () => {
  const { shop, role } = publisherOn(withPolicyOfItsOwn);
  Annotations.of(role).acknowledgeWarning('cdk-cross-account-eventbridge:manuallyAddEventBusPolicy', 'done over there');
  expect(messagesOf(shop)).toEqual([
    expect.stringMatching(
      /^error \/Shop\/Role\/DefaultPolicy\/Resource .*no statement|does not fit.*:publisherAccessDenied\]$/,
    ),
  ]);
});

test('what a construct tells of one bus does not cover another one', () => {
  const { app, hub, shop } = publisherOn(() => undefined);
  const own = new EventBus(shop, 'Own', { eventBusName: 'own' });
  const closed = withPolicyOfItsOwn(hub);
  const target = EventBus.fromEventBusArn(
    shop,
    'Closed',
    `arn:aws:events:eu-west-1:${HUB.account}:event-bus/${closed.name}`,
  );
  const rule = new Rule(shop, 'Rule', { eventBus: own, eventPattern: { source: ['com.shop'] } });
  rule.addTarget(new CrossAccountEventBusTarget(EventBus.fromEventBusArn(shop, 'Theirs', THEIRS)));
  rule.addTarget(new CrossAccountEventBusTarget(target));
  Annotations.of(app).acknowledgeWarning('cdk-cross-account-eventbridge:manuallyAddEventBusPolicy', 'done over there');
  expect(messagesOf(shop)).toEqual([
    expect.stringMatching(/^error \/Shop\/Rule\/Resource .*event-bus\/orders.*:targetAccessDenied\]$/),
  ]);
});

test('what a construct tells of one bus does not cover another one that somebody else made its target', () => {
  const { hub, shop } = publisherOn(() => undefined);
  const closed = withPolicyOfItsOwn(hub);
  const arn = `arn:aws:events:eu-west-1:${HUB.account}:event-bus/${closed.name}`;
  const role = senderRole(shop, `arn:aws:events:eu-west-1:${PUBLISHER.account}:rule/rule`, arn);
  const rule = new Rule(shop, 'Rule', { ruleName: 'rule', eventPattern: { source: ['com.shop'] } });
  rule.addTarget(new CrossAccountEventBusTarget(EventBus.fromEventBusArn(shop, 'Theirs', THEIRS)));
  rule.addTarget({ bind: () => ({ arn, role }) });
  expect(messagesOf(shop).filter((message) => message.includes('/Shop/Rule'))).toEqual([
    expect.stringMatching(/^error \/Shop\/Rule\/Resource .*event-bus\/orders.*:targetAccessDenied\]$/),
    expect.stringMatching(/^warning \/Shop\/Rule .*event-bus\/theirs.*:manuallyAddEventBusPolicy\]$/),
  ]);
});
