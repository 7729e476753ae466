import { CrossAccountEvaluation, withPolicyName } from './lib/authorize';
import { forEvents } from './lib/events';
import { SERVICE_OF } from './lib/publisher-resources';
import { remedyFor } from './lib/remedies';
import { PublisherResource, PutEventsEntry, Role } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { Evaluation } from '../../iam/evaluate';
import { displayText } from '../../iam/unresolved-text';
import { FindingText } from '../engine/finding';
import { BUS } from '../engine/target-kinds';

/** The texts of findings about resources whose service puts events. */

export function trustDenied(publisher: PublisherResource, { construct }: Role, evaluation: Evaluation): FindingText {
  const service = SERVICE_OF[publisher.kind];
  const allow = `allow ${service} to assume the role${ifSourceIsRestricted(publisher)}`;
  return {
    problem: `${service} is not allowed to assume role '${construct.node.path}' for ${nameOf(publisher)}`,
    reason: `in the trust policy, ${displayText(evaluation.reason)}`,
    fix: remedyFor(evaluation, 'service', allow),
  };
}

function ifSourceIsRestricted({ sourceArn }: PublisherResource): string {
  if (sourceArn === undefined) return '';
  const [account, arn] = [accountOf(sourceArn), sourceArn].map(displayText);
  return `, with 'aws:SourceAccount' ${account} and 'aws:SourceArn' ${arn} if conditions restrict the source`;
}

export function permissionMissing(
  publisher: PublisherResource,
  { construct }: Role,
  { busArn, event }: PutEventsEntry,
  denied: CrossAccountEvaluation,
): FindingText {
  const bus = busArn === undefined ? 'any bus' : `bus ${displayText(busArn)}`;
  const onBus = busArn === undefined ? 'the bus' : displayText(busArn);
  return {
    problem:
      `role '${construct.node.path}' of ${nameOf(publisher)} is not allowed to call ${BUS.action} on ${bus}` +
      forEvents([event]),
    reason: displayText(withPolicyName(denied, busArn ?? '').reason),
    fix: remedyFor(denied, 'principal', `allow the role ${BUS.action} on ${onBus}${forEvents([event])}`),
  };
}

/** A publisher in messages, such as `schedule 'Shop/Nightly'`. */
export function nameOf({ kind, construct }: PublisherResource): string {
  return `${kind} '${construct.node.path}'`;
}
