import { AppResource, Key } from '../../app-model/app-model';
import { displayText } from '../../iam/unresolved-text';
import { Finding, FindingText, errorFinding, warningFinding } from '../engine/finding';
import { isAlreadyReported } from '../engine/manual-step-warning';
import { FindingId } from '../finding-id';
import { CrossAccountEvaluation } from './lib/authorize';
import { PrincipalKind, explainUnknown, remedyFor } from './lib/remedies';

/** Why a principal needs a key. */
export interface KeyPurpose {
  /** The resource that is encrypted with the key. */
  readonly resourceArn: string;
  /** How messages name what the key is for: `bus 'orders'`. */
  readonly description: string;
  /** How messages name the principal. */
  readonly principal: string;
  readonly principalKind: PrincipalKind;
  /** The fix if no statement allows the principal. */
  readonly grant: string;
}

/** The decision on one action on a key. */
export interface KeyEvaluation extends CrossAccountEvaluation {
  readonly action: string;
}

/** One finding for all actions that are denied, or for the first one that is unknown. */
export function keyAccessFindings(key: Key, purpose: KeyPurpose, evaluations: KeyEvaluation[]): Finding[] {
  const { construct } = key;
  const resource = displayText(purpose.resourceArn);
  if (key.isDisabled) {
    return [errorFinding(FindingId.KMS_KEY_ACCESS_DENIED, construct, disabledKey(key, purpose), resource)];
  }
  const denied = evaluations.filter(({ decision }) => decision === 'denied');
  if (denied.length > 0) {
    return [errorFinding(FindingId.KMS_KEY_ACCESS_DENIED, construct, accessDenied(key, purpose, denied), resource)];
  }
  const unknown = evaluations.find(({ decision }) => decision === 'unknown');
  if (!unknown || isAlreadyReported(construct, key.arn)) return [];
  return [warningFinding(FindingId.DELIVERY_UNVERIFIED, construct, unknownAccess(key, purpose, unknown), resource)];
}

function disabledKey({ construct }: Key, { principal, description }: KeyPurpose): FindingText {
  return {
    problem: `${principal} cannot use key '${construct.node.path}' of ${description}`,
    reason: "its property 'Enabled' is false",
    fix: 'enable the key, or use another one',
  };
}

function accessDenied(key: AppResource, purpose: KeyPurpose, denied: KeyEvaluation[]): FindingText {
  const { principal, principalKind, description, grant } = purpose;
  const actions = denied.map(({ action }) => action).join(' and ');
  return {
    problem: `${principal} is not allowed to call ${actions} on key '${key.construct.node.path}' of ${description}`,
    reason: displayText(denied[0].reason),
    fix: remedyFor(denied[0], principalKind, grant),
  };
}

function unknownAccess(key: AppResource, purpose: KeyPurpose, unknown: KeyEvaluation): FindingText {
  const problem =
    `cannot determine at synthesis whether ${purpose.principal} is allowed to call ${unknown.action} ` +
    `on key '${key.construct.node.path}' of ${purpose.description}`;
  return { problem, ...explainUnknown(unknown) };
}
