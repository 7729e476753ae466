import { parseArn } from '../../../iam/arn';
import { accountOfPartlyKnown, isOfForm, possibleValuesOf, regionOfPartlyKnown } from '../../../iam/chosen-values';
import type { Evaluation } from '../../../iam/evaluate';
import { mayEqualAnyText, splitText, unresolved } from '../../../iam/unresolved-text';

/**
 * Evaluates a call for a rule. If the bus of the rule is a value that is known only at deployment, it is the name of a
 * bus in the account of the rule, or the ARN of a bus in any account. The decision is unknown if only an ARN may be
 * allowed.
 *
 * @param ruleArn the ARN of the rule if the value is a name; undefined if the call has no source
 */
export function evaluateForRule(
  ruleArn: string | undefined,
  evaluateFor: (sourceArn: string | undefined) => Evaluation,
): Evaluation {
  const evaluation = evaluateFor(ruleArn);
  if (ruleArn === undefined || evaluation.decision !== 'denied') return evaluation;
  const arnOnOtherBus = ruleArnOnUnresolvedBus(ruleArn);
  if (arnOnOtherBus === undefined || evaluateFor(arnOnOtherBus).decision === 'denied') return evaluation;
  const unless = 'unless the bus of the rule is in another account, which is known only at deployment';
  return { decision: 'unknown', reason: `${evaluation.reason}, ${unless}` };
}

/** The ARN of the rule if the value that names its bus is an ARN; undefined if the value is certainly a name. */
function ruleArnOnUnresolvedBus(ruleArn: string): string | undefined {
  const { partition, resource = '' } = parseArn(ruleArn) ?? {};
  const [type, bus, ...name] = splitText(resource, '/');
  if (type !== 'rule' || name.length === 0 || !mayBeArn(bus)) return undefined;
  const [region, account] = [regionOfPartlyKnown(bus), accountOfPartlyKnown(bus)];
  return `arn:${partition}:events:${region}:${account}:rule/${unresolved(`name in ${bus}`)}/${name.join('/')}`;
}

/** Whether a text is one value without known form that may be an ARN at deployment. */
function mayBeArn(text: string): boolean {
  const isKnown = isOfForm(text, 'account', 'path') || possibleValuesOf(text) !== undefined;
  return /^‹[^‹›]*›$/.test(text) && mayEqualAnyText(text) && !isKnown;
}
