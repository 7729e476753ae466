import { isAlreadyReported } from '../engine/manual-step-warning';
import { busesOf, allowsPutEvents, authorizePutEvents, isRuleRole } from './lib/put-events';
import { AppIndex } from '../../app-model/app-index';
import { Identity, ResourcePolicyStatement } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { entriesOf } from '../../iam/conditions';
import { Json, isObject, toList, accountOfRoot } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { Finding } from '../engine/finding';
import { FindingId } from '../finding-id';

/**
 * Roles and users of the app that a bus policy names, but whose own policies do not let them put events on that bus.
 *
 * Blind spots: callers that are let in as members of an account or organization; names with wildcards.
 */
export function checkPublishersWithoutPolicy(app: AppIndex): Finding[] {
  return app.model.eventBusStatements
    .filter(({ statement }) => allowsPutEvents(statement))
    .flatMap((statement) =>
      namedPrincipals(statement.statement).flatMap(({ arn, asPrincipal }) => {
        const identity = app.roleOrUser(arn);
        const inAccount =
          asPrincipal && identity !== undefined && accountOf(statement.resourceArn) === identity.account;
        // One that has the bus in its policies is judged with these.
        return !identity || inAccount || busesOf(identity, app.model.eventBuses).includes(statement.resourceArn)
          ? []
          : checkStatement(app, statement, identity);
      }),
    );
}

function checkStatement(
  app: AppIndex,
  { construct, resourceArn, id }: ResourcePolicyStatement,
  identity: Identity,
): Finding[] {
  const answers = [true, false].map((byRule) =>
    authorizePutEvents(app, identity, resourceArn, {}, { byRule, assumeUnknownMatches: true }),
  );
  if (
    isAlreadyReported(construct, identity.arn) ||
    !answers.every(({ decision, policyType }) => decision === 'denied' && policyType === 'identity')
  ) {
    return [];
  }
  const problem =
    `statement '${displayText(id)}' lets '${identity.construct.node.path}' (${displayText(identity.arn)}` +
    `) put events on bus ${displayText(resourceArn)}, but its own policies do not: ` +
    displayText(answers[0].reason);
  const fix = "give it 'events:PutEvents' on the ARN of the bus, since across accounts both halves are needed";
  return [{ id: FindingId.PUBLISHER_IDENTITY_POLICY_MISSING, level: 'error', construct, problem, fix }];
}

/**
 * Accounts that a bus lets in and to which the app deploys roles, where no role of the app may put events on that bus.
 *
 * Blind spots: publishers of other apps, for whom the account may be let in.
 */
export function accountsWithoutPublisher(app: AppIndex): Finding[] {
  const identities = [...app.model.users, ...app.model.roles];
  const published = new Map<string, boolean>();
  const isPublished = (of: string) =>
    published.get(of) ??
    published
      .set(
        of,
        identities.some((one) => hasPublisher(app, one, of)),
      )
      .get(of)!;
  const accounts = new Set<string>();
  for (const one of identities) if (!accounts.has(one.account) && !isRuleRole(one)) accounts.add(one.account);
  return app.model.eventBusStatements
    .filter(({ statement }) => allowsPutEvents(statement))
    .flatMap((statement) =>
      allowedAccounts(statement.statement)
        .filter(
          (account) =>
            account !== accountOf(statement.resourceArn) &&
            accounts.has(account) &&
            !isPublished(statement.resourceArn),
        )
        .flatMap((account) => withoutPublisher(statement, account)),
    );
}

function hasPublisher(app: AppIndex, identity: Identity, of: string): boolean {
  const { decision, policyType } = authorizePutEvents(app, identity, of, {}, { assumeUnknownMatches: true });
  return decision !== 'denied' || policyType === 'resource' || identity.statements.some(allowsPutEvents);
}

function withoutPublisher({ construct, resourceArn, id }: ResourcePolicyStatement, account: string): Finding[] {
  const problem =
    `statement '${displayText(id)}' lets account ${account} put events on bus ${displayText(resourceArn)}` +
    ", but no role that this app makes there may: across accounts the publisher's own policies " +
    'must allow it too';
  const fix =
    "give the publisher 'events:PutEvents' on the ARN of the bus, or acknowledge this if it is made by another app";
  return [{ id: FindingId.PUBLISHER_IDENTITY_POLICY_MISSING, level: 'warning', construct, problem, fix }];
}

/** Accounts that a statement lets in as a whole, for calls by themselves. */
function allowedAccounts(statement: Json): string[] {
  const { Principal, Condition } = isObject(statement) ? statement : {};
  if (entriesOf(Condition).some(({ key }) => /^(aws:principalarn|events:eventbusinvocation)$/i.test(key))) return [];
  return isObject(Principal) ? toList(Principal.AWS).flatMap((principal) => accountOfRoot(principal) ?? []) : [];
}

/** ARNs of the callers that a statement names one by one, as principals or by a condition. */
function namedPrincipals(statement: Json): { arn: string; asPrincipal: boolean }[] {
  const { Principal, Condition } = isObject(statement) ? statement : {};
  const principals = isObject(Principal) ? toList(Principal.AWS) : [];
  const values = entriesOf(Condition)
    .filter(
      ({ operator, key }) =>
        /^(ArnEquals|ArnLike|StringEquals|StringLike)$/i.test(operator) && key.toLowerCase() === 'aws:principalarn',
    )
    .flatMap((entry) => entry.values);
  return [
    ...principals.map((arn) => ({ arn, asPrincipal: true })),
    ...values.map((arn) => ({ arn, asPrincipal: false })),
  ];
}
