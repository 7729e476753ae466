import { App, Aspects, Aws, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import { CfnEventBusPolicy, Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  CrossAccountEventBus,
  CrossAccountEventChecks,
  EventPublisher,
  LambdaEventTarget,
  WildcardPrincipalAspect,
  WildcardPrincipalAspectProps,
} from '../../../src';
import { BILLING, HUB, ORGANIZATION, SHOP, messagesOf, testApp, testFunction, testStack } from '../../support/apps';
import { errorOf, expectFindings, expectMessage } from '../../support/messages';

const TRUST = { trustedAccounts: [SHOP.account], trustedOrganizations: [ORGANIZATION] };
const UNTRUSTED_ORGANIZATION = 'o-z9y8x7w6v5';
const UNTRUSTED = BILLING.account;
const ALLOW = { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: '*' };
const roots = (...accounts: string[]) => ({ AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) });
const condition = (key: string, value: unknown, operator = 'StringEquals') => ({
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
const ERROR = 'error untrustedPrincipal /Hub/Policy';
const WARNING = 'warning untrustedPrincipal /Hub/Policy';

describe('a statement allows an untrusted principal', () => {
  test.each<[string, object]>([
    ['an account', { Principal: roots(UNTRUSTED) }],
    ['an account among trusted ones', { Principal: roots(SHOP.account, UNTRUSTED, HUB.account) }],
    ['a role', { Principal: { AWS: `arn:aws:iam::${UNTRUSTED}:role/r` } }],
    ['an organization', condition('aws:PrincipalOrgID', UNTRUSTED_ORGANIZATION)],
    ['an organization among trusted ones', condition('aws:PrincipalOrgID', [ORGANIZATION, UNTRUSTED_ORGANIZATION])],
    [
      'organizational units',
      condition('aws:PrincipalOrgPaths', `${UNTRUSTED_ORGANIZATION}/r-ab12/*`, 'ForAnyValue:StringLike'),
    ],
    ['an account in a condition', condition('aws:PrincipalAccount', [SHOP.account, UNTRUSTED])],
    ['roles in a condition', condition('aws:PrincipalArn', `arn:aws:iam::${UNTRUSTED}:role/*`, 'ArnLike')],
    [
      'a service for an account',
      { Principal: { Service: 'ses.amazonaws.com' }, ...condition('aws:SourceAccount', UNTRUSTED) },
    ],
    [
      'a service for an organization',
      { Principal: { Service: 'ses.amazonaws.com' }, ...condition('aws:SourceOrgID', UNTRUSTED_ORGANIZATION) },
    ],
    [
      'an account of an organization, neither trusted',
      { Principal: roots(UNTRUSTED), ...condition('aws:PrincipalOrgID', UNTRUSTED_ORGANIZATION) },
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
    ],
  ])('%s', (_, more) => {
    statement(more);
    expectFindings(messages(), [ERROR]);
  });

  test('any AWS account, reported once', () => {
    statement({});
    expectFindings(messages(), [ERROR]);
  });

  test('on a function', () => {
    const functionName = testFunction(hub, 'Handler', { functionName: 'handler' }).functionName;
    new CfnPermission(hub, 'Permission', { functionName, action: 'lambda:InvokeFunction', principal: UNTRUSTED });
    expectFindings(messages(), ['error untrustedPrincipal /Hub/Permission']);
  });

  test('on a queue that is a target', () => {
    const queue = new Queue(hub, 'Queue', { queueName: 'q' });
    new Rule(hub, 'Rule', { eventPattern: { source: ['x'] }, targets: [new SqsQueue(queue)] });
    queue.addToResourcePolicy(queue.grantSendMessages(new AccountPrincipal(UNTRUSTED)).resourceStatement!);
    expectFindings(messages(), ['error untrustedPrincipal /Hub/Queue/Policy/Resource']);
  });

  test('an account if only organizations are trusted', () => {
    statement({ Principal: roots(SHOP.account) });
    expectFindings(messages({ trustedOrganizations: [ORGANIZATION] }), [ERROR]);
  });
});

describe('a statement allows only trusted principals', () => {
  test.each<[string, object]>([
    ['accounts', { Principal: roots(SHOP.account) }],
    ['the account of the bus', { Principal: roots(HUB.account) }],
    ['the account of the bus, as a variable', condition('aws:PrincipalAccount', '${aws:ResourceAccount}')],
    ['an organization', condition('aws:PrincipalOrgID', ORGANIZATION)],
    ['organizational units', condition('aws:PrincipalOrgPaths', `${ORGANIZATION}/r-ab12/*`, 'ForAnyValue:StringLike')],
    [
      'an account that must be in the organization',
      { Principal: roots(UNTRUSTED), ...condition('aws:PrincipalOrgID', ORGANIZATION) },
    ],
    [
      'an account, and one that the condition excludes',
      {
        Principal: roots(UNTRUSTED, SHOP.account),
        ...condition('aws:PrincipalArn', `arn:aws:iam::${SHOP.account}:role/r`, 'ArnEquals'),
      },
    ],
    [
      'only principals that both conditions name',
      {
        Principal: roots(UNTRUSTED, SHOP.account),
        ...condition('aws:PrincipalAccount', [SHOP.account, '444444444444']),
      },
    ],
    [
      'a service for the account of the bus',
      { Principal: { Service: 'ses.amazonaws.com' }, ...condition('aws:SourceAccount', HUB.account) },
    ],
    [
      'a service for sources in the account of the bus',
      {
        Principal: { Service: 'sns.amazonaws.com' },
        ...condition('aws:SourceArn', `arn:aws:sns:eu-west-1:${HUB.account}:t`, 'ArnEquals'),
      },
    ],
    ['no principal', { Effect: 'Deny' }],
  ])('%s', (_, more) => {
    statement(more);
    expect(messages()).toEqual([]);
  });

  test.each<[string, object | undefined]>([
    ['in a known account', HUB],
    ['in an account known only at deployment', undefined],
  ])('in statements of this library and the CDK %s', (_, env) => {
    const stack = new Stack(app, 'Healthy', { env });
    const bus = new CrossAccountEventBus(stack, 'Bus', { publishers: [EventPublisher.accounts(SHOP.account)] });
    bus.allowPublisher(EventPublisher.organization(ORGANIZATION), { sources: ['x'] });
    bus.allowRuleManagement(EventPublisher.accounts(SHOP.account));
    const targets = [
      new LambdaEventTarget(testFunction(stack, 'Handler'), { deadLetterQueue: new Queue(stack, 'Dead') }),
      new SnsTopic(new Topic(stack, 'Topic')),
    ];
    new Rule(stack, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets });
    expect(messages(TRUST, stack)).toEqual([]);
  });

  test('if there is no list of trusted principals', () => {
    statement({ Principal: roots(UNTRUSTED) });
    expect(messages({})).toEqual([]);
  });
});

describe('it cannot be determined whether a statement allows only trusted principals', () => {
  test.each<[string, () => object]>([
    [
      'an account known only at deployment',
      () =>
        condition(
          'aws:PrincipalAccount',
          new CfnParameter(hub, 'Account', { allowedPattern: '\\d{12}' }).valueAsString,
        ),
    ],
    [
      'the ARN of an account known only at deployment',
      () => ({ Principal: roots(new CfnParameter(hub, 'Account').valueAsString) }),
    ],
    [
      'an organization known only at deployment',
      () => condition('aws:PrincipalOrgID', new CfnParameter(hub, 'Organization').valueAsString),
    ],
    ['the organization of the bus', () => condition('aws:PrincipalOrgID', '${aws:ResourceOrgID}')],
    [
      'a bucket, whose ARN has no account',
      () => ({
        Principal: { Service: 's3.amazonaws.com' },
        ...condition('aws:SourceArn', 'arn:aws:s3:::bucket', 'ArnEquals'),
      }),
    ],
    ['a role that was deleted', () => ({ Principal: { AWS: 'AROAEXAMPLEEXAMPLE12' } })],
  ])('%s', (_, more) => {
    statement(more());
    expectFindings(messages(), [WARNING]);
  });

  test('an account if the account of the bus is known only at deployment', () => {
    const stack = new Stack(app, 'Agnostic');
    statement({ Principal: roots(UNTRUSTED) }, stack);
    expectFindings(messages(TRUST, stack), ['warning untrustedPrincipal /Agnostic/Policy']);
  });

  test('an account if a trusted account is known only at deployment', () => {
    statement({ Principal: roots(UNTRUSTED) });
    expectFindings(messages({ trustedAccounts: [Aws.ACCOUNT_ID] }), [WARNING]);
  });

  test('a principal known only at deployment, reported once', () => {
    statement({ Principal: { AWS: new CfnParameter(hub, 'Who').valueAsString } });
    expectFindings(messages(), ['warning wildcardPrincipal /Hub/Policy']);
  });
});

test('an empty list trusts only the accounts of the app', () => {
  statement({ Principal: roots(SHOP.account, HUB.account) });
  expectFindings(messages({ trustedAccounts: [] }), [ERROR]);
});

describe('the account of a stack in the app is trusted without being listed', () => {
  const stackOf = (scope: Construct, account = UNTRUSTED) =>
    testFunction(testStack('Own', { ...BILLING, account }, scope as App), 'Handler');

  test.each<[string, WildcardPrincipalAspectProps]>([
    ['no accounts', { trustedAccounts: [] }],
    ['other accounts', { trustedAccounts: [SHOP.account] }],
    ['organizations', { trustedOrganizations: [ORGANIZATION] }],
  ])('in addition to %s', (_, props) => {
    stackOf(app);
    statement({ Principal: roots(UNTRUSTED) });
    expect(messages(props)).toEqual([]);
  });

  test('if the stack is in a stage', () => {
    stackOf(new Stage(app, 'Prod'));
    statement({ Principal: roots(UNTRUSTED) });
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [] });
    expect(messagesOf(hub)).toEqual([]);
  });

  test('if the bus is in a stage', () => {
    stackOf(app);
    const stack = testStack('Hub', HUB, new Stage(app, 'Prod') as App);
    statement({ Principal: roots(UNTRUSTED) }, stack);
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [] });
    expect(messagesOf(stack)).toEqual([]);
  });

  test('unlike an account that the app only imports from', () => {
    const arn = `arn:aws:iam::${UNTRUSTED}:role/publisher`;
    const bus = new CrossAccountEventBus(hub, 'Bus');
    bus.allowPublisher(EventPublisher.role(Role.fromRoleArn(hub, 'Imported', arn)));
    expectFindings(messages(), [expect.stringMatching(/^error untrustedPrincipal \/Hub\/Bus\/Policy\/Roles-/)]);
  });

  test('unlike other accounts if a stack has no explicit account', () => {
    testFunction(new Stack(app, 'Agnostic'), 'Handler');
    statement({ Principal: roots(UNTRUSTED) });
    expectFindings(messages(), [ERROR]);
  });
});

test('a queue that is not a target is not checked', () => {
  new Queue(hub, 'Queue').grantSendMessages(new ServicePrincipal('s3.amazonaws.com'));
  expect(messages()).toEqual([]);
});

test.each<[WildcardPrincipalAspectProps, string]>([
  [{ trustedAccounts: ['12345'] }, 'trustedAccounts'],
  [{ trustedOrganizations: ['r-ab12'] }, 'trustedOrganizations'],
  [{ trustedAccounts: [123456789012 as unknown as string] }, 'trustedAccounts'],
])('fails for %j', (props, property) => {
  const error = errorOf(() => new WildcardPrincipalAspect(props));
  expect(error).toMatch(new RegExp(`^WildcardPrincipalAspect: '${property}' must `));
  expectMessage(error);
});
