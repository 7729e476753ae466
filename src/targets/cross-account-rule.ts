import { Stack, Token } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { ruleManagementNeedOf } from '../checks/delivery/lib/needs';
import { isRuleAllowed } from '../checks/delivery/rule-management';
import { ToText, untilAllowed, warnManualStep } from '../checks/engine/warn-manual-step';
import { FindingId } from '../checks/finding-id';
import { requireOneCdkRelease } from '../core/cdk-copies';
import { deployAfterGrants } from '../core/deploy-after';
import { compareEnvironments, physicalNameOf, readNow } from '../core/environment';
import { validationError, childPath } from '../core/validation-error';
import { AllowedRules } from '../event-bus/allowed-rules';
import { EventBusReference } from '../event-bus/event-bus-reference';
import { EventPublisher } from '../event-bus/event-publisher';
import { eventField } from '../eventbridge/formats';
import { AllowedRuleValues } from '../eventbridge/grant-conditions';
import { RULE_NAME_CHARACTERS } from '../eventbridge/quotas';
import { ruleManagementStatement } from '../eventbridge/rule-statement';
import { accountOf } from '../iam/arn';
import { displayText } from '../iam/unresolved-text';

/** Properties of `CrossAccountRule`. */
export interface CrossAccountRuleProps {
  /** The event bus, in another account and in the Region of this stack: imported by ARN, or defined in this app. */
  readonly eventBus: events.IEventBusRef;

  /** The pattern of the events that the rule matches. */
  readonly eventPattern: events.EventPattern;

  /**
   * The name of the rule, unique among all rules on the bus, including rules of other accounts.
   *
   * @default - a name from the path of this construct and the account
   */
  readonly ruleName?: string;

  /**
   * The description of the rule.
   *
   * @default - no description
   */
  readonly description?: string;

  /**
   * Whether the rule is enabled.
   *
   * @default true
   */
  readonly enabled?: boolean;

  /**
   * The targets of the rule: event buses in this account, as `CrossAccountEventBusTarget`.
   *
   * @default - no targets; add them later with `addTarget()`
   */
  readonly targets?: events.IRuleTarget[];
}

/**
 * A rule on an event bus in another account, which this account owns and manages.
 *
 * It creates the rule, in this stack, with the ARN of the bus, because the name alone would refer to a bus in this
 * account. The account of the bus must allow this account to manage rules. If the bus is defined in this app, its
 * policy allows that, for the sources and detail types that the pattern names as exact matches. Otherwise, a warning
 * shows the method to call there.
 *
 * The targets can be event buses in this account only: EventBridge rejects other targets in the account of the rule.
 * Forward the events to a bus in this account, and add rules with any target there. An error is thrown for any other
 * target, for a bus in this account, and for a bus in another Region.
 *
 * @resource AWS::Events::Rule
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
 * @example
 * new CrossAccountRule(this, 'OrdersOfTheShop', {
 *   eventBus: EventBus.fromEventBusArn(this, 'Central', 'arn:aws:events:eu-west-1:111111111111:event-bus/central'),
 *   eventPattern: { source: ['com.example.shop'], detailType: ['OrderPlaced'] },
 *   targets: [new CrossAccountEventBusTarget(localBus)],
 * });
 */
export class CrossAccountRule extends events.Rule {
  /** Undefined while the constructor of the L2 runs. */
  private readonly reference?: EventBusReference;
  private readonly patterns: events.EventPattern[] = [];
  private manualStep?: ManualStep;

  constructor(scope: Construct, id: string, props: CrossAccountRuleProps) {
    const { eventBus, targets, ruleName, ...ruleProps } = props;
    requireOneCdkRelease(scope);
    requireCrossAccountBus(scope, id, eventBus);
    super(scope, id, { ...ruleProps, ruleName: ruleName ?? nameOf(scope, id) });
    const reference = EventBusReference.from(this, eventBus);
    const { arn } = reference;
    if (!arn.startsWith('arn:')) {
      throw validationError(
        this,
        "'eventBus' must have an ARN whose account, region and name are known at synthesis, got one that is known " +
          'only at deployment; use a literal ARN, or build it from literal parts with Stack.formatArn()',
      );
    }
    (this.node.defaultChild as events.CfnRule).eventBusName = arn;
    this.reference = reference;
    this.grantRuleManagement(reference, props.eventPattern);
    for (const target of targets ?? []) this.addTarget(target);
  }

  /**
   * Adds to the event pattern, and to the rules that the bus allows this account to create.
   *
   * @param eventPattern The pattern to add.
   */
  public override addEventPattern(eventPattern?: events.EventPattern): void {
    super.addEventPattern(eventPattern);
    if (this.reference && eventPattern) this.grantRuleManagement(this.reference, eventPattern);
  }

  /**
   * Adds a target, which must be an event bus in this account; an error is thrown otherwise.
   *
   * @param target The event bus, as `CrossAccountEventBusTarget`.
   */
  public override addTarget(target?: events.IRuleTarget): void {
    super.addTarget(target && { bind: (rule, id) => this.validatedTarget(target.bind(rule, id)) });
  }

