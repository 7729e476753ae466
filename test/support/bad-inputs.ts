import { App, CfnParameter, Duration, NestedStack, PhysicalName, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, AnyPrincipal, CfnRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { testFunction, testStack } from './apps';
import {
  AllowedEvents,
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  CrossAccountEventChecks,
  CrossAccountEventChecksPlugin,
  CrossAccountInvokePermission,
  CrossAccountPrincipal,
  DisabledFinding,
  EventBusInvocation,
  EventPublisher,
  LambdaEventTarget,
  LambdaEventTargetProps,
  PolicySizeAspect,
  PublisherRole,
} from '../../src';

export interface Fixture {
  readonly stack: Stack;
  readonly consumer: Stack;
  readonly bus: CrossAccountEventBus;
  readonly rule: Rule;
  readonly handler: Function;
}

type Row = [what: string, use: (fixture: Fixture) => unknown, property: string];

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const FORWARDING_RULE = 'arn:aws:events:eu-west-1:222222222222:rule/shop/forward';
const { organization, organizationalUnits, accounts, role, principal, service } = EventPublisher;

const busNamed =
  (eventBusName: string) =>
  ({ stack }: Fixture) =>
    new CrossAccountEventBus(stack, 'Named', { eventBusName });
const allow =
  (publisher: EventPublisher) =>
  ({ bus }: Fixture) =>
    bus.allowPublisher(publisher);
const allowedEvents =
  (events: { sources?: string[]; detailTypes?: string[] }) =>
  ({ bus }: Fixture) =>
    bus.allowPublisher(accounts('222222222222'), events);
const allowRules =
  (events: AllowedEvents, publisher = accounts('222222222222')) =>
  ({ bus }: Fixture) =>
    bus.allowPublisher(publisher, events);
const sid =
  (value: string) =>
  ({ bus }: Fixture) =>
    bus.grantPutEventsTo(new AccountPrincipal('222222222222'), value);
const publisherRole =
  (props: object) =>
  ({ stack, bus }: Fixture) =>
    new PublisherRole(stack, 'Publisher', { assumedBy: LAMBDA, eventBuses: [bus], ...props });
const busArn =
  (arn: string) =>
  ({ stack }: Fixture) =>
    new PublisherRole(stack, 'Publisher', {
      assumedBy: LAMBDA,
      eventBuses: [
        EventBus.fromEventBusAttributes(stack, 'Imported', { eventBusArn: arn, eventBusName: 'x', eventBusPolicy: '' }),
      ],
    });
const target =
  (props: LambdaEventTargetProps) =>
  ({ rule, handler }: Fixture) =>
    rule.addTarget(new LambdaEventTarget(handler, props));
const permission =
  (eventBusAccount: string) =>
  ({ stack, handler }: Fixture) =>
    new CrossAccountInvokePermission(stack, 'Permission', { handler, eventBusAccount });
const sizes = (props: object) => () => new PolicySizeAspect(props);
const disabling =
  (finding: DisabledFinding) =>
  ({ stack }: Fixture) =>
    CrossAccountEventChecks.applyTo(stack, { disabledFindings: [finding] });
const imported = (stack: Stack, arn: string) => Function.fromFunctionArn(stack, 'Imported', arn);
const long = (n: number) => 'x'.repeat(n);

export const BAD_INPUTS: Row[] = [
  ['a bus called default', busNamed('default'), 'eventBusName'],
  ['a bus name with a slash', busNamed('team/orders'), 'eventBusName'],
  ['a bus name with a space', busNamed('my orders'), 'eventBusName'],
  ['a bus name with a colon', busNamed('a:b'), 'eventBusName'],
  ['an empty bus name', busNamed(''), 'eventBusName'],
  ['a bus name that is too long', busNamed(long(257)), 'eventBusName'],
  ['an account of 11 digits', allow(accounts('12345678901')), 'accounts'],
  ['an account of 13 digits', allow(accounts('1234567890123')), 'accounts'],
  ['an account with letters', allow(accounts('12345678901a')), 'accounts'],
  ['an account with dashes', allow(accounts('1234-5678-9012')), 'accounts'],
  ['an empty account', allow(accounts('')), 'accounts'],
  ['a wildcard as account', allow(accounts('*')), 'accounts'],
  ['the ARN of an account', allow(accounts('arn:aws:iam::222222222222:root')), 'accounts'],
  ['an account as a number', allow(accounts(222222222222 as unknown as string)), 'accounts'],
  ['one wrong account among right ones', allow(accounts('222222222222', '33333333333')), 'accounts'],
  ['no account', allow(accounts()), 'accounts'],
  [
    'an account in props',
    ({ stack }) => new CrossAccountEventBus(stack, 'Named', { publishers: [accounts('1')] }),
    'accounts',
  ],
  ['an organization without its prefix', allow(organization('a1b2c3d4e5')), 'organization'],
  ['an organization that is too short', allow(organization('o-a1b2c3d4e')), 'organization'],
  ['an organization that is too long', allow(organization(`o-${long(33)}`)), 'organization'],
  ['an organization in capitals', allow(organization('o-A1B2C3D4E5')), 'organization'],
  ['the id of a root as organization', allow(organization('r-ab12')), 'organization'],
  ['the id of an organizational unit as organization', allow(organization('ou-ab12-11111111')), 'organization'],
  ['a wildcard as organization', allow(organization('*')), 'organization'],
  ['an organization with a wildcard', allow(organization('o-*')), 'organization'],
  ['an empty organization', allow(organization('')), 'organization'],
  ['a role name in place of an ARN', allow(role('publisher')), 'role'],
  ['the ARN of a user as role', allow(role('arn:aws:iam::222222222222:user/me')), 'role'],
  ['the ARN of an account as role', allow(role('arn:aws:iam::222222222222:root')), 'role'],
  ['the ARN of a session as role', allow(role('arn:aws:sts::222222222222:assumed-role/publisher/me')), 'role'],
  ['a role ARN with a wildcard', allow(role('arn:aws:iam::222222222222:role/*')), 'role'],
  ['a role ARN with a construct path', allow(role('arn:aws:iam::222222222222:role/Shop/Publisher/Resource')), 'role'],
  ['a role ARN with a marked path', allow(role('arn:aws:iam::222222222222:role/<Shop/Publisher>')), 'role'],
  [
    'a role ARN with a placeholder',
    allow(role('arn:aws:iam::222222222222:role/‹RoleName of Shop/Publisher/Resource›')),
    'role',
  ],
  ["a function's own role", ({ consumer, bus }) => bus.grantPutEventsTo(testFunction(consumer, 'Handler')), 'role'],
  ['a role ARN without an account', allow(role('arn:aws:iam:::role/publisher')), 'role'],
  [
    'a role of another account that has no name',
    ({ consumer, bus }) => bus.allowPublisher(role(new Role(consumer, 'Role', { assumedBy: LAMBDA }))),
    'role',
  ],
  [
    'a role that the CDK would name in a nested stack',
    ({ consumer, bus }) =>
      bus.allowPublisher(
        role(
          new Role(new NestedStack(consumer, 'Nested'), 'Role', {
            assumedBy: LAMBDA,
            roleName: PhysicalName.GENERATE_IF_NEEDED,
          }),
        ),
      ),
    'role',
  ],
  [
    'a dead-letter queue that the CDK would name in a nested stack',
    ({ consumer, rule, handler }) =>
      rule.addTarget(
        new LambdaEventTarget(handler, {
          deadLetterQueue: new Queue(new NestedStack(consumer, 'Nested'), 'Queue', {
            queueName: PhysicalName.GENERATE_IF_NEEDED,
          }),
        }),
      ),
    'deadLetterQueue',
  ],
  ['a wildcard as principal', allow(principal(new AnyPrincipal())), 'principal'],
  [
    'a service principal without a condition on the source',
    allow(principal(new ServicePrincipal('s3.amazonaws.com'))),
    'principal',
  ],
  [
    'a wildcard as principal, with a condition on the event only',
    allow(principal(new AnyPrincipal().withConditions({ StringEquals: { 'events:source': 'com.example' } }))),
    'principal',
  ],
  ['a grant to a wildcard principal', ({ bus }) => bus.grantPutEventsTo(new AnyPrincipal()), 'principal'],
  ['an empty list of sources', allowedEvents({ sources: [] }), 'sources'],
  ['an empty list of detail types', allowedEvents({ detailTypes: [] }), 'detailTypes'],
  ['an empty source', allowedEvents({ sources: [''] }), 'sources'],
  ['a source with a wildcard', allowedEvents({ sources: ['com.example.*'] }), 'sources'],
  ['a source with white space around it', allowedEvents({ sources: [' com.example'] }), 'sources'],
  ['a source that is too long', allowedEvents({ sources: [long(257)] }), 'sources'],
  ['an empty detail type', allowedEvents({ detailTypes: [''] }), 'detailTypes'],
  ['a detail type with a wildcard', allowedEvents({ detailTypes: ['Order?'] }), 'detailTypes'],
  ['a statement ID with a space', sid('my statement'), 'sid'],
  ['a statement ID with a dot', sid('a.b'), 'sid'],
  ['an empty statement ID', sid(''), 'sid'],
  ['a statement ID that is too long', sid(long(65)), 'sid'],
  [
    'a statement ID used for two statements',
    ({ bus }) => {
      sid('Mine')({ bus } as Fixture);
      bus.grantPutEventsTo(new AccountPrincipal('333333333333'), 'Mine');
    },
    'sid',
  ],
  [
    'the sid of a statement with a colon',
    ({ bus }) => bus.addToResourcePolicy(new PolicyStatement({ sid: 'a:b' })),
    'sid',
  ],
  [
    'a policy for a bus of another account',
    ({ stack }) =>
      new CrossAccountEventBusPolicy(stack, 'Policy', {
        eventBus: EventBus.fromEventBusArn(stack, 'Imported', 'arn:aws:events:eu-west-1:222222222222:event-bus/x'),
      }),
    'eventBus',
  ],
  [
    'a policy for a bus of another region',
    ({ stack }) =>
      new CrossAccountEventBusPolicy(stack, 'Policy', {
        eventBus: EventBus.fromEventBusArn(stack, 'Imported', 'arn:aws:events:us-east-1:111111111111:event-bus/x'),
      }),
    'eventBus',
  ],
  ['a publisher without a bus', publisherRole({ eventBuses: [] }), 'eventBuses'],
  ['a publisher without the list of buses', publisherRole({ eventBuses: undefined }), 'eventBuses'],
  ['a role name that is too long', publisherRole({ roleName: long(65) }), 'roleName'],
  ['a role name with a slash', publisherRole({ roleName: 'team/publisher' }), 'roleName'],
  ['an empty role name', publisherRole({ roleName: '' }), 'roleName'],
  ['a publisher with a wildcard as source', publisherRole({ allowedEvents: { sources: ['*'] } }), 'sources'],
  ['a bus ARN of another service', busArn('arn:aws:sns:eu-west-1:222222222222:topic'), 'eventBus'],
  ['a bus ARN without an account', busArn('arn:aws:events:eu-west-1::event-bus/orders'), 'eventBus'],
  ['a bus ARN without a name', busArn('arn:aws:events:eu-west-1:222222222222:event-bus/'), 'eventBus'],
  ['the ARN of a rule as bus', busArn('arn:aws:events:eu-west-1:222222222222:rule/orders'), 'eventBus'],
  ['a bus ARN with a wildcard', busArn('arn:aws:events:eu-west-1:222222222222:event-bus/*'), 'eventBus'],
  ['a bus of the new generation', busArn('arn:aws:events:eu-west-1:222222222222:event-busv2/orders/abc'), 'eventBus'],
  [
    'a bus of another account that has no name',
    ({ stack, consumer }) =>
      new PublisherRole(stack, 'Publisher', { assumedBy: LAMBDA, eventBuses: [new EventBus(consumer, 'Unnamed')] }),
    'eventBus',
  ],
  ['a negative number of retries', target({ retryAttempts: -1 }), 'retryAttempts'],
  ['too many retries', target({ retryAttempts: 186 }), 'retryAttempts'],
  ['a fraction of a retry', target({ retryAttempts: 1.5 }), 'retryAttempts'],
  ['not a number as retries', target({ retryAttempts: NaN }), 'retryAttempts'],
  ['an event age that is too short', target({ maxEventAge: Duration.seconds(59) }), 'maxEventAge'],
  ['an event age that is too long', target({ maxEventAge: Duration.seconds(86401) }), 'maxEventAge'],
  ['an event age in part seconds', target({ maxEventAge: Duration.millis(60500) }), 'maxEventAge'],
  [
    'too many retries to a bus',
    ({ rule, bus }) => rule.addTarget(new CrossAccountEventBusTarget(bus, { retryAttempts: 200 })),
    'retryAttempts',
  ],
  [
    'a FIFO queue for dead letters',
    ({ stack, rule, handler }) =>
      rule.addTarget(new LambdaEventTarget(handler, { deadLetterQueue: new Queue(stack, 'Queue', { fifo: true }) })),
    'deadLetterQueue',
  ],
  [
    'a queue of another region for dead letters',
    ({ stack, rule, handler }) =>
      rule.addTarget(
        new LambdaEventTarget(handler, {
          deadLetterQueue: Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:111111111111:q'),
        }),
      ),
    'deadLetterQueue',
  ],
  [
    'a function of another region',
    ({ stack, rule }) =>
      rule.addTarget(new LambdaEventTarget(imported(stack, 'arn:aws:lambda:us-east-1:111111111111:function:f'))),
    'handler',
  ],
  [
    'the $LATEST version',
    ({ rule, handler }) => rule.addTarget(new LambdaEventTarget(handler.latestVersion)),
    'handler',
  ],
  [
    'the $LATEST version by ARN',
    ({ stack, rule }) =>
      rule.addTarget(
        new LambdaEventTarget(imported(stack, 'arn:aws:lambda:eu-west-1:111111111111:function:f:$LATEST')),
      ),
    'handler',
  ],
  [
    'a function of another account that has no name',
    ({ consumer, rule }) => rule.addTarget(new LambdaEventTarget(testFunction(consumer, 'Handler'))),
    'handler',
  ],
  [
    'an alias of such a function',
    ({ consumer, rule }) =>
      rule.addTarget(
        new LambdaEventTarget(
          new Alias(consumer, 'Alias', {
            aliasName: 'live',
            version: testFunction(consumer, 'Handler').currentVersion,
          }),
        ),
      ),
    'handler',
  ],
  [
    'a version of another account',
    ({ consumer, rule }) =>
      rule.addTarget(
        new LambdaEventTarget(
          testFunction(consumer, 'Handler', { functionName: PhysicalName.GENERATE_IF_NEEDED }).currentVersion,
        ),
      ),
    'handler',
  ],
  [
    'an execution role of another account',
    ({ consumer, rule }) =>
      rule.addTarget(
        new LambdaEventTarget(testFunction(consumer, 'Handler', { functionName: 'f' }), {
          executionRole: new Role(consumer, 'Role', { assumedBy: LAMBDA }),
        }),
      ),
    'executionRole',
  ],
  [
    'an execution role for a function of the same account',
    ({ stack, rule, handler }) =>
      rule.addTarget(new LambdaEventTarget(handler, { executionRole: new Role(stack, 'Role', { assumedBy: LAMBDA }) })),
    'executionRole',
  ],
  ['a service among the accounts', allow(accounts('ses.amazonaws.com')), 'accounts'],
  ['a service as role', allow(role('ses.amazonaws.com')), 'role'],
  ['no organizational unit', allow(organizationalUnits()), 'organizationalUnits'],
  ...(['o-a1b2c3d4e5/*', 'o-a1b2c3d4e5/'] as const).map((path): Row => [
    `the path ${path} of a whole organization`,
    allow(organizationalUnits(path)),
    'organizationalUnits',
  ]),
  ...(['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', 'o-a1b2c3d4e5/r-ab12'] as const).map((path): Row => [
    `the path ${path}, which ends in neither unit nor subtree`,
    allow(organizationalUnits(path)),
    'organizationalUnits',
  ]),
  ...(
    [
      'ou-ab12-11111111',
      'ou-ab12-11111111/*',
      'o-a1b2c3d4e5/ou-ab12-11111111/*',
      'o-*/r-ab12/*',
      'o-a1b2c3d4e5/r-ab12/ou-*',
      '*',
      'o-a1b2c3d4e5/r-ab12/ou-ab12-1*/',
    ] as const
  ).map((path): Row => [`the path ${path}, which is none`, allow(organizationalUnits(path)), 'organizationalUnits']),
  ...(
    [
      'lambda.amazonaws.com',
      'states.amazonaws.com',
      'states.eu-west-1.amazonaws.com',
      'scheduler.amazonaws.com',
      'ecs-tasks.amazonaws.com',
    ] as const
  ).map((name): Row => [`the service ${name}, which uses a role of its user`, allow(service(name)), 'service']),
  [
    'such a service as principal',
    allow(
      principal(
        new ServicePrincipal('lambda.amazonaws.com').withConditions({
          StringEquals: { 'aws:SourceAccount': '222222222222' },
        }),
      ),
    ),
    'principal',
  ],
  ...(['ses', '*', '222222222222', 'arn:aws:iam::222222222222:root', 'ses.example.com'] as const).map((name): Row => [
    `the service ${name}, which is none`,
    allow(service(name)),
    'service',
  ]),
  ['a service for no account', allow(service('ses.amazonaws.com', { sourceAccounts: [] })), 'sourceAccounts'],
  [
    'a service for an account that is too short',
    allow(service('ses.amazonaws.com', { sourceAccounts: ['1'] })),
    'sourceAccounts',
  ],
  [
    'a service for a bucket, whose ARN has no account',
    allow(service('s3.amazonaws.com', { sourceArns: ['arn:aws:s3:::bucket'] })),
    'sourceArns',
  ],
  [
    'a service for a bucket of the app, by its attribute',
    ({ stack, bus }) =>
      bus.allowPublisher(service('s3.amazonaws.com', { sourceArns: [new Bucket(stack, 'Bucket').bucketArn] })),
    'sourceArns',
  ],
  [
    'a list of accounts that is known only at deployment',
    ({ stack, bus }) =>
      bus.allowPublisher(accounts(...new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList)),
    'accounts',
  ],
  ['a source with a policy variable', allowedEvents({ sources: ['com.${aws:PrincipalTag/team}'] }), 'sources'],
  [
    'a statement ID that a grant has already',
    ({ bus }) => {
      bus.allowPublisher(accounts('222222222222'));
      bus.grantPutEventsTo(new AccountPrincipal('333333333333'), bus.resourcePolicy.node.children[0].node.id);
    },
    'sid',
  ],
  [
    'logs of a bus to a log group of another region',
    ({ stack }) =>
      new CrossAccountEventBus(stack, 'Named', {
        logGroup: LogGroup.fromLogGroupArn(stack, 'Group', 'arn:aws:logs:us-east-1:111111111111:log-group:g:*'),
      }),
    'logGroup',
  ],
  [
    'rule management by a service as principal',
    ({ bus }) =>
      bus.allowRuleManagement(
        principal(
          new ServicePrincipal('ses.amazonaws.com').withConditions({
            StringEquals: { 'aws:SourceAccount': '222222222222' },
          }),
        ),
      ),
    'publisher',
  ],
  [
    'a rule on a bus of another region that invokes a function',
    ({ stack, bus }) => {
      const far = testStack('Far', { account: '111111111111', region: 'us-east-1' }, stack.node.root as App);
      new Rule(far, 'Rule', { eventBus: bus, targets: [new LambdaEventTarget(testFunction(far, 'Handler'))] });
    },
    'eventBus',
  ],
  ...(['arn:aws:sns:eu-west-1:*:topic', '*', 'arn:aws:*', 'topic'] as const).map((arn): Row => [
    `a service for the source ${arn}`,
    allow(service('sns.amazonaws.com', { sourceArns: [arn] })),
    'sourceArns',
  ]),
  [
    'a service for an organization that is none',
    allow(service('ses.amazonaws.com', { sourceOrganization: 'o-*' })),
    'sourceOrganization',
  ],
  ['a service that manages rules', ({ bus }) => bus.allowRuleManagement(service('ses.amazonaws.com')), 'publisher'],
  [
    'rule management with an empty list of sources',
    ({ bus }) => bus.allowRuleManagement(accounts('222222222222'), { sources: [] }),
    'sources',
  ],
  ...(['*', 'arn:aws:events:eu-west-1:*:event-bus/own', 'own'] as const).map((arn): Row => [
    `rule management with the target ${arn}`,
    ({ bus }) => bus.allowRuleManagement(accounts('222222222222'), { targetArns: [arn] }),
    'targetArns',
  ]),
  [
    'a publishing role whose events must be forwarded by a rule',
    publisherRole({ allowedEvents: { invocation: EventBusInvocation.RULE } }),
    'invocation',
  ],
  ...(
    [
      'arn:aws:events:eu-west-1:222222222222:event-bus/shop',
      'arn:aws:events:eu-west-1:222222222222:rule/default/forward',
      'arn:aws:events:eu-west-1:333333333333:rule/shop/forward',
      'arn:aws-cn:events:cn-north-1:222222222222:rule/shop/forward',
      'arn:aws:events:eu-west:222222222222:rule/shop/forward',
      'arn:aws:events:eu-west-1::rule/shop/forward',
      'arn:aws:events:eu-west-1:22222222222*:rule/shop/forward',
      'arn:aws:pipes:eu-west-1:222222222222:pipe/forward',
      'arn:aws:events:eu-west-1:222222222222:rule/',
      'arn:aws:events:eu-west-1:222222222222:*',
      'arn:aws:events:eu-west-1:222222222222:rule/${aws:PrincipalTag/rule}',
      'arn:aws:events:*:*:rule/*',
      'arn:aws:events:eu-west-1:222222222222:rule/shop/',
      'arn:aws:events:eu-west-1:222222222222:rule//forward',
      'arn:aws:events:eu-west-1:222222222222:rule/shop*/',
      'arn:aws:events:eu-west-1:222222222222:rule/shop/forward/all',
      `arn:aws:events:eu-west-1:222222222222:rule/shop/${'a'.repeat(65)}`,
      'arn:aws:events:cn-*:222222222222:rule/shop/forward',
      'forward',
      '*',
    ] as const
  ).map((arn): Row => [`a publisher whose rule is ${arn}`, allowRules({ ruleArns: [arn] }), 'ruleArns']),
  ...(['eu-west', 'eu-west-1a', 'EU-WEST-1', 'eu-*', '*', 'Ireland', 'eu-wset-1', 'cn-north-1', ''] as const).flatMap(
    (region): Row[] => [
      [`a publisher in the Region '${region}'`, allowRules({ ruleRegions: [region] }), 'ruleRegions'],
      [
        `a publisher not in the Region '${region}'`,
        allowRules({ excludedRuleRegions: [region] }),
        'excludedRuleRegions',
      ],
    ],
  ),
  ['no rule of a publisher', allowRules({ ruleArns: [] }), 'ruleArns'],
  ['no Region of a publisher', allowRules({ ruleRegions: [] }), 'ruleRegions'],
  ['no Region that a publisher is not in', allowRules({ excludedRuleRegions: [] }), 'excludedRuleRegions'],
  [
    'a list of Regions that is known only at deployment',
    ({ stack, bus }) =>
      bus.allowPublisher(accounts('222222222222'), {
        ruleRegions: new CfnParameter(stack, 'Regions', { type: 'CommaDelimitedList' }).valueAsList,
      }),
    'ruleRegions',
  ],
  [
    'rules and Regions of a publisher',
    allowRules({ ruleArns: [FORWARDING_RULE], ruleRegions: ['eu-west-1'] }),
    'ruleRegions',
  ],
  [
    'rules of a publisher that calls PutEvents',
    allowRules({ ruleArns: [FORWARDING_RULE], invocation: EventBusInvocation.DIRECT }),
    'ruleArns',
  ],
  ['rules of a service', allowRules({ ruleArns: [FORWARDING_RULE] }, service('ses.amazonaws.com')), 'ruleArns'],
  [
    'Regions of a service as principal',
    allowRules(
      { ruleRegions: ['eu-west-1'] },
      principal(
        new ServicePrincipal('ses.amazonaws.com').withConditions({
          StringEquals: { 'aws:SourceAccount': '222222222222' },
        }),
      ),
    ),
    'ruleRegions',
  ],
  [
    'a rule of one of two accounts only',
    allowRules({ ruleArns: [FORWARDING_RULE] }, accounts('222222222222', '333333333333')),
    'ruleArns',
  ],
  [
    'a rule in another account than that of a role',
    allowRules({ ruleArns: [FORWARDING_RULE] }, role('arn:aws:iam::333333333333:role/forward')),
    'ruleArns',
  ],
  [
    'a rule in another account than that of a principal',
    allowRules({ ruleArns: [FORWARDING_RULE] }, principal(new AccountPrincipal('333333333333'))),
    'ruleArns',
  ],
  [
    'rules for a principal that has a condition on its rules',
    allowRules(
      { ruleArns: [FORWARDING_RULE] },
      principal(
        new AccountPrincipal('222222222222').withConditions({ ArnLike: { 'aws:SourceArn': `${FORWARDING_RULE}-*` } }),
      ),
    ),
    'principal',
  ],
  ...(['ruleArns', 'ruleRegions', 'excludedRuleRegions'] as const).map((property): Row => [
    `${property} for a principal that has a condition on its rules by another operator`,
    allowRules(
      { [property]: [property === 'ruleArns' ? FORWARDING_RULE : 'eu-west-1'] },
      principal(
        new AccountPrincipal('222222222222').withConditions({ ArnEquals: { 'AWS:SourceArn': FORWARDING_RULE } }),
      ),
    ),
    'principal',
  ]),
  ...[FORWARDING_RULE, 'arn:aws:events:eu-west-1:222222222222:rule/*', 'arn:aws:events:*:*:rule/*/forward'].map(
    (arn): Row => [
      `a pattern for rules on the default bus with ${arn}`,
      allowRules({ ruleArns: ['arn:aws:events:eu-west-1:222222222222:rule/forward-*', arn] }),
      'ruleArns',
    ],
  ),
  ['a publishing role with a rule', publisherRole({ allowedEvents: { ruleArns: [FORWARDING_RULE] } }), 'ruleArns'],
  [
    'a publishing role with a Region of rules',
    publisherRole({ allowedEvents: { excludedRuleRegions: ['eu-west-1'] } }),
    'excludedRuleRegions',
  ],
  [
    'an L1 role of another account that has no name',
    ({ consumer, bus }) => bus.allowPublisher(role(new CfnRole(consumer, 'Role', { assumeRolePolicyDocument: {} }))),
    'role',
  ],
  ['a permission for no account', permission(''), 'eventBusAccount'],
  ['a permission for a wildcard', permission('*'), 'eventBusAccount'],
  ['a permission for a service', permission('events.amazonaws.com'), 'eventBusAccount'],
  ['a size limit of nothing', sizes({ eventBusPolicyLimit: 0 }), 'eventBusPolicyLimit'],
  ['a size limit in parts', sizes({ functionPolicyLimit: 0.5 }), 'functionPolicyLimit'],
  ['a threshold over a hundred per cent', sizes({ warningThresholdPercent: 101 }), 'warningThresholdPercent'],
  ['a trust policy longer than AWS allows on request', sizes({ trustPolicyLimit: 8_193 }), 'trustPolicyLimit'],
  ['a limit of nothing for one bus', sizes({ eventBuses: { orders: { policyLimit: 0 } } }), 'policyLimit'],
  ['a number as the limits of one bus', sizes({ eventBuses: { orders: 20_480 } }), 'eventBuses'],
  [
    'a policy for a bus of another class, with a wrong account',
    ({ stack }) =>
      new CrossAccountEventBusPolicy(stack, 'Grants', {
        eventBus: new EventBus(stack, 'Plain'),
        publishers: [accounts('1')],
      }),
    'accounts',
  ],
  [
    'a rule on a bus of another account that invokes a function',
    ({ consumer, bus }) =>
      new Rule(consumer, 'Far', { eventBus: bus, targets: [new LambdaEventTarget(testFunction(consumer, 'Handler'))] }),
    'eventBus',
  ],
  [
    'a rule on a bus of another account that forwards to a local one',
    ({ consumer, bus }) =>
      new Rule(consumer, 'Far', {
        eventBus: bus,
        targets: [new CrossAccountEventBusTarget(new CrossAccountEventBus(consumer, 'Local'))],
      }),
    'eventBus',
  ],
  [
    'an imported role whose name has a wildcard',
    ({ stack, bus }) =>
      bus.allowPublisher(role(Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::222222222222:role/team-*'))),
    'role',
  ],
  [
    'a publisher that passes no name on, in a wrapper, for a bus of another account that has none either',
    ({ consumer, stack }) =>
      new PublisherRole(stack, 'Publisher', {
        assumedBy: LAMBDA,
        roleName: undefined,
        eventBuses: [new EventBus(consumer, 'Unnamed')],
      }),
    'eventBus',
  ],
  [
    'a principal of another account by a short account ID',
    () => CrossAccountPrincipal.withExternalId('12345', 'secret'),
    'account',
  ],
  [
    'a principal of another account by an account as a number',
    () => CrossAccountPrincipal.withExternalId(222222222222 as unknown as string, 'secret'),
    'account',
  ],
  [
    'a principal of another account without an external ID',
    () => CrossAccountPrincipal.withExternalId('222222222222'),
    'externalIds',
  ],
  ['an external ID that is too short', () => CrossAccountPrincipal.withExternalId('222222222222', 'x'), 'externalIds'],
  [
    'an external ID that is too long',
    () => CrossAccountPrincipal.withExternalId('222222222222', long(1225)),
    'externalIds',
  ],
  [
    'an external ID with a wildcard among right ones',
    () => CrossAccountPrincipal.withExternalId('222222222222', 'right', 'tenant*'),
    'externalIds',
  ],
  [
    'an external ID with a space',
    () => CrossAccountPrincipal.withExternalId('222222222222', 'two words'),
    'externalIds',
  ],
  [
    'a principal of an organization by a wildcard for the account',
    () => CrossAccountPrincipal.inOrganization('*', 'o-a1b2c3d4e5'),
    'account',
  ],
  [
    'a principal of an organization by that of a root',
    () => CrossAccountPrincipal.inOrganization('222222222222', 'r-ab12'),
    'organization',
  ],
  [
    'a misspelt id of a disabled finding',
    disabling({ id: 'cdk-cross-account-eventbridge:wildcardPrincipals', reason: 'a demo' }),
    'disabledFindings',
  ],
  [
    'the last part of an ID of a disabled finding',
    disabling({ id: 'wildcardPrincipal', reason: 'a demo' }),
    'disabledFindings',
  ],
  [
    'an id as it is printed, of a finding that is disabled for a plugin',
    () =>
      new CrossAccountEventChecksPlugin({
        disabledFindings: [{ id: 'Annotation::cdk-cross-account-eventbridge:eventForwardedTooFar', reason: 'a demo' }],
      }),
    'disabledFindings',
  ],
  [
    'a finding that is disabled by a list of ids',
    disabling({ id: ['cdk-cross-account-eventbridge:eventForwardedTooFar'], reason: 'a demo' } as any),
    'disabledFindings',
  ],
  [
    'a finding that is disabled without a reason',
    disabling({ id: 'cdk-cross-account-eventbridge:eventForwardedTooFar', reason: ' ' }),
    'disabledFindings',
  ],
];
