import { RESOURCE_KINDS, ResourceKind } from './resource-effects';
import { displayText, hasUnresolved } from '../iam/unresolved-text';
import type { EventTopology, NamedEntry, QueueEntry, ResourceEntry, RuleEntry } from '../topology/topology';
import { groupedBy } from '../util/group-by';

/** A resource of a topology, as CloudFormation identifies it. */
export interface DeployedResource {
  readonly kind?: ResourceKind;
  readonly type: string;
  readonly entry: ResourceEntry;
  readonly arn: string;
  /** The environment, stack and logical ID. */
  readonly location: string;
  /** What only one resource can have; absent if CloudFormation generates the name. */
  readonly uniqueName?: string;
  /** Properties that require a replacement, by name. */
  readonly properties: ReadonlyMap<string, string | undefined>;
}

/** The resources whose replacement matters, and the statements of bus policies. */
export function deployedResources(topology: EventTopology): DeployedResource[] {
  const environments = new Map(topology.stacks.map((stack) => [stack.path, stack]));
  const locationOf = ({ logicalId, stack }: ResourceEntry): string[] => {
    const { account = '', name = stack, region = '' } = environments.get(stack) ?? {};
    return [account, region, name, logicalId];
  };
  const named = RESOURCE_KINDS.flatMap((kind) =>
    (topology[kind.list] as readonly NamedEntry[]).map((entry): DeployedResource => {
      const location = locationOf(entry);
      return {
        kind,
        type: kind.type,
        entry,
        arn: entry.arn,
        location: JSON.stringify(location),
        uniqueName: uniqueNameOf(kind, entry, location),
        properties: propertiesOf(kind, entry),
      };
    }),
  );
  const statements = topology.resourcePolicies.flatMap((entry): DeployedResource[] => {
    const { resource, statementId, type } = entry;
    if (type !== 'AWS::Events::EventBusPolicy' || statementId === undefined) return [];
    const location = locationOf(entry);
    const uniqueName = hasUnresolved(statementId)
      ? undefined
      : JSON.stringify([type, ...location.slice(0, 2), statementId]);
    const properties = new Map([
      ['EventBusName', displayText(resource)],
      ['StatementId', displayText(statementId)],
    ]);
    return [{ type, entry, arn: resource, location: JSON.stringify(location), uniqueName, properties }];
  });
  return [...named, ...statements];
}

/** The name and where it is unique: names of rules on a bus, those of roles and users in an account. */
function uniqueNameOf({ list, type }: ResourceKind, entry: NamedEntry, location: string[]): string | undefined {
  const { name } = entry;
  if (name === undefined || hasUnresolved(name)) return undefined;
  const [account, region] = location;
  const isGlobal = list === 'roles' || list === 'users';
  const bus = list === 'rules' ? (entry as RuleEntry).eventBus : undefined;
  return JSON.stringify([type, account, isGlobal ? '' : region, bus ?? '', name]);
}

function propertiesOf({ list, nameProperty }: ResourceKind, entry: NamedEntry): DeployedResource['properties'] {
  const { arn, name } = entry;
  const shown = name === undefined ? undefined : displayText(name);
  return new Map<string, string | undefined>([
    [nameProperty, shown],
    ...(list === 'rules' ? [['EventBusName', displayText((entry as RuleEntry).eventBus)] as const] : []),
    ...(list === 'queues' ? [['FifoQueue', String((entry as QueueEntry).fifo ?? false)] as const] : []),
    ...(list === 'roles' || list === 'users' ? [['Path', pathIn(arn)] as const] : []),
  ]);
}

/** The path in the ARN of a role or user. */
function pathIn(arn: string): string {
  return displayText(/:(?:role|user)(\/(?:[^‹›]*\/)?)/.exec(arn)?.[1] ?? '/');
}

/** Resources before and after a change that are the same for CloudFormation: the same stack and logical ID. */
export function matchedResources(
  before: readonly DeployedResource[],
  after: readonly DeployedResource[],
): { was?: DeployedResource; is?: DeployedResource }[] {
  const groups = [before, after].map((side) => groupedBy([...side], ({ location, type }) => `${type} ${location}`));
  const keys = [...new Set(groups.flatMap((group) => [...group.keys()]))].sort();
  return keys.flatMap((key) => {
    const [was, is] = groups.map((group) => group.get(key) ?? []);
    // Nested stacks of one stack can use one logical ID.
    const pairs = is.map((one) => ({
      was: is.length === 1 && was.length === 1 ? was[0] : was.find(({ entry }) => entry.stack === one.entry.stack),
      is: one,
    }));
    const matched = new Set(pairs.map((pair) => pair.was));
    return [...pairs, ...was.filter((one) => !matched.has(one)).map((one) => ({ was: one }))];
  });
}
