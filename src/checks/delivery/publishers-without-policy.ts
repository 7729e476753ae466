import { putsEventsOn } from './lib/publisher-resources';
import { allowedBusArns, allowsPutEvents, authorizePutEvents } from './lib/put-events';
import { isRuleRole } from './lib/trusted-principals';
import * as messages from './publishers-without-policy.messages';
import { AppIndex } from '../../app-model/app-index';
import { Identity, ResourcePolicyStatement } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { entriesOf } from '../../iam/conditions';
import { principalArnsIn } from '../../iam/principal-arns';
import { Json, isObject, toList, accountOfRoot } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { memoize } from '../../util/memoize';
import { Finding, errorFinding, warningFinding } from '../engine/finding';
import { isAlreadyReported } from '../engine/manual-step-warning';
import { FindingId } from '../finding-id';

/**
 * Reports roles and users of the app that a bus policy names, but whose identity-based policies do not allow
 * `events:PutEvents` on the bus.
 *
 * Blind spots: publishers that are allowed as members of an account or organization, and ARNs with wildcards.
 */
export function checkPublishersWithoutPolicy(app: AppIndex): Finding[] {
  const findings: Finding[] = [];
  for (const statement of putEventsStatements(app)) {
    for (const { arn, isPrincipal } of principalArnsIn(statement.statement)) {
      const identity = app.roleOrUser(arn);
      if (!identity) continue;
      // Within an account, the bus policy is enough if it has the ARN as its principal.
      if (isPrincipal && accountOf(statement.resourceArn) === identity.account) continue;
      // A publisher that has the bus in its policies is checked with them.
      if (allowedBusArns(identity, app.model.eventBuses).includes(statement.resourceArn)) continue;
      // So is one with which a schedule or another resource puts events on the bus.
      if (putsEventsOn(app, statement.resourceArn, ({ roleArn }) => roleArn === identity.arn)) continue;
      findings.push(...checkIdentity(app, statement, identity));
    }
  }
  return findings;
}

function putEventsStatements({ model }: AppIndex): ResourcePolicyStatement[] {
  return model.eventBusStatements.filter(({ statement }) => allowsPutEvents(statement));
}

function checkIdentity(app: AppIndex, statement: ResourcePolicyStatement, identity: Identity): Finding[] {
  const { construct, resourceArn } = statement;
  if (isAlreadyReported(construct, identity.arn)) return [];
  const evaluations = [true, false].map((byRule) =>
    authorizePutEvents(app, identity, resourceArn, {}, { byRule, assumeUnknownMatches: true }),
  );
  const isDenied = evaluations.every(({ decision, policyType }) => decision === 'denied' && policyType === 'identity');
  if (!isDenied) return [];
  const other = app.otherAppOf(identity.construct);
  const text = messages.identityPolicyMissing(identity, statement, evaluations[0], other?.name);
  return [errorFinding(FindingId.PUBLISHER_IDENTITY_POLICY_MISSING, construct, text, displayText(identity.arn))];
}

/**
 * Reports accounts that a bus policy allows and in which the app defines roles or users, none of which is allowed
 * `events:PutEvents` on the bus.
 *
 * Blind spots: publishers of other apps, for which the account may be allowed.
 */
export function accountsWithoutPublisher(app: AppIndex): Finding[] {
  const identities = [...app.model.users, ...app.model.roles];
  const accounts = accountsOfPublishers(identities);
  const isPublished = memoize((busArn: string) => identities.some((identity) => mayPublish(app, identity, busArn)));
  const findings: Finding[] = [];
  for (const statement of putEventsStatements(app)) {
    const { construct, resourceArn } = statement;
    for (const account of allowedAccounts(statement.statement)) {
      if (account === accountOf(resourceArn) || !accounts.has(account) || isPublished(resourceArn)) continue;
      if (putsEventsOn(app, resourceArn, (publisher) => publisher.account === account)) continue;
      const text = messages.publisherMissing(statement, account);
      findings.push(
        warningFinding(FindingId.PUBLISHER_IDENTITY_POLICY_MISSING, construct, text, displayText(resourceArn)),
      );
    }
  }
  return findings;
}

/** The accounts in which the app defines a role or user other than roles for rules. */
function accountsOfPublishers(identities: Identity[]): Set<string> {
  const accounts = new Set<string>();
  for (const identity of identities) {
    if (!accounts.has(identity.account) && !isRuleRole(identity)) accounts.add(identity.account);
  }
  return accounts;
}

function mayPublish(app: AppIndex, identity: Identity, busArn: string): boolean {
  const { decision, policyType } = authorizePutEvents(app, identity, busArn, {}, { assumeUnknownMatches: true });
  return decision !== 'denied' || policyType === 'resource' || identity.statements.some(allowsPutEvents);
}

/** The accounts that a statement allows as a whole, also for calls that no rule or service makes for a resource. */
function allowedAccounts(statement: Json): string[] {
  const { Principal, Condition } = isObject(statement) ? statement : {};
  const isRestricted = entriesOf(Condition).some(({ key }) =>
    /^(aws:principalarn|aws:source(arn|account|orgid|orgpaths)|events:eventbusinvocation)$/i.test(key),
  );
  if (isRestricted || !isObject(Principal)) return [];
  return toList(Principal.AWS)
    .map(accountOfRoot)
    .filter((account) => account !== undefined);
}
