import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnRule, EventBus, IEventBus, IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBus, LambdaEventTarget, LambdaPermissionScope } from '../../src';
import { BILLING, HUB, REGION, testApp, testFunction, testStack } from '../support/apps';
import { copyOf } from '../support/functions';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf } from '../support/templates';

const { EVENT_BUS, RULE } = LambdaPermissionScope;
const eventPattern = { source: ['com.shop'] };
const freshApp = () => testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });

describe('function, bus and rule may be in one, two or three stacks of an account', () => {
  const LAYOUTS = ['FBR', 'FB|R', 'FR|B', 'F|BR', 'F|B|R'];
  const BUSES: [string, (scope: Stack) => IEventBus][] = [
    ['a named bus', (scope) => new EventBus(scope, 'Bus', { eventBusName: 'orders' })],
    ['a bus without a name', (scope) => new EventBus(scope, 'Bus')],
    [
      'a bus whose name only deployment tells',
      (scope) => new EventBus(scope, 'Bus', { eventBusName: new CfnParameter(scope, 'Name').valueAsString }),
    ],
    ['a bus of this library', (scope) => new CrossAccountEventBus(scope, 'Bus')],
  ];
  const PUBLISHES: [string, (bus: IEventBus, handler: Function) => void][] = [
    ['does not publish there', () => undefined],
    ['has the name of the bus', (bus, handler) => handler.addEnvironment('BUS', bus.eventBusName)],
    ['may publish there', (bus, handler) => bus.grantPutEventsTo(handler)],
    [
      'has its name and may publish there',
      (bus, handler) => {
        handler.addEnvironment('BUS', bus.eventBusName);
        bus.grantPutEventsTo(handler);
      },
    ],
  ];

  /** On which stacks each one depends, or that they do so in a circle. */
  function dependencies(
    layout: string,
    bus: (scope: Stack) => IEventBus,
    publish: (typeof PUBLISHES)[0][1],
    target: (fn: Function) => IRuleTarget,
  ) {
    const app = freshApp();
    const stacks = new Map(
      layout.split('|').flatMap((group) => {
        const stack = testStack(group, HUB, app);
        return [...group].map((what) => [what, stack] as const);
      }),
    );
    const handler = testFunction(stacks.get('F')!, 'Handler');
    const eventBus = bus(stacks.get('B')!);
    publish(eventBus, handler);
    new Rule(stacks.get('R')!, 'Rule', { eventBus, eventPattern, targets: [target(handler)] });
    try {
      app.synth();
    } catch (e) {
      return (e as Error).message.replace(/.*(would create a cyclic reference)[^]*/, '$1');
    }
    return Object.fromEntries(layout.split('|').map((group) => [group, dependenciesOf(stacks.get(group[0])!).sort()]));
  }

  const CASES = BUSES.flatMap(([bus, makeBus]) =>
    PUBLISHES.map(([publishes, publish]) => [bus, publishes, makeBus, publish] as const),
  );
  test.each(CASES)(
    'with %s, and a function that %s, without a dependency that the CDK itself would not make',
    (_, __, bus, publish) => {
      for (const layout of LAYOUTS) {
        const bare = dependencies(layout, bus, publish, (handler) => new LambdaFunction(handler));
        for (const permissionScope of [EVENT_BUS, RULE]) {
          expect(
            dependencies(layout, bus, publish, (handler) => new LambdaEventTarget(handler, { permissionScope })),
          ).toEqual(bare);
        }
      }
    },
  );

  test('and a permission for the bus brings the stacks of function and bus no nearer', () => {
    const all = BUSES.map(([, bus]) =>
      dependencies(
        'F|B|R',
        bus,
        () => undefined,
        (handler) => new LambdaEventTarget(handler, { permissionScope: EVENT_BUS }),
      ),
    );
    expect(all).toEqual(BUSES.map(() => ({ F: [], B: [], R: ['B', 'F'] })));
  });
});

