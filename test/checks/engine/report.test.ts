import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Annotations, App, Aspects, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { CrossAccountEventChecks, PublisherRole, WildcardPrincipalAspect } from '../../../src';
import { allChecks } from '../../../src/checks/all-checks';
import { CheckRunner } from '../../../src/checks/engine/check-runner';
import { FindingId } from '../../../src/checks/finding-id';
import { HUB, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { OPEN, TOO_LONG } from '../../support/statements';

/**
 * Whether the CDK in use is one of those that hear an acknowledgement on the construct itself before there is a
 * warning.
 */

const NAMES = allChecks({})
  .map(({ name }) => name)
  .sort();

const policy = (scope: Stack, id = 'Policy', statement: object = OPEN) =>
  new CfnEventBusPolicy(scope, id, {
    statementId: `${scope.node.path}/${id}`.replaceAll('/', '-'),
    eventBusName: 'orders',
    statement,
  });
const reportOf = (stage: Stage) => JSON.parse(readFileSync(join(stage.outdir, 'event-checks.json'), 'utf8'));
const isReported = (stage: Stage) => existsSync(join(stage.outdir, 'event-checks.json'));
const open = (path: string, more: object = {}) => ({
  id: FindingId.WILDCARD_PRINCIPAL,
  level: 'warning',
  path,
  logicalId: path
    .split('/')
    .slice(path.startsWith('Beta') ? 2 : 1)
    .join(''),
  stack: path.split('/').slice(0, -1).join('/'),
  problem: expect.stringMatching(/^statement '[\w-]+' lets callers of every AWS account put events on bus 'orders': /),
  fix: "name the accounts, or add an 'aws:PrincipalOrgID' condition",
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
  test('is written only when asked for', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app);
    app.synth();
    expect(isReported(app)).toBe(false);
  });

  test('has every finding with its construct and place in the template', () => {
    policy(hub);
    policy(testStack('Other', HUB, app), 'Long', TOO_LONG).eventBusName = 'other';
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(reportOf(app)).toEqual({
      version: 1,
      checks: NAMES,
      findings: [
        open('Hub/Policy'),
        {
          id: FindingId.EVENT_BUS_POLICY_SIZE,
          level: 'error',
          path: 'Other/Long',
          logicalId: 'Long',
          stack: 'Other',
          problem: expect.stringMatching(/^the policy of bus .* of 10240 allowed/),
          fix: expect.stringContaining('let an organization in rather than its accounts'),
          acknowledged: false,
        },
      ],
    });
  });

  test('is there, and empty, when nothing is found', () => {
    testFunction(hub, 'Handler');
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(reportOf(app)).toEqual({ version: 1, checks: NAMES, findings: [] });
  });

  test('is the same for the same findings, in whichever order they were made', () => {
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

  test('has what lies in a nested stack by the stack whose template it is in', () => {
    policy(new NestedStack(hub, 'Nested'));
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(reportOf(app).findings).toEqual([open('Hub/Nested/Policy', { logicalId: 'Policy', stack: 'Hub/Nested' })]);
  });

  test('has the logical id that the template has', () => {
    const renamed = policy(hub);
    renamed.overrideLogicalId('Renamed');
    CrossAccountEventChecks.applyTo(app, { report: true });
    const template = app.synth().getStackArtifact('Hub').template;
    expect(Object.keys(template.Resources)).toEqual([reportOf(app).findings[0].logicalId]);
  });

  test('is one for the app and one for each stage, beside their templates', () => {
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
    expect(reportOf(app).findings).toEqual([open('Hub/Policy')]);
    expect(reportOf(beta).findings).toEqual([open('Beta/Hub/Policy')]);
    expect(reportOf(inner).findings).toEqual([]);
  });

  test('is written anew by every synthesis', () => {
    const statement = policy(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    app.synth({ force: true });
    expect(reportOf(app).findings).toEqual([open('Hub/Policy')]);
    statement.addPropertyOverride('Statement.Principal', { AWS: '222222222222' });
    app.synth({ force: true });
    expect(reportOf(app).findings).toEqual([]);
  });

  test('has what an aspect of its own found too: there is one for all', () => {
    policy(hub);
    Aspects.of(app).add(new WildcardPrincipalAspect());
    CrossAccountEventChecks.applyTo(testStack('Other', HUB, app), { report: true });
    testFunction(app.node.findChild('Other') as Stack, 'Handler');
    app.synth();
    expect(reportOf(app)).toEqual({ version: 1, checks: NAMES, findings: [open('Hub/Policy')] });
  });

  test('is written even when synthesis fails for a stage that is not checked', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    testFunction(new Stack(new Stage(app, 'Late', { env: HUB }), 'Stack'), 'Handler');
    expect(() => app.synth()).toThrow(/stage 'Late' is not checked/);
    expect(reportOf(app).findings).toEqual([open('Hub/Policy')]);
  });

  test('says of a check that fails that nothing is proved', () => {
    testFunction(hub, 'Handler');
    const findings = () => {
      throw new Error('no such thing\nat line 1');
    };
    const judge = new CheckRunner([{ name: 'broken', findings }], { disabled: new Map(), report: true });
    Aspects.of(app).add({ visit: (node) => judge.visit(node) });
    app.synth();
    const said = {
      problem: "the check 'broken' failed, so nothing is proved: no such thing",
      fix: 'please report it',
      acknowledged: false,
    };
    expect(reportOf(app)).toEqual({
      version: 1,
      checks: ['broken'],
      findings: [{ id: FindingId.CHECK_FAILED, level: 'warning', path: 'Hub', stack: 'Hub', ...said }],
    });
    expect(messagesOf(hub)).toEqual([expect.stringContaining(`${said.problem}; ${said.fix}`)]);
  });
});

describe('a warning that is acknowledged', () => {
  const acknowledge = (construct: IConstruct) =>
    Annotations.of(construct).acknowledgeWarning(FindingId.WILDCARD_PRINCIPAL, 'a demo');

  test('on the stack, is in the report as such', () => {
    policy(hub);
    policy(testStack('Other', HUB, app));
    acknowledge(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    expect(messagesOf(hub)).toEqual([]);
    expect(reportOf(app).findings).toEqual([open('Hub/Policy', { acknowledged: true }), open('Other/Policy')]);
  });

  test('on its construct or on the app, is in the report as such', () => {
    acknowledge(policy(hub));
    const other = testStack('Other', HUB, app);
    policy(other);
    Annotations.of(app).acknowledgeWarning(FindingId.WILDCARD_PRINCIPAL, 'a demo');
    CrossAccountEventChecks.applyTo(app, { report: true });
    expect([hub, other].flatMap(messagesOf)).toEqual([]);
    expect(reportOf(app).findings).toEqual(
      ['Hub/Policy', 'Other/Policy'].map((path) => open(path, { acknowledged: true })),
    );
  });

  test('by another id, is not', () => {
    policy(hub);
    Annotations.of(hub).acknowledgeWarning(FindingId.RULE_MATCHES_ANY_ACCOUNT, 'a demo');
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    expect(reportOf(app).findings).toEqual([open('Hub/Policy')]);
  });
});

describe('a finding that is switched off', () => {
  const disabledFindings = [{ id: FindingId.WILDCARD_PRINCIPAL, reason: 'a demo' }];

  test('is not shown, but in the report with its reason', () => {
    policy(hub);
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    expect(messagesOf(hub)).toEqual([]);
    expect(reportOf(app).findings).toEqual([open('Hub/Policy', { disabled: 'a demo' })]);
  });

  test('may be an error', () => {
    policy(hub, 'Long', TOO_LONG);
    CrossAccountEventChecks.applyTo(app, {
      disabledFindings: [{ id: FindingId.EVENT_BUS_POLICY_SIZE, reason: 'raised' }],
      report: true,
    });
    expect(messagesOf(hub)).toEqual([]);
    expect(reportOf(app).findings).toEqual([
      expect.objectContaining({ level: 'error', path: 'Hub/Long', disabled: 'raised' }),
    ]);
  });

  test('leaves the others on', () => {
    policy(hub, 'Long', { ...TOO_LONG, Principal: '*' });
    CrossAccountEventChecks.applyTo(app, { disabledFindings });
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error .*:eventBusPolicySize\]$/)]);
  });

  test('is so in stages too', () => {
    const beta = new Stage(app, 'Beta', { env: HUB });
    testFunction(hub, 'Handler');
    policy(new Stack(beta, 'Hub'));
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    expect(app.synth().stacksRecursively.flatMap((s) => s.messages)).toEqual([]);
    expect(reportOf(beta).findings).toEqual([open('Beta/Hub/Policy', { disabled: 'a demo' })]);
  });
});

