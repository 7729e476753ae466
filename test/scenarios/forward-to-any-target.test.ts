import { App, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { forwardToAnyTarget } from '../../examples/typescript/forward-to-any-target/app';
import { FulfillmentStack, PAID_ORDERS, ShopStack } from '../../examples/typescript/forward-to-any-target/stacks';
import { CrossAccountEventChecks, SqsEventTarget } from '../../src';
import { HUB, REGION, SHOP, messagesOf, testApp } from '../support/apps';
import { describeWithOracle, evaluated, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

/** The account of the targets in the example. */
const FULFILLMENT = SHOP;
const PAID_ORDER = { source: PAID_ORDERS.source[0], detailType: PAID_ORDERS.detailType[0] };

describeWithOracle('an event on the default bus of the account of its targets', () => {
  const stack = forwardToAnyTarget({ outdir: testApp().outdir }).node.findChild('Fulfillment') as Stack;
  const [{ EventPattern, Targets }] = propertiesOf(stack, 'AWS::Events::Rule');
  const { Resources } = (stack.node.root as App).synth().getStackByName('Fulfillment').template;
  const ruleArn = `arn:aws:events:${REGION}:${FULFILLMENT.account}:rule/paid-orders`;

  test.each([
    ['starts the state machine', 0, 'states:StartExecution', 'states', 'stateMachine:fulfillment'],
    ['is put on the delivery stream', 1, 'firehose:PutRecord', 'firehose', 'deliverystream/archive'],
  ])('%s', (_, index, action, service, name) => {
    const arn = `arn:aws:${service}:${REGION}:${FULFILLMENT.account}:${name}`;
    const target = Targets[index];
    const roleId = target.RoleArn['Fn::GetAtt'][0];
    const named = (part: unknown) =>
      JSON.parse(JSON.stringify(part).replaceAll(JSON.stringify(target.Arn), `"${arn}"`));
    const identityStatements = Object.values<any>(Resources)
      .filter(({ Type, Properties }) => Type === 'AWS::IAM::Policy' && Properties.Roles[0].Ref === roleId)
      .flatMap(({ Properties }) => named(Properties.PolicyDocument.Statement));
    const role = { role: 'events', account: FULFILLMENT.account, identityStatements };
    const request = { account: FULFILLMENT.account, context: {} };

    expect(EventPattern).toEqual({ source: PAID_ORDERS.source, 'detail-type': PAID_ORDERS.detailType });
    expect(
      evaluated([
        {
          ...request,
          caller: { service: 'events.amazonaws.com', sourceArn: ruleArn },
          action: 'sts:AssumeRole',
          resource: `arn:aws:iam::${FULFILLMENT.account}:role/events`,
          statements: Resources[roleId].Properties.AssumeRolePolicyDocument.Statement,
        },
        { ...request, caller: role, action, resource: arn, statements: [] },
        { ...request, caller: role, action, resource: `${arn}-2`, statements: [] },
      ]),
    ).toEqual([true, true, false]);
  });

  test('reaches the targets of other rules there', () => {
    const app = testApp();
    const fulfillment = new FulfillmentStack(app, 'Fulfillment', { env: FULFILLMENT });
    const shop = new ShopStack(app, 'Shop', { env: HUB, fulfillment: fulfillment.defaultBus });
    const targets = [new SqsEventTarget(new Queue(fulfillment, 'Queue'))];
    new Rule(fulfillment, 'ToQueue', { eventBus: fulfillment.defaultBus, eventPattern: PAID_ORDERS, targets });
    CrossAccountEventChecks.applyTo(app);

    expect(messagesOf(fulfillment, shop)).toEqual([]);
    const from = { account: HUB.account, role: 'Shop/Publisher' };
    const to = { bus: 'Shop/Orders' };
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { path: { from, to, event: PAID_ORDER, reaches: ['Fulfillment/Queue'], allDelivered: true } },
        { path: { from, to, event: { ...PAID_ORDER, detailType: 'OrderPlaced' }, notReaches: ['Fulfillment/Queue'] } },
      ],
    });
  });
});
