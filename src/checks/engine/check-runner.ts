import { Annotations, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Check, CheckRequest, ReportOptions, checkNames, isWithin } from './check-request';
import { Finding, annotatableScope, annotate, annotationId, needsOf, warningFinding } from './finding';
import { constructWarnings, isAlreadyReported } from './manual-step-warning';
import { onOwnResource, withOtherApps } from './other-apps';
import { ReportedFinding, writeAssemblyFile, writeReport, writeTopology } from './report';
import { AppIndex } from '../../app-model/app-index';
import { assemblyOf, walkAssembly } from '../../app-model/assembly';
import { referencedStages } from '../../app-model/other-stages';
import { requireOneCdkRelease } from '../../core/cdk-copies';
import { constructState } from '../../core/construct-state';
import { addValidation } from '../../core/validation-error';
import { Need } from '../../topology/need';
import { once } from '../../util/memoize';
import { FindingId } from '../finding-id';

export type { Check, ReportOptions } from './check-request';

/**
 * Runs checks once over an app or stage, after all constructs and aspects have finished, and annotates the findings
 * within the construct that the aspect was added to.
 *
 * An aspect visits one construct at a time, possibly before another aspect changes the next one. Therefore the visit
 * only adds a validation, which the CDK runs at the end. All aspects of an app or stage share one validation, so that
 * the app is read once.
 */
export class CheckRunner {
  private readonly visited = new WeakSet<IConstruct>();

  constructor(
    private readonly checks: Check[],
    private readonly reporting: ReportOptions = { disabled: new Map(), report: false },
  ) {}

  /** Called from `IAspect.visit()`. The aspect was added to a construct if it does not visit the construct's parent. */
  public visit(construct: IConstruct): void {
    if (this.visited.has(construct)) return;
    this.visited.add(construct);
    const parent = construct.node.scope;
    if (parent && this.visited.has(parent) && !Stage.isStage(construct)) return;
    this.checkWithin(construct);
  }

  /** Requests the checks for everything within a construct, without a visit of each construct, which takes longer. */
  public checkWithin(scope: IConstruct): void {
    requireOneCdkRelease(scope);
    requestsOf(assemblyOf(scope)).push({ scope, checks: this.checks, reporting: this.reporting });
  }
}

const REQUESTS = constructState<CheckRequest[]>('checkRequests');

/** Validates a construct against the whole app. Problems fail synthesis, warnings are annotated. */
export type SynthesisValidation = (app: AppIndex) => { readonly problems: string[]; readonly warnings: Finding[] };

interface AddedValidation {
  readonly construct: IConstruct;
  readonly validate: SynthesisValidation;
}

const VALIDATIONS = constructState<AddedValidation[]>('synthesisValidations');

/** Adds a validation to a construct that runs when the app is synthesized, with or without checks. */
export function addSynthesisValidation(construct: IConstruct, validate: SynthesisValidation): void {
  const assembly = assemblyOf(construct);
  VALIDATIONS.getOrCreate(assembly, () => []).push({ construct, validate });
  requestsOf(assembly);
}

const DEFERRED_WARNINGS = constructState<((readApp: () => AppIndex) => void)[]>('deferredWarnings');

/**
 * Decides at synthesis whether a construct warns, with or without checks. The decision precedes the checks, which do
 * not repeat the warning.
 *
 * @param warn adds the warning if it applies; the app is read only if `readApp` is called
 */
export function deferWarning(construct: IConstruct, warn: (readApp: () => AppIndex) => void): void {
  const assembly = assemblyOf(construct);
  DEFERRED_WARNINGS.getOrCreate(assembly, () => []).push(warn);
  requestsOf(assembly);
}

/** Whether a check of that name runs on a construct: the check then reports, with its own options. */
export function isChecked(construct: IConstruct, name: string): boolean {
  const requests = REQUESTS.get(assemblyOf(construct)) ?? [];
  return requests.some((request) => isWithin(construct, request.scope) && checkNames(request).includes(name));
}

/** The requests of one app or stage. The first one adds the validation that runs all of them. */
function requestsOf(assembly: IConstruct): CheckRequest[] {
  return REQUESTS.getOrCreate(assembly, () => {
    const requests: CheckRequest[] = [];
    addValidation(assembly, () => runChecks(assembly, requests));
    return requests;
  });
}

/** Runs the checks of an app or stage. Returns what fails synthesis. */
function runChecks(assembly: IConstruct, requests: CheckRequest[]): string[] {
  const readApp = once(() => appOf(assembly, requests));
  for (const warn of DEFERRED_WARNINGS.get(assembly) ?? []) warn(readApp);
  // Read before the checks add annotations, and only if needed, because this visits every construct.
  const files = new Set(requests.flatMap(({ reporting }) => reporting.files ?? []));
  const needsWarnings =
    files.size > 0 || requests.some(({ reporting }) => reporting.report || reporting.disabled.size > 0);
  const warnings = needsWarnings ? constructWarnings(assembly) : [];
  const reported = [
    ...requests.flatMap((request) => runRequest(request, readApp())),
    ...warnings.map((warning) => reportConstructWarning(warning, requests)),
  ];
  if (requests.some(({ reporting }) => reporting.report)) {
    writeReport(assembly, requests.flatMap(checkNames), reported);
  }
  for (const file of files) writeAssemblyFile(file, { scope: assembly, app: readApp(), findings: reported });
  if (requests.some(({ reporting }) => reporting.topology)) writeTopology(assembly, neededBy(assembly, requests));
  const failures = runValidations(assembly, readApp, requests);
  return requests.length === 0 ? failures : [...failures, ...uncheckedStages(readApp().model.stages, requests)];
}

