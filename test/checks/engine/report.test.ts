import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { Annotations, App, Aspects, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import {
  CrossAccountEventChecks,
  CrossAccountEventChecksOptions,
  PublisherRole,
  WildcardPrincipalAspect,
} from '../../../src';
import { allChecks } from '../../../src/checks/all-checks';
import { CheckRunner } from '../../../src/checks/engine/check-runner';
import { FindingText, messageOf } from '../../../src/checks/engine/finding';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { expectFindings, expectMessage } from '../../support/messages';
import { LENIENT_SIZES } from '../../support/sizes';
import { OPEN, TOO_LONG } from '../../support/statements';

const NAMES = allChecks({})
  .map(({ name }) => name)
  .sort();

const policy = (scope: Stack, id = 'Policy', statement: object = OPEN) =>
  new CfnEventBusPolicy(scope, id, {
    statementId: `${scope.node.path}/${id}`.replaceAll('/', '-'),
    eventBusName: 'orders',
    statement,
  });
const reportOf = (stage: Stage): Report => JSON.parse(readFileSync(join(stage.outdir, 'event-checks.json'), 'utf8'));
const isReported = (stage: Stage) => existsSync(join(stage.outdir, 'event-checks.json'));

interface Report {
  readonly version: number;
  readonly checks: string[];
  readonly findings: (FindingText & { readonly [key: string]: unknown })[];
}

/** The findings in the report of an app or stage, without their texts. */
const findingsIn = (stage: Stage) =>
  reportOf(stage).findings.map(({ problem: _, reason: __, fix: ___, ...rest }) => rest);

/** A finding of `wildcardPrincipal` as the report contains it, without its text. */
const open = (path: string, more: object = {}) => ({
  id: FindingId.WILDCARD_PRINCIPAL,
  level: 'warning',
  path,
  logicalId: path
    .split('/')
    .slice(path.startsWith('Beta') ? 2 : 1)
    .join(''),
  stack: path.split('/').slice(0, -1).join('/'),
  resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/orders',
  acknowledged: false,
  ...more,
});

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

describe('the report', () => {
  test('is written only with the option', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app);
    app.synth();
    expect(isReported(app)).toBe(false);
  });

  test('contains every finding with its construct and logical ID', () => {
    policy(hub);
    const statement = { ...TOO_LONG, Resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/other' };
    policy(testStack('Other', HUB, app), 'Long', statement).eventBusName = 'other';
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(reportOf(app)).toEqual({ version: 1, checks: NAMES, findings: expect.any(Array) });
    expect(findingsIn(app)).toEqual([
      open('Hub/Policy'),
      {
        id: FindingId.EVENT_BUS_POLICY_SIZE,
        level: 'error',
        path: 'Other/Long',
        logicalId: 'Long',
        stack: 'Other',
        resource: 'arn:aws:events:eu-west-1:111111111111:event-bus/other',
        acknowledged: false,
      },
    ]);
    for (const finding of reportOf(app).findings) expectMessage(messageOf(finding));
  });

  test('is written without findings too', () => {
    testFunction(hub, 'Handler');
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(reportOf(app)).toEqual({ version: 1, checks: NAMES, findings: [] });
  });

  test('is the same for the same findings, in whichever order the constructs are created', () => {
    const write = (ids: string[]) => {
      const other = testApp();
      for (const id of ids) policy(testStack(id, HUB, other), id);
      CrossAccountEventChecks.applyTo(other, { report: true });
      other.synth();
      return readFileSync(join(other.outdir, 'event-checks.json'), 'utf8');
    };
    expect(write(['A', 'b', 'C'])).toBe(write(['C', 'A', 'b']));
    expect(JSON.parse(write(['b', 'A'])).findings.map(({ path }: { path: string }) => path)).toEqual(['A/A', 'b/b']);
  });

  test('contains findings in a nested stack with the path of that stack', () => {
    policy(new NestedStack(hub, 'Nested'));
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(findingsIn(app)).toEqual([open('Hub/Nested/Policy', { logicalId: 'Policy', stack: 'Hub/Nested' })]);
  });

  test('contains the logical ID of the template', () => {
    const renamed = policy(hub);
    renamed.overrideLogicalId('Renamed');
    CrossAccountEventChecks.applyTo(app, { report: true });
    const template = app.synth().getStackArtifact('Hub').template;
    expect(Object.keys(template.Resources)).toEqual([reportOf(app).findings[0].logicalId]);
  });

  test('is written for the app and for each stage, next to their templates', () => {
    policy(hub);
    const beta = new Stage(app, 'Beta', { env: HUB });
    policy(new Stack(beta, 'Hub'));
    const inner = new Stage(beta, 'Inner', { env: HUB });
    testFunction(new Stack(inner, 'Hub'), 'Handler');
    CrossAccountEventChecks.applyTo(app, { report: true });
    const {
      directory,
      nestedAssemblies: [{ nestedAssembly }],
    } = app.synth();
    expect([app.outdir, beta.outdir]).toEqual([directory, nestedAssembly.directory]);
    expect(findingsIn(app)).toEqual([open('Hub/Policy')]);
    expect(findingsIn(beta)).toEqual([open('Beta/Hub/Policy')]);
    expect(findingsIn(inner)).toEqual([]);
  });

  test('is written by every synthesis', () => {
    const statement = policy(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    app.synth({ force: true });
    expect(findingsIn(app)).toEqual([open('Hub/Policy')]);
    statement.addPropertyOverride('Statement.Principal', { AWS: '222222222222' });
    app.synth({ force: true });
    expect(findingsIn(app)).toEqual([]);
  });

  test('contains the findings of all aspects of the app', () => {
    policy(hub);
    Aspects.of(app).add(new WildcardPrincipalAspect());
    CrossAccountEventChecks.applyTo(testStack('Other', HUB, app), { report: true });
    testFunction(app.node.findChild('Other') as Stack, 'Handler');
    app.synth();
    expect(reportOf(app).checks).toEqual(NAMES);
    expect(findingsIn(app)).toEqual([open('Hub/Policy')]);
  });

  test('is written even if synthesis fails because a stage is not checked', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    testFunction(new Stack(new Stage(app, 'Late', { env: HUB }), 'Stack'), 'Handler');
    expect(() => app.synth()).toThrow(/stage 'Late' is not checked/);
    expect(findingsIn(app)).toEqual([open('Hub/Policy')]);
  });

  test('contains a finding for a check that fails', () => {
    testFunction(hub, 'Handler');
    const findings = () => {
      throw new Error('no such thing\nat line 1');
    };
    const runner = new CheckRunner([{ name: 'broken', findings }], { disabled: new Map(), report: true });
    Aspects.of(app).add({ visit: (node) => runner.visit(node) });
    app.synth();
    expect(reportOf(app).checks).toEqual(['broken']);
    expect(reportOf(app).findings).toEqual([
      {
        id: FindingId.CHECK_FAILED,
        level: 'warning',
        path: 'Hub',
        stack: 'Hub',
        problem: expect.stringContaining("'broken'"),
        reason: 'no such thing',
        fix: expect.any(String),
        acknowledged: false,
      },
    ]);
    expectFindings(messagesOf(hub), ['warning checkFailed /Hub']);
  });
});

