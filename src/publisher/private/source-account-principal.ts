import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { warnUnverifiedTrust } from '../../checks/engine/synthesis-validations';
import { cfnResourceOf } from '../../core/cfn-resources';
import { readNow } from '../../core/environment';
import { ErrorScope, validationError } from '../../core/validation-error';
import { analyzeAccess } from '../../iam/access-analysis';
import { Statement, isObject, toList, statementsOf } from '../../iam/statement';
import { SERVICES_WITH_SOURCE, findOpenTrust } from '../../iam/trust-policy';

/**
 * Services that assume a role for somebody, and say for whom. API Gateway is not documented to say so every time: it
 * may not be refused for want of it.
 */
const SOURCE_ACCOUNT_OPERATORS: [RegExp, string][] = [
  [SERVICES_WITH_SOURCE, 'StringEquals'],
  [/^apigateway\./, 'StringEqualsIfExists'],
];

/** What a condition on says for whom the service may act, so that nothing is to be added. */
const SOURCE_KEYS = /^aws:source(account|arn|orgid|orgpaths)$/i;

/** Operators that ask for any source, or for one that is not this. */
const NEGATED_OPERATOR = /^null$|not/i;

/** The role that is to be made. */
export interface TrustContext {
  readonly stack: Stack;
  readonly place: ErrorScope;
  /** Whether its props ask for external ids of everybody. */
  readonly externalIds: boolean;
}

/**
 * A principal of a trust policy, with which such services assume the role for this account alone, unless it says itself
 * for whom. Refuses a trust policy that lets strangers assume the role.
 */
export function withSourceAccount(principal: iam.IPrincipal, role: TrustContext): iam.IPrincipal {
  return new SourceAccountPrincipal(principal, role);
}

/** What is wrong with the trust policy that a role will have, whoever adds to it: strangers would publish by it. */
export function trustProblems(role: iam.Role): string[] {
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  if (!resource) return [];
  const trust = statementsOf(new TemplateReader().resource(resource)?.properties.AssumeRolePolicyDocument);
  const open = trust.flatMap((statement) => findOpenTrust(statement) ?? []);
  const [doubt] = open.filter(({ sure }) => !sure);
  if (doubt) warnUnverifiedTrust(resource, doubt);
  return open
    .filter(({ sure }) => sure)
    .map(
      ({ reason }) =>
        "'assumeRolePolicy' must not let strangers assume a role that publishes, got a statement " +
        `that does: ${reason}; ` +
        'name the accounts or the organization, or the subject or application at the identity provider',
    );
}

class SourceAccountPrincipal extends iam.PrincipalBase {
  public override readonly assumeRoleAction: string;
  public override readonly principalAccount: string | undefined;

  constructor(
    private readonly wrapped: iam.IPrincipal,
    private readonly role: TrustContext,
  ) {
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
    bound.addStatements = (...statements) =>
      document.addStatements(...statements.map((statement) => this.bound(statement)));
    if (isAssumeRolePrincipal(wrapped)) wrapped.addToAssumeRolePolicy(bound);
    else bound.addStatements(new iam.PolicyStatement({ actions: [wrapped.assumeRoleAction], principals: [wrapped] }));
  }

  public dedupeString(): string | undefined {
    return undefined;
  }

  private bound(statement: iam.PolicyStatement): iam.PolicyStatement {
    const { stack, place, externalIds } = this.role;
    const json = readNow(stack, statement.toStatementJson()) as Statement;
    const services = isObject(json.Principal) ? toList(json.Principal.Service) : [];
    const operator = SOURCE_ACCOUNT_OPERATORS.find(
      ([names]) => services.length > 0 && services.every((service) => names.test(service)),
    )?.[1];
    const conditions = isObject(json.Condition) ? json.Condition : {};
    const naming = Object.entries(conditions)
      .filter(([by]) => !NEGATED_OPERATOR.test(by))
      .map(([, keys]) => keys);
    const has = (name: RegExp) => naming.some((keys) => Object.keys(Object(keys)).some((key) => name.test(key)));
    if (externalIds && has(/^sts:externalid$/i)) {
      throw validationError(
        place,
        "'externalIds' must be left out for a principal that has its own, got both; the CDK would " +
          'replace those of the principal',
      );
    }
    const { access, reason } = analyzeAccess(json);
    if (services.length === 0 && access === 'public') {
      throw validationError(
        place,
        `'assumedBy' must not let strangers in, got one that does: ${reason}; name the accounts or ` +
          'the organization, or the subject or application at the identity provider',
      );
    }
    if (access === 'none' && !(operator && has(SOURCE_KEYS))) {
      throw validationError(
        place,
        `'assumedBy' must let somebody in, got one that never does: ${reason}; compare the value that callers have`,
      );
    }
    const open = findOpenTrust(json);
    if (operator && (!has(SOURCE_KEYS) || open?.sure || access === 'none')) {
      statement.addCondition(operator, { 'aws:SourceAccount': stack.account });
    } else if (services.length > 0 && open?.sure) {
      throw validationError(
        place,
        `'assumedBy' must limit the resources for which ${services.join(', ')} can assume the role, ` +
          `got a condition that any resource meets: ${open.reason}; ` +
          "compare 'aws:SourceAccount' with your account, or 'aws:SourceArn' with the ARN of your resource",
      );
    }
    return statement;
  }
}

function isAssumeRolePrincipal(principal: iam.IPrincipal): principal is iam.IAssumeRolePrincipal {
  return 'addToAssumeRolePolicy' in principal;
}
