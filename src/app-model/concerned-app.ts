import type { CfnResource, Stack } from 'aws-cdk-lib';
import { AssemblyContents } from './assembly';
import { isInKnownEnvironment } from './environments';
import { anywhere } from './evaluated-resources';
import { typeOf } from './read-app';
import { eventBusArn } from './readers/events';
import { environmentOf } from './resolve/pseudo-parameters';
import { TemplateReader } from './resolve/template-reader';
import { isObject } from '../iam/statement';

/** What decides which resources of other apps can concern an app, as far as that is known before the app is read. */
export interface ConcernedApp {
  readonly accounts: ReadonlySet<string>;
  /** The buses that the app may have policies for, see `anywhere()`. */
  readonly busesWithPolicy: ReadonlySet<string>;
}

/** Everything can concern an app with a stack whose account or Region is not known: the result is undefined. */
export function concernedApp(assemblies: readonly AssemblyContents[]): ConcernedApp | undefined {
  const stacks = assemblies.flatMap((assembly) => assembly.stacks);
  if (!stacks.every(isInKnownEnvironment)) return undefined;
  const reader = new TemplateReader({ roots: assemblies.map(({ root }) => root) });
  const arns = assemblies.flatMap(({ resources }) => resources.flatMap((resource) => busArnsOf(resource, reader)));
  return { accounts: accountsOf(stacks), busesWithPolicy: new Set(arns.map((arn) => anywhere(arn))) };
}

/** Whether an app has nothing but what another one has, or the same one had. */
export function isPartOf(part: ConcernedApp | undefined, whole: ConcernedApp): boolean {
  return (
    part !== undefined &&
    isSubset(part.accounts, whole.accounts) &&
    isSubset(part.busesWithPolicy, whole.busesWithPolicy)
  );
}

function isSubset(part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean {
  return [...part].every((element) => whole.has(element));
}

function accountsOf(stacks: readonly Stack[]): Set<string> {
  return new Set(stacks.map((stack) => environmentOf(stack).account));
}

/** The bus that a resource is, or that it defines the policy of; several if that depends on conditions. */
function busArnsOf(resource: CfnResource, reader: TemplateReader): string[] {
  const property = BUS_NAMES.get(typeOf(resource));
  if (property === undefined) return [];
  const { properties = {} } = reader.resourceWith(resource, [property]) ?? {};
  return reader.branches
    .of(properties)
    .map(({ value }) => eventBusArn(resource, isObject(value) ? value[property] : undefined));
}

/** The property with the name of the bus. */
const BUS_NAMES = new Map([
  ['AWS::Events::EventBus', 'Name'],
  ['AWS::Events::EventBusPolicy', 'EventBusName'],
]);
