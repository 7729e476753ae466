import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnRestApi, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Rule } from 'aws-cdk-lib/aws-events';
import { ApiGateway } from 'aws-cdk-lib/aws-events-targets';
import { ArnPrincipal, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AppIndex } from '../../../src/app-model/app-index';
import { checkTargets } from '../../../src/checks/delivery/targets';
import { messageOf } from '../../../src/checks/engine/finding';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, SHOP } from '../../support/apps';
import { MakeApp, deliveryAnnotationsOf, faults } from '../../support/faults';
import { expectMessage } from '../../support/messages';
import { RULE, arnOf } from '../../support/role-targets';
import { ThreeAccounts, cfnRule, executionRole, inThreeAccounts, roleArn, rootArn } from '../../support/three-accounts';

const ALLOW = { Effect: 'Allow', Principal: { AWS: roleArn('sender', HUB) }, Action: 'execute-api:Invoke' };

/** The ARN of a method of an API, as the target of a rule. */
const methodArn = (api: CfnRestApi, path = 'prod/POST/orders') =>
  Fn.join('', [`arn:aws:execute-api:${SHOP.region}:${SHOP.account}:`, api.ref, `/${path}`]);

/** A rule whose target is an API in another account. */
const toApi = (statements: object[] | undefined, role: string | undefined = undefined): MakeApp =>
  inThreeAccounts(({ hub, shop }) => {
    const policy = statements && { Version: '2012-10-17', Statement: statements };
    const arn = methodArn(new CfnRestApi(shop, 'Api', { name: 'orders', policy }));
    cfnRule(hub, { arn, roleArn: executionRole(hub, RULE, role ?? arn, 'execute-api:Invoke').roleArn });
  });

/** The findings of the check, without synthesis: only newer releases of the CDK can refer to such an API. */
function findingsOf(make: MakeApp): string[] {
  return checkTargets(AppIndex.of(make())).map(({ id, level, construct, ...text }) => {
    expectMessage(messageOf(text));
    return `${level} ${id.split(':')[1]} /${construct.node.path}`;
  });
}

test.each<[string, MakeApp]>([
  ['a policy that allows the role', toApi([{ ...ALLOW, Resource: 'execute-api:/prod/POST/orders' }])],
  [
    'a policy with wildcards that allows the account',
    toApi([{ ...ALLOW, Principal: { AWS: rootArn(HUB) }, Resource: ['execute-api:/*'] }]),
  ],
  ['a policy with the ARN of any API', toApi([{ ...ALLOW, Resource: 'arn:aws:execute-api:*:*:*' }])],
  ['no policy', toApi(undefined)],
  [
    'an OpenAPI definition that may have a policy',
    inThreeAccounts(({ hub, shop }) => {
      const arn = methodArn(new CfnRestApi(shop, 'Api', { body: { 'x-amazon-apigateway-policy': {} } }));
      cfnRule(hub, { arn, roleArn: executionRole(hub, RULE, arn, 'execute-api:Invoke').roleArn });
    }),
  ],
  [
    'a policy of aws-cdk-lib',
    inThreeAccounts(({ hub, shop }) => {
      const principals = [new ArnPrincipal(roleArn('sender', HUB))];
      const resources = ['execute-api:/*'];
      const statement = new PolicyStatement({ principals, actions: ['execute-api:Invoke'], resources });
      const policy = new PolicyDocument({ statements: [statement] });
      const api = new RestApi(shop, 'Api', { cloudWatchRole: false, policy });
      const arn = methodArn(api.node.defaultChild as CfnRestApi);
      cfnRule(hub, { arn, roleArn: executionRole(hub, RULE, arn, 'execute-api:Invoke').roleArn });
    }),
  ],
])('an API in another account with %s receives events', (_, make) => {
  expect(findingsOf(make)).toEqual([]);
});

test.each<[string, MakeApp, string]>([
  [
    'a policy for another role',
    toApi([{ ...ALLOW, Principal: { AWS: roleArn('other', HUB) }, Resource: 'execute-api:/*' }]),
    'error targetAccessDenied /Hub/Rule',
  ],
  [
    'a policy for another method',
    toApi([{ ...ALLOW, Resource: 'execute-api:/prod/GET/orders' }]),
    'error targetAccessDenied /Hub/Rule',
  ],
  [
    'a policy that denies the role',
    toApi([
      { ...ALLOW, Resource: 'execute-api:/*' },
      { ...ALLOW, Effect: 'Deny', Principal: '*', Resource: 'execute-api:/prod/POST/*' },
    ]),
    'error targetAccessDenied /Hub/Rule',
  ],
  [
    'a role for another API',
    toApi([{ ...ALLOW, Resource: 'execute-api:/*' }], arnOf('execute-api', 'other/prod/POST/orders', SHOP.account)),
    'error targetRoleInvalid /Hub/Sender/Resource',
  ],
  [
    'a role for another API and no policy',
    toApi(undefined, arnOf('execute-api', 'other/prod/POST/orders', SHOP.account)),
    'error targetRoleInvalid /Hub/Sender/Resource',
  ],
])('fails for an API in another account with %s', (_, make, finding) => {
  expect(findingsOf(make)).toEqual([finding]);
});

faults('an API as a target', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'an API of aws-cdk-lib in the account of the rule': inThreeAccounts(({ hub }) => {
      const api = new RestApi(hub, 'Api', { cloudWatchRole: false });
      api.root.addMethod('POST', new MockIntegration());
      const eventPattern = { source: ['com.shop'] };
      new Rule(hub, 'Rule', { eventPattern, targets: [new ApiGateway(api, { path: '/', method: 'POST' })] });
    }),
  },
  faulty: {
    'an API of another app': {
      finds: FindingId.MANUALLY_ADD_API_POLICY,
      at: '/Hub/Rule',
      app: inThreeAccounts(({ hub }) => {
        const arn = arnOf('execute-api', 'a/prod/POST/in', SHOP.account);
        cfnRule(hub, { arn, roleArn: executionRole(hub, RULE, arn, 'execute-api:Invoke').roleArn });
      }),
    },
  },
});

/** Rules of two stacks whose target is known only at deployment. */
function unresolvedTargets(arnIn: (stack: Stack) => string): string[] {
  const three = new ThreeAccounts();
  for (const [stack, count] of [
    [three.hub, 7],
    [three.shop, 1],
  ] as const) {
    const arn = arnIn(stack);
    const role = executionRole(stack, RULE, '*', 'events:PutEvents', {
      trust: new ServicePrincipal('events.amazonaws.com'),
    });
    for (let i = 1; i <= count; i++) cfnRule(stack, { arn, roleArn: role.roleArn }, {}, `Rule${i}`);
  }
  return deliveryAnnotationsOf(three.app).map(({ at, level, text }) => {
    expectMessage(text);
    return `${level} ${at}`;
  });
}

const parameter = (stack: Stack) => new CfnParameter(stack, 'Target').valueAsString;

test.each([
  ['a bus in an account', (stack: Stack) => `arn:aws:events:eu-west-1:444444444444:event-bus/${parameter(stack)}`],
  ['a target', parameter],
])('rules of a stack for %s that is known only at deployment are reported once', (_, arnIn) => {
  expect(unresolvedTargets(arnIn)).toEqual(['warning /Hub', 'warning /Shop/Rule1']);
});
