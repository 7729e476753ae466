import { Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBusTarget, CrossAccountRule, PublisherRole } from '../../src';
import { BILLING, HUB, REGION, SHOP } from '../support/apps';
import { brief, expectFindings } from '../support/messages';
import { SeparateApp, WAYS, Way, bus, messagesAmong, role, roleIn } from '../support/separate-apps';
import { rootArn } from '../support/three-accounts';

const arn = (account: string, name: string) => `arn:aws:events:${REGION}:${account}:event-bus/${name}`;
const MISSPELLED = arn(HUB.account, 'order-eventz');
const imported = (stack: Stack) => EventBus.fromEventBusArn(stack, 'Imported', MISSPELLED);

/** Allows an account, so that no role is expected to publish. */
const hub = bus(HUB, 'order-events', rootArn(SHOP));
const inShop = (define: (stack: Stack) => unknown): SeparateApp => ({ env: SHOP, define: (s) => void define(s) });

/** A rule that sends events with a role, both without constructs of this library. */
function plainRule(stack: Stack): void {
  role(SHOP, 'forwarder', 'events.amazonaws.com', MISSPELLED).define(stack);
  const targets = [{ id: 'Bus', arn: MISSPELLED, roleArn: roleIn(SHOP, 'forwarder') }];
  new CfnRule(stack, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
}

const USES: [string, string, SeparateApp][] = [
  ['a role', '/Shop/Role', role(SHOP, 'publisher', 'lambda.amazonaws.com', MISSPELLED)],
  [
    'a PublisherRole',
    '/Shop/Publisher',
    inShop((stack) => {
      const assumedBy = new ServicePrincipal('lambda.amazonaws.com');
      return new PublisherRole(stack, 'Publisher', { assumedBy, eventBuses: [imported(stack)] });
    }),
  ],
  ['the target of a rule', '/Shop/Rule', inShop(plainRule)],
  [
    'a CrossAccountEventBusTarget',
    '/Shop/Forward',
    inShop((stack) => {
      const targets = [new CrossAccountEventBusTarget(imported(stack))];
      return new Rule(stack, 'Forward', { eventPattern: { source: ['com.shop'] }, targets });
    }),
  ],
  [
    'a CrossAccountRule',
    '/Shop/Theirs',
    inShop((stack) => {
      const targets = [new CrossAccountEventBusTarget(new EventBus(stack, 'Local', { eventBusName: 'local' }))];
      const eventPattern = { source: ['com.shop'], detailType: ['OrderPlaced'] };
      return new CrossAccountRule(stack, 'Theirs', { eventBus: imported(stack), eventPattern, targets });
    }),
  ],
];

describe.each(Object.keys(WAYS) as Way[])('a bus that the hub has under a similar name, known by %s', (way) => {
  test.each(USES)('is one error for %s', (_, path, shop) => {
    const messages = messagesAmong({ Hub: hub, Shop: shop }, 'Shop', way);
    expectFindings(
      messages.filter((message) => brief(message).includes('NotFound')),
      [`error eventBusNotFound ${path}`],
    );
    expect(messages.join()).toContain("the nearest name there is 'order-events'");
  });

  test('is a warning for a role if no app describes the account', () => {
    const shop = role(SHOP, 'publisher', 'lambda.amazonaws.com', MISSPELLED.replace(HUB.account, '111111111112'));
    const other = bus(BILLING, 'other', rootArn(SHOP));
    const messages = messagesAmong({ Hub: other, Shop: shop }, 'Shop', way);
    expectFindings(messages, ['warning manuallyAddEventBusPolicy /Shop/Role']);
  });
});
