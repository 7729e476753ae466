import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, AppProps } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { SERVICES, backboneApp } from '../../examples/typescript/event-backbone-by-arn/backbone';
import { serviceApp } from '../../examples/typescript/event-backbone-by-arn/service';
import { centralBusApp } from '../../examples/typescript/order-to-invoice-by-arn/central-bus';
import { invoicesApp } from '../../examples/typescript/order-to-invoice-by-arn/invoices';
import { webStoreApp } from '../../examples/typescript/order-to-invoice-by-arn/web-store';
import { auditApp } from '../../examples/typescript/queue-topic-stream-api/audit';
import { hubApp } from '../../examples/typescript/queue-topic-stream-api/hub';
import { run } from '../../src/cli/main';
import { messagesOfApp } from '../support/apps';
import { brief } from '../support/messages';
import { ROOT } from '../support/repository';

/** Set to write the files of the examples again instead of comparing them. */
const UPDATE = process.env.UPDATE_CONTRACTS !== undefined;

type Example = (props: AppProps) => App;

const EXAMPLE = join(ROOT, 'examples/typescript/order-to-invoice-by-arn');
const APPS: { readonly [name: string]: Example } = {
  'web-store': webStoreApp,
  'central-bus': centralBusApp,
  invoices: invoicesApp,
};
const NAMES = Object.keys(APPS);

/** All files in the folders `contracts` of the examples, with the apps that write them. */
const CONTRACTS: [string, Example][] = [
  ...NAMES.map((name): [string, Example] => [`order-to-invoice-by-arn/contracts/${name}`, APPS[name]]),
  ['event-backbone-by-arn/contracts/backbone', backboneApp],
  ['queue-topic-stream-api/contracts/hub', hubApp],
  ['queue-topic-stream-api/contracts/audit', auditApp],
  ...SERVICES.map((service): [string, Example] => [
    `event-backbone-by-arn/contracts/service-${service.name}`,
    (props) => serviceApp(service, props),
  ]),
];

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'apps-'))));
afterEach(() => {
  delete process.env.EVENT_TOPOLOGIES;
  rmSync(directory, { recursive: true });
});

const appIn = (outdir: string, make: Example, change: (app: App) => void = () => undefined) => {
  const app = make({ outdir, analyticsReporting: false });
  change(app);
  return app;
};

/** Synthesizes an app to `<name>/cdk.out`, as the script of the example does. */
function synthesize(name: string, change?: (app: App) => void): string {
  return appIn(join(directory, name, 'cdk.out'), APPS[name], change).synth().directory;
}

/** What the checks of an app report. */
function findingsOf(name: string): string[] {
  const app = appIn(join(directory, 'again', name), APPS[name]);
  return messagesOfApp(app);
}

/** Deletes the name of the role, as if the web store had renamed it. */
function renameRole(app: App): void {
  const role = app.node.findChild('WebStore').node.findChild('Publisher') as Role;
  (role.node.defaultChild as { roleName?: string }).roleName = 'web-store-orders';
}

describe('topology files in the repositories', () => {
  test.each(CONTRACTS)('%s.event-topology.json is what the app writes', (path, make) => {
    const { directory: out } = appIn(join(directory, 'cdk.out'), make).synth();
    const [written, committed] = [
      join(out, 'event-topology.json'),
      `${ROOT}/examples/typescript/${path}.event-topology.json`,
    ];
    if (UPDATE) copyFileSync(written, committed);
    expect(readFileSync(committed, 'utf8')).toBe(readFileSync(written, 'utf8'));
  });

  test('are those of the apps of the example', () => {
    const files = NAMES.map((name) => `${name}.event-topology.json`);
    expect(readdirSync(join(EXAMPLE, 'contracts')).sort()).toEqual(files.sort());
  });
});

describe('topology files that a pipeline hands on', () => {
  /** What the pipelines of the apps publish, in one folder. */
  function handOn(change?: (app: App) => void): void {
    const folder = join(directory, 'topologies');
    mkdirSync(folder);
    for (const name of NAMES) {
      const out = synthesize(name, name === 'web-store' ? change : undefined);
      copyFileSync(join(out, 'event-topology.json'), join(folder, `${name}.event-topology.json`));
    }
    process.env.EVENT_TOPOLOGIES = folder;
  }

  test.each(NAMES)('the app %s reports nothing', (name) => {
    handOn();
    expect(findingsOf(name)).toEqual([]);
  });

  test('are used in place of those in the repository', () => {
    handOn(renameRole);
    expect(findingsOf('central-bus').map(brief)).toEqual(['error publisherAccessDenied /CentralBus/Bus/Resource']);
  });

  test('must exist', () => {
    process.env.EVENT_TOPOLOGIES = join(directory, 'missing');
    expect(() => findingsOf('invoices')).toThrow(join(directory, 'missing', 'central-bus.event-topology.json'));
  });
});

describe('a nightly job over all apps', () => {
  /** Runs the last command of the script. */
  function check(): { status: number; text: string } {
    const script = readFileSync(join(EXAMPLE, 'check-all.sh'), 'utf8');
    const [, paths] = /^npx cdk-cross-account-eventbridge check (.*)$/m.exec(script)!;
    let text = '';
    const write = (more: string) => (text += more);
    const args = ['check', ...paths.split(' ').map((path) => join(directory, path))];
    return { status: run(args, { out: write, err: write }), text };
  }

  test('succeeds', () => {
    NAMES.forEach((name) => synthesize(name));
    expect(check()).toMatchObject({ status: 0, text: expect.stringContaining('0 errors') });
  });

  test('fails if an app does not match another one any more', () => {
    NAMES.forEach((name) => synthesize(name, name === 'web-store' ? renameRole : undefined));
    expect(check()).toMatchObject({ status: 1, text: expect.stringContaining('publisherAccessDenied') });
  });

  test('synthesizes all apps of the example', () => {
    const script = readFileSync(join(EXAMPLE, 'check-all.sh'), 'utf8');
    expect(script).toContain(`for app in ${NAMES.join(' ')}; do`);
    const mains = readdirSync(EXAMPLE).filter((file) => file.startsWith('main-'));
    expect(mains.sort()).toEqual(NAMES.map((name) => `main-${name}.ts`).sort());
  });
});
