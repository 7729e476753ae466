import { App, CfnOutput, CfnParameter, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnEventBus, CfnEventBusPolicy, EventBus, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, ArnPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AccountGrantForm,
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  EventBusInvocation,
  EventPublisher,
} from '../../src';
import { HUB, ORGANIZATION, SHOP, REGION, messagesOf, root, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { describeWithOracle, expectAnswers } from '../support/oracle';
import { dependenciesOf, propertiesOf } from '../support/templates';

const POLICY = 'AWS::Events::EventBusPolicy';
const [A, B] = ['222222222222', '333333333333'];

const policiesIn = (stack: Stack) => Template.fromStack(stack).findResources(POLICY);
const idsIn = (stack: Stack): string[] => propertiesOf(stack, POLICY).map(({ StatementId }) => StatementId);
const statementsIn = (stack: Stack) => propertiesOf(stack, POLICY).map(({ Statement }) => Statement);

type Allow = (bus: CrossAccountEventBus) => unknown;
const byAccount: Allow = (bus) => bus.allowPublisher(EventPublisher.accounts(A));
const byOrganization: Allow = (bus) => bus.allowPublisher(EventPublisher.organization(ORGANIZATION));
const inScope: Allow = (bus) => bus.allowPublisher(EventPublisher.accounts(B), { sources: ['x', 'y'] });
const byRole: Allow = (bus) =>
  bus.allowPublisher(EventPublisher.role('arn:aws:iam::444444444444:role/r'), { detailTypes: ['t'] });
const statement =
  (resource: string): Allow =>
  (bus) =>
    bus.addToResourcePolicy(
      new PolicyStatement({ principals: [new AccountPrincipal(A)], actions: ['events:*'], resources: [resource] }),
    );

/** A hub whose bus gets these grants in this order. */
function hubWith(...grants: Allow[]): Stack {
  const stack = testStack('Hub');
  const bus = new CrossAccountEventBus(stack, 'Bus');
  for (const grant of grants) grant(bus);
  return stack;
}

describe('publishers', () => {
  test('by account share one statement, on exactly this bus', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(B)] });
    bus.allowPublisher(EventPublisher.accounts(A, B));

    expect(propertiesOf(stack, POLICY)).toEqual([
      {
        EventBusName: { Ref: expect.stringMatching(/^Bus/) },
        StatementId: expect.any(String),
        Statement: {
          Effect: 'Allow',
          Action: 'events:PutEvents',
          Principal: { AWS: [root(A), root(B)] },
          Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] },
        },
      },
    ]);
  });

  test('by organization share another', () => {
    const stack = testStack('Hub');
    const publishers = [
      EventPublisher.organization(ORGANIZATION),
      EventPublisher.accounts(A),
      EventPublisher.organization('o-z9y8x7w6v5'),
    ];
    new CrossAccountEventBus(stack, 'Bus', { publishers });

    expect(statementsIn(stack)).toHaveLength(2);
    expect(statementsIn(stack)).toContainEqual(
      expect.objectContaining({
        Principal: '*',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION, 'o-z9y8x7w6v5'] } },
      }),
    );
  });

  test('in any order make the same template', () => {
    const all = [byAccount, byOrganization, inScope, byRole, statement('x'), statement('y')];
    const orders = [
      all,
      [...all].reverse(),
      [inScope, statement('y'), byAccount, byRole, statement('x'), byOrganization, byAccount],
    ];
    const templates = orders.map((order) => Template.fromStack(hubWith(...order)).toJSON());
    expect(Object.keys(templates[0].Resources)).toHaveLength(7);
    expect(templates[1]).toEqual(templates[0]);
    expect(templates[2]).toEqual(templates[0]);
  });

  test('that come later leave all IDs as they are', () => {
    const [before, after] = [[A], [A, B]].map((ids) => {
      const stack = testStack('Hub');
      new CrossAccountEventBus(stack, 'Bus', {
        publishers: [EventPublisher.accounts(...ids), EventPublisher.organization(ORGANIZATION)],
      });
      return { logicalIds: Object.keys(Template.fromStack(stack).toJSON().Resources), ids: idsIn(stack) };
    });
    expect(after).toEqual(before);
  });

  test('of a refused call leave the policy as it was', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(A)] });
    const contradictory = new AccountPrincipal('444444444444').withConditions({ Null: { 'events:source': 'true' } });
    expectMessage(errorOf(() => bus.allowPublisher(EventPublisher.accounts('1'))));
    expectMessage(errorOf(() => bus.allowPublisher(EventPublisher.principal(contradictory), { sources: ['x'] })));
    const taken = bus.resourcePolicy.node.children[0].node.id;
    expectMessage(errorOf(() => bus.grantPutEventsTo(new AccountPrincipal('444444444444'), taken)));
    bus.allowPublisher(EventPublisher.accounts(B));

    expect(statementsIn(stack)).toMatchObject([{ Principal: { AWS: [root(A), root(B)] } }]);
  });
});

