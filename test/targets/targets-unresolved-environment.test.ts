import { App, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Alias, Function, IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { LambdaEventTarget, LambdaEventTargetProps } from '../../src';
import { BILLING, HUB, REGION, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { MADE } from '../support/functions';
import { expectError, expectFindings } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const HANDLER_ARN = `arn:aws:lambda:${REGION}:${BILLING.account}:function:handler`;

let app: App;
let hub: Stack;
let consumer: Stack;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  hub = testStack('Hub', HUB, app);
  consumer = testStack('Consumer', BILLING, app);
  new EventBus(consumer, 'Unrelated'); // a stack must have a resource
});

const named = (scope = consumer) => testFunction(scope, 'Handler', { functionName: 'handler' });
const ruleTo = (handler: IFunction, props: LambdaEventTargetProps = {}, id = 'Rule', scope = hub) =>
  new Rule(scope, id, {
    ruleName: id,
    eventPattern: { source: ['com.shop'] },
    targets: [new LambdaEventTarget(handler, props)],
  });
const deliver = (expect: string, name = 'Rule') => ({
  deliver: { rule: { account: HUB.account, bus: 'default', name } },
  expect,
});

describe('a version or alias that is imported by what only deployment tells', () => {
  test.each<[string, () => IFunction]>([
    [
      'version by a parameter',
      () =>
        Version.fromVersionArn(hub, 'V', new CfnParameter(hub, 'Arn', { default: `${HANDLER_ARN}:3` }).valueAsString),
    ],
    ['version by an export', () => Version.fromVersionArn(hub, 'V', Fn.importValue('VersionArn'))],
    [
      'version of such a function',
      () =>
        Version.fromVersionAttributes(hub, 'V', {
          version: '3',
          lambda: Function.fromFunctionArn(hub, 'F', Fn.importValue('Arn')),
        }),
    ],
    [
      'alias of such a version',
      () =>
        Alias.fromAliasAttributes(hub, 'A', {
          aliasName: 'live',
          aliasVersion: Version.fromVersionArn(hub, 'V', Fn.importValue('VersionArn')),
        }),
    ],
  ])('may be of another account, and that is said: a %s', (_, handler) => {
    ruleTo(handler());
    expectFindings(messagesOf(hub), ['warning manuallyAddFunctionPermission /Hub/Rule']);
  });

  test.each<[string, () => IFunction]>([
    ['function', () => Function.fromFunctionArn(hub, 'F', named().functionArn)],
    ['version', () => Version.fromVersionArn(hub, 'V', `${named().functionArn}:3`)],
    ['version of it', () => Version.fromVersionAttributes(hub, 'V', { version: '3', lambda: named() })],
    [
      'alias',
      () =>
        Alias.fromAliasAttributes(hub, 'A', {
          aliasName: 'live',
          aliasVersion: Version.fromVersionAttributes(hub, 'V', { version: '3', lambda: named() }),
        }),
    ],
  ])('is of the account of the function of the app that it refers to: a %s', (_, handler) => {
    ruleTo(handler());
    expect(propertiesOf(hub, 'AWS::Lambda::Permission')).toEqual([]);
    expect(propertiesOf(hub, 'AWS::Events::Rule')[0].Targets[0]).toHaveProperty('RoleArn');
    expectFindings(messagesOf(hub), ['warning manuallyAddFunctionPermission /Hub/Rule']);
  });
});

describe('a function in a region that only deployment tells', () => {
  test.each<[string, string, string | undefined, string | undefined]>([
    ['of the account', HUB.account, REGION, undefined],
    ['of the account, when only that of the rule is not known', HUB.account, undefined, REGION],
    ['of another account', BILLING.account, REGION, undefined],
  ])('%s may be in another one than the rule, and that is said', (_, account, ofRule, ofFunction) => {
    const [rules, functions] = [
      { account: HUB.account, region: ofRule },
      { account, region: ofFunction },
    ].map((env, i) => testStack(`Stack${i}`, env, app));
    new EventBus(hub, 'Unrelated');
    ruleTo(named(functions), {}, 'Rule', rules);
    expectFindings(messagesOf(rules), ['warning manuallyAddFunctionPermission /Stack0/Rule']);
  });

  test.each<[string, (scope: Stack) => IFunction]>([
    ['without a name', (scope) => testFunction(scope, 'Handler')],
    ['as a version', (scope) => named(scope).currentVersion],
  ])('fails at the call %s, as does one in an account that is known only at deployment', (_, handler) => {
    for (const env of [undefined, { account: HUB.account }]) {
      const functions = new Stack(app, `Functions${env ? 1 : 2}`, { env });
      expectError(() => ruleTo(handler(functions), {}, `Rule${env ? 1 : 2}`), `Hub/Rule${env ? 1 : 2}: 'handler' must`);
    }
  });
});

describeWithOracle('a target gets the event', () => {
  test('when it is a singleton of another account, which lets this one in', () => {
    ruleTo(MADE.singleton(consumer, 'handler'));
    expect(messagesOf(hub)).toEqual([]);
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        deliver('allow'),
        { strangers: true, function: 'handler', welcome: [{ account: HUB.account }] },
      ],
    });
  });
});
