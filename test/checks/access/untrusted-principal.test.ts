import { App, Aspects, Aws, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import {
  CrossAccountEventBus,
  EventPublisher,
  LambdaEventTarget,
  WildcardPrincipalAspect,
  WildcardPrincipalAspectProps,
} from '../../../src';
import {
  CONSUMER,
  HUB,
  ORGANIZATION,
  PUBLISHER,
  messagesOf,
  testApp,
  testFunction,
  testStack,
} from '../../support/apps';
import { pattern } from '../../support/pattern';

const TRUST = { trustedAccounts: [PUBLISHER.account], trustedOrganizations: [ORGANIZATION] };
const OTHER = 'o-z9y8x7w6v5';
const STRANGER = CONSUMER.account;
const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: '*' };
const roots = (...accounts: string[]) => ({ AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) });
const by = (key: string, value: unknown, operator = 'StringEquals') => ({
  Condition: { [operator]: { [key]: value } },
});

let app: App;
let hub: Stack;
beforeEach(() => {
  app = testApp({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  hub = testStack('Hub', HUB, app);
  jest.spyOn(console, 'error').mockImplementation();
});
afterEach(() => jest.restoreAllMocks());

const messages = (props: WildcardPrincipalAspectProps = TRUST, stack = hub) => {
  Aspects.of(app).add(new WildcardPrincipalAspect(props));
  return messagesOf(stack);
};
const statement = (more: object, scope = hub) =>
  new CfnEventBusPolicy(scope, 'Policy', {
    statementId: 'Partner',
    eventBusName: 'orders',
    statement: { ...ALLOW, ...more },
  });
const untrusted = (who: string, path = '/Hub/Policy', what = "put events on bus 'orders'") => [
  expect.stringMatching(
    new RegExp(
      `^error ${path} statement '.*' lets ${who} ${what} \\(by .*\\), whom nobody trusts: .*:untrustedPrincipal\\]$`,
    ),
  ),
];

describe('a statement lets in whom nobody trusts', () => {
  test.each<[string, object, string]>([
    ['an account', { Principal: roots(STRANGER) }, 'account 333333333333'],
    [
      'an account among trusted ones',
      { Principal: roots(PUBLISHER.account, STRANGER, HUB.account) },
      'account 333333333333',
    ],
    ['a role', { Principal: { AWS: `arn:aws:iam::${STRANGER}:role/r` } }, 'arn:aws:iam::333333333333:role/r'],
    ['an organization', by('aws:PrincipalOrgID', OTHER), 'organization o-z9y8x7w6v5'],
    [
      'an organization among trusted ones',
      by('aws:PrincipalOrgID', [ORGANIZATION, OTHER]),
      'organization o-z9y8x7w6v5',
    ],
    [
      'units of one',
      by('aws:PrincipalOrgPaths', `${OTHER}/r-ab12/*`, 'ForAnyValue:StringLike'),
      'units o-z9y8x7w6v5/r-ab12/\\*',
    ],
    ['an account by a condition', by('aws:PrincipalAccount', [PUBLISHER.account, STRANGER]), 'account 333333333333'],
    [
      'roles by a condition',
      by('aws:PrincipalArn', `arn:aws:iam::${STRANGER}:role/*`, 'ArnLike'),
      'arn:aws:iam::333333333333:role/\\*',
    ],
    [
      'a service for an account',
      { Principal: { Service: 'ses.amazonaws.com' }, ...by('aws:SourceAccount', STRANGER) },
      'account 333333333333',
    ],
    [
      'a service for an organization',
      { Principal: { Service: 'ses.amazonaws.com' }, ...by('aws:SourceOrgID', OTHER) },
      'organization o-z9y8x7w6v5',
    ],
    [
      'an account of an organization, neither trusted',
      { Principal: roots(STRANGER), ...by('aws:PrincipalOrgID', OTHER) },
      'account 333333333333',
    ],
    [
      'six accounts',
      {
        Principal: roots(
          '444444444441',
          '444444444442',
          '444444444443',
          '444444444444',
          '444444444445',
          '444444444446',
        ),
      },
      'account 4.* and 1 more',
    ],
  ])('%s', (_, more, who) => {
    statement(more);
    expect(messages()).toEqual(untrusted(who));
  });

  test('everybody, and says so once', () => {
    statement({});
    expect(messages()).toEqual([
      expect.stringMatching(
        pattern(
          /^error \/Hub\/Policy statement 'Partner' lets callers of every AWS account /,
          /.*, trusted or not: .*:untrustedPrincipal\]$/,
        ),
      ),
    ]);
  });

  test('on a function', () => {
    const functionName = testFunction(hub, 'Handler', { functionName: 'handler' }).functionName;
    new CfnPermission(hub, 'Permission', { functionName, action: 'lambda:InvokeFunction', principal: STRANGER });
    expect(messages()).toEqual(untrusted('account 333333333333', '/Hub/Permission', "invoke function 'handler'"));
  });

  test('on a queue that is a target', () => {
    const queue = new Queue(hub, 'Queue', { queueName: 'q' });
    new Rule(hub, 'Rule', { eventPattern: { source: ['x'] }, targets: [new SqsQueue(queue)] });
    queue.addToResourcePolicy(queue.grantSendMessages(new AccountPrincipal(STRANGER)).resourceStatement!);
    expect(messages()).toEqual(
      untrusted('account 333333333333', '/Hub/Queue/Policy/Resource', "call .* on queue 'q'|send to queue 'q'"),
    );
  });

  test('with organizations alone being trusted', () => {
    statement({ Principal: roots(PUBLISHER.account) });
    expect(messages({ trustedOrganizations: [ORGANIZATION] })).toEqual(untrusted('account 222222222222'));
  });
});

describe('a statement lets in those that are trusted', () => {
  test.each<[string, object]>([
    ['accounts', { Principal: roots(PUBLISHER.account) }],
    ['the own account', { Principal: roots(HUB.account) }],
    ['the own account, as a variable', by('aws:PrincipalAccount', '${aws:ResourceAccount}')],
    ['an organization', by('aws:PrincipalOrgID', ORGANIZATION)],
    ['units of one', by('aws:PrincipalOrgPaths', `${ORGANIZATION}/r-ab12/*`, 'ForAnyValue:StringLike')],
    [
      'an account that must be of the organization',
      { Principal: roots(STRANGER), ...by('aws:PrincipalOrgID', ORGANIZATION) },
    ],
    [
      'an account beside one that the condition keeps out',
      {
        Principal: roots(STRANGER, PUBLISHER.account),
        ...by('aws:PrincipalArn', `arn:aws:iam::${PUBLISHER.account}:role/r`, 'ArnEquals'),
      },
    ],
    [
      'only whom both conditions name',
      {
        Principal: roots(STRANGER, PUBLISHER.account),
        ...by('aws:PrincipalAccount', [PUBLISHER.account, '444444444444']),
      },
    ],
    [
      'a service for the own account',
      { Principal: { Service: 'ses.amazonaws.com' }, ...by('aws:SourceAccount', HUB.account) },
    ],
    [
      'a service for sources of the own account',
      {
        Principal: { Service: 'sns.amazonaws.com' },
        ...by('aws:SourceArn', `arn:aws:sns:eu-west-1:${HUB.account}:t`, 'ArnEquals'),
      },
    ],
    ['nobody', { Effect: 'Deny' }],
  ])('%s', (_, more) => {
    statement(more);
    expect(messages()).toEqual([]);
  });

  test.each<[string, object | undefined]>([
    ['of a known account', HUB],
    ['of an account known at deployment', undefined],
  ])('by our constructs and those of the CDK %s', (_, env) => {
    const stack = new Stack(app, 'Healthy', { env });
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(PUBLISHER.account)] });
    bus.allowPublisher(EventPublisher.organization(ORGANIZATION), { sources: ['x'] });
    bus.allowRuleManagement(EventPublisher.accounts(PUBLISHER.account));
    const targets = [
      new LambdaEventTarget(testFunction(stack, 'Handler'), { deadLetterQueue: new Queue(stack, 'Dead') }),
      new SnsTopic(new Topic(stack, 'Topic')),
    ];
    new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets });
    expect(messages(TRUST, stack)).toEqual([]);
  });

  test('or anybody who is named, where nobody is said to be trusted', () => {
    statement({ Principal: roots(STRANGER) });
    expect(messages({})).toEqual([]);
  });
});

