import { CfnOutput, CfnParameter, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Archive, CfnEventBus, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, Effect, PolicyStatement, Role, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { CrossAccountEventBus, EventPublisher } from '../../src';
import { HUB, ORGANIZATION, SHOP, messagesOf, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const BUS = 'AWS::Events::EventBus';
const POLICY = 'AWS::Events::EventBusPolicy';
const [A, B] = ['222222222222', '333333333333'];

const nameIn = (stack: Stack) => propertiesOf(stack, BUS)[0].Name;
const outputsOf = (stack: Stack) => Object.values(Template.fromStack(stack).findOutputs('*')).map(({ Value }) => Value);

describe('a cross-account event bus is an event bus', () => {
  test('for rules, archives and targets of its stack', () => {
    const stack = testStack('Hub');
    const bus: EventBus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders', description: 'All orders' });
    new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets: [new targets.EventBus(bus)] });
    new Archive(stack, 'Archive', { sourceEventBus: bus, eventPattern: { source: ['x'] } });
    bus.archive('Own', { eventPattern: { source: ['x'] } });

    const template = Template.fromStack(stack);
    template.hasResourceProperties(BUS, { Name: 'orders', Description: 'All orders' });
    template.hasResourceProperties('AWS::Events::Rule', { EventBusName: { Ref: Match.stringLikeRegexp('^Bus') } });
    template.resourceCountIs('AWS::Events::Archive', 2);
    template.resourceCountIs(POLICY, 0);
  });

  test('for rules and targets of another stack, which imports what it exports', () => {
    const app = testApp();
    const bus = new CrossAccountEventBus(testStack('Hub', HUB, app), 'Bus');
    const other = testStack('Other', HUB, app);
    new Rule(other, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets: [new targets.EventBus(bus)] });

    const [{ EventBusName, Targets }] = propertiesOf(other, 'AWS::Events::Rule');
    expect([EventBusName, Targets[0].Arn]).toEqual([
      { 'Fn::ImportValue': expect.stringMatching(/^Hub:.*RefBus/) },
      { 'Fn::ImportValue': expect.stringMatching(/^Hub:.*GetAttBus/) },
    ]);
    expect(dependenciesOf(other)).toEqual(['Hub']);
  });

  test('that another account refers to by a name that is known before deployment', () => {
    const app = testApp();
    const hub = testStack('Hub', HUB, app);
    const bus = new CrossAccountEventBus(hub, 'Bus');
    const other = testStack('Other', SHOP, app);
    new CfnOutput(other, 'Name', { value: bus.eventBusName });
    new CfnOutput(other, 'Arn', { value: bus.eventBusArn });
    new Role(other, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

    const arn = {
      'Fn::Join': [
        '',
        ['arn:', { Ref: 'AWS::Partition' }, `:events:${HUB.region}:${HUB.account}:event-bus/${nameIn(hub)}`],
      ],
    };
    expect(outputsOf(other)).toEqual([nameIn(hub), arn]);
  });

  test('of a partner, by the name of its source', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus', { eventSourceName: 'aws.partner/example.com/account/events' });
    expect(propertiesOf(stack, BUS)).toMatchObject([
      { Name: 'aws.partner/example.com/account/events', EventSourceName: 'aws.partner/example.com/account/events' },
    ]);
  });

  test('that is known by its mark, also to another copy of this library', () => {
    const stack = testStack('Hub');
    const others = [new EventBus(stack, 'Theirs'), undefined, null, 'bus', {}];
    expect(CrossAccountEventBus.isCrossAccountEventBus(new CrossAccountEventBus(stack, 'Ours'))).toBe(true);
    expect(others.map((x) => CrossAccountEventBus.isCrossAccountEventBus(x))).toEqual(others.map(() => false));
  });

  test('whose dead-letter queue lets it write', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus', { deadLetterQueue: new Queue(stack, 'Queue') });
    expect(propertiesOf(stack, 'AWS::SQS::QueuePolicy')).toMatchObject([
      {
        PolicyDocument: { Statement: [{ Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } }] },
      },
    ]);
  });
});

