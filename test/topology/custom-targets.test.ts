import { App, CustomResource } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { AppIndex } from '../../src/app-model/app-index';
import { readApp } from '../../src/app-model/read-app';
import { deliveryChecks } from '../../src/checks/delivery-aspect';
import { findingsIn } from '../../src/checks/engine/check-runner';
import { EventTopology } from '../../src/topology/topology';
import { topologyText } from '../../src/topology/topology-file';
import { topologyOf } from '../../src/topology/write-topology';
import { ordersApp } from '../support/apps';
import { constructsOf, topologyOfApp, written } from '../support/topologies';
import { schemaErrors } from '../support/topology-schema';

const SECRET = 'a-secret-value';

/** Three rules without targets, of which a custom resource adds targets to two. */
function topologyWithCalls() {
  const { app, hub, bus } = ordersApp();
  const [named, generated] = ['named', undefined, 'without'].map(
    (name) =>
      new CfnRule(hub, name ?? 'Generated', { name, eventBusName: bus.eventBusName, eventPattern: { source: ['a'] } }),
  );
  for (const rule of [named, generated]) {
    const call = { service: 'EventBridge', action: 'putTargets', parameters: { Rule: rule.ref, Input: SECRET } };
    new CustomResource(rule, 'Call', {
      serviceToken: 'arn:aws:lambda:eu-west-1:111111111111:function:sdk',
      resourceType: 'Custom::AWS',
      properties: { Create: hub.toJsonString(call) },
    });
  }
  return { app, topology: written(topologyOfApp(app)) };
}

const rulesWithoutTargets = (root: Parameters<typeof AppIndex.of>[0]) =>
  findingsIn(root, deliveryChecks(), AppIndex.of(root)).map(({ id, construct }) => `${id} ${construct.node.path}`);

describe('rules to which a custom resource adds targets', () => {
  let app: App;
  let topology: EventTopology;
  beforeAll(() => {
    ({ app, topology } = topologyWithCalls());
  });

  test('are marked in the file, without the parameters of the custom resource', () => {
    expect(topology.rules.map(({ path, customTargets }) => [path, customTargets])).toEqual([
      ['Hub/Generated', true],
      ['Hub/named', true],
      ['Hub/without', undefined],
    ]);
    expect(schemaErrors(topology)).toEqual([]);
    expect(topologyText(topology)).not.toContain(SECRET);
  });

  test.each(['', 'other'])('are read as in the app, below the name %j', (name) => {
    const expected = ['cdk-cross-account-eventbridge:ruleWithoutTargets Hub/without'];
    expect(rulesWithoutTargets(app)).toEqual(expected);
    const found = rulesWithoutTargets(constructsOf(topology, name));
    expect(found).toEqual(expected.map((text) => text.replace(' ', name === '' ? ' ' : ` ${name}/`)));
  });

  test('are marked again if the file is written from what was read', () => {
    expect(topologyOf(readApp(constructsOf(topology)))).toEqual(topology);
  });
});
