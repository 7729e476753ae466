import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { Construct, IConstruct } from 'constructs';
import { AppIndex } from '../../../src/app-model/app-index';
import { OtherApp } from '../../../src/app-model/other-apps';
import { Check, ReportOptions } from '../../../src/checks/engine/check-request';
import { CheckRunner, addSynthesisValidation } from '../../../src/checks/engine/check-runner';
import { warningFinding, withNeed } from '../../../src/checks/engine/finding';
import { reportManualStep } from '../../../src/checks/engine/manual-step-warning';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, SHOP, testApp, testStack } from '../../support/apps';
import { errorOf } from '../../support/messages';
import { busArn, cfnEventBus, queueArn, ruleArn } from '../../support/three-accounts';

const REPORT = 'event-checks.json';
const TOPOLOGY = 'event-topology.json';

let app: App;
let hub: Stack;
let topic: CfnTopic;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', undefined, app);
  topic = new CfnTopic(hub, 'Topic', { topicName: 't' });
});

const finding = (problem: string, construct: IConstruct = topic) =>
  warningFinding(FindingId.WILDCARD_PRINCIPAL, construct, { problem, fix: 'f' });
const find = (...problems: string[]) => [
  { name: 'check', findings: () => problems.map((problem) => finding(problem)) },
];
function run(reporting?: Partial<ReportOptions>, checks: Check[] = find(), scope: IConstruct = app) {
  new CheckRunner(checks, reporting && { disabled: new Map(), report: false, ...reporting }).checkWithin(scope);
}
const problemsIn = (findings: readonly { problem: string }[]) => findings.map(({ problem }) => problem).sort();
const fileOf = (name: string) => JSON.parse(readFileSync(join(app.synth().directory, name), 'utf8'));
const written = (...names: string[]) => names.filter((name) => existsSync(join(app.synth().directory, name)));

describe('files about an app', () => {
  test('are not written unless they are asked for', () => {
    run();
    run({});
    expect(written(REPORT, TOPOLOGY)).toEqual([]);
  });

  test.each<[string, Partial<ReportOptions>]>([
    [REPORT, { report: true }],
    [TOPOLOGY, { topology: true }],
    ['own', { files: [{ name: 'own', content: () => 'x' }] }],
  ])('are written if one of several runners asks for them: %s', (name, options) => {
    run();
    run(options);
    expect(written(REPORT, TOPOLOGY, 'own')).toEqual([name]);
  });

  test('are not written by checks of constructs without an app', () => {
    const root = new Construct(undefined as never, '');
    const content = jest.fn(() => 'x');
    run({ report: true, topology: true, files: [{ name: 'own', content }] }, find('p'), new Stack(root, 'Alone'));
    expect(root.node.validate()).toEqual([]);
    expect(content).not.toHaveBeenCalled();
  });

  test('list what rules of other apps can have as targets', () => {
    run({ topology: true });
    expect(fileOf(TOPOLOGY).topics).toMatchObject([{ arn: `arn:aws:sns:eu-west-1:${HUB.account}:t` }]);
  });

  test.each<[string, Partial<ReportOptions>]>([
    ['the report', { report: true }],
    ['a file', {}],
    ['a file, where something else is disabled', { disabled: new Map([['x', 'y']]) }],
  ])('have the findings of all checks and of constructs, in the order in which they were found: %s', (_, options) => {
    const content = jest.fn(() => '');
    reportManualStep(finding('of a construct'), new Set());
    run(options, find('one', 'two'));
    run({ files: [{ name: 'own', content }] });
    const { directory } = app.synth();
    const [{ scope, app: index, findings }] = content.mock.calls[0] as unknown as [
      { scope: IConstruct; app: AppIndex; findings: { problem: string }[] },
    ];
    expect([scope, index.root]).toEqual([app, app]);
    expect(findings.map(({ problem }) => problem)).toEqual(['one', 'two', 'of a construct']);
    if (options.report) {
      const report = JSON.parse(readFileSync(join(directory, REPORT), 'utf8'));
      expect(problemsIn(report.findings)).toEqual(problemsIn(findings));
      expect(report.checks).toEqual(['check']);
    }
  });

  test('have each finding of a check that runs twice once, and disabled only if it always is', () => {
    const all = new Map([[FindingId.WILDCARD_PRINCIPAL as string, 'a demo']]);
    run({ report: true, disabled: all }, find('p', 'q'), hub);
    run({}, find('p'));
    const found = fileOf(REPORT).findings.map(({ problem, disabled }: Record<string, unknown>) => [problem, disabled]);
    expect(found).toEqual([
      ['p', undefined],
      ['q', 'a demo'],
    ]);
  });

  test('have what the checks and constructs of all runners need of other apps', () => {
    const call = { principal: 'events.amazonaws.com', action: 'sqs:SendMessage' };
    const needing = (queue: string) => withNeed(finding(queue), { ...call, resource: queueArn(queue, BILLING) });
    reportManualStep(needing('a'), new Set());
    run({ topology: true }, [{ name: 'one', findings: () => [needing('b')] }]);
    run({}, [{ name: 'two', findings: () => [needing('c'), finding('p')] }]);
    run({}, [{ name: 'two', findings: () => [needing('c')] }], hub);
    const { needs } = fileOf(TOPOLOGY) as { needs: { resource: string }[] };
    expect(needs.map(({ resource }) => resource)).toEqual(['a', 'b', 'c'].map((queue) => queueArn(queue, BILLING)));
  });
});

