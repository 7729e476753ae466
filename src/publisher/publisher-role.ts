import { PhysicalName, Stack, Token } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, IConstruct } from 'constructs';
import { isAllowedByBusPolicy, publisherQuery } from '../checks/delivery/lib/bus-policy';
import { needOfRole } from '../checks/delivery/lib/needs';
import { ToText, warnManualStep } from '../checks/engine/warn-manual-step';
import { FindingId } from '../checks/finding-id';
import { deployAfter } from '../core/deploy-after';
import { roleNameOf } from '../core/environment';
import { relationTo } from '../core/resource-reference';
import { rejectAfterSynthesis } from '../core/synthesized-stages';
import { validateSpelling } from '../core/validate-properties';
import { validateIsList, validateList, validateString } from '../core/validate-values';
import { addValidation, validationError, childPath } from '../core/validation-error';
import { AllowedEvents } from '../event-bus/allowed-events';
import { validatedEventsOfRole } from '../event-bus/allowed-events-inputs';
import { CrossAccountEventBusPolicy } from '../event-bus/cross-account-event-bus-policy';
import { EventBusReference } from '../event-bus/event-bus-reference';
import { EventPublisher } from '../event-bus/event-publisher';
import { roleStatement } from '../eventbridge/bus-statements';
import { roleName } from '../eventbridge/formats';
import { AllowedEventValues } from '../eventbridge/grant-conditions';
import { validateBoundary } from '../permissions/permissions-boundary';
import { IdentityPolicies } from './private/identity-policies';
import { withSourceAccount, trustProblems } from './private/source-account-principal';
import { requireOneCdkRelease } from '../core/cdk-copies';

/** Properties of `PublisherRole`. */
export interface PublisherRoleProps extends iam.RoleProps {
  /**
   * The event buses that the role may publish on: at least one, each of them defined in this app or imported by ARN.
   */
  readonly eventBuses: IEventBusRef[];

  /**
   * The events that the role may publish.
   *
   * They limit the identity-based policy of the role, and the grants that are added to buses defined in this app. An
   * error is thrown if `invocation` is `RULE`, because a role calls `PutEvents` itself.
   *
   * @default - any event that the buses allow
   */
  readonly allowedEvents?: AllowedEvents;

  /**
   * The names of roles that this role replaces, such as its generated name before you renamed its construct.
   *
   * The policies of the buses in other accounts also allow these roles, in the account and path of this role, and are
   * deployed before this role. Both roles can then publish until the old role is deleted. Remove the property after the
   * deployment. This applies to buses that are defined in this app: the policies of other buses are not changed. An
   * error is thrown if the stack of a bus is deployed after this stack. Stages are not ordered: deploy that of the bus
   * first.
   *
   * @default - no other roles
   */
  readonly previousRoleNames?: string[];
}

/**
 * A role that may put events on exactly the given event buses, in any account.
 *
 * It creates the role and its identity-based policy, in this stack. A policy of 6,144 characters holds about 90 buses;
 * for further buses it creates managed policies.
 *
 * If a bus in another account is defined in this app, its resource-based policy gets a statement for this role alone,
 * which does not need the role to exist first. If a bus in another account is not defined in this app, its policy is
 * not changed, and a warning shows the statement to add there. A bus in the same account needs only the identity-based
 * policy.
 *
 * EventBridge Scheduler, Pipes, Step Functions, API Gateway and EventBridge report the source that they act for. If one
 * of them assumes the role, it may do so for this account only, unless the principal already has a condition on the
 * source. For principals in another account, use `CrossAccountPrincipal`.
 *
 * Synthesis fails if the trust policy allows principals in any AWS account, or an identity provider without a condition
 * on the subject or application: every user of that provider could publish. The role always has a name, unless its
 * region is known only at deployment and all its buses are in its own account.
 *
 * A permissions boundary must allow the role to put events on the buses, even if a stack or an aspect sets it. If a
 * boundary that is defined in this app does not, synthesis fails. For an imported one, a warning shows what it must
 * allow.
 *
 * @resource AWS::IAM::Role
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 * @example
 * new PublisherRole(this, 'Publisher', {
 *   assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
 *   eventBuses: [bus, otherBus],
 *   allowedEvents: { sources: ['com.example.shop'] },
 * });
 */
export class PublisherRole extends iam.Role {
  private readonly rolePath: string;
  private readonly allowedEvents: AllowedEvents;
  private readonly previousRoleNames: string[];
  private readonly allowedEventValues: AllowedEventValues;
  private readonly policies: IdentityPolicies;
  private readonly buses = new Set<IConstruct>();

  constructor(scope: Construct, id: string, props: PublisherRoleProps) {
    const { eventBuses, allowedEvents = {}, previousRoleNames, ...roleProps } = props;
    requireOneCdkRelease(scope);
    const errorScope = childPath(scope, id);
    validateSpelling(errorScope, props, ['eventBuses', 'allowedEvents', 'previousRoleNames']);
    validateIsList(errorScope, 'eventBuses', eventBuses);
    validateList(errorScope, 'previousRoleNames', previousRoleNames, roleName, 'omit the property');
    validateString(errorScope, 'roleName', props.roleName, roleName);
    const allowedEventValues = validatedEventsOfRole(errorScope, allowedEvents);
    if (!eventBuses || eventBuses.length === 0) {
      throw validationError(
        errorScope,
        "'eventBuses' must hold at least one bus, got none; add a bus, or use an iam.Role",
      );
    }
    const assumedBy = withSourceAccount(props.assumedBy, {
      stack: Stack.of(scope),
      errorScope,
      externalIds: (props.externalIds ?? []).length > 0,
    });
    const customName = props.roleName === PhysicalName.GENERATE_IF_NEEDED ? undefined : props.roleName;
    super(scope, id, { ...roleProps, assumedBy, roleName: customName ?? generatedName(scope, id, eventBuses) });
    validateString(this, 'roleName', customName, roleName);
    this.rolePath = props.path ?? '/';
    this.allowedEvents = allowedEvents;
    this.allowedEventValues = allowedEventValues;
    this.previousRoleNames = previousRoleNames ?? [];
    this.policies = new IdentityPolicies(this, allowedEventValues, props.managedPolicies?.length ?? 0);
    for (const bus of eventBuses) this.addEventBus(bus);
    addValidation(this, () => [...this.policies.problems(), ...trustProblems(this)]);
  }

