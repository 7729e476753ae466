import { AuthorizationType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption } from 'aws-cdk-lib/aws-kinesis';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountApiPermission,
  CrossAccountEventBus,
  CrossAccountInvokePermission,
  CrossAccountPrincipal,
  CrossAccountQueuePermission,
  CrossAccountStreamPermission,
  CrossAccountTopicPermission,
  EventPublisher,
  PublisherRole,
} from '../../src';
import { HUB, ORGANIZATION, SHOP, testFunction } from '../support/apps';
import { busArn, inThreeAccounts, roleArn } from '../support/three-accounts';

const eventBusAccount = HUB.account;
const publishers = [EventPublisher.organization(ORGANIZATION)];

/** The sides of the publisher, and of the owner of a target, each alone. */
export const PERMISSION_APPS = {
  'role of a publisher': inThreeAccounts(({ hub, shop }) => {
    const eventBus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    new PublisherRole(shop, 'Publisher', {
      eventBuses: [eventBus],
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      allowedEvents: { sources: ['com.example.shop'] },
    });
  }),
  'named role of a publisher, for an imported bus': inThreeAccounts(({ shop }) => {
    new PublisherRole(shop, 'Publisher', {
      roleName: 'publisher',
      eventBuses: [EventBus.fromEventBusArn(shop, 'Bus', busArn())],
      assumedBy: new AccountPrincipal(SHOP.account),
    });
  }),
  'role of a publisher that is renamed': inThreeAccounts(({ hub, shop }) => {
    const eventBus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    new PublisherRole(shop, 'Publisher', {
      roleName: 'publisher-2',
      previousRoleNames: ['publisher'],
      eventBuses: [eventBus],
      assumedBy: new AccountPrincipal(SHOP.account),
    });
  }),
  'role that another account assumes': inThreeAccounts(({ shop }) => {
    const assumedBy = CrossAccountPrincipal.withExternalId('444444444444', 'b7a9c3d2');
    new Role(shop, 'Role', { assumedBy });
  }),
  'permission on a function, for an account': inThreeAccounts(({ billing }) => {
    const handler = testFunction(billing, 'Handler', { functionName: 'invoices' });
    new CrossAccountInvokePermission(billing, 'Permission', { handler, eventBusAccount });
  }),
  'permission on a function, for a role': inThreeAccounts(({ billing }) => {
    const handler = testFunction(billing, 'Handler', { functionName: 'invoices' });
    const executionRole = Role.fromRoleArn(billing, 'Role', roleArn('deliver', HUB));
    new CrossAccountInvokePermission(billing, 'Permission', { handler, eventBusAccount, executionRole });
  }),
  'permission on a function, for the organization': inThreeAccounts(({ billing }) => {
    const handler = testFunction(billing, 'Handler', { functionName: 'invoices' });
    new CrossAccountInvokePermission(billing, 'Permission', { handler, publishers });
  }),
  'permission on a queue': inThreeAccounts(({ billing }) => {
    const queue = new Queue(billing, 'Queue', { queueName: 'invoices' });
    new CrossAccountQueuePermission(billing, 'Permission', { queue, eventBusAccount });
  }),
  'permission on a queue, for the organization': inThreeAccounts(({ billing }) => {
    const queue = new Queue(billing, 'Queue', { queueName: 'invoices' });
    new CrossAccountQueuePermission(billing, 'Permission', { queue, publishers });
  }),
  'permission on a topic': inThreeAccounts(({ billing }) => {
    const topic = new Topic(billing, 'Topic', { topicName: 'invoices' });
    new CrossAccountTopicPermission(billing, 'Permission', { topic, eventBusAccount });
  }),
  'permission on a stream': inThreeAccounts(({ billing }) => {
    const stream = new Stream(billing, 'Stream', { streamName: 'invoices', encryption: StreamEncryption.UNENCRYPTED });
    new CrossAccountStreamPermission(billing, 'Permission', { stream, eventBusAccount });
  }),
  'permission on an API': inThreeAccounts(({ billing }) => {
    const restApi = new RestApi(billing, 'Api', { cloudWatchRole: false });
    restApi.root.addResource('orders').addMethod('POST', undefined, { authorizationType: AuthorizationType.IAM });
    new CrossAccountApiPermission(billing, 'Permission', { restApi, eventBusAccount, method: 'POST', path: '/orders' });
  }),
};
