import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, CfnWaitConditionHandle } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { orderToInvoice } from '../../examples/typescript/order-to-invoice/app';
import { CrossAccountEventBusTarget } from '../../src';
import { AppModel } from '../../src/app-model/app-model';
import { readApp } from '../../src/app-model/read-app';
import { elementsIn } from '../../src/cloud-assembly/synthesized-stack';
import { stacksInTopology } from '../../src/topology/read-topology';
import { EventTopology, TOPOLOGY_VERSION } from '../../src/topology/topology';
import { readTopologyFile, topologyText } from '../../src/topology/topology-file';
import { topologyOf } from '../../src/topology/write-topology';
import { HUB, SHOP, ordersApp, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { constructsOf, topologyOfApp, written } from '../support/topologies';

const EMPTY = { version: TOPOLOGY_VERSION };
const HUB_STACK = { path: 'Hub', name: 'Hub' };

function fileWith(content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'topology-')), 'billing.json');
  writeFileSync(file, content);
  return file;
}

test('a file that was written is read unchanged', () => {
  const topology = topologyOfApp(orderToInvoice({ outdir: testApp().outdir, analyticsReporting: false }));
  expect(readTopologyFile(fileWith(topologyText(topology)))).toEqual(written(topology));
});

test('a file may lack lists, and have more lists and properties, such as one of another minor release', () => {
  const more = { ...EMPTY, pipes: [], stacks: [{ ...HUB_STACK, tags: {} }] };
  expect(readTopologyFile(fileWith(JSON.stringify(more)))).toMatchObject({ stacks: [HUB_STACK], rules: [], needs: [] });
});

const bus = {
  stack: 'Hub',
  logicalId: 'Bus',
  path: 'Hub/Bus',
  arn: 'arn:aws:events:eu-west-1:111111111111:event-bus/a',
};

test.each([['constructor'], ['__proto__']])('a resource may have the logical ID %s', (logicalId) => {
  const eventBuses = [{ ...bus, logicalId, name: 'a' }];
  const topology = readTopologyFile(fileWith(JSON.stringify({ ...EMPTY, stacks: [HUB_STACK], eventBuses })));
  const [stack] = stacksInTopology(topology);
  expect(elementsIn(stack.template, 'Resources')).toEqual([
    [logicalId, { Type: 'AWS::Events::EventBus', Properties: { Name: 'a' } }],
  ]);
});

test.each<[string, string]>([
  ['text that is not JSON', '{'],
  ['an empty file', ''],
  ['a list', '[]'],
  ['an object without version', '{}'],
  ['a newer version', JSON.stringify({ version: 2 })],
  ['an older version', JSON.stringify({ version: 0 })],
  ['a list that is an object', JSON.stringify({ ...EMPTY, rules: {} })],
  ['an entry that is text', JSON.stringify({ ...EMPTY, stacks: ['Hub'] })],
  ['a bus without ARN', JSON.stringify({ ...EMPTY, stacks: [HUB_STACK], eventBuses: [{ ...bus, arn: undefined }] })],
  [
    'a role whose statements are an object',
    JSON.stringify({ ...EMPTY, roles: [{ ...bus, trustPolicy: [], statements: {} }] }),
  ],
  [
    'a rule with a target that is null',
    JSON.stringify({ ...EMPTY, rules: [{ ...bus, eventBus: 'a', targets: [null] }] }),
  ],
  ['a stack whose account is false', JSON.stringify({ ...EMPTY, stacks: [{ ...HUB_STACK, account: false }] })],
  ['a bus whose name is a list', JSON.stringify({ ...EMPTY, eventBuses: [{ ...bus, name: ['a'] }] })],
  ['a role whose tags are text', JSON.stringify({ ...EMPTY, roles: [{ ...bus, trustPolicy: [], tags: 'team' }] })],
  [
    'a rule with a target whose role is a number',
    JSON.stringify({ ...EMPTY, rules: [{ ...bus, eventBus: 'a', targets: [{ id: 'T', arn: 'a', role: 1 }] }] }),
  ],
  ['a bus in a stack that is not listed', JSON.stringify({ ...EMPTY, eventBuses: [bus] })],
])('fails for %s', (_, content) => {
  const file = fileWith(content);
  const message = errorOf(() => readTopologyFile(file));
  expect(message).toContain(`${file}: `);
  expectMessage(message.replace(file, 'billing.json'));
});

