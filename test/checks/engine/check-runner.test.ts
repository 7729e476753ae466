import { Annotations, App, Aspects, Stack, Stage } from 'aws-cdk-lib';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { IConstruct } from 'constructs';
import { AppIndex } from '../../../src/app-model/app-index';
import {
  CheckRunner,
  ReportOptions,
  addSynthesisValidation,
  deferWarning,
  findingsIn,
  isChecked,
} from '../../../src/checks/engine/check-runner';
import { annotate, warningFinding } from '../../../src/checks/engine/finding';
import { reportManualStep } from '../../../src/checks/engine/manual-step-warning';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, messagesOf, testApp, testStack } from '../../support/apps';
import { brief, errorOf } from '../../support/messages';

const ID = FindingId.WILDCARD_PRINCIPAL;
const finding = (construct: IConstruct, problem = 'p') => warningFinding(ID, construct, { problem, fix: 'f' });

let app: App;
let hub: Stack;
let topic: CfnTopic;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', undefined, app);
  topic = new CfnTopic(hub, 'Topic', { topicName: 't' });
});

/** Adds a check as an aspect. It finds something on the topic, and counts its runs. */
function addCheck(scope: IConstruct, reporting?: Partial<ReportOptions>) {
  const findings = jest.fn((_: AppIndex, together: ReadonlySet<string>) => [finding(topic, [...together].join())]);
  const options = reporting && { disabled: new Map(), report: false, ...reporting };
  const runner = new CheckRunner([{ name: 'check', findings }], options);
  Aspects.of(scope).add({ visit: (construct) => runner.visit(construct) });
  return findings;
}

const FOUND = ['warning wildcardPrincipal /Hub/Topic'];

test('a check runs once for the construct of its aspect', () => {
  const findings = addCheck(hub);
  const messages = messagesOf(hub);
  expect(messages.map(brief)).toEqual(FOUND);
  expect(messages[0]).toContain('check\n');
  expect(findings).toHaveBeenCalledTimes(1);
});

test.each<[string, () => IConstruct[], number]>([
  ['an app', () => app.node.findAll(), 1],
  ['an app, twice', () => [...app.node.findAll(), ...app.node.findAll()], 1],
  ['a construct and what is in it', () => [hub, topic], 1],
  ['two constructs', () => [hub, testStack('Other', HUB, app)], 2],
])('an aspect of %s runs its checks once for each construct that it was added to', (_, visited, times) => {
  const findings = jest.fn(() => []);
  const runner = new CheckRunner([{ name: 'check', findings }]);
  for (const construct of visited()) runner.visit(construct);
  app.node.validate();
  expect(findings).toHaveBeenCalledTimes(times);
});

test('an aspect of an app checks its stages too, each by itself', () => {
  const stage = new Stage(app, 'Stage');
  const inStage = new CfnTopic(testStack('Hub', HUB, stage as App), 'Topic');
  const runner = new CheckRunner([{ name: 'check', findings: () => [] }]);
  for (const construct of app.node.findAll()) runner.visit(construct);
  expect(isChecked(inStage, 'check')).toBe(true);
});

test('a finding is reported only in the scope of its check', () => {
  addCheck(testStack('Other', undefined, app));
  new CfnTopic(app.node.findChild('Other'), 'Topic', { topicName: 'o' });
  expect(messagesOf(hub)).toEqual([]);
  const check = { name: 'check', findings: () => [finding(topic)] };
  expect([hub, topic, app].map((scope) => findingsIn(scope, [check], AppIndex.of(app)).length)).toEqual([1, 1, 1]);
  expect(findingsIn(app.node.findChild('Other'), [check], AppIndex.of(app))).toEqual([]);
});

test.each<[string, boolean]>([
  ['check', true],
  ['another', false],
])('a construct is checked by name: %s', (name, expected) => {
  new CheckRunner([{ name: 'check', findings: () => [] }]).checkWithin(hub);
  expect([topic, hub, app].map((construct) => isChecked(construct, name))).toEqual([expected, expected, false]);
});

