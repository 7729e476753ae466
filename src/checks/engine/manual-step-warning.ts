import { Annotations, Stack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { Finding, FindingText, isShown, messageOf } from './finding';
import { constructsInAssembly } from '../../app-model/assembly';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { Json, isObject } from '../../iam/statement';
import { FindingId } from '../finding-id';

/**
 * A value as text that can be pasted: a text as it is, anything else as JSON. What only deployment tells stands as
 * `‹…›`.
 */
export type ToText = (value: unknown) => string;

/** What somebody must do in another app, of which a construct warned. */
interface ManualStep extends FindingText {
  readonly id: FindingId;
  /** The ARNs and other values that the message names. */
  readonly names: ReadonlySet<string>;
}

const MANUAL_STEPS = Symbol.for('cdk-cross-account-eventbridge.manualSteps');

type WithManualSteps = IConstruct & { [MANUAL_STEPS]?: ManualStep[] };

/**
 * Warns of a policy that this app cannot write, on the construct that does not work without it, and keeps a record of
 * that for the checks.
 *
 * @param say what is wrong and what to do, made with the means to write values out
 */
export function warnManualStep(construct: WithManualSteps, id: FindingId, say: (text: ToText) => FindingText): void {
  const reader = new TemplateReader();
  const names = new Set<string>();
  const text = (value: unknown) => {
    const read = reader.resolve(Stack.of(construct), value);
    for (const one of textsIn(read)) names.add(one);
    return typeof read === 'string' ? read : JSON.stringify(read);
  };
  const said = say(text);
  if (!construct[MANUAL_STEPS]) Object.defineProperty(construct, MANUAL_STEPS, { value: [] });
  construct[MANUAL_STEPS]!.push({ id, ...said, names });
  Annotations.of(construct).addWarningV2(id, messageOf(said));
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

/** Whether a construct, or one around it in its stack, warns of what must be done about a resource, and is heard. */
export function isAlreadyReported(construct: WithManualSteps, resourceArn: string): boolean {
  if (Stack.isStack(construct)) return false;
  const steps = (construct[MANUAL_STEPS] ?? []).filter(({ names }) => names.has(resourceArn));
  if (steps.some((step) => isShown(construct, step.id, messageOf(step)))) return true;
  return construct.node.scope !== undefined && isAlreadyReported(construct.node.scope, resourceArn);
}

/**
 * What constructs warned of, and whether that is shown: it is not where somebody acknowledged it.
 *
 * Blind spot: what a construct says in a validation of its own, which comes after that of the app.
 */
export function constructWarnings(root: IConstruct): (Finding & { acknowledged: boolean })[] {
  return constructsInAssembly(root).flatMap((construct: WithManualSteps) =>
    (construct[MANUAL_STEPS] ?? []).map(({ names: _, ...step }) => {
      const acknowledged = !isShown(construct, step.id, messageOf(step));
      return { ...step, level: 'warning', construct, acknowledged };
    }),
  );
}
