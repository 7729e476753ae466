import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CodePipeline } from 'aws-cdk-lib/pipelines';
import { deliveryPipeline } from '../../examples/typescript/delivery-pipeline/app';
import { eventBackbone } from '../../examples/typescript/event-backbone/app';
import { existingBuses } from '../../examples/typescript/existing-buses/one-app';
import { forwardToAnyTarget } from '../../examples/typescript/forward-to-any-target/app';
import { subscriberRules } from '../../examples/typescript/subscriber-rules/one-app';
import { messagesOf, testApp } from '../support/apps';
import { EXAMPLES, Example, exampleApp } from '../support/examples';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { deployOrderOf } from '../support/pipeline';
import { dependenciesOf } from '../support/templates';

/** Those of stages too. */
const stacksOf = (...apps: App[]) =>
  apps.flatMap((app) => app.node.findAll()).filter((c): c is Stack => Stack.isStack(c));

/** What is deployed: beside stages there is only the pipeline that deploys them, whose template is the CDK's. */
function reviewed(app: App): Stack[] {
  const ofStages = stacksOf(app).filter((stack) => Stage.of(stack) !== app);
  return ofStages.length > 0 ? ofStages : stacksOf(app);
}

describe.each(EXAMPLES)('the example %s', (name, example) => {
  test('synthesizes without a warning or error', () => {
    expect(messagesOf(...stacksOf(...example.map(exampleApp)))).toEqual([]);
  });

  test('has the templates that were reviewed', () => {
    const templates = example
      .map(exampleApp)
      .flatMap(reviewed)
      .map((stack) => [stack.stackName, Template.fromStack(stack).toJSON()]);
    expect(Object.fromEntries(templates)).toMatchSnapshot(name);
  });
});

test.each<[string, Example, Record<string, string[]>]>([
  ['event-backbone', eventBackbone, { Backbone: ['Service-orders', 'Service-billing', 'Service-shipping'] }],
  [
    'subscriber-rules/one-app',
    subscriberRules,
    { 'Subscriber-billing': ['Central'], 'Subscriber-shipping': ['Central'] },
  ],
  ['existing-buses/one-app', existingBuses, { Shop: ['Platform'] }],
  ['forward-to-any-target', forwardToAnyTarget, { Shop: ['Fulfillment'] }],
])('in %s a rule that needs a grant of another stack is deployed after it', (_, example, order) => {
  const app = exampleApp(example);
  app.synth();
  const waiting = stacksOf(app)
    .map((stack) => [stack.stackName, dependenciesOf(stack)])
    .filter(([, before]) => before.length > 0);
  expect(Object.fromEntries(waiting)).toEqual(order);
});

test('the pipeline of delivery-pipeline deploys the invoices, then the bus with its rule, then the store', () => {
  const pipeline = exampleApp(deliveryPipeline).node.findChild('Tools').node.findChild('Pipeline') as CodePipeline;
  const order = { Invoices: 2, Bus: 4, Store: 6 };
  expect(deployOrderOf(pipeline)).toEqual({
    Beta: order,
    Prod: Object.fromEntries(Object.entries(order).map(([stack, at]) => [stack, at + 1])),
  });
});

describeWithOracle('what the examples deliver, and to whom', () => {
  test.each(EXAMPLES)('%s', (name, example, questions = `${name}/questions.json`) => {
    const text = readFileSync(join(__dirname, '../../examples/typescript', questions), 'utf8');
    expectAnswers(example.map(exampleApp), JSON.parse(text));
  });

  test('event-backbone with twenty services lets each of them in, and no one else', () => {
    const services = Array.from({ length: 20 }, (_, i) => ({
      name: `service${i}`,
      account: String(100000000000 + i * 7),
    }));
    const { outdir } = testApp();
    const app = eventBackbone({ outdir, analyticsReporting: false }, services);
    const event = { source: 'com.example.service3' };
    const from = { account: services[3].account, role: 'Service-service3/Publisher' };
    const reaches = services.filter((_, i) => i !== 3).map(({ name }) => `Service-${name}/Handler`);
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        { strangers: true, bus: 'Backbone/GlobalBus', welcome: services.map(({ account }) => ({ account })) },
        {
          path: {
            from,
            to: { bus: 'Backbone/GlobalBus' },
            event,
            reaches,
            notReaches: ['Service-service3/Handler'],
            allDelivered: true,
          },
        },
      ],
    });
    expect(messagesOf(...stacksOf(app))).toEqual([]);
  });
});
