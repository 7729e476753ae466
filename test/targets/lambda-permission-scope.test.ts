import { App, Aspects, CfnParameter, Stack } from 'aws-cdk-lib';
import { EventBus, IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Alias, Function, IFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { CrossAccountEventBus, LambdaEventTarget, LambdaPermissionScope, PolicySizeAspect } from '../../src';
import { HUB, REGION, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { nestedStack } from '../support/functions';
import { storedPolicySize } from '../support/lambda-policy';
import { expectFindings } from '../support/messages';
import { dependenciesOf, propertiesOf } from '../support/templates';

const { EVENT_BUS, RULE } = LambdaPermissionScope;
const PERMISSION = 'AWS::Lambda::Permission';
const LIMIT = 20_480;
const eventPattern = { source: ['com.shop'] };
const IMPORTED = `arn:aws:lambda:${REGION}:${HUB.account}:function:theirs`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });
  stack = testStack('Hub', HUB, app);
});

const ruleTo = (
  handler: IFunction,
  id = 'Rule',
  eventBus?: IEventBus,
  scope = stack,
  permissionScope?: LambdaPermissionScope,
) =>
  new Rule(scope, id, {
    ruleName: id,
    eventBus,
    eventPattern,
    targets: [new LambdaEventTarget(handler, { permissionScope })],
  });
const rulesTo = (handler: IFunction, count: number, eventBus?: IEventBus, scope = stack, permissionScope = EVENT_BUS) =>
  Array.from({ length: count }, (_, i) => ruleTo(handler, `rule-number-${100 + i}`, eventBus, scope, permissionScope));
