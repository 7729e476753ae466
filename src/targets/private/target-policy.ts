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

const STATEMENTS = constructState<Map<string, SharedStatement>>(TARGET_STATEMENTS_STATE);

/** The IDs of the statements. They are letters only, which all services accept. */
const STATEMENT_IDS: { readonly [kind in Publisher['kind']]?: string } = {
  Accounts: `${TARGET_STATEMENT_ID_PREFIX}Accounts`,
  Organizations: `${TARGET_STATEMENT_ID_PREFIX}Organizations`,
  OrganizationalUnits: `${TARGET_STATEMENT_ID_PREFIX}OrganizationalUnits`,
  Roles: `${TARGET_STATEMENT_ID_PREFIX}Roles`,
};

/**
 * Allows a publisher in the policy of a resource. All publishers of one kind share a statement for the same grant,
 * because a queue policy has at most 20. Returns false if this app cannot change the policy.
 */
export function allowInPolicy(resource: PolicyResource, grant: TargetGrant, publisher: Publisher): boolean {
  const shared = STATEMENTS.getOrCreate(resource, () => new Map<string, SharedStatement>());
  const key = JSON.stringify([publisher.kind, Stack.of(resource).resolve(grant)]);
  const existing = shared.get(key);
  if (existing) {
    existing.add(publisher);
    return true;
  }
  // An API has one statement for each method.
  const suffix = grant.idSuffix ?? (grant.resource.startsWith('execute-api:') ? hash(key, 8) : '');
  const created = new SharedStatement(resource, grant, `${STATEMENT_IDS[publisher.kind]}${suffix}`, publisher);
  if (!resource.addToResourcePolicy(created, true).statementAdded) return false;
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

/** A statement that publishers of one kind share. */
class SharedStatement extends iam.PolicyStatement {
  private readonly publishers: Publisher[] = [];
  /** The principals of the statement, as JSON text. */
  private readonly listed = new Set<string>();
  private readonly target: TargetAccount;

  constructor(
    private readonly resource: PolicyResource,
    private readonly grant: TargetGrant,
    sid: string,
    publisher: Publisher,
  ) {
    super({ sid, actions: [...toList(grant.action)], resources: [grant.resource] });
    this.target = accountOf(resource);
    this.add(publisher);
    this.addLazyConditions();
  }

  public add(publisher: Publisher): void {
    this.publishers.push(publisher);
    const { principal } = targetClause({ ...this.grant, maxPrincipals: undefined }, [publisher], this.target);
    for (const arn of isObject(principal) ? toList(principal.AWS) : ['*']) {
      const text = JSON.stringify(Stack.of(this.resource).resolve(arn));
      if (this.listed.has(text)) continue;
      this.listed.add(text);
      this.addPrincipals(arn === '*' ? new iam.StarPrincipal() : new iam.ArnPrincipal(arn));
    }
  }

  /** Lists the accounts or roles in a condition if there are too many principals. */
  public override toStatementJson(): any {
    const json = super.toStatementJson();
    if (this.listed.size <= (this.grant.maxPrincipals ?? Infinity)) return json;
    const { principal, conditions } = targetClause(this.grant, this.publishers, this.target);
    return { ...json, Principal: principal, Condition: conditions };
  }

  /** The values are read at synthesis, because publishers may be added. */
  private addLazyConditions(): void {
    const grant = { ...this.grant, maxPrincipals: undefined };
    const conditionsNow = () => targetClause(grant, this.publishers, this.target).conditions;
    for (const [operator, keys] of Object.entries(conditionsNow())) {
      for (const key of Object.keys(keys)) {
        const value = Lazy.uncachedAny({ produce: () => conditionsNow()[operator][key] });
        this.addCondition(operator, { [key]: value });
      }
    }
  }
}
