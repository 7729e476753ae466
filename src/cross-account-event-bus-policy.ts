import { Stack, Token } from 'aws-cdk-lib';
import { CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { EventPublisher } from './event-publisher';
import { EventScope } from './event-scope';
import { Grant, statementsFor } from './policy/grants';
import { hash } from './policy/names';
import { Json, Statement, canonical } from './policy/statement';
import { compare, identityOf, shortHash } from './private/environment';
import { invalid } from './private/errors';
import { cfnEventBusOf, isCrossAccountEventBus } from './private/event-buses';
import { checkedScope } from './private/scope';

/** Properties of the grants on an event bus. */
export interface CrossAccountEventBusPolicyProps {
  /** The bus. It must be of the account that this stack is deployed to. */
  readonly eventBus: IEventBusRef;

  /**
   * Who may put events on the bus from other accounts.
   *
   * @default - nobody; add publishers later with `allowPublisher()`
   */
  readonly publishers?: EventPublisher[];
}

/**
 * The grants on an event bus, for a bus made elsewhere. `CrossAccountEventBus` has one of these already.
 *
 * Makes one `AWS::Events::EventBusPolicy` for each kind of publisher and scope, in this stack, and nothing on the publishers' side.
 * Adding an account changes a statement in place; no statement replaces another.
 *
 * @resource AWS::Events::EventBusPolicy
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-permissions.html
 */
export class CrossAccountEventBusPolicy extends Construct {
  private readonly eventBus: IEventBusRef;
  /** What messages name: the bus that has this policy, or this construct where it stands alone. */
  private readonly place: IConstruct;
  private readonly grants: Grant[] = [];
  private readonly ownStatements = new Map<string, Statement>();
  private resources = new Map<string, CfnEventBusPolicy>();

  constructor(scope: Construct, id: string, props: CrossAccountEventBusPolicyProps) {
    super(scope, id);
    this.eventBus = props.eventBus;
    this.place = isCrossAccountEventBus(scope) ? scope : this;
    this.refuseForeignBus();
    this.node.addValidation({ validate: () => [...this.inlinePolicyProblems(), ...this.statementIdProblems()] });
    for (const publisher of props.publishers ?? []) this.allowPublisher(publisher);
  }

  /**
   * Lets somebody put events on the bus: the bus's half. The publisher's half is an identity policy in its own account, see `PublisherRole`.
   *
   * @param publisher who
   * @param scope what they may publish; anything if left out
   */
  public allowPublisher(publisher: EventPublisher, scope: EventScope = {}): void {
    this._allow(publisher, scope);
  }

  /**
   * The same, in a statement of its own where it has an id.
   * @internal
   */
  public _allow(publisher: EventPublisher, scope: EventScope, statementId?: string): void {
    const grant = { publisher: publisher._render(this.place), scope: checkedScope(this.place, scope) };
    if (statementId !== undefined) return this._addStatement(this.granted([grant])[0][1], statementId);
    this.render([...this.grants, grant]);
    this.grants.push(grant);
  }

  /**
   * Adds a statement as it is.
   * @internal
   */
  public _addStatement(statement: Statement, statementId?: string): void {
    const id = statementId ?? this.statementId('Statement', canonical(Stack.of(this).resolve(statement)));
    const before = this.ownStatements.get(id);
    if (before && canonical(before) !== canonical(statement)) {
      throw invalid(this.place, `'sid' must be used once a bus, got '${id}' for two statements; give each its own, or none to have one made`);
    }
    this.ownStatements.set(id, statement);
    this.render(this.grants);
  }

  /** Brings the policy resources up to what was granted so far. Those that stay keep their ids, and nothing depends on the order of grants. */
  private render(grants: Grant[]): void {
    const wanted = new Map([...this.granted(grants), ...this.ownStatements]);
    const stale = [...this.resources.keys()].filter((id) => !wanted.has(id));
    for (const id of stale) this.node.tryRemoveChild(id);
    const ids = [...wanted.keys()].sort();
    this.resources = new Map(ids.map((id) => [id, this.resourceFor(id, wanted.get(id)!)]));
  }

  private granted(grants: Grant[]): [string, Statement][] {
    const { partition } = Stack.of(this);
    try {
      return statementsFor(grants, { arn: this.eventBus.eventBusRef.eventBusArn, partition })
        .map(({ kind, key, statement }) => [this.statementId(kind, key), statement]);
    } catch (e) {
      throw invalid(this.place, (e as Error).message);
    }
  }

  /** Unique over all buses, stacks and apps of an account and region, as the statement id is the physical id of the resource. */
  private statementId(kind: string, key: string): string {
    return `${kind}-${hash(canonical([identityOf(this), shortHash(this, JSON.parse(key))]), 12)}`;
  }

  private resourceFor(id: string, statement: Statement): CfnEventBusPolicy {
    const resource = this.resources.get(id) ?? this.newResource(id);
    resource.statement = statement as Json;
    return resource;
  }

  private newResource(id: string): CfnEventBusPolicy {
    const constructId = Token.isUnresolved(id) ? `Statement-${shortHash(this, id)}` : id;
    const resource = new CfnEventBusPolicy(this, constructId, { statementId: id, eventBusName: this.eventBus.eventBusRef.eventBusName });
    resource.node.addDependency(this.predecessorOf(resource));
    return resource;
  }

  /** One after the other: concurrent writes of one bus's policy can clash. Which one goes before is looked up at synth, when all are there. */
  private predecessorOf(resource: CfnEventBusPolicy): IDependable {
    const all = () => [...this.resources.values()];
    const predecessor: IDependable = {};
    Dependable.implement(predecessor, { get dependencyRoots() { return all().slice(0, all().indexOf(resource)).slice(-1); } });
    return predecessor;
  }

  private refuseForeignBus(): void {
    const { account, region } = Stack.of(this);
    const { env } = this.eventBus;
    if (compare(env.account, account) !== 'different' && compare(env.region, region) !== 'different') return;
    throw invalid(this, `'eventBus' must be a bus of account ${account} in ${region}, got one of account ${env.account} in ${env.region}; `
      + 'its policy can be written there only: make this construct in a stack of that account and region');
  }

  private inlinePolicyProblems(): string[] {
    const bus = cfnEventBusOf(this.eventBus);
    if (this.resources.size === 0 || bus?.policy === undefined) return [];
    return [`'eventBus' must not have a 'policy' of its own, got one on '${bus.node.path}'; `
      + 'it would overwrite these grants, or they it: move its statements to addToResourcePolicy()'];
  }

  /** Ids that were asked for. Two resources with one id would be one statement, of whichever is deployed last. */
  private statementIdProblems(): string[] {
    const stack = Stack.of(this);
    const known = !Token.isUnresolved(stack.account) && !Token.isUnresolved(stack.region);
    const here = (other: Stack) => other === stack || (known && other.environment === stack.environment);
    const ours = [...this.resources.values()];
    const all = this.node.root.node.findAll().filter((c): c is CfnEventBusPolicy => CfnEventBusPolicy.isCfnEventBusPolicy(c));
    const others = all.filter((policy) => !ours.includes(policy) && here(policy.stack));
    return ours.flatMap((own) => others.filter(({ statementId }) => statementId === own.statementId))
      .map(({ statementId, node }) => `'sid' must be used once in an account and region, got '${statementId}' here and on '${node.path}'; `
        + 'give each statement its own, or none to have one made');
  }
}
