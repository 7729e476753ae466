import { EVENTBRIDGE_PRINCIPAL } from './authorize';
import { Identity, Role } from '../../../app-model/app-model';
import { parseOperator } from '../../../iam/condition-operators';
import { entriesOf } from '../../../iam/conditions';
import { Json, denies, isObject, toList } from '../../../iam/statement';
import { SERVICES_WITH_SOURCE } from '../../../iam/trust-policy';
import { ANYTHING, mayEqualAnyText } from '../../../iam/unresolved-text';
import { memoizeByObject } from '../../../util/memoize';

/** Whether EventBridge can assume a role, so that a rule can use it as its execution role. */
export function isRuleRole(identity: Identity): boolean {
  return trustedPrincipalsOf(identity).includes(EVENTBRIDGE_PRINCIPAL);
}

/** Whether only EventBridge can assume a role. */
export function isOnlyRuleRole(identity: Identity): boolean {
  const principals = trustedPrincipalsOf(identity);
  return principals.length > 0 && principals.every((principal) => principal === EVENTBRIDGE_PRINCIPAL);
}

/** Whether a service that publishes events with a role can assume this role. EventBridge is not among them. */
export function isServiceRole(identity: Identity): boolean {
  return trustedPrincipalsOf(identity).some(
    (principal) =>
      principal !== EVENTBRIDGE_PRINCIPAL && (SERVICES_WITH_SOURCE.test(principal) || /^apigateway\./.test(principal)),
  );
}

/** The services that can assume a role; undefined if other principals can too. */
export function servicesTrustedBy(identity: Identity): readonly string[] | undefined {
  const principals = trustedPrincipalsOf(identity);
  const services = principals.map(
    (principal) => /^([a-z-]+)(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/.exec(principal)?.[1],
  );
  return services.includes(undefined) ? undefined : services.map((name) => `${name}.amazonaws.com`);
}

/** The ARNs of the rules that the trust policy of a role lists; none if it also matches other rules. */
export function trustedRuleArnsOf(identity: Identity): readonly string[] {
  const statements = trustStatementsOf(identity)
    .filter(isObject)
    .filter((statement) => principalsOf(statement).includes(EVENTBRIDGE_PRINCIPAL));
  const lists = statements.map(({ Condition }) =>
    entriesOf(Condition).find(({ operator, key }) => listsArns(operator) && /^aws:sourcearn$/i.test(key)),
  );
  const ruleArns = lists.flatMap((list) => list?.values ?? [ANYTHING]);
  return ruleArns.some((arn) => /[*?$]/.test(arn) || mayEqualAnyText(arn)) ? [] : ruleArns;
}

function listsArns(operator: string): boolean {
  const { quantifier, base, ifExists } = parseOperator(operator);
  return quantifier === undefined && !ifExists && ['arnequals', 'arnlike', 'stringequals', 'stringlike'].includes(base);
}

/** The principals of any type, such as accounts and services, in the trust policy of a role; none for a user. */
const trustedPrincipalsOf: (identity: Identity) => readonly string[] = memoizeByObject((identity) =>
  trustStatementsOf(identity).flatMap(principalsOf),
);

function trustStatementsOf(identity: Identity): Json[] {
  const trust = 'trust' in identity ? (identity as Role).trust : [];
  return trust.filter((statement) => !denies(statement));
}

function principalsOf(statement: Json): readonly string[] {
  if (!isObject(statement) || statement.Principal === undefined) return [UNKNOWN_PRINCIPAL];
  const { Principal } = statement;
  return isObject(Principal) ? Object.values(Principal).flatMap(toList) : toList(Principal);
}

/** For a statement without a readable `Principal`. */
const UNKNOWN_PRINCIPAL = 'unknown';
