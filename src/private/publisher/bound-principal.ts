import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { isObject, listOf } from '../../policy/statement';

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

/** A principal of a trust policy, with which such services assume the role for this account alone, unless it says itself for whom. */
export function boundToAccount(principal: iam.IPrincipal, scope: Construct): iam.IPrincipal {
  return new BoundPrincipal(principal, Stack.of(scope));
}

class BoundPrincipal extends iam.PrincipalBase {
  public override readonly assumeRoleAction: string;
  public override readonly principalAccount: string | undefined;

  constructor(private readonly wrapped: iam.IPrincipal, private readonly stack: Stack) {
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
    const { Principal, Condition = {} } = this.stack.resolve(statement.toStatementJson());
    const services = isObject(Principal) ? listOf(Principal.Service) : [];
    const operator = OPERATORS.find(([names]) => services.length > 0 && services.every((service) => names.test(service)))?.[1];
    const said = Object.values(Condition).some((keys) => Object.keys(Object(keys)).some((key) => SOURCES.test(key)));
    if (operator && !said) statement.addCondition(operator, { 'aws:SourceAccount': this.stack.account });
    return statement;
  }
}

function isAssumeRolePrincipal(principal: iam.IPrincipal): principal is iam.IAssumeRolePrincipal {
  return 'addToAssumeRolePolicy' in principal;
}
