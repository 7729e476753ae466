import { join } from 'node:path';

/** Files of the other apps: those that the pipeline hands on, or else the copies in this repository. */
export function topologyFiles(...names: string[]): string[] {
  const directory = process.env.EVENT_TOPOLOGIES ?? join(__dirname, 'contracts');
  return names.map((name) => join(directory, `${name}.event-topology.json`));
}
