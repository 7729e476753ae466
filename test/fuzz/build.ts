import { App, CfnResource, CfnStack } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { AppDescription, BUILDERS, ElementLists, Override } from './description';
import { Rejection, rejectionOf } from './errors';
import { buildStacks } from './parts/stacks';
import { Elements, Place } from './place';
import { testApp } from '../support/apps';
import { LENIENT } from '../support/three-accounts';

/** An app that was built from a description, without the elements that were rejected. */
export interface BuiltApp {
  readonly app: App;
  readonly rejections: readonly Rejection[];
  /** Whether it must not be synthesized. */
  readonly isIncomplete?: boolean;
}

/** Without what only the newest CDK adds: errors about templates, and warnings of references between stacks. */
const CONTEXT = { ...LENIENT, '@aws-cdk/core:defaultCrossStackReferences': 'strong' };

/**
 * Builds an app. If an element is rejected, the app is built anew without it: a constructor that throws an error may
 * leave a part of its construct.
 */
export function buildApp(description: AppDescription, finish: (app: App) => void = () => {}): BuiltApp {
  const rejected = new Map<string, Rejection>();
  for (;;) {
    const app = testApp({ context: CONTEXT });
    const failed = buildElements(app, description, rejected);
    if (failed) {
      rejected.set(failed.id, failed.rejection);
      continue;
    }
    try {
      description.overrides.forEach((override) => addOverride(app, override));
    } catch (error) {
      // A property that the CDK cannot synthesize.
      return { app, rejections: [...rejected.values(), rejectionOf(error)], isIncomplete: true };
    }
    finish(app);
    return { app, rejections: [...rejected.values()] };
  }
}

interface FailedElement {
  readonly id: string;
  readonly rejection: Rejection;
}

function buildElements(
  app: App,
  { elements: lists, hasUniqueNames, stacks: described }: AppDescription,
  rejected: ReadonlyMap<string, unknown>,
): FailedElement | undefined {
  const stacks = buildStacks(app, described);
  const elements = new Elements();
  for (const list of Object.keys(BUILDERS) as (keyof ElementLists)[]) {
    const build = BUILDERS[list] as (place: Place, one: unknown) => void;
    for (const [i, one] of lists[list].entries()) {
      const id = `${list[0].toUpperCase()}${list.slice(1)}${i}`;
      if (rejected.has(id)) continue;
      try {
        build(new Place(stacks[one.stack % stacks.length], id, elements, hasUniqueNames), one);
      } catch (error) {
        return { id, rejection: rejectionOf(error) };
      }
    }
  }
  return undefined;
}

/** Overrides one property that a resource has. */
function addOverride(app: App, { property, resource: at, value }: Override): void {
  // The template of a nested stack is found by a property of its resource.
  const isResource = (one: IConstruct): one is CfnResource =>
    CfnResource.isCfnResource(one) && !CfnStack.isCfnStack(one);
  const resources = app.node.findAll().filter(isResource);
  const resource = resources[at % Math.max(resources.length, 1)];
  if (!resource) return;
  const rendered = resource.stack.resolve(resource._toCloudFormation()) as { Resources?: object };
  const [body] = Object.values(rendered.Resources ?? {}) as { Properties?: object }[];
  const names = Object.keys(body?.Properties ?? {});
  if (names.length > 0) resource.addPropertyOverride(names[property % names.length], value);
}
