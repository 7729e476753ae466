import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, CrossAccountEventChecks, PublisherRole } from '../../src';
import { readTopologyFile } from '../../src/topology/topology-file';
import { BILLING, HUB, SHOP, testApp } from '../support/apps';
import { command } from '../support/command';
import { busArn } from '../support/three-accounts';

/** An app with a bus in a stack, and one in a stage. */
function appWithStage(): { app: App; stage: Stage } {
  const app = testApp();
  const stage = new Stage(app, 'Prod');
  for (const scope of [app, stage]) new CrossAccountEventBus(new Stack(scope, 'Hub', { env: HUB }), 'Bus');
  return { app, stage };
}

const fileOf = ({ outdir }: Stage) => join(outdir, 'event-topology.json');

test('writes the file of the app, with its stages, and that of each stage', () => {
  const { app, stage } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topology: true });
  app.synth();
  const buses = [app, stage].map((assembly) => readTopologyFile(fileOf(assembly)).eventBuses.map(({ path }) => path));
  expect(buses).toEqual([['Hub/Bus/Resource', 'Prod/Hub/Bus/Resource'], ['Prod/Hub/Bus/Resource']]);
});

test('writes what the command prints for the cloud assembly, also with stages in stages', () => {
  const { app, stage } = appWithStage();
  const shop = new Stack(new Stage(stage, 'Shop'), 'Shop', { env: SHOP });
  new PublisherRole(shop, 'Publisher', {
    roleName: 'publisher',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [EventBus.fromEventBusArn(shop, 'Bus', busArn('elsewhere', BILLING))],
  });
  CrossAccountEventChecks.applyTo(app, { topology: true });
  app.synth();
  const topology = readTopologyFile(fileOf(app));
  expect(topology.roles.map(({ path }) => path)).toEqual(['Prod/Shop/Shop/Publisher/Resource']);
  expect(topology.needs).toHaveLength(1);
  expect(readFileSync(fileOf(app), 'utf8')).toBe(command('topology', app.outdir).out);
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
