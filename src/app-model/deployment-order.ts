import { CfnResource, Stack } from 'aws-cdk-lib';
import type { TemplateReader } from './resolve/template-reader';

/** The order of deployment, from the references and dependencies of resources and stacks. */
export class DeploymentOrder {
  constructor(private readonly reader: TemplateReader) {}

  /** Whether a resource is always created after another one, in any stack of the app. */
  public isAfter(resource: CfnResource, predecessor: CfnResource): boolean {
    const [later, earlier] = inCommonStack(resource, predecessor);
    return later.stack === earlier.stack
      ? this.resourceDependsOn(later, earlier)
      : stackDependsOn(later.stack, earlier.stack);
  }

  private resourceDependsOn(resource: CfnResource, dependency: CfnResource): boolean {
    const visited = new Set<CfnResource>([resource]);
    for (const current of visited) {
      for (const next of this.reader.resource(current)?.dependencies ?? []) {
        const inSameStack = resourceInStack(next, dependency.stack);
        if (inSameStack === dependency) return true;
        if (inSameStack) visited.add(inSameStack);
      }
    }
    return false;
  }
}

/**
 * Two resources, each replaced by the nested stack around it where that puts both into one stack; otherwise their
 * outermost nested stacks.
 */
function inCommonStack(first: CfnResource, second: CfnResource): [CfnResource, CfnResource] {
  for (const outer of withNestedStacks(first)) {
    const sibling = resourceInStack(second, outer.stack);
    if (sibling) return [outer, sibling];
  }
  return [outermost(first), outermost(second)];
}

/** A resource, followed by the nested stacks around it from the inside out. */
function withNestedStacks(resource: CfnResource): CfnResource[] {
  const nested = resource.stack.nestedStackResource;
  return nested && CfnResource.isCfnResource(nested) ? [resource, ...withNestedStacks(nested)] : [resource];
}

/** The resource itself, or the nested stack around it, that a stack directly contains. */
function resourceInStack(resource: CfnResource, stack: Stack): CfnResource | undefined {
  return withNestedStacks(resource).find((outer) => outer.stack === stack);
}

function outermost(resource: CfnResource): CfnResource {
  return withNestedStacks(resource).slice(-1)[0];
}

function stackDependsOn(stack: Stack, dependency: Stack): boolean {
  const visited = new Set<Stack>([stack]);
  for (const current of visited) {
    for (const next of current.dependencies) {
      if (next === dependency) return true;
      visited.add(next);
    }
  }
  return false;
}
