import { Annotations, ArnFormat, PhysicalName, Stack, Token } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EventPublisher } from './event-publisher';
import { EventScope } from './event-scope';
import { FindingId } from './finding-id';
import { Reader } from './model/reader';
import { roleName } from './policy/formats';
import { roleStatement } from './policy/grants';
import { scopeConditions } from './policy/scopes';
import { Json } from './policy/statement';
import { attribute } from './policy/text';
import { checkedScope } from './private/checked-scopes';
import { compare, roleNameOf } from './private/environment';
import { checkFormat, invalid, placeOf } from './private/errors';
import { arnFor, isCrossAccountEventBus } from './private/event-buses';

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
 * Makes the role and its identity policy, in this stack. A `CrossAccountEventBus` of the app in another account gets its half too: a statement
 * for this role alone, which does not need the role to exist first. A bus of another account that the app does not make keeps its policy: a
 * warning gives the statement to add there. A bus of the same account needs nothing besides the identity policy.
 *
 * @resource AWS::IAM::Role
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
export class PublisherRole extends iam.Role {
  private readonly rolePath: string;
  private readonly eventScope: EventScope;
  private readonly statement: iam.PolicyStatement;
  private readonly buses = new Set<IEventBusRef>();

  constructor(scope: Construct, id: string, props: PublisherRoleProps) {
    const { eventBuses, scope: eventScope, ...roleProps } = props;
    const place = placeOf(scope, id);
    checkFormat(place, 'roleName', props.roleName, roleName);
    const checked = checkedScope(place, eventScope);
    if (checked.byRule) {
      throw invalid(place, "'invocation' must not be RULE, got RULE; holders of this role call PutEvents themselves: rules send with CrossAccountEventBusTarget");
    }
    if (!eventBuses || eventBuses.length === 0) {
      throw invalid(place, "'eventBuses' must name at least one bus, got none; without a bus an iam.Role is enough");
    }
    super(scope, id, { ...roleProps, roleName: props.roleName ?? nameOf(scope, id, eventBuses) });
    this.rolePath = props.path ?? '/';
    this.eventScope = eventScope ?? {};
    const conditions = scopeConditions(checked);
    this.statement = new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [arnFor(this, eventBuses[0])], conditions });
    this.addToPolicy(this.statement);
    for (const bus of eventBuses) this.addEventBus(bus);
  }

  /** Lets the role put events on one more bus, with the same scope. */
  public addEventBus(eventBus: IEventBusRef): void {
    if (this.buses.has(eventBus)) return;
    this.buses.add(eventBus);
    this.statement.addResources(arnFor(this, eventBus));
    const account = compare(eventBus.env.account, this.env.account);
    if (account === 'same') return;
    if (account === 'different' && isCrossAccountEventBus(eventBus)) {
      eventBus.allowPublisher(EventPublisher.role(this), this.eventScope);
    } else {
      this.warnOfBusHalf(eventBus);
    }
  }

  /** The bus is of an account that this app does not write to, or may be. */
  private warnOfBusHalf(eventBus: IEventBusRef): void {
    const stack = Stack.of(this);
    const bus = { arn: eventBus.eventBusRef.eventBusArn, partition: stack.partition };
    const arn = stack.formatArn({ service: 'iam', region: '', resource: `role${this.rolePath}${this.knownName()}`, arnFormat: ArnFormat.NO_RESOURCE_NAME });
    const statement = roleStatement({ account: this.env.account, arn }, checkedScope(this, this.eventScope), bus);
    const text = new Reader().resolve(stack, { arn: bus.arn, statement }) as { arn: string; statement: Json };
    const reason = isCrossAccountEventBus(eventBus)
      ? 'whether it is of another account than this role is known only at deployment; if it is,'
      : 'it is not a CrossAccountEventBus of this app, so';
    Annotations.of(this).addWarningV2(FindingId.EVENT_BUS_GRANT_ELSEWHERE,
      `events are refused until the policy of bus ${text.arn} lets this role in; ${reason} in its account call `
      + `allowPublisher(EventPublisher.role(...)) with the ARN of this role, or add the statement: ${JSON.stringify(text.statement)}`);
  }

  /** The name, where it is known before deployment. */
  private knownName(): string {
    return Token.isUnresolved(this.physicalName) ? attribute('name', this.node.path) : this.physicalName;
  }
}

/**
 * A role that another account must name needs a name before it is deployed. Within the app one is made only when it is asked for; the CDK
 * can do that where it knows the region.
 */
function nameOf(scope: Construct, id: string, eventBuses: IEventBusRef[]): string {
  const { account, region } = Stack.of(scope);
  const others = eventBuses.filter((bus) => compare(bus.env.account, account) === 'different');
  const outside = others.some((bus) => Token.isUnresolved(region) || !isCrossAccountEventBus(bus));
  return outside ? roleNameOf(scope, id) : PhysicalName.GENERATE_IF_NEEDED;
}
