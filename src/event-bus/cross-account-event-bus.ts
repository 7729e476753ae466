import { Duration, Resource, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { CfnDiscoverer } from 'aws-cdk-lib/aws-eventschemas';
import * as iam from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ILogGroup, LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AllowedEvents } from './allowed-events';
import { AllowedRules } from './allowed-rules';
import { CrossAccountEventBusPolicy } from './cross-account-event-bus-policy';
import { CrossAccountEventBusProps } from './cross-account-event-bus-props';
import { EventBusAlarms } from './event-bus-alarms';
import { EventBusMetrics } from './event-bus-metrics';
import { EventBusProfile, ProductionProfileOptions } from './event-bus-profile';
import {
  eventBusArnFor,
  isCrossAccountEventBus,
  literalEventBusArn,
  markCrossAccountEventBus,
} from './event-bus-reference';
import { EventPublisher } from './event-publisher';
import { compareEnvironments, requireSameEnvironment } from '../core/environment';
import { validateString } from '../core/validate-values';
import { validationError, childPath } from '../core/validation-error';
import { eventBusName, statementId } from '../eventbridge/formats';
import { Statement } from '../iam/statement';
import { eventBusNameOf, logConfigOf } from './private/event-bus-props';
import { allowArchive, allowEvents, allowLogs } from './private/key-policy';
import { deliverLogs } from './private/log-delivery';
import { grantDeadLetterAccess } from '../permissions/dead-letter-queue';
import { grantIdentity, roleConstructOf } from './private/grantees';

