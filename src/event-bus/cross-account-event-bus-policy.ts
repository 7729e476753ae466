import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct, IConstruct } from 'constructs';
import { AccountGrantForm } from './account-grant-form';
import { AllowedEvents } from './allowed-events';
import { validatedRules, validatedEvents } from './allowed-events-inputs';
import { AllowedRules } from './allowed-rules';
import { CrossAccountEventBusPolicyProps } from './cross-account-event-bus-policy-props';
import { EventPublisher } from './event-publisher';
import { cfnEventBusOf } from './private/event-bus-arn';
import { allowRuleManagers } from './private/key-policy';
import { PolicyResources } from './private/policy-resources';
import { validateInlinePolicy, validateStatementIds } from './private/policy-validation';
import { EventBusPolicyWriter, isCrossAccountEventBus, policyWriterOf, setPolicyWriter } from './private/policy-writer';
import { validatePublishers } from '../checks/engine/synthesis-validations';
import { pathParts, requireSameEnvironment, resolveNow, shortHash } from '../core/environment';
import { synthesizedStageOf, afterSynthesisError } from '../core/synthesized-stages';
import { validationError } from '../core/validation-error';
import {
  BusPolicyContext,
  Grant,
  IdentifiedStatement,
  RuleGrant,
  ruleManagementStatements,
  putEventsStatements,
} from '../eventbridge/bus-statements';
import { Publisher } from '../eventbridge/publishers';
import { Statement, canonical, isObject, toList } from '../iam/statement';
import { hash } from '../util/names';

/**
 * The resource-based policy of an event bus: one of another class that is defined in this app, an imported one in the
 * account of this stack, or the `default` bus. A `CrossAccountEventBus` has such a policy already.
 *
 * It creates one `AWS::Events::EventBusPolicy` for each kind of publisher and allowed events, in this stack, and no
 * identity-based policy of a publisher. Adding an account updates a statement in place; no statement is replaced.
 *
 * @resource AWS::Events::EventBusPolicy
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 * @example
 * const policy = new CrossAccountEventBusPolicy(this, 'Policy', { eventBus: importedBus });
 * policy.allowPublisher(EventPublisher.accounts('222222222222'), { sources: ['com.example.shop'] });
 * policy.allowRuleManagement(EventPublisher.accounts('333333333333'), { sources: ['com.example.shop'] });
 */
export class CrossAccountEventBusPolicy extends Construct {
  /**
   * Where other constructs add grants on a bus. For a bus that the app makes, by whichever construct, they are made at
   * the first call, unless it has a `policy` of its own; for an imported bus there are some if the app has them made.
   * @internal
   */
  public static _of(eventBus: IEventBusRef): EventBusPolicyWriter | undefined {
    const grants = policyWriterOf(eventBus);
    const made = cfnEventBusOf(eventBus);
    return grants || !made || made.policy !== undefined
      ? grants
      : new CrossAccountEventBusPolicy(made, 'CrossAccountGrants', { eventBus });
  }

  private readonly eventBus: IEventBusRef;
  /** What messages name: the bus that has this policy, or this construct where it stands alone. */
  private readonly place: IConstruct;
  private readonly form: AccountGrantForm;
  private readonly resources: PolicyResources;
  private readonly grants: Grant[] = [];
  private readonly ruleGrants: RuleGrant[] = [];
  private ownStatements: ReadonlyMap<string, Statement> = new Map();
  /** Statement ids that somebody chose: only those can be taken already. */
  private readonly chosenIds = new Set<string>();
  /** Ids of statements that somebody wrote: whom those let in is not for this construct to judge. */
  private readonly givenIds = new Set<string>();

  constructor(scope: Construct, id: string, props: CrossAccountEventBusPolicyProps) {
    super(scope, id);
    this.eventBus = props.eventBus;
    this.place = isCrossAccountEventBus(scope) ? scope : this;
    this.form = props.accountGrantForm ?? AccountGrantForm.LISTED;
    requireSameEnvironment(
      this,
      'eventBus',
      this.eventBus,
      'its policy can be written there only: make this construct in a stack of that account and region',
    );
    this.resources = new PolicyResources(this, this.eventBus);
    setPolicyWriter(this.eventBus, this);
    this.node.addValidation({
      validate: () => [
        ...validateInlinePolicy(this, this.eventBus, this.resources.all),
        ...validateStatementIds(this, this.resources.all, this.chosenIds),
        ...validatePublishers(
          this,
          this.eventBus,
          this.resources.all.filter(({ statementId }) => !this.givenIds.has(statementId)),
        ),
      ],
    });
    for (const publisher of props.publishers ?? []) this.allowPublisher(publisher);
  }

  /**
   * Allows a publisher to put events on the bus. This changes the resource-based policy only: the publisher also needs
   * an identity-based policy in its own account, see `PublisherRole`.
   *
   * @param publisher The principals that may publish.
   * @param allowedEvents The events that they may publish; any event if omitted.
   */
  public allowPublisher(publisher: EventPublisher, allowedEvents: AllowedEvents = {}): void {
    this._allow(publisher, allowedEvents);
  }

