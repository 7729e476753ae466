import { Annotations, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule, EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { CfnTopic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventChecks, PublisherRole } from '../../src';
import { FindingId } from '../../src/checks/finding-id';
import { BILLING, HUB, ORGANIZATION, SHOP, messagesOf, testFunction, testStack } from '../support/apps';
import { command } from '../support/command';
import { assembliesOf, diffOf } from '../support/diffs';
import { idToAcknowledge } from '../support/messages';
import {
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  policyDocument,
  publisherRole,
} from '../support/three-accounts';

const ANYONE = { Principal: '*' };
const MEMBERS = { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } };
const SOURCE = { Condition: { StringEquals: { 'events:source': 'com.shop' } } };

/** A bus, with a statement of its policy. */
const bus = (statement?: object, name = 'orders') => {
  return (stack: Stack) => {
    cfnEventBus(stack, 'Bus', name);
    if (statement) cfnEventBusPolicy(stack, statement, { bus: name });
  };
};

const statusWith = (before: (stack: Stack) => void, after: (stack: Stack) => void, failOn = 'open-access') =>
  command('diff', ...assembliesOf(before, after), '--fail-on', failOn).status;

const FAIL_ON_ALL = ['open-access', 'removed-delivery', 'replacement'].flatMap((change) => ['--fail-on', change]);

describe('open access', () => {
  test.each([
    ['any AWS account is allowed', bus(), bus(ANYONE), ['any AWS account'], [], 1],
    ['any AWS account is not allowed any more', bus(ANYONE), bus(), [], ['any AWS account'], 0],
    ['any AWS account in place of an organization', bus(MEMBERS), bus(ANYONE), ['any AWS account'], [], 1],
    ['an organization in place of any AWS account', bus(ANYONE), bus(MEMBERS), [], ['any AWS account'], 0],
    ['an organization is allowed', bus({}), bus(MEMBERS), [`organization ${ORGANIZATION}`], [], 1],
  ])('is named if %s', (_, before, after, added, removed, status) => {
    expect(diffOf(before, after).openAccess).toEqual([{ element: busArn(), added, removed }]);
    expect(statusWith(before, after)).toBe(status);
  });

  test('is not named if an account is allowed', () => {
    expect(diffOf(bus(), bus({})).openAccess).toEqual([]);
    expect(statusWith(bus(), bus({}))).toBe(0);
  });

  test('to more events is a change of the publisher', () => {
    const [narrow, wide] = [bus({ ...ANYONE, ...SOURCE }), bus(ANYONE)];
    const { openAccess, publishers } = diffOf(narrow, wide);
    expect(openAccess).toEqual([]);
    expect(publishers).toMatchObject([{ publisher: 'any AWS account', event: {}, change: 'added' }]);
    expect([statusWith(narrow, wide), statusWith(wide, narrow)]).toEqual([1, 0]);
  });
});

