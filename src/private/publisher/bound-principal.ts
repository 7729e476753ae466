import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Reader } from '../../model/reader';
import { opennessOf } from '../../policy/openness';
import { Statement, isObject, listOf } from '../../policy/statement';
import { Place, invalid } from '../errors';

/**
 * Services that assume a role for somebody, and say for whom. API Gateway is not documented to say so every time: it may not be refused for want of it.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
const OPERATORS: [RegExp, string][] = [
  [/^(events|pipes|scheduler|states)\./, 'StringEquals'],
  [/^apigateway\./, 'StringEqualsIfExists'],
];

/** What a condition on says for whom the service may act, so that nothing is to be added. */
const SOURCES = /^aws:source(account|arn|orgid|orgpaths)$/i;

/** Operators that ask for any source, or for one that is not this. */
const NAMES_NONE = /^null$|not/i;

/** The role that is to be made. */
export interface AssumedRole {
  readonly stack: Stack;
  readonly place: Place;
  /** Whether its props ask for external ids of everybody. */
  readonly externalIds: boolean;
}

/**
 * A principal of a trust policy, with which such services assume the role for this account alone, unless it says itself for whom. Refuses a trust policy that lets
 * strangers assume the role.
 */
export function boundToAccount(principal: iam.IPrincipal, role: AssumedRole): iam.IPrincipal {
  return new BoundPrincipal(principal, role);
}

class BoundPrincipal extends iam.PrincipalBase {
  public override readonly assumeRoleAction: string;
  public override readonly principalAccount: string | undefined;

  constructor(private readonly wrapped: iam.IPrincipal, private readonly role: AssumedRole) {
    super();
    this.assumeRoleAction = wrapped.assumeRoleAction;
    this.principalAccount = wrapped.principalAccount;
  }

  public get policyFragment(): iam.PrincipalPolicyFragment {
    return this.wrapped.policyFragment;
  }

  public override addToAssumeRolePolicy(document: iam.PolicyDocument): void {
    const { wrapped } = this;
    const bound = new iam.PolicyDocument();
    bound.addStatements = (...statements) => document.addStatements(...statements.map((statement) => this.bound(statement)));
    if (isAssumeRolePrincipal(wrapped)) wrapped.addToAssumeRolePolicy(bound);
    else bound.addStatements(new iam.PolicyStatement({ actions: [wrapped.assumeRoleAction], principals: [wrapped] }));
  }

  public dedupeString(): string | undefined {
    return undefined;
  }

  private bound(statement: iam.PolicyStatement): iam.PolicyStatement {
    const { stack, place, externalIds } = this.role;
    const json = new Reader().resolve(stack, statement.toStatementJson()) as Statement;
    const services = isObject(json.Principal) ? listOf(json.Principal.Service) : [];
    const operator = OPERATORS.find(([names]) => services.length > 0 && services.every((service) => names.test(service)))?.[1];
    const conditions = isObject(json.Condition) ? json.Condition : {};
    const naming = Object.entries(conditions).filter(([by]) => !NAMES_NONE.test(by)).map(([, keys]) => keys);
    const has = (name: RegExp) => naming.some((keys) => Object.keys(Object(keys)).some((key) => name.test(key)));
    if (externalIds && has(/^sts:externalid$/i)) {
      throw invalid(place, "'externalIds' must be left out for a principal that has its own, got both; the CDK would replace those of the principal");
    }
    const { to, because } = opennessOf(json);
    if (services.length === 0 && to === 'anyone') {
      throw invalid(place, `'assumedBy' must not let strangers in, got one that does: ${because}; name the accounts or the organization, or what is theirs at the provider of identities`);
    }
    if (services.length === 0 && to === 'nobody') {
      throw invalid(place, `'assumedBy' must let somebody in, got one that never does: ${because}; compare the value that callers have`);
    }
    if (operator && !has(SOURCES)) statement.addCondition(operator, { 'aws:SourceAccount': stack.account });
    return statement;
  }
}

function isAssumeRolePrincipal(principal: iam.IPrincipal): principal is iam.IAssumeRolePrincipal {
  return 'addToAssumeRolePolicy' in principal;
}
