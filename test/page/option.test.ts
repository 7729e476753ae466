import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CrossAccountEventBus, CrossAccountEventChecks } from '../../src';
import { DeliveryGraph } from '../../src/delivery-graph/delivery-graph';
import { graphOf } from '../../src/page/page-data';
import { HUB, testApp } from '../support/apps';

/** An app with an open bus in a stack, and one in a stage. */
function appWithStage(): { app: App; stage: Stage } {
  const app = testApp();
  const stage = new Stage(app, 'Prod');
  for (const scope of [app, stage]) {
    const hub = new Stack(scope, 'Hub', { env: HUB });
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    const statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: bus.eventBusArn };
    new CfnEventBusPolicy(hub, 'Open', { statementId: 'Open', eventBusName: 'orders', statement });
  }
  return { app, stage };
}

const fileOf = ({ outdir }: Stage) => join(outdir, 'event-topology.html');

function graphIn(assembly: Stage): DeliveryGraph {
  const [, data] = /type="application\/json">(.*?)<\/script>/s.exec(readFileSync(fileOf(assembly), 'utf8'))!;
  return graphOf(JSON.parse(data));
}

test('writes the page of the app and that of each stage, with the findings', () => {
  const { app, stage } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topologyPage: true });
  app.synth();
  const buses = [app, stage].map((assembly) => {
    const [bus] = graphIn(assembly).elements.filter(({ kind }) => kind === 'eventBus');
    return [bus.app, bus.name, bus.openTo, bus.findings.map(({ id }) => id)];
  });
  const finding = 'cdk-cross-account-eventbridge:wildcardPrincipal';
  expect(buses).toEqual([
    ['app', 'orders', ['any AWS account'], [finding]],
    ['Prod', 'orders', ['any AWS account'], [finding]],
  ]);
});

test('writes one page if the checks are applied twice', () => {
  const { app } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topologyPage: true });
  CrossAccountEventChecks.applyTo(app, { topologyPage: true });
  app.synth();
  expect(graphIn(app).elements.filter(({ kind }) => kind === 'eventBus')).toHaveLength(1);
});

test('writes no page by default', () => {
  const { app, stage } = appWithStage();
  CrossAccountEventChecks.applyTo(app, { topology: true });
  app.synth();
  expect([app, stage].map((assembly) => existsSync(fileOf(assembly)))).toEqual([false, false]);
});
