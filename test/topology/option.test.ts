import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CrossAccountEventBus, CrossAccountEventChecks } from '../../src';
import { readTopologyFile } from '../../src/topology/topology-file';
import { HUB, testApp } from '../support/apps';

/** An app with a bus in a stack, and one in a stage. */
function appWithStage(): { app: App; stage: Stage } {
  const app = testApp();
  const stage = new Stage(app, 'Prod');
  for (const scope of [app, stage]) new CrossAccountEventBus(new Stack(scope, 'Hub', { env: HUB }), 'Bus');
  return { app, stage };
}

const fileOf = ({ outdir }: Stage) => join(outdir, 'event-topology.json');

test('writes the file of the app and that of each stage', () => {
  const { app, stage } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topology: true });
  app.synth();
  const buses = [app, stage].map((assembly) => readTopologyFile(fileOf(assembly)).eventBuses.map(({ path }) => path));
  expect(buses).toEqual([['Hub/Bus/Resource'], ['Prod/Hub/Bus/Resource']]);
});

test('writes no file by default', () => {
  const { app, stage } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { report: true });
  app.synth();
  expect([app, stage].map((assembly) => existsSync(fileOf(assembly)))).toEqual([false, false]);
});

test('writes the same file at the next synthesis', () => {
  const { app } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topology: true });
  app.synth();
  const first = readTopologyFile(fileOf(app));
  app.synth({ force: true });
  expect(readTopologyFile(fileOf(app))).toEqual(first);
});
