import { App, Aws, CfnCondition, CfnMapping, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher, PublisherRole } from '../src';
import { CONSUMER, HUB, PUBLISHER, messagesOf, testApp, testStack } from './support/apps';

const SHOP = PUBLISHER.account;
const BILLING = CONSUMER.account;
const STRANGER = '999999999999';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
});

const condition = () => new CfnCondition(hub, 'Live', { expression: Fn.conditionEquals(Aws.STACK_NAME, 'live') });
const mapping = (first = SHOP, second = BILLING) => new CfnMapping(hub, 'Accounts', {
  mapping: { 'eu-west-1': { shop: first }, 'us-east-1': { shop: second } },
});
const parameter = (props: object) => new CfnParameter(hub, 'Given', props);

/** Values that deployment chooses among the accounts of the shop and of billing, as people write them. */
const CHOICES: [string, () => string][] = [
  ['a parameter', () => parameter({ allowedValues: [SHOP, BILLING] }).valueAsString],
  ['an item of a list', () => Fn.select(0, parameter({ type: 'CommaDelimitedList', allowedValues: [SHOP, BILLING] }).valueAsList)],
  ['a condition', () => Fn.conditionIf(condition().logicalId, SHOP, BILLING).toString()],
  ['a mapping by the region', () => mapping().findInMap(new CfnParameter(hub, 'Region').valueAsString, 'shop')],
  ['a mapping by a parameter', () => mapping().findInMap(parameter({ allowedValues: ['eu-west-1', 'us-east-1'] }).valueAsString, 'shop')],
  ['the account of a role', () => Fn.select(4, Fn.split(':', parameter({
    allowedValues: [`arn:aws:iam::${SHOP}:role/x`, `arn:aws:iam::${BILLING}:role/x`],
  }).valueAsString))],
];

describe.each(CHOICES)('an account by %s', (_, account) => {
  test('names callers, in every statement', () => {
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is trusted where all that it may be is', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP, BILLING] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is refused where none of that is trusted', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [STRANGER] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error .*:untrustedPrincipal\]$/)]);
  });

  test('is warned of where one of them is trusted, the other not', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^warning .* it cannot be told at synth .*:untrustedPrincipal\]$/)]);
  });
});

describe('a value that is known after all', () => {
  test.each<[string, () => string]>([
    ['a mapping by a known key', () => mapping().findInMap('eu-west-1', 'shop')],
    ['a mapping by the region of the stack', () => mapping().findInMap(Aws.REGION, 'shop')],
    ['a mapping of one value', () => mapping(SHOP, SHOP).findInMap(new CfnParameter(hub, 'Region').valueAsString, 'shop')],
    ['a condition between the same', () => Fn.conditionIf(condition().logicalId, SHOP, SHOP).toString()],
    ['a parameter of one value', () => parameter({ allowedValues: [SHOP] }).valueAsString],
    ['an item of a list of one value', () => Fn.select(1, parameter({ type: 'CommaDelimitedList', allowedValues: [SHOP] }).valueAsList)],
  ])('by %s lets that account in, and no other', (_, account) => {
    const shop = testStack('Shop', PUBLISHER, app);
    const billing = testStack('Billing', CONSUMER, app);
    bus.allowPublisher(EventPublisher.accounts(account()));
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP, BILLING] });
    for (const stack of [shop, billing]) {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: ['arn:aws:events:eu-west-1:111111111111:event-bus/orders'] }));
    }
    expect(messagesOf(hub)).toEqual([]);
    expect(messagesOf(shop).filter((message) => message.startsWith('error'))).toEqual([]);
    expect(messagesOf(billing).filter((message) => message.startsWith('error'))).toEqual([expect.stringMatching(/publisherRefused\]$/)]);
  });

  test('by a mapping is refused where it is no account', () => {
    expect(() => bus.allowPublisher(EventPublisher.accounts(mapping('22').findInMap(Aws.REGION, 'shop'))))
      .toThrow("'accounts' must hold 12-digit account ids, got '22'");
  });

  test.each<[string, () => string]>([
    ['a key that it lacks', () => Fn.findInMap(mapping().logicalId, 'eu-central-1', 'shop')],
    ['a mapping that nobody made', () => Fn.findInMap('Nothing', 'eu-west-1', 'shop')],
  ])('is not one by %s', (_, account) => {
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^warning .* may be of any account .*:wildcardPrincipal\]$/)]);
  });
});

describe('a list', () => {
  beforeEach(() => CrossAccountEventChecks.applyTo(app));

  const policy = (more: object, action = 'events:PutEvents') => new CfnEventBusPolicy(hub, 'Policy', {
    eventBusName: bus.eventBusName, statementId: 'Shops', statement: { Sid: 'Shops', Effect: 'Allow', Action: action, Resource: bus.eventBusArn, ...more },
  });

  test.each<[string, () => string[]]>([
    ['a parameter whose items are accounts', () => parameter({ type: 'CommaDelimitedList', allowedPattern: '\\d{12}' }).valueAsList],
    ['a parameter whose items are roles', () => parameter({ type: 'CommaDelimitedList', allowedPattern: 'arn:aws:iam::\\d{12}:role/.+' }).valueAsList],
  ])('of principals by %s names callers', (_, list) => {
    policy({ Principal: { AWS: list() } });
    expect(messagesOf(hub)).toEqual([]);
  });

  test('of principals by a parameter that says nothing is warned of', () => {
    policy({ Principal: { AWS: parameter({ type: 'CommaDelimitedList' }).valueAsList } });
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^warning .*:wildcardPrincipal\]$/)]);
  });

  test.each<[string, () => string[]]>([
    ['a mapping', () => Fn.findInMap(new CfnMapping(hub, 'Regions', { mapping: { live: { allowed: ['eu-west-1'] as unknown as string } } }).logicalId, 'live', 'allowed') as unknown as string[]],
  ])('of regions by %s is a guard that is judged', (_, regions) => {
    const shop = testStack('Shop', PUBLISHER, app);
    bus.allowPublisher(EventPublisher.accounts(SHOP));
    new PublisherRole(shop, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), eventBuses: [bus] });
    policy({ Effect: Effect.DENY, Principal: '*', Condition: { StringNotEquals: { 'aws:RequestedRegion': regions() } } });
    expect([...messagesOf(hub), ...messagesOf(shop)]).toEqual([]);
  });
});
