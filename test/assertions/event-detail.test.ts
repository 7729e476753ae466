import { Stack } from 'aws-cdk-lib';
import { EventAssertions, ExpectedEvent } from '../../src';
import { HUB, testApp, testFunction, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import { cfnEventBus, cfnPermission, cfnRule, functionArn, ruleArn } from '../support/three-accounts';

/** A rule for the large orders of a shop, with a function as its target. */
function largeOrders(): { stack: Stack; events: EventAssertions; props: (event: Partial<ExpectedEvent>) => Props } {
  const app = testApp();
  const stack = testStack('Hub', HUB, app);
  const from = cfnEventBus(stack);
  const to = testFunction(stack, 'Handler', { functionName: 'handler' });
  cfnPermission(stack, 'handler', ruleArn('orders/rule'));
  const eventPattern = { source: ['com.shop'], detail: { order: { total: [{ numeric: ['>=', 100] }], gift: [true] } } };
  cfnRule(stack, { arn: functionArn('handler') }, { eventBusName: 'orders', eventPattern });
  const event = { source: 'com.shop', detailType: 'OrderPlaced' };
  return {
    stack,
    events: EventAssertions.of(app),
    props: (fields) => ({ publisher: from, event: { ...event, ...fields }, target: to }),
  };
}

type Props = Parameters<EventAssertions['delivered']>[0];

describe('a rule that depends on the detail', () => {
  const { events, props } = largeOrders();

  test('delivers an event that it matches', () => {
    const matched = props({ detail: { order: { total: 100, gift: true, note: undefined } } });
    events.delivered(matched);
    expectError(() => events.refused(matched), 'it is delivered');
  });

  test.each<[string, object, string]>([
    ['another value', { order: { total: 99, gift: true } }, "'detail.order.total'"],
    ['a value of another type', { order: { total: 100, gift: 'true' } }, "'detail.order.gift'"],
    ['an absent field', { order: { total: 100 } }, "'detail.order.gift'"],
    ['no field', {}, "'detail.order.total'"],
  ])('does not deliver an event with %s', (_, detail, part) => {
    events.refused(props({ detail }));
    expectError(() => events.delivered(props({ detail })), part);
  });

  test('fails for an event without detail, whose delivery is unknown', () => {
    expectError(() => events.delivered(props({})), "such as 'detail'");
    expectError(() => events.refused(props({})), "such as 'detail'");
  });

  test('does not deliver an event of another source, whatever its detail is', () => {
    events.refused(props({ source: 'com.other' }));
  });
});

describe('an assertion fails for', () => {
  const { events, props, stack } = largeOrders();
  const token = stack.stackId;

  test.each<[string, object, string]>([
    ['detail that is JSON text', { detail: '{"order":{}}' }, "'detail'"],
    ['detail that is a list', { detail: [1] }, "'detail'"],
    ['detail with a token', { detail: { order: { id: token } } }, "'detail.order.id'"],
    ['a source that is a token', { source: token }, "'source'"],
    ['resources that are a text', { resources: 'arn:aws:s3:::orders' }, "'resources'"],
    ['a misspelled field', { details: {} }, "'detail'"],
  ])('%s', (_, fields, part) => {
    expectError(() => events.refused(props(fields)), part);
  });
});

test('a rule that depends on resources delivers an event with one of them', () => {
  const stack = testStack('Hub', HUB, testApp());
  testFunction(stack, 'Handler', { functionName: 'handler' });
  cfnPermission(stack, 'handler', ruleArn('rule'));
  const eventPattern = { source: ['com.shop'], resources: ['arn:aws:s3:::orders'] };
  const from = cfnRule(stack, { arn: functionArn('handler') }, { eventPattern });
  const event = { source: 'com.shop', detailType: 'OrderPlaced' };
  const events = EventAssertions.of(stack.node.root as ReturnType<typeof testApp>);
  const targetArn = functionArn('handler');
  events.delivered({
    publisher: from,
    event: { ...event, resources: ['arn:aws:s3:::orders', 'arn:aws:s3:::other'] },
    targetArn,
  });
  events.refused({ publisher: from, event: { ...event, resources: [] }, targetArn });
  expectError(() => events.delivered({ publisher: from, event, targetArn }), "'resources'");
});
