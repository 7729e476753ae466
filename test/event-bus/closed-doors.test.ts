import { App, CfnParameter, NestedStack, PhysicalName, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  AnyPrincipal,
  IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
  StarPrincipal,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountPrincipal,
  EventPublisher,
  LambdaEventTarget,
  LambdaPermissionScope,
  PublisherRole,
  PublisherRoleProps,
} from '../../src';
import { CONSUMER, HUB, ORGANIZATION, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { pattern } from '../support/pattern';
import { dependenciesOf, propertiesOf } from '../support/templates';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
const eventPattern = { source: ['com.shop'] };
const REMOTE = 'arn:aws:lambda:eu-west-1:333333333333:function:handler';

beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
});

const consumer = () => (app.node.tryFindChild('Consumer') as Stack | undefined) ?? testStack('Consumer', CONSUMER, app);
const ruleTo = (target: LambdaEventTarget | CrossAccountEventBusTarget, id = 'Rule', scope: Stack = hub) =>
  new Rule(scope, id, { eventBus: bus, eventPattern, targets: [target] });
const publisher = (props: Partial<PublisherRoleProps>) =>
  new PublisherRole(testStack('Shop', PUBLISHER, app), 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    eventBuses: [bus],
    ...props,
  });

describe('a permission for all rules of a bus', () => {
  const forAll = (eventBus?: CrossAccountEventBus) =>
    new Rule(hub, 'All', {
      eventBus,
      eventPattern,
      targets: [
        new LambdaEventTarget(testFunction(hub, 'Handler'), { permissionScope: LambdaPermissionScope.EVENT_BUS }),
      ],
    });
  const subscriber = EventPublisher.accounts(CONSUMER.account);
  const REFUSED =
    "'permissionScope' must be RULE where others manage rules with any target, got EVENT_BUS and statement '";

  test.each<[string, () => unknown]>([
    ['that bus', () => [forAll(bus), bus.allowRuleManagement(subscriber)]],
    [
      'that bus, whoever comes first',
      () => [bus.allowRuleManagement(subscriber, { sources: ['com.shop'] }), forAll(bus)],
    ],
    ['any bus, when it is for the default one', () => [forAll(), bus.allowRuleManagement(subscriber)]],
  ])('fails where others may have rules with any target, on %s', (_, make) => {
    make();
    expect(() => app.synth()).toThrow(REFUSED);
  });

  test.each<[string, () => unknown]>([
    [
      'with other targets',
      () => bus.allowRuleManagement(subscriber, { targetArns: [`arn:aws:events:*:${CONSUMER.account}:event-bus/*`] }),
    ],
    ['on another bus', () => new CrossAccountEventBus(hub, 'Other').allowRuleManagement(subscriber)],
    [
      'on a bus of that name in another account',
      () =>
        new CrossAccountEventBus(consumer(), 'Other', { eventBusName: 'orders' }).allowRuleManagement(
          EventPublisher.accounts(HUB.account),
        ),
    ],
  ])('may be where others have rules %s', (_, make) => {
    forAll(bus);
    make();
    expect(() => app.synth()).not.toThrow();
  });
});

