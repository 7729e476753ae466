import { AuthorizationType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Gap } from './gap';
import { ApiGatewayEventTarget, CrossAccountApiPermission, CrossAccountEventBus } from 'cdk-cross-account-eventbridge';

export const ruleToAnApi: Gap = {
  file: __filename,
  title: 'A rule that invokes an API of another account',
  inShort: 'aws-cdk-lib invokes an API of its own account',
  why:
    'An API of another account is known by its ID, and needs an [execution ' +
    'role](https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html) and a statement ' +
    'in its policy.',
  shows: ['AWS::Events::Rule', 'AWS::IAM::Policy', ['AWS::ApiGateway::RestApi', 'Policy']],

  withAwsCdkLib: ({ hub }) => {
    const eventBus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const api = RestApi.fromRestApiId(hub, 'Api', 'a1b2c3d4e5');
    const target = new targets.ApiGateway(api, { stage: 'prod', path: '/orders', method: 'POST' });
    new Rule(hub, 'Rule', { eventBus, eventPattern, targets: [target] });
  },
  thenAwsCdkLib:
    'The target has the account of the rule, in which there is no API with that ID, so no event is delivered. The ' +
    'role may also call `execute-api:ManageConnections`.',

  withThisLibrary: ({ hub, consumer }) => {
    const eventBus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const eventPattern = { source: ['com.example.shop'] };
    const imported = RestApi.fromRestApiId(hub, 'Api', 'a1b2c3d4e5');
    const options = { restApiAccount: '333333333333', stage: 'prod', path: '/orders' };
    new Rule(hub, 'Rule', { eventBus, eventPattern, targets: [new ApiGatewayEventTarget(imported, options)] });

    // in the app that defines the API
    const defaultMethodOptions = { authorizationType: AuthorizationType.IAM };
    const restApi = new RestApi(consumer, 'Orders', { cloudWatchRole: false, defaultMethodOptions });
    restApi.root.addResource('orders').addMethod('POST');
    new CrossAccountApiPermission(consumer, 'FromOrders', { restApi, eventBusAccount: '111111111111' });
  },
  thenThisLibrary:
    'The target has the account of the API, and an execution role for exactly that method. A warning in the app with ' +
    'the rule reports the statement that the API needs, which the app with the API creates.',
};
