import { inexpressibleStatement } from './read-policies';
import { EventTopology, TOPOLOGY_VERSION } from './topology';
import { Json, getOwn, isObject, toText } from '../iam/statement';

/**
 * The value as a topology. Throws an error if it is none, or has a newer version. Properties that are not known are
 * ignored, and lists that are missing are empty: minor releases add some.
 */
export function validateTopology(value: Json): EventTopology {
  if (!isObject(value) || typeof value.version !== 'number') {
    throw new Error(`must be an object with a 'version'; ${WRITE_AGAIN}`);
  }
  const { version } = value;
  if (version !== TOPOLOGY_VERSION) throw otherVersion(version);
  const lists = Object.fromEntries(LISTS.map((name) => [name, entriesOf(value, name)]));
  const topology = { version, ...lists } as unknown as EventTopology;
  checkStacks(topology);
  checkStatements(topology);
  return topology;
}

/** What to do about a file that is damaged or too old. */
export const WRITE_AGAIN = "write it again with the option 'topology'";

/** A file of a newer release of this library, which only an update can read. */
export class NewerTopologyError extends Error {}

function otherVersion(version: number): Error {
  const problem = `has version ${version}, but this release reads version ${TOPOLOGY_VERSION}`;
  return version > TOPOLOGY_VERSION
    ? new NewerTopologyError(`${problem}; update cdk-cross-account-eventbridge`)
    : new Error(`${problem}; ${WRITE_AGAIN}`);
}

type ListName = Exclude<keyof EventTopology, 'version'>;

type Kind = keyof typeof IS_KIND;

const IS_KIND = {
  text: (value: Json | undefined) => typeof value === 'string' && value !== '',
  string: (value: Json | undefined) => typeof value === 'string',
  object: (value: Json | undefined) => isObject(value),
  list: (value: Json | undefined) => Array.isArray(value),
  'list of texts': (value: Json | undefined) => Array.isArray(value) && value.every((v) => typeof v === 'string'),
  'list of objects': (value: Json | undefined) => Array.isArray(value) && value.every(isObject),
};

const KIND_NAMES: { readonly [kind in Kind]?: string } = { text: 'text', string: 'text', object: 'an object' };

type Properties = { readonly [property: string]: Kind };

const DEFINED = { stack: 'text', logicalId: 'text', path: 'text' } as const;
const WITH_ARN = { ...DEFINED, arn: 'text' } as const;

/** The properties that reading needs in the entries of each list. */
const REQUIRED: { readonly [list in ListName]: Properties } = {
  stacks: { path: 'text', name: 'text' },
  eventBuses: WITH_ARN,
  resourcePolicies: { ...DEFINED, type: 'text', resource: 'text', statements: 'list of objects' },
  rules: { ...WITH_ARN, eventBus: 'text', targets: 'list of objects' },
  archives: DEFINED,
  publishers: { ...DEFINED, kind: 'text', role: 'text', events: 'list of objects' },
  globalEndpoints: { ...DEFINED, eventBuses: 'list of texts' },
  functions: WITH_ARN,
  queues: WITH_ARN,
  topics: WITH_ARN,
  streams: WITH_ARN,
  restApis: WITH_ARN,
  keys: WITH_ARN,
  keyAliases: { ...WITH_ARN, kmsKey: 'text' },
  taskDefinitions: { ...WITH_ARN, passedRoles: 'list of texts' },
  buckets: WITH_ARN,
  logPolicies: { ...DEFINED, statements: 'list' },
  roles: { ...WITH_ARN, trustPolicy: 'list' },
  users: WITH_ARN,
  groups: WITH_ARN,
  identityPolicies: { ...DEFINED, attachedTo: 'list of texts', statements: 'list' },
  managedPolicies: { ...WITH_ARN, attachedTo: 'list of texts', statements: 'list' },
  needs: { principal: 'text', action: 'text', resource: 'text' },
};

const LISTS = Object.keys(REQUIRED) as ListName[];

const STRINGS = [
  ...['account', 'region', 'stage', 'condition', 'name', 'deadLetterQueue', 'kmsKey', 'statementId', 'eventBus'],
  ...['eventBusName', 'role', 'sourceArn', 'permissionsBoundary', 'taskDefinition', 'launchType', 'jobDefinition'],
  ...['messageGroupId', 'inputProperty', 'source', 'detailType'],
];

