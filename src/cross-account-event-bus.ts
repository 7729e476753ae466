import { Annotations, PhysicalName, Resource, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBusPolicy } from './cross-account-event-bus-policy';
import { EventPublisher } from './event-publisher';
import { EventScope } from './event-scope';
import { FindingId } from './finding-id';
import { Reader } from './model/reader';
import { eventBusName, statementId } from './policy/formats';
import { Conditions } from './policy/grants';
import { EVENT_BUS_NAME_CHARACTERS } from './policy/limits';
import { Statement } from './policy/statement';
import { allowDeadLetters } from './private/dead-letters';
import { compare, physicalNameOf } from './private/environment';
import { checkFormat, invalid, placeOf } from './private/errors';
import { arnFor, isCrossAccountEventBus, markCrossAccountEventBus } from './private/event-buses';

/** Properties of a cross-account event bus. */
export interface CrossAccountEventBusProps extends events.EventBusProps {
  /**
   * Who may put events on this bus from other accounts.
   *
   * Publishers of one kind share one statement of the bus policy.
   *
   * @default - nobody; add publishers later with `allowPublisher()`
   */
  readonly publishers?: EventPublisher[];
}

/**
 * An event bus that other accounts may publish to. Usable wherever an `events.EventBus` is.
 *
 * Makes the bus and its resource policy, in this stack, and the queue policy for its dead-letter queue. It always has a physical name, so
 * that it can be referred to from any account. It does not touch the publisher's side: see `PublisherRole`.
 *
 * @resource AWS::Events::EventBus
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 */
export class CrossAccountEventBus extends events.EventBus {
  /** Whether something is a bus of this class, also when it comes from another copy of this library. */
  public static isCrossAccountEventBus(x: any): x is CrossAccountEventBus {
    return isCrossAccountEventBus(x);
  }

  /** The grants on this bus. What must not be deployed before they are in force can depend on it. */
  public readonly resourcePolicy: CrossAccountEventBusPolicy;

