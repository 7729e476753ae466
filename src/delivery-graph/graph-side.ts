import { GraphInput, deliveryGraph } from './build-graph';
import type { DeliveryGraph } from './delivery-graph';
import { Location } from './elements';
import { pathWithin } from '../app-model/assembly';
import { ReportedFinding } from '../checks/engine/report';
import { EventTopology } from '../topology/topology';
import { topologyOf } from '../topology/write-topology';

/** The apps before or after a change. */
export interface GraphSide {
  readonly graph: DeliveryGraph;
  /** What all apps deploy. The paths begin with the names of the apps if there are several. */
  readonly topology: EventTopology;
  /** The findings of the checks, also those that are disabled. */
  readonly findings: readonly ReportedFinding[];
  /** The app of a construct, and the path in it. */
  readonly locate: (path: string) => Location;
}

export function graphSide(input: GraphInput): GraphSide {
  const { apps, findings, index } = input;
  return {
    graph: deliveryGraph(input),
    topology: topologyOf(index.model),
    findings,
    locate: (path) => {
      const app = apps.find(({ scope: { node } }) => node.path === '' || path.startsWith(`${node.path}/`));
      return app ? { app: app.name, path: pathWithin(app.scope, path) } : { path };
    },
  };
}
