import { ArnFormat, Stack } from 'aws-cdk-lib';
import { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct, IConstruct } from 'constructs';
import { AccountGrantForm } from './account-grant-form';
import { AllowedEvents } from './allowed-events';
import { validatedRules, validatedEvents } from './allowed-events-inputs';
import { AllowedRules } from './allowed-rules';
import { CrossAccountEventBusPolicyProps } from './cross-account-event-bus-policy-props';
import {
  EventBusPolicyWriter,
  cfnEventBusOf,
  isCrossAccountEventBus,
  setPolicyWriter,
  policyWriterOf,
} from './event-bus-reference';
import { EventPublisher } from './event-publisher';
import { allowRuleManagers } from './private/key-policy';
import { PolicyResources } from './private/policy-resources';
import { validateInlinePolicy, validateStatementIds } from './private/policy-validation';
import { publisherProblems } from '../checks/engine/synth-refusals';
import { pathParts, requireSameEnvironment, resolveNow, shortHash } from '../core/environment';
import { synthesizedStageOf, afterSynthesisError } from '../core/synthesized-stages';
import { validationError } from '../core/validation-error';
import {
  BusPolicyContext,
  Grant,
  IdentifiedStatement,
  RuleGrant,
  ruleStatementsFor,
  statementsFor,
} from '../eventbridge/bus-statements';
import { Publisher } from '../eventbridge/publishers';
import { Statement, canonical, isObject, toList } from '../iam/statement';
import { hash } from '../util/names';

/**
 * The grants on an event bus, for a bus made elsewhere: another construct of the app, an imported one of the same
 * account, the `default` bus. `CrossAccountEventBus` has one of these already.
 *
 * Makes one `AWS::Events::EventBusPolicy` for each kind of publisher and allowed events, in this stack, and nothing on
 * the publishers' side. Adding an account changes a statement in place; no statement replaces another.
 *
 * @resource AWS::Events::EventBusPolicy
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
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
        ...publisherProblems(
          this,
          this.eventBus,
          this.resources.all.filter(({ statementId }) => !this.givenIds.has(statementId)),
        ),
      ],
    });
    for (const publisher of props.publishers ?? []) this.allowPublisher(publisher);
  }

  /**
   * Lets somebody put events on the bus: the bus's half. The publisher's half is an identity policy in its own account,
   * see `PublisherRole`.
   *
   * @param publisher who
   * @param allowedEvents what they may publish; anything if left out
   */
  public allowPublisher(publisher: EventPublisher, allowedEvents: AllowedEvents = {}): void {
    this._allow(publisher, allowedEvents);
  }

  /**
   * Lets somebody make rules on the bus, with targets, and manage those that their account made: describe, change,
   * enable, disable, tag and delete them. Rules that other accounts made are out of reach; a rule of which AWS does not
   * know who made it can be overwritten, but nothing else. Each account still decides by identity policies which of its
   * principals may. The bus's own account is not meant by an organization here.
   *
   * Where the bus has a customer managed key of the app, that lets them decrypt what EventBridge keeps of the rules on
   * this bus; for an imported key a warning gives the statement. Whether an imported bus has a key is not known here.
   *
   * @param publisher the subscribers' accounts, organization or roles
   * @param allowedRules which rules they may make; any if left out
   * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions-manage.html
   */
  public allowRuleManagement(publisher: EventPublisher, allowedRules: AllowedRules = {}): void {
    const grant = { publisher: publisher._render(this.place), scope: validatedRules(this.place, allowedRules) };
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
    const grant = { publisher: publisher._render(this.place), scope: validatedEvents(this.place, allowedEvents) };
    if (statementId !== undefined) {
      this.addStatement(statementsFor([grant], { ...this.bus(), compact: false })[0].statement, statementId);
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
      return [...statementsFor(grants, this.bus()), ...ruleStatementsFor(ruleGrants, this.bus())].map(id);
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
