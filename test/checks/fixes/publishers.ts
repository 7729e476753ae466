import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { CfnUser, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FixRow, arnIn, jsonIn } from './fix-row';
import { CrossAccountEventBus, CrossAccountEventBusPolicy, EventPublisher, PublisherRole } from '../../../src';
import { SHOP } from '../../support/apps';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  policyDocument,
  publisherRole,
  roleArn,
} from '../../support/three-accounts';

const ROLE = `EventPublisher.role('${roleArn('publisher')}')`;
const ACCOUNT = `EventPublisher.accounts('${SHOP.account}')`;
export const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');

const plainBus = (stack: Stack) => new EventBus(stack, 'Bus', { eventBusName: 'orders' });
const crossAccountBus = (stack: Stack) => new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders' });
export const putEvents = (conditions?: { [key: string]: unknown }, effect?: Effect) =>
  new PolicyStatement({
    effect,
    actions: ['events:PutEvents'],
    resources: [busArn()],
    ...(conditions && { conditions }),
  });

/** A function whose own role may put events on the bus. */
function publishingFunction(stack: Stack, role?: PublisherRole): Function {
  const publisher = new Function(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    role,
  });
  if (!role) publisher.addToRolePolicy(putEvents());
  return publisher;
}

export const PUBLISHER_FIXES: readonly FixRow[] = [
  {
    what: 'a grant on a plain bus',
    finds: 'publisherAccessDenied',
    names: ['CrossAccountEventBusPolicy', `allowPublisher(${ROLE})`, "'Hub/Bus'"],
    app: ({ hub, shop }, fix) => {
      const eventBus = plainBus(hub);
      publisherRole(shop);
      if (!fix) return;
      const policy = new CrossAccountEventBusPolicy(hub, 'Grants', { eventBus });
      policy.allowPublisher(EventPublisher.role(arnIn(fix)));
    },
  },
  {
    what: 'a grant on a CrossAccountEventBus',
    finds: 'publisherAccessDenied',
    names: [`call allowPublisher(${ROLE}) on 'Hub/Bus'`],
    app: ({ hub, shop }, fix) => {
      const bus = crossAccountBus(hub);
      publisherRole(shop);
      if (fix) bus.allowPublisher(EventPublisher.role(arnIn(fix)));
    },
  },
  {
    what: 'a grant on a CrossAccountEventBusPolicy that exists',
    finds: 'publisherAccessDenied',
    names: [`call allowPublisher(${ROLE}) on 'Hub/Grants'`],
    app: ({ hub, shop }, fix) => {
      const policy = new CrossAccountEventBusPolicy(hub, 'Grants', { eventBus: plainBus(hub) });
      publisherRole(shop);
      if (fix) policy.allowPublisher(EventPublisher.role(arnIn(fix)));
    },
  },
  {
    what: 'a grant without rules, for a role that calls PutEvents',
    finds: 'publisherAccessDenied',
    names: [`call allowPublisher(${ROLE}) on 'Hub/Bus'`, 'forward the events with a rule'],
    app: ({ hub, shop }, fix) => {
      const bus = crossAccountBus(hub);
      bus.allowPublisher(EventPublisher.accounts(SHOP.account), { ruleRegions: [SHOP.region] });
      publisherRole(shop);
      if (fix) bus.allowPublisher(EventPublisher.role(arnIn(fix)));
    },
  },
  {
    what: "a statement in the bus's own policy",
    finds: 'publisherAccessDenied',
    names: ["'policy' property of 'Hub/Bus'"],
    app: ({ hub, shop }, fix) => {
      const other = {
        Effect: 'Allow',
        Principal: { AWS: '333333333333' },
        Action: 'events:PutEvents',
        Resource: busArn(),
      };
      const Statement = [other, ...(fix ? [jsonIn(fix)] : [])];
      cfnEventBus(hub, 'Bus', 'orders', { policy: { Version: '2012-10-17', Statement } });
      publisherRole(shop);
    },
  },
  {
    what: 'a grant to the account of a role without a name',
    finds: 'publisherAccessDenied',
    names: [`allowPublisher(${ACCOUNT})`, "role 'Shop/Publisher'"],
    app: ({ hub, shop }, fix) => {
      const bus = crossAccountBus(hub);
      publisherRole(shop, busArn(), undefined, { roleName: undefined });
      if (fix) bus.allowPublisher(EventPublisher.accounts(SHOP.account));
    },
  },
  {
    what: 'a name for a role without one',
    finds: 'publisherAccessDenied',
    names: ["'roleName'", "role 'Shop/Publisher'"],
    app: ({ hub, shop }, fix) => {
      const bus = crossAccountBus(hub);
      const role = publisherRole(shop, busArn(), undefined, { roleName: fix && 'publisher' });
      if (fix) bus.allowPublisher(EventPublisher.role(role));
    },
  },
  {
    what: 'a PublisherRole for a function',
    finds: 'publisherAccessDenied',
    names: ["PublisherRole as the 'role' of 'Shop/Handler'"],
    app: ({ hub, shop }, fix) => {
      const bus = crossAccountBus(hub);
      const role = fix ? new PublisherRole(shop, 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus] }) : undefined;
      publishingFunction(shop, role);
    },
  },
  {
    what: 'a grant for the source that is denied',
    finds: 'publisherAccessDenied',
    names: [`allowPublisher(${ROLE}, { sources: ['com.shop'] })`],
    app: ({ hub, shop }, fix) => {
      const bus = crossAccountBus(hub);
      bus.allowPublisher(EventPublisher.accounts(SHOP.account), { sources: ['com.other'] });
      publisherRole(shop, busArn(), {
        'ForAllValues:StringEquals': { 'events:source': 'com.shop' },
        Null: { 'events:source': 'false' },
      });
      if (fix) bus.allowPublisher(EventPublisher.role(arnIn(fix)), { sources: ['com.shop'] });
    },
  },
  {
    what: 'a grant to the account of a user',
    finds: 'publisherAccessDenied',
    names: [`allowPublisher(${ACCOUNT})`],
    app: ({ hub, shop }, fix) => {
      const bus = crossAccountBus(hub);
      new CfnUser(shop, 'Publisher', {
        userName: 'publisher',
        policies: [{ policyName: 'put', policyDocument: policyDocument('events:PutEvents', busArn()) }],
      });
      if (fix) bus.allowPublisher(EventPublisher.accounts(SHOP.account));
    },
  },
  {
    what: 'a grant beside a statement in the short form',
    finds: 'publisherAccessDenied',
    names: [`allowPublisher(${ROLE})`, 'CrossAccountEventBusPolicy'],
    app: ({ hub, shop }, fix) => {
      const eventBus = plainBus(hub);
      cfnEventBusPolicy(hub, undefined, { sid: 'Billing' }).addPropertyOverride('Statement', undefined);
      const short = hub.node.findChild('Policy') as ReturnType<typeof cfnEventBusPolicy>;
      short.statement = undefined;
      short.action = 'events:PutEvents';
      short.principal = '333333333333';
      publisherRole(shop);
      if (fix) {
        new CrossAccountEventBusPolicy(hub, 'Grants', { eventBus, publishers: [EventPublisher.role(arnIn(fix))] });
      }
    },
  },
];