test('a construct is checked if one of several runners checks it', () => {
  const other = testStack('Other', HUB, app);
  for (const scope of [hub, other]) new CheckRunner([{ name: scope.node.id, findings: () => [] }]).checkWithin(scope);
  const namesFor = (construct: IConstruct) => ['Hub', 'Other'].filter((name) => isChecked(construct, name));
  expect([topic, other, app].map(namesFor)).toEqual([['Hub'], ['Other'], []]);
  expect(namesFor(testApp())).toEqual([]);
});

describe('a warning of a construct', () => {
  test('is decided at synthesis, without checks', () => {
    deferWarning(topic, (index) => index().root === app && annotate(finding(topic)));
    expect(messagesOf(hub).map(brief)).toEqual(FOUND);
  });

  test('is removed if it is disabled', () => {
    const warning = { ...finding(topic), id: FindingId.MANUALLY_ADD_TOPIC_POLICY };
    deferWarning(topic, () => reportManualStep(warning, new Set()));
    const disabled = new Map([[FindingId.MANUALLY_ADD_TOPIC_POLICY as string, 'a demo']]);
    new CheckRunner([], { disabled, report: false }).checkWithin(hub);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('of two is removed if it is disabled', () => {
    deferWarning(topic, () => {
      reportManualStep({ ...finding(topic), id: FindingId.MANUALLY_ADD_TOPIC_POLICY }, new Set());
      reportManualStep(finding(topic, 'q'), new Set());
    });
    for (const [id, scope] of [
      [FindingId.MANUALLY_ADD_TOPIC_POLICY, hub],
      [FindingId.WILDCARD_PRINCIPAL, testStack('Other', HUB, app)],
    ] as const) {
      new CheckRunner([], { disabled: new Map([[id as string, 'a demo']]), report: false }).checkWithin(scope);
    }
    new CfnTopic(app.node.findChild('Other'), 'Topic', { topicName: 'o' });
    expect(messagesOf(hub).map(brief)).toEqual(FOUND);
  });

  test('stays if another one is disabled', () => {
    deferWarning(topic, () => reportManualStep(finding(topic), new Set()));
    const disabled = new Map([[FindingId.MANUALLY_ADD_TOPIC_POLICY as string, 'a demo']]);
    new CheckRunner([], { disabled, report: false }).checkWithin(hub);
    expect(messagesOf(hub).map(brief)).toEqual(FOUND);
  });
});

describe('a validation', () => {
  const validate = () => addSynthesisValidation(topic, () => ({ problems: [], warnings: [finding(topic)] }));

  test('fails synthesis with the path of its construct', () => {
    addSynthesisValidation(topic, () => ({ problems: ['one', 'two'], warnings: [] }));
    const error = errorOf(() => app.synth());
    for (const text of ['Hub/Topic: one', 'Hub/Topic: two']) expect(error).toContain(text);
  });

  test('reports its warnings', () => {
    validate();
    expect(messagesOf(hub).map(brief)).toEqual(FOUND);
  });

  test('leaves its warnings to the checks of its construct', () => {
    validate();
    new CheckRunner([]).checkWithin(hub);
    expect(messagesOf(hub)).toEqual([]);
  });

  test('reports its warnings if only another construct is checked', () => {
    validate();
    new CheckRunner([]).checkWithin(testStack('Other', undefined, app));
    new CfnTopic(app.node.findChild('Other'), 'Topic', { topicName: 'o' });
    expect(messagesOf(hub).map(brief)).toEqual(FOUND);
  });
});

test('an acknowledged warning is not shown', () => {
  Annotations.of(hub).acknowledgeWarning(ID, 'a demo');
  addCheck(app, { report: true });
  expect(messagesOf(hub)).toEqual([]);
});