  private validatedTarget(config: events.RuleTargetConfig): events.RuleTargetConfig {
    const target = String(readNow(this, config.arn));
    if (target.includes(':event-bus/') && accountOf(target) === String(readNow(this, this.env.account))) return config;
    throw validationError(
      this,
      `'targets' must be buses in this account for a rule on a bus in another account, got '${displayText(target)}'; ` +
        'forward the events to a bus in this account with CrossAccountEventBusTarget, and add a rule with this ' +
        'target there',
    );
  }

  /** Allows this account, in the bus policy, to manage rules with this pattern that send to its own buses. */
  private grantRuleManagement(reference: EventBusReference, pattern: events.EventPattern): void {
    const { account } = this.env;
    this.patterns.push(pattern);
    const allowedRules: AllowedRules = {
      sources: exactValues(this.patterns.flatMap(({ source }) => source ?? [])),
      detailTypes: exactValues(this.patterns.flatMap(({ detailType }) => detailType ?? [])),
      targetArns: [
        Stack.of(this).formatArn({ service: 'events', region: '*', resource: 'event-bus', resourceName: '*' }),
      ],
    };
    const { policy } = reference;
    if (!policy) return this.warnManualBusPolicy(reference, allowedRules, reference.manualStepReason);
    if (Token.isUnresolved(account)) {
      throw validationError(
        this,
        `'eventBus' must be imported if the account of this stack is known only at deployment, got ` +
          `'${reference.eventBus.node.path}' of this app, whose policy must name that account; set 'env' on this stack`,
      );
    }
    deployAfterGrants(this, policy, reference.eventBus);
    if (!allowedRules.sources && !allowedRules.detailTypes) {
      return this.warnManualBusPolicy(
        reference,
        allowedRules,
        'the pattern has no exact sources or detail types, so the grant would be for all events',
      );
    }
    policy.allowRuleManagement(EventPublisher.accounts(account), allowedRules);
  }

  /** Warns at synthesis, unless the bus policy allows this account to manage the rule. */
  private warnManualBusPolicy(reference: EventBusReference, allowedRules: AllowedRuleValues, reason: string): void {
    const isFirst = this.manualStep === undefined;
    // For another pattern of the rule, the later warning has all of its values.
    this.manualStep = { allowedRules, reason };
    if (!isFirst) return;
    const { arn } = reference;
    warnManualStep(this, {
      id: FindingId.MANUALLY_ALLOW_RULE_MANAGEMENT,
      resource: arn,
      isOwned: reference.isOwned,
      describe: (text) => ({
        ...untilAllowed('the rule is rejected', `the policy of bus ${text(arn)} allows this account to manage rules`),
        reason: this.manualStep!.reason,
        fix: this.manualStepFix(text, reference, this.manualStep!.allowedRules),
      }),
      isMet: (app) => isRuleAllowed(app, this),
      need: (app) => ruleManagementNeedOf(app, this),
    });
  }

  private manualStepFix(text: ToText, { isOwned, policy, arn }: EventBusReference, allowed: AllowedRuleValues): string {
    const { account } = this.env;
    if (isOwned && !policy) {
      const ruleArn = `${arn.replace(':event-bus/', ':rule/')}/${this.physicalName}`;
      const statement = ruleManagementStatement(account, ruleArn);
      return `add this statement to the 'policy' property of the bus: ${text(statement)}`;
    }
    const limits = Object.entries(allowed).flatMap(([name, values]: [string, string[] | undefined]) =>
      values ? [`${name}: [${values.map((value) => `'${text(value)}'`).join(', ')}]`] : [],
    );
    const call = `call allowRuleManagement(EventPublisher.accounts('${text(account)}'), { ${limits.join(', ')} })`;
    // The grant to a bus of this app ends the warning.
    return `in the account of the bus, ${call}${policy ? '' : ', then acknowledge this warning'}`;
  }
}

/** A grant that this app does not add to the bus policy, and why. */
interface ManualStep {
  readonly allowedRules: AllowedRuleValues;
  readonly reason: string;
}

function requireCrossAccountBus(scope: Construct, id: string, { env }: events.IEventBusRef): void {
  const { account, region } = Stack.of(scope);
  const place = childPath(scope, id);
  if (compareEnvironments(env.account, account) === 'same') {
    throw validationError(
      place,
      `'eventBus' must be a bus in another account, got one in this account ${account}; use an events.Rule for it`,
    );
  }
  if (compareEnvironments(env.region, region) === 'different') {
    throw validationError(
      place,
      `'eventBus' must be in region ${region}, got one in ${env.region}; define the rule in a stack in that region`,
    );
  }
}

/** A name with the account: the rules of all accounts on a bus share one namespace, and may come from the same app. */
function nameOf(scope: Construct, id: string): string {
  const { account } = Stack.of(scope);
  return `${physicalNameOf(scope, [id], RULE_NAME_CHARACTERS - '-000000000000'.length)}-${account}`;
}

/** The values of a pattern, if all of them are exact matches. */
function exactValues(values: unknown[]): string[] | undefined {
  const exact = values.every(
    (value): value is string =>
      typeof value === 'string' && !Token.isUnresolved(value) && eventField(value) === undefined,
  );
  return exact && values.length > 0 ? values : undefined;
}
