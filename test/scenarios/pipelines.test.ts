import { App, Stack, Stage } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountEventChecks } from '../../src';
import { BILLING, HUB, testApp, testFunction } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { collisionsIn, templatesIn } from '../support/names';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { deployOrderOf, testPipeline } from '../support/pipeline';
import { ShopStage, ShopStageProps, eventPattern } from '../support/shop-stage';

let app: App;
beforeEach(() => {
  app = testApp();
});

const shopStages = (props?: ShopStageProps) => ['Beta', 'Prod'].map((id) => new ShopStage(app, id, props));

/** The stack of each rule, with the stacks whose bus policies it needs. */
const DEPENDENCIES = [
  ['Forwarding', 'Hub'],
  ['Forwarding', 'Billing'],
  ['Subscription', 'Hub'],
];

describe.each([
  ['stacks', {}],
  ['nested stacks', { nested: true }],
])('a pipeline deploys stages with %s', (_, props) => {
  test('one after the other, and in each a rule after the bus policies that it needs', () => {
    const pipeline = testPipeline(app);
    for (const stage of shopStages(props)) pipeline.addStage(stage);

    const order = deployOrderOf(pipeline);
    expect(Object.keys(order)).toEqual(['Beta', 'Prod']);
    for (const stage of Object.values(order)) {
      expect(Object.keys(stage).sort()).toEqual(['Billing', 'Forwarding', 'Hub', 'Shop', 'Subscription']);
      for (const [later, earlier] of DEPENDENCIES) expect(stage[later]).toBeGreaterThan(stage[earlier]);
    }
  });

  test('in one wave, each in its own order', () => {
    const pipeline = testPipeline(app);
    const wave = pipeline.addWave('Both');
    for (const stage of shopStages(props)) wave.addStage(stage);

    const { Both } = deployOrderOf(pipeline);
    expect(Object.keys(Both)).toHaveLength(10);
    for (const id of ['Beta', 'Prod']) {
      for (const [later, earlier] of DEPENDENCIES) {
        expect(Both[`${id}.${later}`]).toBeGreaterThan(Both[`${id}.${earlier}`]);
      }
    }
  });

  test('that have the same templates as without a pipeline', () => {
    const pipeline = testPipeline(app);
    for (const stage of shopStages(props)) pipeline.addStage(stage);
    const { Pipeline: pipelineTemplate, ...stageTemplates } = templatesIn(app);

    app = testApp();
    shopStages(props);
    expect(stageTemplates).toEqual(templatesIn(app));
    expect(pipelineTemplate).toBeDefined();
  });

  test('that are created one by one as they are added, each with its checks', () => {
    const pipeline = testPipeline(app);
    for (const id of ['Beta', 'Prod']) pipeline.addStage(new ShopStage(app, id, props));
    expect(collisionsIn(app)).toEqual([]);
    const errors = app
      .synth()
      .stacksRecursively.flatMap((stack) => stack.messages)
      .filter(({ level }) => level === 'error');
    expect(errors).toEqual([]);
  });
});

describe('a pipeline', () => {
  test('deploys a stack whose rule forwards from its own bus after the stack of the other bus', () => {
    const stage = new Stage(app, 'Beta');
    const [hub, billing] = [
      ['Hub', HUB],
      ['Billing', BILLING],
    ].map(([id, env]) => new Stack(stage, id as string, { env: env as typeof HUB }));
    const target = new CrossAccountEventBusTarget(new CrossAccountEventBus(billing, 'Local'));
    new Rule(hub, 'Rule', { eventBus: new CrossAccountEventBus(hub, 'Bus'), eventPattern, targets: [target] });
    const pipeline = testPipeline(app);
    pipeline.addStage(stage);

    const { Beta } = deployOrderOf(pipeline);
    expect(Beta.Hub).toBeGreaterThan(Beta.Billing);
  });

  test('fails if the checks are added after a stage, which they would not cover', () => {
    const stage = new Stage(app, 'Beta');
    testFunction(new Stack(stage, 'Stack', { env: HUB }), 'Handler');
    testPipeline(app).addStage(stage);
    CrossAccountEventChecks.applyTo(app);
    const error = errorOf(() => app.synth());
    expect(error).toMatch(/stage 'Beta'/);
    expectMessage(error);
  });

  test.each([
    ['before the first one is added', (add: () => void) => [() => CrossAccountEventChecks.applyTo(app), add]],
    ['after the last one is added', (add: () => void) => [add, () => CrossAccountEventChecks.applyTo(app)]],
  ])('accepts stages with their own checks, with checks of the app %s', (_, inOrder) => {
    const pipeline = testPipeline(app);
    const stages = shopStages();
    for (const step of inOrder(() => stages.forEach((stage) => pipeline.addStage(stage)))) step();
    expect(() => app.synth()).not.toThrow();
  });
});

describeWithOracle('stages of a pipeline', () => {
  test('deliver their own events, and deny those of each other', () => {
    const pipeline = testPipeline(app);
    for (const stage of shopStages()) pipeline.addStage(stage);
    const questions = [
      ['Beta', 'Prod'],
      ['Prod', 'Beta'],
    ].flatMap(([own, other]) => {
      const from = { account: '222222222222', role: `${own}/Shop/Publisher` };
      const event = { source: 'com.shop', detailType: 'OrderPlaced' };
      const [reaches, notReaches] = [own, other].map((id) => [
        `${id}/Billing/Local`,
        `${id}/Billing/Handler`,
        `${id}/Subscription/OwnHandler`,
      ]);
      return [
        { path: { from, to: { bus: `${own}/Hub/Bus` }, event, reaches, notReaches, allDelivered: true } },
        { putEvents: { as: from, bus: `${other}/Hub/Bus`, source: 'com.shop' }, expect: 'deny' },
      ];
    });
    expectAnswers(app, { questions: [{ noProblems: true }, ...questions] });
  });
});
