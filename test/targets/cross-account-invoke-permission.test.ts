import { App, Aws, CfnParameter, Environment, PhysicalName, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { IRole, Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function, IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountInvokePermission, EventPublisher } from '../../src';
import { BILLING, HUB, SHOP, REGION, testApp, testFunction, testStack } from '../support/apps';
import { expectError } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const PERMISSION = 'AWS::Lambda::Permission';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Consumer', BILLING, app);
});

const permit = (handler: IFunction, eventBusAccount = HUB.account, id = 'Permission') =>
  new CrossAccountInvokePermission(stack, id, { handler, eventBusAccount });

describe('the permission for the bus of another account', () => {
  test.each<[string, (fn: Function) => IFunction]>([
    ['a function', (fn) => fn],
    ['a version', (fn) => fn.currentVersion],
    ['an alias', (fn) => new Alias(stack, 'Alias', { aliasName: 'live', version: fn.currentVersion })],
  ])('is on exactly %s', (_, qualified) => {
    const handler = qualified(testFunction(stack, 'Handler'));
    permit(handler);
    expect(propertiesOf(stack, PERMISSION)).toEqual([
      { Action: 'lambda:InvokeFunction', FunctionName: stack.resolve(handler.functionArn), Principal: HUB.account },
    ]);
  });

  test('may be given for several accounts', () => {
    const handler = testFunction(stack, 'Handler');
    [HUB, SHOP].forEach(({ account }) => permit(handler, account, `From${account}`));
    expect(propertiesOf(stack, PERMISSION).map(({ Principal }) => Principal)).toEqual([HUB.account, SHOP.account]);
  });

  test('may be for a function that another app of the account makes', () => {
    permit(Function.fromFunctionName(stack, 'Imported', 'handler'));
    expect(propertiesOf(stack, PERMISSION)).toMatchObject([{ Principal: HUB.account }]);
  });

  test('may be in a stack whose account only deployment tells, and for such an account', () => {
    stack = new Stack(testApp(), 'Agnostic');
    permit(testFunction(stack, 'Handler'));
    permit(
      Function.fromFunctionArn(stack, 'Imported', `arn:aws:lambda:${REGION}:${BILLING.account}:function:handler`),
      new CfnParameter(stack, 'Account').valueAsString,
      'Tokens',
    );
    expect(propertiesOf(stack, PERMISSION).map(({ Principal }) => Principal)).toEqual([
      HUB.account,
      { Ref: 'Account' },
    ]);
  });
});

describe('the permission fails', () => {
  test.each([
    ['a known account', HUB, HUB.account],
    ['an account that only deployment tells', {}, Aws.ACCOUNT_ID],
  ])('for a bus of its own, %s', (_, env, account) => {
    stack = new Stack(testApp(), 'Own', { env });
    expectError(() => permit(testFunction(stack, 'Handler'), account), /^Own\/Permission: 'eventBusAccount' must/);
  });

  test.each(['', '*', '12345678901', '1234567890123', 'arn:aws:iam::111111111111:root', 'events.amazonaws.com'])(
    'for %p in place of an account',
    (account) => {
      const handler = testFunction(stack, 'Handler');
      expectError(() => permit(handler, account), `Consumer/Permission: 'eventBusAccount' must`);
    },
  );

  test('on $LATEST', () => {
    const { latestVersion } = testFunction(stack, 'Handler');
    expectError(() => permit(latestVersion), "Consumer/Permission: 'handler' must");
  });

  test.each<[string, string, (arn: string) => IFunction]>([
    ['another account', `${REGION}:${HUB.account}`, (arn) => Function.fromFunctionArn(stack, 'Imported', arn)],
    ['another region', `us-east-1:${BILLING.account}`, (arn) => Function.fromFunctionArn(stack, 'Imported', arn)],
    [
      'another account, as a version',
      `${REGION}:${HUB.account}`,
      (arn) => Version.fromVersionArn(stack, 'Imported', `${arn}:1`),
    ],
  ])('on a function of %s, whose policy cannot be written from here', (_, env, imported) => {
    expectError(
      () => permit(imported(`arn:aws:lambda:${env}:function:handler`)),
      `Consumer/Permission: 'handler' must`,
    );
  });
});