test('fails for a file that does not exist', () => {
  expect(errorOf(() => readTopologyFile('/nowhere/billing.json'))).toMatch(/^\/nowhere\/billing\.json: ENOENT/);
});

/** An app whose policies and rules refer to a role and to parameters. */
function appWithReferences(): App {
  const { app, hub, bus: orders } = ordersApp();
  const parameter = new CfnParameter(hub, 'Source');
  const role = new Role(hub, 'Role of a publisher', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [orders.eventBusArn] }));
  orders.addToResourcePolicy(
    new PolicyStatement({
      sid: 'Publisher',
      principals: [role],
      actions: ['events:PutEvents'],
      resources: [orders.eventBusArn],
      conditions: { StringEquals: { 'events:source': parameter.valueAsString } },
    }),
  );
  new Rule(hub, 'Forward', { eventBus: orders, eventPattern: { source: ['a'] }, targets: [] });
  new CfnRule(hub, 'OnUnknownBus', {
    eventBusName: new CfnParameter(hub, 'BusArn', {
      allowedPattern: '^arn:aws:events:[a-z0-9-]+:\\d{12}:event-bus/\\w+$',
    }).valueAsString,
    eventPattern: { source: ['a'] },
  });
  return app;
}

describe('below the name of another app', () => {
  let topology: EventTopology;
  let model: AppModel;
  beforeAll(() => {
    topology = written(topologyOfApp(appWithReferences()));
    model = readApp(constructsOf(topology, 'billing'));
  });

  test('constructs and references to them have the paths of that app', () => {
    const [{ arn }] = model.roles.filter(({ construct }) => construct.node.path.includes('publisher'));
    expect(arn).toBe('arn:aws:iam::111111111111:role/‹RoleName of billing/Hub/Role of a publisher/Resource›');
    expect(JSON.stringify(model.eventBusStatements[0].statement)).toContain(arn);
    expect(JSON.stringify(model.eventBusStatements[0].statement)).toContain('‹parameter billing/Hub/Source›');
    expect(model.rules.map((rule) => rule.arn)).toContainEqual(
      expect.stringContaining('‹name of the bus of billing/Hub/OnUnknownBus›'),
    );
  });

  test('policies are attached as in the app itself', () => {
    const count = (paths: EventTopology) => paths.identityPolicies.map(({ attachedTo }) => attachedTo.length);
    expect(count(topologyOf(model))).toEqual(count(topology));
    expect(model.roles.find(({ name }) => name.includes('publisher'))!.statements).toHaveLength(1);
  });

  test('nothing has the path of this app', () => {
    const text = topologyText(topologyOf(model));
    expect(text).toContain('of billing/Hub/');
    expect(text).not.toMatch(/ (of|in|by|parameter) Hub\//);
  });
});

test('a rule that forwards is deployed after the stack of the policy, as in the app itself', () => {
  const { app, bus: orders } = ordersApp();
  const shop = testStack('Shop', SHOP, app);
  new Rule(shop, 'Rule', {
    eventPattern: { source: ['a'] },
    targets: [new CrossAccountEventBusTarget(orders)],
  });
  const topology = topologyOfApp(app);
  expect(topology.stacks.map(({ path, dependsOn = [] }) => [path, ...dependsOn])).toEqual([['Hub'], ['Shop', 'Hub']]);
});

test('a stack without anything about events is listed if its account and Region are known', () => {
  const { app, hub } = ordersApp();
  const [known, unknown] = [testStack('Known', SHOP, app), testStack('Unknown', {}, app)];
  for (const stack of [known, unknown]) {
    new CfnWaitConditionHandle(stack, 'Handle');
    hub.addDependency(stack);
  }
  expect(topologyOfApp(app).stacks).toEqual([
    { path: 'Hub', name: 'Hub', ...HUB },
    { path: 'Known', name: 'Known', ...SHOP },
  ]);
});
