import * as events from 'aws-cdk-lib/aws-events';
import { CfnDiscoverer } from 'aws-cdk-lib/aws-eventschemas';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { AllowedEvents } from './allowed-events';
import { AllowedRules } from './allowed-rules';
import { CrossAccountEventBusPolicy } from './cross-account-event-bus-policy';
import { CrossAccountEventBusProps } from './cross-account-event-bus-props';
import { EventBusMetrics } from './event-bus-metrics';
import { EventBusProfile } from './event-bus-profile';
import { EventBusReference } from './event-bus-reference';
import { EventPublisher } from './event-publisher';
import { compareEnvironments } from '../core/environment';
import { validateString } from '../core/validate-values';
import { validationError, childPath } from '../core/validation-error';
import { eventBusName, statementId } from '../eventbridge/formats';
import { Statement } from '../iam/statement';
import { allowDeadLetters, applyProfile, enableLogs } from './private/event-bus-features';
import { eventBusNameOf, logConfigOf } from './private/event-bus-props';
import { accountOfGrantee, grantIdentity, roleConstructOf } from './private/grantees';
import { allowArchive, allowEvents } from './private/key-policy';
import { isCrossAccountEventBus, markCrossAccountEventBus } from './private/policy-writer';
import { requireOneCdkRelease } from '../core/cdk-copies';

/**
 * An event bus that publishers in other accounts may put events on. It can be used wherever an `events.EventBus` can.
 *
 * It creates the bus and its resource-based policy, in this stack, and what its properties ask for: the policies of its
 * dead-letter queue and key, log delivery, schema discovery, alarms. The bus always has a physical name, so that any
 * account can refer to it. It does not create the identity-based policies of the publishers: see `PublisherRole`.
 *
 * @resource AWS::Events::EventBus
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 * @example
 * const central = new CrossAccountEventBus(this, 'Central', {
 *   publishers: [EventPublisher.organization('o-a1b2c3d4e5')],
 * });
 * central.allowPublisher(EventPublisher.role('arn:aws:iam::444444444444:role/ingest'));
 */
export class CrossAccountEventBus extends events.EventBus {
  /** Whether a value is a `CrossAccountEventBus`, even if it comes from another copy of this library. */
  public static isCrossAccountEventBus(x: any): x is CrossAccountEventBus {
    return isCrossAccountEventBus(x);
  }

  /** The resource-based policy of this bus. Constructs that must be deployed after the grants can depend on it. */
  public readonly resourcePolicy: CrossAccountEventBusPolicy;

  /** The CloudWatch metrics of failures on this bus. */
  public readonly metrics: EventBusMetrics;

  /** The customer managed key of the bus, if it has one. */
  public readonly kmsKey?: IKey;

  constructor(scope: Construct, id: string, props: CrossAccountEventBusProps = {}) {
    const {
      publishers,
      accountGrantForm,
      logGroup,
      schemaDiscovery,
      profile = EventBusProfile.none(),
      ...busProps
    } = props;
    requireOneCdkRelease(scope);
    const errorScope = childPath(scope, id);
    validateString(errorScope, 'eventBusName', props.eventBusName, eventBusName);
    if (schemaDiscovery && props.kmsKey) {
      throw validationError(
        errorScope,
        "'schemaDiscovery' must be false on a bus with a customer managed key, where EventBridge does not discover " +
          "schemas, got true; omit 'schemaDiscovery' or 'kmsKey'",
      );
    }
    const logConfig = logConfigOf(errorScope, props);
    super(scope, id, { ...busProps, logConfig, eventBusName: eventBusNameOf(scope, id, props) });
    markCrossAccountEventBus(this);
    if (props.eventSourceName === undefined) {
      validateString(this, 'eventBusName', (this.node.defaultChild as events.CfnEventBus).name, eventBusName);
    }
    this.kmsKey = props.kmsKey;
    this.metrics = EventBusMetrics.of(this);
    this.resourcePolicy = new CrossAccountEventBusPolicy(this, 'Policy', {
      eventBus: this,
      publishers,
      accountGrantForm,
    });
    if (props.kmsKey) allowEvents(this, props.kmsKey);
    if (props.deadLetterQueue) allowDeadLetters(this, props.deadLetterQueue);
    if (logConfig?.level && logConfig.level !== events.Level.OFF) {
      enableLogs(this, logConfig.level, { logGroup, retention: profile._options?.logRetention });
    }
    if (schemaDiscovery) new CfnDiscoverer(this, 'SchemaDiscovery', { sourceArn: this.eventBusArn });
    if (profile._options) applyProfile(this, profile._options, props);
  }

