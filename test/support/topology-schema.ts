import Ajv2020, { ErrorObject, ValidateFunction } from 'ajv/dist/2020';
import topologySchema from '../../docs/event-topology.schema.json';

/** Compiled once for all test files of a worker, because that takes longer than most tests. */
const COMPILED = Symbol.for('topology schema');
const shared = globalThis as { [COMPILED]?: ValidateFunction };
const validate = (shared[COMPILED] ??= new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(
  topologySchema,
));

/** What differs from the JSON Schema of event-topology.json. */
export function schemaErrors(topology: object): Partial<ErrorObject>[] {
  validate(topology);
  return validate.errors ?? [];
}

/** A property of the entries of a list, as the JSON Schema describes it. */
export interface TopologyProperty {
  readonly name: string;
  readonly kind: 'string' | 'array' | 'object';
  /** The kind of the elements of an array; undefined if any. */
  readonly elements?: string;
  readonly isRequired: boolean;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly properties?: { readonly [name: string]: Schema };
}

/** The lists of the file, each with the properties of its entries that are texts, lists or objects, and an entry. */
export function topologyProperties(): { list: string; required: object; properties: TopologyProperty[] }[] {
  const lists = Object.entries(topologySchema.properties as { readonly [name: string]: Schema });
  return lists.flatMap(([list, { items }]) => {
    if (!items) return [];
    const { required, properties } = withReferences(items);
    const described = Object.entries(properties).flatMap(([name, schema]): TopologyProperty[] => {
      const kind = schema.enum ? 'string' : schema.type;
      if (kind !== 'string' && kind !== 'array' && kind !== 'object') return [];
      return [{ name, kind, elements: withReferences(schema.items ?? {}).type, isRequired: required.includes(name) }];
    });
    const values = described
      .filter(({ isRequired }) => isRequired)
      .map(({ name, kind }) => [name, kind === 'array' ? [] : (SAMPLES[name] ?? 'a')]);
    return [{ list, required: Object.fromEntries(values), properties: described }];
  });
}

/** The entries are in one stack. */
const SAMPLES: { readonly [property: string]: string } = { stack: 'Hub', path: 'Hub' };

/** A schema with the properties of those that it refers to. */
function withReferences({ $ref, ...schema }: Schema): Required<Pick<Schema, 'required' | 'properties'>> & Schema {
  const definitions = topologySchema.$defs as { readonly [name: string]: Schema };
  const other = $ref === undefined ? undefined : withReferences(definitions[$ref.replace('#/$defs/', '')]);
  return {
    ...other,
    ...schema,
    required: [...(other?.required ?? []), ...(schema.required ?? [])],
    properties: { ...other?.properties, ...schema.properties },
  };
}
