import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { DeployedExample } from './deploy';
import {
  assertAsInTopology,
  busStatements,
  functionStatements,
  roleStatements,
  rulesOn,
  trustPolicyOf,
} from './expected';
import { waitFor } from './machine';
import { Checklist } from '../support/checklist';

const WEB_STORE = '111111111111';
const INVOICES = '333333333333';
const CENTRAL_BUS = '222222222222';
const EVENT_BUS = 'central-event-bus';

/** A function of one account publishes on the bus of another, whose rule invokes a function of a third. */
export async function checkOrderToInvoice(list: Checklist, example: DeployedExample): Promise<void> {
  const title = (text: string) => `order-to-invoice: ${text}`;
  const store = example.cloud(WEB_STORE);
  const invoices = async () =>
    example.cloud(INVOICES).logsOf(await example.physicalId('Invoices', 'AWS::Lambda::Function'));
  const invoiceFor = (orderId: string) => `invoice for { orderId: '${orderId}' }`;
  const waitForInvoice = (orderId: string) =>
    waitFor(`invoice for ${orderId}`, async () => (await invoices()).find((line) => line === invoiceFor(orderId)));

  const isDeployed = list.check(title('cdk deploy, one stack in each of three accounts'), () => {
    example.synth();
    example.deploy();
    return true;
  });
  if (!isDeployed) return;

  await list.wait(title('what is deployed equals event-topology.json'), () => assertAsInTopology(example));

  await list.wait(title('the policies name each other, as deployed: roles, bus, rule and function'), () =>
    assertChain(example),
  );

  await list.wait(
    title('the function of the web store publishes an order, and the invoice function runs'),
    async () => {
      await store.invoke(await example.physicalId('WebStore', 'AWS::Lambda::Function'), { orderId: '1' });
      await waitForInvoice('1');
    },
  );

  await list.wait(
    title('of three events that the publisher role puts, one is a new order: it alone arrives'),
    async () => {
      const role = await example.physicalId('WebStore', 'AWS::IAM::Role');
      const arn = await eventBusArn(example);
      const publisher = await store.assume(`arn:aws:iam::${WEB_STORE}:role/${role}`);
      await publisher.putEvent(arn, 'com.exampleCorp.webStore', 'orderCancelled', { orderId: '2' });
      await publisher.putEvent(arn, 'com.exampleCorp.billing', 'newOrderCreated', { orderId: '3' });
      await publisher.putEvent(arn, 'com.exampleCorp.webStore', 'newOrderCreated', { orderId: '4' });
      await waitForInvoice('4');
      await setTimeout(1000);
      assert.deepEqual((await invoices()).sort(), ['1', '4'].map(invoiceFor));
    },
  );
}

/** Each permission that the event needs, with the ARNs that the resources have in the accounts. */
async function assertChain(example: DeployedExample): Promise<void> {
  const [store, hub, invoices] = [WEB_STORE, CENTRAL_BUS, INVOICES].map((account) => example.cloud(account));
  const publisher = await example.physicalId('WebStore', 'AWS::IAM::Role');
  const ruleRole = await example.physicalId('CentralBus', 'AWS::IAM::Role');
  const invoiceFunction = await example.physicalId('Invoices', 'AWS::Lambda::Function');
  const functionArn = (await invoices.lambda.getFunction({ FunctionName: invoiceFunction })).Configuration!.FunctionArn;
  const [rule] = (await hub.events.listRules({ EventBusName: EVENT_BUS })).Rules!;
  const newOrders = {
    'ForAllValues:StringEquals': {
      'events:source': 'com.exampleCorp.webStore',
      'events:detail-type': 'newOrderCreated',
    },
    Null: { 'events:source': 'false', 'events:detail-type': 'false' },
  };
  const putEvents = { Effect: 'Allow', Action: 'events:PutEvents', Resource: await eventBusArn(example) };
  const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn };

  assert.deepEqual(await roleStatements(store, publisher), [{ ...putEvents, Condition: newOrders }]);
  assert.deepEqual(withoutIds(await busStatements(hub, EVENT_BUS)), [
    {
      ...putEvents,
      Principal: { AWS: `arn:aws:iam::${WEB_STORE}:root` },
      Condition: {
        ...newOrders,
        StringEquals: { 'aws:PrincipalArn': (await store.iam.getRole({ RoleName: publisher })).Role!.Arn },
      },
    },
  ]);
  assert.deepEqual(
    (await rulesOn(hub, EVENT_BUS)).flatMap(({ targets }) => targets.map(({ arn, role }) => ({ arn, role }))),
    [{ arn: functionArn, role: (await hub.iam.getRole({ RoleName: ruleRole })).Role!.Arn }],
  );
  assert.deepEqual(await trustPolicyOf(hub, ruleRole), [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': CENTRAL_BUS }, ArnEquals: { 'aws:SourceArn': rule.Arn } },
    },
  ]);
  assert.deepEqual(await roleStatements(hub, ruleRole), [invoke]);
  assert.deepEqual(withoutIds(await functionStatements(invoices, invoiceFunction)), [
    { ...invoke, Principal: { AWS: `arn:aws:iam::${CENTRAL_BUS}:root` } },
  ]);
}

async function eventBusArn(example: DeployedExample): Promise<string> {
  return (await example.cloud(CENTRAL_BUS).events.describeEventBus({ Name: EVENT_BUS })).Arn!;
}

const withoutIds = (statements: any[]) => statements.map(({ Sid, ...statement }) => statement);
