import { App, CfnResource, Environment } from 'aws-cdk-lib';
import { AppIndex } from '../../src/app-model/app-index';
import { OtherApp } from '../../src/app-model/other-apps';
import { possibleRestApis, restApiArn } from '../../src/app-model/possible-rest-apis';
import { HUB, SHOP, testApp, testStack } from '../support/apps';
import { queueArn } from '../support/three-accounts';

let index: AppIndex;
let user: { readonly own: CfnResource; readonly ofShop: CfnResource };
beforeAll(() => {
  const app = testApp();
  const shop = testApp();
  const own = apiIn(app, 'Hub', HUB);
  const ofShop = apiIn(shop, 'Shop', SHOP);
  apiIn(shop, 'InHub', HUB);
  apiIn(shop, 'InUs', { ...HUB, region: 'us-east-1' });
  new CfnResource(own.stack, 'Rule', {
    type: 'AWS::Events::Rule',
    properties: { Targets: [{ Id: 'T', Arn: methodArn('x') }] },
  });
  index = AppIndex.of(app, [new OtherApp('shop', shop)]);
  user = { own, ofShop };
});

function apiIn(app: App, id: string, env: Environment): CfnResource {
  return new CfnResource(testStack(id, env, app), 'Api', { type: 'AWS::ApiGateway::RestApi' });
}

const methodArn = (id: string, { account, region } = HUB) =>
  `arn:aws:execute-api:${region}:${account}:${id}/prod/POST/orders`;

test.each<[string, 'own' | 'ofShop', string[]]>([
  [methodArn('abc'), 'own', ['InHub/Api']],
  [methodArn('abc'), 'ofShop', ['Hub/Api']],
  [methodArn('abc', SHOP), 'own', ['Shop/Api']],
  [methodArn('abc', SHOP), 'ofShop', []],
  [methodArn('abc', { ...HUB, region: 'us-east-1' }), 'own', ['InUs/Api']],
  [methodArn('‹RestApiId of Hub/Api›'), 'own', []],
  [queueArn('abc'), 'own', []],
  ['text', 'own', []],
])('the method %s, of a target of the app "%s", may be one of %j', (arn, app, expected) => {
  expect(possibleRestApis(index, arn, user[app]).map(({ construct }) => construct.node.path)).toEqual(expected);
});

test.each([
  [methodArn('abc'), 'arn:aws:execute-api:eu-west-1:111111111111:abc'],
  [methodArn('‹RestApiId of Hub/Api›'), 'arn:aws:execute-api:eu-west-1:111111111111:‹RestApiId of Hub/Api›'],
])('the API of the method %s is %s', (arn, expected) => {
  expect(restApiArn(arn)).toBe(expected);
});
