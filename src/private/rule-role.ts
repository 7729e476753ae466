import { Lazy, PhysicalName, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IRuleRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { roleNameOf, shortHash } from './environment';
import { invalid } from './errors';
import { foreignBusOf, spelledOutArnOf } from './rules';
import { TRUSTED_RULES } from '../policy/limits';
import { oneOrMany } from '../policy/statement';

/** What a rule reaches with a role. */
export interface RuleTarget {
  readonly arn: string;
  readonly action: string;
  /** Where the role must be named, if anywhere but in its own stack: in another stack of this app, or in another app. */
  readonly namedIn?: 'this app' | 'another app';
}

/**
 * The role with which rules reach one target: EventBridge may assume it for those rules of this account and for no other. From the ninth rule on
 * it is for every rule of their buses, because a list would not fit into the 2,048 characters of a trust policy. Where one of these buses is the
 * default bus, that is every rule of the account: the ARNs of its rules do not name it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
 */
export class RuleRole extends iam.Role {
  /** The role of a rule's stack for one target: made at the first call, shared after that. */
  public static for(rule: IRuleRef, target: RuleTarget): RuleRole {
    const stack = Stack.of(rule);
    const foreign = foreignBusOf(rule);
    const id = `RuleRole-${shortHash(stack, foreign ? [targetIdentity(stack, target.arn), foreign] : targetIdentity(stack, target.arn))}`;
    const role = (stack.node.tryFindChild(id) as RuleRole | undefined) ?? new RuleRole(stack, id, target, foreign?.env.account);
    role.rules.add(spelledOutArnOf(rule));
    if (foreign && role.rules.size > TRUSTED_RULES) {
      throw invalid(rule, `'targets' must not be the same for more than ${TRUSTED_RULES} rules of a stack on a bus of another account, got one more; a trust policy for all `
        + 'rules of that bus would serve those of other accounts too: make the rule in another stack');
    }
    // Not before the role may do what the rule needs it for.
    rule.node.addDependency(role);
    return role;
  }

  private readonly rules: Set<string>;

  private constructor(scope: Construct, id: string, target: RuleTarget, busAccount?: string) {
    const rules = new Set<string>();
    super(scope, id, {
      roleName: nameOf(scope, id, target),
      description: 'Delivers events of the rules that its trust policy names',
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: {
          // Which account a rule on a bus of another account acts for, AWS does not document; the rule itself is bound below.
          StringEquals: { 'aws:SourceAccount': oneOrMany([...(busAccount === undefined ? [] : [busAccount]), Stack.of(scope).account]) },
          ArnEquals: { 'aws:SourceArn': Lazy.uncachedAny({ produce: () => oneOrMany(sourceArns(Stack.of(scope), [...rules])) }) },
        },
      }),
    });
    this.rules = rules;
    this.addToPolicy(new iam.PolicyStatement({ actions: [target.action], resources: [target.arn] }));
  }
}

/** The rules, or the buses that they are on when there are too many for a trust policy; in an order that does not depend on how tokens are numbered. */
function sourceArns(stack: Stack, rules: string[]): string[] {
  const fitting = rules.length <= TRUSTED_RULES ? rules : rules.map((arn) => arn.replace(/[^/]+$/, '*'));
  const byText = new Map(fitting.map((arn) => [JSON.stringify(stack.resolve(arn)), arn]));
  return [...byText.keys()].sort().map((text) => byText.get(text)!);
}

/** A logical id names a resource of its own stack only: for what another stack makes, the path goes with it. */
function targetIdentity(stack: Stack, arn: string): unknown {
  const references = Tokenization.reverseString(arn).tokens.filter(Reference.isReference);
  const elsewhere = references.filter((r) => Stack.of(r.target) !== stack && 'Fn::GetAtt' in Object(stack.resolve(r)));
  return elsewhere.length > 0 ? [arn, ...elsewhere.map((r) => r.target.node.path)] : arn;
}

/** The CDK cannot make a name in a nested stack, or one whose region only deployment tells. */
function nameOf(scope: Construct, id: string, { namedIn }: RuleTarget): string {
  const { nested, region } = Stack.of(scope);
  const ours = namedIn === 'another app' || (namedIn === 'this app' && (nested || Token.isUnresolved(region)));
  return ours ? roleNameOf(scope, id) : PhysicalName.GENERATE_IF_NEEDED;
}