/**
 * An event bus that other accounts may publish to. Usable wherever an `events.EventBus` is.
 *
 * Makes the bus and its resource policy, in this stack, and what else its props ask for: the policies of its
 * dead-letter queue and key, the delivery of its logs, schema discovery, alarms. It always has a physical name, so that
 * it can be referred to from any account. It does not touch the publisher's side: see `PublisherRole`.
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

  /** What goes wrong on this bus, as metrics. */
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
    const place = childPath(scope, id);
    validateString(place, 'eventBusName', props.eventBusName, eventBusName);
    if (schemaDiscovery && props.kmsKey) {
      throw validationError(
        place,
        "'schemaDiscovery' must be off on a bus with a customer managed key, got true; EventBridge " +
          'discovers no schemas there: leave out ' +
          "'schemaDiscovery' or 'kmsKey'",
      );
    }
    const logConfig = logConfigOf(place, props);
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
    if (props.deadLetterQueue) this.allowDeadLetters(props.deadLetterQueue);
    if (logConfig?.level && logConfig.level !== events.Level.OFF) {
      this.deliverLogs(logConfig.level, logGroup, profile._options?.logRetention);
    }
    if (schemaDiscovery) new CfnDiscoverer(this, 'SchemaDiscovery', { sourceArn: this.eventBusArn });
    if (profile._options) this.turnOn(profile._options, props);
  }

  /**
   * Archives events of this bus, so that they can be replayed. With a customer managed key of the bus, or one of its
   * own, the archive is encrypted with that, and the key lets it.
   *
   * @param id of the archive in this construct
   * @param props which events, for how long
   */
  public override archive(id: string, props: events.BaseArchiveProps): events.Archive {
    const { kmsKey = this.kmsKey, ...archiveProps } = props;
    const archive = super.archive(id, archiveProps);
    if (!kmsKey) return archive;
    // Set on the resource: the L2 would have the key's policy refer to the bus, which refers to the key.
    (archive.node.defaultChild as events.CfnArchive).kmsKeyIdentifier = kmsKey.keyArn;
    allowArchive(this, kmsKey);
    return archive;
  }

  /**
   * Lets somebody put events on this bus: the bus's half alone. The publisher's half is an identity policy in its own
   * account, see `PublisherRole`.
   *
   * @param publisher who
   * @param allowedEvents what they may publish; anything if left out
   */
  public allowPublisher(publisher: EventPublisher, allowedEvents?: AllowedEvents): void {
    this.resourcePolicy.allowPublisher(publisher, allowedEvents);
  }

  /**
   * Lets others manage their own rules on this bus, see `CrossAccountEventBusPolicy.allowRuleManagement()`.
   *
   * @param publisher the subscribers' accounts, organization or roles
   * @param allowedRules which rules they may make; any if left out
   */
  public allowRuleManagement(publisher: EventPublisher, allowedRules?: AllowedRules): void {
    this.resourcePolicy.allowRuleManagement(publisher, allowedRules);
  }

  /**
   * Lets a principal put events on this bus, with both halves: its identity policy where the app makes it, and the bus
   * policy unless it is of the bus's own account. A half that lies outside the app is said in a warning.
   *
   * @param grantee a role, function, account, organization or other principal
   * @param sid statement id of the bus's half, `[a-zA-Z0-9-_]{1,64}`: the grant then keeps a statement of its own, of
   * about 200 characters. Without it grants of one kind share a statement
   */
  public grantPutEventsTo(grantee: iam.IGrantable, sid?: string): iam.Grant {
    validateString(this, 'sid', sid, statementId);
    const principal = grantee.grantPrincipal;
    const holder = roleConstructOf(principal);
    const arn = holder ? eventBusArnFor(holder, this) : this.eventBusArn;
    const account =
      principal.principalAccount ??
      (Construct.isConstruct(grantee) && Resource.isResource(grantee) ? grantee.env.account : undefined);
    const local = account !== undefined && compareEnvironments(account, this.env.account) === 'same';
    // What cannot be granted is refused before anything is written.
    if (!local) EventPublisher.principal(principal)._render(this);
    const identity = grantIdentity(this, grantee, arn);
    return local && identity.success ? identity : this.busHalf(grantee, [arn], sid).combine(identity);
  }

  /**
   * Adds a statement to the policy of this bus, as it is. The bus is its resource unless it names one.
   *
   * Where the statement has a `sid`, that becomes the statement id; otherwise one is made that no other bus of the
   * account uses.
   */
  public addToResourcePolicy(statement: iam.PolicyStatement): iam.AddToResourcePolicyResult {
    validateString(this, 'sid', statement.sid, statementId);
    const { Sid, ...json } = statement.toStatementJson() as Statement;
    const missing = [
      ['Principal', 'NotPrincipal'],
      ['Action', 'NotAction'],
    ].find((either) => either.every((element) => json[element] === undefined));
    if (missing) {
      throw validationError(
        this,
        `'statement' must have ${missing.join(' or ')}, got neither; AWS refuses a policy without`,
      );
    }
    const resource =
      json.Resource === undefined && json.NotResource === undefined ? { Resource: this.eventBusArn } : {};
    this.resourcePolicy._addStatement({ ...json, ...resource } as Statement, statement.sid);
    return { statementAdded: true, policyDependable: this.resourcePolicy };
  }

  private busHalf(grantee: iam.IGrantable, resourceArns: string[], sid?: string): iam.Grant {
    this.resourcePolicy._allow(EventPublisher.principal(grantee.grantPrincipal), {}, sid);
    const addToResourcePolicy = () => ({ statementAdded: true, policyDependable: this.resourcePolicy });
    const statement = new iam.PolicyStatement({
      sid,
      actions: ['events:PutEvents'],
      resources: [this.eventBusArn],
      principals: [grantee.grantPrincipal],
    });
    const resource = { env: this.env, node: this.node, addToResourcePolicy };
    return iam.Grant.addStatementToResourcePolicy({
      grantee,
      actions: ['events:PutEvents'],
      resourceArns,
      statement,
      resource,
    });
  }

  private allowDeadLetters(queue: IQueue): void {
    grantDeadLetterAccess({ construct: this, arn: literalEventBusArn(this), ...this.env }, queue);
  }

  private deliverLogs(level: events.Level, logGroup?: ILogGroup, retention = RetentionDays.ONE_MONTH): void {
    if (logGroup) {
      requireSameEnvironment(
        this,
        'logGroup',
        logGroup,
        'logs are delivered within an account and region only: give a log group of this one',
      );
    }
    const logs = new Construct(this, 'Logs');
    deliverLogs(logs, this.eventBusArn, level, logGroup ?? new LogGroup(logs, 'LogGroup', { retention }));
    if (this.kmsKey) allowLogs(this, this.kmsKey);
  }

  private turnOn(
    { alarmActions }: ProductionProfileOptions,
    { kmsKey, deadLetterQueue }: CrossAccountEventBusProps,
  ): void {
    const watched = Stack.of(this)
      .node.findAll()
      .some((c) => c instanceof EventBusAlarms && c.failedPutEvents !== undefined);
    const alarms = new EventBusAlarms(this, 'Alarms', { eventBus: this, alarmActions, failedPutEvents: !watched });
    if (!kmsKey || deadLetterQueue) return;
    const queue = new Queue(this, 'DeadLetterQueue', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    (this.node.defaultChild as events.CfnEventBus).deadLetterConfig = { arn: queue.queueArn };
    this.allowDeadLetters(queue);
    alarms._alarm(
      'Unencrypted',
      queue.metricApproximateNumberOfMessagesVisible(),
      `Events that bus ${this.eventBusName} could not encrypt or decrypt wait in its dead-letter queue`,
    );
  }
}
