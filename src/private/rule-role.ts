import { Lazy, PhysicalName, Stack } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { roleNameOf, shortHash } from './environment';
import { spelledOutArnOf } from './rules';
import { TRUSTED_RULES } from '../policy/limits';
import { oneOrMany } from '../policy/statement';

/** What a rule reaches with a role. */
export interface RuleTarget {
  readonly arn: string;
  readonly action: string;
  /** Whether another app must be able to name the role. */
  readonly named?: boolean;
}

/**
 * The role with which rules reach one target: EventBridge may assume it for those rules of this account and for no other. From the ninth rule on
 * it is for every rule of their buses, because a list would not fit into the 2,048 characters of a trust policy.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export class RuleRole extends iam.Role {
  /** The role of a rule's stack for one target: made at the first call, shared after that. */
  public static for(rule: IRuleRef, target: RuleTarget): RuleRole {
    const stack = Stack.of(rule);
    const id = `RuleRole-${shortHash(stack, target.arn)}`;
    const role = (stack.node.tryFindChild(id) as RuleRole | undefined) ?? new RuleRole(stack, id, target);
    role.rules.add(spelledOutArnOf(rule));
    // Not before the role may do what the rule needs it for.
    rule.node.addDependency(role);
    return role;
  }

  private readonly rules: Set<string>;

  private constructor(scope: Construct, id: string, target: RuleTarget) {
    const rules = new Set<string>();
    super(scope, id, {
      roleName: target.named ? roleNameOf(scope, id) : PhysicalName.GENERATE_IF_NEEDED,
      description: 'Delivers events of the rules that its trust policy names',
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(scope).account },
          ArnEquals: { 'aws:SourceArn': Lazy.any({ produce: () => oneOrMany(sourceArns([...rules])) }) },
        },
      }),
    });
    this.rules = rules;
    this.addToPolicy(new iam.PolicyStatement({ actions: [target.action], resources: [target.arn] }));
  }
}

/** The rules, or the buses that they are on when there are too many for a trust policy. */
function sourceArns(rules: string[]): string[] {
  const fitting = rules.length <= TRUSTED_RULES ? rules : rules.map((arn) => arn.replace(/[^/]+$/, '*'));
  return [...new Set(fitting)].sort();
}
