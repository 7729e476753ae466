import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { EVENT_RESOURCES, RESOURCES, benchApp, counts } from '../../bench/synth/app';
import { addFaults } from '../../bench/synth/faults';
import { findingsOf } from '../../bench/synth/findings';
import { AppIndex } from '../../src/app-model/app-index';
import { RuleTargetPath } from '../../src/checks/delivery/lib/rule-target-path';
import { targetOutcome } from '../../src/checks/delivery/target-outcome';
import { STRICT } from '../support/apps';
import { CrossAccountEventChecks } from 'cdk-cross-account-eventbridge';

const stacksOf = (app: App) => app.node.children.filter(Stack.isStack);

describe('the app that the benchmark synthesizes', () => {
  const app = benchApp(2, { context: STRICT });
  CrossAccountEventChecks.applyTo(app);
  const assembly = app.synth();

  test('has the same number of resources in each stack', () => {
    expect(stacksOf(app).map(counts)).toEqual(stacksOf(app).map(() => ({ all: RESOURCES, events: EVENT_RESOURCES })));
    expect(assembly.stacks.map((s) => Object.keys(s.template.Resources).length)).toEqual(
      stacksOf(app).map(() => RESOURCES),
    );
  });

  test('has every kind of resource that the checks read', () => {
    const types = new Set(
      stacksOf(app)
        .flatMap((s) => s.node.findAll())
        .filter(CfnResource.isCfnResource)
        .map((r) => r.cfnResourceType),
    );
    expect([...types]).toEqual(
      expect.arrayContaining([
        'AWS::Events::EventBus',
        'AWS::Events::EventBusPolicy',
        'AWS::Events::Rule',
        'AWS::IAM::Role',
        'AWS::IAM::Policy',
        'AWS::IAM::ManagedPolicy',
        'AWS::Lambda::Function',
        'AWS::Lambda::Permission',
        'AWS::SQS::Queue',
        'AWS::SQS::QueuePolicy',
        'AWS::KMS::Key',
      ]),
    );
  });

  test('has no findings', () => {
    expect(findingsOf(assembly)).toEqual([]);
  });
});

test('every rule of a group of ten reaches its targets', () => {
  const app = AppIndex.of(benchApp(11));
  const deliveries = app.model.rules.flatMap((rule) =>
    rule.targets
      .filter(({ arn }) => !arn.includes(':sqs:'))
      .map((target) => {
        const event = { source: 'com.example', 'detail-type': 'Created' };
        const { decision, text } = targetOutcome(new RuleTargetPath(app, rule, target, event));
        return { rule: rule.construct.node.path, decision, text };
      }),
  );
  expect(deliveries.length).toBeGreaterThan(100);
  expect(deliveries.filter(({ decision }) => decision !== 'allowed')).toEqual([]);
});

test('each added fault is reported, and nothing else', () => {
  const app = benchApp(2);
  const faults = addFaults(app);
  CrossAccountEventChecks.applyTo(app);
  const findings = findingsOf(app.synth());
  expect(findings).toEqual(expect.arrayContaining(faults));
  expect(findings).toHaveLength(faults.length);
});