describe('an acknowledged warning', () => {
  const acknowledge = (construct: IConstruct) =>
    Annotations.of(construct).acknowledgeWarning(FindingId.WILDCARD_PRINCIPAL, 'a demo');

  test('on the stack is marked in the report', () => {
    policy(hub);
    policy(testStack('Other', HUB, app));
    acknowledge(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    expect(messagesOf(hub)).toEqual([]);
    expect(findingsIn(app)).toEqual([open('Hub/Policy', { acknowledged: true }), open('Other/Policy')]);
  });

  test('on its construct or on the app is marked in the report', () => {
    acknowledge(policy(hub));
    const other = testStack('Other', HUB, app);
    policy(other);
    Annotations.of(app).acknowledgeWarning(FindingId.WILDCARD_PRINCIPAL, 'a demo');
    CrossAccountEventChecks.applyTo(app, { report: true });
    expect(messagesOf(hub, other)).toEqual([]);
    expect(findingsIn(app)).toEqual(['Hub/Policy', 'Other/Policy'].map((path) => open(path, { acknowledged: true })));
  });

  test('with another ID is not marked', () => {
    policy(hub);
    Annotations.of(hub).acknowledgeWarning(FindingId.RULE_MATCHES_ANY_ACCOUNT, 'a demo');
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(findingsIn(app)).toEqual([open('Hub/Policy')]);
  });
});

describe('a disabled finding', () => {
  const disabledFindings = [{ id: FindingId.WILDCARD_PRINCIPAL, reason: 'a demo' }];

  test('is not annotated, but is in the report with the reason', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    expect(messagesOf(hub)).toEqual([]);
    expect(findingsIn(app)).toEqual([open('Hub/Policy', { disabled: 'a demo' })]);
  });

  test('may be an error', () => {
    policy(hub, 'Long', TOO_LONG);
    CrossAccountEventChecks.applyTo(app, {
      disabledFindings: [{ id: FindingId.EVENT_BUS_POLICY_SIZE, reason: 'raised' }],
      report: true,
    });
    expect(messagesOf(hub)).toEqual([]);
    expect(findingsIn(app)).toEqual([
      expect.objectContaining({ level: 'error', path: 'Hub/Long', disabled: 'raised' }),
    ]);
  });

  test('does not disable findings with other IDs', () => {
    policy(hub, 'Long', { ...TOO_LONG, Principal: '*' });
    CrossAccountEventChecks.applyTo(app, { disabledFindings });
    expectFindings(messagesOf(hub), ['error eventBusPolicySize /Hub/Long']);
  });

  test('is disabled in stages too', () => {
    const beta = new Stage(app, 'Beta', { env: HUB });
    testFunction(hub, 'Handler');
    policy(new Stack(beta, 'Hub'));
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    expect(app.synth().stacksRecursively.flatMap((s) => s.messages)).toEqual([]);
    expect(findingsIn(beta)).toEqual([open('Beta/Hub/Policy', { disabled: 'a demo' })]);
  });
});