describe('a function of another account', () => {
  const named = () => testFunction(consumer(), 'Handler', { functionName: 'handler' });

  test.each([
    [true, false],
    [false, true],
  ])('fails to let in one role alone and the account as well: restricted %p, then %p', (first, second) => {
    const handler = named();
    ruleTo(new LambdaEventTarget(handler, { restrictToExecutionRole: first }), 'One');
    expect(() => ruleTo(new LambdaEventTarget(handler, { restrictToExecutionRole: second }), 'Two')).toThrow(
      pattern(
        /^Consumer\/Handler: 'restrictToExecutionRole' must be the same for all /,
        /rules of account 111111111111, got true and false; .* restrict all of them, /,
        /or none$/,
      ),
    );
  });

  test.each([[true], [false]])(
    'has a role whose name can be pasted, also in a nested stack, whether the first rule is restricted (%p) or not',
    (first) => {
      const nested = new NestedStack(hub, 'Nested');
      const imported = Function.fromFunctionArn(nested, 'Imported', REMOTE);
      [first, !first].forEach(
        (restrictToExecutionRole, i) =>
          new Rule(nested, `Rule${i}`, {
            eventPattern,
            targets: [new LambdaEventTarget(imported, { restrictToExecutionRole })],
          }),
      );
      const [{ RoleName }] = propertiesOf(nested, 'AWS::IAM::Role');
      expect(RoleName).toMatch(/^Hub-Nested-RuleRole-[0-9a-f]{8}-eu-west-1-[0-9a-f]{8}$/);
      expect(messagesOf(hub).join()).toMatch(
        new RegExp(
          '--region eu-west-1 .*--statement-id AllowEventBus-111111111111-[0-9a-f]{8} .*--principal ' +
            `arn:aws:iam::111111111111:role/${RoleName} `,
        ),
      );
    },
  );

  test('is told of two roles by commands that do not replace each other', () => {
    const stacks = [hub, testStack('Second', HUB, app)];
    for (const stack of stacks) {
      ruleTo(
        new LambdaEventTarget(Function.fromFunctionArn(stack, 'Imported', REMOTE), { restrictToExecutionRole: true }),
        'Rule',
        stack,
      );
    }
    const ids = stacks.flatMap(messagesOf).flatMap((message) => /--statement-id (\S+)/.exec(message)?.[1] ?? []);
    expect([ids.length, new Set(ids).size]).toEqual([2, 2]);
  });

  test('fails with a given role that the CDK would name in a nested stack', () => {
    const executionRole = new Role(new NestedStack(hub, 'Nested'), 'Role', {
      roleName: PhysicalName.GENERATE_IF_NEEDED,
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    expect(() => ruleTo(new LambdaEventTarget(named(), { executionRole, restrictToExecutionRole: true }))).toThrow(
      pattern(
        /'executionRole' must not be named by the CDK in a nested stack, where it /,
        /cannot make a legal name, got 'Hub\/Nested\/Role'; write the 'roleName' /,
        /out/,
      ),
    );
  });

  test('gets a policy of its own on a role that two stacks import', () => {
    const stacks = [hub, testStack('Second', HUB, app)];
    for (const stack of stacks) {
      const executionRole = Role.fromRoleArn(stack, 'Exec', `arn:aws:iam::${HUB.account}:role/exec`);
      ruleTo(
        new LambdaEventTarget(Function.fromFunctionArn(stack, 'Imported', REMOTE), { executionRole }),
        'Rule',
        stack,
      );
    }
    const policies = stacks.flatMap((stack) => propertiesOf(stack, 'AWS::IAM::Policy'));
    expect(policies).toMatchObject([{ Roles: ['exec'] }, { Roles: ['exec'] }]);
    expect(new Set(policies.map(({ PolicyName }) => PolicyName)).size).toBe(2);
  });
});

describe('a publisher', () => {
  test.each<[string, IPrincipal]>([
    ['anybody', new AnyPrincipal()],
    ['everybody', new StarPrincipal()],
    ['whoever has a Cognito identity', new WebIdentityPrincipal('cognito-identity.amazonaws.com')],
  ])('fails to be assumed by %s', (_, assumedBy) => {
    expect(() => publisher({ assumedBy })).toThrow(
      pattern(
        /^Shop\/Role: 'assumedBy' must not let strangers in, got one that does: /,
        /.*; name the accounts or the organization/,
      ),
    );
  });

  test('fails to be assumed by anybody who knows an external id, which is no secret', () => {
    expect(() => publisher({ assumedBy: new AnyPrincipal(), externalIds: ['customer-1'] })).toThrow(
      "'assumedBy' must not let strangers in",
    );
  });

  test('may be assumed with external ids that only deployment tells', () => {
    const stack = testStack('Ids', PUBLISHER, app);
    const ids = new CfnParameter(stack, 'Ids', { type: 'CommaDelimitedList' }).valueAsList;
    new PublisherRole(stack, 'Role', {
      assumedBy: CrossAccountPrincipal.withExternalId(CONSUMER.account, ...ids),
      eventBuses: [bus],
    });
    expect(propertiesOf(stack, 'AWS::IAM::Role')[0].AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
      StringEquals: { 'sts:ExternalId': { Ref: 'Ids' } },
    });
  });

  test('and what rules send with may be roles that are made beforehand', () => {
    const stack = testStack('Customized', HUB, app);
    Role.customizeRoles(stack);
    expect(() =>
      ruleTo(new LambdaEventTarget(Function.fromFunctionArn(stack, 'Imported', REMOTE)), 'Rule', stack),
    ).not.toThrow();
  });

  test.each<[string, Partial<PublisherRoleProps>]>([
    [
      'anybody of an organization',
      { assumedBy: new AnyPrincipal().withConditions({ StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } }) },
    ],
    [
      'a Cognito identity of one pool',
      {
        assumedBy: new WebIdentityPrincipal('cognito-identity.amazonaws.com', {
          StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:pool' },
        }),
      },
    ],
    ['an account', { assumedBy: new AccountPrincipal(CONSUMER.account), externalIds: ['abc'] }],
  ])('may be assumed by %s', (_, props) => {
    expect(() => publisher(props)).not.toThrow();
  });

  test('fails with external ids beside those of its principal, which the CDK would drop', () => {
    expect(() =>
      publisher({ assumedBy: CrossAccountPrincipal.withExternalId(CONSUMER.account, 'abc'), externalIds: ['zzz'] }),
    ).toThrow("Shop/Role: 'externalIds' must be left out for a principal that has its own, got both");
  });

  test('fails with a bus of another partition', () => {
    const china = new CrossAccountEventBus(
      testStack('China', { account: CONSUMER.account, region: 'cn-north-1' }, app),
      'Bus',
    );
    expect(() => publisher({ eventBuses: [china] })).toThrow(
      "Shop/Role: 'eventBus' must be of partition aws, got 'China/Bus' of aws-cn; make what " +
        'publishes or forwards in a stack of that partition',
    );
    expect(() => ruleTo(new CrossAccountEventBusTarget(china))).toThrow(
      "Hub/Rule: 'eventBus' must be of partition aws, got 'China/Bus' of aws-cn",
    );
  });
});

