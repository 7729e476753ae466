import { Annotations, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, FindingText, isAcknowledged, isShown, messageOf, warningFinding } from './finding';
import { constructsInAssembly } from '../../app-model/assembly';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { constructState } from '../../core/construct-state';
import { Json, isObject } from '../../iam/statement';
import { FindingId } from '../finding-id';

/**
 * Converts a value to text that can be copied: a string as it is, anything else as JSON. Values that are known only at
 * deployment become `‹…›` placeholders.
 */
export type ToText = (value: unknown) => string;

/** A step that must be taken in another app, of which a construct warned. */
interface ManualStep extends FindingText {
  readonly id: FindingId;
  /** The ARNs and other strings in the message. */
  readonly names: ReadonlySet<string>;
}

const MANUAL_STEPS = constructState<ManualStep[]>('manualSteps');

/**
 * Warns of a policy that this app cannot write, on the construct that needs it, and records the warning for the checks.
 *
 * @param describe returns the text of the warning, and converts the values in it with its argument
 */
export function warnManualStep(construct: IConstruct, id: FindingId, describe: (toText: ToText) => FindingText): void {
  const reader = new TemplateReader();
  const names = new Set<string>();
  const description = describe((value) => {
    const resolved = reader.resolve(Stack.of(construct), value);
    for (const name of stringsIn(resolved)) names.add(name);
    return typeof resolved === 'string' ? resolved : JSON.stringify(resolved);
  });
  MANUAL_STEPS.getOrCreate(construct, () => []).push({ id, ...description, names });
  if (!isAcknowledged(construct, id)) Annotations.of(construct).addWarningV2(id, messageOf(description));
}

function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}

/** Whether a construct, or a parent in its stack, shows a warning of a manual step for a resource. */
export function isAlreadyReported(construct: IConstruct, resourceArn: string): boolean {
  if (Stack.isStack(construct)) return false;
  const steps = (MANUAL_STEPS.get(construct) ?? []).filter(({ names }) => names.has(resourceArn));
  if (steps.some((step) => isShown(construct, step.id, messageOf(step)))) return true;
  return construct.node.scope !== undefined && isAlreadyReported(construct.node.scope, resourceArn);
}

/**
 * The warnings of constructs, and whether they were acknowledged.
 *
 * Blind spot: warnings that a construct adds in a validation of its own, which runs after the validation of the app.
 */
export function constructWarnings(root: IConstruct): (Finding & { acknowledged: boolean })[] {
  return constructsInAssembly(root).flatMap((construct) =>
    (MANUAL_STEPS.get(construct) ?? []).map(({ id, problem, reason, fix }) => ({
      ...warningFinding(id, construct, { problem, reason, fix }),
      acknowledged: !isShown(construct, id, messageOf({ problem, reason, fix })),
    })),
  );
}