describe('checks for the app and for one of its stacks', () => {
  const disabledFindings = [{ id: FindingId.WILDCARD_PRINCIPAL, reason: 'a demo' }];
  let other: Stack;
  beforeEach(() => {
    other = testStack('Other', HUB, app);
    policy(hub);
    policy(other);
  });

  test('annotate a finding that only one of them disables', () => {
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    CrossAccountEventChecks.applyTo(hub);
    expectFindings(messagesOf(hub), ['warning wildcardPrincipal /Hub/Policy']);
    expect(messagesOf(other)).toEqual([]);
    expect(findingsIn(app)).toEqual([open('Hub/Policy'), open('Other/Policy', { disabled: 'a demo' })]);
  });

  test('have the same findings in the other order', () => {
    CrossAccountEventChecks.applyTo(hub);
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    expectFindings(messagesOf(hub), ['warning wildcardPrincipal /Hub/Policy']);
    expect(messagesOf(other)).toEqual([]);
    expect(findingsIn(app)).toEqual([open('Hub/Policy'), open('Other/Policy', { disabled: 'a demo' })]);
  });

  test('use the limits of each, and report the findings of both once', () => {
    CrossAccountEventChecks.applyTo(app, { report: true });
    CrossAccountEventChecks.applyTo(hub, { policySize: { eventBusPolicyLimit: 100 } });
    const tooLong = expect.objectContaining({
      id: FindingId.EVENT_BUS_POLICY_SIZE,
      level: 'error',
      path: 'Hub/Policy',
    });
    app.synth();
    expect(findingsIn(app)).toEqual([tooLong, open('Hub/Policy'), open('Other/Policy')]);
    expect([hub, other].map((stack) => messagesOf(stack).length)).toEqual([2, 1]);
  });
});

