import { CfnElement, CfnResource, IResolvable, IResolveContext, Stage, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { isObject } from '../iam/statement';

/**
 * Everything here reads what the CDK keeps to itself, since it offers no public way to it. A test tells when a release
 * of the CDK no longer has one of these.
 */

/**
 * What a template will have for a resource, if it will. Its logical id is not asked for: to make that takes as long as
 * all the rest.
 */
export function synthesizeResource(resource: CfnResource): unknown {
  const { Resources = {} } = (
    resource as unknown as { _toCloudFormation(): { Resources?: object } }
  )._toCloudFormation();
  return Object.values(Resources)[0] ?? null;
}

/** What a mapping of a template holds; nothing where an element is none. To render one may add a warning to it. */
export function mappingOf(element: CfnElement): unknown {
  return (element as unknown as { mapping?: unknown }).mapping;
}

/** What overrides change of a resource: `Type`, `Properties`, `DependsOn` and so on. */
export function overridesOf(resource: CfnResource): Overrides {
  return (resource as unknown as { rawOverrides?: Overrides }).rawOverrides ?? {};
}

interface Overrides {
  readonly [element: string]: unknown;
}

/**
 * A value that is asked for when it is needed first, and may be another one before that. Newer versions of the CDK keep
 * it within another one.
 */
export function producerOf(token: IResolvable): Producer | undefined {
  const { producer, inner } = token as { producer?: Producer; inner?: { producer?: Producer } };
  return producer ?? inner?.producer;
}

interface Producer {
  produce(context: IResolveContext): unknown;
}

/**
 * Whether a resource is of the class that the CDK has for its type, or of one that renders it alike, will be made, and
 * has no overrides but of other properties.
 */
export function canReadProperties(resource: CfnResource, properties: readonly string[]): boolean {
  const { shouldSynthesize } = resource as unknown as { shouldSynthesize?: () => boolean };
  return (
    !overridesOther(overridesOf(resource), properties) &&
    usesDefaultRendering(resource) &&
    shouldSynthesize?.call(resource) !== false
  );
}

/** Whether overrides change more than other properties. */
function overridesOther(overrides: object, properties: readonly string[]): boolean {
  return Object.entries(overrides).some(
    ([element, value]) =>
      element !== 'Properties' ||
      !isObject(value) ||
      Tokenization.isResolvable(value) ||
      properties.some((name) => name in value),
  );
}

function usesDefaultRendering({ constructor }: CfnResource): boolean {
  const before = RENDERS.get(constructor);
  if (before !== undefined) return before;
  const renders = isRenderedByItsClass(constructor);
  RENDERS.set(constructor, renders);
  return renders;
}

/** Classes are few. */
const RENDERS = new WeakMap<Function, boolean>();

function isRenderedByItsClass(constructor: Function): boolean {
  for (let one = constructor; one !== CfnResource && one !== Function.prototype; one = Object.getPrototypeOf(one)) {
    if (Object.prototype.hasOwnProperty.call(one, 'CFN_RESOURCE_TYPE_NAME')) return true;
    if (
      ['_toCloudFormation', 'renderProperties', 'cfnProperties'].some((member) =>
        Object.prototype.hasOwnProperty.call(one.prototype, member),
      )
    ) {
      return false;
    }
  }
  return false;
}

/**
 * Whether a stage's templates are written already. The app is not meant: it is synthesized last, and tests do it again
 * and again.
 */
export function isSynthesized(stage: Stage): boolean {
  return stage.parentStage !== undefined && (stage as unknown as { assembly?: unknown }).assembly !== undefined;
}

/**
 * Whether a warning of an id was acknowledged on one of some paths, wherever below that it appears. The CDK keeps
 * acknowledgements on the app.
 */
export function hasAcknowledgement({ root }: IConstruct['node'], paths: readonly string[], id: string): boolean {
  const { acks } = (root as { [ACKNOWLEDGEMENTS]?: { acks?: Acknowledgements } })[ACKNOWLEDGEMENTS] ?? {};
  return paths.some((path) => {
    const here = acks?.get(path);
    return here instanceof Map ? here.get(id)?.some(({ where }) => where === undefined) : here?.has(id);
  });
}

/** By path: ids, with the conditions of each in newer releases. */
type Acknowledgements = Map<string, Set<string> | Map<string, { where?: unknown }[]>>;

const ACKNOWLEDGEMENTS = Symbol.for('@aws-cdk/core.Acknowledgements');