  constructor(scope: Construct, id: string, props: CrossAccountEventBusProps = {}) {
    const { publishers, ...busProps } = props;
    checkFormat(placeOf(scope, id), 'eventBusName', props.eventBusName, eventBusName);
    super(scope, id, { ...busProps, eventBusName: nameOf(scope, id, props) });
    markCrossAccountEventBus(this);
    this.resourcePolicy = new CrossAccountEventBusPolicy(this, 'Policy', { eventBus: this, publishers });
    if (props.deadLetterQueue) {
      const arn = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: this.physicalName });
      allowDeadLetters({ construct: this, arn, ...this.env }, props.deadLetterQueue);
    }
  }

  /**
   * Lets somebody put events on this bus: the bus's half alone. The publisher's half is an identity policy in its own account, see `PublisherRole`.
   *
   * @param publisher who
   * @param scope what they may publish; anything if left out
   */
  public allowPublisher(publisher: EventPublisher, scope?: EventScope): void {
    this.resourcePolicy.allowPublisher(publisher, scope);
  }

  /**
   * Lets a principal put events on this bus, with both halves: its identity policy where the app makes it, and the bus policy unless it is of
   * the bus's own account. A half that lies outside the app is said in a warning.
   *
   * @param grantee a role, function, account, organization or other principal
   * @param sid statement id of the bus's half, `[a-zA-Z0-9-_]{1,64}`; one is made when it is left out
   */
  public grantPutEventsTo(grantee: iam.IGrantable, sid?: string): iam.Grant {
    checkFormat(this, 'sid', sid, statementId);
    const principal = grantee.grantPrincipal;
    const resourceArns = [isConstruct(principal) ? arnFor(principal, this) : this.eventBusArn];
    const account = principal.principalAccount ?? (Construct.isConstruct(grantee) && Resource.isResource(grantee) ? grantee.env.account : undefined);
    const local = account !== undefined && compare(account, this.env.account) === 'same';
    if (!local) EventPublisher.principal(principal)._render(this); // what cannot be granted is refused before anything is written
    const identity = isConstruct(principal) && isOfOtherAccount(principal)
      ? iam.Grant.drop(grantee, 'its policies cannot be changed from here')
      : iam.Grant.addToPrincipal({ grantee, actions: ['events:PutEvents'], resourceArns, conditions: conditionsOf(principal) });
    if (isConstruct(principal) && (isImmutable(principal) || isOfOtherAccount(principal))) this.warnOfIdentityHalf(principal, resourceArns[0]);
    if (local && identity.success) return identity;
    return this.busHalf(grantee, resourceArns, sid).combine(identity);
  }

  /**
   * Adds a statement to the policy of this bus, as it is. The bus is its resource unless it names one.
   *
   * Where the statement has a `sid`, that becomes the statement id; otherwise one is made that no other bus of the account uses.
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    checkFormat(this, 'sid', statement.sid, statementId);
    const { Sid, ...json } = statement.toStatementJson() as Statement;
    const missing = [['Principal', 'NotPrincipal'], ['Action', 'NotAction']].find((either) => either.every((element) => json[element] === undefined));
    if (missing) throw invalid(this, `'statement' must have ${missing.join(' or ')}, got neither; AWS refuses a policy without`);
    const resource = json.Resource === undefined && json.NotResource === undefined ? { Resource: this.eventBusArn } : {};
    this.resourcePolicy._addStatement({ ...json, ...resource } as Statement, statement.sid);
    return { statementAdded: true, policyDependable: this.resourcePolicy };
  }

  private busHalf(grantee: iam.IGrantable, resourceArns: string[], sid?: string): iam.Grant {
    this.resourcePolicy._allow(EventPublisher.principal(grantee.grantPrincipal), {}, sid);
    const addToResourcePolicy = () => ({ statementAdded: true, policyDependable: this.resourcePolicy });
    const statement = new iam.PolicyStatement({ sid, actions: ['events:PutEvents'], resources: [this.eventBusArn], principals: [grantee.grantPrincipal] });
    const resource = { env: this.env, node: this.node, addToResourcePolicy };
    return iam.Grant.addStatementToResourcePolicy({ grantee, actions: ['events:PutEvents'], resourceArns, statement, resource });
  }

  private warnOfIdentityHalf(principal: iam.IPrincipal & Construct, arn: string): void {
    const statement = { Effect: 'Allow', Action: 'events:PutEvents', Resource: new Reader().resolve(Stack.of(this), arn) };
    Annotations.of(this).addWarningV2(FindingId.ROLE_GRANT_ELSEWHERE,
      `the imported role '${principal.node.path}' cannot put events until an identity policy in its own account has `
      + `this statement: ${JSON.stringify(statement)}`);
  }
}

/** A partner bus takes the name of its source. */
function nameOf(scope: Construct, id: string, props: CrossAccountEventBusProps): string | undefined {
  const { eventBusName: name, eventSourceName } = props;
  if ((name !== undefined && name !== PhysicalName.GENERATE_IF_NEEDED) || eventSourceName !== undefined) return name;
  return physicalNameOf(scope, [id], EVENT_BUS_NAME_CHARACTERS);
}

/** A role whose policies the CDK must not change: it says that it did, but does nothing. */
function isImmutable(principal: iam.IPrincipal): boolean {
  return 'addGrantsToResources' in principal;
}

/** Imported, from another account than its stack for all that is known: its policies cannot be changed from here. */
function isOfOtherAccount(principal: iam.IPrincipal & Construct): boolean {
  return principal.principalAccount !== undefined && compare(principal.principalAccount, Stack.of(principal).account) !== 'same';
}

/** The conditions that a principal comes with limit its identity policy too. Some that can have one cannot be named in a statement. */
function conditionsOf(principal: iam.IPrincipal): Conditions {
  try {
    return principal.policyFragment.conditions as Conditions;
  } catch {
    return {};
  }
}

function isConstruct(principal: iam.IPrincipal): principal is iam.IPrincipal & Construct {
  return Construct.isConstruct(principal);
}
