import { mayHaveMethod, methodOf, methodsOf } from '../../src/app-model/rest-api-methods';
import { modelOfResources } from '../support/template-constructs';

const resource = (type: string, Properties: object) => ({ Type: `AWS::ApiGateway::${type}`, Properties });
const RestApiId = { Ref: 'Api' };
const ROOT = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };
const part = (PathPart: unknown, ParentId: unknown = ROOT) => resource('Resource', { RestApiId, ParentId, PathPart });
const method = (HttpMethod: unknown, ResourceId: unknown, more: object = {}) =>
  resource('Method', { RestApiId, HttpMethod, ResourceId, ...more });
const ORDERS = { Orders: part('orders'), Order: part('{id}', { Ref: 'Orders' }) };
const POST = method('POST', { Ref: 'Orders' });

const modelWith = (resources: object, api: object = {}) =>
  modelOfResources({ Api: resource('RestApi', api), ...ORDERS, ...resources });

test.each<[string, object, string[] | undefined, object?]>([
  ['none', {}, undefined],
  ['one at a path', { POST }, ['POST /orders']],
  ['one at a nested path', { Get: method('GET', { Ref: 'Order' }) }, ['GET /orders/{id}']],
  ['one at the root', { Any: method('ANY', ROOT) }, ['ANY /']],
  ['two', { POST, Get: method('GET', { Ref: 'Order' }) }, ['POST /orders', 'GET /orders/{id}']],
  ['one for preflight requests too', { POST, Options: method('OPTIONS', ROOT) }, ['POST /orders']],
  ['one of another API too', { POST, Other: method('GET', ROOT, { RestApiId: 'other' }) }, ['POST /orders']],
  ['one, and an OpenAPI definition', { POST }, undefined, { Body: {} }],
  ['one, and an OpenAPI definition in a bucket', { POST }, undefined, { BodyS3Location: { Bucket: 'b' } }],
  ['one, and those of another API', { POST }, undefined, { CloneFrom: 'a1b2c3d4e5' }],
  ['one at a resource of another app too', { POST, Get: method('GET', 'a1b2c3') }, undefined],
  ['one at a parameter', { P: part({ Ref: 'Parameter' }), Get: method('GET', { Ref: 'P' }) }, undefined],
  ['one at a resource within itself', { P: part('p', { Ref: 'P' }), Get: method('GET', { Ref: 'P' }) }, undefined],
])('an API with methods: %s', (_, resources, expected, api = {}) => {
  const model = modelWith(resources, api);
  expect(methodsOf(model, model.restApis[0])).toEqual(expected);
});

const arnOf = (path: string) => `arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5${path}`;

test.each([
  ['/prod/POST/orders', 'POST', '/orders'],
  ['/prod/POST/', 'POST', '/'],
  ['/*/*/orders/*/lines', '*', '/orders/*/lines'],
  ['/prod/‹parameter Hub/P›/orders', '‹parameter Hub/P›', '/orders'],
  ['/prod/POST', 'POST', undefined],
  ['/prod', '*', undefined],
])('the method of %s is %s %s', (path, ...expected) => {
  expect(methodOf(arnOf(path))).toEqual(expected);
});

const METHODS = { POST, Get: method('GET', { Ref: 'Order' }), Any: method('ANY', ROOT) };

test.each<[string, boolean, object?]>([
  ['/prod/POST/orders', true],
  ['/prod/POST/order', false],
  ['/prod/POST/orders/', false],
  ['/prod/PUT/orders', false],
  ['/prod/*/orders', true],
  ['/prod/ANY/orders', true],
  ['/prod/GET/orders/5', true],
  ['/prod/GET/orders/*', true],
  ['/prod/GET/orders/5/lines', false],
  ['/prod/PATCH/', true],
  ['/prod/‹parameter Hub/P›/orders', true],
  ['/prod/POST/‹parameter Hub/P›', true],
  ['/prod/POST', true],
  ['/prod/PUT/orders', true, { Unknown: method({ Ref: 'Parameter' }, { Ref: 'Orders' }) }],
  ['/prod/PUT/orders', true, { Unknown: method('GET', 'a1b2c3') }],
])('an API may have the method %s: %s', (path, expected, more = {}) => {
  const model = modelWith({ ...METHODS, ...more });
  expect(mayHaveMethod(model, model.restApis[0], arnOf(path))).toBe(expected);
});
