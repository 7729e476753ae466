import { CfnOutput, CfnParameter, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Archive, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, EventPublisher } from '../src';
import { HUB, ORGANIZATION, PUBLISHER, messagesOf, root, testApp, testStack } from './support/apps';
import { describeWithOracle, expectAnswers } from './support/oracle';

const [A, B] = ['222222222222', '333333333333'];

/** Statements of the bus policies in a stack, by statement id. */
function statementsIn(stack: Stack): { [id: string]: any } {
  const resources = Object.values(Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy'));
  return Object.fromEntries(resources.map(({ Properties }) => [Properties.StatementId, Properties.Statement]));
}

const logicalIdsIn = (stack: Stack) => Object.keys(Template.fromStack(stack).toJSON().Resources);

describe('a cross-account event bus is an event bus', () => {
  test('with everything that an event bus can have', () => {
    const stack = testStack('Hub');
    const bus: EventBus = new CrossAccountEventBus(stack, 'Bus', { eventBusName: 'orders', description: 'All orders' });
    new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets: [new targets.EventBus(bus)] });
    new Archive(stack, 'Archive', { sourceEventBus: bus, eventPattern: { source: ['x'] } });

    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Events::EventBus', { Name: 'orders', Description: 'All orders' });
    template.hasResourceProperties('AWS::Events::Rule', { EventBusName: { Ref: Match.stringLikeRegexp('^Bus') } });
    template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });

  test('of a partner, by the name of its source', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus', { eventSourceName: 'aws.partner/example.com/account/events' });

    Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBus', {
      Name: 'aws.partner/example.com/account/events', EventSourceName: 'aws.partner/example.com/account/events',
    });
  });

  test('that is known by its mark, also to another copy of this library', () => {
    const stack = testStack('Hub');
    expect(CrossAccountEventBus.isCrossAccountEventBus(new CrossAccountEventBus(stack, 'Ours'))).toBe(true);
    expect([new EventBus(stack, 'Theirs'), undefined, 'bus'].map((x) => CrossAccountEventBus.isCrossAccountEventBus(x))).toEqual([false, false, false]);
  });

  test('whose dead-letter queue lets it write', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus', { deadLetterQueue: new Queue(stack, 'Queue') });

    Template.fromStack(stack).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Action: 'sqs:SendMessage', Principal: { Service: 'events.amazonaws.com' } })] }),
    });
  });
});

describe('its name', () => {
  const nameIn = (stack: Stack) => Object.values(Template.fromStack(stack).findResources('AWS::Events::EventBus'))[0].Properties.Name;

  test('is made of stack and path, and stays the same', () => {
    const names = [1, 2].map(() => {
      const stack = testStack('Hub');
      new CrossAccountEventBus(stack, 'Bus');
      return nameIn(stack);
    });
    expect(names[0]).toMatch(/^Hub-Bus-[0-9a-f]{8}$/);
    expect(names[1]).toBe(names[0]);
  });

  test('is apart in another stack, also one of another app, by the name of the stack', () => {
    const names = ['orders', 'billing'].map((stackName) => {
      const stack = new Stack(testApp(), 'Hub', { env: HUB, stackName });
      new CrossAccountEventBus(stack, 'Bus');
      return nameIn(stack);
    });
    expect(new Set(names).size).toBe(2);
  });

  test('is apart in another stage', () => {
    const app = testApp();
    const names = ['Beta', 'Prod'].map((id) => {
      const stack = new Stack(new Stage(app, id, { env: HUB }), 'Hub');
      new CrossAccountEventBus(stack, 'Bus');
      return nameIn(stack);
    });
    expect(new Set(names).size).toBe(2);
  });

  test('is known before deployment in a nested stack', () => {
    const nested = new NestedStack(testStack('Hub'), 'Nested');
    new CrossAccountEventBus(nested, 'Bus', { publishers: [EventPublisher.accounts(A)] });

    expect(nameIn(nested)).toMatch(/^Hub-Nested-Bus-[0-9a-f]{8}$/);
    expect(Object.keys(statementsIn(nested))).toEqual([expect.stringMatching(/^Accounts-[0-9a-f]{12}$/)]);
  });

  test('is short enough for the longest path', () => {
    const stack = testStack('Hub');
    new CrossAccountEventBus(stack, 'Bus'.repeat(84));
    expect(nameIn(stack).length).toBeLessThanOrEqual(256);
  });
});

