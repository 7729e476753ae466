import { join } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import {
  App,
  IPolicyValidationPluginBeta1,
  NestedStack,
  PolicyValidationPluginReportBeta1,
  Stack,
  Stage,
} from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventChecksPlugin, EventCheckOptions } from '../../src';
import * as wildcards from '../../src/checks/access/wildcard-principal';
import { FindingId } from '../../src/checks/finding-id';
import { HUB, SHOP, testApp, testFunction, testStack } from '../support/apps';
import { expectMessage } from '../support/messages';
import { OPEN, TOO_LONG } from '../support/statements';

/** Whether this release of the CDK passes the app to plugins, and throws their findings. */
const NEWER = 'Validations' in cdk;

const policy = (scope: Stack, id = 'Policy', statement: object = OPEN) =>
  new CfnEventBusPolicy(scope, id, { statementId: id, eventBusName: 'orders', statement });

let printed: string[];
beforeEach(() => {
  printed = [];
  for (const method of ['log', 'error'] as const) {
    jest.spyOn(console, method).mockImplementation((...text) => void printed.push(...text.map(String)));
  }
});
afterEach(() => jest.restoreAllMocks());

/** The result of synthesis. The CDK throws an error, or sets an exit code, which must not be the one of the tests. */
function outcomeOf(synthesized: App): { fails: boolean; output: string } {
  const exitCode = process.exitCode;
  process.exitCode = undefined;
  try {
    synthesized.synth();
    return { fails: process.exitCode === 1, output: printed.join('\n') };
  } catch (e) {
    return { fails: true, output: `${printed.join('\n')}\n${(e as Error).message}` };
  } finally {
    process.exitCode = exitCode;
  }
}

/** The report of the plugin, before the CDK processes it. */
function reportOf(
  synthesized: App,
  scope: Stage = synthesized,
  options?: EventCheckOptions,
): PolicyValidationPluginReportBeta1 {
  const plugin: IPolicyValidationPluginBeta1 = CrossAccountEventChecksPlugin.addTo(scope, options);
  const validate = jest.spyOn(plugin, 'validate');
  outcomeOf(synthesized);
  expect(validate).toHaveBeenCalledTimes(1);
  return validate.mock.results[0].value as PolicyValidationPluginReportBeta1;
}

const resourcesIn = ({ violations }: PolicyValidationPluginReportBeta1) =>
  violations.flatMap((v) => v.violatingResources.map((r) => `${v.ruleName.split(':')[1]} ${r.resourceLogicalId}`));

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
});

describe('the plugin', () => {
  test('fails synthesis for an error, and prints the fix', () => {
    policy(hub, 'Long', TOO_LONG);
    CrossAccountEventChecksPlugin.addTo(app);
    const { fails, output } = outcomeOf(app);
    expect(fails).toBe(true);
    expect(output).toContain('CrossAccountEventChecks');
    expect(output).toContain(FindingId.EVENT_BUS_POLICY_SIZE);
    expect(output).toContain('Hub/Long');
    expect(output).toContain("'eventBusPolicyLimit'");
  });

  test('does not fail synthesis for a warning, which newer releases of the CDK print', () => {
    policy(hub);
    CrossAccountEventChecksPlugin.addTo(app);
    const { fails, output } = outcomeOf(app);
    expect(fails).toBe(false);
    expect(output.includes(FindingId.WILDCARD_PRINCIPAL)).toBe(NEWER);
  });

  test('has no findings in a correct app', () => {
    policy(hub, 'Named', { ...OPEN, Principal: { AWS: '222222222222' } });
    expect(reportOf(app)).toEqual({ success: true, violations: [] });
  });

  test('adds no annotations', () => {
    policy(hub);
    CrossAccountEventChecksPlugin.addTo(app);
    outcomeOf(app);
    expect(
      hub.node
        .findAll()
        .flatMap((c) => c.node.metadata)
        .filter(({ type }) => /warning|error/.test(type)),
    ).toEqual([]);
  });

  test('reports the rule, the problem, the fix and the resource', () => {
    policy(hub);
    const { success, violations } = reportOf(app);
    expect(success).toBe(true);
    expect(violations).toEqual([
      {
        ruleName: 'cdk-cross-account-eventbridge:wildcardPrincipal',
        description: expect.any(String),
        fix: expect.any(String),
        severity: 'warning',
        violatingResources: [
          expect.objectContaining({
            resourceLogicalId: 'Policy',
            locations: [],
            templatePath: expect.stringMatching(/Hub\.template\.json$/),
          }),
        ],
      },
    ]);
    const [{ description, fix }] = violations;
    expectMessage(`${description}\nFix: ${fix}`);
  });

  test('reports the same problem on several resources as one violation', () => {
    policy(hub);
    const Resource = `arn:aws:events:${SHOP.region}:${SHOP.account}:event-bus/orders`;
    policy(testStack('Other', SHOP, app), 'Policy', { ...OPEN, Resource });
    policy(hub, 'Third');
    const { violations } = reportOf(app);
    expect(violations.map((v) => v.violatingResources.length)).toEqual([2, 1]);
  });

  test('reports resources in nested stacks with their own template', () => {
    policy(new NestedStack(hub, 'Nested'));
    const [
      {
        violatingResources: [{ templatePath }],
      },
    ] = reportOf(app).violations;
    expect(templatePath).toMatch(/HubNested\w+\.nested\.template\.json$/);
  });

  test('passes the IDs of its rules to the CDK', () => {
    const { ruleIds } = new CrossAccountEventChecksPlugin({
      disabledFindings: [{ id: FindingId.EVENT_FORWARDED_TOO_FAR, reason: 'one account' }],
    });
    expect(ruleIds).toEqual(Object.values(FindingId).filter((id) => id !== FindingId.EVENT_FORWARDED_TOO_FAR));
  });

  test('uses the options of the checks', () => {
    policy(hub, 'Long', TOO_LONG);
    policy(hub, 'Open', { ...OPEN, Resource: OPEN.Resource.replace('orders', 'other') }).eventBusName = 'other';
    const options = {
      policySize: { eventBusPolicyLimit: 40_960 },
      disabledFindings: [{ id: FindingId.WILDCARD_PRINCIPAL, reason: 'a demo' }],
    };
    expect(reportOf(app, app, options)).toEqual({ success: true, violations: [] });
  });

  test('fails synthesis if a check fails, because a check without findings would look like success', () => {
    testFunction(hub, 'Handler');
    jest.spyOn(wildcards, 'checkWildcardPrincipals').mockImplementation(() => {
      throw new Error('no such thing');
    });
    CrossAccountEventChecksPlugin.addTo(app);
    const { fails, output } = outcomeOf(app);
    expect(fails).toBe(true);
    expect(output).toContain(FindingId.CHECK_FAILED);
    expect(output).toContain("check 'wildcardPrincipal' failed");
    expect(output).toContain('no such thing');
  });
});

