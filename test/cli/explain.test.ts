import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { App, Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { HUB, testFunction, testStack } from '../support/apps';
import { CommandResult, command, emptyDirectory } from '../support/command';
import { EXAMPLES, exampleApp } from '../support/examples';
import { expectMessage } from '../support/messages';
import { cfnEventBus } from '../support/three-accounts';
import { CONTENT, Content, NAMES, Name, stackOf } from '../support/three-repositories';

/** The cloud assemblies of the hub, the shop and billing, one of them with other content. */
function threeApps(changed?: Name, content: Partial<Content> = {}): string[] {
  const directory = emptyDirectory();
  return NAMES.map((name) => {
    const outdir = join(directory, name, 'cdk.out');
    const stack = stackOf(name, { ...CONTENT, ...(name === changed && content) }, undefined, outdir);
    return (stack.node.root as App).synth().directory;
  });
}

const explain = (...args: string[]): CommandResult => command('explain', ...args);

describe('an event that arrives', () => {
  test('is explained by each step, with the statements that allow it', () => {
    const { err, out, status } = explain(...threeApps(), '--from', 'shop-publisher', '--to', 'invoices');

    expect([status, err]).toEqual([0, '']);
    expect(out.split('\n').map((line) => line.replace(/: \{.*/, ''))).toEqual([
      'Where events go',
      "  delivered: events with source 'com.shop' and detail type 'OrderPlaced' from role shop/Publisher " +
        '(222222222222, app shop) to function billing/Handler (333333333333, app billing)',
      '    allowed: role shop/Publisher (222222222222, app shop) puts the event on bus hub/Bus (111111111111, app hub)',
      '      identity-based policy in shop/Publisher/DefaultPolicy',
      '      resource-based policy in hub/Bus/Policy/Roles-859d5089027c',
      '    allowed: rule hub/Rule (111111111111, app hub) on bus hub/Bus (111111111111, app hub) matches the event',
      '    allowed: rule hub/Rule (111111111111, app hub) sends the event to function billing/Handler ' +
        '(333333333333, app billing)',
      '      identity-based policy in hub/RuleRole-7001482a/DefaultPolicy',
      '      resource-based policy in billing/FromHub/Permission',
      '      trust policy in hub/RuleRole-7001482a',
      '',
      'Everything is allowed.',
      '',
    ]);
  });

  test('is found by account, path or ARN, and without anything', () => {
    const apps = threeApps();
    const { deliveries } = JSON.parse(explain(...apps, '--json').out);
    expect(deliveries).toHaveLength(1);
    for (const from of ['222222222222', 'shop/Publisher', 'arn:aws:iam::222222222222:role/shop-publisher']) {
      expect(JSON.parse(explain(...apps, '--from', from, '--json').out).deliveries).toEqual(deliveries);
    }
    for (const to of ['billing/Handler', 'Handler', 'invoices', CONTENT.targetArn]) {
      expect(JSON.parse(explain(...apps, '--to', to, '--json').out).deliveries).toEqual(deliveries);
    }
    const event = ['--source', 'com.shop', '--detail-type', 'OrderPlaced'];
    expect(JSON.parse(explain(...apps, '--bus', 'orders', ...event, '--json').out).deliveries).toEqual(deliveries);
  });
});

test('many answers are given without the statements, and with how to see them', () => {
  const [[, [backbone]]] = EXAMPLES.filter(([name]) => name === 'event-backbone');
  const { out, status } = explain(exampleApp(backbone).synth().directory);
  expect(status).toBe(0);
  expect(out.match(/^  delivered: /gm)!.length).toBeGreaterThan(5);
  expect(out).not.toContain('policy in');
  expect(out).toContain("To see the statements that allow it, ask about less with '--from', '--to' or '--bus'.");
});

test('a rule with a schedule is part of the answer if the question is about its event', () => {
  const hub = testStack('Hub', HUB);
  cfnEventBus(hub);
  const target = new LambdaFunction(testFunction(hub, 'Handler'));
  new Rule(hub, 'Rule', { schedule: Schedule.rate(Duration.days(1)), targets: [target] });
  const { directory } = (hub.node.root as App).synth();

  expect(explain(directory, '--source', 'com.shop')).toMatchObject({ status: 1 });
  for (const question of [['--source', 'aws.events'], ['--detail-type', 'Scheduled Event'], []]) {
    const { out, status } = explain(directory, ...question);
    expect(status).toBe(0);
    expect(out).toContain("delivered: events with source 'aws.events' and detail type 'Scheduled Event'");
  }
});

test('who may put events on a bus is listed', () => {
  const { out, status } = explain(...threeApps(), '--bus', 'orders');
  expect(status).toBe(0);
  expect(out).toContain('Who may put events on bus hub/Bus (111111111111, app hub)');
  expect(out).toContain("  allowed: role shop/Publisher (222222222222, app shop) puts events with source 'com.shop'");
});

describe('an event that does not arrive', () => {
  test('has the statement that is missing, and the status 1', () => {
    const { out, status } = explain(...threeApps('billing', { permission: 'none' }), '--to', 'invoices');
    expect(status).toBe(1);
    expect(out).toContain('  not delivered: events with source');
    expect(out).toContain(`Missing in the resource-based policy of ${CONTENT.targetArn}: {"Effect":"Allow",`);
    expect(out).toMatch(/\n\nNot everything is delivered\.\n$/);
  });

  test('can come from an account that no app has', () => {
    const { out, status } = explain(
      ...threeApps(),
      '--from',
      '999999999999',
      '--bus',
      'orders',
      '--source',
      'com.shop',
    );
    expect(status).toBe(1);
    expect(out).toContain("  denied: account 999999999999 puts events with source 'com.shop'");
    expect(out).toContain(
      'Missing in the resource-based policy of arn:aws:events:eu-west-1:111111111111:event-bus/orders',
    );
  });

  test('can be another event of a role than it puts', () => {
    const apps = threeApps();
    const { deliveries, decision } = JSON.parse(
      explain(...apps, '--from', 'shop-publisher', '--to', 'invoices', '--source', 'com.web', '--json').out,
    );
    expect(decision).toBe('denied');
    expect(deliveries[0].steps.map((step: { kind: string; decision: string }) => [step.kind, step.decision])).toEqual([
      ['putEvents', 'denied'],
      ['match', 'denied'],
      ['send', 'allowed'],
    ]);
    const { out } = explain(...apps, '--from', 'shop-publisher', '--to', 'invoices', '--source', 'com.web');
    expect(out).toContain(
      '\n    not matched: rule hub/Rule (111111111111, app hub) on bus hub/Bus (111111111111, app hub)\n',
    );
    expect(explain(...apps, '--source', 'com.web').out).toBe(
      'Not delivered: no principal is known to put such events\n',
    );
  });

  test('can be for a target to which no rule leads', () => {
    const [hub, shop] = threeApps();
    const other = threeApps('billing', { functionName: 'bills' })[2];
    const { out, status } = explain(hub, shop, other, '--to', 'bills');
    expect([status, out]).toEqual([1, "Not delivered: no rule leads from there to 'bills'\n"]);
  });
});

describe('a name that does not exist', () => {
  const apps = threeApps();

  test.each([
    ['--from', 'shop-publishr'],
    ['--bus', 'order'],
    ['--to', 'arn:aws:lambda:eu-west-1:333333333333:function:invoice'],
  ])('is unusable input, with the nearest name: %s %s', (option, text) => {
    const { err, out, status } = explain(...apps, option, text);
    expect([status, out]).toEqual([2, '']);
    expect(err.trim().split('\n')).toHaveLength(1);
    expectMessage(err.trim());
  });

  test('is not asked of the other commands', () => {
    const { err, status } = command('check', ...apps, '--bus', 'orders');
    expect(status).toBe(2);
    expectMessage(err.trim());
  });

  test('is not needed, but a path is', () => {
    expect(explain('--bus', 'orders')).toEqual({
      status: 2,
      out: '',
      err: 'arguments: explain needs at least one PATH: see --help\n',
    });
  });
});

test('JSON has the format in the schema', () => {
  const schema = JSON.parse(readFileSync(join(__dirname, '../../docs/explain-command.schema.json'), 'utf8'));
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
  const broken = threeApps('billing', { permission: 'none' });
  const outputs = [
    explain(...broken, '--json'),
    explain(...broken, '--bus', 'orders', '--source', 'com.none', '--json'),
    ...EXAMPLES.slice(0, 3).map(([, apps]) =>
      explain(...apps.map((app) => exampleApp(app).synth().directory), '--json'),
    ),
  ];
  for (const { out } of outputs) {
    validate(JSON.parse(out));
    expect(validate.errors).toBeNull();
  }
});

test('a flowchart is printed', () => {
  const { out, status } = command('mermaid', ...threeApps());
  expect(status).toBe(0);
  expect(out).toMatch(/^flowchart LR\n {2}subgraph a0\["account 111111111111"\]\n/);
  expect(out).toContain('|"com.shop / OrderPlaced"|');
});
