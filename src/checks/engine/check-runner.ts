import { Annotations, Stage } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, annotate, annotatableScope } from './finding';
import { constructWarnings } from './manual-step-warning';
import { ReportedFinding, writeReport } from './report';
import { AppIndex } from '../../app-model/app-index';
import { assemblyOf } from '../../app-model/assembly';
import { FindingId } from '../finding-id';

const REQUESTS = Symbol.for('cdk-cross-account-eventbridge.judgements');

/** One check. Its name is that of all its aspects: one stage may be checked by another aspect than the app. */
export interface Check {
  readonly name: string;
  readonly findings: (app: AppIndex) => Finding[];
}

/** What becomes of findings. */
export interface ReportOptions {
  /** Why ids are switched off. What has one of them is not annotated, but stands in the report. */
  readonly disabled: ReadonlyMap<string, string>;
  /** Whether all that is found in the app or stage is written to a file. */
  readonly report: boolean;
}

/**
 * Runs checks once over everything that is synthesized together, after all constructs and aspects are through, and
 * annotates what lies within the construct that the aspect was added to.
 *
 * An aspect sees one construct at a time and may be called before another aspect changes the next one. So the visit
 * only asks for a validation, which the CDK runs at the end. One validation serves all aspects of an app or stage, so
 * that it is read once.
 */
export class CheckRunner {
  private readonly visited = new WeakSet<IConstruct>();

  constructor(
    private readonly checks: Check[],
    private readonly reporting: ReportOptions = { disabled: new Map(), report: false },
  ) {}

  /**
   * To be called from `IAspect.visit()`. A construct whose parent is not visited too is one that the aspect was added
   * to.
   */
  public visit(construct: IConstruct): void {
    if (this.visited.has(construct)) return;
    this.visited.add(construct);
    const parent = construct.node.scope;
    if (parent && this.visited.has(parent) && !Stage.isStage(construct)) return;
    this.checkWithin(construct);
  }

  /**
   * Asks for the judgement of what lies within a construct. To visit every construct of an app for that takes longer
   * than some checks.
   */
  public checkWithin(scope: IConstruct): void {
    requestsOf(assemblyOf(scope)).push({ scope, checks: this.checks, reporting: this.reporting });
  }
}

/** Checks that were asked for, the construct whose findings are wanted, and what becomes of them. */
interface CheckRequest {
  readonly scope: IConstruct;
  readonly checks: Check[];
  readonly reporting: ReportOptions;
}

/** What a construct has to refuse, once all of the app is there, and what it warns of. */
export type SynthRefusal = (app: AppIndex) => { readonly problems: string[]; readonly warnings: Finding[] };

const REFUSALS = Symbol.for('cdk-cross-account-eventbridge.refusals');

type WithRefusals = IConstruct & { [REFUSALS]?: { construct: IConstruct; refusals: SynthRefusal }[] };

/** Has a construct refuse what only the whole app tells, whoever asks for checks. What it refuses fails synthesis. */
export function refuseAtSynthesis(construct: IConstruct, refusals: SynthRefusal): void {
  const assembly = assemblyOf(construct) as WithRefusals;
  if (!assembly[REFUSALS]) Object.defineProperty(assembly, REFUSALS, { value: [] });
  assembly[REFUSALS]!.push({ construct, refusals });
  requestsOf(assembly);
}

/** Whether a check of that name was asked for of a construct: it tells then, and by its own options. */
export function isChecked(construct: IConstruct, name: string): boolean {
  const { [REQUESTS]: judgements = [] } = assemblyOf(construct) as { [REQUESTS]?: CheckRequest[] };
  return judgements.some(
    ({ scope, checks }) => isWithin(construct, scope) && checks.some((check) => check.name === name),
  );
}

function refused(assembly: WithRefusals, app: AppIndex, judgements: CheckRequest[]): string[] {
  return (assembly[REFUSALS] ?? []).flatMap(({ construct, refusals }) => {
    const { problems, warnings } = refusals(app);
    // What the user has checked is told by the check, or switched off.
    if (!judgements.some(({ scope }) => isWithin(construct, scope))) warnings.forEach(annotate);
    return problems.map((problem) => `${construct.node.path}: ${problem}`);
  });
}

