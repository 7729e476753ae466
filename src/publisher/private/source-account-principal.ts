import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { warnUnverifiedTrust } from '../../checks/engine/synthesis-validations';
import { cfnResourceOf } from '../../core/cfn-resources';
import { readNow } from '../../core/environment';
import { ErrorScope, validationError } from '../../core/validation-error';
import { analyzeAccess } from '../../iam/access-analysis';
import { parseOperator } from '../../iam/condition-operators';
import { Statement, isObject, toList, statementsOf } from '../../iam/statement';
import { SERVICES_WITH_SOURCE, findOpenTrust } from '../../iam/trust-policy';

/**
 * Services that assume a role on behalf of a resource, with the condition operator for the account of that resource. It
 * is not documented that API Gateway always sends that account, so that the condition must also match without it.
 */
const SOURCE_ACCOUNT_OPERATORS: readonly [services: RegExp, operator: string][] = [
  [SERVICES_WITH_SOURCE, 'StringEquals'],
  [/^apigateway\./, 'StringEqualsIfExists'],
];

/** Condition keys for the resource on behalf of which a service assumes a role. */
const SOURCE_KEYS = /^aws:source(account|arn|orgid|orgpaths)$/i;

const EXTERNAL_ID_KEY = /^sts:externalid$/i;

const OPEN_TRUST_FIX =
  'list the accounts or the organization, or add a condition on the subject or application of the identity provider';

/** The role of a trust policy, before it is created. */
export interface TrustContext {
  readonly stack: Stack;
  readonly errorScope: ErrorScope;
  /** Whether the props of the role have external IDs, which the CDK adds to each statement. */
  readonly externalIds: boolean;
}

/**
 * Limits a principal of a trust policy. Services that send the account of their resource can assume the role on behalf
 * of this account only, unless the principal has a condition on the source already. Throws an error if any AWS account
 * can assume the role.
 */
export function withSourceAccount(principal: iam.IPrincipal, role: TrustContext): iam.IPrincipal {
  return new SourceAccountPrincipal(principal, role);
}

/** Validates the trust policy in the template, to which overrides and other constructs can add statements. */
export function trustProblems(role: iam.Role): string[] {
  const resource = cfnResourceOf(role, iam.CfnRole.isCfnRole);
  if (!resource) return [];
  const statements = statementsOf(new TemplateReader().resource(resource)?.properties.AssumeRolePolicyDocument);
  const openTrust = statements.map(findOpenTrust).filter((open) => open !== undefined);
  const unverified = openTrust.find(({ sure }) => !sure);
  if (unverified) warnUnverifiedTrust(resource, unverified);
  return openTrust
    .filter(({ sure }) => sure)
    .map(
      ({ reason }) =>
        `'assumeRolePolicy' must limit the principals that can assume the role, got a statement that does not: ` +
        `${reason}; ${OPEN_TRUST_FIX}`,
    );
}

/** A document to which a principal adds its statements, before they are changed and copied to the trust policy. */
class ScratchDocument extends iam.PolicyDocument {
  public readonly added: iam.PolicyStatement[] = [];

  public override addStatements(...statements: iam.PolicyStatement[]): void {
    // The constructor of the superclass calls this method, without statements.
    for (const statement of statements) this.added.push(statement);
  }
}

/** A statement of the trust policy, as far as it is known before synthesis. */
interface TrustStatement {
  readonly json: Statement;
  readonly services: readonly string[];
  /** The keys of conditions that are not negated. */
  readonly conditionKeys: readonly string[];
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
    for (const statement of trustStatementsOf(this.wrapped)) {
      this.restrict(statement);
      document.addStatements(statement);
    }
  }

  public dedupeString(): string | undefined {
    return undefined;
  }

  /** Adds a condition on the source account if the statement needs one, and rejects a statement that is too broad. */
  private restrict(statement: iam.PolicyStatement): void {
    const { stack } = this.role;
    const trust = readTrustStatement(stack, statement);
    const operator = sourceAccountOperatorFor(trust.services);
    const hasSource = trust.conditionKeys.some((key) => SOURCE_KEYS.test(key));
    const { access, reason } = analyzeAccess(trust.json);
    this.rejectTwoExternalIds(trust);
    if (trust.services.length === 0 && access === 'public') this.rejectOpenTrust(reason);
    if (access === 'none' && !(operator && hasSource)) this.rejectUnmatchedPrincipal(reason);
    const openTrust = findOpenTrust(trust.json);
    if (operator && (!hasSource || openTrust?.sure || access === 'none')) {
      statement.addCondition(operator, { 'aws:SourceAccount': stack.account });
    } else if (trust.services.length > 0 && openTrust?.sure) {
      this.rejectOpenSource(trust.services, openTrust.reason);
    }
  }

  private rejectTwoExternalIds({ conditionKeys }: TrustStatement): void {
    if (!this.role.externalIds || !conditionKeys.some((key) => EXTERNAL_ID_KEY.test(key))) return;
    throw validationError(
      this.role.errorScope,
      "'externalIds' must be omitted if 'assumedBy' has a condition on the external ID, because it would replace " +
        'that condition, got both; pass all external IDs in one of them',
    );
  }

  private rejectOpenTrust(reason: string | undefined): never {
    throw validationError(
      this.role.errorScope,
      `'assumedBy' must limit the principals that can assume the role, got one that does not: ${reason}; ` +
        OPEN_TRUST_FIX,
    );
  }

  private rejectUnmatchedPrincipal(reason: string | undefined): never {
    throw validationError(
      this.role.errorScope,
      `'assumedBy' must match at least one principal, got one that matches none: ${reason}; correct the condition`,
    );
  }

  private rejectOpenSource(services: readonly string[], reason: string): never {
    throw validationError(
      this.role.errorScope,
      `'assumedBy' must limit the resources for which ${services.join(', ')} can assume the role, got a condition ` +
        `that any resource matches: ${reason}; compare 'aws:SourceAccount' with your account, or 'aws:SourceArn' ` +
        'with the ARN of your resource',
    );
  }
}

/** The statements that a principal adds to a trust policy. */
function trustStatementsOf(principal: iam.IPrincipal): iam.PolicyStatement[] {
  if (!isAssumeRolePrincipal(principal)) {
    return [new iam.PolicyStatement({ actions: [principal.assumeRoleAction], principals: [principal] })];
  }
  const scratch = new ScratchDocument();
  principal.addToAssumeRolePolicy(scratch);
  return scratch.added;
}

function isAssumeRolePrincipal(principal: iam.IPrincipal): principal is iam.IAssumeRolePrincipal {
  return 'addToAssumeRolePolicy' in principal;
}

function readTrustStatement(stack: Stack, statement: iam.PolicyStatement): TrustStatement {
  const json = readNow(stack, statement.toStatementJson()) as Statement;
  const conditions = Object.entries(isObject(json.Condition) ? json.Condition : {});
  return {
    json,
    services: isObject(json.Principal) ? toList(json.Principal.Service) : [],
    conditionKeys: conditions
      .filter(([operator]) => !isNegated(operator))
      .flatMap(([, keys]) => Object.keys(Object(keys))),
  };
}

/** Whether an operator matches any value, or any value except the given ones. */
function isNegated(operator: string): boolean {
  const { base, negated } = parseOperator(operator);
  return negated || base === 'null';
}

function sourceAccountOperatorFor(services: readonly string[]): string | undefined {
  if (services.length === 0) return undefined;
  const match = SOURCE_ACCOUNT_OPERATORS.find(([pattern]) => services.every((service) => pattern.test(service)));
  return match?.[1];
}