describe('the apps that checks know', () => {
  const namesOf = (others: readonly OtherApp[]) => others.map(({ name }) => name);
  /** The index that a check gets. */
  function indexOf(...options: Partial<ReportOptions>[]): AppIndex {
    const findings = jest.fn((_: AppIndex) => []);
    options.forEach((one) => run(one, [{ name: 'check', findings }]));
    app.node.validate();
    return findings.mock.calls[0][0];
  }
  function other(name: string): OtherApp {
    const root = testApp();
    cfnEventBus(testStack('Billing', BILLING, root));
    return new OtherApp(name, root);
  }

  test('are those of all runners, each of them once', () => {
    const [a, b] = [other('a'), other('b')];
    const index = indexOf({ otherApps: () => [a] }, {}, { otherApps: () => [b, a] });
    expect(namesOf(index.othersDescribing(busArn('orders', BILLING)))).toEqual(['a', 'b']);
  });

  test.each<[boolean, ReportOptions['files'][]]>([
    [false, [undefined]],
    [false, [[]]],
    [false, [[], undefined]],
    [true, [[{ name: 'own', content: () => '' }]]],
    [true, [undefined, [{ name: 'own', content: () => '' }], []]],
  ])('are there entirely, for files about them: %s', (entirely, files) => {
    const otherApps = jest.fn(() => []);
    indexOf({ otherApps }, ...files.map((one) => ({ ...(one && { files: one }) })));
    expect(otherApps).toHaveBeenCalledWith(expect.anything(), { entirely });
  });

  test('are the stages too that it refers to, beside those', () => {
    const stage = new Stage(app, 'Stage', { env: SHOP });
    cfnEventBus(new Stack(stage, 'Shop'));
    new CheckRunner(find()).checkWithin(stage);
    new CfnRule(hub, 'Rule', { eventPattern: { source: ['x'] }, targets: [{ id: 'T', arn: busArn('orders', SHOP) }] });
    const index = indexOf({ otherApps: () => [other('a')] });
    expect(namesOf(index.othersDescribing(ruleArn('x', SHOP)))).toEqual(["stage 'Stage'"]);
    expect(namesOf(index.othersDescribing(ruleArn('x', BILLING)))).toEqual(['a']);
  });
});

describe('a stage', () => {
  const checks = (...names: string[]) => names.map((name) => ({ name, findings: () => [] }));
  const NOT_CHECKED =
    "stage 'Late' is not checked, because the CDK synthesizes each stage separately; add the checks to the stage " +
    'too, before pipeline.addStage()';
  let stage: Stage;
  beforeEach(() => {
    stage = new Stage(app, 'Late', { env: HUB });
    new CfnTopic(new Stack(stage, 'Hub'), 'Topic', { topicName: 't' });
  });

  test.each<[string, string[][], string[], boolean]>([
    ['has all checks of the app', [['a', 'b']], ['a', 'b'], true],
    ['has none', [['a', 'b']], [], false],
    ['has one of two checks of the app', [['a', 'b']], ['a'], false],
    ['has the checks of one of two runners of the app', [['a'], ['b']], ['a'], false],
    ['has more checks than the app', [['a'], []], ['a', 'b'], true],
  ])('must have the checks of the app: %s', (_, ofApp, ofStage, isChecked) => {
    for (const names of ofApp) run(undefined, checks(...names));
    run(undefined, checks(...ofStage), stage);
    expect(app.node.validate()).toEqual(isChecked ? [] : [NOT_CHECKED]);
  });

  test('needs no checks if only a stack of the app has any, or none has', () => {
    run(undefined, checks('a'), hub);
    expect(app.node.validate()).toEqual([]);
    expect(testApp().node.validate()).toEqual([]);
  });

  test('fails together with what else is wrong', () => {
    addSynthesisValidation(topic, () => ({ problems: ['wrong'], warnings: [] }));
    run(undefined, checks('a'));
    const error = errorOf(() => app.synth());
    for (const text of ['Hub/Topic: wrong', NOT_CHECKED]) expect(error).toContain(text);
  });
});
