import { App, Environment, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { CrossAccountEventBus, PublisherRole, PublisherRoleProps } from '../../src';
import { HUB, SHOP, REGION, messagesOf, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const arnOf = (account: string, name = 'orders') => `arn:aws:events:${REGION}:${account}:event-bus/${name}`;
const FAR = { ...SHOP, region: 'us-east-1' };

let app: App;
beforeEach(() => {
  app = testApp();
});

const imported = (scope: Construct, account: string, id = `Bus${account}`) =>
  EventBus.fromEventBusArn(scope, id, arnOf(account));
function publisherOf(scope: Construct, props: Partial<PublisherRoleProps> = {}, id = 'Role'): PublisherRole {
  return new PublisherRole(scope, id, {
    assumedBy: LAMBDA,
    eventBuses: [imported(scope, Stack.of(scope).account === HUB.account ? HUB.account : SHOP.account, `Own${id}`)],
    ...props,
  });
}
const namesIn = (stack: Stack) => propertiesOf(stack, 'AWS::IAM::Role').map(({ RoleName }) => RoleName);
const pasted = (message: string) => JSON.parse(/add this statement[^:]*: (\{.*\}) \[ack/.exec(message)![1]);

describe('the name of a publisher', () => {
  const stackIn = (env: Environment, id = 'Publisher', scope: Construct = testApp()) => new Stack(scope, id, { env });
  const nested = () => new NestedStack(stackIn(SHOP), 'Nested');

  test.each<[string, () => Construct, string]>([
    ['a stack', () => stackIn(SHOP), 'Publisher-Role-eu-west-1-3a4d57c7'],
    ['another region', () => stackIn(FAR), 'Publisher-Role-us-east-1-'],
    ['another stack', () => stackIn(SHOP, 'Other'), 'Other-Role-eu-west-1-'],
    ['a stage', () => stackIn(SHOP, 'Publisher', new Stage(testApp(), 'Prod')), 'Prod-Publisher-Role-eu-west-1-'],
    ['another stage', () => stackIn(SHOP, 'Publisher', new Stage(testApp(), 'Beta')), 'Beta-Publisher-Role-eu-west-1-'],
    ['a construct', () => new Construct(stackIn(SHOP), 'Team'), 'Publisher-Team-Role-eu-west-1-'],
    ['a nested stack', nested, 'Publisher-Nested-Role-eu-west-1-'],
    [
      'a stack with a name of its own',
      () => new Stack(testApp(), 'Id', { env: SHOP, stackName: 'named' }),
      'named-Role-eu-west-1-',
    ],
  ])('in %s is the same in every synth, and apart from others', (_, make, expected) => {
    const [one, two] = [make(), make()].map((scope) => {
      publisherOf(scope);
      return namesIn(Stack.of(scope))[0];
    });
    expect(one).toBe(two);
    expect(one).toMatch(new RegExp(`^${expected}${expected.endsWith('-') ? '[0-9a-f]{8}' : ''}$`));
  });

  test('is cut to 64 characters, and still apart from one that is cut alike', () => {
    const stack = testStack('Publisher', SHOP, app);
    const scope = new Construct(stack, 'x'.repeat(80));
    ['A', 'B'].forEach((id) => publisherOf(scope, {}, id));
    const names = namesIn(stack);
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[\w-]{64}$/);
  });

  test('is apart from that of a role whose path has the same letters', () => {
    const stack = testStack('Publisher', SHOP, app);
    publisherOf(new Construct(stack, 'A'), {}, 'BC');
    publisherOf(new Construct(stack, 'AB'), {}, 'C');
    expect(new Set(namesIn(stack)).size).toBe(2);
  });

  test.each<[string, Environment, string | undefined, string | undefined]>([
    ['what is given', SHOP, 'shop', 'shop'],
    ['what is given, also in an agnostic stack', {}, 'shop', 'shop'],
    [
      'made, where the CDK should make it if needed',
      SHOP,
      PhysicalName.GENERATE_IF_NEEDED,
      'Publisher-Role-eu-west-1-3a4d57c7',
    ],
    [
      'none where only deployment tells the region and all buses are of the account',
      { account: HUB.account },
      undefined,
      undefined,
    ],
    [
      'none there, where the CDK should make it if needed',
      { account: HUB.account },
      PhysicalName.GENERATE_IF_NEEDED,
      undefined,
    ],
    [
      'made, where only deployment tells the account',
      { region: REGION },
      undefined,
      'Publisher-Role-eu-west-1-3a4d57c7',
    ],
  ])('is %s', (_, env, roleName, expected) => {
    const stack = new Stack(app, 'Publisher', { env });
    publisherOf(stack, { roleName });
    expect(namesIn(stack)).toEqual([expected]);
  });

  test.each<[string, Environment, string[], boolean]>([
    ['an agnostic stack has a bus that may be of another account', {}, [SHOP.account], true],
    ['only the last of the buses is of another account', { account: HUB.account }, [HUB.account, SHOP.account], true],
    ['only the first of the buses is of another account', { account: HUB.account }, [SHOP.account, HUB.account], true],
    ['all buses are of the account', { account: HUB.account }, [HUB.account], false],
  ])('where only deployment tells the region, and %s: is made: %p', (_, env, accounts, made) => {
    const stack = new Stack(app, 'Publisher', { env });
    publisherOf(stack, { eventBuses: accounts.map((account) => imported(stack, account)) });
    expect(namesIn(stack)).toEqual([made ? expect.stringMatching(/^Publisher-Role-[0-9a-f]{8}$/) : undefined]);
  });
});

describe('a bus of another account that is added later', () => {
  test.each<[string, Environment, string | undefined, string]>([
    ['by the name that is made', SHOP, undefined, 'arn:aws:iam::222222222222:role/Publisher-Role-eu-west-1-3a4d57c7'],
    ['by the name that is given', SHOP, 'shop', 'arn:aws:iam::222222222222:role/shop'],
    [
      'by the name that is made where the CDK should',
      SHOP,
      PhysicalName.GENERATE_IF_NEEDED,
      'arn:aws:iam::222222222222:role/Publisher-Role-eu-west-1-3a4d57c7',
    ],
    [
      'by the name that is given, where only deployment tells the region',
      { account: SHOP.account },
      'shop',
      'arn:aws:iam::222222222222:role/shop',
    ],
    ['by name and unknown account in an agnostic stack', {}, 'shop', 'arn:aws:iam::‹AWS::AccountId›:role/shop'],
  ])('gives a warning that names the role %s', (_, env, roleName, arn) => {
    const stack = new Stack(app, 'Publisher', { env });
    const role = publisherOf(stack, { roleName });
    role.addEventBus(imported(stack, HUB.account));
    const added = messagesOf(stack).filter((message) => message.includes(arnOf(HUB.account)));
    expect(added.map((message) => pasted(message).Condition.StringEquals['aws:PrincipalArn'])).toEqual([arn]);
  });

  test.each<[string, Environment, string | undefined]>([
    ['', { account: SHOP.account }, undefined],
    [', though the CDK should make one if needed', { account: SHOP.account }, PhysicalName.GENERATE_IF_NEEDED],
  ])('fails where the role has no name%s, each time, and leaves the role as it was', (_, env, roleName) => {
    const stack = new Stack(app, 'Publisher', { env });
    const role = publisherOf(stack, { roleName, eventBuses: [imported(stack, SHOP.account)] });
    const bus = imported(stack, HUB.account);
    for (let time = 0; time < 2; time++) {
      const message = errorOf(() => role.addEventBus(bus));
      expect(message).toMatch(new RegExp(`^Publisher/Role: 'roleName' must .*'Publisher/Bus${HUB.account}'`));
      expectMessage(message);
    }
    expect(
      propertiesOf(stack, 'AWS::IAM::Policy').map(({ PolicyDocument }) => PolicyDocument.Statement[0].Resource),
    ).toEqual([arnOf(SHOP.account)]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('fails where the role has no name, and only deployment tells whether the bus is of another account', () => {
    const stack = new Stack(app, 'Publisher');
    const role = publisherOf(stack, { eventBuses: [new CrossAccountEventBus(stack, 'Own')] });
    const message = errorOf(() => role.addEventBus(imported(stack, HUB.account)));
    expect(message).toMatch(/^Publisher\/Role: 'roleName' must/);
    expectMessage(message);
    expect(namesIn(stack)).toEqual([undefined]);
  });

  test('of the same account needs no name', () => {
    const stack = new Stack(app, 'Publisher', { env: { account: SHOP.account } });
    publisherOf(stack, { eventBuses: [imported(stack, SHOP.account)] }).addEventBus(
      EventBus.fromEventBusArn(stack, 'Second', arnOf(SHOP.account, 'second')),
    );
    expect(namesIn(stack)).toEqual([undefined]);
    expect(messagesOf(stack)).toEqual([]);
  });
});

describeWithOracle('a publisher to which a bus of another app is added later', () => {
  test('may put events once the statement of its warning is pasted, and not before, however it is named', () => {
    const roles: [string, Environment, string | undefined][] = [
      ['Made', SHOP, undefined],
      ['Given', SHOP, 'given'],
      ['IfNeeded', SHOP, PhysicalName.GENERATE_IF_NEEDED],
      ['Regionless', { account: SHOP.account }, 'regionless'],
      ['Far', FAR, undefined],
    ];
    const stacks = [...roles, ['Silent', SHOP, undefined] as const].map(([id, env, roleName]) => {
      const stack = new Stack(app, id, { env });
      const role = publisherOf(stack, { roleName, eventBuses: [imported(stack, SHOP.account)], path: '/team/' });
      role.addEventBus(imported(stack, HUB.account));
      return stack;
    });
    const hub = testStack('Hub');
    const bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    for (const stack of stacks.slice(0, -1)) {
      bus.addToResourcePolicy(PolicyStatement.fromJson(pasted(messagesOf(stack)[0])));
    }
    const put = ({ node: { id } }: Stack) => ({
      putEvents: {
        as: { account: SHOP.account, role: `${id}/Role` },
        bus: { account: HUB.account, name: 'orders' },
      },
      expect: id === 'Silent' ? 'deny' : 'allow',
    });
    expectAnswers([app, hub.node.root as App], {
      defaults: SHOP,
      questions: [{ noProblems: true }, ...stacks.map(put), { strangers: true, bus: 'Hub/Bus' }],
    });
  });
});