describe('the statements of one bus', () => {
  const chainIn = (stack: Stack) =>
    Object.entries(policiesIn(stack)).map(([id, { DependsOn = [] }]) => ({ id, after: DependsOn }));

  test('are written one after the other, because writes at the same time can clash', () => {
    const chain = chainIn(hubWith(byOrganization, byAccount, inScope, byRole));
    const follow = (id?: string): string[] =>
      chain.filter(({ after }) => after[0] === id).flatMap((next) => [next.id, ...follow(next.id)]);
    expect(chain.map(({ after }) => after.length).sort()).toEqual([0, 1, 1, 1]);
    expect(follow()).toHaveLength(4);
  });

  test('close the chain when one of them goes, because a wider grant came later', () => {
    const narrow: Allow = (bus) => bus.allowPublisher(EventPublisher.role(`arn:aws:iam::${A}:role/r`));
    const scoped: Allow = (bus) => bus.allowPublisher(EventPublisher.accounts(A), { sources: ['x'] });
    const chain = chainIn(hubWith(narrow, byOrganization, scoped, inScope, byAccount));
    const before = chain.flatMap(({ after }) => after);
    expect([chain.length, before.length]).toEqual([3, 2]);
    expect(chain.map(({ id }) => id)).toEqual(expect.arrayContaining(before));
  });

  test('hold up what depends on the policy, also when they are added later', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus');
    const waiting = new Role(stack, 'Waiting', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    waiting.node.addDependency(bus.resourcePolicy);
    for (const grant of [byAccount, byOrganization]) grant(bus);

    const [role] = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Role'));
    expect(role.DependsOn.sort()).toEqual(Object.keys(policiesIn(stack)).sort());
  });
});

