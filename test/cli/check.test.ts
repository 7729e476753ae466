import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { App, CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  EventPublisher,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, SHOP, testApp, testStack } from '../support/apps';
import { appIn, command, emptyDirectory, findingsOf } from '../support/command';
import { expectMessage } from '../support/messages';
import { role } from '../support/separate-apps';
import {
  LENIENT,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  publisherRole,
  roleArn,
  rootArn,
} from '../support/three-accounts';

/** The cloud assemblies of three apps: the shop publishes on the bus of the hub, which forwards to billing. */
function threeApps({ hubAllowsShop = true, billingAllowsHub = true } = {}): string[] {
  const directory = emptyDirectory();
  const apps = ['hub', 'shop', 'billing'].map((name) => appIn(directory, name));
  const [hub, shop, billing] = [HUB, SHOP, BILLING].map(
    (env, i) => new Stack(apps[i], ['Hub', 'Shop', 'Billing'][i], { env }),
  );
  const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  if (hubAllowsShop) bus.allowPublisher(EventPublisher.role(roleArn('shop-publisher')));
  new Rule(hub, 'ToBilling', {
    eventBus: bus,
    eventPattern: { source: ['com.example.shop'] },
    targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(hub, 'Invoices', busArn('invoices', BILLING)))],
  });
  new PublisherRole(shop, 'Publisher', {
    roleName: 'shop-publisher',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [EventBus.fromEventBusArn(shop, 'Orders', busArn())],
  });
  cfnEventBus(billing, 'Bus', 'invoices');
  if (billingAllowsHub) cfnEventBusPolicy(billing, { Principal: { AWS: rootArn(HUB) } }, { bus: 'invoices' });
  return apps.map((app) => app.synth().directory);
}

describe('three apps together', () => {
  test('have no findings if each allows the others what they need', () => {
    const { status, out, err } = command('check', ...threeApps());

    expect(out).toBe('0 errors, 0 warnings in 3 apps\n');
    expect(err).toBe('');
    expect(status).toBe(0);
  });

  test('fails if the hub does not allow the shop, and the message names both apps', () => {
    const paths = threeApps({ hubAllowsShop: false });
    const { status, out } = command('check', ...paths);

    expect(findingsOf(command('check', '--json', ...paths).out)).toEqual([
      'shop error publisherAccessDenied Shop/Publisher/DefaultPolicy/Resource',
    ]);
    expect(out).toMatch(/^shop\n {2}error /);
    expect(out).toContain('Shop/Publisher/DefaultPolicy/Resource (stack Shop, logical ID Publisher');
    expect(out).toContain("which is 'Hub/Bus/Resource' in app 'hub'");
    expect(out).toMatch(/\n {4}Fix: /);
    expect(out).toMatch(/\n\n1 error, 0 warnings in 3 apps\n$/);
    expect(status).toBe(1);
    expectMessage(out.trim());
  });

  test('fails if billing does not allow the hub', () => {
    const { status, out } = command('check', '--json', ...threeApps({ billingAllowsHub: false }));

    expect(findingsOf(out)).toEqual(['hub error targetAccessDenied Hub/ToBilling/Resource']);
    expect(status).toBe(1);
  });

  test('fails with warnings and exit status 0 for one of them alone', () => {
    const [, shop] = threeApps();
    const { status, out } = command('check', '--json', shop);

    expect(findingsOf(out)).toEqual([expect.stringMatching(/^shop warning manuallyAddEventBusPolicy /)]);
    expect(status).toBe(0);
  });

  test('have paths that begin with their names only in messages', () => {
    const { out } = command('check', '--json', ...threeApps({ hubAllowsShop: false }));
    const [finding] = JSON.parse(out).findings;

    expect(finding).toMatchObject({
      app: 'shop',
      path: 'Shop/Publisher/DefaultPolicy/Resource',
      stack: 'Shop',
      resourceApp: 'hub',
    });
  });
});

