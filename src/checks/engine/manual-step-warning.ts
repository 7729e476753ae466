import { Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, annotate, isShown } from './finding';
import { constructsInAssembly } from '../../app-model/assembly';
import { constructState } from '../../core/construct-state';

/** A warning of a construct about a step in another app, and the ARNs and other strings in its message. */
interface ReportedStep {
  readonly finding: Finding;
  readonly names: ReadonlySet<string>;
}

const REPORTED_STEPS = constructState<ReportedStep[]>('manualSteps');

/** Annotates a finding of a construct, and records it for the checks. */
export function reportManualStep(finding: Finding, names: ReadonlySet<string>): void {
  const { construct } = finding;
  const others = (REPORTED_STEPS.get(construct) ?? []).filter((step) => step.finding.problem !== finding.problem);
  REPORTED_STEPS.set(construct, [...others, { finding, names }]);
  annotate(finding);
}

/** Whether a construct, or a parent in its stack, shows a finding of a manual step for a resource. */
export function isAlreadyReported(construct: IConstruct, resourceArn: string): boolean {
  if (Stack.isStack(construct)) return false;
  const steps = (REPORTED_STEPS.get(construct) ?? []).filter(({ names }) => names.has(resourceArn));
  if (steps.some(({ finding }) => isShown(finding))) return true;
  return construct.node.scope !== undefined && isAlreadyReported(construct.node.scope, resourceArn);
}

/** The findings of constructs, and whether they were acknowledged. */
export function constructWarnings(root: IConstruct): (Finding & { acknowledged: boolean })[] {
  return constructsInAssembly(root).flatMap((construct) =>
    (REPORTED_STEPS.get(construct) ?? []).map(({ finding }) => ({ ...finding, acknowledged: !isShown(finding) })),
  );
}
