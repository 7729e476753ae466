import { App, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function, IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountInvokePermission } from '../src';
import { CONSUMER, HUB, PUBLISHER, REGION, testApp, testFunction, testStack } from './support/apps';
import { describeWithOracle, expectAnswers } from './support/oracle';
import { propertiesOf } from './support/templates';

const PERMISSION = 'AWS::Lambda::Permission';

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Consumer', CONSUMER, app);
});

const permit = (handler: IFunction, eventBusAccount = HUB.account, id = 'Permission') => new CrossAccountInvokePermission(stack, id, { handler, eventBusAccount });

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
    [HUB, PUBLISHER].forEach(({ account }) => permit(handler, account, `From${account}`));
    expect(propertiesOf(stack, PERMISSION).map(({ Principal }) => Principal)).toEqual([HUB.account, PUBLISHER.account]);
  });

  test('may be for a function that another app of the account makes', () => {
    permit(Function.fromFunctionName(stack, 'Imported', 'handler'));
    expect(propertiesOf(stack, PERMISSION)).toMatchObject([{ Principal: HUB.account }]);
  });

  test('may be in a stack whose account only deployment tells, and for such an account', () => {
    stack = new Stack(testApp(), 'Agnostic');
    permit(testFunction(stack, 'Handler'));
    permit(Function.fromFunctionArn(stack, 'Imported', `arn:aws:lambda:${REGION}:${CONSUMER.account}:function:handler`), new CfnParameter(stack, 'Account').valueAsString, 'Tokens');
    expect(propertiesOf(stack, PERMISSION).map(({ Principal }) => Principal)).toEqual([HUB.account, { Ref: 'Account' }]);
  });
});

describe('the permission fails', () => {
  test.each([['a known account', HUB, HUB.account], ['an account that only deployment tells', {}, Aws.ACCOUNT_ID]])('for a bus of its own, %s', (_, env, account) => {
    stack = new Stack(testApp(), 'Own', { env });
    expect(() => permit(testFunction(stack, 'Handler'), account)).toThrow(
      /^Own\/Permission: 'eventBusAccount' must be another account than that of this stack, got the same; .* add the function to it as LambdaEventTarget$/,
    );
  });

  test.each(['', '*', '12345678901', '1234567890123', 'arn:aws:iam::111111111111:root', 'events.amazonaws.com'])('for %p in place of an account', (account) => {
    const handler = testFunction(stack, 'Handler');
    expect(() => permit(handler, account)).toThrow(`Consumer/Permission: 'eventBusAccount' must hold 12-digit account ids, got '${account}'`);
  });

  test('on $LATEST', () => {
    const { latestVersion } = testFunction(stack, 'Handler');
    expect(() => permit(latestVersion)).toThrow("Consumer/Permission: 'handler' must not be the $LATEST version");
  });

  test.each<[string, string, (arn: string) => IFunction]>([
    ['another account', `${REGION}:${HUB.account}`, (arn) => Function.fromFunctionArn(stack, 'Imported', arn)],
    ['another region', `us-east-1:${CONSUMER.account}`, (arn) => Function.fromFunctionArn(stack, 'Imported', arn)],
    ['another account, as a version', `${REGION}:${HUB.account}`, (arn) => Version.fromVersionArn(stack, 'Imported', `${arn}:1`)],
  ])('on a function of %s, whose policy cannot be written from here', (_, env, imported) => {
    const [region, account] = env.split(':');
    expect(() => permit(imported(`arn:aws:lambda:${env}:function:handler`))).toThrow(
      `Consumer/Permission: 'handler' must be a function of account ${CONSUMER.account} in ${REGION}, got one of account ${account} in ${region}; `);
  });
});

describeWithOracle('the permission lets in', () => {
  test('roles of the account that may invoke the function by their own policies, and nobody else', () => {
    permit(testFunction(stack, 'Handler', { functionName: 'handler' }));
    const hub = testStack('Hub', HUB, app);
    const arn = `arn:aws:lambda:${REGION}:${CONSUMER.account}:function:handler`;
    const roles = ['may', 'may-not'].map((roleName) => new Role(hub, roleName, { roleName, assumedBy: new ServicePrincipal('events.amazonaws.com') }));
    new Policy(hub, 'Invoke', { roles: [roles[0]], statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [arn] })] });
    roles.forEach(({ roleArn, node }) => new CfnRule(hub, `Rule-${node.id}`, {
      name: node.id, eventPattern: { source: ['com.shop'] }, targets: [{ id: 'T', arn, roleArn }],
    }));
    const deliver = (name: string, expect: string) => ({ deliver: { rule: { account: HUB.account, bus: 'default', name } }, expect });
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
