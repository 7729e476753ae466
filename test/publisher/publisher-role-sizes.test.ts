import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, PublisherRole, PublisherRoleProps } from '../../src';
import { HUB, SHOP, REGION, count, messagesOf, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const MINIMIZE = '@aws-cdk/aws-iam:minimizePolicies';
const SHORT = (i: number) => `bus${i}`;
const LONG = (i: number) => `bus${i}-`.padEnd(256, 'x');
const arnOf = (name: string, account = SHOP.account) => `arn:aws:events:${REGION}:${account}:event-bus/${name}`;

let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Publisher', SHOP, app);
});

const publisherOf = (eventBuses: IEventBusRef[], props: Partial<PublisherRoleProps> = {}) =>
  new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses, ...props });
const imported = (n: number, name: (i: number) => string) =>
  count(n, (i) => EventBus.fromEventBusArn(stack, `Bus${i}`, arnOf(name(i))));
/** In stacks of 200, because one can have 500 resources. */
const made = (n: number, name: (i: number) => string, env = SHOP) => {
  const stacks = count(Math.ceil(n / 200), (i) => testStack(`Buses${i}`, env, app));
  return count(n, (i) => new CfnEventBus(stacks[Math.floor(i / 200)], `Bus${i}`, { name: name(i) }));
};

/** A value as it is deployed. A parameter is taken as long as it can be. */
function deployed(value: any, of = stack): string {
  if (typeof value === 'string') return value;
  if (value['Fn::Join']) return value['Fn::Join'][1].map((part: unknown) => deployed(part, of)).join('');
  if (value.Ref === 'AWS::Partition') return 'aws';
  if (value.Ref) return value.Ref.padEnd(320, 'x');
  const [id] = value['Fn::GetAtt'];
  return arnOf(
    (of.node.findAll().find((c) => CfnEventBus.isCfnEventBus(c) && of.resolve(c.logicalId) === id) as CfnEventBus).name,
    of.account,
  );
}

/** The policies of the role as they are deployed, and the buses that they allow. */
function policies() {
  const read = (type: string) =>
    propertiesOf(stack, type).map(({ PolicyDocument: { Statement, ...document } }) => ({
      ...document,
      Statement: Statement.map((s: any) => ({
        ...s,
        Resource: [s.Resource].flat().map((resource) => deployed(resource)),
      })),
    }));
  const [inline, managed] = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].map(read);
  const statements: any[] = [...inline, ...managed]
    .flatMap(({ Statement }) => Statement)
    .filter(({ Action }) => Action === 'events:PutEvents');
  const [{ ManagedPolicyArns = [] }] = propertiesOf(stack, 'AWS::IAM::Role');
  const attached =
    ManagedPolicyArns.length + propertiesOf(stack, 'AWS::IAM::ManagedPolicy').filter(({ Roles }) => Roles).length;
  return { inline, managed, statements, attached, buses: statements.flatMap(({ Resource }) => Resource) };
}