  /**
   * Archives events of this bus, so that they can be replayed. If the archive or the bus has a customer managed key,
   * the archive is encrypted with it, and the key policy allows that.
   *
   * @param id The ID of the archive construct within this bus.
   * @param props The events to archive and the time to keep them.
   */
  public override archive(id: string, props: events.BaseArchiveProps): events.Archive {
    const { kmsKey = this.kmsKey, ...archiveProps } = props;
    const archive = super.archive(id, archiveProps);
    if (!kmsKey) return archive;
    // Set on the resource, because the L2 would create a circular reference between the key policy and the bus.
    (archive.node.defaultChild as events.CfnArchive).kmsKeyIdentifier = kmsKey.keyArn;
    allowArchive(this, kmsKey);
    return archive;
  }

  /**
   * Allows a publisher to put events on this bus. This changes the resource-based policy only: the publisher also needs
   * an identity-based policy in its own account, see `PublisherRole`.
   *
   * @param publisher The principals that may publish.
   * @param allowedEvents The events that they may publish; any event if omitted.
   */
  public allowPublisher(publisher: EventPublisher, allowedEvents?: AllowedEvents): void {
    this.resourcePolicy.allowPublisher(publisher, allowedEvents);
  }

  /**
   * Allows other accounts to manage their own rules on this bus, see
   * `CrossAccountEventBusPolicy.allowRuleManagement()`.
   *
   * @param publisher The accounts, organization or roles that may manage rules.
   * @param allowedRules The rules that they may create; any rule if omitted.
   */
  public allowRuleManagement(publisher: EventPublisher, allowedRules?: AllowedRules): void {
    this.resourcePolicy.allowRuleManagement(publisher, allowedRules);
  }

  /**
   * Grants a principal permission to put events on this bus. If the principal is defined in this app, its
   * identity-based policy is changed. The bus policy is changed too, unless the principal is in the account of the bus
   * and that policy suffices. A warning shows each policy that this app cannot write.
   *
   * @param grantee The role, function, account, organization or other principal that may put events.
   * @param sid The statement ID in the bus policy, `[a-zA-Z0-9-_]{1,64}`. With it, the grant has a statement of its
   * own, of about 200 characters. Without it, grants of one kind share a statement.
   */
  public grantPutEventsTo(grantee: iam.IGrantable, sid?: string): iam.Grant {
    validateString(this, 'sid', sid, statementId);
    const principal = grantee.grantPrincipal;
    const role = roleConstructOf(principal);
    const arn = role ? EventBusReference.from(role, this).arn : this.eventBusArn;
    const account = accountOfGrantee(grantee);
    const isInBusAccount = account !== undefined && compareEnvironments(account, this.env.account) === 'same';
    // Reject a principal that the bus policy cannot allow before any policy is changed.
    if (!isInBusAccount) EventPublisher.principal(principal)._render(this);
    const identityGrant = grantIdentity(this, grantee, arn);
    if (isInBusAccount && identityGrant.success) return identityGrant;
    return this.grantOnBus(grantee, [arn], sid).combine(identityGrant);
  }

  /**
   * Adds a statement to the policy of this bus, unchanged. If the statement names no resource, the bus is its resource.
   *
   * If the statement has a `sid`, it becomes the statement ID; otherwise an ID is generated that no other bus in the
   * account uses. An error is thrown if the statement has no principal or no action.
   *
   * @param statement The statement to add.
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    validateString(this, 'sid', statement.sid, statementId);
    const { Sid: _, ...json } = statement.toStatementJson() as Statement;
    this.requireElement(json, 'Principal', 'NotPrincipal');
    this.requireElement(json, 'Action', 'NotAction');
    const namesResource = json.Resource !== undefined || json.NotResource !== undefined;
    const resource = namesResource ? {} : { Resource: this.eventBusArn };
    this.resourcePolicy._addStatement({ ...json, ...resource } as Statement, statement.sid);
    return { statementAdded: true, policyDependable: this.resourcePolicy };
  }

  private requireElement(statement: Statement, element: string, negatedElement: string): void {
    if (statement[element] !== undefined || statement[negatedElement] !== undefined) return;
    throw validationError(
      this,
      `'statement' must have ${element} or ${negatedElement}, got neither; add one of them to the statement`,
    );
  }

  /** Adds the grant to the resource-based policy. */
  private grantOnBus(grantee: iam.IGrantable, resourceArns: string[], sid?: string): iam.Grant {
    const actions = ['events:PutEvents'];
    this.resourcePolicy._allow(EventPublisher.principal(grantee.grantPrincipal), {}, sid);
    const statement = new iam.PolicyStatement({
      sid,
      actions,
      resources: [this.eventBusArn],
      principals: [grantee.grantPrincipal],
    });
    const addToResourcePolicy = () => ({ statementAdded: true, policyDependable: this.resourcePolicy });
    const resource = { env: this.env, node: this.node, addToResourcePolicy };
    return iam.Grant.addStatementToResourcePolicy({ grantee, actions, resourceArns, statement, resource });
  }
}
