import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pageData } from './page-data';
import type { DeliveryGraph } from '../delivery-graph/delivery-graph';

/** The name of the file in a cloud assembly. */
export const PAGE_FILE = 'event-topology.html';

/** The page without its data, in the package. It is as far from the sources as from what is compiled. */
const TEMPLATE = resolve(__dirname, '../../lib/page/topology-page.html');

/** The position of the data in it. */
const DATA = '{{data}}';

/** The page about a delivery graph: one HTML file that loads nothing. The same graph results in the same text. */
export function topologyPage(graph: DeliveryGraph): string {
  const [before, after] = template().split(DATA);
  return before + escaped(JSON.stringify(pageData(graph))) + after;
}

function template(): string {
  if (!existsSync(TEMPLATE)) {
    throw new Error(
      `the package has no file '${TEMPLATE}'; install it again, or run 'npx projen bundle:page' in a clone`,
    );
  }
  return readFileSync(TEMPLATE, 'utf8');
}

/** JSON that cannot end the element that it is in, whatever a name in the app is. */
function escaped(json: string): string {
  return json.replace(/</g, '\\u003c');
}
