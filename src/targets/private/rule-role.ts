import { Lazy, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { busRulesArn, crossAccountBusOf, literalRuleArn } from './rule-arns';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { uniqueSortedTokens, literalText, roleNameOf, shortHash } from '../../core/environment';
import { validationError } from '../../core/validation-error';
import { TRUSTED_RULES, TRUST_POLICY_CHARACTERS } from '../../eventbridge/quotas';
import { identityStatement, trustConditions, ruleTrustStatement } from '../../eventbridge/role-statements';
import { Conditions } from '../../iam/conditions';
import { documentSize } from '../../iam/policy-size';
import { Json, scalarOrList } from '../../iam/statement';
import { validateBoundary } from '../../permissions/permissions-boundary';

/** What a rule reaches with a role. */
export interface RuleTarget {
  readonly arn: string;
  readonly action: string;
  /** Whether the role is named in another account, or may be: then it has a name before it is deployed. */
  readonly named: boolean;
}

/**
 * The role with which rules reach one target: EventBridge may assume it for those rules of this account and for no
 * other. Where a list of them would not fit into a trust policy, it is for every rule of their buses. Where one of
 * these buses is the default bus, that is every rule of the account: the ARNs of its rules do not name it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export class RuleRole extends iam.Role {
  /** The role of a rule's stack for one target: made at the first call, shared after that. */
  public static for(rule: IRuleRef, target: RuleTarget): RuleRole {
    const stack = Stack.of(rule);
    const foreign = crossAccountBusOf(rule);
    const key = targetKey(stack, target.arn);
    const id = `RuleRole-${shortHash(stack, foreign ? [key, foreign] : key)}`;
    const role =
      (stack.node.tryFindChild(id) as RuleRole | undefined) ?? new RuleRole(stack, id, target, foreign?.env.account);
    role.rules.set(literalRuleArn(rule), busRulesArn(rule));
    if (foreign && !role.trust.canList()) {
      throw validationError(
        rule,
        "'targets' must not be the same for more rules of a stack on a bus of another account than " +
          `fit into a trust policy, ${TRUSTED_RULES} at the most, got ` +
          `${role.rules.size}; a trust policy for all rules of that bus would serve those of other ` +
          'accounts too: make the rule in another stack',
      );
    }
    // Not before the role may do what the rule needs it for.
    rule.node.addDependency(role);
    return role;
  }

  /** The rules by their ARNs, each with the ARN of all rules of its bus. */
  private readonly rules: Map<string, string>;
  private readonly trust: RuleRoleTrustPolicy;

  private constructor(scope: Construct, id: string, target: RuleTarget, busAccount?: string) {
    const rules = new Map<string, string>();
    // Which account a rule on a bus of another account acts for, AWS does not document; the rule itself is bound below.
    const trust = new RuleRoleTrustPolicy(Stack.of(scope), rules, [
      ...(busAccount === undefined ? [] : [busAccount]),
      Stack.of(scope).account,
    ]);
    super(scope, id, {
      roleName: target.named ? roleNameOf(scope, id) : undefined,
      description: 'Delivers events of the rules that its trust policy names',
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', { conditions: trust.conditions }),
    });
    this.rules = rules;
    this.trust = trust;
    this.addToPolicy(iam.PolicyStatement.fromJson(identityStatement(target.action, target.arn)));
    this.node.addValidation({ validate: () => trust.problems() });
    validateBoundary(this, target.action, target.arn);
  }
}

/** The trust policy, of which the rules are known only when all are there. */
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

  /** Whether each rule can be named. */
  public canList(): boolean {
    return this.rules.size <= TRUSTED_RULES && this.fits([...this.rules.keys()]);
  }

  public problems(): string[] {
    const arns = this.sourceArns();
    if (this.fits(arns)) return [];
    return [
      `'targets' must not be the same for rules of so many buses, got ${arns.length}; the trust ` +
        'policy of the role that they share would have more than ' +
        `${TRUST_POLICY_CHARACTERS} characters: make some of the rules in another stack`,
    ];
  }

  /** The rules, or all of the buses that they are on when there are too many. */
  private sourceArns(): string[] {
    return uniqueSortedTokens(this.stack, [...(this.canList() ? this.rules.keys() : this.rules.values())]);
  }

  private fits(arns: string[]): boolean {
    return (
      documentSize([new TemplateReader().resolve(this.stack, ruleTrustStatement(this.accounts, arns)) as Json])
        .estimate <= TRUST_POLICY_CHARACTERS
    );
  }
}

/**
 * The same for one target however its ARN is written. A logical id names a resource of its own stack only: for what
 * another stack makes, the path goes with it.
 */
function targetKey(stack: Stack, arn: string): unknown {
  const text = literalText(stack, arn);
  if (text !== undefined) return text;
  const references = Tokenization.reverseString(arn).tokens.filter(Reference.isReference);
  const elsewhere = references.filter((r) => Stack.of(r.target) !== stack && 'Fn::GetAtt' in Object(stack.resolve(r)));
  return elsewhere.length > 0 ? [arn, ...elsewhere.map((r) => r.target.node.path)] : arn;
}
