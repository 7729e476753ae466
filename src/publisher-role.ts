import { PhysicalName, Stack, Token } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBusPolicy } from './cross-account-event-bus-policy';
import { EventPublisher } from './event-publisher';
import { EventScope } from './event-scope';
import { FindingId } from './finding-id';
import { roleName } from './policy/formats';
import { roleStatement } from './policy/grants';
import { Scope } from './policy/scopes';
import { arnFor, cfnEventBusOf, whyNoGrants } from './private/bus/event-buses';
import { checkFormat } from './private/checked-values';
import { compare, roleNameOf } from './private/environment';
import { invalid, placeOf } from './private/errors';
import { warnOfOutside } from './private/outside';
import { judgeBoundary } from './private/permissions-boundary';
import { boundToAccount, trustProblems } from './private/publisher/bound-principal';
import { checkedScope } from './private/publisher/checked-scopes';
import { IdentityPolicies } from './private/publisher/identity-policies';
import { refuseLate } from './private/synthesized';

/** Properties of a publisher's role. */
export interface PublisherRoleProps extends iam.RoleProps {
  /** The buses that the role may publish on: at least one, each a bus of the app or one imported by ARN. */
  readonly eventBuses: IEventBusRef[];

  /**
   * What the role may publish. It limits the role's identity policy, and the grant that is added on buses of the app.
   *
   * @default - anything that the buses let in
   */
  readonly scope?: EventScope;
}

/**
 * A role whose holders may put events on exactly the given buses, in whichever account the buses are.
 *
 * Makes the role and its identity policy, in this stack; for more buses than a policy of 6,144 characters holds, about 90, managed policies with the
 * others. A bus of the app in another account gets its half too: a statement for this role alone, which does not need the role to exist first. A bus
 * of another account that the app does not make keeps its policy: a warning gives the statement to add there. A bus of the same account needs nothing
 * besides the identity policy.
 *
 * Where a service that tells for whom it acts assumes the role, Scheduler, Pipes, Step Functions, API Gateway or EventBridge, it may do so for this account
 * only, unless the principal has a condition on the source already. For holders in another account there is `CrossAccountPrincipal`. A trust policy that lets
 * strangers assume the role fails synthesis, and so does an identity provider without a subject or application: whoever signs in there could publish. The
 * role always has a name, unless only deployment tells its region and all its buses are of its own account.
 *
 * A permissions boundary must let the role put events on the buses: one of the app that does not fails synthesis, for one made elsewhere a warning gives
 * what it must allow, also where a stack or aspect sets it.
 *
 * @resource AWS::IAM::Role
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class PublisherRole extends iam.Role {
  private readonly rolePath: string;
  private readonly eventScope: EventScope;
  private readonly checkedScope: Scope;
  private readonly policies: IdentityPolicies;
  private readonly buses = new Set<IEventBusRef>();

  constructor(scope: Construct, id: string, props: PublisherRoleProps) {
    const { eventBuses, scope: eventScope = {}, ...roleProps } = props;
    const place = placeOf(scope, id);
    checkFormat(place, 'roleName', props.roleName, roleName);
    const checked = checkedScope(place, eventScope);
    if (checked.byRule) {
      throw invalid(place, "'invocation' must not be RULE, got RULE; holders of this role call PutEvents themselves: rules send with CrossAccountEventBusTarget");
    }
    if (!eventBuses || eventBuses.length === 0) {
      throw invalid(place, "'eventBuses' must name at least one bus, got none; without a bus an iam.Role is enough");
    }
    const assumedBy = boundToAccount(props.assumedBy, { stack: Stack.of(scope), place, externalIds: (props.externalIds ?? []).length > 0 });
    const given = props.roleName === PhysicalName.GENERATE_IF_NEEDED ? undefined : props.roleName;
    super(scope, id, { ...roleProps, assumedBy, roleName: given ?? nameOf(scope, id, eventBuses) });
    checkFormat(this, 'roleName', given, roleName);
    this.rolePath = props.path ?? '/';
    this.eventScope = eventScope;
    this.checkedScope = checked;
    this.policies = new IdentityPolicies(this, checked, props.managedPolicies?.length ?? 0);
    for (const bus of eventBuses) this.addEventBus(bus);
    this.node.addValidation({ validate: () => [...this.policies.problems(), ...trustProblems(this)] });
  }

  /** Lets the role put events on one more bus, with the same scope. */
  public addEventBus(eventBus: IEventBusRef): void {
    const bus = cfnEventBusOf(eventBus) ?? eventBus;
    if (this.buses.has(bus)) return;
    refuseLate(this, this, 'eventBus', { must: 'be added', got: `'${eventBus.node.path}' after that, which the template does not have` });
    const account = compare(eventBus.env.account, this.env.account);
    if (account !== 'same') this.refuseWithoutName(eventBus);
    const arn = arnFor(this, eventBus);
    this.policies.allow(arn);
    judgeBoundary(this, 'events:PutEvents', arn);
    this.allowOn(eventBus, account);
    this.buses.add(bus);
  }

  /** The half of a bus of another account. */
  private allowOn(eventBus: IEventBusRef, account: ReturnType<typeof compare>): void {
    if (account === 'same') return;
    const grants = account === 'different' ? CrossAccountEventBusPolicy._of(eventBus) : undefined;
    if (grants) grants.allowPublisher(EventPublisher.role(this), this.eventScope);
    else this.warnOfBusHalf(eventBus, whyNoGrants(eventBus, account));
  }

  /** The policy of the bus must name the role. */
  private refuseWithoutName(eventBus: IEventBusRef): void {
    if (this.stack.resolve(this.physicalName) !== undefined) return;
    throw invalid(this, `'roleName' must be given where only deployment tells the region and a bus of another account is added later, got none and '${eventBus.node.path}'; `
      + "give the role a 'roleName', or name the bus in 'eventBuses'");
  }

  private isScoped(): boolean {
    return Object.values(this.eventScope).some((limit) => limit !== undefined);
  }

  /** The bus is of an account that this app does not write to, or may be. */
  private warnOfBusHalf(eventBus: IEventBusRef, because: string): void {
    const { account, partition } = this.stack;
    const bus = { arn: eventBus.eventBusRef.eventBusArn, partition };
    const arn = `arn:${partition}:iam::${account}:role${this.rolePath}${this.physicalName}`;
    warnOfOutside(this, FindingId.EVENT_BUS_GRANT_ELSEWHERE, (text) => `events are refused until the policy of bus ${text(bus.arn)} lets this role in; ${because} in its account call `
      + `allowPublisher(EventPublisher.role('${text(arn)}')${this.isScoped() ? ', …) with the scope of this role' : ')'}, or add the statement: `
      + text(roleStatement({ account, arn }, this.checkedScope, bus)));
  }
}

/** A role that another account must name needs a name before it is deployed; which accounts that are may show later only. */
function nameOf(scope: Construct, id: string, eventBuses: IEventBusRef[]): string | undefined {
  const { account, region } = Stack.of(scope);
  const named = !Token.isUnresolved(region) || eventBuses.some((bus) => compare(bus.env.account, account) !== 'same');
  return named ? roleNameOf(scope, id) : undefined;
}