/** The kinds of optional properties. */
const OPTIONAL: Properties = {
  dependsOn: 'list of texts',
  statements: 'list',
  managedPolicies: 'list of texts',
  groups: 'list of texts',
  conditions: 'list of texts',
  methods: 'list of texts',
  transforms: 'list of texts',
  unreadStacks: 'list of objects',
  tags: 'object',
  ...Object.fromEntries(STRINGS.map((property): [string, Kind] => [property, 'string'])),
};

/** The properties that reading needs in the objects in a list of an entry. */
const WITHIN: { readonly [list in ListName]?: { readonly [property: string]: Properties } } = {
  stacks: { unreadStacks: { logicalId: 'text', path: 'text' } },
  rules: { targets: { id: 'string', arn: 'string' } },
  publishers: { events: {} },
  resourcePolicies: { statements: {} },
};

/** The properties of an entry that are checked, by name, so that only those that it has are looked at. */
interface CheckedProperties {
  readonly required: readonly string[];
  readonly kinds: ReadonlyMap<string, Kind>;
}

function checkedProperties(required: Properties): CheckedProperties {
  return { required: Object.keys(required), kinds: new Map(Object.entries({ ...OPTIONAL, ...required })) };
}

function checkedIn<N extends string>(lists: { readonly [name in N]: Properties }): {
  readonly [name in N]: CheckedProperties;
} {
  const checked = Object.entries<Properties>(lists).map(([name, required]) => [name, checkedProperties(required)]);
  return Object.fromEntries(checked) as { [name in N]: CheckedProperties };
}

const CHECKED = checkedIn(REQUIRED);

const CHECKED_WITHIN = new Map(Object.entries(WITHIN).map(([list, named]) => [list, Object.entries(checkedIn(named))]));

function entriesOf(value: { readonly [name: string]: Json }, list: ListName): Json[] {
  const entries = getOwn(value, list) ?? [];
  if (!Array.isArray(entries)) throw new Error(`'${list}' must be a list; ${WRITE_AGAIN}`);
  checkEntries(entries, list, CHECKED[list]);
  for (const [property, checked] of CHECKED_WITHIN.get(list) ?? []) {
    (entries as { readonly [property: string]: Json[] | undefined }[]).forEach((entry, i) => {
      checkEntries(entry[property] ?? [], `${list}[${i}].${property}`, checked);
    });
  }
  return entries;
}

function checkEntries(entries: readonly Json[], list: string, checked: CheckedProperties): void {
  entries.forEach((entry, i) => checkEntry(entry, () => `${list}[${i}]`, checked));
}

/** @param where where the entry is in the file, which only an error needs: files have many entries */
function checkEntry(entry: Json, where: () => string, { required, kinds }: CheckedProperties): void {
  if (!isObject(entry)) throw new Error(`'${where()}' must be an object, got ${toText(entry)}; ${WRITE_AGAIN}`);
  const isWrong = (property: string) => {
    const kind = kinds.get(property);
    return kind !== undefined && !IS_KIND[kind](entry[property]);
  };
  const missing = required.find((property) => !Object.hasOwn(entry, property));
  const wrong = missing ?? Object.keys(entry).find(isWrong);
  if (wrong === undefined) return;
  const kind = kinds.get(wrong)!;
  throw new Error(`'${where()}.${wrong}' must be ${KIND_NAMES[kind] ?? `a ${kind}`}; ${WRITE_AGAIN}`);
}

/** A statement must be what is read: one that its resource cannot define would be read as another one. */
function checkStatements({ resourcePolicies }: EventTopology): void {
  resourcePolicies.forEach((policy, i) => {
    const j = inexpressibleStatement(policy);
    if (j === undefined) return;
    const where = `resourcePolicies[${i}].statements[${j}].statement`;
    throw new Error(`'${where}' must be a statement that ${policy.type} can add; ${WRITE_AGAIN}`);
  });
}

function checkStacks({ version: _, needs: __, stacks, ...lists }: EventTopology): void {
  const paths = new Set(stacks.map(({ path }) => path));
  const lost = Object.values(lists)
    .flat()
    .find(({ stack }) => !paths.has(stack));
  if (lost) throw new Error(`'stacks' must list stack '${lost.stack}' of '${lost.path}'; ${WRITE_AGAIN}`);
}
