import {
  CfnElement,
  CfnResource,
  IResolvable,
  IResolveContext,
  Reference,
  Stack,
  Stage,
  Token,
  Tokenization,
} from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { IConstruct } from 'constructs';
import { isObject } from '../iam/statement';
import { memoizeByObject } from '../util/memoize';

/**
 * This file contains all access to private members of the CDK, for which there is no public API. A test fails when a
 * CDK version no longer has one of them.
 */

/**
 * The resource as it will be in the template; null if the template will not contain it. The logical ID is left
 * unresolved, because resolving it takes as long as everything else.
 */
export function synthesizeResource(resource: CfnResource): unknown {
  const { Resources = {} } = (
    resource as unknown as { _toCloudFormation(): { Resources?: object } }
  )._toCloudFormation();
  return Object.values(Resources)[0] ?? null;
}

/** The content of a mapping; undefined for other elements. Synthesizing a mapping might add a warning to it. */
export function mappingOf(element: CfnElement): unknown {
  return (element as unknown as { mapping?: unknown }).mapping;
}

/** The overrides of a resource: `Type`, `Properties`, `DependsOn` and so on. */
export function overridesOf(resource: CfnResource): Overrides {
  return (resource as unknown as { rawOverrides?: Overrides }).rawOverrides ?? {};
}

interface Overrides {
  readonly [element: string]: unknown;
}

/** The producer of a lazy value; undefined for other tokens. Newer CDK versions wrap it in another object. */
export function producerOf(token: IResolvable): Producer | undefined {
  const { producer, inner } = token as { producer?: Producer; inner?: { producer?: Producer } };
  return producer ?? inner?.producer;
}

interface Producer {
  produce(context: IResolveContext): unknown;
}

/**
 * Whether the template of a stack has a name or ARN that the CDK builds from the name of the resource, in place of a
 * reference to an L2 construct in another account or Region. It must have a name: to build it can generate one.
 */
export function isBuiltFromName(reference: Reference, stack: Stack): boolean {
  const { target } = reference;
  if (CFN_REFERENCE in reference || !CfnResource.isCfnResource(target)) return false;
  if (isSameEnvironment(target.stack, stack)) return false;
  const { physicalName } = (target.node.scope ?? {}) as { readonly physicalName?: unknown };
  return typeof physicalName === 'string' && !Token.isUnresolved(physicalName);
}

/** The mark of a reference to a CloudFormation resource itself. */
const CFN_REFERENCE = Symbol.for('@aws-cdk/core.CfnReference');

function isSameEnvironment(one: Stack, other: Stack): boolean {
  return one.account === other.account && one.region === other.region;
}

/** Whether a token is a policy document. Its `toJSON()` does not freeze the statements, as `resolve()` does. */
export function isPolicyDocument(token: IResolvable): token is PolicyDocument {
  return isInstanceOf(token, PolicyDocument);
}

/**
 * Whether an object is an instance of a class of the CDK, also of the same class in another copy of the CDK, for which
 * `instanceof` is false.
 */
export function isInstanceOf<T extends object>(x: object, type: CdkClass<T>): x is T {
  // Newer CDK versions derive an unnamed class from a class, to inject properties.
  const [named] = typesOf(type);
  return x instanceof type || (named !== undefined && typesOf(x.constructor).some(({ fqn }) => fqn === named.fqn));
}

/** The release of the CDK whose classes define an app, stage or stack; undefined for other constructs. */
export function cdkVersionOf(construct: IConstruct): string | undefined {
  return typesOf(construct.constructor).find(({ fqn }) => fqn.startsWith('aws-cdk-lib.'))?.version;
}

/** The release of the CDK that this library uses. */
export const CDK_VERSION = typesOf(Stage)[0]?.version;

type CdkClass<T> = abstract new (...args: never[]) => T;

/** What the compiler of the CDK notes on each of its classes. */
interface TypeInfo {
  readonly fqn: string;
  readonly version: string;
}

/** The types of a class and its superclasses that are in jsii modules, the nearest first. */
function typesOf(type: unknown): TypeInfo[] {
  const noted = Symbol.for('jsii.rtti');
  if (typeof type !== 'function') return [];
  const own = hasOwn(type, noted) ? [(type as unknown as { [noted]: TypeInfo })[noted]] : [];
  return [...own, ...typesOf(Object.getPrototypeOf(type))];
}

/**
 * Whether these properties of the construct are the same in its template. It must be synthesized by the generated class
 * for its type, and have no overrides except for other properties.
 */
export function canReadProperties(resource: CfnResource, properties: readonly string[]): boolean {
  const { shouldSynthesize } = resource as unknown as { shouldSynthesize?: () => boolean };
  return (
    overridesOnlyOtherProperties(overridesOf(resource), properties) &&
    usesDefaultRendering(resource.constructor) &&
    shouldSynthesize?.call(resource) !== false
  );
}

function overridesOnlyOtherProperties(overrides: Overrides, properties: readonly string[]): boolean {
  return Object.entries(overrides).every(
    ([element, value]) =>
      element === 'Properties' &&
      isObject(value) &&
      !Tokenization.isResolvable(value) &&
      !properties.some((name) => name in value),
  );
}

/** Whether a class inherits the synthesis of a generated class without changing it. */
const usesDefaultRendering = memoizeByObject((constructor: Function): boolean => {
  let current = constructor;
  while (current !== CfnResource && current !== Function.prototype) {
    if (hasOwn(current, 'CFN_RESOURCE_TYPE_NAME')) return true;
    if (RENDERING_MEMBERS.some((member) => hasOwn(current.prototype, member))) return false;
    current = Object.getPrototypeOf(current);
  }
  return false;
});

const RENDERING_MEMBERS = ['_toCloudFormation', 'renderProperties', 'cfnProperties'];

function hasOwn(object: object, member: PropertyKey): boolean {
  return Object.prototype.hasOwnProperty.call(object, member);
}

/** Whether a stage is synthesized. False for the app, which is synthesized last, and repeatedly in tests. */
export function isSynthesized(stage: Stage): boolean {
  return stage.parentStage !== undefined && (stage as unknown as { assembly?: unknown }).assembly !== undefined;
}

/** Whether a warning was acknowledged on one of some paths. The CDK stores acknowledgements on the app. */
export function hasAcknowledgement({ root }: IConstruct['node'], paths: readonly string[], id: string): boolean {
  const { acks } = (root as { [ACKNOWLEDGEMENTS]?: { acks?: Acknowledgements } })[ACKNOWLEDGEMENTS] ?? {};
  return paths.some((path) => {
    const ids = acks?.get(path);
    return ids instanceof Map ? ids.get(id)?.some(({ where }) => where === undefined) : ids?.has(id);
  });
}

/** Ids of warnings by construct path, in newer CDK versions with the conditions of each acknowledgement. */
type Acknowledgements = Map<string, Set<string> | Map<string, { where?: unknown }[]>>;

const ACKNOWLEDGEMENTS = Symbol.for('@aws-cdk/core.Acknowledgements');
