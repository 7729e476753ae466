import { App } from 'aws-cdk-lib';
import { deliveryGraph } from '../../src/delivery-graph/build-graph';
import { Connection } from '../../src/delivery-graph/delivery-graph';
import { explain } from '../../src/delivery-graph/explain';
import { BILLING, HUB, SHOP, testApp } from '../support/apps';
import { graphInputOf } from '../support/graphs';
import { CONTENT, Content, EDITS, NAMES, Name, arnOf, stackOf } from '../support/three-repositories';

const ROLE = `arn:aws:iam::${SHOP.account}:role/shop-publisher`;
const BUS = arnOf('events', HUB, 'event-bus/orders');
const FUNCTION = arnOf('lambda', BILLING, 'function:invoices');

function inputOf(changed?: Name, content: Partial<Content> = {}) {
  const stacks = NAMES.map((name) =>
    stackOf(name, { ...CONTENT, ...(name === changed && content) }, undefined, testApp().outdir),
  );
  return graphInputOf(...stacks.map((stack) => stack.node.root as App));
}

/** For each edit what fails, and the policy that lacks a statement, if one is enough. */
const FAILED: { readonly [edit: string]: readonly string[] } = {
  'the bus is renamed': ['putEvents orders denied', `putEvents all-orders denied: identity-based policy of ${ROLE}`],
  'the role is misspelled in the grant': [`putEvents orders denied: resource-based policy of ${BUS}`],
  'the grant is deleted': [`putEvents orders denied: resource-based policy of ${BUS}`],
  'the grant is for another source': [`putEvents orders denied: resource-based policy of ${BUS}`],
  'the target has another name': [`send invoice denied: resource-based policy of ${FUNCTION.slice(0, -1)}`],
  'the role has a generated name': [`putEvents orders denied: resource-based policy of ${BUS}`],
  'another source is published': [`putEvents orders denied: resource-based policy of ${BUS}`],
  'a detail type is added': [`putEvents orders denied: resource-based policy of ${BUS}`],
  'the bus is in another account': [
    'putEvents orders unknown',
    `putEvents orders denied: identity-based policy of ${ROLE}`,
  ],
  'a second bus is added': ['putEvents payments denied'],
  'the function is renamed': [`send invoices denied: resource-based policy of ${FUNCTION}`],
  'the permission is deleted': [`send invoices denied: resource-based policy of ${FUNCTION}`],
  'the permission is moved to an alias': [`send invoices denied: resource-based policy of ${FUNCTION}`],
};

test('without an edit, everything is allowed', () => {
  const input = inputOf();
  expect(explain(input, {}).decision).toBe('allowed');
  expect(deliveryGraph(input).connections.map(({ decision }) => decision)).not.toContain('denied');
});

test.each(EDITS)('if %s, explain and the graph have what fails', (edit, name, content) => {
  const input = inputOf(name, content);
  const { decision, deliveries, publications } = explain(input, {});
  const graph = deliveryGraph(input);
  const failed = failedIn([...publications.map(({ step }) => step), ...deliveries.flatMap(({ steps }) => steps)]);

  expect(decision).not.toBe('allowed');
  expect(failed.map(describeFailure).sort()).toEqual([...FAILED[edit]].sort());
  expect(failed.map(({ text }) => text?.fix)).not.toContain(undefined);
  expect(failedIn(graph.connections).map(({ id }) => id)).toEqual(expect.arrayContaining(failed.map(({ id }) => id)));
  expect(graph.deliveries.filter((delivery) => delivery.decision === 'allowed')).toEqual(
    deliveries
      .filter((delivery) => delivery.decision === 'allowed')
      .map(({ steps, ...delivery }) => ({
        ...delivery,
        connections: steps.map(({ id }) => id),
      })),
  );
});

function failedIn(connections: readonly Connection[]): Connection[] {
  const failed = connections.filter(({ decision }) => decision !== 'allowed');
  return [...new Map(failed.map((connection) => [connection.id, connection])).values()];
}

function describeFailure({ decision, kind, missing, to }: Connection): string {
  const result = `${kind} ${to.replace(/^.*[/:]/, '')} ${decision}`;
  return missing ? `${result}: ${missing.policyType}-based policy of ${missing.policyOf}` : result;
}
