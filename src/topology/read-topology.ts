import { IDENTITY_RESOURCES } from './read-identities';
import { policyResources } from './read-policies';
import { PUBLISHER_RESOURCES } from './read-publishers';
import { PLAIN_RESOURCES, ResourceTemplate } from './read-resources';
import { EventTopology, ResourceEntry, StackEntry } from './topology';
import { NESTED_STACK } from '../app-model/incomplete-stacks';
import { SynthesizedStack } from '../cloud-assembly/synthesized-stack';
import { Json } from '../iam/statement';
import { groupedBy } from '../util/group-by';

/**
 * The stacks of an app, with templates of the resources in the file. `addStacks()` and the readers of the app model
 * read them like those of a cloud assembly.
 *
 * @param scopePath the path of the construct below which the stacks are added; empty for the root
 */
export function stacksInTopology(topology: EventTopology, scopePath = ''): SynthesizedStack[] {
  const { stacks, needs: _, ...lists } = topology;
  const moved = scopePath === '' ? lists : (withPathsBelow(lists, scopePath) as typeof lists);
  const resources = groupedBy(resourcesIn(moved), ({ entry }) => entry.stack);
  return stacks.map((stack) => stackOf(stack, resources.get(stack.path) ?? []));
}

interface TemplateEntry {
  readonly entry: ResourceEntry;
  readonly template: ResourceTemplate;
}

type Lists = Omit<EventTopology, 'stacks' | 'needs'>;

const RESOURCES = { ...PLAIN_RESOURCES, ...PUBLISHER_RESOURCES, ...IDENTITY_RESOURCES };

function resourcesIn(lists: Lists): TemplateEntry[] {
  const listed = (Object.keys(RESOURCES) as (keyof typeof RESOURCES)[]).flatMap((name) =>
    lists[name].flatMap((entry) => templatesOf(entry, RESOURCES[name] as never)),
  );
  return [...listed, ...policyResources(lists.resourcePolicies)];
}

function templatesOf<T extends ResourceEntry>(
  entry: T,
  templateOf: (entry: T) => ResourceTemplate | readonly ResourceTemplate[],
): TemplateEntry[] {
  const templates = templateOf(entry);
  return isList(templates) ? templates.map((template) => ({ entry, template })) : [{ entry, template: templates }];
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** Several entries of one resource, such as a bus and its policy, are one resource with the properties of all. */
function stackOf(
  { dependsOn = [], transforms = [], unreadStacks = [], hasOtherResources, ...stack }: StackEntry,
  entries: readonly TemplateEntry[],
): SynthesizedStack {
  const resources = new Map<string, { Type: string; Properties: { [name: string]: Json }; Condition?: string }>();
  const constructPaths = new Map<string, string>();
  for (const { entry, template } of entries) {
    const logicalId = template.suffix === undefined ? entry.logicalId : `${entry.logicalId}${template.suffix}`;
    if (template.suffix === undefined) constructPaths.set(logicalId, entry.path);
    const resource = resources.get(logicalId) ?? { Type: template.type, Properties: {} };
    resources.set(logicalId, resource);
    resource.Type = template.type;
    Object.assign(resource.Properties, template.properties);
    if (entry.condition !== undefined && !template.isUnconditional) resource.Condition = entry.condition;
  }
  for (const { logicalId, path } of unreadStacks) {
    resources.set(logicalId, { Type: NESTED_STACK, Properties: {} });
    constructPaths.set(logicalId, path);
  }
  if (hasOtherResources) {
    resources.set(OTHER_RESOURCE, { Type: 'AWS::CloudFormation::WaitConditionHandle', Properties: {} });
  }
  return {
    ...stack,
    template: {
      ...(transforms.length > 0 && { Transform: [...transforms] }),
      Resources: Object.fromEntries(resources),
    },
    constructPaths,
    dependencies: dependsOn,
    nestedTemplates: new Map(),
  };
}

/** A resource in place of those that are not in the file. */
const OTHER_RESOURCE = 'OtherResource';

/**
 * The values with placeholders for the paths of constructs as they are below a scope. References to a construct then
 * have the same text as the construct itself, and differ from those of other apps.
 */
function withPathsBelow(value: unknown, scopePath: string): unknown {
  if (typeof value === 'string') return textBelow(value, scopePath);
  if (typeof value !== 'object' || value === null) return value;
  const members = value as { readonly [name: string]: unknown };
  // Most values have no placeholders, and are not copied.
  let moved: { [name: string]: unknown } | undefined;
  for (const name of Object.keys(members)) {
    const member = members[name];
    const movedMember = isLocation(name, member) ? member : withPathsBelow(member, scopePath);
    if (movedMember === member) continue;
    moved ??= (Array.isArray(value) ? [...value] : { ...value }) as { [name: string]: unknown };
    moved[name] = movedMember;
  }
  return withNamesBelow(moved ?? members, scopePath);
}

function withNamesBelow(value: { readonly [name: string]: unknown }, scopePath: string): object {
  if (Array.isArray(value) || !Object.keys(value).some((name) => name.includes('‹'))) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [textBelow(name, scopePath), member]));
}

/** Stacks and paths are relative to the scope. */
function isLocation(name: string, value: unknown): boolean {
  return typeof value === 'string' && (name === 'stack' || name === 'path');
}

function textBelow(text: string, scopePath: string): string {
  if (!text.includes('‹')) return text;
  return text.replace(/‹[^‹›]*›/g, (placeholder) => {
    const path = ATTRIBUTE.exec(placeholder) ?? OTHER_PATH.exec(placeholder);
    return path ? `${path[1]}${scopePath}/${path[2]}` : placeholder;
  });
}

/** The placeholder of an attribute: everything after its name is the path. */
const ATTRIBUTE = /^(‹(?:name of the bus|[\w.:]+) (?:of|in|computed by) )((?!parameter )[^]*)$/;

/** Any other placeholder that ends in a path, such as that of a parameter or function. */
const OTHER_PATH = /^(‹(?:[^]*\bparameter (?:list |item \d+ of )?|[^]* (?:of|in) ))([^]*)$/;
