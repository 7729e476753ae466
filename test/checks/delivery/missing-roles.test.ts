import { Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { AppIndex } from '../../../src/app-model/app-index';
import { OtherApp } from '../../../src/app-model/other-apps';
import { checkMissingRoles } from '../../../src/checks/delivery/missing-roles';
import { BILLING, HUB, SHOP, testApp, testStack } from '../../support/apps';
import { cfnEventBus, cfnEventBusPolicy, roleArn } from '../../support/three-accounts';

const role = (scope: Stack, roleName: string) =>
  new CfnRole(scope, roleName, { roleName, assumeRolePolicyDocument: { Statement: [] } });
const named = (...names: string[]) => ({ Principal: { AWS: names.map((name) => roleArn(name)) } });

/** The names of the missing roles, where the account of the shop has these roles, and another account one too. */
function missing(statements: object[], ...names: string[]): string[] {
  const app = testApp();
  const hub = testStack('Hub', HUB, app);
  cfnEventBus(hub);
  statements.forEach((statement, i) => cfnEventBusPolicy(hub, statement, { id: `P${i}`, sid: `P${i}` }));
  const shop = testApp();
  const stack = testStack('Shop', SHOP, shop);
  names.forEach((name) => role(stack, name));
  role(testStack('Billing', BILLING, shop), 'ledger');
  const findings = checkMissingRoles(AppIndex.of(app, [new OtherApp("app 'shop'", shop)]));
  expect(findings.every(({ construct }) => construct.node.path.startsWith('Hub/P'))).toBe(true);
  return findings.map(({ problem }) => /allows role \S+:role\/(\S+), which no app defines$/.exec(problem)![1]);
}

describe('roles that a bus allows, and no app defines', () => {
  test.each<[string, object[], string[], string[]]>([
    ['one', [named('a')], ['x'], ['a']],
    ['two, each once', [named('a', 'b'), named('a')], ['x'], ['a', 'b']],
    ['one in a statement that denies', [{ ...named('a'), Effect: 'Deny' }], ['x'], []],
    [
      'one by a wildcard',
      [{ Principal: '*', Condition: { ArnLike: { 'aws:PrincipalArn': roleArn('a*') } } }],
      ['x'],
      [],
    ],
    ['a session', [{ Principal: { AWS: roleArn('a').replace(':iam:', ':sts:') } }], ['x'], []],
    ['a user', [{ Principal: { AWS: roleArn('a').replace(':role/', ':user/') } }], ['x'], []],
    ['one beside a role that exists', [named('orders', 'writer')], ['orders'], []],
    ['one beside a role that exists, in another statement', [named('writer'), named('orders')], ['orders'], []],
    ['one beside one of two roles that exist', [named('orders', 'writer')], ['orders', 'refunds'], []],
    ['one that misspells another role that exists', [named('orders', 'refnds')], ['orders', 'refunds'], ['refnds']],
    [
      'one beside a role that exists in another account',
      [{ Principal: { AWS: [roleArn('ledger', BILLING), roleArn('writer')] } }],
      ['x'],
      ['writer'],
    ],
    ['one with the misspelled name of a role in another account', [named('orders', 'legder')], ['orders'], []],
  ])('%s', (_, statements, names, expected) => {
    expect(missing(statements, ...names)).toEqual(expected);
  });
});