/** What an app or stage needs of others, also where another app is known to allow it. */
function neededBy(assembly: IConstruct, requests: readonly CheckRequest[]): Need[] {
  const byName = new Map(requests.flatMap((request) => request.checks).map((check) => [check.name, check]));
  const checks = [...byName.values()];
  return needsOf([...findingsIn(assembly, checks, AppIndex.of(assembly)), ...constructWarnings(assembly)]);
}

/** The app or stage with the other apps and stages that its resources refer to. */
function appOf(assembly: IConstruct, requests: readonly CheckRequest[]): AppIndex {
  const contents = walkAssembly(assembly);
  // Files such as the page show the other apps entirely.
  const entirely = requests.some(({ reporting: { files = [] } }) => files.length > 0);
  const all = requests.flatMap(({ reporting }) => reporting.otherApps?.(contents, { entirely }) ?? []);
  const otherApps = [...new Set(all)];
  const app = AppIndex.of(assembly, otherApps, contents);
  const stages = referencedStages(app);
  return stages.length === 0 ? app : AppIndex.of(assembly, [...otherApps, ...stages], contents);
}

function runRequest({ scope, checks, reporting }: CheckRequest, app: AppIndex): ReportedFinding[] {
  return findingsIn(scope, checks, app).map((finding) => reportFinding(finding, reporting));
}

function reportFinding(finding: Finding, { disabled }: ReportOptions): ReportedFinding {
  const reason = disabled.get(finding.id);
  return reason === undefined ? { ...finding, acknowledged: !annotate(finding) } : { ...finding, disabled: reason };
}

/** A construct has already annotated its warning. If the warning is disabled, the annotation is removed. */
function reportConstructWarning(warning: ReportedFinding, requests: CheckRequest[]): ReportedFinding {
  const { id, construct } = warning;
  const within = requests.filter(({ scope }) => isWithin(construct, scope));
  const disabled = within.find(({ reporting }) => reporting.disabled.has(id))?.reporting.disabled.get(id);
  if (disabled === undefined) return warning;
  if (warning.level === 'warning') Annotations.of(construct).acknowledgeWarning(annotationId(warning), disabled);
  return { ...warning, acknowledged: false, disabled };
}

/** The findings of checks within a construct. */
export function findingsIn(scope: IConstruct, checks: Check[], app: AppIndex): Finding[] {
  const isOwn = (construct: IConstruct) => isWithin(construct, scope);
  const names = new Set(checks.map(({ name }) => name));
  return checks
    .flatMap((check) => runCheck(check, app, scope, names))
    .flatMap((finding) =>
      isOwn(finding.construct) ? [withOtherApps(app, finding)] : onOwnResource(app, finding, isOwn),
    )
    .filter((finding) => !isMissingBusReported(finding));
}

/** Whether a construct reports the bus that an app should define. */
function isMissingBusReported({ id, level, construct, resource = '' }: Finding): boolean {
  return level === 'error' && id === FindingId.EVENT_BUS_NOT_FOUND && isAlreadyReported(construct, resource);
}

/** A check that fails has no findings, which must not look like success. */
function runCheck(check: Check, app: AppIndex, scope: IConstruct, together: ReadonlySet<string>): Finding[] {
  try {
    return check.findings(app, together);
  } catch (error) {
    const text = {
      problem: `check '${check.name}' failed, so its findings are unknown`,
      reason: String((error as Error).message).split('\n')[0] || undefined,
      fix: 'report the error to the maintainers of cdk-cross-account-eventbridge',
    };
    return [warningFinding(FindingId.CHECK_FAILED, annotatableScope(scope), text)];
  }
}

function runValidations(assembly: IConstruct, readApp: () => AppIndex, requests: CheckRequest[]): string[] {
  const failures: string[] = [];
  for (const { construct, validate } of VALIDATIONS.get(assembly) ?? []) {
    const { problems, warnings } = validate(readApp());
    // Where checks run, they report the same warnings, unless they are disabled.
    if (!requests.some(({ scope }) => isWithin(construct, scope))) warnings.forEach(annotate);
    failures.push(...problems.map((problem) => `${construct.node.path}: ${problem}`));
  }
  return failures;
}

/** Errors for stages that were synthesized without a check that was requested for a parent. */
function uncheckedStages(stages: Stage[], requests: CheckRequest[]): string[] {
  return stages
    .filter((stage) => isMissingChecks(stage, requests))
    .map(
      ({ node }) =>
        `stage '${node.path}' is not checked, because the CDK synthesizes each stage separately; ` +
        'add the checks to the stage too, before pipeline.addStage()',
    );
}

function isMissingChecks(stage: Stage, requests: CheckRequest[]): boolean {
  const names = new Set(requestsOf(stage).flatMap(checkNames));
  return requests.some(({ scope, checks }) => isWithin(stage, scope) && checks.some(({ name }) => !names.has(name)));
}