const busIn = (scope: Stack, eventBusName?: string) => new EventBus(scope, 'Bus', { eventBusName });
const permissionsOf = (scope: Stack) => propertiesOf(scope, PERMISSION);
const ruleArn = (rest: string) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:${REGION}:${HUB.account}:rule/${rest}`]],
});
/** How many permissions the template of each stack has. */
const counts = (...stacks: Stack[]) => stacks.map((s) => permissionsOf(s).length);

describe('300 rules of one bus with one function', () => {
  test('take one permission for the bus, where one for each rule would be five times too long', () => {
    const bus = busIn(stack, 'orders');
    const shared = testFunction(stack, 'shared', { functionName: 'shared' });
    const crowded = Function.fromFunctionName(stack, 'Crowded', 'crowded');
    rulesTo(shared, 300, bus);
    // A stack has 500 resources at most.
    ['A', 'B'].forEach((id) => rulesTo(crowded, 150, bus, testStack(id, HUB, app), RULE));

    expect(permissionsOf(stack)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: stack.resolve(shared.functionArn),
        Principal: 'events.amazonaws.com',
        SourceArn: ruleArn('orders/*'),
        SourceAccount: HUB.account,
      },
    ]);
    const [byBus, byRule] = ['shared', 'crowded'].map((name) => storedPolicySize(app, name));
    expect([byBus, byRule]).toEqual([
      { statements: 1, characters: 428 },
      { statements: 300, characters: 117_953 },
    ]);
    expect(byRule.characters / LIMIT).toBeGreaterThan(5);
  });

  test('share the permission across stacks, beside the function', () => {
    const functions = testStack('Functions', HUB, app);
    const handler = testFunction(functions, 'Handler', { functionName: 'handler' });
    const bus = busIn(stack);
    const stacks = ['A', 'B', 'C'].map((id) => testStack(id, HUB, app));
    stacks.forEach((scope) => rulesTo(handler, 100, bus, scope));

    expect(counts(functions, stack, ...stacks)).toEqual([1, 0, 0, 0, 0]);
    expect(storedPolicySize(app, 'handler').characters).toBeLessThan(500);
    app.synth();
    expect([functions, stack].map(dependenciesOf)).toEqual([[], []]);
  });

  test.each([
    [EVENT_BUS, []],
    [RULE, ['error functionPolicySize /Hub/Handler/Resource']],
  ])('are judged by the size check: scope %s', (permissionScope, findings: string[]) => {
    const handler = testFunction(stack, 'Handler', { functionName: 'handler' });
    const bus = busIn(stack, 'orders');
    ['A', 'B'].forEach((id) => rulesTo(handler, 150, bus, testStack(id, HUB, app), permissionScope));
    Aspects.of(app).add(new PolicySizeAspect({ rulesPerEventBusLimit: 500 }));
    expectFindings(messagesOf(stack), findings);
  });
});

describe('a permission for the bus', () => {
  const HANDLERS: [string, (fn: Function) => IFunction][] = [
    ['a function', (fn) => fn],
    ['a version', (fn) => new Version(fn.stack, 'Version', { lambda: fn })],
    ['the current version', (fn) => fn.currentVersion],
    ['an alias', (fn) => new Alias(fn.stack, 'Alias', { aliasName: 'live', version: fn.currentVersion })],
  ];
  test.each(HANDLERS)('is on exactly %s, and in the stack that it is in', (_, qualified) => {
    const functions = testStack('Functions', HUB, app);
    const handler = qualified(testFunction(functions, 'Handler'));
    const bus = busIn(stack, 'orders');
    ['A', 'B'].forEach((id) => ruleTo(handler, id, bus, stack, EVENT_BUS));
    expect(permissionsOf(functions)).toMatchObject([
      { FunctionName: functions.resolve(handler.functionArn), SourceArn: ruleArn('orders/*') },
    ]);
    expect(counts(stack)).toEqual([0]);
  });

  test('is made for each qualifier and each bus', () => {
    const handler = testFunction(stack, 'Handler');
    const buses = [undefined, busIn(stack, 'orders')];
    const handlers = [handler, handler.currentVersion];
    buses.forEach((bus, i) =>
      handlers.forEach((qualified, j) => ruleTo(qualified, `Rule${i}${j}`, bus, stack, EVENT_BUS)),
    );
    expect(new Set(permissionsOf(stack).map((p) => JSON.stringify(p))).size).toBe(4);
    expect(counts(stack)).toEqual([4]);
  });

  test.each<[string, (scope: Stack) => IEventBus | undefined, string]>([
    ['the default bus', () => undefined, '*'],
    ['the default bus by name', (scope) => EventBus.fromEventBusName(scope, 'Bus', 'default'), '*'],
    [
      'the default bus by ARN',
      (scope) => EventBus.fromEventBusArn(scope, 'Bus', `arn:aws:events:${REGION}:${HUB.account}:event-bus/default`),
      '*',
    ],
    ['a bus without a name', (scope) => busIn(scope), 'BusesBusF86C620D/*'],
    [
      'a bus of this library',
      (scope) => new CrossAccountEventBus(scope, 'Bus', { eventBusName: 'orders' }),
      'orders/*',
    ],
    ['an imported bus', (scope) => EventBus.fromEventBusName(scope, 'Bus', 'theirs'), 'theirs/*'],
  ])('is for the rules of %s, and refers to none', (_, eventBus, rest) => {
    const [functions, buses] = ['Functions', 'Buses'].map((id) => testStack(id, HUB, app));
    testFunction(buses, 'Unrelated'); // a stack must have a resource
    ruleTo(testFunction(functions, 'Handler'), 'Rule', eventBus(buses), stack, EVENT_BUS);
    expect(permissionsOf(functions)).toMatchObject([{ SourceArn: ruleArn(rest), SourceAccount: HUB.account }]);
    expect(dependenciesOf(functions)).toEqual([]);
  });

  test('is in the stack of the rule, once, where only deployment tells the name of the bus', () => {
    const [functions, buses] = ['Functions', 'Buses'].map((id) => testStack(id, HUB, app));
    const handlers = ['A', 'B'].map((id) => testFunction(functions, id));
    const bus = busIn(buses, new CfnParameter(buses, 'Name', { default: 'orders' }).valueAsString);
    handlers.forEach((handler) =>
      ['A', 'B'].forEach((id) => ruleTo(handler, `${id}-${handler.node.id}`, bus, stack, EVENT_BUS)),
    );
    expect(counts(functions, buses, stack)).toEqual([0, 0, 2]);
    expect(permissionsOf(stack)[0].SourceArn['Fn::Join'][1]).toContainEqual({
      'Fn::ImportValue': expect.stringContaining('Bus'),
    });
    expect([functions, buses, stack].map(dependenciesOf)).toEqual([[], [], ['Buses', 'Functions']]);
  });

  test('on an imported function is made once in each stack that has rules for it', () => {
    const other = testStack('Other', HUB, app);
    const handler = Function.fromFunctionArn(stack, 'Imported', IMPORTED);
    [stack, other].forEach((scope) => ['A', 'B'].forEach((id) => ruleTo(handler, id, undefined, scope, EVENT_BUS)));
    ruleTo(Function.fromFunctionArn(stack, 'Again', IMPORTED), 'C', undefined, stack, EVENT_BUS);
    expect(counts(stack, other)).toEqual([1, 1]);
    expect(permissionsOf(other)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: IMPORTED,
        Principal: 'events.amazonaws.com',
        SourceArn: ruleArn('*'),
        SourceAccount: HUB.account,
      },
    ]);
  });

  test('on an imported function is made for each bus, and for each function', () => {
    const buses = [undefined, busIn(stack, 'orders')];
    const handlers = ['one', 'two'].map((name) => Function.fromFunctionName(stack, name, name));
    buses.forEach((bus, i) => handlers.forEach((handler, j) => ruleTo(handler, `Rule${i}${j}`, bus, stack, EVENT_BUS)));
    expect(new Set(permissionsOf(stack).map((p) => JSON.stringify(p))).size).toBe(4);
  });

  test.each<[string, () => [functions: Stack, rules: Stack]]>([
    ['in a nested stack', () => [nestedStack(stack), stack]],
    ['in the stack that the rules are nested in', () => [stack, nestedStack(stack)]],
    [
      'in a stack that does not know where it is',
      () => {
        busIn(stack, 'unrelated'); // a stack must have a resource
        return [new Stack(app, 'Functions'), new Stack(app, 'Rules')];
      },
    ],
  ])('is beside the function %s', (_, stacks) => {
    const [functions, rules] = stacks();
    const handler = testFunction(functions, 'Handler');
    const bus = busIn(rules, 'orders');
    ['A', 'B'].forEach((id) => ruleTo(handler, id, bus, rules, EVENT_BUS));
    expect(counts(functions, rules)).toEqual([1, 0]);
    const { account } = functions;
    expect(permissionsOf(functions)).toMatchObject([{ SourceAccount: functions.resolve(account) }]);
  });

  test.each<[string, (functions: Stack) => IFunction]>([
    [
      'made in a stack that does not know its account',
      (functions) => testFunction(functions, 'Handler', { functionName: 'handler' }),
    ],
    ['imported in one', (functions) => Function.fromFunctionName(functions, 'Handler', 'handler')],
  ])('is in the stack of the rule for a function that is %s, which may be another one', (_, handler) => {
    const functions = new Stack(app, 'Functions');
    busIn(functions); // a stack must have a resource
    ruleTo(handler(functions), 'Rule', undefined, stack, EVENT_BUS);
    expect(counts(functions, stack)).toEqual([0, 1]);
  });
});

describe('a permission for the rule', () => {
  test('is what is made unless another scope is asked for', () => {
    const [byDefault, asked] = [undefined, RULE].map((permissionScope) => {
      const own = testStack('Hub', HUB);
      ruleTo(testFunction(own, 'Handler'), 'Rule', busIn(own), own, permissionScope);
      return own;
    });
    expect(permissionsOf(byDefault)).toEqual(permissionsOf(asked));
    expect(permissionsOf(byDefault)[0].SourceArn).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Rule/), 'Arn'] });
  });

  test.each<[string, () => IFunction[], number]>([
    ['once for a function that is its target twice', () => Array(2).fill(testFunction(stack, 'Handler')), 1],
    [
      'once for two imports of one function',
      () => ['A', 'B'].map((id) => Function.fromFunctionArn(stack, id, IMPORTED)),
      1,
    ],
    [
      'once for imports of one alias by different means',
      () => [
        Function.fromFunctionArn(stack, 'A', `${IMPORTED}:live`),
        Alias.fromAliasAttributes(stack, 'B', {
          aliasName: 'live',
          aliasVersion: Version.fromVersionArn(stack, 'V', `${IMPORTED}:3`),
        }),
      ],
      1,
    ],
    ['for each of two functions', () => ['A', 'B'].map((id) => testFunction(stack, id)), 2],
    ['for each of two imported ones', () => ['A', 'B'].map((id) => Function.fromFunctionName(stack, id, id)), 2],
    [
      'for each qualifier of an imported one',
      () => ['', ':1', ':live'].map((suffix) => Function.fromFunctionArn(stack, `F${suffix}`, IMPORTED + suffix)),
      3,
    ],
  ])('is made %s', (_, handlers, count) => {
    const rule = new Rule(stack, 'Rule', { eventPattern });
    handlers().forEach((handler) => rule.addTarget(new LambdaEventTarget(handler)));
    expect(counts(stack)).toEqual([count]);
  });

  test.each([[RULE], [EVENT_BUS]])(
    'is made for each of two functions that differ by their stacks alone, by scope %s',
    (permissionScope) => {
      const bus = busIn(stack, new CfnParameter(stack, 'Name', { default: 'orders' }).valueAsString);
      const handlers = ['A', 'B'].map((id) => testFunction(testStack(id, HUB, app), 'Handler'));
      new Rule(stack, 'Rule', {
        eventBus: bus,
        eventPattern,
        targets: handlers.map((handler) => new LambdaEventTarget(handler, { permissionScope })),
      });
      expect(counts(stack)).toEqual([2]);
    },
  );

  test('is made for each rule that has an imported function', () => {
    ['A', 'B'].forEach((id) => ruleTo(Function.fromFunctionArn(stack, id, IMPORTED), `Rule${id}`));
    expect(permissionsOf(stack).map(({ SourceArn }) => SourceArn['Fn::GetAtt'][0])).toEqual([
      expect.stringMatching(/^RuleA/),
      expect.stringMatching(/^RuleB/),
    ]);
  });
});