describeWithOracle('a permission for the bus', () => {
  const deliver = (name: string, expect: string, bus = 'orders', account = HUB.account) => ({
    deliver: { rule: { account, bus, name } },
    expect,
  });
  const names = (count: number, prefix = 'rule') => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

  let app: App;
  let functions: Stack;
  let handler: Function;
  beforeEach(() => {
    app = freshApp();
    functions = testStack('Functions', HUB, app);
    handler = testFunction(functions, 'Handler', { functionName: 'handler' });
  });

  const ruleIn = (
    scope: Stack,
    name: string,
    eventBus?: IEventBus,
    target = new LambdaEventTarget(handler, { permissionScope: EVENT_BUS }),
  ) => new Rule(scope, name, { ruleName: name, eventBus, eventPattern, targets: [target] });

  /** A rule of another account on a bus of the same name, with a role there that may do everything. */
  function ruleOfAnother(account: string, name: string): void {
    const theirs = testStack(`Of${account}`, { account, region: REGION }, app);
    const eventBusName = new EventBus(theirs, 'Bus', { eventBusName: 'orders' }).eventBusName;
    const role = new Role(theirs, 'Role', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['*'], resources: ['*'] }));
    const target = { id: 'Target0', arn: handler.functionArn };
    new CfnRule(theirs, 'ByItself', { name: `${name}-by-itself`, eventBusName, eventPattern, targets: [target] });
    new CfnRule(theirs, 'ByRole', {
      name: `${name}-by-role`,
      eventBusName,
      eventPattern,
      targets: [{ ...target, roleArn: role.roleArn }],
    });
  }

  test('lets 300 rules of the bus deliver, over three stacks, and none of another bus or account', () => {
    const bus = new EventBus(testStack('Buses', HUB, app), 'Bus', { eventBusName: 'orders' });
    const rules = ['A', 'B', 'C'].map((id) => testStack(id, HUB, app));
    const made = rules.flatMap((scope, i) => names(100, `rule-${i}`).map((name) => ruleIn(scope, name, bus)));
    copyOf(made[0], 'Copy', { name: 'made-by-hand', eventBusName: bus.eventBusName });
    copyOf(made[0], 'OnDefault', { name: 'rule-0-0' });
    ['orders2', 'order'].forEach((name) =>
      copyOf(made[0], name, {
        name: 'rule-0-0',
        eventBusName: new EventBus(rules[0], `Bus-${name}`, { eventBusName: name }).eventBusName,
      }),
    );
    ruleOfAnother(BILLING.account, 'rule-0-0');

    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...made.map(({ node }) => deliver(node.id, 'allow')),
        deliver('made-by-hand', 'allow'),
        deliver('rule-0-0', 'deny', 'default'),
        ...['orders2', 'order'].map((bus2) => deliver('rule-0-0', 'deny', bus2)),
        ...['by-itself', 'by-role'].map((how) => deliver(`rule-0-0-${how}`, 'deny', 'orders', BILLING.account)),
        { strangers: true, function: 'handler' },
      ],
    });
  });

  test.each<[string, (stack: Stack) => IEventBus | undefined, string]>([
    ['without a name', (stack) => new EventBus(stack, 'Bus'), 'Hub/Bus'],
    [
      'whose name only deployment tells',
      (stack) =>
        new EventBus(stack, 'Bus', {
          eventBusName: new CfnParameter(stack, 'Name', { default: 'given' }).valueAsString,
        }),
      'given',
    ],
    ['of this library', (stack) => new CrossAccountEventBus(stack, 'Bus'), 'Hub/Bus'],
  ])('lets the rules of a bus %s deliver, on an alias too, and no other', (_, eventBus, name) => {
    const stack = testStack('Hub', HUB, app);
    const bus = eventBus(stack);
    const live = new Alias(functions, 'Live', { aliasName: 'live', version: handler.currentVersion });
    const onAlias = ruleIn(stack, 'on-alias', bus, new LambdaEventTarget(live, { permissionScope: EVENT_BUS }));
    const onFunction = ruleIn(stack, 'on-function', bus);
    [onAlias, onFunction].forEach((rule) => copyOf(rule, `Copy-${rule.node.id}`, { name: `${rule.node.id}-copy` }));
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...['on-alias', 'on-function'].flatMap((rule) => [
          deliver(rule, 'allow', name),
          deliver(`${rule}-copy`, 'deny', 'default'),
        ]),
        { strangers: true, function: 'handler' },
      ],
    });
  });

  test(
    'of the default bus is for all rules of the account and region, as their ARNs do not name ' +
      'it, and for no other account',
    () => {
      const stack = testStack('Hub', HUB, app);
      const rule = ruleIn(stack, 'on-default');
      copyOf(rule, 'Copy', {
        name: 'custom',
        eventBusName: new EventBus(stack, 'Bus', { eventBusName: 'orders' }).eventBusName,
      });
      ruleOfAnother(BILLING.account, 'on-default');
      const theirs = ['by-itself', 'by-role'].map((how) =>
        deliver(`on-default-${how}`, 'deny', 'orders', BILLING.account),
      );
      expectAnswers(app, {
        questions: [
          { noProblems: true },
          deliver('on-default', 'allow', 'default'),
          deliver('custom', 'allow'),
          ...theirs,
          { strangers: true, function: 'handler' },
        ],
      });
    },
  );
});
