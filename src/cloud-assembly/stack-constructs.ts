import { Construct, IConstruct } from 'constructs';
import { CrossRegionExports } from './cross-region-exports';
import { SynthesizedStack, elementsIn } from './synthesized-stack';
import {
  Body,
  TemplateMapping,
  TemplateOutput,
  TemplateParameter,
  TemplateResource,
  TemplateStack,
  disableMetadata,
} from './template-elements';
import { transformsIn } from './transforms';
import { SynthesizedStage } from '../app-model/assembly';
import { setPassedValue } from '../app-model/resolve/passed-values';
import { isObject } from '../iam/statement';

/** A construct to add stacks to, which is neither an app nor a stage: nothing below it is synthesized again. */
export function rootOfStacks(): Construct {
  const root = new Construct(undefined as unknown as Construct, '');
  disableMetadata(root);
  return root;
}

/**
 * Creates the constructs of stacks that were synthesized, at the paths that they had in their app: a stack, and its
 * parameters, mappings, resources and outputs. They are read like those of an app.
 */
export function addStacks(root: IConstruct, stacks: readonly SynthesizedStack[]): void {
  const constructs = new Map<string, TemplateStack>();
  const exports = new CrossRegionExports();
  const stages = new Set(stacks.map(({ stage }) => stage));
  const scopeFor = (path: string) => scopeOf(root, path, stages);
  // A stack may be the scope of another one, or of its stage, and is then created before it.
  for (const stack of [...stacks].sort((a, b) => depthOf(a) - depthOf(b))) {
    if (!constructs.has(stack.path)) constructs.set(stack.path, new StackBuilder(scopeFor, stack, exports).build());
  }
  exports.link();
  for (const { path, dependencies } of stacks) {
    for (const dependency of dependencies) {
      const predecessor = constructs.get(dependency);
      if (predecessor) constructs.get(path)?.deployAfter(predecessor);
    }
  }
}

function depthOf({ path }: SynthesizedStack): number {
  return path.split('/').length;
}

type Create = (scope: IConstruct, id: string) => IConstruct;

/** Creates the elements of one template. An element may be the scope of others, and is then created before them. */
class StackBuilder {
  private readonly elements = new Map<string, Create>();
  private readonly constructs = new Map<string, IConstruct>();
  private readonly outputs = new Map<string, TemplateOutput>();
  private readonly parameters = new Map<string, TemplateParameter>();

  constructor(
    private readonly scopeFor: (path: string) => IConstruct,
    private readonly stack: SynthesizedStack,
    private readonly exports: CrossRegionExports,
    private readonly parent?: { readonly resource: TemplateResource; readonly environment: SynthesizedStack },
  ) {}

  public build(): TemplateStack {
    const { path, name, template } = this.stack;
    const { account, region } = this.parent?.environment ?? this.stack;
    const scope = this.scopeFor(path);
    const id = unusedId(scope, lastId(path));
    const environment = { name, account, region };
    const construct = new TemplateStack(scope, id, environment, transformsIn(template), this.parent?.resource);
    this.collectElements(construct);
    this.constructs.set(path, construct);
    for (const elementPath of this.elements.keys()) this.constructAt(elementPath);
    return construct;
  }

  private collectElements(stack: TemplateStack): void {
    const { exports, parameters, outputs } = this;
    this.collect(
      'Parameters',
      (id, body) => (scope, name) => remember(parameters, id, new TemplateParameter(scope, name, id, body)),
    );
    this.collect('Resources', (id, body) => (scope, name) => {
      const resource = new TemplateResource(scope, name, id, body);
      exports.add(resource, body);
      // In the order of the app: of two resources with one name, the same one is the first.
      const nested = this.stack.nestedTemplates.get(id);
      if (nested) this.addNested(stack, resource, nested, body);
      return resource;
    });
    this.collect('Mappings', (id, body) => (scope, name) => new TemplateMapping(scope, name, id, body));
    this.collect(
      'Outputs',
      (id, body) => (scope, name) => remember(outputs, id, new TemplateOutput(scope, name, id, body)),
    );
  }

  private collect(section: string, create: (logicalId: string, body: Body) => Create): void {
    for (const [logicalId, body] of elementsIn(this.stack.template, section)) {
      this.elements.set(this.pathOf(section, logicalId), create(logicalId, body));
    }
  }

  /** The path of an element; below the stack by its logical ID if its construct is not known, or is not unique. */
  private pathOf(section: string, logicalId: string): string {
    const { path, constructPaths } = this.stack;
    const known = constructPaths.get(logicalId);
    const isUsable = known?.startsWith(`${path}/`) && !this.elements.has(known) && hasNames(known.slice(path.length));
    if (isUsable) return known!;
    // A mapping or output may have the logical ID of a resource, which comes before it.
    const own = `${path}/${logicalId}`;
    return this.elements.has(own) ? `${path}/${section}/${logicalId}` : own;
  }

  /** The construct at a path, which is created if it does not exist, with the scopes that it needs. */
  private constructAt(path: string): IConstruct {
    const existing = this.constructs.get(path);
    if (existing) return existing;
    const end = path.lastIndexOf('/');
    const scope = this.constructAt(path.slice(0, end));
    const id = usableId(path.slice(end + 1));
    const create: Create = this.elements.get(path) ?? ((parent, name) => new Construct(parent, name));
    const construct = scope.node.tryFindChild(id) ?? create(scope, id);
    this.constructs.set(path, construct);
    return construct;
  }

  private addNested(
    stack: TemplateStack,
    resource: TemplateResource,
    nested: SynthesizedStack,
    { Properties }: Body,
  ): void {
    const environment = this.parent?.environment ?? this.stack;
    const builder = new StackBuilder(this.scopeFor, nested, this.exports, { resource, environment });
    const nestedStack = builder.build();
    const values = isObject(Properties) && isObject(Properties.Parameters) ? Properties.Parameters : {};
    for (const [name, value] of Object.entries(values)) {
      const parameter = builder.parameters.get(name);
      if (parameter) setPassedValue(parameter, 'Ref', { stack, value });
    }
    for (const [name, { value }] of builder.outputs) {
      setPassedValue(resource, `Outputs.${name}`, { stack: nestedStack, value });
    }
  }
}

function remember<T>(elements: Map<string, T>, logicalId: string, element: T): T {
  elements.set(logicalId, element);
  return element;
}

/** The scope of the stack at a path, which is created if it does not exist, with the stages around the stack. */
function scopeOf(root: IConstruct, path: string, stages: ReadonlySet<string | undefined>): IConstruct {
  let scope = root;
  let current: string | undefined;
  for (const name of path.split('/').slice(0, -1)) {
    current = current === undefined ? name : `${current}/${name}`;
    const create = stages.has(current) ? SynthesizedStage : Construct;
    const id = usableId(name);
    scope = scope.node.tryFindChild(id) ?? new create(scope, id);
  }
  return scope;
}

function lastId(path: string): string {
  return usableId(path.slice(path.lastIndexOf('/') + 1));
}

/** An ID that the CDK accepts: it is not empty, and not the name of a property that every object has. */
export function usableId(id: string): string {
  if (id === '') return UNNAMED;
  return id in Object.prototype ? `${id}_` : id;
}

/** Whether all IDs in the path of an element below its stack are names. */
function hasNames(path: string): boolean {
  return !/\/(\/|$)/.test(path);
}

const UNNAMED = '_';

function unusedId(scope: IConstruct, id: string): string {
  return scope.node.tryFindChild(id) ? unusedId(scope, `${id}_`) : id;
}
