import { defined, entryOf, nameIn, namedEntry } from './entries';
import { identityEntries } from './identity-entries';
import { Need, withStatement } from './need';
import { resourcePolicyEntries, textsIn } from './policy-entries';
import { globalEndpointEntry, publisherEntries } from './publisher-entries';
import { RelevantResources } from './relevant-resources';
import { ruleEntry } from './rule-entries';
import { stackEntries } from './stack-entries';
import {
  ArchiveEntry,
  BucketEntry,
  EncryptedEntry,
  EventBusEntry,
  EventTopology,
  LogPolicyEntry,
  NamedEntry,
  QueueEntry,
  ResourceEntry,
  RestApiEntry,
  TOPOLOGY_VERSION,
} from './topology';
import {
  AppModel,
  AppResource,
  Archive,
  Bucket,
  EncryptedResource,
  EventBus,
  LogPolicy,
  RestApi,
} from '../app-model/app-model';
import { methodsOf } from '../app-model/rest-api-methods';
import { parseArn } from '../iam/arn';
import { canonical } from '../iam/statement';
import { splitText } from '../iam/unresolved-text';

/** What an app deploys as far as events are concerned. The same app results in the same value. */
export function topologyOf(model: AppModel, needs: readonly Need[] = []): EventTopology {
  const relevant = new RelevantResources(model);
  const resourcePolicies = resourcePolicyEntries(model, (arn) => relevant.hasPolicy(arn));
  const named = textsIn(resourcePolicies.map(({ statements }) => statements) as never);
  const lists = {
    eventBuses: model.eventBuses.map(eventBusEntry),
    resourcePolicies,
    rules: model.rules.map((rule) => ruleEntry(rule, model.sdkCalls)),
    archives: model.archives.map(archiveEntry),
    publishers: publisherEntries(model),
    globalEndpoints: model.globalEndpoints.map(globalEndpointEntry),
    functions: relevant.functions.map(resourceEntry),
    queues: relevant.queues.map((queue): QueueEntry => ({
      ...encryptedEntry(queue),
      ...defined({ fifo: queue.fifo, contentBasedDeduplication: queue.fifo && queue.deduplicates !== false }),
    })),
    topics: relevant.topics.map(encryptedEntry),
    streams: relevant.streams.map(encryptedEntry),
    restApis: model.restApis.map((api) => restApiEntry(api, methodsOf(model, api))),
    keys: relevant.keys.map(({ arn, isDisabled, ...key }) => ({
      ...entryOf(key),
      arn,
      ...defined({ disabled: isDisabled }),
    })),
    keyAliases: relevant.keyAliases.map((alias) => ({ ...namedEntry(alias, alias.name), kmsKey: alias.key })),
    taskDefinitions: relevant.taskDefinitions.map((definition) => ({
      ...resourceEntry(definition),
      passedRoles: definition.passedRoleArns,
    })),
    buckets: relevant.buckets.map((bucket) => bucketEntry(bucket, relevant)),
    logPolicies: relevant.logPolicies.map(logPolicyEntry),
    ...identityEntries(model, named),
  };
  const sorted = Object.fromEntries(
    Object.entries(lists).map(([name, entries]) => [name, sortedEntries(entries as ResourceEntry[])]),
  ) as unknown as typeof lists;
  const stacks = stackEntries(model, new Set(Object.values(sorted).flatMap(stackPathsOf)));
  return { version: TOPOLOGY_VERSION, stacks, ...sorted, needs: sortedNeeds(needs) };
}

/** What an app deploys, with its stages, which are read separately. */
export function withStages(
  { version, needs, ...lists }: EventTopology,
  stages: readonly EventTopology[],
): EventTopology {
  const names = Object.keys(lists) as (keyof typeof lists)[];
  const all = names.map((name) => {
    const entries: ResourceEntry[] = [lists, ...stages].flatMap((topology) => topology[name] as never);
    return [name, sortedEntries(entries)];
  });
  const allNeeds = sortedNeeds([needs, ...stages.map((stage) => stage.needs)].flat());
  return { version, ...(Object.fromEntries(all) as typeof lists), needs: allNeeds };
}

/** By path. Several entries of one resource, such as the policy of several queues, stay in their order. */
function sortedEntries<T extends ResourceEntry>(entries: readonly T[]): T[] {
  return [...entries].sort((a, b) => compareText(a.path, b.path));
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function stackPathsOf(entries: readonly ResourceEntry[]): string[] {
  return entries.map(({ stack }) => stack);
}

function eventBusEntry(bus: EventBus): EventBusEntry {
  return { ...namedEntry(bus, bus.name), ...defined({ deadLetterQueue: bus.deadLetterArn, kmsKey: bus.key }) };
}

function archiveEntry(archive: Archive): ArchiveEntry {
  return {
    ...entryOf(archive),
    ...nameIn(archive.name, archive.construct),
    ...(archive.pattern !== null && { eventPattern: archive.pattern }),
  };
}

function encryptedEntry(resource: EncryptedResource): EncryptedEntry {
  return { ...resourceEntry(resource), ...defined({ kmsKey: resource.key }) };
}

function restApiEntry({ hasPolicy, requiresIam, ...api }: RestApi, methods: string[] | undefined): RestApiEntry {
  return {
    ...entryOf(api),
    arn: api.arn,
    ...(hasPolicy !== undefined && { hasPolicy }),
    ...defined({ requiresIam }),
    ...(methods && { methods: [...new Set(methods)].sort() }),
  };
}

function bucketEntry(bucket: Bucket, relevant: RelevantResources): BucketEntry {
  const sendsEvents = relevant.sendsEvents(bucket);
  return { ...namedEntry(bucket, bucket.name), ...(sendsEvents !== undefined && { sendsEvents }) };
}

function logPolicyEntry(policy: LogPolicy): LogPolicyEntry {
  return { ...entryOf(policy), statements: policy.statements };
}

/** A resource whose name is in its ARN: after the noun and before the revision, if there are any. */
function resourceEntry(resource: AppResource): NamedEntry {
  const { resource: text = resource.arn } = parseArn(resource.arn) ?? {};
  const [, name] = /^(?:function:|stream\/|task-definition\/)?(.*)$/s.exec(text)!;
  return namedEntry(resource, splitText(name, ':')[0]);
}

/** Each need once, in a stable order. */
function sortedNeeds(needs: readonly Need[]): Need[] {
  const byText = new Map(needs.map((need) => [canonical(need), withStatement(need)]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, need]) => need);
}