  /**
   * Allows the role to put events on one more event bus, limited to the same events.
   *
   * An error is thrown if the stage of the role has been synthesized already.
   *
   * @param eventBus The event bus, defined in this app or imported by ARN.
   */
  public addEventBus(eventBus: IEventBusRef): void {
    const reference = EventBusReference.from(this, eventBus);
    if (this.buses.has(reference.resource)) return;
    rejectAfterSynthesis(this, this, 'eventBus', {
      must: 'be added',
      got: `'${eventBus.node.path}', which the template of the role does not contain`,
    });
    if (reference.account !== 'same') this.requireRoleName(eventBus);
    this.policies.allow(reference.arn);
    validateBoundary(this, 'events:PutEvents', reference.arn);
    reference.grantCrossAccount(
      (policy) => this.allowOn(policy, eventBus),
      (reason) => this.warnManualBusPolicy(reference, reason),
    );
    this.buses.add(reference.resource);
  }

  /** Allows this role, and the roles that it replaces, in the policy of a bus in another account. */
  private allowOn(
    policy: IConstruct & Pick<CrossAccountEventBusPolicy, 'allowPublisher'>,
    { node }: IEventBusRef,
  ): void {
    policy.allowPublisher(EventPublisher.role(this), this.allowedEvents);
    if (this.previousRoleNames.length === 0) return;
    const resource = this.node.defaultChild as iam.CfnRole;
    for (const name of this.previousRoleNames) {
      policy.allowPublisher(EventPublisher._replacedRole(resource, name), this.allowedEvents);
    }
    deployAfter(this, policy, () =>
      validationError(
        this,
        `'previousRoleNames' must be omitted if the stack of a bus depends on this stack, got bus '${node.path}'; ` +
          'define the new role beside the old one, and remove the old one in a later deployment',
      ),
    );
  }

  /** Rejects a bus in another account if the role has no name that the bus policy can contain. */
  private requireRoleName(eventBus: IEventBusRef): void {
    if (this.stack.resolve(this.physicalName) !== undefined) return;
    throw validationError(
      this,
      "'roleName' must be set to add a bus in another account to a role whose region is known only at deployment, " +
        `got none for bus '${eventBus.node.path}'; set 'roleName', or pass the bus in 'eventBuses'`,
    );
  }

  private warnManualBusPolicy(reference: EventBusReference, reason: string): void {
    const { account, partition } = this.stack;
    const bus = { arn: reference.arn, partition };
    const arn = this.arnWithoutReference;
    const statement = roleStatement({ account, arn }, this.allowedEventValues, bus);
    warnManualStep(this, {
      id: FindingId.MANUALLY_ADD_EVENT_BUS_POLICY,
      resource: bus.arn,
      isOwned: reference.isOwned,
      describe: (text) => ({
        problem: `PutEvents is denied until the policy of bus ${text(bus.arn)} allows this role`,
        // PutEvents succeeds for a bus that does not exist.
        consequence: 'the events are lost',
        reason,
        fix: reference.manualStepFix(text, this.allowPublisherCall(text, arn), statement),
      }),
      isMet: (app) => isAllowedByBusPolicy(app, this, publisherQuery(bus.arn, arn, this.allowedEventValues)),
      need: (app, busArn) => needOfRole(app, this, busArn),
    });
  }

  /** The ARN as text, which a bus policy can contain before the role exists. */
  private get arnWithoutReference(): string {
    const { account, partition } = this.stack;
    return `arn:${partition}:iam::${account}:role${this.rolePath}${this.physicalName}`;
  }

  /** The call of this library that adds the statement for this role to a bus policy. */
  private allowPublisherCall(text: ToText, arn: string): string {
    const { sources, detailTypes, invocation } = this.allowedEvents;
    const limits: string[] = [];
    if (sources) limits.push(`sources: ${text(sources)}`);
    if (detailTypes) limits.push(`detailTypes: ${text(detailTypes)}`);
    if (invocation) limits.push(`invocation: EventBusInvocation.${invocation}`);
    const allowedEvents = limits.length > 0 ? `, { ${limits.join(', ').replace(/"/g, "'")} }` : '';
    return `allowPublisher(EventPublisher.role('${text(arn)}')${allowedEvents})`;
  }
}

/**
 * The generated name of a role. A role needs a name before it is deployed if a bus policy in another account may have
 * to contain it. Undefined if all buses are in the account of the role and the Region is unresolved.
 */
function generatedName(scope: Construct, id: string, eventBuses: IEventBusRef[]): string | undefined {
  const needsName =
    !Token.isUnresolved(Stack.of(scope).region) ||
    eventBuses.some(({ env }) => relationTo(scope, env).account !== 'same');
  return needsName ? roleNameOf(scope, id) : undefined;
}
