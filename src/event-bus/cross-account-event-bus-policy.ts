import { Stack } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct, IConstruct } from 'constructs';
import { AccountGrantForm } from './account-grant-form';
import { AllowedEvents } from './allowed-events';
import { validatedEventsOf, validatedRules } from './allowed-events-inputs';
import { AllowedRules } from './allowed-rules';
import { CrossAccountEventBusPolicyProps } from './cross-account-event-bus-policy-props';
import { EventPublisher } from './event-publisher';
import { cfnEventBusOf } from './private/event-bus-arn';
import { eventBusKey } from './private/event-bus-key';
import { allowRuleManagers } from './private/key-policy';
import {
  EMPTY_POLICY,
  PolicyContent,
  PolicyScope,
  idOfStatement,
  policyContext,
  renderStatements,
  withCustomStatement,
} from './private/policy-content';
import { PolicyResources } from './private/policy-resources';
import { validateInlinePolicy, validateStatementIds } from './private/policy-validation';
import { EventBusPolicyWriter, isCrossAccountEventBus, policyWriterOf, setPolicyWriter } from './private/policy-writer';
import { validatePublishers } from '../checks/engine/synthesis-validations';
import { requireOneCdkRelease } from '../core/cdk-copies';
import { requireSameEnvironment } from '../core/environment';
import { synthesizedStageOf, afterSynthesisError } from '../core/synthesized-stages';
import { validateIsList } from '../core/validate-values';
import { addValidation, validationError } from '../core/validation-error';
import { BusPolicyContext, putEventsStatements } from '../eventbridge/bus-statements';
import { Publisher, serviceOf } from '../eventbridge/publishers';
import { Statement } from '../iam/statement';

/**
 * The resource-based policy of an event bus: one of another class that is defined in this app, an imported one in the
 * account of this stack, or the `default` bus. A `CrossAccountEventBus` has such a policy already.
 *
 * It creates one `AWS::Events::EventBusPolicy` for each kind of publisher and allowed events, in this stack, and no
 * identity-based policy of a publisher. Adding an account updates a statement in place; no statement is replaced. Other
 * allowed events, another bus or another name of the bus replace statements by ones with other IDs.
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
   * The construct that writes the policy of a bus, for other constructs that grant access to it. It is created at the
   * first call if the bus is defined in this app and has no `policy` property. An imported bus has one only if the app
   * created it.
   * @internal
   */
  public static _of(eventBus: IEventBusRef): EventBusPolicyWriter | undefined {
    const writer = policyWriterOf(eventBus);
    if (writer) return writer;
    const resource = cfnEventBusOf(eventBus);
    if (!resource || resource.policy !== undefined) return undefined;
    return new CrossAccountEventBusPolicy(resource, 'CrossAccountGrants', { eventBus });
  }

  private readonly eventBus: IEventBusRef;
  /** The construct that error messages name: the bus if it created this policy, otherwise this construct. */
  private readonly errorScope: IConstruct;
  /** What statement IDs and error messages depend on. */
  private readonly policyScope: PolicyScope;
  private readonly form: AccountGrantForm;
  private readonly resources: PolicyResources;
  private content: PolicyContent = EMPTY_POLICY;
  /** Statement IDs that the user chose. Only these can be in use already. */
  private readonly customIds = new Set<string>();
  /** IDs of statements that were added unchanged. Their principals are not validated here. */
  private readonly unchangedStatementIds = new Set<string>();

  constructor(scope: Construct, id: string, props: CrossAccountEventBusPolicyProps) {
    super(scope, id);
    requireOneCdkRelease(scope);
    this.eventBus = props.eventBus;
    this.errorScope = isCrossAccountEventBus(scope) ? scope : this;
    this.form = props.accountGrantForm ?? AccountGrantForm.LISTED;
    requireSameEnvironment(
      this,
      'eventBus',
      this.eventBus,
      'define this construct in a stack in the account and region of the bus',
    );
    this.policyScope = {
      policy: this,
      errorScope: this.errorScope,
      busKey: eventBusKey(this, this.eventBus),
    };
    this.resources = new PolicyResources(this, this.eventBus);
    setPolicyWriter(this.eventBus, this);
    addValidation(this, () => this.validateResources());
    validateIsList(this.errorScope, 'publishers', props.publishers);
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
    const grant = {
      publisher: EventPublisher._dataOf(this.errorScope, publisher),
      allowed: validatedRules(this.errorScope, allowedRules),
    };
    this.rejectServicePrincipal(grant.publisher);
    this.update({ ruleGrants: [...this.content.ruleGrants, grant] });
    allowRuleManagers(this.eventBus, grant.publisher, this.errorScope, this.context);
  }

  /**
   * Allows a publisher to put events, in a statement of its own if a statement ID is given.
   * @internal
   */
  public _allow(publisher: EventPublisher, allowedEvents: AllowedEvents, statementId?: string): void {
    const data = EventPublisher._dataOf(this.errorScope, publisher);
    const grant = { publisher: data, allowed: validatedEventsOf(this.errorScope, data, allowedEvents) };
    if (statementId === undefined) {
      this.update({ grants: [...this.content.grants, grant] });
      return;
    }
    const [{ statement }] = putEventsStatements([grant], { ...this.context, compact: false });
    this.addStatement(statement, statementId);
    this.customIds.add(statementId);
  }

  /**
   * Adds a statement unchanged.
   * @internal
   */
  public _addStatement(statement: Statement, statementId?: string): void {
    const id = statementId ?? idOfStatement(this.policyScope, statement);
    this.addStatement(statement, id);
    this.unchangedStatementIds.add(id);
    if (statementId !== undefined) this.customIds.add(statementId);
  }

  private get context(): BusPolicyContext {
    return policyContext(this, this.eventBus, this.form === AccountGrantForm.COMPACT);
  }

  private addStatement(statement: Statement, id: string): void {
    this.update(withCustomStatement(this.content, this.errorScope, id, statement));
  }

  /** Changes the policy and its resources. If an error is thrown, nothing is changed. */
  private update(change: Partial<PolicyContent>): void {
    const content = { ...this.content, ...change };
    const statements = renderStatements(this.policyScope, content, this.context);
    this.rejectChangeAfterSynthesis(statements);
    this.resources.render(statements);
    this.content = content;
  }

  private rejectChangeAfterSynthesis(statements: ReadonlyMap<string, Statement>): void {
    const stage = synthesizedStageOf(this);
    if (!stage) return;
    const changedId = this.resources.firstDifference(statements);
    if (changedId === undefined) return;
    throw afterSynthesisError(this.errorScope, 'resourcePolicy', stage, {
      must: 'be complete',
      got: `the later grant '${changedId}', which the template does not contain`,
    });
  }

  private rejectServicePrincipal(publisher: Publisher): void {
    const service = serviceOf(publisher);
    if (service === undefined) return;
    throw validationError(
      this.errorScope,
      `'publisher' must be accounts, an organization or roles, got the service '${Stack.of(this).resolve(service)}'; ` +
        'allow the role with which the service manages rules',
    );
  }

  private validateResources(): string[] {
    const resources = this.resources.all;
    const generated = resources.filter(({ statementId }) => !this.unchangedStatementIds.has(statementId));
    return [
      ...validateInlinePolicy(this, this.eventBus, resources),
      ...validateStatementIds(this, resources, this.customIds),
      ...validatePublishers(this, this.eventBus, generated),
    ];
  }
}
