import { App, Aspects, CfnResource, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LambdaEventTarget, PolicySizeAspect, PolicySizeAspectProps } from '../../../src';
import { HUB, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { pattern } from '../../support/pattern';

const FUNCTION_SIZE = 'cdk-cross-account-eventbridge:functionPolicySize';

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  hub = testStack('Hub', HUB, app);
});

const checked = (props?: PolicySizeAspectProps) => Aspects.of(app).add(new PolicySizeAspect(props));

describe('permissions of a function', () => {
  const targetOf = (stack: Stack, count: number, handler: ConstructorParameters<typeof LambdaEventTarget>[0]) => {
    for (let i = 0; i < count; i++) {
      new Rule(stack, `Rule${i}`, {
        ruleName: `rule-number-${100 + i}`,
        eventPattern: { source: ['a'] },
        targets: [new LambdaEventTarget(handler)],
      });
    }
  };

  test('for three rules pass without a word', () => {
    targetOf(hub, 3, testFunction(hub, 'Handler', { functionName: 'handler' }));
    checked();
    expect(messagesOf(hub)).toEqual([]);
  });

  test('for 56 rules, over two stacks, are near the limit', () => {
    const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
    const other = testStack('Other', HUB, app);
    targetOf(hub, 28, handler);
    targetOf(other, 28, handler);
    checked();

    expect([...messagesOf(hub), ...messagesOf(other)]).toEqual([
      expect.stringMatching(
        pattern(
          /^warning \/Hub\/Handler\/Resource the resource policy of function /,
          /arn:aws:lambda:eu-west-1:111111111111:function:handler /,
          /has .* in 56 statements, of 20480 allowed; .*make one permission for all /,
          /rules of a bus/,
        ),
      ),
    ]);
  });

  test('for 70 rules are over the limit', () => {
    targetOf(hub, 70, testFunction(hub, 'Handler', { functionName: 'handler' }));
    checked();
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error \/Hub\/Handler\/Resource .* in 70 statements/)]);
  });

  test('are added up for each alias, whatever names it', () => {
    const handler = testFunction(hub, 'Handler', { functionName: 'handler' });
    const alias = new Alias(hub, 'Live', { aliasName: 'live', version: handler.currentVersion });
    const permit = (id: string, functionName: string) =>
      new CfnPermission(hub, id, { action: 'lambda:InvokeFunction', functionName, principal: PUBLISHER.account });
    permit('Function', handler.functionArn);
    permit('Name', 'handler');
    permit('Partial', '111111111111:function:handler');
    permit('Reference', handler.functionName);
    permit('Alias', alias.functionArn);
    permit('AliasName', 'handler:live');
    checked({ functionPolicyLimit: 10 });

    expect(
      messagesOf(hub)
        .map((m) => /function (\S+) has.* in (\d) statement/.exec(m)?.slice(1).join(' '))
        .sort(),
    ).toEqual([
      'arn:aws:lambda:eu-west-1:111111111111:function:handler 4',
      'arn:aws:lambda:eu-west-1:111111111111:function:handler:live 2',
    ]);
    expect(messagesOf(hub)[0]).toContain(FUNCTION_SIZE);
  });

  test('of a whole document are counted too', () => {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: PUBLISHER.account },
      Action: 'lambda:InvokeFunction',
      Resource: 'x'.repeat(21_000),
    };
    const PolicyDocument = { Version: '2012-10-17', Statement: [{ Sid: 'Long', ...statement }] };
    new CfnResource(hub, 'Policy', {
      type: 'AWS::Lambda::ResourcePolicy',
      properties: { ResourceArn: 'arn:aws:lambda:eu-west-1:111111111111:function:f', PolicyDocument },
    });
    checked();
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error \/Hub\/Policy .*; 'Long' takes 21131;/)]);
  });

  test('are told with paths where there are no names before deployment', () => {
    const handler = testFunction(hub, 'Handler');
    handler.addPermission('Permission', { principal: new AccountPrincipal(PUBLISHER.account) });
    checked({ functionPolicyLimit: 250 });

    expect(messagesOf(hub)).toEqual([
      expect.stringMatching(
        new RegExp(
          '^warning /Hub/Handler/Resource the resource policy of function ' +
            'arn:aws:lambda:eu-west-1:111111111111:function:<Hub/Handler/Resource> has about ' +
            "\\d+ characters \\(at least \\d+, .*'Hub/Handler/Permission' takes ",
        ),
      ),
    ]);
  });
});