describe('a warning of a construct', () => {
  const id = FindingId.MANUALLY_ADD_EVENT_BUS_POLICY;
  const manual = {
    id,
    level: 'warning',
    path: 'Hub/Publisher',
    stack: 'Hub',
    resource: 'arn:aws:events:eu-west-1:222222222222:event-bus/orders',
    fingerprint: expect.stringMatching(/^[0-9a-f]{6}$/),
    acknowledged: false,
  };
  const publisher = (stack: Stack) =>
    new PublisherRole(stack, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [EventBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:eu-west-1:222222222222:event-bus/orders')],
    });

  test('is in the report', () => {
    publisher(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    app.synth({ force: true });
    expect(findingsIn(app)).toEqual([manual]);
    expectMessage(messageOf(reportOf(app).findings[0]));
  });

  test('can be disabled, and is in the report with the reason', () => {
    publisher(hub);
    CrossAccountEventChecks.applyTo(app, { disabledFindings: [{ id, reason: 'done by hand' }], report: true });
    expect(messagesOf(hub)).toEqual([]);
    expect(findingsIn(app)).toEqual([{ ...manual, disabled: 'done by hand' }]);
  });

  test('is disabled only within the scope of the options', () => {
    const other = testStack('Other', HUB, app);
    [hub, other].forEach(publisher);
    CrossAccountEventChecks.applyTo(other, { disabledFindings: [{ id, reason: 'done by hand' }] });
    CrossAccountEventChecks.applyTo(app, {
      disabledFindings: [{ id: FindingId.EVENT_FORWARDED_TOO_FAR, reason: 'one account' }],
    });
    expect([hub, other].map((stack) => messagesOf(stack).length)).toEqual([1, 0]);
  });
});

describe('the JSON Schema of the report', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../../../docs/event-checks.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);
  const { properties, required } = schema.$defs.finding;
  const keysOf = (findings: object[]) => [...new Set(findings.flatMap(Object.keys))].sort();
  const errorsOf = (report: object) => {
    validate(report);
    return validate.errors ?? [];
  };
  const entry = {
    id: FindingId.WILDCARD_PRINCIPAL,
    level: 'warning',
    path: 'Hub/Policy',
    problem: 'a problem',
    fix: 'a fix',
    acknowledged: false,
  };
  const reportWith = (more: object) => ({ version: 1, checks: ['policySize'], findings: [{ ...entry, ...more }] });

  /** An app with a finding of each kind: an error, a warning, and a warning of a construct. */
  function withFindings(): App {
    const scope = testApp({ context: LENIENT_SIZES });
    const stack = testStack('Hub', HUB, scope);
    policy(stack);
    policy(stack, 'Long', TOO_LONG).eventBusName = 'other';
    new CfnRule(stack, 'Rule', {
      eventPattern: { source: ['shop'] },
      targets: ['A', 'B', 'C', 'D', 'E', 'F'].map((id) => ({
        id,
        arn: `arn:aws:sqs:eu-west-1:111111111111:${id}`,
      })),
    });
    new PublisherRole(stack, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [EventBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:eu-west-1:222222222222:event-bus/orders')],
    });
    return scope;
  }

  function synthesized(scope: App, options: CrossAccountEventChecksOptions = {}): Report {
    CrossAccountEventChecks.applyTo(scope, { ...options, report: true });
    scope.synth();
    return reportOf(scope);
  }

  function acknowledgedReport(): Report {
    const scope = withFindings();
    const { findings } = synthesized(withFindings());
    for (const { id, level, fingerprint } of findings) {
      if (level === 'error') continue;
      const shownId = fingerprint === undefined ? String(id) : `${id}:${fingerprint}`;
      Annotations.of(scope).acknowledgeWarning(shownId, 'a demo');
    }
    return synthesized(scope);
  }

  function disabledReport(): Report {
    const disabledFindings = Object.values(FindingId).map((id) => ({ id, reason: 'a demo,\nfor this test' }));
    return synthesized(withFindings(), { disabledFindings });
  }

  function emptyReport(): Report {
    const scope = testApp();
    testFunction(testStack('Hub', HUB, scope), 'Handler');
    return synthesized(scope);
  }

  /** The report of an app without stacks, whose findings are reported on the app. */
  function failedReport(): Report {
    const scope = testApp();
    const findings = () => {
      throw new Error('');
    };
    const runner = new CheckRunner([{ name: 'broken', findings }], { disabled: new Map(), report: true });
    runner.checkWithin(scope);
    scope.synth();
    return reportOf(scope);
  }

  test.each<[string, () => Report, number]>([
    ['findings', () => synthesized(withFindings()), 4],
    ['acknowledged findings', acknowledgedReport, 4],
    ['disabled findings', disabledReport, 4],
    ['no findings', emptyReport, 0],
    ['a check that failed', failedReport, 1],
  ])('describes a report with %s', (_, report, minimum) => {
    const written = report();
    expect(written.findings.length).toBeGreaterThanOrEqual(minimum);
    expect(errorsOf(written)).toEqual([]);
  });

  test('has exactly the keys that reports contain', () => {
    const reports = [synthesized(withFindings()), acknowledgedReport(), disabledReport(), failedReport()];
    const findings = reports.flatMap((report) => report.findings);
    expect(keysOf(findings)).toEqual(Object.keys(properties).sort());
    expect(keysOf(reports)).toEqual(Object.keys(schema.properties).sort());
    const inAll = Object.keys(properties).filter((key) => findings.every((finding) => key in finding));
    expect(inAll.sort()).toEqual([...required].sort());
    expect([...schema.required].sort()).toEqual(Object.keys(schema.properties).sort());
  });

  test('describes every key', () => {
    const described = [schema, ...Object.values(schema.properties), schema.$defs.finding, ...Object.values(properties)];
    expect(described.filter(({ description }) => typeof description !== 'string')).toEqual([]);
  });

  test.each(Object.values(FindingId))('allows the ID %s', (id) => {
    expect(errorsOf(reportWith({ id }))).toEqual([]);
  });

  test.each<[string, object]>([
    ['an unknown key', { construct: 'Hub/Policy' }],
    ['an unknown level', { level: 'info' }],
    ['an id without its prefix', { id: 'wildcardPrincipal' }],
    ['an acknowledged error', { level: 'error', acknowledged: true }],
    ['a finding that is both acknowledged and disabled', { acknowledged: true, disabled: 'a demo' }],
    ['a logical ID without a stack', { logicalId: 'Policy' }],
    ['a problem in two lines', { problem: 'a problem\nFix: a fix' }],
    ['no fix', { fix: undefined }],
  ])('does not allow %s', (_, more) => {
    const report = JSON.parse(JSON.stringify(reportWith(more)));
    expect(errorsOf(reportWith({}))).toEqual([]);
    expect(errorsOf(report)).not.toEqual([]);
  });

  test('has the same keys for a finding, acknowledged or not', () => {
    const keys = ({ findings }: Report) => findings.map((finding) => [finding.path, finding.id, Object.keys(finding)]);
    expect(keys(acknowledgedReport())).toEqual(expect.arrayContaining(keys(synthesized(withFindings()))));
  });
});
