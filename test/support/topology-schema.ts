import Ajv2020, { ErrorObject } from 'ajv/dist/2020';
import topologySchema from '../../docs/event-topology.schema.json';

const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(topologySchema);

/** What differs from the JSON Schema of event-topology.json. */
export function schemaErrors(topology: object): Partial<ErrorObject>[] {
  validate(topology);
  return validate.errors ?? [];
}
