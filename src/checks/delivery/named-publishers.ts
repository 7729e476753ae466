import { isSaid } from './elsewhere';
import { busesOf, letsPut, mayPut, servesRules } from './paths';
import { FindingId } from '../../finding-id';
import { Identity, PolicyStatement } from '../../model/app-model';
import { accountOf } from '../../policy/arn';
import { entriesOf } from '../../policy/conditions';
import { Json, isObject, listOf, wholeAccount } from '../../policy/statement';
import { readable } from '../../policy/text';
import { Finding } from '../finding';
import { World } from '../world';

/**
 * Roles and users of the app that a bus policy names, but whose own policies do not let them put events on that bus.
 *
 * Blind spots: callers that are let in as members of an account or organization; names with wildcards.
 */
export function publishersWithoutPolicy(world: World): Finding[] {
  return world.model.eventBusStatements.filter(({ statement }) => letsPut(statement)).flatMap((statement) => callersNamed(statement.statement)
    .flatMap(({ arn, asPrincipal }) => {
      const identity = world.roleOrUser(arn);
      const inAccount = asPrincipal && identity !== undefined && accountOf(statement.of) === identity.account;
      // One that has the bus in its policies is judged with these.
      return !identity || inAccount || busesOf(identity, world.model.eventBuses).includes(statement.of) ? [] : judge(world, statement, identity);
    }));
}

function judge(world: World, { construct, of, id }: PolicyStatement, identity: Identity): Finding[] {
  const answers = [true, false].map((byRule) => mayPut(world, identity, of, {}, { byRule, inDoubtYes: true }));
  if (isSaid(construct, identity.arn) || !answers.every(({ decision, half }) => decision === 'denied' && half === 'identity')) return [];
  const message = `statement '${readable(id)}' lets '${identity.construct.node.path}' (${readable(identity.arn)}) put events on bus ${readable(of)}, but its own policies do not: ${readable(answers[0].because)}; `
    + "give it 'events:PutEvents' on the ARN of the bus, since across accounts both halves are needed";
  return [{ id: FindingId.PUBLISHER_WITHOUT_POLICY, level: 'error', construct, message }];
}

/**
 * Accounts that a bus lets in and to which the app deploys roles, where no role of the app may put events on that bus.
 *
 * Blind spots: publishers of other apps, for whom the account may be let in.
 */
export function accountsWithoutPublisher(world: World): Finding[] {
  const identities = [...world.model.users, ...world.model.roles];
  const published = new Map<string, boolean>();
  const isPublished = (of: string) => published.get(of) ?? published.set(of, identities.some((one) => mayPublish(world, one, of))).get(of)!;
  const accounts = new Set<string>();
  for (const one of identities) if (!accounts.has(one.account) && !servesRules(one)) accounts.add(one.account);
  return world.model.eventBusStatements.filter(({ statement }) => letsPut(statement)).flatMap((statement) => accountsLetIn(statement.statement)
    .filter((account) => account !== accountOf(statement.of) && accounts.has(account) && !isPublished(statement.of))
    .flatMap((account) => withoutPublisher(statement, account)));
}

function mayPublish(world: World, identity: Identity, of: string): boolean {
  const { decision, half } = mayPut(world, identity, of, {}, { inDoubtYes: true });
  return decision !== 'denied' || half === 'resource' || identity.statements.some(letsPut);
}

function withoutPublisher({ construct, of, id }: PolicyStatement, account: string): Finding[] {
  const message = `statement '${readable(id)}' lets account ${account} put events on bus ${readable(of)}, but no role that this app makes there may: across accounts the publisher's own policies must allow it too; `
    + "give the publisher 'events:PutEvents' on the ARN of the bus, or acknowledge this if it is made by another app";
  return [{ id: FindingId.PUBLISHER_WITHOUT_POLICY, level: 'warning', construct, message }];
}

/** Accounts that a statement lets in as a whole, for calls by themselves. */
function accountsLetIn(statement: Json): string[] {
  const { Principal, Condition } = isObject(statement) ? statement : {};
  if (entriesOf(Condition).some(({ key }) => /^(aws:principalarn|events:eventbusinvocation)$/i.test(key))) return [];
  return isObject(Principal) ? listOf(Principal.AWS).flatMap((principal) => wholeAccount(principal) ?? []) : [];
}

/** ARNs of the callers that a statement names one by one, as principals or by a condition. */
function callersNamed(statement: Json): { arn: string; asPrincipal: boolean }[] {
  const { Principal, Condition } = isObject(statement) ? statement : {};
  const principals = isObject(Principal) ? listOf(Principal.AWS) : [];
  const values = entriesOf(Condition)
    .filter(({ operator, key }) => /^(ArnEquals|ArnLike|StringEquals|StringLike)$/i.test(operator) && key.toLowerCase() === 'aws:principalarn')
    .flatMap((entry) => entry.values);
  return [...principals.map((arn) => ({ arn, asPrincipal: true })), ...values.map((arn) => ({ arn, asPrincipal: false }))];
}
