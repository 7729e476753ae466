import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventChecks, PublisherRole } from '../../src';
import { HUB, SHOP, testApp, testStack } from '../support/apps';
import { command, findingsOf } from '../support/command';
import { expectMessage } from '../support/messages';
import { SeparateApps, WAYS, Way, bus, findingsAmong, messagesAmong, role, roleIn } from '../support/separate-apps';
import { busArn } from '../support/three-accounts';

const MISSPELLED = busArn('order');
const Hub = bus(HUB, 'orders', SHOP.account);

const forwarding = {
  env: SHOP,
  define: (stack: Stack) => {
    role(SHOP, 'forward', 'events.amazonaws.com', MISSPELLED).define(stack);
    const targets = [{ id: 'Bus', arn: MISSPELLED, roleArn: roleIn(SHOP, 'forward') }];
    new CfnRule(stack, 'Rule', { eventPattern: { source: ['com.shop'] }, targets });
  },
};

const publishing = {
  env: SHOP,
  define: (stack: Stack) =>
    void new PublisherRole(stack, 'Publisher', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [EventBus.fromEventBusArn(stack, 'Bus', MISSPELLED)],
    }),
};

const CASES: [string, string, SeparateApps[string]][] = [
  ['a role may put events on it', '/Shop/Role', role(SHOP, 'publisher', 'lambda.amazonaws.com', MISSPELLED)],
  ['a rule sends to it', '/Shop/Rule', forwarding],
  ['a construct reports it, once', '/Shop/Publisher', publishing],
];

describe.each(Object.keys(WAYS) as Way[])('a bus whose name is misspelled, in an account known by %s', (way) => {
  test.each(CASES)('is an error if %s', (_, path, Shop) => {
    expect(findingsAmong({ Shop, Hub }, 'Shop', way)).toEqual([`error eventBusNotFound ${path}`]);
    expectMessage(messagesAmong({ Shop, Hub }, 'Shop', way)[0]);
  });

  test('is an error if a rule is on it, with the fix for a name', () => {
    const define = (stack: Stack) => {
      new CfnEventBus(stack, 'Bus', { name: 'orders' });
      new CfnRule(stack, 'Rule', { eventBusName: 'order', eventPattern: { source: ['com.shop'] } });
    };
    const Other = { env: HUB, define: (stack: Stack) => void new CfnEventBus(stack, 'Bus', { name: 'payments' }) };
    const apps = { Hub: { env: HUB, define }, Other };
    expect(findingsAmong(apps, 'Hub', way)).toContain('error eventBusNotFound /Hub/Rule');
  });
});

describe('the command', () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'apps-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  test.each(CASES)('fails if %s', (_, __, shop) => {
    const paths = Object.entries({ shop, hub: Hub }).map(([name, { env, define }]) => {
      const stack = testStack(name, env, testApp({ outdir: join(directory, name, 'cdk.out') }));
      define(stack);
      CrossAccountEventChecks.applyTo(stack.node.root, { topology: true });
      return (stack.node.root as App).synth().directory;
    });
    const { status, out } = command('check', '--json', ...paths);
    expect(findingsOf(out)).toEqual([expect.stringMatching(/^shop error eventBusNotFound /)]);
    expect(status).toBe(1);
  });
});