describe('checks that are applied to the app and to one of its stacks', () => {
  const disabledFindings = [{ id: FindingId.WILDCARD_PRINCIPAL, reason: 'a demo' }];
  let other: Stack;
  beforeEach(() => {
    other = testStack('Other', HUB, app);
    policy(hub);
    policy(other);
  });

  test('show what one of them has on, though the other has it switched off', () => {
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    CrossAccountEventChecks.applyTo(hub);
    expect([hub, other].map(messagesOf)).toEqual([[expect.stringMatching(/^warning \/Hub\/Policy /)], []]);
    expect(reportOf(app).findings).toEqual([open('Hub/Policy'), open('Other/Policy', { disabled: 'a demo' })]);
  });

  test('say the same in the other order', () => {
    CrossAccountEventChecks.applyTo(hub);
    CrossAccountEventChecks.applyTo(app, { disabledFindings, report: true });
    expect([hub, other].map(messagesOf)).toEqual([[expect.stringMatching(/^warning \/Hub\/Policy /)], []]);
    expect(reportOf(app).findings).toEqual([open('Hub/Policy'), open('Other/Policy', { disabled: 'a demo' })]);
  });

  test('judge by the limits of each, and say what both find once', () => {
    CrossAccountEventChecks.applyTo(app, { report: true });
    CrossAccountEventChecks.applyTo(hub, { policySize: { eventBusPolicyLimit: 100 } });
    const tooLong = expect.objectContaining({
      id: FindingId.EVENT_BUS_POLICY_SIZE,
      level: 'error',
      path: 'Hub/Policy',
    });
    app.synth();
    expect(reportOf(app).findings).toEqual([tooLong, open('Hub/Policy'), open('Other/Policy')]);
    expect([hub, other].map((stack) => messagesOf(stack).length)).toEqual([2, 1]);
  });
});