describe('publishers', () => {
  test('by account share one statement, on exactly this bus', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(B)] });
    bus.allowPublisher(EventPublisher.accounts(A, B));

    Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBusPolicy', {
      EventBusName: { Ref: Match.stringLikeRegexp('^Bus') },
      Statement: {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Principal: { AWS: [root(A), root(B)] },
        Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Bus'), 'Arn'] },
        Condition: Match.absent(),
      },
    });
    Template.fromStack(stack).resourceCountIs('AWS::Events::EventBusPolicy', 1);
  });

  test('by organization share another', () => {
    const stack = testStack('Hub');
    const publishers = [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts(A), EventPublisher.organization('o-z9y8x7w6v5')];
    new CrossAccountEventBus(stack, 'Bus', { publishers });

    expect(Object.values(statementsIn(stack))).toEqual(expect.arrayContaining([
      expect.objectContaining({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': [ORGANIZATION, 'o-z9y8x7w6v5'] } } }),
    ]));
    expect(Object.keys(statementsIn(stack))).toHaveLength(2);
  });

  test('in any order make the same template', () => {
    const all = [
      (bus: CrossAccountEventBus) => bus.allowPublisher(EventPublisher.accounts(A)),
      (bus: CrossAccountEventBus) => bus.allowPublisher(EventPublisher.organization(ORGANIZATION)),
      (bus: CrossAccountEventBus) => bus.allowPublisher(EventPublisher.accounts(B), { sources: ['x', 'y'] }),
      (bus: CrossAccountEventBus) => bus.allowPublisher(EventPublisher.role(`arn:aws:iam::${A}:role/r`), { detailTypes: ['t'] }),
    ];
    const templates = [all, [...all].reverse(), [all[2], all[0], all[3], all[1], all[0]]].map((order) => {
      const stack = testStack('Hub');
      const bus = new CrossAccountEventBus(stack, 'Bus');
      for (const allow of order) allow(bus);
      return Template.fromStack(stack).toJSON();
    });
    expect(templates[1]).toEqual(templates[0]);
    expect(templates[2]).toEqual(templates[0]);
  });

  test('that come later leave all ids as they are', () => {
    const [before, after] = [[A], [A, B]].map((ids) => {
      const stack = testStack('Hub');
      new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(...ids), EventPublisher.organization(ORGANIZATION)] });
      return [logicalIdsIn(stack), Object.keys(statementsIn(stack))];
    });
    expect(after).toEqual(before);
  });

  test('of a refused call leave the policy as it was', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(A)] });
    expect(() => bus.allowPublisher(EventPublisher.accounts('1'))).toThrow();
    bus.allowPublisher(EventPublisher.accounts(B));

    expect(Object.values(statementsIn(stack))).toMatchObject([{ Principal: { AWS: [root(A), root(B)] } }]);
  });

  test('are written one after the other, because writes at the same time can clash', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts(A)] });
    bus.allowPublisher(EventPublisher.accounts(A, B), { sources: ['x'] });

    const policies = Template.fromStack(stack).findResources('AWS::Events::EventBusPolicy');
    const chain = Object.values(policies).map((p) => p.DependsOn ?? []);
    expect(chain.map((d) => d.length).sort()).toEqual([0, 1, 1]);
    expect(new Set(chain.flat()).size).toBe(2);
  });
});