describe('its name', () => {
  const named = (scope: Construct, id = 'Bus') =>
    (new CrossAccountEventBus(scope, id).node.defaultChild as CfnEventBus).name;

  test('is made of stack and path, and stays the same', () => {
    expect(named(testStack('Hub'))).toBe('Hub-Bus-24189564');
    expect(named(testStack('Hub'))).toBe('Hub-Bus-24189564');
  });

  test('is made also where the CDK would make one only if needed', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus', { eventBusName: PhysicalName.GENERATE_IF_NEEDED });
    expect(nameIn(stack)).toBe(named(testStack('Hub')));
  });

  test('may be known only at deployment', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus', { eventBusName: new CfnParameter(stack, 'Name').valueAsString });
    expect(nameIn(stack)).toEqual({ Ref: 'Name' });
  });

  test('is apart by the name of the stack, also in apps whose paths are equal', () => {
    const names = ['orders', 'billing'].map((stackName) => named(new Stack(testApp(), 'Hub', { env: HUB, stackName })));
    expect(new Set(names).size).toBe(2);
  });

  test('is apart in stacks, stages and nested stacks of one app, and for paths that are joined alike', () => {
    const app = testApp();
    const stacks = ['Hub', 'Other'].map((id) => testStack(id, HUB, app));
    const stages = ['Beta', 'Prod'].map((id) => new Stack(new Stage(app, id, { env: HUB }), 'Hub'));
    const nested = ['One', 'Two'].map((id) => new NestedStack(stacks[0], id));
    const joined = [named(testStack('A-B'), 'C'), named(testStack('A'), 'B-C')];
    const names = [...joined, ...[...stages, ...nested, ...stacks].map((scope) => named(scope))];
    expect(new Set(names).size).toBe(8);
  });

  test('is known before deployment in a nested stack', () => {
    const nested = new NestedStack(testStack('Hub'), 'Nested');
    expect(named(nested)).toBe(nameIn(nested));
    expect(nameIn(nested)).toMatch(/^Hub-Nested-Bus-[0-9a-f]{8}$/);
  });

  test.each([
    ['long', Array.from({ length: 9 }, (_, i) => `${i}`.repeat(200))],
    ['strange', ['Bus für Aufträge & Co.', "it's #1", 'a.b:c*']],
    ['unreadable', ['注文', 'Bus']],
  ])('is legal for a path that is %s', (_, path) => {
    const stack = testStack('Hub');
    const scope = path.slice(0, -1).reduce<Construct>((parent, id) => new Construct(parent, id), stack);
    expect(named(scope, path.at(-1))).toMatch(/^[.\-_A-Za-z0-9]{1,256}$/);
  });
});