describe('statement IDs', () => {
  test('are legal, and unique over buses, stacks, nested stacks and stages', () => {
    const app = testApp();
    const stacks = ['Hub', 'Other'].map((id) => testStack(id, HUB, app));
    const all = [
      ...stacks,
      new NestedStack(stacks[0], 'Nested'),
      ...['Beta', 'Prod'].map((id) => new Stack(new Stage(app, id), 'Hub', { env: HUB })),
    ];
    for (const stack of all) {
      const publishers = [EventPublisher.accounts(A), EventPublisher.organization(ORGANIZATION)];
      for (const id of ['Bus', 'Second']) new CrossAccountEventBus(stack, id, { publishers });
    }
    const ids = all.flatMap(idsIn);
    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(20);
    expect(ids.filter((id) => !/^[a-zA-Z0-9-_]{1,64}$/.test(id))).toEqual([]);
  });

  test('stay what they are: another ID would replace a statement that is deployed', () => {
    expect(idsIn(hubWith(byAccount, byOrganization, inScope, byRole))).toEqual([
      'Accounts-424b7dce0c3e',
      'Organizations-0a60bcd5e60c',
      'Accounts-06ea38466b78',
      'Roles-4a1bc10cc5fb',
    ]);
  });

  test('stay what they are for every kind of publisher, and for rules', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus');
    bus.allowPublisher(EventPublisher.principal(new ArnPrincipal(`arn:aws:iam::${A}:user/me`)));
    bus.allowPublisher(EventPublisher.organizationalUnits(`${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`), {
      invocation: EventBusInvocation.DIRECT,
    });
    bus.allowPublisher(EventPublisher.service('ses.amazonaws.com'));
    bus.allowRuleManagement(EventPublisher.accounts(A));
    bus.allowRuleManagement(EventPublisher.accounts(B), {
      sources: ['x'],
      targetArns: ['arn:aws:events:*:222222222222:b', 'arn:aws:events:*:222222222221:a'],
    });
    expect(idsIn(stack).sort()).toEqual([
      'AccountsCreateRules-79a3052f0bcc',
      'AccountsCreateRules-fb27be1af831',
      'AccountsManageRules-0d6bf29052a8',
      'AccountsManageRulesAndTargets-30f8eda881cb',
      'AccountsPutTargets-841047736982',
      'AccountsTagRules-f2059621fd95',
      'OrganizationalUnits-74a3656a1a08',
      'Principal-43c8a5d94ded',
      'Service-199ffb39f2fb',
    ]);
    const reversed = testStack('Hub');
    new CrossAccountEventBus(reversed, 'Bus').allowRuleManagement(EventPublisher.accounts(B), {
      targetArns: ['arn:aws:events:*:222222222221:a', 'arn:aws:events:*:222222222222:b'],
      sources: ['x'],
    });
    expect(idsIn(stack)).toEqual(expect.arrayContaining(idsIn(reversed)));
  });

  test('are apart for the own account and the others in the compact form', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus', {
      accountGrantForm: AccountGrantForm.COMPACT,
      publishers: [EventPublisher.accounts(A, B, HUB.account)],
    });
    expect(statementsIn(stack).map(({ Principal }) => Principal)).toEqual(
      expect.arrayContaining(['*', { AWS: root(HUB.account) }]),
    );
    expect(new Set(idsIn(stack)).size).toBe(2);
  });

  test('are unique over apps whose paths are equal, by the name of the stack', () => {
    const ids = ['orders', 'billing'].map((stackName) => {
      const stack = new Stack(testApp(), 'Hub', { env: HUB, stackName });
      new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(A)] });
      return idsIn(stack)[0];
    });
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('and all that statements hold do not hang on the number of a token', () => {
    const templates = Array.from({ length: 40 }, () => {
      const app = testApp();
      const [stack, other] = [testStack('Hub', HUB, app), testStack('Other', SHOP, app)];
      const bus = new CrossAccountEventBus(stack, 'Bus');
      bus.allowPublisher(EventPublisher.accounts(A), { sources: [new CfnParameter(stack, 'Source').valueAsString] });
      for (const roleName of ['a', 'b', 'c', 'd']) {
        new CfnOutput(other, roleName, { value: other.formatArn({ service: 's3', resource: roleName }) });
        bus.allowPublisher(
          EventPublisher.role(
            new Role(other, `Role-${roleName}`, { roleName, assumedBy: new ServicePrincipal('ec2.amazonaws.com') }),
          ),
        );
      }
      return JSON.stringify(propertiesOf(stack, POLICY));
    });
    expect(new Set(templates).size).toBe(1);
  });

  test('fail at synth when two buses of an account and region were given the same', () => {
    const app = testApp();
    const stacks = [
      testStack('Hub', HUB, app),
      testStack('Other', HUB, app),
      testStack('Far', { ...HUB, region: 'us-east-1' }, app),
    ];
    for (const stack of stacks) {
      new CrossAccountEventBus(stack, 'Bus').grantPutEventsTo(new AccountPrincipal(A), 'Partner');
    }
    const message = errorOf(() => app.synth());
    expect(message).not.toMatch(/Far\/Bus/);
    expectMessage(/\[Hub\/Bus\/Policy\] 'sid' must .*'Other\/Bus\/Policy\/Partner'.*/.exec(message)![0]);
  });

  test('may be the same in two accounts, and in two stacks whose accounts only deployment tells', () => {
    const [one, two] = [testApp(), testApp()];
    const stacks = [
      testStack('Hub', HUB, one),
      testStack('Other', SHOP, one),
      ...['A', 'B'].map((id) => new Stack(new Stage(two, id), 'Hub')),
    ];
    for (const stack of stacks) {
      new CrossAccountEventBus(stack, 'Bus').grantPutEventsTo(new AccountPrincipal(B), 'Partner');
    }
    expect(stacks.map(idsIn)).toEqual(stacks.map(() => ['Partner']));
  });

  test('may be known only at deployment', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus').grantPutEventsTo(
      new AccountPrincipal(A),
      new CfnParameter(stack, 'Sid').valueAsString,
    );
    expect(idsIn(stack)).toEqual([{ Ref: 'Sid' }]);
  });
});

const arn = (name: string) => `arn:aws:events:${REGION}:${HUB.account}:event-bus/${name}`;

