import { Annotations, App, CfnParameter, Environment, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, EventPublisher, PublisherRole, PublisherRoleProps } from '../../src';
import { BILLING, HUB, SHOP, REGION, messagesOf, testApp, testStack } from '../support/apps';
import { errorOf, expectFindings, idToAcknowledge, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const ORDERS = `arn:aws:events:${REGION}:${HUB.account}:event-bus/orders`;
const WARNING = 'warning manuallyAddEventBusPolicy /Publisher/Role';

const imported = (stack: Stack, id = 'Imported', arn = ORDERS) => EventBus.fromEventBusArn(stack, id, arn);
function publisherOf(stack: Stack, props: Partial<PublisherRoleProps> = {}, id = 'Role'): PublisherRole {
  return new PublisherRole(stack, id, {
    assumedBy: LAMBDA,
    eventBuses: props.eventBuses ?? [imported(stack)],
    ...props,
  });
}
const resourcesOf = (stack: Stack) =>
  propertiesOf(stack, 'AWS::IAM::Policy')[0].PolicyDocument.Statement.flatMap((s: any) => s.Resource);
const pasted = (message: string) => JSON.parse(/add this statement[^:]*: (\{.*\}) \[ack/.exec(message)![1]);

describe('for a bus that the app does not make', () => {
  test('of the same account the identity policy is all', () => {
    const stack = testStack('Publisher', HUB);
    publisherOf(stack);
    expect(resourcesOf(stack)).toEqual([ORDERS]);
    expect(messagesOf(stack)).toEqual([]);
  });

  test('of another account a warning has the statement to add, as text that can be pasted', () => {
    const stack = testStack('Publisher', SHOP);
    publisherOf(stack, { path: '/team/', allowedEvents: { sources: ['com.shop'] } });

    const [message] = messagesOf(stack);
    const arn = `arn:aws:iam::${SHOP.account}:role/team/${propertiesOf(stack, 'AWS::IAM::Role')[0].RoleName}`;
    expectFindings(messagesOf(stack), [WARNING]);
    expect(pasted(message)).toEqual({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${SHOP.account}:root` },
      Action: 'events:PutEvents',
      Resource: ORDERS,
      Condition: {
        StringEquals: { 'aws:PrincipalArn': arn },
        'ForAllValues:StringEquals': { 'events:source': 'com.shop' },
        Null: { 'events:source': 'false' },
      },
    });
  });

  test('of another account the role has a name that is apart by stack, path and region', () => {
    const envs: [string, Environment][] = [
      ['Publisher', SHOP],
      ['Publisher', { ...SHOP, region: 'us-east-1' }],
      ['Other', SHOP],
    ];
    const names = envs.map(([id, env]) => {
      const stack = testStack(id, env);
      publisherOf(stack, { eventBuses: [imported(stack)] });
      return propertiesOf(stack, 'AWS::IAM::Role')[0].RoleName;
    });
    expect(names[0]).toMatch(/^Publisher-Role-eu-west-1-[0-9a-f]{8}$/);
    expect(new Set(names).size).toBe(3);
  });

  test('of another account, made by this app with a policy of its own, the warning is the same', () => {
    const app = testApp();
    const plain = new CfnEventBus(testStack('Plain', BILLING, app), 'Bus', { name: 'plain', policy: {} });
    const stack = testStack('Publisher', SHOP, app);
    publisherOf(stack, { eventBuses: [plain] });
    expectFindings(messagesOf(stack), [WARNING]);
  });

  test.each<[string, (role: PublisherRole) => Annotations]>([
    ['on the role', (role) => Annotations.of(role)],
    ['on the stack', ({ stack }) => Annotations.of(stack)],
    ['on the app', (role) => Annotations.of(role.node.root)],
  ])('nothing is said once the warning is acknowledged %s', (_, annotations) => {
    const stack = testStack('Publisher', SHOP);
    const unacknowledged = testStack('Publisher', SHOP);
    publisherOf(unacknowledged);
    const id = idToAcknowledge(messagesOf(unacknowledged));
    annotations(publisherOf(stack)).acknowledgeWarning(id, 'added by the team of the hub');
    expect(messagesOf(stack)).toEqual([]);
  });

  test('a bus that is named twice is said once', () => {
    const stack = testStack('Publisher', SHOP);
    const bus = imported(stack);
    publisherOf(stack, { eventBuses: [bus, bus] }).addEventBus(bus);
    expectFindings(messagesOf(stack), [WARNING]);
  });

  test('each bus that is added later is said as well', () => {
    const stack = testStack('Publisher', SHOP);
    const role = publisherOf(stack, { eventBuses: [new CrossAccountEventBus(stack, 'Own')], roleName: 'shop' });
    for (const id of ['One', 'Two']) role.addEventBus(imported(stack, id, ORDERS.replace('orders', id)));
    expect(
      messagesOf(stack).map((message) => [
        pasted(message).Resource,
        pasted(message).Condition.StringEquals['aws:PrincipalArn'],
      ]),
    ).toEqual(['One', 'Two'].map((id) => [ORDERS.replace('orders', id), `arn:aws:iam::${SHOP.account}:role/shop`]));
  });
});

describe('where only deployment tells the account or region', () => {
  const ENVS = {
    unknown: {},
    hub: HUB,
    publisher: SHOP,
    regionless: { account: HUB.account },
    regional: { region: REGION },
  };
  type Place = keyof typeof ENVS;

  test.each<[Place, Place, 'both stacks go to one place' | 'a warning' | 'an error']>([
    ['unknown', 'unknown', 'both stacks go to one place'],
    ['regional', 'regional', 'both stacks go to one place'],
    ['regionless', 'regionless', 'both stacks go to one place'],
    ['regional', 'unknown', 'both stacks go to one place'],
    ['hub', 'unknown', 'a warning'],
    ['hub', 'regional', 'a warning'],
    ['hub', 'regionless', 'both stacks go to one place'],
    ['unknown', 'hub', 'an error'],
    ['unknown', 'publisher', 'an error'],
    ['unknown', 'regional', 'an error'],
    ['regional', 'hub', 'an error'],
    ['regionless', 'hub', 'an error'],
    ['regionless', 'publisher', 'an error'],
  ])('of the bus (%s) or the role (%s) there is %s', (of, at, result) => {
    const app = testApp();
    const bus = new CrossAccountEventBus(new Stack(app, 'Hub', { env: ENVS[of] }), 'Bus', { eventBusName: 'orders' });
    const stack = new Stack(app, 'Publisher', { env: ENVS[at] });
    const make = () => publisherOf(stack, { eventBuses: [bus] });
    if (result === 'an error') {
      const message = errorOf(make);
      expect(message).toMatch(/^Publisher\/Role: 'eventBus' must .*'Hub\/Bus'/);
      expectMessage(message);
    } else {
      make();
      expectFindings(messagesOf(stack), result === 'a warning' ? [WARNING] : []);
      expect(propertiesOf(Stack.of(bus), 'AWS::Events::EventBusPolicy')).toEqual([]);
    }
  });

  test.each<[Place, boolean]>([
    ['unknown', true],
    ['regional', true],
    ['publisher', true],
    ['hub', false],
    ['regionless', false],
  ])('a bus imported by ARN in a stack that is %s: a warning is given: %p', (at, warned) => {
    const stack = new Stack(testApp(), 'Publisher', { env: ENVS[at] });
    publisherOf(stack);
    expect(resourcesOf(stack)).toEqual([ORDERS]);
    expectFindings(messagesOf(stack), warned ? [WARNING] : []);
  });

  test.each<[Place]>([['unknown'], ['regional'], ['hub'], ['publisher']])(
    'a bus whose ARN is a parameter may be of any account: a stack that is %s gets the warning',
    (at) => {
      const stack = new Stack(testApp(), 'Publisher', { env: ENVS[at] });
      publisherOf(stack, { eventBuses: [imported(stack, 'Imported', new CfnParameter(stack, 'Arn').valueAsString)] });
      expect(resourcesOf(stack)).toEqual([{ Ref: 'Arn' }]);
      expectFindings(messagesOf(stack), [WARNING]);
    },
  );

  test('the warning tells what it does not know', () => {
    const stack = new Stack(testApp(), 'Publisher');
    publisherOf(stack);
    expectFindings(messagesOf(stack), [WARNING]);
  });
});

describeWithOracle('a publisher in one app and the bus in another', () => {
  const scope = { sources: ['com.shop'], detailTypes: ['Order'] };
  const put = (expected: string, event: object = {}, role = 'Publisher/Role') => ({
    putEvents: {
      as: { account: SHOP.account, role },
      bus: { account: HUB.account, name: 'orders' },
      source: 'com.shop',
      detailType: 'Order',
      ...event,
    },
    expect: expected,
  });
  let stack: Stack;
  let bus: CrossAccountEventBus;
  let apps: App[];
  beforeEach(() => {
    stack = testStack('Publisher', SHOP);
    bus = new CrossAccountEventBus(testStack('Hub'), 'Bus', { eventBusName: 'orders' });
    apps = [stack.node.root as App, bus.node.root as App];
  });

  test('may put nothing as long as the warning is not heeded', () => {
    publisherOf(stack, { allowedEvents: scope });
    expectAnswers(apps, { questions: [{ noProblems: true }, put('deny')] });
  });

  test.each<[string, (message: string) => void]>([
    ['the statement of the warning', (message) => bus.addToResourcePolicy(PolicyStatement.fromJson(pasted(message)))],
    [
      'the call that the warning names',
      (message) =>
        bus.allowPublisher(EventPublisher.role(pasted(message).Condition.StringEquals['aws:PrincipalArn']), scope),
    ],
  ])('may put what is in its scope with %s, and nobody else may put anything', (_, heed) => {
    publisherOf(stack, { allowedEvents: scope, path: '/team/' });
    publisherOf(stack, { allowedEvents: scope, eventBuses: [imported(stack, 'Again')] }, 'Other');
    heed(messagesOf(stack).find((message) => message.includes('/Publisher/Role '))!);
    expectAnswers(apps, {
      questions: [
        { noProblems: true },
        put('allow'),
        put('deny', { source: 'com.shop.x' }),
        put('deny', { detailType: 'Refund' }),
        put('deny', {}, 'Publisher/Other'),
        { strangers: true, bus: 'Hub/Bus', welcome: [] },
      ],
    });
  });

  test('may put on a bus that was added later, once its warning is heeded', () => {
    publisherOf(stack, { eventBuses: [new CrossAccountEventBus(stack, 'Own')], roleName: 'shop' }).addEventBus(
      imported(stack),
    );
    bus.addToResourcePolicy(PolicyStatement.fromJson(pasted(messagesOf(stack)[0])));
    expectAnswers(apps, {
      questions: [
        { noProblems: true },
        put('allow', { source: 'x' }),
        { strangers: true, bus: 'Hub/Bus', welcome: [] },
      ],
    });
  });
});
