import { App, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function, IFunction } from 'aws-cdk-lib/aws-lambda';
import { BILLING, HUB, SHOP, testFunction } from './apps';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  CrossAccountEventChecksOptions,
  CrossAccountInvokePermission,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';

/** Three apps, one for each account, that agree on names only. */
export const NAMES = ['hub', 'shop', 'billing'] as const;
export type Name = (typeof NAMES)[number];

/** What the apps write out; each edit changes one of these. */
export interface Content {
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

export const arnOf = (service: string, { account, region }: typeof HUB, name: string) =>
  `arn:aws:${service}:${region}:${account}:${name}`;
const roleArn = (name: string) => `arn:aws:iam::${SHOP.account}:role/${name}`;

export const CONTENT: Content = {
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

/** The stack of one app. */
export function stackOf(
  name: Name,
  content: Content,
  options?: CrossAccountEventChecksOptions,
  outdir?: string,
): Stack {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, name, { env: ENVIRONMENTS[name] });
  MAKE[name](stack, content);
  if (options) CrossAccountEventChecks.applyTo(app, options);
  return stack;
}

/** Both apps report that the bus does not allow the publisher. */
const DENIED = ['hub: error publisherAccessDenied', 'shop: error publisherAccessDenied'];

/** Edits that break delivery, and what each app then reports. */
export const EDITS: readonly (readonly [string, Name, Partial<Content>, readonly string[]])[] = [
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
];
