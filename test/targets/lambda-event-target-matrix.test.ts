import { App, Environment, Stack, Token } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LambdaEventTarget, LambdaPermissionScope } from '../../src';
import { BILLING, HUB, REGION, messagesOf, testApp, testStack } from '../support/apps';
import { Kind, MADE, copyOf, imported, nestedStack, runCommandOf } from '../support/functions';
import { brief, errorOf } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';

/**
 * What becomes of a function as the target of a rule. There is no outcome in which it gets nothing and nobody hears of
 * it.
 */
type Outcome = 'delivered' | 'command' | 'unknown' | RegExp;
const OK = 'delivered';
/** A warning has the command to run in the account of the function. */
const RUN = 'command';
/** A warning says that only deployment tells, and that it is delivered in one account alone. */
const MAY = 'unknown';
const VERSION = /^\S+: 'handler' must/;

const SCOPES = Object.values(LambdaPermissionScope);
const ACCOUNT_ONLY: Environment = { account: HUB.account };
const REGION_ONLY: Environment = { region: REGION };

// The newest CDK warns of references between stacks unless it is told which.
const freshApp = () => testApp({ context: { '@aws-cdk/core:defaultCrossStackReferences': 'strong' } });

let app: App;
beforeEach(() => {
  app = freshApp();
});

interface Cell {
  readonly name: string;
  readonly kind: string;
  readonly permissionScope: LambdaPermissionScope;
  readonly rule: Rule;
}

/** A rule to a function of its own, so that no permission of another cell can be what lets it in. */
function cell(
  rules: Stack,
  functions: Stack,
  [kind, make]: [string, Kind],
  permissionScope: LambdaPermissionScope,
): Cell {
  const name = `${kind.replace(/\W+/g, '-')}-${permissionScope}`;
  const bus = busOf(rules, 'orders');
  const handler: IFunction = make(functions, name);
  const rule = new Rule(rules, `Rule-${name}`, {
    ruleName: name,
    eventBus: bus,
    eventPattern: { source: ['com.shop'] },
    targets: [new LambdaEventTarget(handler, { permissionScope })],
  });
  copyOf(rule, `Same-${name}`, { name: `${name}-copy`, eventBusName: bus.eventBusName });
  copyOf(rule, `Other-${name}`, { name, eventBusName: busOf(rules, 'others').eventBusName });
  return { name, kind, permissionScope, rule };
}

const busOf = (scope: Stack, eventBusName: string) =>
  (scope.node.tryFindChild(eventBusName) ?? new EventBus(scope, eventBusName, { eventBusName })) as EventBus;
const cellsOf = (kinds: [string, Kind][], rules: Stack, functions: Stack) =>
  kinds.flatMap((kind) => SCOPES.map((permissionScope) => cell(rules, functions, kind, permissionScope)));
const messagesAbout = ({ rule }: Cell, stack: Stack) =>
  messagesOf(stack).filter((message) => message.startsWith(`warning /${rule.node.path} `));
const deliver = (name: string, expect: string, bus = 'orders', account = HUB.account) => ({
  deliver: { rule: { account, bus, name } },
  expect,
});

/**
 * The rule delivers, no other one does but those of the bus where the permission is for the bus, and nobody else
 * invokes the function.
 */
const closed = ({ name, permissionScope }: Cell, permission: 'in this account' | 'in another', account: string) => [
  deliver(name, 'allow'),
  deliver(
    `${name}-copy`,
    permission === 'in this account' && permissionScope === LambdaPermissionScope.EVENT_BUS ? 'allow' : 'deny',
  ),
  deliver(name, 'deny', 'others'),
  {
    strangers: true,
    function: { account, name },
    welcome: permission === 'in another' ? [{ account: HUB.account }] : [],
  },
];

/** A stack each for rules and functions, or one for both. */
type Place = (a: App) => [rules: Stack, functions: Stack];

/**
 * Fills one row of the table, all kinds in one app as far as the outcome lets them be, and asks the oracle about every
 * cell.
 */
