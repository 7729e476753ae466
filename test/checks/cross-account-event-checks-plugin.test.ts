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
import { HUB, PUBLISHER, testApp, testFunction, testStack } from '../support/apps';
import { OPEN, TOO_LONG } from '../support/statements';

/** Whether the CDK in use gives plugins the app, and throws what they find, as it does since 2026. */
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

/** How synthesis ends: the CDK throws, or leaves an exit code behind, which is not to be that of the tests. */
function outcomeOf(synthesized: App): { fails: boolean; says: string } {
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    synthesized.synth();
    return { fails: process.exitCode === 1, says: printed.join('\n') };
  } catch (e) {
    return { fails: true, says: `${printed.join('\n')}\n${(e as Error).message}` };
  } finally {
    process.exitCode = before;
  }
}

/** What the plugin reports, whatever the CDK makes of it. */
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
  test('fails synthesis for an error, and says what to do', () => {
    policy(hub, 'Long', TOO_LONG);
    CrossAccountEventChecksPlugin.addTo(app);
    const { fails, says } = outcomeOf(app);
    expect(fails).toBe(true);
    expect(says).toContain('CrossAccountEventChecks');
    expect(says).toContain(FindingId.EVENT_BUS_POLICY_SIZE);
    expect(says).toContain('Hub/Long');
    expect(says).toContain("give it as 'eventBusPolicyLimit'");
  });

  test('does not fail synthesis for a warning, which newer releases of the CDK show', () => {
    policy(hub);
    CrossAccountEventChecksPlugin.addTo(app);
    const { fails, says } = outcomeOf(app);
    expect(fails).toBe(false);
    expect(says.includes(FindingId.WILDCARD_PRINCIPAL)).toBe(NEWER);
  });

  test('says nothing of a healthy app', () => {
    policy(hub, 'Named', { ...OPEN, Principal: { AWS: '222222222222' } });
    expect(reportOf(app)).toEqual({ success: true, violations: [] });
  });

  test('annotates nothing', () => {
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

  test('reports the rule, what is wrong, the remedy and where', () => {
    policy(hub);
    const { success, violations } = reportOf(app);
    expect(success).toBe(true);
    expect(violations).toEqual([
      {
        ruleName: 'cdk-cross-account-eventbridge:wildcardPrincipal',
        description: expect.stringMatching(
          /^statement 'Policy' lets callers of every AWS account put events on bus 'orders': [^;]*$/,
        ),
        fix: "name the accounts, or add an 'aws:PrincipalOrgID' condition",
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
  });

  test('reports what is the same in several places as one violation', () => {
    policy(hub);
    policy(testStack('Other', PUBLISHER, app));
    policy(hub, 'Third');
    const { violations } = reportOf(app);
    expect(violations.map((v) => v.violatingResources.length)).toEqual([2, 1]);
  });

  test('reports nested stacks by their own template', () => {
    policy(new NestedStack(hub, 'Nested'));
    const [
      {
        violatingResources: [{ templatePath }],
      },
    ] = reportOf(app).violations;
    expect(templatePath).toMatch(/HubNested\w+\.nested\.template\.json$/);
  });

  test('tells the CDK which rules it has, by their ids', () => {
    const { ruleIds } = new CrossAccountEventChecksPlugin({
      disabledFindings: [{ id: FindingId.EVENT_FORWARDED_TOO_FAR, reason: 'one account' }],
    });
    expect(ruleIds).toEqual(Object.values(FindingId).filter((id) => id !== FindingId.EVENT_FORWARDED_TOO_FAR));
  });

  test('goes by the options of the checks', () => {
    policy(hub, 'Long', TOO_LONG);
    policy(hub, 'Open', { ...OPEN, Resource: OPEN.Resource.replace('orders', 'other') }).eventBusName = 'other';
    const options = {
      policySize: { eventBusPolicyLimit: 20_480 },
      disabledFindings: [{ id: FindingId.WILDCARD_PRINCIPAL, reason: 'a demo' }],
    };
    expect(reportOf(app, app, options)).toEqual({ success: true, violations: [] });
  });

  test('fails synthesis when a check fails: what is not proved is no success', () => {
    testFunction(hub, 'Handler');
    jest.spyOn(wildcards, 'checkWildcardPrincipals').mockImplementation(() => {
      throw new Error('no such thing');
    });
    CrossAccountEventChecksPlugin.addTo(app);
    const { fails, says } = outcomeOf(app);
    expect(fails).toBe(true);
    expect(says).toContain("the check 'wildcardPrincipal' failed, so nothing is proved: no such thing");
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

  test('of an app are judged with it', () => {
    expect(resourcesIn(reportOf(app))).toEqual(found('OfApp', 'OfOuter', 'OfInner'));
  });

  test('that have the plugin to themselves are judged alone', () => {
    expect(resourcesIn(reportOf(app, inner))).toEqual(found('OfInner'));
  });

  test('that are made after the plugin was added are judged too', () => {
    const plugin = CrossAccountEventChecksPlugin.addTo(app);
    const validate = jest.spyOn(plugin, 'validate');
    policy(new Stack(stage(app, 'Late'), 'Stack'), 'OfLate');
    outcomeOf(app);
    expect(resourcesIn(validate.mock.results[0].value)).toContain('wildcardPrincipal OfLate');
  });

  test('are judged each by itself: the same bus name in two of them is two buses', () => {
    const half = { ...TOO_LONG, Condition: { StringEquals: { 'events:source': 'x'.repeat(6000) } } };
    for (const id of ['Beta', 'Prod']) policy(new Stack(stage(app, id), 'Stack'), id, half);
    expect(reportOf(app).success).toBe(true);
  });
});

describe('a plugin that is made by its constructor', () => {
  const plugin = () => new CrossAccountEventChecksPlugin();
  const { Validations } = cdk as unknown as { Validations: { of(app: App): { addPlugins(added: object): void } } };
  const add = (added: CrossAccountEventChecksPlugin) =>
    NEWER ? Validations.of(app).addPlugins(added) : app.policyValidationBeta1.push(added);

  test(NEWER ? 'knows the app from the CDK' : 'fails synthesis where the CDK does not tell it the app', () => {
    policy(hub, 'Long', TOO_LONG);
    add(plugin());
    const { fails, says } = outcomeOf(app);
    expect(fails).toBe(true);
    expect(says).toContain(
      NEWER
        ? FindingId.EVENT_BUS_POLICY_SIZE
        : "CrossAccountEventChecksPlugin: 'app' must be known to the plugin, got 'none'; with this " +
            'aws-cdk-lib use CrossAccountEventChecksPlugin.addTo(app)',
    );
  });

  test('judges the app that the CDK names', () => {
    policy(hub);
    app.synth();
    const context = { templatePaths: [join(app.outdir, 'Hub.template.json')], appConstruct: app };
    expect(resourcesIn(plugin().validate(context))).toEqual(['wildcardPrincipal Policy']);
  });

  test('reports nothing of templates that it is not asked about', () => {
    policy(hub);
    app.synth();
    const context = { templatePaths: [], appConstruct: app };
    expect(plugin().validate(context)).toEqual({ success: true, violations: [] });
  });
});