describe('what constructs say by themselves', () => {
  const id = FindingId.MANUALLY_ADD_EVENT_BUS_POLICY;
  const elsewhere = {
    id,
    level: 'warning',
    path: 'Hub/Publisher',
    stack: 'Hub',
    problem: expect.stringMatching(/^events are refused until/),
    fix: expect.stringMatching(/^this app does not make it, so in its account call/),
    acknowledged: false,
  };
  const publisher = (stack: Stack) =>
    new PublisherRole(stack, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [EventBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:eu-west-1:222222222222:event-bus/orders')],
    });

  test('is in the report too', () => {
    publisher(hub);
    CrossAccountEventChecks.applyTo(app, { report: true });
    app.synth();
    app.synth({ force: true });
    expect(reportOf(app).findings).toEqual([elsewhere]);
  });

  test('can be switched off, and is in the report with the reason', () => {
    publisher(hub);
    CrossAccountEventChecks.applyTo(app, { disabledFindings: [{ id, reason: 'done by hand' }], report: true });
    expect(messagesOf(hub)).toEqual([]);
    expect(reportOf(app).findings).toEqual([{ ...elsewhere, disabled: 'done by hand' }]);
  });

  test('is switched off nowhere but where that was asked for', () => {
    const other = testStack('Other', HUB, app);
    [hub, other].forEach(publisher);
    CrossAccountEventChecks.applyTo(other, { disabledFindings: [{ id, reason: 'done by hand' }] });
    CrossAccountEventChecks.applyTo(app, {
      disabledFindings: [{ id: FindingId.EVENT_FORWARDED_TOO_FAR, reason: 'one account' }],
    });
    expect([hub, other].map((stack) => messagesOf(stack).length)).toEqual([1, 0]);
  });
});
