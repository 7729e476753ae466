import { exactEventsOf } from './events';
import { manualStepFinding } from './manual-steps';
import { AppIndex } from '../../../app-model/app-index';
import { Role, Rule, Target } from '../../../app-model/app-model';
import { RequiredCondition } from '../../../app-model/resolve/branches';
import { EventEnvelope } from '../../../eventbridge/event-pattern';
import { accountOf } from '../../../iam/arn';
import { equals } from '../../../iam/matching';
import { Ternary, not } from '../../../iam/ternary';
import { displayText } from '../../../iam/unresolved-text';
import { Need } from '../../../topology/need';
import { Finding, FindingText, errorFinding, withAffected } from '../../engine/finding';
import { BUS, TargetKind, targetKindOf } from '../../engine/target-kinds';
import { FindingId } from '../../finding-id';

/** A rule, one of its targets, and the execution role of the target. */
export class RuleTargetPath {
  public readonly target: Target;
  /** The execution role, if the app defines it. */
  public readonly role?: Role;
  /** Whether the role is a property of the rule instead of the target. */
  public readonly usesRoleOfRule: boolean;
  /** Undefined if the kind of the target is not known, or if its ARN is known only at deployment. */
  public readonly kind?: TargetKind;
  /** Whether rule and target are in different accounts. Unknown if an account is known only at deployment. */
  public readonly isCrossAccount: Ternary;

  /** @param event one event, instead of all events that the pattern of the rule lists */
  constructor(
    public readonly app: AppIndex,
    public readonly rule: Rule,
    target: Target,
    private readonly event?: EventEnvelope,
  ) {
    this.kind = target.arn.startsWith('arn:') ? targetKindOf(target.arn) : undefined;
    this.usesRoleOfRule = usesRoleOfRule(rule, target, this.kind);
    this.target = this.usesRoleOfRule ? { ...target, roleArn: rule.roleArn } : target;
    this.role = this.target.roleArn === undefined ? undefined : app.role(this.target.roleArn);
    this.isCrossAccount = not(equals(accountOf(rule.arn), accountOf(target.arn)));
  }

  /** The events that are evaluated. */
  public get events(): EventEnvelope[] {
    return this.event ? [this.event] : exactEventsOf(this.rule.pattern);
  }

  /** Whether the path is evaluated by itself: what other checks report about its policies then counts here too. */
  public get isSingleEvent(): boolean {
    return this.event !== undefined;
  }

  /** The CloudFormation conditions under which the rule has the target. */
  public get given(): readonly RequiredCondition[] {
    return [...(this.rule.conditions ?? []), ...(this.target.conditions ?? [])];
  }

  /** The target in messages, such as `queue arn:…`. */
  public get targetName(): string {
    return `${this.kind?.noun ?? 'target'} ${displayText(this.target.arn)}`;
  }

  /** The rule in messages. */
  public get ruleName(): string {
    return `rule '${displayText(this.rule.name)}'`;
  }

  /** The target within its rule, in messages. */
  public get targetOfRule(): string {
    return `target '${displayText(this.target.id)}' of ${this.ruleName}`;
  }

  /** The call that delivers an event, in messages. */
  public get call(): string {
    if (!this.kind) return 'the action of the target';
    const { action, actsOn } = this.kind;
    const actsOnTarget = actsOn === undefined || actsOn === 'stateMachine' || actsOn === 'jobQueueAndDefinition';
    return actsOnTarget ? `${action} on ${displayText(this.target.arn)}` : action;
  }

  /** Creates an error about the target, on the rule or on the construct to change instead. */
  public error(id: FindingId, text: FindingText, construct = this.rule.construct): Finding[] {
    const finding = errorFinding(id, construct, text, displayText(this.target.arn));
    return [construct === this.rule.construct ? finding : withAffected(finding, this.rule.construct)];
  }

  /**
   * Creates a warning on the rule about a policy that must be changed or verified; none if a construct already warns
   * about it.
   *
   * @param need what the policy must allow, if that is known
   * @param resource the ARN of the resource that has the policy
   */
  public manualStep(id: FindingId, text: FindingText, need?: Need, resource = this.target.arn): Finding[] {
    return manualStepFinding(id, this.rule.construct, text, resource, need);
  }
}

/** A path whose target is of a known kind. */
export type KnownTargetPath = RuleTargetPath & { readonly kind: TargetKind };

export function isKnownTarget(path: RuleTargetPath): path is KnownTargetPath {
  return path.kind !== undefined;
}

/**
 * EventBridge uses the role of the rule for targets that need one and have none. A bus needs its own.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
function usesRoleOfRule(rule: Rule, target: Target, kind: TargetKind | undefined): boolean {
  return rule.roleArn !== undefined && target.roleArn === undefined && kind?.role === 'always' && kind !== BUS;
}