function expectOutcomes(kinds: Record<string, Kind>, place: Place, outcomes: Outcome[], account: string) {
  const table = Object.entries(kinds).map((kind, i) => [kind, outcomes[i]] as const);
  expect(table).toHaveLength(outcomes.length);
  for (const [kind, outcome] of table) if (outcome instanceof RegExp) expectRefused(kind, place, outcome);
  const [rules, functions] = place(app);
  const cells = (of: Outcome) =>
    cellsOf(
      table.filter(([, outcome]) => outcome === of).map(([kind]) => kind),
      rules,
      functions,
    );
  const [delivered, told, undecided] = [cells(OK), cells(RUN), cells(MAY)];

  const permission = account === HUB.account ? 'in this account' : 'in another';
  const here = [...delivered, ...undecided].flatMap((c) => closed(c, permission, account));
  expectAnswers(app, {
    defaults: HUB,
    questions: [{ noProblems: true }, ...here, ...told.map(({ name }) => deliver(name, 'deny'))],
  });
  const root = rules.nestedStackParent ?? rules;
  expect(messagesOf(root)).toHaveLength(told.length + undecided.length);
  if (told.length > 0) expectDeliveredOnceTold(told, root);
  if (undecided.length > 0) expectUndecided(undecided, root);
}

function expectDeliveredOnceTold(told: Cell[], root: Stack) {
  const owner = testStack('Pasted', BILLING);
  told.forEach((c) => runCommandOf(messagesAbout(c, root)[0], owner, c.name));
  expectAnswers([app, owner.node.root as App], {
    defaults: HUB,
    questions: told.flatMap((c) => closed(c, 'in another', BILLING.account)),
  });
}

function expectUndecided(undecided: Cell[], root: Stack) {
  undecided.forEach((c) =>
    expect(messagesAbout(c, root).map(brief)).toEqual([`warning manuallyAddFunctionPermission /${c.rule.node.path}`]),
  );
  // Deployed to another account than that of the function, its rules deliver nothing.
  const elsewhere = undecided.map(({ name }) => deliver(name, 'deny', 'orders', BILLING.account));
  if (Token.isUnresolved(root.account)) expectAnswers(app, { defaults: BILLING, questions: elsewhere });
}

function expectRefused(kind: [string, Kind], place: Place, message: RegExp) {
  for (const scope of SCOPES) {
    const use = () => {
      const refusing = freshApp();
      cell(...place(refusing), kind, scope);
      refusing.synth();
    };
    expect(errorOf(use)).toMatch(message);
  }
}

const stack = (id: string, env?: Environment) => (a: App) => new Stack(a, id, { env });
const nestedIn =
  (parent: (a: App) => Stack) =>
  (a: App): Stack =>
    nestedStack(parent(a));
const one =
  (make: (a: App) => Stack): Place =>
  (a) => {
    const both = make(a);
    return [both, both];
  };
const two =
  (rules: (a: App) => Stack, functions: (a: App) => Stack): Place =>
  (a) => [rules(a), functions(a)];

