import { App, AppProps } from 'aws-cdk-lib';
import { eventBackbone } from '../../examples/typescript/event-backbone/app';
import { SERVICES, backboneApp } from '../../examples/typescript/event-backbone-by-arn/backbone';
import { serviceApp } from '../../examples/typescript/event-backbone-by-arn/service';
import { existingBuses } from '../../examples/typescript/existing-buses/one-app';
import { forwardToAnyTarget } from '../../examples/typescript/forward-to-any-target/app';
import { memberAccounts } from '../../examples/typescript/member-accounts/app';
import { orderToInvoice } from '../../examples/typescript/order-to-invoice/app';
import { centralBusApp } from '../../examples/typescript/order-to-invoice-by-arn/central-bus';
import { invoicesApp } from '../../examples/typescript/order-to-invoice-by-arn/invoices';
import { webStoreApp } from '../../examples/typescript/order-to-invoice-by-arn/web-store';
import { auditApp } from '../../examples/typescript/queue-topic-stream-api/audit';
import { hubApp } from '../../examples/typescript/queue-topic-stream-api/hub';
import { centralApp } from '../../examples/typescript/subscriber-rules/central';
import { subscriberRules } from '../../examples/typescript/subscriber-rules/one-app';
import { AppIndex } from '../../src/app-model/app-index';
import { readApp } from '../../src/app-model/read-app';
import { allChecks } from '../../src/checks/all-checks';
import { findingsIn } from '../../src/checks/engine/check-runner';
import { EventTopology } from '../../src/topology/topology';
import { topologyOf } from '../../src/topology/write-topology';
import { testApp } from '../support/apps';
import { constructsOf, topologyOfApp, written } from '../support/topologies';
import { schemaErrors } from '../support/topology-schema';

const EXAMPLES: [string, (props: AppProps) => App][] = [
  ['order-to-invoice', orderToInvoice],
  ['order-to-invoice-by-arn/web-store', webStoreApp],
  ['order-to-invoice-by-arn/central-bus', centralBusApp],
  ['order-to-invoice-by-arn/invoices', invoicesApp],
  ['event-backbone', eventBackbone],
  ['event-backbone-by-arn/backbone', backboneApp],
  ['event-backbone-by-arn/service', (props) => serviceApp(SERVICES[0], props)],
  ['subscriber-rules/central', centralApp],
  ['subscriber-rules/one-app', subscriberRules],
  ['existing-buses/one-app', existingBuses],
  ['forward-to-any-target', forwardToAnyTarget],
  ['member-accounts', memberAccounts],
  ['queue-topic-stream-api/hub', hubApp],
  ['queue-topic-stream-api/audit', auditApp],
];

describe.each(EXAMPLES)('the file of the example %s', (_, example) => {
  let app: App;
  let topology: EventTopology;
  beforeAll(() => {
    app = example({ outdir: testApp().outdir, analyticsReporting: false });
    topology = topologyOfApp(app);
  });

  test('has the form of the JSON Schema', () => {
    expect(topology.stacks.length).toBeGreaterThan(0);
    expect(schemaErrors(written(topology))).toEqual([]);
  });

  test('leads to the findings of the app', () => {
    const checks = allChecks({ reportEventsWithoutRule: true });
    // In an app, its constructs report what must be done in other apps.
    const index = (root: Parameters<typeof AppIndex.of>[0]) =>
      findingsIn(root, checks, AppIndex.of(root))
        .filter(({ id }) => !id.includes(':manually'))
        .map(({ level, id, construct }) => `${level} ${id} ${construct.node.path}`);
    expect(index(constructsOf(written(topology))).sort()).toEqual(index(app).sort());
  });

  test('describes itself', () => {
    expect(topologyOf(readApp(constructsOf(written(topology)), [], { possibleTargets: true }))).toEqual(
      written(topology),
    );
  });
});