describe('the policy of a bus made elsewhere', () => {
  test.each<[string, (stack: Stack) => IEventBusRef, unknown]>([
    [
      'by the CDK',
      (stack) => new EventBus(stack, 'Bus', { eventBusName: 'orders' }),
      { Ref: Match.stringLikeRegexp('^Bus') },
    ],
    ['by hand', (stack) => new CfnEventBus(stack, 'Bus', { name: 'orders' }), { Ref: 'Bus' }],
    ['by another app', (stack) => EventBus.fromEventBusArn(stack, 'Bus', arn('orders')), 'orders'],
    [
      'by a partner',
      (stack) => EventBus.fromEventBusArn(stack, 'Bus', arn('aws.partner/example.com/1')),
      'aws.partner/example.com/1',
    ],
    ['by AWS', (stack) => EventBus.fromEventBusName(stack, 'Bus', 'default'), 'default'],
  ])('%s is written in this stack', (_, eventBus, name) => {
    const stack = testStack('Hub');
    const policy = new CrossAccountEventBusPolicy(stack, 'Grants', {
      eventBus: eventBus(stack),
      publishers: [EventPublisher.accounts(A)],
    });
    policy.allowPublisher(EventPublisher.accounts(B));

    Template.fromStack(stack).resourcePropertiesCountIs(
      POLICY,
      {
        EventBusName: name,
        Statement: Match.objectLike({ Principal: { AWS: [root(A), root(B)] } }),
      },
      1,
    );
  });

  test('in another stack of its account refers to it', () => {
    const app = testApp();
    const bus = new EventBus(testStack('Hub', HUB, app), 'Bus');
    const other = testStack('Other', HUB, app);
    new CrossAccountEventBusPolicy(other, 'Grants', { eventBus: bus, publishers: [EventPublisher.accounts(A)] });
    expect(statementsIn(other)).toMatchObject([{ Resource: { 'Fn::ImportValue': expect.any(String) } }]);
    expect(dependenciesOf(other)).toEqual(['Hub']);
  });

  test.each([
    ['another account', `arn:aws:events:${REGION}:${SHOP.account}:event-bus/orders`],
    ['another region', `arn:aws:events:us-east-1:${HUB.account}:event-bus/orders`],
  ])('fails for a bus of %s', (_, theirs) => {
    const stack = testStack('Hub');
    const eventBus = EventBus.fromEventBusArn(stack, 'Bus', theirs);
    const message = errorOf(() => new CrossAccountEventBusPolicy(stack, 'Grants', { eventBus }));
    expect(message).toMatch(/^Hub\/Grants: 'eventBus' must/);
    expectMessage(message);
  });
});

