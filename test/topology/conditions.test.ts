import { CfnCondition, CfnResource, Fn } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppModel } from '../../src/app-model/app-model';
import { readApp } from '../../src/app-model/read-app';
import { HUB, testApp, testStack } from '../support/apps';
import { constructsOf, topologyOfApp, written } from '../support/topologies';
import { schemaErrors } from '../support/topology-schema';

function statementFor(account: string): object {
  return { Effect: 'Allow', Principal: { AWS: account }, Action: 'events:PutEvents', Resource: '*' };
}

/** The conditions of the resources, statements and targets of a model. */
function conditionsIn({ rules, eventBusStatements, functionStatements, queueStatements }: AppModel): object[] {
  const statements = [eventBusStatements, functionStatements, queueStatements].flat();
  const byPath = (a: { construct: IConstruct }, b: { construct: IConstruct }) =>
    a.construct.node.path < b.construct.node.path ? -1 : 1;
  return [
    ...rules.sort(byPath).map(({ conditional, conditions, targets }) => ({ conditional, conditions, targets })),
    ...statements
      .sort(byPath)
      .map(({ conditional, conditions, statement }) => ({ conditional, conditions, statement })),
  ];
}

describe('conditions are kept', () => {
  test.each([
    [
      'of a statement of a bus policy in two branches',
      'AWS::Events::EventBusPolicy',
      {
        EventBusName: 'orders',
        StatementId: 'Shop',
        Statement: { 'Fn::If': ['Big', statementFor('222222222222'), statementFor('333333333333')] },
      },
    ],
    [
      'of a permission of a function whose condition is in one branch',
      'AWS::Lambda::Permission',
      {
        FunctionName: 'named',
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::If': ['Big', 'arn:aws:events:eu-west-1:111111111111:rule/a', { Ref: 'AWS::NoValue' }] },
      },
    ],
    [
      'of a statement in a queue policy',
      'AWS::SQS::QueuePolicy',
      {
        Queues: ['https://sqs.eu-west-1.amazonaws.com/111111111111/dead'],
        PolicyDocument: {
          Statement: [
            statementFor('222222222222'),
            { 'Fn::If': ['Big', statementFor('333333333333'), statementFor('444444444444')] },
          ],
        },
      },
    ],
    [
      'of a target',
      'AWS::Events::Rule',
      {
        EventPattern: { source: ['shop'] },
        Targets: [
          { 'Fn::If': ['Big', { Id: 'A', Arn: 'arn:aws:sqs:eu-west-1:111111111111:a' }, { Ref: 'AWS::NoValue' }] },
        ],
      },
    ],
  ])('%s', (_, type, properties) => {
    const app = testApp({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
    const stack = testStack('Hub', HUB, app);
    new CfnCondition(stack, 'Big', { expression: Fn.conditionEquals(stack.stackName, 'Hub') });
    new CfnCondition(stack, 'Small', { expression: Fn.conditionEquals(stack.stackName, 'Shop') });
    new CfnResource(stack, 'Plain', { type, properties });
    new CfnResource(stack, 'Conditional', { type, properties: { ...properties, StatementId: 'Other' } }).addOverride(
      'Condition',
      'Small',
    );
    const topology = written(topologyOfApp(app));
    expect(schemaErrors(topology)).toEqual([]);
    const models = [readApp(app), readApp(constructsOf(topology))].map(conditionsIn);
    expect(models[1]).toEqual(models[0]);
    expect(JSON.stringify(models[0])).toContain('"Hub/Big"');
    expect(JSON.stringify(models[0])).toContain('"Hub/Small"');
  });
});