describe('a publisher', () => {
  const puts = (...args: Parameters<typeof diffOf>) =>
    diffOf(...args).publishers.map(
      ({ after = 'none', before = 'none', change, event }) => `${change} ${event.source ?? '*'} ${before} ${after}`,
    );

  test('that may put fewer events is removed for the others only', () => {
    expect(puts(bus({}), bus(SOURCE))).toEqual(['removed * allowed none']);
    expect(puts(bus(SOURCE), bus({}))).toEqual(['added * none allowed']);
  });

  test('has a reason if some of the events that it may not put any more are still allowed', () => {
    const reasons = (...args: Parameters<typeof diffOf>) => diffOf(...args).publishers.map(({ text }) => text?.problem);
    expect(reasons(bus({}), bus(SOURCE))).toEqual(['only some of these events are still allowed']);
    expect(reasons(bus({}), bus())).toEqual([undefined]);
  });

  test('is restricted in the output if some of its events are still allowed', () => {
    const statement = { Condition: { StringEquals: { 'events:source': ['com.shop', 'com.web'] } } };
    const [change] = diffOf(bus({}), bus(statement)).publishers;
    expect(change.stillAllowed).toEqual([{ source: 'com.shop' }, { source: 'com.web' }]);
    expect(diffOf(bus({}), bus()).publishers[0].stillAllowed).toBeUndefined();
    expect(diffOf(bus(), bus(SOURCE)).publishers[0].stillAllowed).toBeUndefined();

    const { out } = command('diff', ...assembliesOf(bus({}), bus(statement)));
    expect(out).toContain('1 publisher restricted\n');
    expect(out).not.toContain('removed');
    expect(out).toContain(
      " | any event | bus `orders` (111111111111) | allowed | only events with source 'com.shop', ",
    );
  });

  test('that delivers only some of its events any more fails as one that is removed', () => {
    const hub = (statement: object) => (stack: Stack) => {
      bus(statement)(stack);
      cfnRuleToQueue(stack, { eventBusName: 'orders', eventPattern: { detail: { state: ['PAID'] } } });
    };
    const [delivery] = diffOf(hub({}), hub(SOURCE)).deliveries;
    expect(delivery).toMatchObject({ change: 'removed', stillAllowed: [{ source: 'com.shop' }] });
    const { err, status } = command('diff', ...assembliesOf(hub({}), hub(SOURCE)), ...FAIL_ON_ALL);
    expect([status, err]).toEqual([1, 'diff fails with --fail-on removed-delivery\n']);
  });

  test('that may put events with other sources covered by a wildcard has no change for those', () => {
    const like = (source: string) => bus({ Condition: { StringLike: { 'events:source': source } } });
    expect(puts(bus(SOURCE), like('com.*'))).toEqual(['added com.* none allowed']);
  });

  test('has no change if a statement for any AWS account allows an account or organization too', () => {
    const ids = (...args: Parameters<typeof diffOf>) =>
      diffOf(...args).publishers.map((one) => [one.publisher, one.change]);
    expect(ids(bus(ANYONE), bus({}))).toEqual([['any AWS account', 'removed']]);
    expect(ids(bus(ANYONE), bus(MEMBERS))).toEqual([['any AWS account', 'removed']]);
    expect(ids(bus(MEMBERS), bus(ANYONE))).toEqual([['any AWS account', 'added']]);
    expect(ids(bus(MEMBERS), bus({}))).toEqual([
      [`organization ${ORGANIZATION}`, 'removed'],
      [`account ${SHOP.account}`, 'added'],
    ]);
  });

  test('is in the output with the reason why it is not allowed', () => {
    const role = (arn: string) => (stack: Stack) => {
      cfnEventBus(stack);
      publisherRole(stack, arn);
    };
    const payments = busArn('payments', BILLING);
    const [removed, added] = diffOf(role(busArn()), role(payments)).publishers;
    expect(removed).toMatchObject({ change: 'removed', before: 'allowed', eventBus: busArn() });
    expect(added).toMatchObject({ change: 'other', after: 'unknown', eventBus: payments });
    expect(added.text?.problem).toContain(payments);
  });
});

describe('a role that a bus policy names', () => {
  const arn = `arn:aws:iam::${HUB.account}:role/publisher`;
  const hub = (isDefined: boolean) => (stack: Stack) => {
    bus({ Principal: { AWS: arn } })(stack);
    cfnRuleToQueue(stack, { eventBusName: 'orders', eventPattern: { source: ['com.shop'] } });
    if (isDefined) publisherRole(stack);
  };
  const changesOf = (before: boolean, after: boolean) => {
    const { deliveries, publishers } = diffOf(hub(before), hub(after));
    return [...deliveries, ...publishers].map(({ publisher, text, ...change }) => [
      [publisher, change.change, change.before, change.after],
      text?.problem,
    ]);
  };
  const NOT_DEFINED = 'the role or user is not defined any more';

  test('does not put events any more if it is deleted', () => {
    const removed = [[arn, 'removed', 'allowed', undefined], NOT_DEFINED];
    expect(changesOf(true, false)).toEqual([removed, removed]);
    expect(statusWith(hub(true), hub(false), 'removed-delivery')).toBe(1);
  });

  test('puts events from when it is defined', () => {
    const added = [[arn, 'added', undefined, 'allowed'], undefined];
    expect(changesOf(false, true)).toEqual([added, added]);
  });

  test('has no change if it is defined by no app, or still there', () => {
    expect(changesOf(false, false)).toEqual([]);
    expect(changesOf(true, true)).toEqual([]);
    expect(statusWith(hub(false), hub(false), 'removed-delivery')).toBe(0);
  });
});

