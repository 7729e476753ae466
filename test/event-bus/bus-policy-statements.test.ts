import { App, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountPrincipal, EventPublisher } from '../../src';
import { BILLING, SHOP, ordersApp, stackIn } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { dependenciesOf } from '../support/templates';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;

beforeEach(() => {
  ({ app, hub, bus } = ordersApp());
});

const consumer = () => stackIn(app, 'Consumer', BILLING);

test('a bus policy fails with a condition on an external ID, which only a trust policy can have', () => {
  const principal = CrossAccountPrincipal.withExternalId(SHOP.account, 'abc');
  for (const grant of [
    () => bus.allowPublisher(EventPublisher.principal(principal)),
    () => bus.grantPutEventsTo(principal),
  ]) {
    const error = errorOf(grant);
    expect(error).toMatch(/^Hub\/Bus: 'principal' must .*'sts:ExternalId'/);
    expectMessage(error);
  }
});

describe('statements of other resources on a bus', () => {
  const statement = (sid: string) =>
    new PolicyStatement({
      sid,
      actions: ['events:PutEvents'],
      principals: [new AccountPrincipal(SHOP.account)],
      resources: [`arn:aws:events:eu-west-1:${BILLING.account}:event-bus/theirs`],
    });

  test('are deployed before the grants of this library', () => {
    const consumerBus = new EventBus(consumer(), 'Theirs', { eventBusName: 'theirs' });
    consumerBus.addToResourcePolicy(statement('mine'));
    const targets = [new CrossAccountEventBusTarget(consumerBus)];
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern: { source: ['com.shop'] }, targets });
    app.synth();
    const [grant, otherStatement] = [/^Roles-/, /^cdk-/].map((id) =>
      consumer()
        .node.findAll()
        .find((c): c is CfnEventBusPolicy => CfnEventBusPolicy.isCfnEventBusPolicy(c) && id.test(c.statementId))!,
    );
    expect(grant.obtainDependencies()).toEqual([otherStatement]);
    expect(dependenciesOf(hub)).toEqual(['Consumer']);
  });

  test('may depend on the grants of this library', () => {
    const consumerBus = new CrossAccountEventBus(consumer(), 'Theirs', {
      eventBusName: 'theirs',
      publishers: [EventPublisher.accounts(SHOP.account)],
    });
    const late = new CfnEventBusPolicy(consumer(), 'Late', {
      statementId: 'late',
      eventBusName: 'theirs',
      statement: statement('late').toStatementJson(),
    });
    late.node.addDependency(consumerBus.resourcePolicy);
    expect(() => app.synth()).not.toThrow();
  });
});