describe('the permission for an execution role', () => {
  const ROLE_ARN = `arn:aws:iam::${HUB.account}:role/sender`;
  const permitRole = (executionRole: IRole, id = 'Permission') =>
    new CrossAccountInvokePermission(stack, id, {
      handler: Function.fromFunctionName(stack, `Function${id}`, 'handler'),
      eventBusAccount: HUB.account,
      executionRole,
    });
  const roleIn = (id: string, env: Environment, roleName?: string) =>
    new Role(testStack(id, env, app), 'Sender', { roleName, assumedBy: new ServicePrincipal('events.amazonaws.com') });
  const principals = () => propertiesOf(stack, PERMISSION).map(({ Principal }) => Principal);

  test('names one that is known by its ARN, and waits for nothing', () => {
    permitRole(Role.fromRoleArn(stack, 'Sender', ROLE_ARN));
    expect(principals()).toEqual([ROLE_ARN]);
    expect(dependenciesOf(stack)).toEqual([]);
  });

  test.each<[string, (role: IRole) => unknown]>([
    ['as the execution role', (role) => permitRole(role)],
    [
      'as a publisher',
      (role) =>
        new CrossAccountInvokePermission(stack, 'Permission', {
          handler: testFunction(stack, 'Handler'),
          publishers: [EventPublisher.accounts(SHOP.account), EventPublisher.role(role)],
        }),
    ],
  ])('waits for one that the app makes, %s', (_, allow) => {
    const role = roleIn('Hub', HUB, PhysicalName.GENERATE_IF_NEEDED);
    allow(role);
    const [{ RoleName }] = propertiesOf(Stack.of(role), 'AWS::IAM::Role');
    expect(principals()).toContainEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${HUB.account}:role/${RoleName}`]],
    });
    expect(dependenciesOf(stack)).toEqual(['Hub']);
  });

  test('may be made for each of several roles', () => {
    ['one', 'two'].forEach((name) => permitRole(Role.fromRoleArn(stack, `Role-${name}`, `${ROLE_ARN}-${name}`), name));
    expect(principals()).toEqual([`${ROLE_ARN}-one`, `${ROLE_ARN}-two`]);
  });

  test.each<[string, () => IRole]>([
    ['that the app makes', () => roleIn('Third', SHOP, 'theirs')],
    ['that is imported', () => Role.fromRoleArn(stack, 'Sender', `arn:aws:iam::${SHOP.account}:role/theirs`)],
  ])('fails for a role of a third account %s', (_, role) => {
    expectError(() => permitRole(role()), "Consumer/Permission: 'executionRole' must");
  });

  test('fails for a publisher whose stack is deployed later', () => {
    const role = roleIn('Hub', HUB, 'sender');
    Stack.of(role).addDependency(stack);
    const publishers = [EventPublisher.role(role)];
    const handler = testFunction(stack, 'Handler');
    expectError(
      () => new CrossAccountInvokePermission(stack, 'Permission', { handler, publishers }),
      "Consumer/Permission: 'publishers' must be in a stack that can be deployed before this one",
    );
  });

  test('fails for a role without a name', () => {
    expectError(() => permitRole(roleIn('Hub', HUB)), "Consumer/Permission: 'executionRole' must");
  });
});

describeWithOracle('the permission lets in', () => {
  test('roles of the account that may invoke the function by their own policies, and nobody else', () => {
    permit(testFunction(stack, 'Handler', { functionName: 'handler' }));
    const hub = testStack('Hub', HUB, app);
    const arn = `arn:aws:lambda:${REGION}:${BILLING.account}:function:handler`;
    const roles = ['may', 'may-not'].map(
      (roleName) => new Role(hub, roleName, { roleName, assumedBy: new ServicePrincipal('events.amazonaws.com') }),
    );
    new Policy(hub, 'Invoke', {
      roles: [roles[0]],
      statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn] })],
    });
    roles.forEach(
      ({ roleArn, node }) =>
        new CfnRule(hub, `Rule-${node.id}`, {
          name: node.id,
          eventPattern: { source: ['com.shop'] },
          targets: [{ id: 'T', arn, roleArn }],
        }),
    );
    const deliver = (name: string, expect: string) => ({
      deliver: { rule: { account: HUB.account, bus: 'default', name } },
      expect,
    });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { strangers: true, function: 'handler', welcome: [{ account: HUB.account }] },
        deliver('may', 'allow'),
        deliver('may-not', 'deny'),
      ],
    });
  });
});