describeWithOracle('a function that the app makes gets the event, and nobody else invokes it', () => {
  const parentAndNested = (a: App): [Stack, Stack] => {
    const parent = stack('Hub', HUB)(a);
    return [parent, nestedStack(parent)];
  };

  test.each<[string, Place, Outcome[]]>([
    // function, version, current version, alias, singleton, own class
    ['in the same stack', one(stack('Hub', HUB)), [OK, OK, OK, OK, OK, OK]],
    ['in another stack', two(stack('Hub', HUB), stack('Functions', HUB)), [OK, OK, OK, OK, OK, OK]],
    ['in a stack nested in that of the rule', parentAndNested, [OK, OK, OK, OK, OK, OK]],
    [
      'in the stack that the rule is nested in',
      (a) => parentAndNested(a).reverse() as [Stack, Stack],
      [OK, OK, OK, OK, OK, OK],
    ],
    [
      'in a nested stack of another one',
      two(stack('Hub', HUB), nestedIn(stack('Functions', HUB))),
      [OK, OK, OK, OK, OK, OK],
    ],
    ['in the same stack, which does not know where it is', one(stack('Hub')), [OK, OK, OK, OK, OK, OK]],
    [
      'in another stack, when neither knows where it is',
      two(stack('Hub'), stack('Functions')),
      [OK, OK, OK, OK, OK, OK],
    ],
    [
      'in another stack, when both know the region alone',
      two(stack('Hub', REGION_ONLY), stack('Functions', REGION_ONLY)),
      [OK, OK, OK, OK, OK, OK],
    ],
    [
      'in another stack, when both know the account alone',
      two(stack('Hub', ACCOUNT_ONLY), stack('Functions', ACCOUNT_ONLY)),
      [OK, OK, OK, OK, OK, OK],
    ],
    [
      'which may be of another account, as only its stack knows',
      two(stack('Hub'), stack('Functions', HUB)),
      [MAY, VERSION, VERSION, MAY, MAY, MAY],
    ],
    [
      "which may be of another account, as only the rule's stack knows",
      two(stack('Hub', HUB), stack('Functions')),
      [MAY, VERSION, VERSION, MAY, MAY, MAY],
    ],
  ])('%s', (_, place, outcomes) => expectOutcomes(MADE, place, outcomes, HUB.account));

  test.each<[string, Place, Outcome[]]>([
    ['in another account', two(stack('Hub', HUB), stack('Functions', BILLING)), [OK, VERSION, VERSION, OK, OK, OK]],
    [
      'in a nested stack of another account',
      two(stack('Hub', HUB), nestedIn(stack('Functions', BILLING))),
      [OK, VERSION, VERSION, OK, OK, OK],
    ],
    [
      'in another account than the rule in a nested stack',
      two(nestedIn(stack('Hub', HUB)), stack('Functions', BILLING)),
      [OK, VERSION, VERSION, OK, OK, OK],
    ],
  ])('%s', (_, place, outcomes) => expectOutcomes(MADE, place, outcomes, BILLING.account));
});

describeWithOracle('an imported function gets the event, and nobody else invokes it', () => {
  const { name, ...others } = imported(BILLING.account);

  test.each<[string, Environment | undefined, Outcome[]]>([
    // ARN, ARN in parts, attributes, attributes as it is, name, ARN of an alias, ARN of a version, attributes of a
    // version, attributes of an alias
    ['of the account of the rule', HUB, [OK, OK, OK, OK, OK, OK, OK, OK, OK]],
    [
      'which may be of another region, as the stack of the rule does not know its own',
      ACCOUNT_ONLY,
      [MAY, OK, MAY, MAY, OK, MAY, MAY, MAY, MAY],
    ],
    [
      'which may be of another account, as the stack of the rule does not know its own',
      REGION_ONLY,
      [MAY, MAY, MAY, MAY, OK, MAY, MAY, MAY, MAY],
    ],
    [
      'which may be of another account, as the stack of the rule does not know where it is',
      undefined,
      [MAY, MAY, MAY, MAY, OK, MAY, MAY, MAY, MAY],
    ],
  ])('%s', (_, env, outcomes) => expectOutcomes(imported(HUB.account), one(stack('Hub', env)), outcomes, HUB.account));

  test.each<[string, Environment]>([
    ['of another account', HUB],
    ['of another account than the rule, whose stack does not know its region', ACCOUNT_ONLY],
  ])('%s', (_, env) =>
    expectOutcomes(
      others,
      one(stack('Hub', env)),
      Object.keys(others).map(() => RUN),
      BILLING.account,
    ),
  );

  test('of another account, by its name in a stack there', () => {
    const place = two(stack('Hub', HUB), stack('Functions', BILLING));
    expectOutcomes(
      { name },
      (a) => {
        const stacks = place(a);
        new EventBus(stacks[1], 'Unrelated'); // a stack must have a resource
        return stacks;
      },
      [RUN],
      BILLING.account,
    );
  });
});