describe('addToResourcePolicy', () => {
  const statement = (more: object = {}) =>
    new PolicyStatement({ principals: [new StarPrincipal()], actions: ['events:PutEvents'], ...more });
  let stack: Stack;
  let bus: CrossAccountEventBus;
  beforeEach(() => {
    stack = testStack('Hub');
    bus = new CrossAccountEventBus(stack, 'Bus');
  });
  const idsIn = () => propertiesOf(stack, POLICY).map(({ StatementId }) => StatementId);

  test('takes a statement as it is, on this bus, and leaves it unchanged', () => {
    const mine = statement({ sid: 'Mine' });
    const before = mine.toJSON();
    expect(bus.addToResourcePolicy(mine)).toMatchObject({ statementAdded: true, policyDependable: bus.resourcePolicy });

    expect(mine.toJSON()).toEqual(before);
    const written = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
    };
    expect(propertiesOf(stack, POLICY)).toEqual([
      { EventBusName: { Ref: expect.stringMatching(/^Bus/) }, StatementId: 'Mine', Statement: written },
    ]);
  });

  test('keeps the resources and the effect that the statement names', () => {
    bus.addToResourcePolicy(
      PolicyStatement.fromJson({
        Effect: 'Deny',
        Principal: '*',
        Action: 'events:*',
        NotResource: 'arn:aws:events:*:*:rule/*',
      }),
    );
    const [{ Statement }] = propertiesOf(stack, POLICY);
    expect(Statement).toEqual({
      Effect: 'Deny',
      Principal: '*',
      Action: 'events:*',
      NotResource: 'arn:aws:events:*:*:rule/*',
    });
  });

  test('makes an ID where there is none, of what the statement says, and takes the same statement once', () => {
    for (const resources of [['a'], ['b'], ['a']]) bus.addToResourcePolicy(statement({ resources }));
    const [first, second] = idsIn();
    expect(idsIn()).toHaveLength(2);
    expect([first, second]).toEqual([
      expect.stringMatching(/^Statement-[0-9a-f]{12}$/),
      expect.stringMatching(/^Statement-[0-9a-f]{12}$/),
    ]);
    expect(first).not.toBe(second);
  });

  test('takes the same statement twice under one ID, but fails for two statements', () => {
    for (const _ of [1, 2]) bus.addToResourcePolicy(statement({ sid: 'Mine' }));
    expect(idsIn()).toEqual(['Mine']);
    const message = errorOf(() => bus.addToResourcePolicy(statement({ sid: 'Mine', resources: ['x'] })));
    expect(message).toMatch(/^Hub\/Bus: 'sid' must .* got 'Mine'/);
    expectMessage(message);
  });

  test('keeps long ids apart that begin alike', () => {
    const sids = ['a', 'b'].map((end) => 'x'.repeat(63) + end);
    for (const sid of sids) bus.addToResourcePolicy(statement({ sid }));
    expect(idsIn().sort()).toEqual(sids);
  });

  test.each<[string, object]>([
    ['without a principal', { principals: [] }],
    ['without an action', { actions: [] }],
  ])('fails for a statement %s', (_, less) => {
    const message = errorOf(() => bus.addToResourcePolicy(statement(less)));
    expect(message).toMatch(/^Hub\/Bus: 'statement' must/);
    expectMessage(message);
  });
});

test('fails for a bus whose inline policy would overwrite the grants', () => {
  const stack = testStack('Hub');
  const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(A)] });
  (bus.node.defaultChild as any).policy = { Version: '2012-10-17', Statement: [] };

  const message = errorOf(() => Template.fromStack(stack));
  expectMessage(/\[Hub\/Bus\/Policy\] 'eventBus' must .*'Hub\/Bus\/Resource'.*/.exec(message)![0]);
});

describeWithOracle('who may publish on a bus', () => {
  test('is an organization and two accounts, and nobody else', () => {
    const app = testApp();
    const stack = testStack('Hub', HUB, app);
    const bus = new CrossAccountEventBus(stack, 'Bus', {
      publishers: [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts(A)],
    });
    bus.allowPublisher(EventPublisher.accounts(B), { sources: ['com.shop'], detailTypes: ['Order', 'Refund'] });
    bus.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AccountPrincipal('555555555555')],
        actions: ['events:*'],
      }),
    );
    new Role(testStack('Publisher', SHOP, app), 'Unrelated', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });

    const put = (as: object, expect: string, event: object = {}) => ({
      putEvents: { as, bus: 'Hub/Bus', ...event },
      expect,
    });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        put({ account: A }, 'allow'),
        put({ account: '444444444444', orgId: ORGANIZATION }, 'allow'),
        put({ account: '555555555555', orgId: ORGANIZATION }, 'deny'),
        put({ account: '444444444444', orgId: 'o-z9y8x7w6v5' }, 'deny'),
        put({ account: '444444444444' }, 'deny'),
        put({ account: B }, 'deny'),
        put({ account: B }, 'allow', { source: 'com.shop', detailType: 'Refund' }),
        put({ account: B }, 'deny', { source: 'com.shop', detailType: 'Invoice' }),
        put({ account: B }, 'deny', { source: 'com.shop.x', detailType: 'Order' }),
        put({ account: A, role: 'Publisher/Unrelated' }, 'deny'),
        put({ anonymous: true }, 'deny'),
        { strangers: true, bus: 'Hub/Bus', welcome: [{ account: A }, { account: B }, { orgId: ORGANIZATION }] },
      ],
    });
    expect(messagesOf(stack)).toEqual([]);
  });
});