test('a bus fails to let in whom only a trust policy can know', () => {
  const principal = CrossAccountPrincipal.withExternalId(PUBLISHER.account, 'abc');
  expect(() => bus.allowPublisher(EventPublisher.principal(principal))).toThrow(
    "Hub/Bus: 'principal' must have no condition on 'sts:ExternalId', got one",
  );
  expect(() => bus.grantPutEventsTo(principal)).toThrow(
    "Hub/Bus: 'principal' must have no condition on 'sts:ExternalId', got one",
  );
});

describe('statements that others wrote on a bus', () => {
  const own = (sid: string) =>
    new PolicyStatement({
      sid,
      actions: ['events:PutEvents'],
      principals: [new AccountPrincipal(PUBLISHER.account)],
      resources: [`arn:aws:events:eu-west-1:${CONSUMER.account}:event-bus/theirs`],
    });

  test('come before the grants of this library, not at the same time', () => {
    const theirs = new EventBus(consumer(), 'Theirs', { eventBusName: 'theirs' });
    theirs.addToResourcePolicy(own('mine'));
    ruleTo(new CrossAccountEventBusTarget(theirs));
    app.synth();
    const [ours, others] = [/^Roles-/, /^cdk-/].map((id) =>
      consumer()
        .node.findAll()
        .find((c): c is CfnEventBusPolicy => CfnEventBusPolicy.isCfnEventBusPolicy(c) && id.test(c.statementId))!,
    );
    expect(ours.obtainDependencies()).toEqual([others]);
    expect(dependenciesOf(hub)).toEqual(['Consumer']);
  });

  test('may wait for those grants themselves', () => {
    const theirs = new CrossAccountEventBus(consumer(), 'Theirs', {
      eventBusName: 'theirs',
      publishers: [EventPublisher.accounts(PUBLISHER.account)],
    });
    const late = new CfnEventBusPolicy(consumer(), 'Late', {
      statementId: 'late',
      eventBusName: 'theirs',
      statement: own('late').toStatementJson(),
    });
    late.node.addDependency(theirs.resourcePolicy);
    expect(() => app.synth()).not.toThrow();
  });
});
