import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { Event } from './cloud';
import { DeployedExample, Edit } from './deploy';
import { assertAsInTopology } from './expected';
import { accountInEmulator } from './gaps';
import { waitFor } from './machine';
import { Checklist } from '../support/checklist';

const SERVICES: { readonly [name: string]: string } = {
  orders: '111111111111',
  billing: '222222222222',
  shipping: '333333333333',
};
const BUS_ACCOUNT = '888888888888';

/** Each service also keeps the events that it gets in a queue. */
const QUEUES: Edit[] = [
  [
    'stacks.ts',
    "import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';",
    "import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';\n" +
      "import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';\n" +
      "import { Queue } from 'aws-cdk-lib/aws-sqs';",
  ],
  [
    'stacks.ts',
    '[new LambdaEventTarget(handler)]',
    "[new LambdaEventTarget(handler), new SqsQueue(new Queue(this, 'Queue', { queueName: `${service.name}-events` }))]",
  ],
];

/**
 * One global bus forwards the events of each service to the local buses of all others.
 *
 * @returns whether the example is deployed
 */
export async function checkEventBackbone(list: Checklist, example: DeployedExample): Promise<boolean> {
  const title = (text: string) => `event-backbone: ${text}`;
  const services = Object.keys(SERVICES);

  const isDeployed = list.check(title('cdk deploy of the bus account and three service accounts'), () => {
    example.edit(...QUEUES);
    example.synth();
    example.deploy();
    return true;
  });
  if (!isDeployed) return false;
  await list.wait(title('what is deployed equals event-topology.json'), () => assertAsInTopology(example));
  await list.wait(title('an event of each service arrives in the queues of all others'), () =>
    checkDelivery(example, 'global', services),
  );
  await list.wait(title('the functions of all services run for the events of the others'), async () => {
    for (const service of services) {
      const name = await example.physicalId(`Service-${service}`, 'AWS::Lambda::Function');
      const expected = services
        .filter((other) => other !== service)
        .map((other) => `${sourceOf(other)} { service: '${other}' }`);
      const actual = await waitFor(`runs of the function of ${service}`, async () => {
        const logs = await example.cloud(SERVICES[service]).logsOf(name);
        return logs.length >= expected.length ? logs : undefined;
      });
      assert.deepEqual(actual.sort(), expected.sort());
    }
  });
  return true;
}

/** Puts an event of each service as its publisher role, and compares what is in the queues then. */
export async function checkDelivery(example: DeployedExample, eventBus: string, services: string[]): Promise<string> {
  const arn = `arn:aws:events:eu-west-1:${BUS_ACCOUNT}:event-bus/${eventBus}`;
  for (const service of services) {
    const account = SERVICES[service];
    const role = await publisherRole(example, service);
    const publisher = await example.cloud(account).assume(`arn:aws:iam::${account}:role/${role}`);
    await publisher.putEvent(arn, sourceOf(service), 'Done', { service });
  }
  for (const service of services) {
    const received: Event[] = [];
    const expected = services.filter((other) => other !== service);
    await waitFor(`events in the queue of ${service}`, async () => {
      received.push(...(await example.cloud(SERVICES[service]).receive(`${service}-events`)));
      return received.length >= expected.length || undefined;
    });
    await setTimeout(300);
    received.push(...(await example.cloud(SERVICES[service]).receive(`${service}-events`)));
    assert.deepEqual(
      received.map(({ source, account, detail }) => [source, account, detail.service]).sort(),
      expected.map((other) => [sourceOf(other), accountInEmulator(SERVICES[other], BUS_ACCOUNT), other]).sort(),
    );
  }
  return `${services.length} events put, ${services.length * (services.length - 1)} received`;
}

async function publisherRole(example: DeployedExample, service: string): Promise<string> {
  const { logicalId } = example.topology.roles.find(
    ({ path }: any) => path === `Service-${service}/Publisher/Resource`,
  );
  return example.physicalId(`Service-${service}`, logicalId);
}

const sourceOf = (service: string) => `com.example.${service}`;