  /**
   * Allows other accounts to create rules with targets on the bus, and to manage the rules that they created: describe,
   * change, enable, disable, tag and delete them.
   *
   * Rules that another account created cannot be managed; a rule without a recorded creator can only be overwritten.
   * Each account decides by identity-based policies which of its principals may do so. An organization does not include
   * the account of the bus here. An error is thrown if the publisher is an AWS service.
   *
   * If the bus has a customer managed key that is defined in this app, the key policy allows the accounts to decrypt
   * what EventBridge stores of the rules on this bus. For an imported key, a warning shows the statement to add. The
   * key of an imported bus is unknown at synthesis, and is not changed.
   *
   * @param publisher The accounts, organization or roles that may manage rules.
   * @param allowedRules The rules that they may create; any rule if omitted.
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
   */
  public allowRuleManagement(publisher: EventPublisher, allowedRules: AllowedRules = {}): void {
    const grant = { publisher: publisher._render(this.place), allowed: validatedRules(this.place, allowedRules) };
    const service = serviceOf(grant.publisher);
    if (service !== undefined) {
      throw validationError(
        this.place,
        `'publisher' must be of accounts that manage rules, got the service '${Stack.of(this).resolve(service)}` +
          "'; services manage rules with a role: let that in",
      );
    }
    this.render(this.grants, [...this.ruleGrants, grant]);
    this.ruleGrants.push(grant);
    allowRuleManagers(this.eventBus, grant.publisher, this.place, this.bus());
  }

  /**
   * The same as `allowPublisher()`, in a statement of its own where it has an id.
   * @internal
   */
  public _allow(publisher: EventPublisher, allowedEvents: AllowedEvents, statementId?: string): void {
    const grant = { publisher: publisher._render(this.place), allowed: validatedEvents(this.place, allowedEvents) };
    if (statementId !== undefined) {
      this.addStatement(putEventsStatements([grant], { ...this.bus(), compact: false })[0].statement, statementId);
      this.chosenIds.add(statementId);
      return;
    }
    this.render([...this.grants, grant], this.ruleGrants);
    this.grants.push(grant);
  }

  /**
   * Adds a statement as it is.
   * @internal
   */
  public _addStatement(statement: Statement, statementId?: string): void {
    const id = statementId ?? this.statementId('Statement', canonical(resolveNow(this, statement)));
    this.addStatement(statement, id);
    this.givenIds.add(id);
    if (statementId !== undefined) this.chosenIds.add(id);
  }

  private addStatement(statement: Statement, id: string): void {
    const before = this.ownStatements.get(id);
    if (before && canonical(before) !== canonical(statement)) {
      throw validationError(
        this.place,
        `'sid' must be used once a bus, got '${id}' for two statements; give each its own, or none to have one made`,
      );
    }
    const statements = new Map(this.ownStatements).set(id, statement);
    this.render(this.grants, this.ruleGrants, statements);
    this.ownStatements = statements;
  }

  private render(grants: Grant[], ruleGrants: RuleGrant[], ownStatements = this.ownStatements): void {
    const all = [...this.granted(grants, ruleGrants), ...ownStatements];
    const ids = all.map(([id]) => id);
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    if (twice !== undefined) {
      throw validationError(
        this.place,
        `'sid' must be used once a bus, got '${twice}' for two statements; give the one that is ` +
          'yours another, or change the allowed events by a value',
      );
    }
    this.refuseLate(new Map(all));
    this.resources.render(new Map(all));
  }

  private refuseLate(statements: ReadonlyMap<string, Statement>): void {
    const stage = synthesizedStageOf(this);
    const change = stage && this.resources.changeTo(statements);
    if (change === undefined) return;
    throw afterSynthesisError(this.place, 'resourcePolicy', stage!, {
      must: 'be complete',
      got: `a grant after that, '${change}', which the template does not have`,
    });
  }

  private granted(grants: Grant[], ruleGrants: RuleGrant[]): [string, Statement][] {
    const id = ({ kind, key, statement }: IdentifiedStatement): [string, Statement] => [
      this.statementId(kind, key),
      statement,
    ];
    try {
      return [...putEventsStatements(grants, this.bus()), ...ruleManagementStatements(ruleGrants, this.bus())].map(id);
    } catch (e) {
      throw validationError(this.place, (e as Error).message);
    }
  }

  private bus(): BusPolicyContext {
    const { eventBusArn: arn, eventBusName: name } = this.eventBus.eventBusRef;
    const stack = Stack.of(this);
    const rules = name === 'default' ? 'rule/*' : `rule/${name}/*`;
    const ruleArns = stack.formatArn({ service: 'events', resource: rules, arnFormat: ArnFormat.NO_RESOURCE_NAME });
    return {
      arn,
      ruleArns,
      account: stack.account,
      partition: stack.partition,
      compact: this.form === AccountGrantForm.COMPACT,
    };
  }

  /**
   * Unique over all buses, stacks and apps of an account and region, as the statement id is the physical id of the
   * resource.
   */
  private statementId(kind: string, key: string): string {
    return `${kind}-${hash(canonical([pathParts(this), shortHash(this, JSON.parse(key))]), 12)}`;
  }
}

function serviceOf(publisher: Publisher): string | undefined {
  if (publisher.kind === 'Service') return publisher.service;
  return publisher.kind === 'Principal' && isObject(publisher.principal)
    ? toList(publisher.principal.Service)[0]
    : undefined;
}
