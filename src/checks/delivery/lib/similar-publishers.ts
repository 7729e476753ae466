import { CrossAccountEvaluation, nounOf, statementsFor } from './authorize';
import { hasPolicyWriter, separateAppOf } from './bus-grants';
import { putEventsCall } from './put-events';
import { isRuleRole, isServiceRole } from './trusted-principals';
import { AppIndex } from '../../../app-model/app-index';
import { Identity, ResourcePolicyStatement } from '../../../app-model/app-model';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { accountOf } from '../../../iam/arn';
import { principalArnsIn } from '../../../iam/principal-arns';
import { displayText, hasUnresolved } from '../../../iam/unresolved-text';
import { isMisspelledCode, isMisspelledName } from '../../../util/similar-names';

/** A statement that allows a role or user that the app does not define, in place of a publisher with a similar ARN. */
export interface MisspelledPublisher {
  readonly statement: ResourcePolicyStatement;
  readonly arn: string;
}

/** Finds a statement of a bus policy that would allow a denied event, if the ARN in it were that of the publisher. */
export function misspelledPublisher(
  app: AppIndex,
  identity: Identity,
  busArn: string,
  denied: CrossAccountEvaluation & { readonly event: EventEnvelope; readonly ruleArn?: string },
): MisspelledPublisher | undefined {
  if (denied.policyType !== 'resource' || denied.explicitDeny || hasUnresolved(identity.arn)) return undefined;
  const options = { byRule: isRuleRole(identity), byService: isServiceRole(identity), ruleArn: denied.ruleArn };
  const call = putEventsCall(busArn, denied.event, { ...options, assumeUnknownMatches: true });
  for (const statement of app.statementsOn(busArn)) {
    for (const { arn } of principalArnsIn(statement.statement)) {
      if (app.roleOrUser(arn) || !isMisspelledArn(arn, identity.arn)) continue;
      const named = { ...identity, arn, account: accountOf(arn) };
      if (statementsFor(app, named, call).includes(statement)) return { statement, arn };
    }
  }
  return undefined;
}

/** Whether two ARNs of roles or users differ by a misspelling, in the account or in the name. */
function isMisspelledArn(unknown: string, defined: string): boolean {
  const [first, second] = [partsOf(unknown), partsOf(defined)];
  if (!first || !second || first.type !== second.type) return false;
  if (first.account === second.account) return isMisspelledName(first.name, second.name);
  return first.name === second.name && isMisspelledCode(first.account, second.account);
}

interface Parts {
  readonly [part: string]: string;
}

/** The parts of an ARN without wildcards. The name includes the path. */
function partsOf(arn: string): Parts | undefined {
  return /^arn:[^:]+:iam::(?<account>\d{12}):(?<type>role|user)\/(?<name>[\w+=,.@/-]+)$/.exec(arn)?.groups;
}

/** Why the publisher is denied, after the problem. */
export function namedInstead({ statement, arn }: MisspelledPublisher, identity: Identity): string {
  const [named, own] = [partsOf(arn)!, partsOf(identity.arn)!];
  const part = named.account === own.account ? 'name' : 'account';
  const difference = `whose ${part} is '${named[part]}' instead of '${own[part]}'`;
  return `statement '${displayText(statement.id)}' of the bus policy allows ${nounOf(identity)} ${arn}, ${difference}`;
}

/** The fix that corrects the ARN or, if another app has the bus, the name of the role in this app. */
export function correctPublisher(app: AppIndex, identity: Identity, { statement, arn }: MisspelledPublisher): string {
  const bus = app.bus(statement.resourceArn)?.construct;
  const other = bus && separateAppOf(app, bus);
  if (other && partsOf(arn)!.account === identity.account) {
    const rename = `change the name of the ${nounOf(identity)} to '${partsOf(arn)!.name}'`;
    return `${rename}, correct the ARN in the statement in ${other.name} to ${identity.arn}`;
  }
  const place = bus && hasPolicyWriter(bus) ? 'allowPublisher()' : 'the statement';
  return `correct the ARN in ${place} to ${identity.arn}`;
}
