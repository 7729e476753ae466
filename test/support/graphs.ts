import { App } from 'aws-cdk-lib';
import { CommandArguments } from '../../src/cli/arguments';
import { checkOptions } from '../../src/cli/check-options';
import { graphInput } from '../../src/cli/graph-of-apps';
import { readApps } from '../../src/cli/inputs';
import { GraphInput, deliveryGraph } from '../../src/delivery-graph/build-graph';
import { Connection, DeliveryGraph, GraphElement } from '../../src/delivery-graph/delivery-graph';

/** What the graph of apps is built from, as the command reads it. */
export function graphInputOf(...apps: App[]): GraphInput {
  const directories = apps.map((app) => app.synth().directory);
  const given: Pick<CommandArguments, 'limits' | 'disabledFindings'> = { limits: {}, disabledFindings: [] };
  return graphInput(readApps(directories.map((path) => ({ path }))), checkOptions(given as CommandArguments));
}

export function graphOf(...apps: App[]): DeliveryGraph {
  return deliveryGraph(graphInputOf(...apps));
}

/** One line for each connection: `putEvents account 222222222222 > orders com.shop/OrderPlaced allowed`. */
export function connectionLines({ connections, elements }: DeliveryGraph): string[] {
  const names = new Map(elements.map(({ id, name }) => [id, name]));
  return connections.map(
    ({ decision, events, from, kind, to }) =>
      `${kind} ${names.get(from)} > ${names.get(to)} ${eventsText(events)} ${decision}`,
  );
}

/** One line for each delivery: `publisher > invoices com.shop/* allowed`. */
export function deliveryLines({ deliveries, elements }: DeliveryGraph): string[] {
  const names = new Map(elements.map(({ id, name }) => [id, name]));
  return deliveries.map(
    ({ decision, event, publisher, target }) =>
      `${names.get(publisher)} > ${names.get(target)} ${eventsText([event])} ${decision}`,
  );
}

function eventsText(events: Connection['events']): string {
  return events.map(({ detailType = '*', source = '*' }) => `${source}/${detailType}`).join();
}

/** The element with a name. */
export function elementNamed({ elements }: DeliveryGraph, name: string): GraphElement {
  const element = elements.find((one) => one.name === name);
  if (!element) throw new Error(`there is no element ${name}, only ${elements.map((one) => one.name).join(', ')}`);
  return element;
}
