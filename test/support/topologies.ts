import { App } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { modelOfResources } from './template-constructs';
import { schemaErrors } from './topology-schema';
import { readApp } from '../../src/app-model/read-app';
import { addStacks } from '../../src/cloud-assembly/stack-constructs';
import { stacksInTopology } from '../../src/topology/read-topology';
import { EventTopology } from '../../src/topology/topology';
import { topologyText } from '../../src/topology/topology-file';
import { topologyOf } from '../../src/topology/write-topology';

/** What an app deploys as far as events are concerned, once it is synthesized. */
export function topologyOfApp(app: App): EventTopology {
  app.synth();
  return topologyOf(readApp(app, [], { possibleTargets: true }));
}

/** The file as it is after it is written and read. */
export function written(topology: EventTopology): EventTopology {
  return JSON.parse(topologyText(topology));
}

/** A construct with the stacks of a file below it. */
export function constructsOf(topology: EventTopology, name = ''): Construct {
  const root = new Construct(undefined as never, '');
  const scope = name === '' ? root : new Construct(root, name);
  addStacks(scope, stacksInTopology(topology, name));
  return scope;
}

/** The file of a stack `Hub` with these resources. Expects that it has the form of the schema and describes itself. */
export function readAgain(resources: object, others: object = {}): EventTopology {
  const topology = written(topologyOf(modelOfResources(resources, others)));
  expect(schemaErrors(topology)).toEqual([]);
  expect(topologyOf(readApp(constructsOf(topology), [], { possibleTargets: true }))).toEqual(topology);
  return topology;
}

/** Where a resource of the stack `Hub` is defined. */
export function placeOf(logicalId: string): { stack: string; logicalId: string; path: string } {
  return { stack: 'Hub', logicalId, path: `Hub/${logicalId}` };
}
