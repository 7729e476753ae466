import { App, Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LambdaEventTarget, PolicySizeAspect, PolicySizeAspectProps } from '../../../src';
import { HUB, SHOP, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { expectFindings } from '../../support/messages';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  hub = testStack('Hub', HUB, app);
});

const checked = (props?: PolicySizeAspectProps) => Aspects.of(app).add(new PolicySizeAspect(props));

describe('the resource-based policy of a function', () => {
  const targetOf = (stack: Stack, count: number, handler: ConstructorParameters<typeof LambdaEventTarget>[0]) => {
    for (let i = 0; i < count; i++) {
      new Rule(stack, `Rule${i}`, {
        ruleName: `rule-number-${100 + i}`,
        eventPattern: { source: ['a'] },
        targets: [new LambdaEventTarget(handler)],
      });
    }
  };

  test('has no findings with three rules', () => {
    targetOf(hub, 3, testFunction(hub, 'Handler', { functionName: 'handler' }));
    checked();
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is near the limit with 56 rules in two stacks', () => {
    const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
    const other = testStack('Other', HUB, app);
    targetOf(hub, 28, handler);
    targetOf(other, 28, handler);
    checked();
    expectFindings([...messagesOf(hub), ...messagesOf(other)], ['warning functionPolicySize /Hub/Handler/Resource']);
  });

  test('exceeds the limit with 70 rules', () => {
    targetOf(hub, 70, testFunction(hub, 'Handler', { functionName: 'handler' }));
    checked();
    expectFindings(messagesOf(hub), ['error functionPolicySize /Hub/Handler/Resource']);
  });

  test('is added up for the function and for each alias, with any reference to them', () => {
    const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
    const alias = new Alias(hub, 'Live', { aliasName: 'live', version: handler.currentVersion });
    const permit = (id: string, functionName: string) =>
      new CfnPermission(hub, id, { action: 'lambda:InvokeFunction', functionName, principal: SHOP.account });
    permit('Function', handler.functionArn);
    permit('Name', 'handler');
    permit('Partial', '111111111111:function:handler');
    permit('Reference', handler.functionName);
    permit('Alias', alias.functionArn);
    permit('AliasName', 'handler:live');
    checked({ functionPolicyLimit: 10 });

    expectFindings(messagesOf(hub), [
      'error functionPolicySize /Hub/Handler/Resource',
      'error functionPolicySize /Hub/Alias',
    ]);
  });

  test('includes the statements of a whole policy document', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: SHOP.account },
      Action: 'lambda:InvokeFunction',
      Resource: 'x'.repeat(21_000),
    };
    const PolicyDocument = { Version: '2012-10-17', Statement: [{ Sid: 'Long', ...statement }] };
    new CfnResource(hub, 'Policy', {
      type: 'AWS::Lambda::ResourcePolicy',
      properties: { ResourceArn: 'arn:aws:lambda:eu-west-1:111111111111:function:f', PolicyDocument },
    });
    checked();
    expectFindings(messagesOf(hub), ['error functionPolicySize /Hub/Policy']);
  });

  test('is reported with construct paths instead of names that are known only at deployment', () => {
    const handler = testFunction(hub, 'Handler');
    handler.addPermission('Permission', { principal: new AccountPrincipal(SHOP.account) });
    checked({ functionPolicyLimit: 250 });
    expectFindings(messagesOf(hub), ['warning functionPolicySize /Hub/Handler/Resource']);
  });
});