function expectFitting(buses: string[], given = 0): void {
  const { inline, managed, attached, buses: allowed } = policies();
  const characters = (documents: object[]) => documents.map((document) => JSON.stringify(document).length);
  expect(characters(inline).reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(10_240);
  expect(Math.max(0, ...characters(managed))).toBeLessThanOrEqual(6_144);
  expect(attached).toBe(managed.length + given);
  expect(attached).toBeLessThanOrEqual(20);
  expect(allowed.sort()).toEqual(buses.sort());
}

describe('the policies of a publisher fit, and allow each bus exactly once', () => {
  test.each([
    [1, 0],
    [60, 0],
    [100, 0],
    [250, 2],
    [1000, 9],
  ])('for %p imported buses, with %p managed policies', (n, managed) => {
    publisherOf(imported(n, SHORT));
    expectFitting(count(n, (i) => arnOf(SHORT(i))));
    expect(policies().managed).toHaveLength(managed);
    expect(messagesOf(stack)).toEqual([]);
  });

  test.each([
    [6_144, 0],
    [6_145, 1],
  ])('for buses whose ARNs make a policy of %p characters, with %p managed policies', (characters, managed) => {
    const condition = { 'ForAllValues:StringEquals': { 'events:source': 'a' }, Null: { 'events:source': 'false' } };
    const names = count(104, SHORT);
    const statement = {
      Action: 'events:PutEvents',
      Condition: condition,
      Effect: 'Allow',
      Resource: [...names, ''].map((name) => arnOf(name)),
    };
    const last = 'x'.repeat(characters - JSON.stringify({ Statement: [statement], Version: '2012-10-17' }).length);
    publisherOf(
      imported(105, (i) => names[i] ?? last),
      { allowedEvents: { sources: ['a'] } },
    );
    expectFitting([...names, last].map((name) => arnOf(name)));
    expect(policies().managed).toHaveLength(managed);
  });

  test.each([
    [1, 0],
    [60, 3],
    [100, 5],
    [250, 13],
  ])('for %p imported buses with names of 256 characters, with %p managed policies', (n, managed) => {
    publisherOf(imported(n, LONG));
    expectFitting(count(n, (i) => arnOf(LONG(i))));
    expect(policies().managed).toHaveLength(managed);
  });

  test.each<[string, number, (i: number) => string]>([
    ['short names', 250, SHORT],
    ['names of 256 characters', 250, LONG],
  ])('for buses of the stack with %s', (_, n, name) => {
    publisherOf(count(n, (i) => new CfnEventBus(stack, `Bus${i}`, { name: name(i) })));
    expectFitting(count(n, (i) => arnOf(name(i))));
  });

  test.each<[number, string, (i: number) => string, number]>([
    [1000, 'short names', SHORT, 10],
    [250, 'names of 256 characters', LONG, 13],
  ])('for %p buses of other stacks with %s', (n, _, name, managed) => {
    publisherOf(made(n, name));
    expectFitting(count(n, (i) => arnOf(name(i))));
    expect(policies().managed).toHaveLength(managed);
  });

  test('for buses of the stack that get longer names later', () => {
    const buses = count(100, (i) => new CfnEventBus(stack, `Bus${i}`, { name: SHORT(i) }));
    publisherOf(buses);
    buses.forEach((bus, i) => {
      bus.name = LONG(i);
    });
    expectFitting(count(100, (i) => arnOf(LONG(i))));
  });

  test('for buses of another account of the app, each of which lets the role in', () => {
    const buses = made(100, SHORT, HUB);
    publisherOf(buses);
    expectFitting(count(100, (i) => arnOf(SHORT(i), HUB.account)));
    expect(propertiesOf(Stack.of(buses[0]), 'AWS::Events::EventBusPolicy')).toHaveLength(100);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('for buses whose ARN only deployment tells, taken as long as one can be', () => {
    publisherOf(
      count(100, (i) => EventBus.fromEventBusArn(stack, `Bus${i}`, new CfnParameter(stack, `Arn${i}`).valueAsString)),
    );
    expectFitting(count(100, (i) => `Arn${i}`.padEnd(320, 'x')));
  });

  test('for a bus that is imported twice, and one that is added again later', () => {
    const [bus, again, other] = ['a', 'a', 'b'].map((name, i) =>
      EventBus.fromEventBusArn(stack, `Bus${i}`, arnOf(name)),
    );
    const role = publisherOf([bus, again]);
    [other, other, EventBus.fromEventBusArn(stack, 'Once', arnOf('b'))].forEach((later) => role.addEventBus(later));
    expectFitting(['a', 'b'].map((name) => arnOf(name)));
  });

  test('for a bus that is imported again when its policy is full', () => {
    publisherOf(imported(150, SHORT)).addEventBus(EventBus.fromEventBusArn(stack, 'Again', arnOf(SHORT(0))));
    expectFitting(count(150, (i) => arnOf(SHORT(i))));
  });

  test('in the same way, whether all are given at once or some are added later', () => {
    const [all, later] = ['All', 'Later'].map((id) => testStack(id, SHOP));
    [stack] = [all];
    publisherOf(imported(200, SHORT));
    const once = policies();
    [stack] = [later];
    const [first, ...others] = imported(200, SHORT);
    const role = publisherOf([first]);
    others.forEach((bus) => role.addEventBus(bus));
    expect(policies()).toEqual(once);
    expect(once.managed.length).toBeGreaterThan(0);
  });

  test('with the scope in every policy', () => {
    const scope = {
      sources: ['com.example.a', 'com.example.b'],
      detailTypes: count(10, (i) => `Detail type ${i}`.padEnd(200, 'x')),
    };
    publisherOf(imported(200, SHORT), { allowedEvents: scope });
    expectFitting(count(200, (i) => arnOf(SHORT(i))));
    const { statements } = policies();
    expect(statements.length).toBe(3);
    for (const { Condition } of statements) {
      expect(Condition['ForAllValues:StringEquals']).toEqual({
        'events:source': scope.sources,
        'events:detail-type': scope.detailTypes,
      });
    }
  });
});

describe('the policies of a publisher fit beside what the user adds', () => {
  const large = (action: string, n = 50) =>
    new PolicyStatement({
      actions: [action],
      resources: count(n, (i) => `arn:aws:s3:::bucket-${i}/`.padEnd(100, 'x')),
    });
  const actions = () =>
    [...policies().inline, ...policies().managed].flatMap(({ Statement }) => Statement).map(({ Action }) => Action);

  test.each([[true], [false]])('in large statements, with policies minimized: %p', (minimized) => {
    app = testApp({ context: { [MINIMIZE]: minimized } });
    stack = testStack('Publisher', SHOP, app);
    const role = publisherOf(imported(150, SHORT));
    ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'].forEach((action) =>
      role.addToPolicy(large(action)),
    );
    expectFitting(count(150, (i) => arnOf(SHORT(i))));
    expect(actions().flat()).toEqual(
      expect.arrayContaining(['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket']),
    );
  });

  test.each([[true], [false]])('on buses of their own, with policies minimized: %p', (minimized) => {
    app = testApp({ context: { [MINIMIZE]: minimized } });
    stack = testStack('Publisher', SHOP, app);
    const own = count(80, (i) => arnOf(`own${i}`));
    publisherOf(imported(80, SHORT)).addToPolicy(
      new PolicyStatement({ actions: ['events:PutEvents'], resources: own }),
    );
    expectFitting([...count(80, (i) => arnOf(SHORT(i))), ...own]);
  });

  test.each([[3_900], [100]])('before the last buses are added, of %p characters', (characters) => {
    const [first, ...rest] = imported(200, SHORT);
    const role = publisherOf([first]);
    role.addToPolicy(large('s3:GetObject', Math.ceil(characters / 103)));
    rest.forEach((bus) => role.addEventBus(bus));
    expectFitting(count(200, (i) => arnOf(SHORT(i))));
  });

  test('as managed policies of the role', () => {
    publisherOf(imported(250, SHORT), {
      managedPolicies: count(18, (i) => ManagedPolicy.fromAwsManagedPolicyName(`Given${i}`)),
    });
    expectFitting(
      count(250, (i) => arnOf(SHORT(i))),
      18,
    );
  });
});

describe('a publisher fails', () => {
  function expectTooMany(call: () => unknown, buses: number): void {
    const message = errorOf(call);
    expect(message).toMatch(new RegExp(`^Publisher/Role: 'eventBuses' must .* got ${buses} buses`));
    expectMessage(message);
  }

  test.each<[string, number, (i: number) => string, number, number]>([
    ['1,000 buses with names of 256 characters', 1000, LONG, 0, 21 * 19 + 1],
    ['one managed policy too many with those given', 250, SHORT, 19, 213],
    ['a second policy where 20 are given', 110, SHORT, 20, 108],
  ])('for %s', (_, n, name, given, got) => {
    const managedPolicies = count(given, (i) => ManagedPolicy.fromAwsManagedPolicyName(`Given${i}`));
    expectTooMany(() => publisherOf(imported(n, name), { managedPolicies }), got);
  });

  test('for a bus that is added later and does not fit', () => {
    const role = publisherOf(imported(21 * 19, LONG));
    expectTooMany(() => role.addEventBus(EventBus.fromEventBusArn(stack, 'Last', arnOf(LONG(9999)))), 21 * 19 + 1);
  });
});

describeWithOracle('what a publisher with managed policies may put', () => {
  test('is on each of its buses and no other, in its own account and another', () => {
    const own = made(250, SHORT);
    const theirs = count(
      19,
      (i) =>
        new CrossAccountEventBus(i < 1 ? testStack('Hub', HUB, app) : (app.node.findChild('Hub') as Stack), `Bus${i}`, {
          eventBusName: LONG(i),
        }),
    );
    const role = publisherOf([...theirs.slice(1), ...own.slice(1)], { allowedEvents: { sources: ['com.shop'] } });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: count(90, (i) => `arn:aws:s3:::bucket-${i}/`.padEnd(100, 'x')),
      }),
    );
    const put = (expected: string, account: string, name: string, source = 'com.shop') => ({
      putEvents: { as: { account: SHOP.account, role: 'Publisher/Role' }, bus: { account, name }, source },
      expect: expected,
    });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        ...[1, 2, 106, 107, 108, 211, 212, 213, 249].map((i) => put('allow', SHOP.account, SHORT(i))),
        ...[1, 2, 17, 18].map((i) => put('allow', HUB.account, LONG(i))),
        ...[
          [SHOP.account, SHORT(0)],
          [HUB.account, LONG(0)],
        ].map(([account, name]) => put('deny', account, name)),
        ...[
          [SHOP.account, SHORT(249)],
          [HUB.account, LONG(18)],
        ].map(([account, name]) => put('deny', account, name, 'com.other')),
      ],
    });
  });
});
