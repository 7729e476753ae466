/**
 * Deploys examples with the CLI of the CDK to an emulator of AWS on this machine, puts events, and sees where they
 * arrive: `npm run e2e`. It is skipped if the emulator cannot be installed. With `ALL_E2E=1`, that is a failure.
 */
import assert from 'node:assert/strict';
import { Cloud, credentialsOf } from './cloud';
import { DeployedExample, Target, bootstrap } from './deploy';
import { Emulator, installEmulator } from './emulator';
import { checkEventBackbone } from './event-backbone';
import { GAPS, assertNoPrincipalIsDenied } from './gaps';
import { removeDirectory } from './machine';
import { checkOrderToInvoice } from './order-to-invoice';
import { checkUpdates } from './updates';
import { Checklist } from '../support/checklist';

const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];
const TARGETS: readonly Target[] = [
  ...ACCOUNTS.map((account) => [account, 'us-east-1'] as const),
  ...[...ACCOUNTS, '888888888888'].map((account) => [account, 'eu-west-1'] as const),
];

async function main(): Promise<void> {
  const start = Date.now();
  const list = new Checklist();
  try {
    const directory = list.check('LocalStack is installed from PyPI, all packages in exact versions', installEmulator);
    if (directory) await withEmulator(list, directory);
  } finally {
    removeDirectory();
  }
  console.log(`${list.summary} in ${((Date.now() - start) / 1000).toFixed(0)} s`);
  const mayBeSkipped = ['', '0', 'false', undefined].includes(process.env.ALL_E2E);
  if (list.failed || (list.skipped && !mayBeSkipped)) process.exitCode = 1;
}

async function withEmulator(list: Checklist, directory: string): Promise<void> {
  const emulator = await list.wait('LocalStack starts', () => Emulator.start(directory));
  if (!emulator) return;
  try {
    await list.wait(`cdk bootstrap of ${TARGETS.length} environments`, () => bootstrap(emulator, TARGETS));
    const invoices = new DeployedExample(emulator, 'order-to-invoice', '111111111111', 'us-east-1');
    await checkOrderToInvoice(list, invoices);
    const backbone = new DeployedExample(emulator, 'event-backbone', '888888888888', 'eu-west-1');
    if (await checkEventBackbone(list, backbone)) {
      await list.wait(`gap: ${GAPS[0]}`, () => assertNoPrincipalIsDenied(backbone.cloud('999999999999')));
      await checkUpdates(list, backbone);
    }
    await list.wait('cdk destroy of both examples leaves nothing in the accounts', () =>
      assertDestroyed(emulator, [invoices, backbone]),
    );
    list.check('LocalStack listens on the loopback interface alone', () => {
      assert.ok(emulator.listeners.length > 0);
      const others = emulator.listeners.filter((address) => !address.startsWith('127.0.0.1:'));
      assert.deepEqual(others, []);
    });
    for (const gap of GAPS) console.log(`GAP of LocalStack: ${gap}`);
    if (list.failed) console.log(emulator.log);
  } finally {
    await emulator.stop();
  }
}

async function assertDestroyed(emulator: Emulator, examples: readonly DeployedExample[]): Promise<void> {
  for (const example of examples) example.destroy();
  for (const [account, region] of TARGETS) {
    const { events, lambda, sqs, iam } = new Cloud(emulator.endpoint, region, credentialsOf(account));
    assert.deepEqual(
      (await events.listEventBuses()).EventBuses!.map(({ Name }) => Name),
      ['default'],
    );
    assert.deepEqual((await lambda.listFunctions()).Functions, []);
    assert.deepEqual((await sqs.listQueues()).QueueUrls ?? [], []);
    // Those of `cdk bootstrap` stay.
    const roles = (await iam.listRoles()).Roles!.filter(({ RoleName }) => !RoleName!.startsWith('cdk-'));
    assert.deepEqual(roles, []);
  }
}

void main();
