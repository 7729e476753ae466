import { Lazy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { constructState } from '../../core/construct-state';
import { Publisher } from '../../eventbridge/publishers';
import { TargetAccount, TargetGrant, targetClause } from '../../eventbridge/target-statements';
import { Json, isObject, toList, toText } from '../../iam/statement';
import { TARGET_STATEMENTS_STATE, TARGET_STATEMENT_ID_PREFIX, hash } from '../../util/names';

/** A resource or key with a resource-based policy, such as a queue of the CDK. */
export interface PolicyResource extends IConstruct {
  addToResourcePolicy(statement: iam.PolicyStatement, allowNoOp?: boolean): iam.AddToResourcePolicyResult;
}

/** A statement that publishers of one kind share. */
interface SharedStatement {
  readonly statement: iam.PolicyStatement;
  readonly publishers: Publisher[];
  /** The principals of the statement, as JSON text. */
  readonly principals: Set<string>;
}

const STATEMENTS = constructState<Map<string, SharedStatement>>(TARGET_STATEMENTS_STATE);

/** The IDs of the statements. They are letters only, which all services accept. */
const STATEMENT_IDS: { readonly [kind in Publisher['kind']]?: string } = {
  Accounts: `${TARGET_STATEMENT_ID_PREFIX}Accounts`,
  Organizations: `${TARGET_STATEMENT_ID_PREFIX}Organizations`,
  OrganizationalUnits: `${TARGET_STATEMENT_ID_PREFIX}OrganizationalUnits`,
  Roles: `${TARGET_STATEMENT_ID_PREFIX}Roles`,
};

/**
 * Allows a publisher in the policy of a resource. All publishers of one kind share a statement, because a queue policy
 * has at most 20. Returns false if this app cannot change the policy.
 */
export function allowInPolicy(resource: PolicyResource, grant: TargetGrant, publisher: Publisher): boolean {
  const shared = STATEMENTS.getOrCreate(resource, () => new Map<string, SharedStatement>());
  const key = JSON.stringify([publisher.kind, Stack.of(resource).resolve(grant)]);
  const existing = shared.get(key);
  if (existing) {
    existing.publishers.push(publisher);
    addPrincipals(resource, existing, grant, publisher);
    return true;
  }
  const created: SharedStatement = {
    statement: new iam.PolicyStatement({
      // An API has one statement for each method.
      sid: `${STATEMENT_IDS[publisher.kind]}${grant.resource.startsWith('execute-api:') ? hash(key, 8) : ''}`,
      actions: [...toList(grant.action)],
      resources: [grant.resource],
    }),
    publishers: [publisher],
    principals: new Set(),
  };
  addPrincipals(resource, created, grant, publisher);
  addConditions(created, grant, accountOf(resource));
  if (!resource.addToResourcePolicy(created.statement, true).statementAdded) return false;
  shared.set(key, created);
  return true;
}

/** Whether a statement with an ID is one of a grant. */
export function isGrantStatement(id: Json | undefined): boolean {
  return Object.values(STATEMENT_IDS).some((prefix) => toText(id).startsWith(prefix));
}

export function accountOf(resource: IConstruct): TargetAccount {
  const { account, partition } = Stack.of(resource);
  return { account, partition };
}

/** Adds the principals of a publisher that the statement does not have. */
function addPrincipals(
  resource: IConstruct,
  { statement, principals }: SharedStatement,
  grant: TargetGrant,
  publisher: Publisher,
): void {
  const { principal } = targetClause(grant, [publisher], accountOf(resource));
  for (const arn of isObject(principal) ? toList(principal.AWS) : ['*']) {
    const text = JSON.stringify(Stack.of(resource).resolve(arn));
    if (principals.has(text)) continue;
    principals.add(text);
    statement.addPrincipals(arn === '*' ? new iam.StarPrincipal() : new iam.ArnPrincipal(arn));
  }
}

/** The values are read at synthesis, because publishers may be added. */
function addConditions({ statement, publishers }: SharedStatement, grant: TargetGrant, target: TargetAccount): void {
  const conditionsNow = () => targetClause(grant, publishers, target).conditions;
  for (const [operator, keys] of Object.entries(conditionsNow())) {
    for (const key of Object.keys(keys)) {
      const value = Lazy.uncachedAny({ produce: () => conditionsNow()[operator][key] });
      statement.addCondition(operator, { [key]: value });
    }
  }
}