describe('the JSON output', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../../docs/check-command.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: true }).compile(schema);

  test.each([
    ['without findings', {}],
    ['with an error', { hubAllowsShop: false }],
    ['with errors in two apps', { hubAllowsShop: false, billingAllowsHub: false }],
  ])('matches its schema %s', (_, options) => {
    const document = JSON.parse(command('check', '--json', ...threeApps(options)).out);

    expect(validate(document)).toBe(true);
    expect(document.summary.errors).toBe(Object.keys(options).length);
    expect(document.apps.map(({ name }: { name: string }) => name)).toEqual(['hub', 'shop', 'billing']);
  });

  test('names an app after the directory above its topology file', () => {
    const directory = emptyDirectory();
    const files = threeApps().map((app, index) => {
      const cdkOut = join(directory, ['hub', 'shop', 'billing'][index], 'cdk.out');
      mkdirSync(cdkOut, { recursive: true });
      writeFileSync(join(cdkOut, 'event-topology.json'), command('topology', app).out);
      return join(cdkOut, 'event-topology.json');
    });

    const { apps } = JSON.parse(command('check', '--json', ...files).out);
    expect(apps.map(({ name }: { name: string }) => name)).toEqual(['hub', 'shop', 'billing']);
  });

  test('has acknowledged and disabled findings too', () => {
    const [, shop] = threeApps();
    const { out } = command('check', '--json', '--disable', `${MANUAL_STEP}=in another repository`, shop);
    const document = JSON.parse(out);

    expect(validate(document)).toBe(true);
    expect(document.summary).toEqual({ errors: 0, warnings: 0, acknowledged: 0, disabled: 1 });
    expect(document.findings).toMatchObject([
      { id: MANUAL_STEP, acknowledged: false, disabled: 'in another repository' },
    ]);
  });
});

const MANUAL_STEP = 'cdk-cross-account-eventbridge:manuallyAddEventBusPolicy';

describe('apps that do not use this library', () => {
  test('are read with their stages and environment-agnostic stacks', () => {
    const directory = emptyDirectory();
    const app = appIn(directory, 'plain', { context: LENIENT });
    const stage = new Stage(app, 'Prod', { env: HUB });
    cfnEventBus(new Stack(stage, 'Hub'));
    publisherRole(new Stack(app, 'Anywhere'));
    new CfnResource(new Stack(app, 'Other', { env: SHOP }), 'Topic', { type: 'AWS::SNS::Topic' });
    const { directory: path } = app.synth();

    expect(findingsOf(command('check', '--json', `${path}@222222222222/eu-west-1`).out)).toEqual([
      'plain error publisherAccessDenied Anywhere/Publisher/Resource',
    ]);
    expect(findingsOf(command('check', '--json', '--account', HUB.account, '--region', HUB.region, path).out)).toEqual(
      [],
    );
  });

  test('need an account for each stack if there are several', () => {
    const directory = emptyDirectory();
    const [first, second] = ['a', 'b'].map((name) => {
      const app = appIn(directory, name, { context: LENIENT });
      new CfnResource(new Stack(app, 'S'), 'Topic', { type: 'AWS::SNS::Topic' });
      return app.synth().directory;
    });

    expect(command('check', first).status).toBe(0);
    expect(command('check', `${first}@111111111111/eu-west-1`, second)).toEqual({
      status: 2,
      out: '',
      err: expect.stringContaining(`${second}: stack 'S' is environment-agnostic`),
    });
    const environment = ['--account', '111111111111', '--region', 'eu-west-1'];
    expect(command('check', first, second, ...environment).status).toBe(0);
  });
});

test('rules and policies in different stages are not reported, because they cannot depend on each other', () => {
  const app = appIn(emptyDirectory(), 'stages', { context: LENIENT });
  const [hub, shop] = [HUB, SHOP].map((env, i) => new Stack(new Stage(app, ['Hub', 'Shop'][i], { env }), 'S'));
  cfnEventBus(hub);
  cfnEventBusPolicy(hub);
  const local = new EventBus(shop, 'Local', { eventBusName: 'local' });
  new Rule(shop, 'Rule', {
    eventBus: local,
    eventPattern: { source: ['com.example'] },
    targets: [new CrossAccountEventBusTarget(EventBus.fromEventBusArn(shop, 'Orders', busArn()))],
  });

  expect(findingsOf(command('check', '--json', app.synth().directory).out)).toEqual([]);
});

test('an environment-agnostic topology file is read in the account and Region that are given', () => {
  const app = testApp();
  const stack = new Stack(app, 'Hub');
  new CfnEventBus(stack, 'Bus', { name: 'orders' });
  new CfnEventBusPolicy(stack, 'Policy', {
    eventBusName: 'orders',
    statementId: 'Shop',
    statement: {
      Effect: 'Allow',
      Principal: { AWS: SHOP.account },
      Action: 'events:PutEvents',
      Resource: `arn:aws:events:${stack.region}:${stack.account}:event-bus/orders`,
    },
  });
  CrossAccountEventChecks.applyTo(app, { topology: true });
  const hub = join(app.synth().directory, 'event-topology.json');
  const shop = testStack('Shop', SHOP);
  role(SHOP, 'publisher', 'lambda.amazonaws.com', busArn()).define(shop);
  const { directory } = (shop.node.root as App).synth();
  expect(command('check', directory, `${hub}@111111111111/eu-west-1`)).toMatchObject({ status: 0, err: '' });
  expect(command('check', directory, `${hub}@333333333333/eu-west-1`).out).toContain('manuallyAddEventBusPolicy');
});
