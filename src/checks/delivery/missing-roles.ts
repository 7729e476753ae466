import { isDeniedByBus } from './lib/denied-publishers';
import { isIntendedPublisher } from './lib/put-events';
import { AppIndex } from '../../app-model/app-index';
import { ResourcePolicyStatement } from '../../app-model/app-model';
import { accountOf } from '../../iam/arn';
import { principalArnsIn } from '../../iam/principal-arns';
import { isObject } from '../../iam/statement';
import { displayText } from '../../iam/unresolved-text';
import { isMisspelledName } from '../../util/similar-names';
import { Finding } from '../engine/finding';
import { notFoundFinding } from '../engine/other-apps';

/**
 * Reports roles that the policy of a bus allows, in an account that another app describes without defining the role.
 *
 * A role that is being renamed, or added, is allowed before it exists. Therefore a policy may name such a role beside
 * another one of its account.
 *
 * Blind spots: ARNs with wildcards, sessions of roles, users, and roles that rules or other resources use by the same
 * ARN, because their app refers to the role as well.
 */
export function checkMissingRoles(app: AppIndex): Finding[] {
  const usedRoles = rolesInUse(app);
  const reported = new Set<string>();
  const findings: Finding[] = [];
  for (const entry of app.evaluated.eventBusStatements) {
    const { construct, resourceArn } = entry;
    for (const arn of allowedRoles(entry)) {
      const key = `${resourceArn} ${arn}`;
      if (reported.has(key) || usedRoles.has(arn)) continue;
      const finding = notFoundFinding(app, construct, arn, { problem: problemOf(entry, arn) });
      if (!finding || isAllowedInAdvance(app, resourceArn, arn) || isExplained(app, resourceArn, arn)) continue;
      reported.add(key);
      findings.push(finding);
    }
  }
  return findings;
}

/** The ARNs of single roles that a statement allows. */
function allowedRoles({ statement }: ResourcePolicyStatement): string[] {
  if (!isObject(statement) || statement.Effect !== 'Allow') return [];
  const arns = principalArnsIn(statement).map(({ arn }) => arn);
  return arns.filter((arn) => ROLE_ARN.test(arn));
}

const ROLE_ARN = /^arn:[^:*?]+:iam::\d{12}:role\/[^*?${}‹›]+$/;

/** The roles that resources use by their ARN. */
function rolesInUse({ model }: AppIndex): ReadonlySet<string | undefined> {
  return new Set([
    ...model.rules.flatMap(({ roleArn, targets }) => [roleArn, ...targets.map((target) => target.roleArn)]),
    ...model.publishers.map(({ roleArn }) => roleArn),
  ]);
}

/**
 * Whether the policy also names a role in the account that exists, and the name of the missing role is not a
 * misspelling of one that it does not name.
 */
function isAllowedInAdvance(app: AppIndex, busArn: string, arn: string): boolean {
  const account = accountOf(arn);
  const named = new Set(app.statementsOn(busArn).flatMap(allowedRoles));
  const roles = app.model.roles.filter((role) => role.account === account);
  if (!roles.some((role) => named.has(role.arn))) return false;
  return !roles.some((role) => !named.has(role.arn) && isMisspelledName(role.arn, arn));
}

/** Whether the bus denies a publisher in the account. That is reported, with the statement that it needs. */
function isExplained(app: AppIndex, busArn: string, arn: string): boolean {
  return app
    .identitiesIn(accountOf(arn))
    .some((identity) => isIntendedPublisher(identity, busArn) && isDeniedByBus(app, identity, busArn));
}

function problemOf({ id, resourceArn }: ResourcePolicyStatement, arn: string): string {
  return `statement '${displayText(id)}' on ${displayText(resourceArn)} allows role ${arn}, which no app defines`;
}
