import { readFileSync } from 'node:fs';
import { EventTopology } from './topology';
import { WRITE_AGAIN, validateTopology } from './validate-topology';
import { Json } from '../iam/statement';

/** The name of the file in a cloud assembly. */
export const TOPOLOGY_FILE = 'event-topology.json';

/** Reads a file. Throws an error that names the file and what to do if it cannot be read, with its cause. */
export function readTopologyFile(file: string): EventTopology {
  try {
    return validateTopology(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`, { cause: error });
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Error(`is not JSON; ${WRITE_AGAIN}`);
  }
}

/** The content of the file: an entry has a line of its own, so that differences are readable. */
export function topologyText({ version, ...lists }: EventTopology): string {
  const texts = Object.entries(lists).map(([name, entries]) => {
    const lines = entries.map((entry) => `\n    ${JSON.stringify(entry)}`);
    return `  ${JSON.stringify(name)}: [${lines.join(',')}${lines.length > 0 ? '\n  ' : ''}]`;
  });
  return `{\n${[`  "version": ${version}`, ...texts].join(',\n')}\n}\n`;
}