describe('a resource', () => {
  type Define = (stack: Stack) => void;
  const changes = (before: Define, after: Define) =>
    diffOf(before, after).resources.map(
      ({ after: is, before: was, change, logicalId, property = '' }) =>
        `${change} ${logicalId} ${property} ${was ?? 'generated'} > ${is ?? 'generated'}`,
    );
  /** A rule on the default bus, with a target. */
  const rule = (target: (stack: Stack) => string, props: Partial<CfnRule> = {}): Define => {
    return (stack) => void cfnRule(stack, { arn: target(stack) }, { ...props });
  };
  const queue = (props: object, id = 'Queue') => rule((stack) => new CfnQueue(stack, id, props).attrArn);

  test.each<[string, Define, Define, string]>([
    ['a bus', bus(), bus(undefined, 'all'), 'replaced Bus Name orders > all'],
    ['a queue', queue({ queueName: 'a' }), queue({ queueName: 'b' }), 'replaced Queue QueueName a > b'],
    ['a queue without a name', queue({}), queue({ queueName: 'b' }), 'replaced Queue QueueName generated > b'],
    ['a FIFO queue', queue({}), queue({ fifoQueue: true }), 'replaced Queue FifoQueue false > true'],
    [
      'a topic',
      rule((stack) => new CfnTopic(stack, 'Topic', { topicName: 'a' }).ref),
      rule((stack) => new CfnTopic(stack, 'Topic', { topicName: 'b' }).ref),
      'replaced Topic TopicName a > b',
    ],
    [
      'a stream',
      rule((stack) => new CfnStream(stack, 'Stream', { name: 'a', shardCount: 1 }).attrArn),
      rule((stack) => new CfnStream(stack, 'Stream', { name: 'b', shardCount: 1 }).attrArn),
      'replaced Stream Name a > b',
    ],
    [
      'a function',
      rule((stack) => testFunction(stack, 'F', { functionName: 'a' }).functionArn),
      rule((stack) => testFunction(stack, 'F', { functionName: 'b' }).functionArn),
      'replaced FC4345940 FunctionName a > b',
    ],
    [
      'a role',
      (stack) => void publisherRole(stack),
      (stack) => void publisherRole(stack, busArn(), undefined, { roleName: 'orders' }),
      'replaced PublisherF0355618 RoleName publisher > orders',
    ],
    [
      'a rule',
      (stack) => void cfnRuleToQueue(stack),
      (stack) => void cfnRuleToQueue(stack, { name: 'orders' }),
      'replaced Rule Name rule > orders',
    ],
  ])('is replaced: %s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual([expected]);
    expect(changes(after, after)).toEqual([]);
    expect(statusWith(before, after, 'replacement')).toBe(1);
  });

  test('of a renamed bus is replaced with its rules, also if its name is generated', () => {
    const withRule = (id: string): Define => {
      return (stack) => {
        const { eventBusName } = new EventBus(stack, id);
        cfnRule(stack, { arn: busArn('local', BILLING) }, { eventBusName });
      };
    };
    expect(changes(withRule('A'), withRule('B'))).toEqual([
      expect.stringMatching(/^replaced Rule EventBusName arn:.*\/HubA\w+ > arn:.*\/HubB\w+$/),
      expect.stringMatching(/^deleted A\w+ {2}HubA\w+ > generated$/),
    ]);
  });

  test('is deleted', () => {
    const rules = [cfnRuleToQueue, (stack: Stack) => void cfnEventBus(stack)];
    const [before, after] = rules.map((define) => (stack: Stack) => void define(stack));
    expect(changes(before, after)).toEqual([
      'deleted Rule  rule > generated',
      expect.stringMatching(/^deleted RuleQueue\w+ {2}generated > generated$/),
    ]);
  });

  test.each<[string, Define, Define, string]>([
    [
      'with another logical ID',
      bus(),
      (stack) => void cfnEventBus(stack, 'Other'),
      'nameConflict Other  orders > orders',
    ],
    [
      'in another stack beside the old one',
      bus(),
      (stack) => {
        bus()(stack);
        cfnEventBus(testStack('Second', HUB, stack.node.root as never), 'Other');
      },
      'nameConflict Other  orders > orders',
    ],
    [
      'in another stack',
      bus(),
      (stack) => void cfnEventBus(testStack('Other', HUB, stack.node.root as never), 'Bus'),
      'nameConflict Bus  orders > orders',
    ],
    [
      'with another path',
      (stack) => void publisherRole(stack, busArn(), undefined, { path: '/a/' }),
      (stack) => void publisherRole(stack, busArn(), undefined, { path: '/b/' }),
      'nameConflict PublisherF0355618  publisher > publisher',
    ],
  ])('keeps a name that another one has during the deployment: %s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual([expected]);
  });

  test('that is moved is one change, also if there is another app', () => {
    const [before, after] = assembliesOf(bus(), (stack) => void cfnEventBus(stack, 'Other'));
    const [other] = assembliesOf(bus(undefined, 'others'), bus());
    const { out } = command('diff', before, after, '--with', other, '--json');
    const { resources } = JSON.parse(out) as { resources: { change: string; logicalId: string }[] };
    expect(resources.map(({ change, logicalId }) => `${change} ${logicalId}`)).toEqual(['nameConflict Other']);
  });

  test('has no name conflict in another Region or on another bus', () => {
    const inRegion = (region: string): Define => {
      return (stack) => void cfnEventBus(testStack(`S-${region}`, { ...HUB, region }, stack.node.root as never));
    };
    expect(changes(inRegion('eu-west-1'), inRegion('eu-central-1'))).toEqual(['deleted Bus  orders > generated']);
    const onBus = (name: string, id: string): Define => {
      return (stack) => {
        bus()(stack);
        cfnEventBus(stack, 'Payments', 'payments');
        cfnRule(stack, { arn: busArn('local', BILLING) }, { eventBusName: name, name: 'rule' }, id);
      };
    };
    expect(changes(onBus('orders', 'A'), onBus('payments', 'B'))).toEqual(['deleted A  rule > generated']);
  });

  test('has a name conflict in another Region if it is a role', () => {
    const inRegion = (region: string): Define => {
      return (stack) => void publisherRole(testStack(`S-${region}`, { ...HUB, region }, stack.node.root as never));
    };
    expect(changes(inRegion('eu-west-1'), inRegion('eu-central-1'))).toEqual([
      'nameConflict PublisherF0355618  publisher > publisher',
    ]);
  });

  test('is the same in a stack with the same name and another path', () => {
    const inStack = (id: string, name: string): Define => {
      return (stack) => {
        const { account, region } = HUB;
        bus(undefined, name)(new Stack(stack.node.root, id, { stackName: 'Buses', env: { account, region } }));
      };
    };
    expect(changes(inStack('A', 'orders'), inStack('B', 'orders'))).toEqual([]);
    expect(changes(inStack('A', 'orders'), inStack('B', 'all'))).toEqual(['replaced Bus Name orders > all']);
  });

  test('is a statement of a bus policy that keeps its ID on another bus', () => {
    expect(changes(bus({}), bus({}, 'all'))).toEqual([
      'nameConflict Policy  Publishers > Publishers',
      'replaced Bus Name orders > all',
    ]);
    const generated = (id: string): Define => {
      return (stack) => {
        bus()(stack);
        const statement = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: busArn() };
        new CfnEventBusPolicy(stack, 'Policy', { eventBusName: 'orders', statementId: id, statement });
      };
    };
    expect(changes(generated('A'), generated('B'))).toEqual([]);
  });

  test('is not named if no delivery uses it', () => {
    const unused = (queueName: string): Define => {
      return (stack) => {
        new CfnQueue(stack, 'Queue', { queueName });
        new Role(stack, 'Role', { roleName: queueName, assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
        testFunction(stack, 'Function', { functionName: queueName });
      };
    };
    expect(changes(unused('a'), unused('b'))).toEqual([]);
  });

  test('is a dead-letter queue, or the role of a rule', () => {
    const withRole = (name: string): Define => {
      return (stack) => {
        const deadLetters = new CfnQueue(stack, 'Queue', { queueName: name });
        const { roleArn } = new Role(stack, 'Role', {
          roleName: name,
          assumedBy: new ServicePrincipal('events.amazonaws.com'),
          inlinePolicies: { put: policyDocument('events:PutEvents', busArn('local', BILLING)) },
        });
        deadLetters.applyRemovalPolicy(RemovalPolicy.DESTROY);
        const deadLetterConfig = { arn: deadLetters.attrArn };
        cfnRule(stack, { arn: busArn('local', BILLING), roleArn, deadLetterConfig });
      };
    };
    expect(changes(withRole('a'), withRole('b'))).toEqual([
      expect.stringMatching(/^replaced Role\w+ RoleName a > b$/),
      'replaced Queue QueueName a > b',
    ]);
  });
});

