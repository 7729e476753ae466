import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, App, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  CrossAccountInvokePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, messagesOf, testFunction } from '../support/apps';
import { brief, expectError, idToAcknowledge } from '../support/messages';

/** Three apps, one for each account, that agree on names only. */
const NAMES = ['hub', 'shop', 'billing'] as const;
type Name = (typeof NAMES)[number];

/** What the apps write out; each edit changes one of these. */
interface Content {
  readonly busName: string;
  readonly allowedRole: string | undefined;
  readonly allowedSource: string;
  readonly allowedDetailType: string;
  readonly targetArn: string;
  readonly publisherId: string;
  readonly publisherName: string | undefined;
  readonly publishedSource: string;
  readonly publishedDetailTypes: string[];
  readonly busArns: string[];
  readonly functionName: string;
  readonly permission: 'function' | 'alias' | 'none';
}

const arnOf = (service: string, { account, region }: typeof HUB, name: string) =>
  `arn:aws:${service}:${region}:${account}:${name}`;
const roleArn = (name: string) => `arn:aws:iam::${SHOP.account}:role/${name}`;

const CONTENT: Content = {
  busName: 'orders',
  allowedRole: 'shop-publisher',
  allowedSource: 'com.shop',
  allowedDetailType: 'OrderPlaced',
  targetArn: arnOf('lambda', BILLING, 'function:invoices'),
  publisherId: 'Publisher',
  publisherName: 'shop-publisher',
  publishedSource: 'com.shop',
  publishedDetailTypes: ['OrderPlaced'],
  busArns: [arnOf('events', HUB, 'event-bus/orders')],
  functionName: 'invoices',
  permission: 'function',
};

const MAKE: { readonly [name in Name]: (stack: Stack, content: Content) => void } = {
  hub: (stack, { busName, allowedRole, allowedSource, allowedDetailType, targetArn }) => {
    const bus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: busName });
    const events = { sources: [allowedSource], detailTypes: [allowedDetailType] };
    if (allowedRole) bus.allowPublisher(EventPublisher.role(roleArn(allowedRole)), events);
    const handler = Function.fromFunctionArn(stack, 'Handler', targetArn);
    new Rule(stack, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['com.shop'] },
      targets: [new LambdaEventTarget(handler)],
    });
  },
  shop: (stack, { publisherId, publisherName, publishedSource, publishedDetailTypes, busArns }) => {
    new PublisherRole(stack, publisherId, {
      roleName: publisherName,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: busArns.map((arn, i) => EventBus.fromEventBusArn(stack, `Bus${i}`, arn)),
      allowedEvents: { sources: [publishedSource], detailTypes: publishedDetailTypes },
    });
  },
  billing: (stack, { functionName, permission }) => {
    const handler = testFunction(stack, 'Handler', { functionName });
    const alias = new Alias(stack, 'Live', { aliasName: 'live', version: handler.currentVersion });
    const allow = (allowed: IFunction) =>
      new CrossAccountInvokePermission(stack, 'FromHub', { handler: allowed, eventBusAccount: HUB.account });
    if (permission === 'function') allow(handler);
    if (permission === 'alias') allow(alias);
  },
};

const ENVIRONMENTS = { hub: HUB, shop: SHOP, billing: BILLING };

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'apps-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const assemblyOf = (name: string) => join(directory, name, 'cdk.out');

/** Synthesizes an app without checks, as the other repository did before. */
function synthesize(name: Name, content: Content): void {
  const app = new App({ outdir: assemblyOf(name), analyticsReporting: false });
  MAKE[name](new Stack(app, name, { env: ENVIRONMENTS[name] }), content);
  app.synth();
}

/** What the checks of an app report, with what the other apps synthesized. */
function findingsOf(name: Name, content: Content, otherApps = NAMES.filter((other) => other !== name)): string[] {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, name, { env: ENVIRONMENTS[name] });
  MAKE[name](stack, content);
  CrossAccountEventChecks.applyTo(app, { otherApps: otherApps.map(assemblyOf) });
  return messagesOf(stack);
}

const synthesizeAll = (content: Content = CONTENT) => NAMES.forEach((name) => synthesize(name, content));

test.each(NAMES)('the app %s reports nothing if the other apps allow what it needs', (name) => {
  synthesizeAll();
  expect(findingsOf(name, CONTENT)).toEqual([]);
});

/** Both apps report that the bus does not allow the publisher. */
const DENIED = ['hub: error publisherAccessDenied', 'shop: error publisherAccessDenied'];