/** What was asked for in one app or stage, which is judged when it is validated. */
function requestsOf(assembly: IConstruct & { [REQUESTS]?: CheckRequest[] }): CheckRequest[] {
  if (!assembly[REQUESTS]) {
    Object.defineProperty(assembly, REQUESTS, { value: [] });
    assembly.node.addValidation({ validate: () => runChecks(assembly, assembly[REQUESTS]!) });
  }
  return assembly[REQUESTS]!;
}

function runChecks(assembly: IConstruct, judgements: CheckRequest[]): string[] {
  const app = AppIndex.of(assembly);
  // Before the checks add to it; and only for those who want to know, since it looks at every construct.
  const said = judgements.some(({ reporting }) => reporting.report || reporting.disabled.size > 0)
    ? constructWarnings(assembly)
    : [];
  const found = judgements.flatMap(({ scope, checks, reporting }) =>
    findingsIn(scope, checks, app).map((f) => report(f, reporting)),
  );
  const reported = [...found, ...said.map((f) => reportConstructWarnings(f, judgements))];
  if (judgements.some(({ reporting }) => reporting.report)) {
    writeReport(assembly, judgements.flatMap(namesOf), reported);
  }
  return [...refused(assembly, app, judgements), ...uncheckedStages(app.model.stages, judgements)];
}

function report(finding: Finding, { disabled }: ReportOptions): ReportedFinding {
  const reason = disabled.get(finding.id);
  return reason === undefined ? { ...finding, acknowledged: !annotate(finding) } : { ...finding, disabled: reason };
}

/** What is annotated already is taken back if anybody has it switched off there. */
function reportConstructWarnings(finding: ReportedFinding, judgements: CheckRequest[]): ReportedFinding {
  const around = judgements.filter(({ scope }) => isWithin(finding.construct, scope));
  const disabled = around
    .map(({ reporting }) => reporting.disabled.get(finding.id))
    .find((reason) => reason !== undefined);
  if (disabled !== undefined) Annotations.of(finding.construct).acknowledgeWarning(finding.id, disabled);
  return disabled === undefined ? finding : { ...finding, acknowledged: undefined, disabled };
}

/** What checks find in a construct of a app. */
export function findingsIn(scope: IConstruct, checks: Check[], app: AppIndex): Finding[] {
  return checks.flatMap((check) => run(check, app, scope)).filter((finding) => isWithin(finding.construct, scope));
}

/** A check that fails has found nothing, which must not look like approval. */
function run(check: Check, app: AppIndex, scope: IConstruct): Finding[] {
  try {
    return check.findings(app);
  } catch (e) {
    const problem = `the check '${check.name}' failed, so nothing is proved: ${(e as Error).message.split('\n')[0]}`;
    const construct = annotatableScope(scope);
    return [{ id: FindingId.CHECK_FAILED, level: 'warning', construct, problem, fix: 'please report it' }];
  }
}

/** Stages below that were synthesized without one of the checks that their scope was to have. */
function uncheckedStages(stages: Stage[], judgements: CheckRequest[]): string[] {
  const bare = stages.filter((stage) => {
    const there = new Set(requestsOf(stage).flatMap(namesOf));
    return judgements.some(
      ({ scope, checks }) => isWithin(stage, scope) && checks.some(({ name }) => !there.has(name)),
    );
  });
  return bare.map(
    ({ node }) =>
      `stage '${node.path}' is not checked, because the CDK synthesizes stages by themselves; add ` +
      'the checks to the stage too, before pipeline.addStage()',
  );
}

function namesOf({ checks }: CheckRequest): string[] {
  return checks.map(({ name }) => name);
}

function isWithin(construct: IConstruct, scope: IConstruct): boolean {
  return construct.node.scopes.includes(scope);
}
