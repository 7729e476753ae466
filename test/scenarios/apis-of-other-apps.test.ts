import { Stack } from 'aws-cdk-lib';
import { AuthorizationType, CfnMethod, CfnResource, CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { BILLING, HUB } from '../support/apps';
import { RULE } from '../support/role-targets';
import { SeparateApps, WAYS, Way, findingsAmong } from '../support/separate-apps';
import { cfnRule, executionRole, roleArn, rootArn } from '../support/three-accounts';
import { arnOf } from '../support/three-repositories';

const API = arnOf('execute-api', BILLING, 'a1b2c3d4e5');
const METHOD = `${API}/prod/POST/orders`;
const ALLOW = {
  Effect: 'Allow',
  Principal: { AWS: rootArn(HUB) },
  Action: 'execute-api:Invoke',
  Resource: 'execute-api:/prod/POST/orders',
};

interface ApiProps {
  /** The path of its method, `/orders` by default. */
  readonly path?: string;
  readonly httpMethod?: string;
  readonly statements?: object[];
  readonly authorizationType?: AuthorizationType;
  readonly body?: object;
}

/** An API with one method, and a preflight method that needs no authorization. */
function defineApi(stack: Stack, id: string, props: ApiProps): void {
  const { path = '/orders', httpMethod = 'POST', statements, authorizationType, body } = props;
  const policy = statements && { Version: '2012-10-17', Statement: statements };
  const api = new CfnRestApi(stack, id, { name: id, policy, body });
  if (authorizationType === undefined) return;
  const { ref: restApiId, attrRootResourceId } = api;
  const parts = path.split('/').filter((part) => part !== '');
  const resourceId = parts.reduce(
    (parentId, pathPart, i) => new CfnResource(stack, `${id}Part${i}`, { restApiId, parentId, pathPart }).ref,
    attrRootResourceId,
  );
  const method = { restApiId, resourceId, authorizationType };
  const integration = { type: 'MOCK' };
  new CfnMethod(stack, `${id}Post`, { ...method, httpMethod, integration });
  const preflight = { ...method, httpMethod: 'OPTIONS', authorizationType: AuthorizationType.NONE, integration };
  new CfnMethod(stack, `${id}Options`, preflight);
}

/** The app of a rule for a method of an API, and the app of the APIs in that account. */
const apps = (apis: ApiProps[], allowedByRole = METHOD): SeparateApps => ({
  Hub: {
    env: HUB,
    define: (stack) => {
      const role = executionRole(stack, RULE, allowedByRole, 'execute-api:Invoke');
      cfnRule(stack, { arn: METHOD, roleArn: role.roleArn });
    },
  },
  Billing: {
    env: BILLING,
    define: (stack) => {
      new CfnQueue(stack, 'Queue');
      apis.forEach((api, i) => defineApi(stack, `Api${i}`, api));
    },
  },
});

const IAM = AuthorizationType.IAM;
const ALLOWED: ApiProps = { statements: [ALLOW], authorizationType: IAM };
const DENIED = ['error targetAccessDenied /Hub/Rule'];
const DENIED_THERE = ['error targetAccessDenied /Billing/Api0'];
const NOT_FOUND = ['error resourceNotFound /Hub/Rule'];
const MANUAL = ['warning manuallyAddApiPolicy /Hub/Rule'];

describe.each(Object.keys(WAYS) as Way[])('the API of a method is one of those in its account, known by %s', (way) => {
  test.each<[string, ApiProps[], string[], string[]]>([
    ['which the other app does not define', [], NOT_FOUND, []],
    ['with a policy that allows the method', [{ statements: [ALLOW] }], [], []],
    [
      'with a policy for another method',
      [{ statements: [{ ...ALLOW, Resource: 'execute-api:/prod/GET/orders' }] }],
      DENIED,
      DENIED_THERE,
    ],
    [
      'with a policy that denies the role',
      [{ statements: [ALLOW, { ...ALLOW, Effect: 'Deny', Principal: { AWS: roleArn('sender', HUB) } }] }],
      DENIED,
      DENIED_THERE,
    ],
    ['with a policy that names the ID', [{ statements: [{ ...ALLOW, Resource: `${API}/*` }] }], [], []],
    // It is another API then.
    ['with a policy that names another ID', [{ statements: [{ ...ALLOW, Resource: `${API}0/*` }] }], MANUAL, []],
    ['with an empty policy', [{ statements: [] }], DENIED, DENIED_THERE],
    ['without a policy, but with IAM authorization', [{ authorizationType: IAM }], DENIED, DENIED_THERE],
    ['without a policy and authorization', [{ authorizationType: AuthorizationType.NONE }], MANUAL, []],
    ['without a policy and methods', [{}], MANUAL, []],
    ['with an OpenAPI definition, which may have a policy', [{ body: { openapi: '3.0.1' } }], MANUAL, []],
    ['with the method at another path', [{ ...ALLOWED, path: '/order' }], NOT_FOUND, []],
    ['with the method at a longer path', [{ ...ALLOWED, path: '/orders/new' }], NOT_FOUND, []],
    ['with another method at the path', [{ ...ALLOWED, httpMethod: 'PUT' }], NOT_FOUND, []],
    ['with any method at the path', [{ ...ALLOWED, httpMethod: 'ANY' }], [], []],
    ['with any path', [{ ...ALLOWED, path: '/{proxy+}' }], [], []],
    ['with a parameter as the path', [{ ...ALLOWED, path: '/{id}' }], [], []],
    ['with a method at /, and an OpenAPI definition', [{ ...ALLOWED, path: '/', body: { openapi: '3.0.1' } }], [], []],
    ['of which the second one has the method', [{ ...ALLOWED, path: '/' }, ALLOWED], [], []],
    [
      'of which the second one has the method, and denies it',
      [{ ...ALLOWED, path: '/' }, { authorizationType: IAM }],
      DENIED,
      ['error targetAccessDenied /Billing/Api1'],
    ],
    ['of which the second one allows it', [{ authorizationType: IAM }, { statements: [ALLOW] }], [], []],
    [
      'of which the second one may allow it',
      [{ authorizationType: IAM }, { authorizationType: AuthorizationType.NONE }],
      MANUAL,
      [],
    ],
    ['of which none allows it', [{ authorizationType: IAM }, { statements: [] }], DENIED, DENIED_THERE],
  ])('%s', (_, apis, inHub, inBilling) => {
    expect(findingsAmong(apps(apis), 'Hub', way)).toEqual(inHub);
    expect(findingsAmong(apps(apis), 'Billing', way)).toEqual(inBilling);
  });

  test('to which the role of the rule has no access', () => {
    const among = apps([{ statements: [ALLOW] }], `${API}/prod/GET/orders`);
    expect(findingsAmong(among, 'Hub', way)).toEqual(['error targetRoleInvalid /Hub/Sender/Resource']);
  });
});