describe('whom a statement lets in cannot be told', () => {
  test.each<[string, () => object]>([
    [
      'an account of deployment',
      () => by('aws:PrincipalAccount', new CfnParameter(hub, 'Account', { allowedPattern: '\\d{12}' }).valueAsString),
    ],
    [
      'an organization of deployment',
      () => by('aws:PrincipalOrgID', new CfnParameter(hub, 'Organization').valueAsString),
    ],
    ['the own organization', () => by('aws:PrincipalOrgID', '${aws:ResourceOrgID}')],
    [
      'a bucket, whose ARN has no account',
      () => ({
        Principal: { Service: 's3.amazonaws.com' },
        ...by('aws:SourceArn', 'arn:aws:s3:::bucket', 'ArnEquals'),
      }),
    ],
    ['a role that was deleted', () => ({ Principal: { AWS: 'AROAEXAMPLEEXAMPLE12' } })],
  ])('%s', (_, more) => {
    statement(more());
    expect(messages()).toEqual([
      expect.stringMatching(
        pattern(
          /^warning \/Hub\/Policy it cannot be told at synth whether .* whom statement /,
          /'Partner' lets in on bus 'orders' .*:untrustedPrincipal\]$/,
        ),
      ),
    ]);
  });

  test('where the account of the bus is known at deployment only', () => {
    const stack = new Stack(app, 'Agnostic');
    statement({ Principal: roots(STRANGER) }, stack);
    expect(messages(TRUST, stack)).toEqual([
      expect.stringMatching(/^warning \/Agnostic\/Policy .*:untrustedPrincipal\]$/),
    ]);
  });

  test('where one of those that are trusted is', () => {
    statement({ Principal: roots(STRANGER) });
    expect(messages({ trustedAccounts: [Aws.ACCOUNT_ID] })).toEqual([
      expect.stringMatching(/^warning .*:untrustedPrincipal\]$/),
    ]);
  });

  test('with a principal of deployment, once', () => {
    statement({ Principal: { AWS: new CfnParameter(hub, 'Who').valueAsString } });
    expect(messages()).toEqual([expect.stringMatching(/^warning .*:wildcardPrincipal\]$/)]);
  });
});

test('an empty list trusts the own account alone', () => {
  statement({ Principal: roots(PUBLISHER.account, HUB.account) });
  expect(messages({ trustedAccounts: [] })).toEqual(untrusted('account 222222222222'));
});

test('a queue that no rule sends to is not looked at', () => {
  new Queue(hub, 'Queue').grantSendMessages(new ServicePrincipal('s3.amazonaws.com'));
  expect(messages()).toEqual([]);
});

test.each<[WildcardPrincipalAspectProps, string]>([
  [
    { trustedAccounts: ['12345'] },
    "WildcardPrincipalAspect: 'trustedAccounts' must hold 12-digit account ids, got '12345'",
  ],
  [{ trustedOrganizations: ['r-ab12'] }, "WildcardPrincipalAspect: 'trustedOrganizations' must be an organization id"],
  [
    { trustedAccounts: [123456789012 as unknown as string] },
    "WildcardPrincipalAspect: 'trustedAccounts' must be text, got 123456789012",
  ],
])('fails for %p', (props, message) => {
  expect(() => new WildcardPrincipalAspect(props)).toThrow(message);
});