describe('stages', () => {
  const stage = (scope: App | Stage, id: string) => new Stage(scope, id, { env: HUB });
  let inner: Stage;
  beforeEach(() => {
    policy(hub, 'OfApp');
    const outer = stage(app, 'Outer');
    policy(new Stack(outer, 'Stack'), 'OfOuter');
    inner = stage(outer, 'Inner');
    policy(new Stack(inner, 'Stack'), 'OfInner');
  });
  const found = (...ids: string[]) => ids.map((id) => `wildcardPrincipal ${id}`);

  test('of an app are checked with it', () => {
    expect(resourcesIn(reportOf(app))).toEqual(found('OfApp', 'OfOuter', 'OfInner'));
  });

  test('that the plugin is added to are checked alone', () => {
    expect(resourcesIn(reportOf(app, inner))).toEqual(found('OfInner'));
  });

  test('that are created after the plugin was added are checked too', () => {
    const plugin = CrossAccountEventChecksPlugin.addTo(app);
    const validate = jest.spyOn(plugin, 'validate');
    policy(new Stack(stage(app, 'Late'), 'Stack'), 'OfLate');
    outcomeOf(app);
    expect(resourcesIn(validate.mock.results[0].value)).toContain('wildcardPrincipal OfLate');
  });

  test('are checked separately: the same bus name in two stages refers to two buses', () => {
    const statement = { ...TOO_LONG, Condition: { StringEquals: { 'events:source': 'x'.repeat(6000) } } };
    for (const id of ['Beta', 'Prod']) policy(new Stack(stage(app, id), 'Stack'), id, statement);
    expect(reportOf(app).success).toBe(true);
  });
});

describe('a plugin that is created with its constructor', () => {
  const plugin = () => new CrossAccountEventChecksPlugin();
  const { Validations } = cdk as unknown as { Validations: { of(app: App): { addPlugins(added: object): void } } };
  const add = (added: CrossAccountEventChecksPlugin) =>
    NEWER ? Validations.of(app).addPlugins(added) : app.policyValidationBeta1.push(added);

  test(NEWER ? 'gets the app from the CDK' : 'fails synthesis if the CDK does not pass the app', () => {
    policy(hub, 'Long', TOO_LONG);
    add(plugin());
    const { fails, output } = outcomeOf(app);
    expect(fails).toBe(true);
    expect(output).toContain(
      NEWER ? FindingId.EVENT_BUS_POLICY_SIZE : "CrossAccountEventChecksPlugin: 'app' must be known",
    );
  });

  test('checks the app that the CDK passes', () => {
    policy(hub);
    app.synth();
    const context = { templatePaths: [join(app.outdir, 'Hub.template.json')], appConstruct: app };
    expect(resourcesIn(plugin().validate(context))).toEqual(['wildcardPrincipal Policy']);
  });

  test('reports no findings in templates that are not validated', () => {
    policy(hub);
    app.synth();
    const context = { templatePaths: [], appConstruct: app };
    expect(plugin().validate(context)).toEqual({ success: true, violations: [] });
  });
});
