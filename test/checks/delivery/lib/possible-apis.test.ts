import { CfnMethod, CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { AppIndex } from '../../../../src/app-model/app-index';
import { readApp } from '../../../../src/app-model/read-app';
import { authorizePossibleApis, nameOfApi } from '../../../../src/checks/delivery/lib/possible-apis';
import { API as KIND } from '../../../../src/checks/engine/target-kinds';
import { HUB, SHOP } from '../../../support/apps';
import { RULE } from '../../../support/role-targets';
import { ThreeAccounts, executionRole, rootArn } from '../../../support/three-accounts';

const API = `arn:aws:execute-api:${HUB.region}:${HUB.account}:a1b2c3d4e5`;
const METHOD = `${API}/prod/POST/orders`;

const policy = (resource: string | string[]) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: rootArn(HUB) }, Action: 'execute-api:Invoke', Resource: 'execute-api:/x/*' },
    { Effect: 'Allow', Principal: { AWS: rootArn(SHOP) }, Action: 'execute-api:Invoke', Resource: resource },
  ],
});
const ALLOWED = policy('execute-api:/prod/POST/orders');
const DENIED = policy('execute-api:/prod/GET/orders');

/** The decision about APIs with such policies, and the path of the API that it results from. */
function decide(policies: (object | 'IAM' | 'none')[], allowedByRole = METHOD) {
  const { app, hub, shop } = new ThreeAccounts();
  executionRole(shop, RULE, allowedByRole, 'execute-api:Invoke');
  policies.forEach((one, i) => {
    const api = new CfnRestApi(hub, `Api${i}`, { name: `api${i}`, ...(typeof one === 'object' && { policy: one }) });
    const { ref: restApiId, attrRootResourceId: resourceId } = api;
    const authorizationType = one === 'IAM' ? 'AWS_IAM' : 'NONE';
    new CfnMethod(hub, `Method${i}`, { restApiId, resourceId, httpMethod: 'POST', authorizationType });
  });
  const index = new AppIndex(readApp(app, [], { possibleTargets: true }), app);
  const { roles, restApis } = index.model;
  const call = { action: KIND.action, resource: METHOD };
  const { api, decision, policyType, reason } = authorizePossibleApis(index, roles[0], call, restApis);
  return { of: api?.construct.node.path, decision, policyType, reason };
}

describe('the decision about an API that may be one of several', () => {
  test.each<[string, (object | 'IAM' | 'none')[], string, string]>([
    ['that allows the call', [DENIED, 'none', ALLOWED], 'allowed', 'Hub/Api2'],
    ['that may allow it', [DENIED, 'none', 'none'], 'unknown', 'Hub/Api1'],
    ['that denies it first', [DENIED, 'IAM'], 'denied', 'Hub/Api0'],
    ['with IAM authorization and no policy', ['IAM', DENIED], 'denied', 'Hub/Api0'],
    ['whose policy names the ID, among others', [policy([`${API}0/*`, `${API}/*`])], 'allowed', 'Hub/Api0'],
    ['whose policy names another ID', [policy(`${API}0/*`)], 'unknown', 'Hub/Api0'],
  ])('is that of the one %s', (_, policies, decision, of) => {
    expect(decide(policies)).toMatchObject({ decision, of, policyType: 'resource' });
  });

  test('is unknown without a policy', () => {
    expect(decide(['none']).reason).toBe("API 'Hub/Api0' may have no policy");
  });

  test('is that of the role if it has no access', () => {
    expect(decide([ALLOWED, 'none'], `${API}/prod/GET/orders`)).toMatchObject({
      decision: 'denied',
      of: undefined,
      policyType: 'identity',
    });
  });
});

test.each([
  ['another app', { isStage: false }, "API 'Stack/Api' in app 'billing'"],
  ['a stage', { isStage: true }, "API 'Root/Stack/Api'"],
  ['the same app', undefined, "API 'Root/Stack/Api'"],
])('an API of %s is named by its path', (_, other, name) => {
  const root = { node: { path: 'Root' } };
  const construct = { node: { path: 'Root/Stack/Api/Resource' } };
  const app = { otherAppOf: () => other && { ...other, root, name: "app 'billing'" } };
  expect(nameOfApi(app as never, { construct } as never)).toBe(name);
});
