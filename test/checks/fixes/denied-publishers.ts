import { Effect, ManagedPolicy, PermissionsBoundary, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { FixRow, arnIn } from './fix-row';
import { LAMBDA, putEvents } from './publishers';
import { CrossAccountEventBus, EventPublisher, PublisherRole } from '../../../src';
import { HUB, ORGANIZATION, SHOP } from '../../support/apps';
import { busArn, cfnEventBus, cfnEventBusPolicy, publisherRole, roleArn, rootArn } from '../../support/three-accounts';

const DENY = (condition: object) => ({ Effect: 'Deny', Principal: '*', Condition: condition });

export const DENIED_PUBLISHER_FIXES: readonly FixRow[] = [
  {
    what: 'the action is removed from an unconditional Deny statement',
    finds: 'publisherAccessDenied',
    names: ["remove this action from the Deny statement on 'events:*'"],
    app: ({ hub, shop }, fix) => {
      new CrossAccountEventBus(hub, 'Bus', {
        eventBusName: 'orders',
        publishers: [EventPublisher.accounts(SHOP.account)],
      });
      const actions = fix ? ['events:PutRule'] : ['events:*'];
      publisherRole(shop).addToPolicy(new PolicyStatement({ effect: Effect.DENY, actions, resources: ['*'] }));
    },
  },
  {
    what: 'the condition of a Deny statement is corrected',
    finds: 'publisherAccessDenied',
    names: ["correct the condition of statement 'Deny' on 'aws:PrincipalArn'", roleArn('publisher')],
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      const denied = roleArn(fix ? 'other' : 'publisher');
      const statement = DENY({ ArnEquals: { 'aws:PrincipalArn': denied } });
      cfnEventBusPolicy(hub, statement, { id: 'Deny', sid: 'Deny' });
      publisherRole(shop);
    },
  },
  {
    what: 'a data perimeter gets an exception for services',
    finds: 'publisherAccessDenied',
    names: ['"BoolIfExists": { "aws:PrincipalIsAWSService": "false" }'],
    app: ({ hub }, fix) => {
      const service = EventPublisher.service('ses.amazonaws.com');
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders', publishers: [service] });
      const exception = fix ? { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } : {};
      const perimeter = DENY({ StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION }, ...exception });
      cfnEventBusPolicy(hub, perimeter, { sid: 'Perimeter' }).node.addDependency(bus);
    },
  },
  {
    what: 'a role may put one more detail type, in one call with the others',
    finds: 'publisherAccessDenied',
    names: ["{ sources: ['com.shop'], detailTypes: ['OrderPlaced', 'OrderPaid'] }"],
    app: ({ hub, shop }, fix) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      const detailTypes = fix
        ? /detailTypes: \[(.*?)\]/
            .exec(fix)![1]
            .split(', ')
            .map((one) => one.slice(1, -1))
        : [];
      const publisher = EventPublisher.role(roleArn('publisher'));
      bus.allowPublisher(publisher, { sources: ['com.shop'], detailTypes: ['OrderPlaced'] });
      if (fix) bus.allowPublisher(publisher, { sources: ['com.shop'], detailTypes });
      const both = { 'events:source': 'com.shop', 'events:detail-type': ['OrderPlaced', 'OrderPaid'] };
      publisherRole(shop, busArn(), { 'ForAllValues:StringEquals': both });
    },
  },
  {
    what: 'a statement for a misspelled bus is corrected',
    finds: 'publisherAccessDenied',
    names: [`change the bus of the statement to ${busArn()}`],
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub, {}, { bus: fix ? 'orders' : 'ordres' });
      publisherRole(shop);
    },
  },
  {
    what: 'the ARN of a misspelled role is corrected in a grant',
    finds: 'publisherAccessDenied',
    names: [`correct the ARN in allowPublisher() to ${roleArn('publisher')}`, 'or call allowPublisher('],
    app: ({ hub, shop }, fix) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
      bus.allowPublisher(EventPublisher.role(fix ? arnIn(fix) : roleArn('publsher')));
      publisherRole(shop);
    },
  },
  {
    what: 'the account in the ARN of a role is corrected in a statement',
    finds: 'publisherAccessDenied',
    names: [`correct the ARN in the statement to ${roleArn('publisher')}`],
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      const typo = roleArn('publisher').replace(SHOP.account, '222222222223');
      cfnEventBusPolicy(hub, { Principal: { AWS: fix ? arnIn(fix) : typo } });
      publisherRole(shop);
    },
  },
  {
    what: 'the permissions boundary allows the bus',
    finds: 'publisherAccessDenied',
    names: [`allow events:PutEvents on ${busArn()} in permissions boundary 'Shop/Boundary'`],
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      const statements = [new PolicyStatement({ actions: ['s3:*'], resources: ['*'] }), ...(fix ? [putEvents()] : [])];
      PermissionsBoundary.of(publisherRole(shop)).apply(new ManagedPolicy(shop, 'Boundary', { statements }));
    },
  },
  {
    what: 'an identity-based policy for a role that the bus allows',
    finds: 'publisherIdentityPolicyMissing',
    names: `allow the role events:PutEvents on ${busArn()}`,
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub, { Principal: { AWS: roleArn('publisher') } });
      const role = publisherRole(shop, busArn('other', SHOP));
      if (fix) role.addToPolicy(putEvents());
    },
  },
  {
    what: 'a PublisherRole in an account that the bus allows',
    finds: 'publisherIdentityPolicyMissing',
    names: ['PublisherRole', busArn()],
    app: ({ hub, shop }, fix) => {
      const bus = new CrossAccountEventBus(hub, 'Bus', {
        eventBusName: 'orders',
        publishers: [EventPublisher.accounts(SHOP.account)],
      });
      new Role(shop, 'Other', { assumedBy: LAMBDA });
      if (fix) new PublisherRole(shop, 'Allowed', { assumedBy: LAMBDA, eventBuses: [bus] });
    },
  },
  {
    what: 'a misspelled ARN is corrected',
    finds: 'eventBusNotFound',
    names: `correct the ARN to ${busArn()}`,
    app: ({ hub, shop }, fix) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub, { Principal: { AWS: rootArn(SHOP) } });
      publisherRole(shop, fix ? arnIn(fix) : busArn('ordres', HUB));
    },
  },
];
