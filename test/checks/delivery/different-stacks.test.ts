import { join } from 'node:path';
import { App, NestedStack, Stage } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { IConstruct } from 'constructs';
import { CrossAccountEventChecks, LambdaEventTarget } from '../../../src';
import { BILLING, HUB, SHOP, messagesOfApp, stackIn, testApp, testFunction } from '../../support/apps';
import { appIn, command, emptyDirectory, findingsOf, write } from '../../support/command';
import { expectFindings, expectMessage } from '../../support/messages';
import { cfnEventBus, cfnEventBusPolicy, publisherRole } from '../../support/three-accounts';

let directory: string;
beforeEach(() => (directory = emptyDirectory()));

interface Hub {
  readonly allows?: boolean;
  readonly name?: string;
  readonly env?: { account: string; region: string } | undefined;
}

/** The cloud assembly of an app with a bus, which allows a publisher, or not. */
function hub(name: string, { allows = true, env = HUB, name: id = 'Hub' }: Hub = {}): string {
  const app = appIn(directory, name);
  addBus(app, { allows, env, name: id });
  return app.synth().directory;
}

function addBus(scope: IConstruct, { allows = true, env = HUB, name: id = 'Hub' }: Hub): void {
  const stack = stackIn(scope as App, id, env);
  cfnEventBus(stack);
  if (allows) cfnEventBusPolicy(stack);
  // With a generated name, and the name of the stack around it.
  cfnEventBus(new NestedStack(stack, 'Nested'), 'Bus', undefined);
}

/** The file of an assembly. */
function fileOf(assembly: string, name: string): string {
  return write(directory, `${name}.event-topology.json`, command('topology', assembly).out);
}

function publisher(otherApps: string[], make: (app: App) => void = () => {}): App {
  const app = testApp();
  publisherRole(stackIn(app, 'Shop', SHOP));
  make(app);
  CrossAccountEventChecks.applyTo(app, { otherApps });
  return app;
}

const shop = (): string => {
  const app = appIn(directory, 'shop');
  publisherRole(stackIn(app, 'Shop', SHOP));
  return app.synth().directory;
};

const DENIED = 'error publisherAccessDenied /Shop/Publisher/Resource';

describe('of two copies of a stack', () => {
  test('the first one counts, silently if they are the same', () => {
    const assembly = hub('hub');
    const file = fileOf(assembly, 'contracts/hub');
    for (const both of [
      [assembly, file],
      [file, assembly],
      [file, fileOf(assembly, 'again/hub')],
    ]) {
      expectFindings(messagesOfApp(publisher(both)), []);
      expect(findingsOf(command('check', '--json', shop(), ...both).out)).toEqual([]);
    }
  });

  test('is the same in a file, also with references to resources whose names are generated', () => {
    const app = appIn(directory, 'orders');
    const stack = stackIn(app, 'Orders', HUB);
    const targets = [new LambdaEventTarget(testFunction(stack, 'Handler'))];
    new Rule(stack, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
    const assembly = app.synth().directory;
    const file = fileOf(assembly, 'contracts/orders');
    for (const both of [
      [assembly, file],
      [file, assembly],
    ]) {
      expect(findingsOf(command('check', '--json', ...both).out)).toEqual([]);
    }
  });

  test('fails with one line that names both if they differ', () => {
    const [older, newer] = [fileOf(hub('old', { allows: false }), 'older'), hub('new')];
    const messages = messagesOfApp(publisher([newer, older])).map(withoutDirectory);
    expectFindings(messages, ['warning deliveryUnverified /Shop']);
    expectFindings(messagesOfApp(publisher([older, newer])).map(withoutDirectory), [
      'warning deliveryUnverified /Shop',
      DENIED,
    ]);
    const { out, status } = command('check', '--json', shop(), newer, older);
    expect(findingsOf(out)).toEqual(['older warning deliveryUnverified older']);
    expect(status).toBe(0);
    expect(command('check', shop(), older, newer).status).toBe(1);
  });

  test('fails with one line for all stacks of two paths', () => {
    const both = [true, false].map((allows) => {
      const app = appIn(directory, `both-${allows}`);
      for (const name of ['A', 'B', 'C']) {
        addBus(app, { name, allows: allows || name === 'C', env: name === 'A' ? BILLING : HUB });
      }
      return fileOf(app.synth().directory, `both-${allows}`);
    });
    const messages = messagesOfApp(publisher(both)).filter((message) => message.includes('both-true'));
    expect(messages).toHaveLength(1);
    expectMessage(withoutDirectory(messages[0]));
  });

  test('the copy of a stack in the app does not count, silently', () => {
    const older = fileOf(hub('old', { allows: false }), 'older');
    const newest = fileOf(hub('new', { allows: true, name: 'Hub' }), 'newest');
    const app = publisher([older, newest], (own) => addBus(own, {}));
    expectFindings(
      messagesOfApp(app).filter((one) => !one.includes('targetPolicy')),
      [],
    );
  });

  test('is the same by its name, account and Region', () => {
    const paths = [hub('one', { allows: true }), hub('two', { allows: false, env: BILLING })];
    const third = hub('three', { allows: false, name: 'Other', env: { account: HUB.account, region: 'us-east-1' } });
    expectFindings(messagesOfApp(publisher([...paths, third])), []);
  });
});

test('fails once for an app with stages, on the first stack of them', () => {
  const [older, newer] = [fileOf(hub('old', { allows: false }), 'older'), hub('new')];
  const app = testApp();
  for (const id of ['First', 'Second']) publisherRole(stackIn(new Stage(app, id) as App, 'Shop', SHOP));
  CrossAccountEventChecks.applyTo(app, { otherApps: [newer, older] });
  expectFindings(messagesOfApp(app).map(withoutDirectory), ['warning deliveryUnverified /First/Shop']);
});

/** The message with names of files only. */
function withoutDirectory(message: string): string {
  return message.split(join(directory, '/')).join('');
}