test('an event pattern on the detail is named, though the same source is delivered', () => {
  const withPattern = (eventPattern: object) => (stack: Stack) => void cfnRuleToQueue(stack, { eventPattern });
  const before = withPattern({ source: ['com.shop'], detail: { total: [{ numeric: ['>', 0] }] } });
  const after = withPattern({ detail: { total: [{ numeric: ['>', 100] }] }, source: ['com.shop'] });
  const { deliveries, eventPatterns } = diffOf(before, after);

  expect(deliveries).toEqual([]);
  expect(eventPatterns).toEqual([
    {
      app: expect.any(String),
      path: 'Hub/Rule',
      before: '{"detail":{"total":[{"numeric":[">",0]}]},"source":["com.shop"]}',
      after: '{"detail":{"total":[{"numeric":[">",100]}]},"source":["com.shop"]}',
    },
  ]);
  expect(diffOf(before, before).eventPatterns).toEqual([]);
});

describe('a finding', () => {
  const ID = FindingId.MANUALLY_ADD_EVENT_BUS_POLICY;
  const shop = (stack: Stack) =>
    new PublisherRole(stack, 'Publisher', {
      roleName: 'shop-publisher',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [EventBus.fromEventBusArn(stack, 'Orders', busArn('orders', SHOP))],
    });
  const shownId = () => {
    const stack = testStack('Hub');
    shop(stack);
    return idToAcknowledge(messagesOf(stack));
  };
  const reported = (stack: Stack) => {
    CrossAccountEventChecks.applyTo(stack.node.root, { report: true });
    return shop(stack);
  };
  const FORMS: { readonly [status: string]: (stack: Stack) => void } = {
    none: (stack) => void cfnEventBus(stack),
    warning: reported,
    acknowledged: (stack) => Annotations.of(reported(stack)).acknowledgeWarning(shownId()),
    disabled: (stack) => {
      const disabledFindings = [{ id: ID, reason: 'agreed' }];
      CrossAccountEventChecks.applyTo(stack.node.root, { report: true, disabledFindings });
      shop(stack);
    },
  };
  const statuses = Object.keys(FORMS);
  const pairs = statuses.flatMap((first) => statuses.map((second) => [first, second]));

  test.each(pairs)('has its status before and after a change: %s, %s', (before, after) => {
    const { findings } = diffOf(FORMS[before], FORMS[after]);
    const manual = findings.filter(({ id }) => id === shownId());
    const expected = {
      ...(before !== 'none' && { before }),
      ...(after !== 'none' && { after }),
    };
    expect(
      manual.map(({ after: is, before: was }) => ({ ...(was && { before: was }), ...(is && { after: is }) })),
    ).toEqual(before === after ? [] : [expected]);
  });
});

describe('a rule with a target', () => {
  const to = (arn?: string) => (stack: Stack) => {
    bus({})(stack);
    const roleArn = `arn:aws:iam::${HUB.account}:role/sender`;
    if (arn) cfnRule(stack, { arn, roleArn }, { eventBusName: 'orders' });
  };

  test('that is removed fails on request, also if it was unknown whether it gets the events', () => {
    const [before, after] = [to(`arn:aws:sqs:${HUB.region}:999999999999:orders`), to()];
    expect(diffOf(before, after).deliveries).toMatchObject([{ before: 'unknown', change: 'other' }]);
    expect(statusWith(before, after, 'removed-delivery')).toBe(1);
    expect(statusWith(after, before, 'removed-delivery')).toBe(0);
  });

  test('with an invalid account is no markup in the output', () => {
    const { out } = command('diff', ...assembliesOf(to(), to(`arn:aws:sqs:${HUB.region}:@octocat|<b>:orders`)));
    expect(out).toContain('queue `orders` (@<!-- -->octocat\\|\\<b\\>)');
  });
});
