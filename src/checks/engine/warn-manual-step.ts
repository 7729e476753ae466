import { Stack, Token } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { deferWarning, isChecked } from './check-runner';
import { FindingText, warningFinding, withNeed } from './finding';
import { reportManualStep } from './manual-step-warning';
import { withOtherApps } from './other-apps';
import { AppIndex } from '../../app-model/app-index';
import { possibleRestApis } from '../../app-model/possible-rest-apis';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { Json, isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { Need, fingerprintOf } from '../../topology/need';
import { FindingId } from '../finding-id';

/**
 * Converts a value to text that can be copied: a string as it is, anything else as JSON. Values that are known only at
 * deployment become `‹…›` placeholders.
 */
export type ToText = (value: unknown) => string;

/** The text of a manual step. */
export interface ManualStepText extends FindingText {
  /** What fails if another app should define the resource and does not; the same as without the step, in most cases. */
  readonly consequence?: string;
}

/** A problem that lasts until another app allows something, such as `the rule is rejected`. */
export function untilAllowed(consequence: string, until: string): Pick<ManualStepText, 'problem' | 'consequence'> {
  return { problem: `${consequence} until ${until}`, consequence };
}

/** A step that must be taken in another app. */
export interface ManualStep {
  readonly id: FindingId;
  /** The ARN of the resource whose policy this app cannot write. It may contain tokens. */
  readonly resource: string;
  /** Returns the text of the warning, and converts the values in it with its argument. */
  readonly describe: (toText: ToText) => ManualStepText;
  /**
   * The ARN of the resource that a key encrypts, if the step is for the key: the checks evaluate the key together with
   * the resource. The ID of a key of another app is generated, so the ARN of the key cannot be compared.
   */
  readonly encryptedResource?: string;
  /** Whether the construct was given the resource itself, whose policy it does not change. @default false */
  readonly isOwned?: boolean;
  /** Whether nothing is to be done, as far as this app and the other apps that it knows determine. */
  readonly isMet?: (app: AppIndex, resource: string) => boolean;
  /** What is needed, as the checks determine it; if not given, the values in the text and `appliesTo`. */
  readonly need?: (app: AppIndex, resource: string) => Need | undefined;
  /** Other values to which an acknowledgement applies. They may contain tokens. */
  readonly appliesTo?: readonly string[];
}

/**
 * Warns of a policy that this app cannot write, on the construct that needs it, and records the warning for the checks.
 * Decided at synthesis, with or without checks: nothing is reported if another app is known to define the resource,
 * because the checks then evaluate its policy.
 */
export function warnManualStep(construct: IConstruct, step: ManualStep): void {
  deferWarning(construct, (readApp) => {
    const app = readApp();
    const resource = resolve(construct, step.resource);
    if (step.isMet?.(app, resource) || isEvaluatedByChecks(app, construct, step, resource)) return;
    const { finding, names } = findingOf(construct, step, step.need?.(app, resource));
    reportManualStep(withOtherApps(app, finding), names);
  });
}

/** Warns immediately, for a construct that knows only at synthesis that a step is needed. */
export function reportNow(construct: IConstruct, step: ManualStep): void {
  const { finding, names } = findingOf(construct, step);
  reportManualStep(finding, names);
}

function findingOf(construct: IConstruct, { id, resource, describe, appliesTo = [] }: ManualStep, need?: Need) {
  const names = new Set<string>();
  const reader = new TemplateReader();
  const text = describe((value) => {
    const resolved = reader.resolve(Stack.of(construct), value);
    for (const name of stringsIn(resolved)) names.add(name);
    return typeof resolved === 'string' ? resolved : JSON.stringify(resolved);
  });
  const { consequence } = text;
  const warning = {
    ...warningFinding(id, construct, text, displayText(resolve(construct, resource))),
    ...(consequence !== undefined && { consequence }),
  };
  if (need) return { finding: withNeed(warning, need), names };
  const content = [...names, ...appliesTo.map((value) => resolve(construct, value))];
  return { finding: { ...warning, fingerprint: fingerprintOf(content) }, names };
}

function resolve(construct: IConstruct, value: string): string {
  return String(new TemplateReader().resolve(Stack.of(construct), value));
}

/**
 * Whether the checks of this app evaluate the policy of the resource, because another app, stage or stack defines it,
 * or because it depends on the account of this stack whether the policy applies.
 */
function isEvaluatedByChecks(
  app: AppIndex,
  construct: IConstruct,
  { isOwned = false, encryptedResource }: ManualStep,
  arn: string,
): boolean {
  const encrypted = encryptedResource === undefined ? undefined : app.resource(resolve(construct, encryptedResource));
  const resource = app.resource(arn) ?? encrypted ?? possibleRestApis(app, arn, construct)[0];
  const isDefined = resource !== undefined;
  if (!isDefined || !isChecked(construct, 'targetAccessDenied')) return false;
  return !isOwned || Token.isUnresolved(Stack.of(construct).account);
}

function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  return isObject(value) ? Object.values(value).flatMap(stringsIn) : [];
}