describe('statement ids', () => {
  test('are legal, and unique over buses and stacks', () => {
    const app = testApp();
    const stacks = ['Hub', 'Other'].map((id) => testStack(id, HUB, app));
    for (const stack of stacks) {
      for (const id of ['Bus', 'Second']) {
        new CrossAccountEventBus(stack, id, { publishers: [EventPublisher.accounts(A), EventPublisher.organization(ORGANIZATION)] });
      }
    }
    const ids = stacks.flatMap((stack) => Object.keys(statementsIn(stack)));
    expect(ids).toHaveLength(8);
    expect(new Set(ids).size).toBe(8);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
  });

  test('are unique over apps whose paths are equal, by the name of the stack', () => {
    const ids = ['orders', 'billing'].map((stackName) => {
      const stack = new Stack(testApp(), 'Hub', { env: HUB, stackName });
      new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(A)] });
      return Object.keys(statementsIn(stack))[0];
    });
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('do not hang on the number of a token', () => {
    const ids = [0, 3].map((tokensBefore) => {
      const stack = testStack('Hub');
      for (let i = 0; i < tokensBefore; i++) new CfnOutput(stack, `Output${i}`, { value: stack.formatArn({ service: 's3', resource: `${i}` }) });
      const source = new CfnParameter(stack, 'Source').valueAsString;
      new CrossAccountEventBus(stack, 'Bus').allowPublisher(EventPublisher.accounts(A), { sources: [source] });
      return Object.keys(statementsIn(stack));
    });
    expect(ids[1]).toEqual(ids[0]);
  });
});

describe('addToResourcePolicy', () => {
  const statement = (more: object = {}) => new PolicyStatement({ principals: [new StarPrincipal()], actions: ['events:PutEvents'], ...more });

  test('takes a statement as it is, on this bus, and leaves it unchanged', () => {
    const stack = testStack('Hub');
    const mine = statement({ sid: 'Mine' });
    const result = new CrossAccountEventBus(stack, 'Bus').addToResourcePolicy(mine);

    expect(result.statementAdded).toBe(true);
    expect(mine.sid).toBe('Mine');
    expect(mine.resources).toEqual([]);
    expect(statementsIn(stack)).toEqual({
      Mine: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] } },
    });
  });

  test('makes an id where there is none, and takes the same statement once', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus');
    for (const resources of [['a'], ['b'], ['a']]) bus.addToResourcePolicy(statement({ resources }));

    expect(Object.keys(statementsIn(stack))).toEqual([expect.stringMatching(/^Statement-/), expect.stringMatching(/^Statement-/)]);
  });

  test('keeps long ids apart that begin alike', () => {
    const stack = testStack('Hub');
    const bus = new CrossAccountEventBus(stack, 'Bus');
    for (const end of ['a', 'b']) bus.addToResourcePolicy(statement({ sid: 'x'.repeat(63) + end }));

    expect(Object.keys(statementsIn(stack))).toHaveLength(2);
  });
});

test('fails for a bus whose inline policy would overwrite the grants', () => {
  const stack = testStack('Hub');
  const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(A)] });
  (bus.node.defaultChild as any).policy = { Version: '2012-10-17', Statement: [] };

  expect(() => Template.fromStack(stack)).toThrow(/Hub\/Bus\/Policy\] 'eventBus' must not have a 'policy' of its own, got one on 'Hub\/Bus\/Resource'/);
});

describeWithOracle('who may publish on a bus', () => {
  test('is an organization and two accounts, and nobody else', () => {
    const app = testApp();
    const stack = testStack('Hub', HUB, app);
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts(A)] });
    bus.allowPublisher(EventPublisher.accounts(B), { sources: ['com.shop'], detailTypes: ['Order', 'Refund'] });
    new Role(testStack('Publisher', PUBLISHER, app), 'Unrelated', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

    const put = (as: object, expect: string, event: object = {}) => ({ putEvents: { as, bus: 'Hub/Bus', ...event }, expect });
    expectAnswers(app, {
      questions: [
        { noProblems: true },
        put({ account: A }, 'allow'),
        put({ account: '444444444444', orgId: ORGANIZATION }, 'allow'),
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
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
  });
});
