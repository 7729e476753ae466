import { CrossAccountEvaluation, nounOf, withPolicyName } from './lib/authorize';
import { Identity, ResourcePolicyStatement } from '../../app-model/app-model';
import { displayText } from '../../iam/unresolved-text';
import { FindingText } from '../engine/finding';
import { BUS } from '../engine/target-kinds';

/** The texts of findings about publishers without an identity-based policy. */

export function identityPolicyMissing(
  identity: Identity,
  { id, resourceArn }: ResourcePolicyStatement,
  denied: CrossAccountEvaluation,
  otherApp?: string,
): FindingText {
  const noun = nounOf(identity);
  return {
    problem:
      `'${identity.construct.node.path}' (${displayText(identity.arn)}) is not allowed to call ${BUS.action} on bus ` +
      `${displayText(resourceArn)}, although statement '${displayText(id)}' of the bus policy allows it`,
    reason: displayText(withPolicyName(denied, resourceArn, noun).reason),
    fix:
      `${otherApp ? `in ${otherApp}, ` : ''}allow the ${noun} ${BUS.action} on ${displayText(resourceArn)}, because ` +
      'cross-account access requires an identity-based policy and a resource-based policy',
  };
}

export function publisherMissing({ id, resourceArn }: ResourcePolicyStatement, account: string): FindingText {
  return {
    problem:
      `no role or user of this app in account ${account} is allowed to call ${BUS.action} on bus ` +
      `${displayText(resourceArn)}, although statement '${displayText(id)}' of the bus policy allows the account`,
    reason: 'cross-account access also requires an identity-based policy of the publisher',
    fix:
      `use a PublisherRole, or allow the publisher ${BUS.action} on ${displayText(resourceArn)}, or acknowledge this ` +
      'warning if the publisher is defined in another app',
  };
}