describe('the policy of a bus that others write too', () => {
  test('is written one statement after the other, by all constructs of a stack for that bus', () => {
    const stack = testStack('Hub');
    const eventBus = EventBus.fromEventBusName(stack, 'Default', 'default');
    const other = new CrossAccountEventBusPolicy(stack, 'Other', {
      eventBus: new EventBus(stack, 'Bus'),
      publishers: [EventPublisher.accounts(A)],
    });
    for (const id of ['Second', 'First', 'Third']) {
      const grants = new CrossAccountEventBusPolicy(stack, id, { eventBus, publishers: [EventPublisher.accounts(A)] });
      grants.allowPublisher(EventPublisher.organization(ORGANIZATION));
    }
    const chain = Object.entries(policiesIn(stack)).map(([id, { DependsOn = [] }]) => ({
      id: id.replace(/[0-9a-f]{12}.*$/, ''),
      after: DependsOn.map((d: string) => d.replace(/[0-9a-f]{12}.*$/, '')),
    }));
    expect(other.node.children).toHaveLength(1);
    expect(chain).toEqual(
      expect.arrayContaining([
        { id: 'FirstAccounts', after: [] },
        { id: 'FirstOrganizations', after: ['FirstAccounts'] },
        { id: 'SecondAccounts', after: ['FirstOrganizations'] },
        { id: 'SecondOrganizations', after: ['SecondAccounts'] },
        { id: 'ThirdAccounts', after: ['SecondOrganizations'] },
        { id: 'ThirdOrganizations', after: ['ThirdAccounts'] },
        { id: 'OtherAccounts', after: [] },
      ]),
    );
  });

  test(
    'is one chain for a bus, however it is named, but not over nested stacks, which cannot wait ' +
      'for each other both ways',
    () => {
      const stack = testStack('Hub');
      const bus = new CrossAccountEventBus(stack, 'Bus', {
        eventBusName: 'orders',
        publishers: [EventPublisher.accounts(A)],
      });
      const byName = EventBus.fromEventBusName(stack, 'Same', 'orders');
      new CrossAccountEventBusPolicy(stack, 'Others', { eventBus: byName, publishers: [EventPublisher.accounts(B)] });
      new CrossAccountEventBusPolicy(new NestedStack(stack, 'Nested'), 'Grants', {
        eventBus: byName,
        publishers: [EventPublisher.organization(ORGANIZATION)],
      });
      const [own] = bus.resourcePolicy.node.children as CfnEventBusPolicy[];
      expect(Object.values(policiesIn(stack)).map(({ DependsOn = [] }) => DependsOn)).toEqual([
        [],
        [stack.getLogicalId(own)],
      ]);
    },
  );

  const inline = { Version: '2012-10-17', Statement: [] };

  test.each<[string, (stack: Stack) => IEventBusRef]>([
    ['in its props', (stack) => new CfnEventBus(stack, 'Bus', { name: 'orders', policy: inline })],
    [
      'by an override',
      (stack) => {
        const bus = new CfnEventBus(stack, 'Bus', { name: 'orders' });
        bus.addPropertyOverride('Policy', inline);
        return bus;
      },
    ],
    [
      'and is imported here by its name',
      (stack) => {
        new CfnEventBus(stack, 'Bus', { name: 'orders', policy: inline });
        return EventBus.fromEventBusName(stack, 'Imported', 'orders');
      },
    ],
    [
      'and is imported here by its ARN',
      (stack) => {
        new CfnEventBus(testStack('Other', HUB, stack.node.root as App), 'Bus', { name: 'orders' }).addPropertyOverride(
          'Policy',
          inline,
        );
        return EventBus.fromEventBusArn(stack, 'Imported', arn('orders'));
      },
    ],
  ])('fails at synth for a bus that has a whole policy of its own %s', (_, eventBus) => {
    const stack = testStack('Hub');
    new CrossAccountEventBusPolicy(stack, 'Grants', {
      eventBus: eventBus(stack),
      publishers: [EventPublisher.accounts(A)],
    });
    const message = errorOf(() => Template.fromStack(stack));
    expectMessage(/\[Hub\/Grants\] 'eventBus' must .*'(Hub|Other)\/Bus'.*/.exec(message)![0]);
  });

  test('goes with a bus of that name elsewhere that has a whole policy', () => {
    const stack = testStack('Hub');
    new CfnEventBus(testStack('Far', { ...HUB, region: 'us-east-1' }, stack.node.root as App), 'Bus', {
      name: 'orders',
      policy: inline,
    });
    const eventBus = EventBus.fromEventBusName(stack, 'Imported', 'orders');
    new CrossAccountEventBusPolicy(stack, 'Grants', { eventBus, publishers: [EventPublisher.accounts(A)] });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test.each([
    ['default', 'rule/*'],
    ['orders', 'rule/orders/*'],
  ])('lets others manage rules on the bus %s, and on no other', (name, rules) => {
    const stack = testStack('Hub');
    const grants = new CrossAccountEventBusPolicy(stack, 'Grants', {
      eventBus: EventBus.fromEventBusName(stack, 'Bus', name),
    });
    grants.allowRuleManagement(EventPublisher.accounts(A));
    const resource = {
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:events:${REGION}:${HUB.account}:${rules}`]],
    };
    expect(statementsIn(stack)).toMatchObject([{ Resource: resource }, { Resource: resource }]);
  });
});

describeWithOracle('who may publish on a bus made elsewhere', () => {
  test.each<[string, (stack: Stack) => IEventBusRef]>([
    ['orders', (stack) => new CfnEventBus(stack, 'Bus', { name: 'orders' })],
    ['default', (stack) => EventBus.fromEventBusName(stack, 'Bus', 'default')],
  ])('%s is the account that was let in, and nobody else', (name, eventBus) => {
    const stack = testStack('Hub');
    new CrossAccountEventBusPolicy(stack, 'Grants', {
      eventBus: eventBus(stack),
      publishers: [EventPublisher.accounts(A)],
    });
    const bus = { account: HUB.account, name };
    expectAnswers(stack.node.root as App, {
      questions: [
        { noProblems: true },
        { putEvents: { as: { account: A }, bus }, expect: 'allow' },
        { putEvents: { as: { account: B }, bus }, expect: 'deny' },
        { strangers: true, bus, welcome: [{ account: A }] },
      ],
    });
    expect(messagesOf(stack)).toEqual([]);
  });
});