test.each<[string, Name, Partial<Content>, string[]]>([
  [
    'the bus is renamed',
    'hub',
    { busName: 'all-orders' },
    [
      'hub: error publisherIdentityPolicyMissing',
      'shop: error eventBusNotFound',
      'shop: error publisherIdentityPolicyMissing',
    ],
  ],
  ['the role is misspelled in the grant', 'hub', { allowedRole: 'shop-publish' }, DENIED],
  ['the grant is deleted', 'hub', { allowedRole: undefined }, DENIED],
  ['the grant is for another source', 'hub', { allowedSource: 'com.web' }, DENIED],
  [
    'the target has another name',
    'hub',
    { targetArn: arnOf('lambda', BILLING, 'function:invoice') },
    ['hub: error resourceNotFound'],
  ],
  ['the role has a generated name', 'shop', { publisherId: 'Renamed', publisherName: undefined }, DENIED],
  ['another source is published', 'shop', { publishedSource: 'com.shops' }, DENIED],
  ['a detail type is added', 'shop', { publishedDetailTypes: ['OrderPlaced', 'OrderPaid'] }, DENIED],
  [
    'the bus is in another account',
    'shop',
    { busArns: [arnOf('events', { ...HUB, account: '999999999999' }, 'event-bus/orders')] },
    [
      'hub: error publisherIdentityPolicyMissing',
      'shop: error publisherIdentityPolicyMissing',
      'shop: warning manuallyAddEventBusPolicy',
    ],
  ],
  [
    'a second bus is added',
    'shop',
    { busArns: [...CONTENT.busArns, arnOf('events', HUB, 'event-bus/payments')] },
    ['shop: error eventBusNotFound'],
  ],
  ['the function is renamed', 'billing', { functionName: 'all-invoices' }, ['hub: error resourceNotFound']],
  [
    'the permission is deleted',
    'billing',
    { permission: 'none' },
    ['billing: error targetAccessDenied', 'hub: error targetAccessDenied'],
  ],
  [
    'the permission is moved to an alias',
    'billing',
    { permission: 'alias' },
    ['billing: error targetAccessDenied', 'hub: error targetAccessDenied'],
  ],
])('%s', (_, edited, change, expected) => {
  synthesizeAll();
  const content = { ...CONTENT, ...change };
  synthesize(edited, content);
  const found = NAMES.flatMap((name) =>
    findingsOf(name, name === edited ? content : CONTENT).map((message) => `${name}: ${brief(message)}`),
  ).map((text) => text.replace(/ \/.*$/, ''));
  expect(found.sort()).toEqual([...expected].sort());
});

/** The warnings of an app that knows no others, and in which the needs of another content are acknowledged. */
function unacknowledgedOf(name: Name, content: Content, acknowledged: Content): string[] {
  const make = (made: Content) => {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, name, { env: ENVIRONMENTS[name] });
    MAKE[name](stack, made);
    CrossAccountEventChecks.applyTo(app);
    return stack;
  };
  const stack = make(content);
  for (const message of messagesOf(make(acknowledged))) {
    Annotations.of(stack).acknowledgeWarning(idToAcknowledge([message]), 'done in the other repository');
  }
  return messagesOf(stack).map(brief);
}

describe('an acknowledgement, where no other app is known', () => {
  test.each(NAMES)('is accepted in %s as long as nothing changes', (name) => {
    expect(unacknowledgedOf(name, CONTENT, CONTENT)).toEqual([]);
  });

  const POLICY = 'warning manuallyAddEventBusPolicy';
  test.each<[string, Name, Partial<Content>, string]>([
    ['the role', 'shop', { publisherId: 'Renamed', publisherName: undefined }, `${POLICY} /shop/Renamed`],
    ['the source', 'shop', { publishedSource: 'com.shops' }, `${POLICY} /shop/Publisher`],
    ['a detail type', 'shop', { publishedDetailTypes: ['OrderPlaced', 'OrderPaid'] }, `${POLICY} /shop/Publisher`],
    [
      'the account of the bus',
      'shop',
      { busArns: [arnOf('events', { ...HUB, account: '999999999999' }, 'event-bus/orders')] },
      `${POLICY} /shop/Publisher`,
    ],
    [
      'a second bus',
      'shop',
      { busArns: [...CONTENT.busArns, arnOf('events', HUB, 'event-bus/payments')] },
      `${POLICY} /shop/Publisher`,
    ],
    [
      'the function',
      'hub',
      { targetArn: arnOf('lambda', BILLING, 'function:invoice') },
      'warning manuallyAddFunctionPermission /hub/Rule',
    ],
  ])('does not apply to another need: %s', (_, name, change, expected) => {
    expect(unacknowledgedOf(name, { ...CONTENT, ...change }, CONTENT)).toEqual([expected]);
  });
});

test('an app that nobody describes stays a warning', () => {
  synthesize('hub', CONTENT);
  expect(findingsOf('hub', CONTENT, []).map(brief)).toEqual(['warning manuallyAddFunctionPermission /hub/Rule']);
});

test('an older copy of a stack of this app is ignored', () => {
  synthesizeAll({ ...CONTENT, busName: 'older' });
  expect(findingsOf('hub', CONTENT, ['hub', 'billing'])).toEqual([]);
});

test('a path that cannot be read is an error that names it', () => {
  const app = new App();
  expectError(() => CrossAccountEventChecks.applyTo(app, { otherApps: ['no/such/cdk.out'] }), 'no/such/cdk.out');
});
