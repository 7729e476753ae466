import { Stack, Token } from 'aws-cdk-lib';
import { CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { constructState } from '../../core/construct-state';
import { shortHash } from '../../core/environment';
import { Json, Statement, canonical } from '../../iam/statement';

const STATEMENT_OF_LIBRARY = constructState<PolicyResources>('PolicyResources');

/** The resources of one bus's policy in one stack, each a statement. */
export class PolicyResources {
  private resources = new Map<string, CfnEventBusPolicy>();
  private text?: string;

  constructor(
    private readonly scope: Construct,
    private readonly eventBus: IEventBusRef,
  ) {
    STATEMENT_OF_LIBRARY.set(scope, this);
  }

  public get all(): CfnEventBusPolicy[] {
    return [...this.resources.values()];
  }

  /** Id of a statement that would come, go or become another one. */
  public changeTo(wanted: ReadonlyMap<string, Statement>): string | undefined {
    const ids = new Set([...this.resources.keys(), ...wanted.keys()]);
    return [...ids].find((id) => this.textOf(this.resources.get(id)?.statement) !== this.textOf(wanted.get(id)));
  }

  /**
   * Brings the resources up to the statements that are wanted, by id. Those that stay keep their ids, and nothing
   * depends on the order of grants.
   */
  public render(wanted: Map<string, Statement>): void {
    const stale = [...this.resources.keys()].filter((id) => !wanted.has(id));
    for (const id of stale) this.scope.node.tryRemoveChild(id);
    const ids = [...wanted.keys()].sort();
    this.resources = new Map(ids.map((id) => [id, this.resourceFor(id, wanted.get(id)!)]));
  }

  private textOf(statement: unknown): string | undefined {
    return statement === undefined ? undefined : canonical(Stack.of(this.scope).resolve(statement));
  }

  private resourceFor(id: string, statement: Statement): CfnEventBusPolicy {
    const resource = this.resources.get(id) ?? this.newResource(id);
    resource.statement = statement as Json;
    return resource;
  }

  private newResource(id: string): CfnEventBusPolicy {
    const constructId = Token.isUnresolved(id) ? `Statement-${shortHash(this.scope, id)}` : id;
    const resource = new CfnEventBusPolicy(this.scope, constructId, {
      statementId: id,
      eventBusName: this.eventBus.eventBusRef.eventBusName,
    });
    resource.node.addDependency(this.predecessorOf(resource));
    return resource;
  }

  /**
   * One after the other: concurrent writes of one bus's policy can clash. Which one goes before is looked up at synth,
   * when all are there.
   */
  private predecessorOf(resource: CfnEventBusPolicy): IDependable {
    const before = () => {
      const index = this.all.indexOf(resource);
      return index === 0 ? this.lastOfPredecessors() : this.all.slice(index - 1, index);
    };
    const predecessor: IDependable = {};
    Dependable.implement(predecessor, {
      get dependencyRoots() {
        return before();
      },
    });
    return predecessor;
  }

  /** Other constructs of this stack may write the policy of the same bus: they come in the order of their paths. */
  private lastOfPredecessors(): IConstruct[] {
    const stack = Stack.of(this.scope);
    const bus = this.busText();
    const others = stack.node
      .findAll()
      .map(policyResourcesOf)
      .filter((p): p is PolicyResources => p !== undefined && p.all.length > 0);
    const same = others.filter((other) => Stack.of(other.scope) === stack && other.busText() === bus);
    const ordered = same.sort((a, b) => (a.scope.node.path < b.scope.node.path ? -1 : 1));
    const before = ordered.slice(0, ordered.indexOf(this)).slice(-1);
    return before.length > 0
      ? before.flatMap((other) => other.all.slice(-1))
      : this.statementsOfOthers(
          stack,
          others.flatMap(({ all }) => all),
        );
  }

  /**
   * Statements that other constructs write on the bus, such as the L2: they come before all of these, unless they wait
   * for some of these themselves.
   */
  private statementsOfOthers(stack: Stack, ours: CfnEventBusPolicy[]): IConstruct[] {
    const all = stack.node.findAll().filter((c): c is CfnEventBusPolicy => CfnEventBusPolicy.isCfnEventBusPolicy(c));
    const others = all.filter(
      (c) => c.stack === stack && !ours.includes(c) && this.nameText(c.eventBusName) === this.busText(),
    );
    return others.filter((resource) => {
      const awaited = [...(resource.obtainDependencies() as IConstruct[]), ...resource.node.dependencies];
      return !awaited.some((dependency) => ours.some(({ node }) => node.scopes.includes(dependency)));
    });
  }

  /** Asked at synth only, when names do not change any more. */
  private busText(): string {
    this.text ??= this.nameText(this.eventBus.eventBusRef.eventBusName);
    return this.text;
  }

  private nameText(name = 'default'): string {
    return JSON.stringify(new TemplateReader().resolve(Stack.of(this.scope), name));
  }
}

function policyResourcesOf(construct: IConstruct): PolicyResources | undefined {
  return STATEMENT_OF_LIBRARY.get(construct);
}
