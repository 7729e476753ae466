import { Stack, Token } from 'aws-cdk-lib';
import { CfnEventBusPolicy, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { constructState } from '../../core/construct-state';
import { shortHash } from '../../core/environment';
import { Json, Statement, canonical } from '../../iam/statement';

const POLICY_RESOURCES = constructState<PolicyResources>('PolicyResources');

/** The `AWS::Events::EventBusPolicy` resources of one bus policy in one stack, one for each statement. */
export class PolicyResources {
  private resources = new Map<string, CfnEventBusPolicy>();
  private cachedBusName?: string;

  constructor(
    private readonly scope: Construct,
    private readonly eventBus: IEventBusRef,
  ) {
    POLICY_RESOURCES.set(scope, this);
  }

  public get all(): CfnEventBusPolicy[] {
    return [...this.resources.values()];
  }

  /** The ID of a statement that `render()` would add, change or remove. */
  public firstDifference(desired: ReadonlyMap<string, Statement>): string | undefined {
    const ids = new Set([...this.resources.keys(), ...desired.keys()]);
    return [...ids].find((id) => this.textOf(this.resources.get(id)?.statement) !== this.textOf(desired.get(id)));
  }

  /**
   * Creates, updates and removes resources, so that there is one for each desired statement. A resource with the same
   * statement ID is kept. The result does not depend on the order of grants.
   */
  public render(desired: Map<string, Statement>): void {
    const stale = [...this.resources.keys()].filter((id) => !desired.has(id));
    for (const id of stale) this.scope.node.tryRemoveChild(id);
    const ids = [...desired.keys()].sort();
    this.resources = new Map(ids.map((id) => [id, this.resourceFor(id, desired.get(id)!)]));
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
   * The statement that is deployed before this one, because concurrent changes of one bus policy can conflict. It is
   * determined at synthesis, when all statements exist.
   */
  private predecessorOf(resource: CfnEventBusPolicy): IDependable {
    const previousStatements = () => {
      const index = this.all.indexOf(resource);
      return index === 0 ? this.statementsBeforeFirst() : this.all.slice(index - 1, index);
    };
    const predecessor: IDependable = {};
    Dependable.implement(predecessor, {
      get dependencyRoots() {
        return previousStatements();
      },
    });
    return predecessor;
  }

  /**
   * The statements that are deployed before the first one of this construct. If several constructs in this stack write
   * the policy of one bus, they are deployed in the order of their paths.
   */
  private statementsBeforeFirst(): IConstruct[] {
    const stack = Stack.of(this.scope);
    const inStack = policyResourcesIn(stack);
    const onSameBus = inStack
      .filter(({ scope, busName }) => Stack.of(scope) === stack && busName === this.busName)
      .sort((a, b) => (a.scope.node.path < b.scope.node.path ? -1 : 1));
    const position = onSameBus.indexOf(this);
    if (position > 0) return onSameBus[position - 1].all.slice(-1);
    return this.unmanagedStatements(
      stack,
      inStack.flatMap(({ all }) => all),
    );
  }

  /**
   * The statements on this bus that other constructs create, such as the L2. They are deployed before all statements of
   * this library, unless they depend on one of them.
   */
  private unmanagedStatements(stack: Stack, managed: CfnEventBusPolicy[]): IConstruct[] {
    const dependsOnManaged = (resource: CfnEventBusPolicy) => {
      const dependencies = [...(resource.obtainDependencies() as IConstruct[]), ...resource.node.dependencies];
      return dependencies.some((dependency) => managed.some(({ node }) => node.scopes.includes(dependency)));
    };
    return stack.node
      .findAll()
      .filter((construct) => CfnEventBusPolicy.isCfnEventBusPolicy(construct))
      .filter((resource) => resource.stack === stack && !managed.includes(resource))
      .filter((resource) => this.resolveName(resource.eventBusName) === this.busName)
      .filter((resource) => !dependsOnManaged(resource));
  }

  /** Read at synthesis only, when names no longer change. */
  private get busName(): string {
    this.cachedBusName ??= this.resolveName(this.eventBus.eventBusRef.eventBusName);
    return this.cachedBusName;
  }

  private resolveName(name = 'default'): string {
    return JSON.stringify(new TemplateReader().resolve(Stack.of(this.scope), name));
  }
}

/** The non-empty bus policies in a stack and its nested stacks. */
function policyResourcesIn(stack: Stack): PolicyResources[] {
  return stack.node
    .findAll()
    .map((construct) => POLICY_RESOURCES.get(construct))
    .filter((resources) => resources !== undefined && resources.all.length > 0) as PolicyResources[];
}
