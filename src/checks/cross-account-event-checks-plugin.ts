import { join, resolve } from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { allChecks, disabledReasons } from './all-checks';
import { Check, findingsIn } from './engine/check-runner';
import { Finding, logicalIdOf, stackOf, describeProblem, messageOf } from './engine/finding';
import { EventCheckOptions } from './event-check-options';
import { FindingId } from './finding-id';
import { AppIndex } from '../app-model/app-index';
import { constructsInAssembly } from '../app-model/assembly';
import { requireOneCdkRelease } from '../core/cdk-copies';
import { validationError } from '../core/validation-error';
import { problem } from '../eventbridge/formats';
import { groupedBy } from '../util/group-by';

/** The name in error messages. */
const CLASS_NAME = 'CrossAccountEventChecksPlugin';

/**
 * All checks of this library as a policy validation plugin of the CDK, with the findings in its validation report.
 *
 * It evaluates the app and its stages after synthesis, by the same rules as `CrossAccountEventChecks.applyTo()`: use
 * one of the two. An error fails the validation. A warning is in the report, which older releases of the CDK show only
 * if something failed. The plugin adds no annotations, so that acknowledging a warning has no effect on it.
 *
 * @example
 * CrossAccountEventChecksPlugin.addTo(app, {
 *   trustedAccounts: ['222222222222'],
 * });
 */
export class CrossAccountEventChecksPlugin implements cdk.IPolicyValidationPluginBeta1 {
  /**
   * Adds the checks to the validation of an app, in the way that the installed release of the CDK supports.
   *
   * @param app The app, or a stage: then only findings within that stage are reported.
   * @param options The quotas, trusted accounts and disabled findings.
   */
  public static addTo(app: cdk.Stage, options: EventCheckOptions = {}): CrossAccountEventChecksPlugin {
    requireOneCdkRelease(app);
    const plugin = new CrossAccountEventChecksPlugin(options);
    plugin.root = app;
    // Newer releases return a copy of the list below, and have `Validations` to add to it.
    const { Validations } = cdk as unknown as NewerCdk;
    if (Validations) Validations.of(app).addPlugins(plugin);
    else app.policyValidationBeta1.push(plugin);
    return plugin;
  }

  /** The name of the plugin in the validation report. */
  public readonly name: string = 'CrossAccountEventChecks';

  /** The version of the plugin. It is not set: the CDK then reports 0.0.0. */
  public readonly version?: string;

  /** The IDs of all findings that are not disabled. */
  public readonly ruleIds?: string[];

  private readonly checks: Check[];
  private readonly disabled: Map<string, string>;
  private root?: IConstruct;

  /**
   * Creates the plugin for `Validations.of(app).addPlugins()`.
   *
   * If the release of the CDK does not have that method, use `addTo()`: only then does the plugin know the app.
   *
   * @param options The quotas, trusted accounts and disabled findings.
   */
  constructor(options: EventCheckOptions = {}) {
    this.disabled = disabledReasons(CLASS_NAME, options.disabledFindings);
    this.checks = allChecks(options);
    this.ruleIds = Object.values(FindingId).filter((id) => !this.disabled.has(id));
  }

  /**
   * Evaluates the templates. Called by the CDK when they are written.
   *
   * An error is thrown if the plugin does not know the app.
   *
   * @param context The templates to evaluate.
   */
  public validate(context: cdk.IPolicyValidationContextBeta1): cdk.PolicyValidationPluginReportBeta1 {
    const { appConstruct: root = this.root } = context as { appConstruct?: IConstruct };
    if (!root) {
      const fix = `call ${CLASS_NAME}.addTo(app), because this release of aws-cdk-lib does not pass the app`;
      throw validationError(CLASS_NAME, `'app' ${problem('be known to the plugin', 'none', fix)}`);
    }
    const findings = this.findings(root, new Set(context.templatePaths.map((path) => resolve(path))));
    return {
      // A check that fails has no findings, which must not look like success.
      success: findings.every(({ level, id }) => level === 'warning' && id !== FindingId.CHECK_FAILED),
      violations: groupByMessage(findings).map(violationOf),
    };
  }

  /** The findings in the stacks that have these templates: in an app with all its stages, or in one stage. */
  private findings(root: IConstruct, templatePaths: Set<string>): Finding[] {
    const assemblies = root.node.findAll().filter((construct) => construct === root || cdk.Stage.isStage(construct));
    const isValidated = (construct: IConstruct) =>
      cdk.Stack.isStack(construct) && templatePaths.has(templateOf(construct));
    return assemblies
      .filter((assembly) => constructsInAssembly(assembly).some(isValidated))
      .flatMap((assembly) => findingsIn(assembly, this.checks, AppIndex.of(assembly)))
      .filter(({ id }) => !this.disabled.has(id));
  }
}

/** The API of newer releases of the CDK that the oldest supported one does not have. */
interface NewerCdk {
  readonly Validations?: { of(scope: IConstruct): { addPlugins(plugin: cdk.IPolicyValidationPluginBeta1): void } };
}

/** Findings with the same text on several constructs are one violation. */
function groupByMessage(findings: Finding[]): Finding[][] {
  return [...groupedBy(findings, (finding) => [finding.id, finding.level, messageOf(finding)].join('\u0000')).values()];
}

function violationOf(findings: Finding[]): cdk.PolicyViolationBeta1 {
  const [finding] = findings;
  const { id, level, fix } = finding;
  return {
    ruleName: id,
    description: describeProblem(finding),
    fix,
    severity: level,
    violatingResources: findings.map(({ construct }) => violatingResource(construct)),
  };
}

function violatingResource(construct: IConstruct): cdk.PolicyViolatingResourceBeta1 {
  const stack = stackOf(construct);
  return {
    resourceLogicalId: cdk.CfnResource.isCfnResource(construct) ? logicalIdOf(construct) : '',
    templatePath: stack ? templateOf(stack) : '',
    locations: [],
  };
}

function templateOf(stack: cdk.Stack): string {
  return resolve(join(cdk.Stage.of(stack)?.outdir ?? '', stack.templateFile));
}
