import { CfnResource, Stack } from 'aws-cdk-lib';
import type { TemplateReader } from './resolve/template-reader';

/** Tells from the references and dependencies of resources and stacks what is deployed before what. */
export class DeploymentOrder {
  constructor(private readonly reader: TemplateReader) {}

  /** Whether a resource is made only after another one, in whichever stack of the app that is. */
  public isAfter(late: CfnResource, early: CfnResource): boolean {
    const [after, before] = inCommonStack(late, early);
    if (after === before) return false;
    return after.stack === before.stack ? this.needs(after, before) : dependsOn(after.stack, before.stack);
  }

  private needs(resource: CfnResource, needed: CfnResource): boolean {
    const seen = new Set<CfnResource>([resource]);
    for (const one of seen) {
      for (const next of this.reader.resource(one)?.dependencies ?? []) {
        const here = within(next, needed.stack);
        if (here === needed) return true;
        if (here) seen.add(here);
      }
    }
    return false;
  }
}

/**
 * The two resources, or the nested stacks that they are in, where both lie in one stack; else in the outermost ones.
 */
function inCommonStack(late: CfnResource, early: CfnResource): [CfnResource, CfnResource] {
  for (const after of enclosingStacks(late)) {
    const before = within(early, after.stack);
    if (before) return [after, before];
  }
  return [outermost(late), outermost(early)];
}

/** A resource, then the nested stacks that it lies in, from the inside out. */
function enclosingStacks(resource: CfnResource): CfnResource[] {
  const nested = resource.stack.nestedStackResource;
  return nested && CfnResource.isCfnResource(nested) ? [resource, ...enclosingStacks(nested)] : [resource];
}

function within(resource: CfnResource, stack: Stack): CfnResource | undefined {
  return enclosingStacks(resource).find((one) => one.stack === stack);
}

function outermost(resource: CfnResource): CfnResource {
  return enclosingStacks(resource).slice(-1)[0];
}

function dependsOn(stack: Stack, needed: Stack): boolean {
  const seen = new Set<Stack>([stack]);
  for (const one of seen) {
    for (const next of one.dependencies) {
      if (next === needed) return true;
      seen.add(next);
    }
  }
  return false;
}
