import { Lazy, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { busRulesArn, crossAccountBusOf, literalRuleArn } from './rule-arns';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { uniqueSortedTokens, literalText, roleNameOf, shortHash } from '../../core/environment';
import { addValidation, validationError } from '../../core/validation-error';
import { TRUSTED_RULES, TRUST_POLICY_CHARACTERS } from '../../eventbridge/quotas';
import { identityStatement, trustConditions, ruleTrustStatement } from '../../eventbridge/role-statements';
import { Conditions } from '../../iam/conditions';
import { documentSize } from '../../iam/policy-size';
import { Json, Statement, scalarOrList, toList } from '../../iam/statement';
import { validateBoundary } from '../../permissions/permissions-boundary';

/** The target of a rule that has an execution role. */
export interface RuleTarget {
  readonly arn: string;
  readonly action: string;
  /** Whether a policy in another account names the role, or may name it: the role then has a physical name. */
  readonly needsRoleName: boolean;
  /** What the role needs on the key of an encrypted target. */
  readonly keyStatement?: Statement;
}

/** The statements of the identity-based policy of an execution role. */
export function identityStatementsOf({ action, arn, keyStatement }: RuleTarget): Statement[] {
  return [identityStatement(action, arn), ...(keyStatement ? [keyStatement] : [])];
}

/** Validates the permissions boundary of an execution role. */
export function validateBoundaryFor(role: iam.IRole, { action, arn, keyStatement }: RuleTarget): void {
  validateBoundary(role, action, arn);
  if (!keyStatement) return;
  for (const keyAction of toList(keyStatement.Action)) validateBoundary(role, keyAction, String(keyStatement.Resource));
}

/**
 * The execution role of the rules in one stack that share a target.
 *
 * Its trust policy lists these rules. If the list does not fit, it allows all rules on their buses in this account, and
 * for the default bus all rules in the account: the ARNs of its rules have no bus name.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export class RuleRole extends iam.Role {
  /** Returns the role for a target in the stack of a rule, which is created at the first call. */
  public static for(rule: IRuleRef, target: RuleTarget): RuleRole {
    const stack = Stack.of(rule);
    const crossAccountBus = crossAccountBusOf(rule);
    const key = targetKey(stack, target.arn);
    const id = `RuleRole-${shortHash(stack, crossAccountBus ? [key, crossAccountBus] : key)}`;
    const role =
      (stack.node.tryFindChild(id) as RuleRole | undefined) ??
      new RuleRole(stack, id, target, crossAccountBus?.env.account);
    role.rules.set(literalRuleArn(rule), busRulesArn(rule));
    if (crossAccountBus && !role.trust.canListRules()) {
      throw validationError(
        rule,
        `'targets' must not hold the same target for more than ${TRUSTED_RULES} rules of a stack on a bus in another ` +
          `account, got ${role.rules.size} rules, because the trust policy of their execution role lists each rule; ` +
          'define the rule in another stack',
      );
    }
    rule.node.addDependency(role);
    return role;
  }

  /** The ARN of each rule, and the ARN of all rules on its bus. */
  private readonly rules: Map<string, string>;
  private readonly trust: RuleRoleTrustPolicy;

  private constructor(scope: Construct, id: string, target: RuleTarget, busAccount?: string) {
    const rules = new Map<string, string>();
    // For a rule on a bus in another account, AWS does not document which account is the source account.
    const trust = new RuleRoleTrustPolicy(Stack.of(scope), rules, [
      ...(busAccount === undefined ? [] : [busAccount]),
      Stack.of(scope).account,
    ]);
    super(scope, id, {
      roleName: target.needsRoleName ? roleNameOf(scope, id) : undefined,
      description: 'Delivers events of the rules that its trust policy names',
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', { conditions: trust.conditions }),
    });
    this.rules = rules;
    this.trust = trust;
    for (const statement of identityStatementsOf(target)) this.addToPolicy(iam.PolicyStatement.fromJson(statement));
    addValidation(this, () => trust.problems());
    validateBoundaryFor(this, target);
  }
}

/** The trust policy of a `RuleRole`. Its rules are known at synthesis. */
class RuleRoleTrustPolicy {
  public readonly conditions: Conditions;

  constructor(
    private readonly stack: Stack,
    private readonly rules: ReadonlyMap<string, string>,
    private readonly accounts: string[],
  ) {
    this.conditions = trustConditions(
      accounts,
      Lazy.uncachedAny({ produce: () => scalarOrList(this.sourceArns()) }) as unknown as Json,
    );
  }

  /** Whether the policy can list each rule. */
  public canListRules(): boolean {
    return this.rules.size <= TRUSTED_RULES && this.isWithinQuota([...this.rules.keys()]);
  }

  public problems(): string[] {
    const arns = this.sourceArns();
    if (this.isWithinQuota(arns)) return [];
    return [
      `'targets' must hold the same target for rules on fewer buses, got ${arns.length} buses, because the trust ` +
        `policy of their execution role would have more than ${TRUST_POLICY_CHARACTERS} characters; ` +
        'define some of the rules in another stack',
    ];
  }

  /** The ARNs of the rules, or those of all rules on their buses if the list does not fit. */
  private sourceArns(): string[] {
    return uniqueSortedTokens(this.stack, [...(this.canListRules() ? this.rules.keys() : this.rules.values())]);
  }

  private isWithinQuota(arns: string[]): boolean {
    return (
      documentSize([new TemplateReader().resolve(this.stack, ruleTrustStatement(this.accounts, arns)) as Json])
        .estimate <= TRUST_POLICY_CHARACTERS
    );
  }
}

/**
 * Identifies a target, in whichever form its ARN is written. A logical ID is unique in its stack only, so the paths of
 * resources in other stacks are added.
 */
function targetKey(stack: Stack, arn: string): unknown {
  const text = literalText(stack, arn);
  if (text !== undefined) return text;
  const references = Tokenization.reverseString(arn).tokens.filter(Reference.isReference);
  const inOtherStacks = references.filter(
    (r) => Stack.of(r.target) !== stack && 'Fn::GetAtt' in Object(stack.resolve(r)),
  );
  return inOtherStacks.length > 0 ? [arn, ...inOtherStacks.map((r) => r.target.node.path)] : arn;
}
