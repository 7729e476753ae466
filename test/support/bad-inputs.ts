import { App, CfnParameter, Duration, NestedStack, PhysicalName, Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, AnyPrincipal, CfnRole, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, Function } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { testFunction, testStack } from './apps';
import {
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

type Row = [what: string, use: (fixture: Fixture) => unknown, message: string];

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const { organization, organizationalUnits, accounts, role, principal, service } = EventPublisher;

const busNamed =
  (eventBusName: string) =>
  ({ stack }: Fixture) =>
    new CrossAccountEventBus(stack, 'Named', { eventBusName });
const allow =
  (publisher: EventPublisher) =>
  ({ bus }: Fixture) =>
    bus.allowPublisher(publisher);
const scope =
  (eventScope: { sources?: string[]; detailTypes?: string[] }) =>
  ({ bus }: Fixture) =>
    bus.allowPublisher(accounts('222222222222'), eventScope);
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
  [
    'a bus called default',
    busNamed('default'),
    "Hub/Named: 'eventBusName' must not be 'default', got 'default'; every account has that bus " +
      'already: refer to it with EventBus.fromEventBusName()',
  ],
  [
    'a bus name with a slash',
    busNamed('team/orders'),
    "Hub/Named: 'eventBusName' must not contain '/', got 'team/orders'; only partner buses have " +
      "it, by 'eventSourceName'",
  ],
  [
    'a bus name with a space',
    busNamed('my orders'),
    "Hub/Named: 'eventBusName' must be 1 to 256 letters, digits, '.', '-' or '_', got 'my " +
      "orders'; choose another name, or none to have one made",
  ],
  [
    'a bus name with a colon',
    busNamed('a:b'),
    "Hub/Named: 'eventBusName' must be 1 to 256 letters, digits, '.', '-' or '_', got 'a:b'; " +
      'choose another name, or none to have one made',
  ],
  [
    'an empty bus name',
    busNamed(''),
    "Hub/Named: 'eventBusName' must be 1 to 256 letters, digits, '.', '-' or '_', got ''; choose " +
      'another name, or none to have one made',
  ],
  [
    'a bus name that is too long',
    busNamed(long(257)),
    `Hub/Named: 'eventBusName' must be 1 to 256 letters, digits, '.', '-' or '_', got '${long(257)}` +
      "'; choose another name, or none to have one made",
  ],
  [
    'an account of 11 digits',
    allow(accounts('12345678901')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got '12345678901'; write it as a quoted " +
      'string so that leading zeros survive',
  ],
  [
    'an account of 13 digits',
    allow(accounts('1234567890123')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got '1234567890123'; write it as a " +
      'quoted string so that leading zeros survive',
  ],
  [
    'an account with letters',
    allow(accounts('12345678901a')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got '12345678901a'; write it as a " +
      'quoted string so that leading zeros survive',
  ],
  [
    'an account with dashes',
    allow(accounts('1234-5678-9012')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got '1234-5678-9012'; write it as a " +
      'quoted string so that leading zeros survive',
  ],
  [
    'an empty account',
    allow(accounts('')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got ''; write it as a quoted string so " +
      'that leading zeros survive',
  ],
  [
    'a wildcard as account',
    allow(accounts('*')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got '*'; write it as a quoted string so " +
      'that leading zeros survive',
  ],
  [
    'the ARN of an account',
    allow(accounts('arn:aws:iam::222222222222:root')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got 'arn:aws:iam::222222222222:root'; " +
      'write it as a quoted string so that leading zeros survive',
  ],
  [
    'an account as a number',
    allow(accounts(222222222222 as unknown as string)),
    "Hub/Bus: 'accounts' must be text, got 222222222222; write it as a quoted string",
  ],
  [
    'one wrong account among right ones',
    allow(accounts('222222222222', '33333333333')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got '33333333333'; write it as a quoted " +
      'string so that leading zeros survive',
  ],
  [
    'no account',
    allow(accounts()),
    "Hub/Bus: 'accounts' must name at least one, got none; leave the publisher out to let nobody in",
  ],
  [
    'an account in props',
    ({ stack }) => new CrossAccountEventBus(stack, 'Named', { publishers: [accounts('1')] }),
    "Hub/Named: 'accounts' must hold 12-digit account ids, got '1'; write it as a quoted string " +
      'so that leading zeros survive',
  ],
  [
    'an organization without its prefix',
    allow(organization('a1b2c3d4e5')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got 'a1b2c3d4e5'; take it from 'aws organizations describe-organization'",
  ],
  [
    'an organization that is too short',
    allow(organization('o-a1b2c3d4e')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got 'o-a1b2c3d4e'; take it from 'aws organizations describe-organization'",
  ],
  [
    'an organization that is too long',
    allow(organization(`o-${long(33)}`)),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      `digits, got 'o-${long(33)}'; take it from 'aws organizations describe-organization'`,
  ],
  [
    'an organization in capitals',
    allow(organization('o-A1B2C3D4E5')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got 'o-A1B2C3D4E5'; take it from 'aws organizations describe-organization'",
  ],
  [
    'the id of a root as organization',
    allow(organization('r-ab12')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got 'r-ab12'; take it from 'aws organizations describe-organization'",
  ],
  [
    'the id of an organizational unit as organization',
    allow(organization('ou-ab12-11111111')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got 'ou-ab12-11111111'; take it from 'aws organizations describe-organization'",
  ],
  [
    'a wildcard as organization',
    allow(organization('*')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got '*'; take it from 'aws organizations describe-organization'",
  ],
  [
    'an organization with a wildcard',
    allow(organization('o-*')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got 'o-*'; take it from 'aws organizations describe-organization'",
  ],
  [
    'an empty organization',
    allow(organization('')),
    "Hub/Bus: 'organization' must be an organization id, 'o-' and 10 to 32 lower-case letters or " +
      "digits, got ''; take it from 'aws organizations describe-organization'",
  ],
  [
    'a role name in place of an ARN',
    allow(role('publisher')),
    "Hub/Bus: 'role' must be 'arn:PARTITION:iam::ACCOUNT:role/NAME', got 'publisher'; copy it from 'aws iam get-role'",
  ],
  [
    'the ARN of a user as role',
    allow(role('arn:aws:iam::222222222222:user/me')),
    "Hub/Bus: 'role' must be 'arn:PARTITION:iam::ACCOUNT:role/NAME', got " +
      "'arn:aws:iam::222222222222:user/me'; copy it from 'aws iam get-role'",
  ],
  [
    'the ARN of an account as role',
    allow(role('arn:aws:iam::222222222222:root')),
    "Hub/Bus: 'role' must be 'arn:PARTITION:iam::ACCOUNT:role/NAME', got " +
      "'arn:aws:iam::222222222222:root'; copy it from 'aws iam get-role'",
  ],
  [
    'the ARN of a session as role',
    allow(role('arn:aws:sts::222222222222:assumed-role/publisher/me')),
    "Hub/Bus: 'role' must be the ARN of a role, got " +
      "'arn:aws:sts::222222222222:assumed-role/publisher/me'; name the role itself, " +
      "'arn:aws:iam::ACCOUNT:role/NAME', not a session of it",
  ],
  [
    'a role ARN with a wildcard',
    allow(role('arn:aws:iam::222222222222:role/*')),
    "Hub/Bus: 'role' must name one role, got 'arn:aws:iam::222222222222:role/*'; list the roles, " +
      'or let the account in with EventPublisher.accounts()',
  ],
  [
    'a role ARN without an account',
    allow(role('arn:aws:iam:::role/publisher')),
    "Hub/Bus: 'role' must be 'arn:PARTITION:iam::ACCOUNT:role/NAME', got " +
      "'arn:aws:iam:::role/publisher'; copy it from 'aws iam get-role'",
  ],
  [
    'a role of another account that has no name',
    ({ consumer, bus }) => bus.allowPublisher(role(new Role(consumer, 'Role', { assumedBy: LAMBDA }))),
    "Hub/Bus: 'role' must have a name to be known in another account, got the unnamed " +
      "'Consumer/Role'; give it a 'roleName', such as PhysicalName.GENERATE_IF_NEEDED",
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
    "Hub/Bus: 'role' must not be named by the CDK in a nested stack, where it cannot make a " +
      "legal name, got 'Consumer/Nested/Role'; write the 'roleName' out",
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
    "Hub/Rule: 'deadLetterQueue' must not be named by the CDK in a nested stack, where it cannot " +
      "make a legal name, got 'Consumer/Nested/Queue'; write the " +
      "'queueName' out",
  ],
  [
    'everybody as principal',
    allow(principal(new AnyPrincipal())),
    "Hub/Bus: 'principal' must not let strangers in, got one that does: Principal '*' and no " +
      'condition limits the caller; name the accounts, the organization or the source account',
  ],
  [
    'a service that could act for anybody',
    allow(principal(new ServicePrincipal('s3.amazonaws.com'))),
    "Hub/Bus: 'principal' must not let strangers in, got one that does: service " +
      "'s3.amazonaws.com' acts for every account and no condition limits the caller; name the " +
      'accounts, the organization or the source account',
  ],
  [
    'everybody with a condition on the event only',
    allow(principal(new AnyPrincipal().withConditions({ StringEquals: { 'events:source': 'com.example' } }))),
    "Hub/Bus: 'principal' must not let strangers in, got one that does: Principal '*' and " +
      "'events:source' does not limit the caller; name the accounts, the organization or the " +
      'source account',
  ],
  [
    'a grant to everybody',
    ({ bus }) => bus.grantPutEventsTo(new AnyPrincipal()),
    "Hub/Bus: 'principal' must not let strangers in, got one that does: Principal '*' and no " +
      'condition limits the caller; name the accounts, the organization or the source account',
  ],
  [
    'a scope with no source',
    scope({ sources: [] }),
    "Hub/Bus: 'sources' must name at least one, got none; leave the property out to allow any",
  ],
  [
    'a scope with no detail type',
    scope({ detailTypes: [] }),
    "Hub/Bus: 'detailTypes' must name at least one, got none; leave the property out to allow any",
  ],
  [
    'an empty source',
    scope({ sources: [''] }),
    "Hub/Bus: 'sources' must hold 1 to 256 characters without white space around them, got ''; " +
      'write it as the publisher puts it',
  ],
  [
    'a source with a wildcard',
    scope({ sources: ['com.example.*'] }),
    "Hub/Bus: 'sources' must hold exact values, got 'com.example.*'; wildcards are compared to " +
      'the letter here and would match nothing: list the values',
  ],
  [
    'a source with white space around it',
    scope({ sources: [' com.example'] }),
    "Hub/Bus: 'sources' must hold 1 to 256 characters without white space around them, got ' " +
      "com.example'; write it as the publisher puts it",
  ],
  [
    'a source that is too long',
    scope({ sources: [long(257)] }),
    `Hub/Bus: 'sources' must hold 1 to 256 characters without white space around them, got '${long(257)}` +
      "'; write it as the publisher puts it",
  ],
  [
    'an empty detail type',
    scope({ detailTypes: [''] }),
    "Hub/Bus: 'detailTypes' must hold 1 to 256 characters without white space around them, got " +
      "''; write it as the publisher puts it",
  ],
  [
    'a detail type with a wildcard',
    scope({ detailTypes: ['Order?'] }),
    "Hub/Bus: 'detailTypes' must hold exact values, got 'Order?'; wildcards are compared to the " +
      'letter here and would match nothing: list the values',
  ],
  [
    'a statement id with a space',
    sid('my statement'),
    "Hub/Bus: 'sid' must be 1 to 64 letters, digits, '-' or '_', got 'my statement'; choose " +
      'another, or none to have one made',
  ],
  [
    'a statement id with a dot',
    sid('a.b'),
    "Hub/Bus: 'sid' must be 1 to 64 letters, digits, '-' or '_', got 'a.b'; choose another, or none to have one made",
  ],
  [
    'an empty statement id',
    sid(''),
    "Hub/Bus: 'sid' must be 1 to 64 letters, digits, '-' or '_', got ''; choose another, or none to have one made",
  ],
  [
    'a statement id that is too long',
    sid(long(65)),
    `Hub/Bus: 'sid' must be 1 to 64 letters, digits, '-' or '_', got '${long(65)}'; choose ` +
      'another, or none to have one made',
  ],
  [
    'a statement id used for two statements',
    ({ bus }) => {
      sid('Mine')({ bus } as Fixture);
      bus.grantPutEventsTo(new AccountPrincipal('333333333333'), 'Mine');
    },
    "Hub/Bus: 'sid' must be used once a bus, got 'Mine' for two statements; give each its own, " +
      'or none to have one made',
  ],
  [
    'the sid of a statement with a colon',
    ({ bus }) => bus.addToResourcePolicy(new PolicyStatement({ sid: 'a:b' })),
    "Hub/Bus: 'sid' must be 1 to 64 letters, digits, '-' or '_', got 'a:b'; choose another, or none to have one made",
  ],
  [
    'a policy for a bus of another account',
    ({ stack }) =>
      new CrossAccountEventBusPolicy(stack, 'Policy', {
        eventBus: EventBus.fromEventBusArn(stack, 'Imported', 'arn:aws:events:eu-west-1:222222222222:event-bus/x'),
      }),
    "Hub/Policy: 'eventBus' must be of account 111111111111 in eu-west-1, got one of account " +
      '222222222222 in eu-west-1; its policy can be written there only: make this construct in a ' +
      'stack of that account and region',
  ],
  [
    'a policy for a bus of another region',
    ({ stack }) =>
      new CrossAccountEventBusPolicy(stack, 'Policy', {
        eventBus: EventBus.fromEventBusArn(stack, 'Imported', 'arn:aws:events:us-east-1:111111111111:event-bus/x'),
      }),
    "Hub/Policy: 'eventBus' must be of account 111111111111 in eu-west-1, got one of account " +
      '111111111111 in us-east-1; its policy can be written there only: make this construct in a ' +
      'stack of that account and region',
  ],
  [
    'a publisher without a bus',
    publisherRole({ eventBuses: [] }),
    "Hub/Publisher: 'eventBuses' must name at least one bus, got none; without a bus an iam.Role is enough",
  ],
  [
    'a publisher without the list of buses',
    publisherRole({ eventBuses: undefined }),
    "Hub/Publisher: 'eventBuses' must name at least one bus, got none; without a bus an iam.Role is enough",
  ],
  [
    'a role name that is too long',
    publisherRole({ roleName: long(65) }),
    `Hub/Publisher: 'roleName' must be 1 to 64 letters, digits or any of +=,.@_-, got '${long(65)}` +
      "'; choose another name, or none to have one made",
  ],
  [
    'a role name with a slash',
    publisherRole({ roleName: 'team/publisher' }),
    "Hub/Publisher: 'roleName' must be 1 to 64 letters, digits or any of +=,.@_-, got " +
      "'team/publisher'; choose another name, or none to have one made",
  ],
  [
    'an empty role name',
    publisherRole({ roleName: '' }),
    "Hub/Publisher: 'roleName' must be 1 to 64 letters, digits or any of +=,.@_-, got ''; choose " +
      'another name, or none to have one made',
  ],
  [
    'a publisher with a wildcard in its scope',
    publisherRole({ allowedEvents: { sources: ['*'] } }),
    "Hub/Publisher: 'sources' must hold exact values, got '*'; wildcards are compared to the " +
      'letter here and would match nothing: list the values',
  ],
  [
    'a bus ARN of another service',
    busArn('arn:aws:sns:eu-west-1:222222222222:topic'),
    "Hub/Publisher: 'eventBus' must be 'arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME', got " +
      "'arn:aws:sns:eu-west-1:222222222222:topic'; copy it from 'aws events describe-event-bus'",
  ],
  [
    'a bus ARN without an account',
    busArn('arn:aws:events:eu-west-1::event-bus/orders'),
    "Hub/Publisher: 'eventBus' must be 'arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME', got " +
      "'arn:aws:events:eu-west-1::event-bus/orders'; copy it from 'aws events describe-event-bus'",
  ],
  [
    'a bus ARN without a name',
    busArn('arn:aws:events:eu-west-1:222222222222:event-bus/'),
    "Hub/Publisher: 'eventBus' must be 'arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME', got " +
      "'arn:aws:events:eu-west-1:222222222222:event-bus/'; copy it from 'aws events " +
      "describe-event-bus'",
  ],
  [
    'the ARN of a rule as bus',
    busArn('arn:aws:events:eu-west-1:222222222222:rule/orders'),
    "Hub/Publisher: 'eventBus' must be 'arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME', got " +
      "'arn:aws:events:eu-west-1:222222222222:rule/orders'; copy it from 'aws events " +
      "describe-event-bus'",
  ],
  [
    'a bus ARN with a wildcard',
    busArn('arn:aws:events:eu-west-1:222222222222:event-bus/*'),
    "Hub/Publisher: 'eventBus' must be 'arn:PARTITION:events:REGION:ACCOUNT:event-bus/NAME', got " +
      "'arn:aws:events:eu-west-1:222222222222:event-bus/*'; copy it from 'aws events " +
      "describe-event-bus'",
  ],
  [
    'a bus of the new generation',
    busArn('arn:aws:events:eu-west-1:222222222222:event-busv2/orders/abc'),
    "Hub/Publisher: 'eventBus' must be the ARN of a classic event bus, got " +
      "'arn:aws:events:eu-west-1:222222222222:event-busv2/orders/abc'; this library is for custom " +
      'event buses of the classic generation',
  ],
  [
    'a bus of another account that has no name',
    ({ stack, consumer }) =>
      new PublisherRole(stack, 'Publisher', { assumedBy: LAMBDA, eventBuses: [new EventBus(consumer, 'Unnamed')] }),
    "Hub/Publisher: 'eventBus' must have a name to be known in another account or region, got " +
      "the unnamed 'Consumer/Unnamed'; give it an 'eventBusName', or make it a " +
      'CrossAccountEventBus, which always has one',
  ],
  [
    'a negative number of retries',
    target({ retryAttempts: -1 }),
    "Hub/Rule: 'retryAttempts' must be a whole number of attempts from 0 to 185, got -1; EventBridge accepts no other",
  ],
  [
    'too many retries',
    target({ retryAttempts: 186 }),
    "Hub/Rule: 'retryAttempts' must be a whole number of attempts from 0 to 185, got 186; EventBridge accepts no other",
  ],
  [
    'half a retry',
    target({ retryAttempts: 1.5 }),
    "Hub/Rule: 'retryAttempts' must be a whole number of attempts from 0 to 185, got 1.5; EventBridge accepts no other",
  ],
  [
    'no number of retries',
    target({ retryAttempts: NaN }),
    "Hub/Rule: 'retryAttempts' must be a whole number of attempts from 0 to 185, got NaN; EventBridge accepts no other",
  ],
  [
    'an event age that is too short',
    target({ maxEventAge: Duration.seconds(59) }),
    "Hub/Rule: 'maxEventAge' must be a whole number of seconds from 60 to 86400, got 59; EventBridge accepts no other",
  ],
  [
    'an event age that is too long',
    target({ maxEventAge: Duration.seconds(86401) }),
    "Hub/Rule: 'maxEventAge' must be a whole number of seconds from 60 to 86400, got 86401; " +
      'EventBridge accepts no other',
  ],
  [
    'an event age in part seconds',
    target({ maxEventAge: Duration.millis(60500) }),
    "Hub/Rule: 'maxEventAge' must be a whole number of seconds from 60 to 86400, got 60.5; " +
      'EventBridge accepts no other',
  ],
  [
    'too many retries to a bus',
    ({ rule, bus }) => rule.addTarget(new CrossAccountEventBusTarget(bus, { retryAttempts: 200 })),
    "Hub/Rule: 'retryAttempts' must be a whole number of attempts from 0 to 185, got 200; EventBridge accepts no other",
  ],
  [
    'a FIFO queue for dead letters',
    ({ stack, rule, handler }) =>
      rule.addTarget(new LambdaEventTarget(handler, { deadLetterQueue: new Queue(stack, 'Queue', { fifo: true }) })),
    "Hub/Rule: 'deadLetterQueue' must be a standard queue, got the FIFO queue 'Hub/Queue'; make one without 'fifo'",
  ],
  [
    'a queue of another region for dead letters',
    ({ stack, rule, handler }) =>
      rule.addTarget(
        new LambdaEventTarget(handler, {
          deadLetterQueue: Queue.fromQueueArn(stack, 'Queue', 'arn:aws:sqs:us-east-1:111111111111:q'),
        }),
      ),
    "Hub/Rule: 'deadLetterQueue' must be in region eu-west-1, got one in us-east-1; make a queue " +
      'beside the rule or bus',
  ],
  [
    'a function of another region',
    ({ stack, rule }) =>
      rule.addTarget(new LambdaEventTarget(imported(stack, 'arn:aws:lambda:us-east-1:111111111111:function:f'))),
    "Hub/Rule: 'handler' must be in region eu-west-1, got 'Hub/Imported' in us-east-1; forward " +
      'the events to a bus of that region with CrossAccountEventBusTarget, and invoke the function ' +
      'from there',
  ],
  [
    'the $LATEST version',
    ({ rule, handler }) => rule.addTarget(new LambdaEventTarget(handler.latestVersion)),
    "Hub/Rule: 'handler' must not be the $LATEST version, got 'Hub/Handler/$LATEST'; it takes no " +
      'permission: use the function itself or an alias',
  ],
  [
    'the $LATEST version by ARN',
    ({ stack, rule }) =>
      rule.addTarget(
        new LambdaEventTarget(imported(stack, 'arn:aws:lambda:eu-west-1:111111111111:function:f:$LATEST')),
      ),
    "Hub/Rule: 'handler' must not be the $LATEST version, got 'Hub/Imported'; it takes no " +
      'permission: use the function itself or an alias',
  ],
  [
    'a function of another account that has no name',
    ({ consumer, rule }) => rule.addTarget(new LambdaEventTarget(testFunction(consumer, 'Handler'))),
    "Hub/Rule: 'handler' must have a name to be known in another account, got the unnamed " +
      "'Consumer/Handler'; give it a 'functionName', such as PhysicalName.GENERATE_IF_NEEDED",
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
    "Hub/Rule: 'handler' must have a name to be known in another account, got the unnamed " +
      "'Consumer/Alias'; give it a 'functionName', such as PhysicalName.GENERATE_IF_NEEDED",
  ],
  [
    'a version of another account',
    ({ consumer, rule }) =>
      rule.addTarget(
        new LambdaEventTarget(
          testFunction(consumer, 'Handler', { functionName: PhysicalName.GENERATE_IF_NEEDED }).currentVersion,
        ),
      ),
    "Hub/Rule: 'handler' must have a name that is known before deployment, got the version " +
      "'Consumer/Handler/CurrentVersion'; use an alias of it",
  ],
  [
    'an execution role of another account',
    ({ consumer, rule }) =>
      rule.addTarget(
        new LambdaEventTarget(testFunction(consumer, 'Handler', { functionName: 'f' }), {
          executionRole: new Role(consumer, 'Role', { assumedBy: LAMBDA }),
        }),
      ),
    "Hub/Rule: 'executionRole' must be a role of the rule's account 111111111111, got one of " +
      '333333333333; leave it out to have one made',
  ],
  [
    'an execution role for a function of the same account',
    ({ stack, rule, handler }) =>
      rule.addTarget(new LambdaEventTarget(handler, { executionRole: new Role(stack, 'Role', { assumedBy: LAMBDA }) })),
    "Hub/Rule: 'executionRole' must be left out for a function of the rule's own account, got " +
      "'Hub/Role'; the permission that is made suffices",
  ],
  [
    'a service among the accounts',
    allow(accounts('ses.amazonaws.com')),
    "Hub/Bus: 'accounts' must hold 12-digit account ids, got 'ses.amazonaws.com'; let a service " +
      'in with EventPublisher.service()',
  ],
  [
    'a service as role',
    allow(role('ses.amazonaws.com')),
    "Hub/Bus: 'role' must be the ARN of a role, got 'ses.amazonaws.com'; let a service in with " +
      'EventPublisher.service()',
  ],
  [
    'no organizational unit',
    allow(organizationalUnits()),
    "Hub/Bus: 'organizationalUnits' must name at least one, got none; leave the publisher out to let nobody in",
  ],
  ...(['o-a1b2c3d4e5/*', 'o-a1b2c3d4e5/'] as const).map((path): Row => [
    `the path ${path} of a whole organization`,
    allow(organizationalUnits(path)),
    `Hub/Bus: 'organizationalUnits' must hold paths of organizational units, got '${path}'; let ` +
      'the whole organization in with EventPublisher.organization()',
  ]),
  ...(['o-a1b2c3d4e5/r-ab12/ou-ab12-11111111', 'o-a1b2c3d4e5/r-ab12'] as const).map((path): Row => [
    `the path ${path}, which ends in neither unit nor subtree`,
    allow(organizationalUnits(path)),
    `Hub/Bus: 'organizationalUnits' must hold paths that end in '/*' or '/', got '${path}'; end ` +
      "it in '/*' for the unit and everything below, " +
      "in '/' for the accounts of the unit alone",
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
  ).map((path): Row => [
    `the path ${path}, which is none`,
    allow(organizationalUnits(path)),
    `Hub/Bus: 'organizationalUnits' must hold paths of organizational units, 'o-…/r-…/ou-…/*', got '${path}'; ` +
      'name every unit from the organization and its root down',
  ]),
  ...(
    [
      'lambda.amazonaws.com',
      'states.amazonaws.com',
      'states.eu-west-1.amazonaws.com',
      'scheduler.amazonaws.com',
      'ecs-tasks.amazonaws.com',
    ] as const
  ).map((name): Row => [
    `the service ${name}, which has a role of its user`,
    allow(service(name)),
    `Hub/Bus: 'service' must be a service that puts events by itself, got '${name}'; it uses a ` +
      'role of yours: let that in with EventPublisher.role()',
  ]),
  [
    'such a service as principal',
    allow(
      principal(
        new ServicePrincipal('lambda.amazonaws.com').withConditions({
          StringEquals: { 'aws:SourceAccount': '222222222222' },
        }),
      ),
    ),
    "Hub/Bus: 'principal' must be a service that puts events by itself, got " +
      "'lambda.amazonaws.com'; it uses a role of yours: let that in with " +
      'EventPublisher.role()',
  ],
  ...(['ses', '*', '222222222222', 'arn:aws:iam::222222222222:root', 'ses.example.com'] as const).map((name): Row => [
    `the service ${name}, which is none`,
    allow(service(name)),
    `Hub/Bus: 'service' must be the name of a service, such as 'ses.amazonaws.com', got '${name}'; ` +
      'let accounts and roles in with EventPublisher.accounts() and .role()',
  ]),
  [
    'a service for no account',
    allow(service('ses.amazonaws.com', { sourceAccounts: [] })),
    "Hub/Bus: 'sourceAccounts' must name at least one, got none; leave the option out",
  ],
  [
    'a service for an account that is too short',
    allow(service('ses.amazonaws.com', { sourceAccounts: ['1'] })),
    "Hub/Bus: 'sourceAccounts' must hold 12-digit account ids, got '1'; write it as a quoted " +
      'string so that leading zeros survive',
  ],
  [
    'a service for a bucket, of which nobody knows whose it is',
    allow(service('s3.amazonaws.com', { sourceArns: ['arn:aws:s3:::bucket'] })),
    "Hub/Bus: 'sourceArns' must name accounts, got 'arn:aws:s3:::bucket', which does not; add " +
      "'sourceAccounts', since somebody else may come to own that name",
  ],
  [
    'a service for a bucket of the app, by its attribute',
    ({ stack, bus }) =>
      bus.allowPublisher(service('s3.amazonaws.com', { sourceArns: [new Bucket(stack, 'Bucket').bucketArn] })),
    "Hub/Bus: 'sourceArns' must name accounts, got 'arn:aws:s3:::<Hub/Bucket/Resource>', which " +
      "does not; add 'sourceAccounts', since somebody else may come to own that name",
  ],
  [
    'a list of accounts that only deployment tells',
    ({ stack, bus }) =>
      bus.allowPublisher(accounts(...new CfnParameter(stack, 'Accounts', { type: 'CommaDelimitedList' }).valueAsList)),
    "Hub/Bus: 'accounts' must be written one by one, got a list that only deployment tells; a " +
      'policy cannot be made of one: write the ids out',
  ],
  [
    'a source with a policy variable',
    scope({ sources: ['com.${aws:PrincipalTag/team}'] }),
    "Hub/Bus: 'sources' must hold exact values, got 'com.${aws:PrincipalTag/team}'; callers " +
      'would choose what a policy variable stands for: list the values',
  ],
  [
    'a statement id that a grant has already',
    ({ bus }) => {
      bus.allowPublisher(accounts('222222222222'));
      bus.grantPutEventsTo(new AccountPrincipal('333333333333'), bus.resourcePolicy.node.children[0].node.id);
    },
    "Hub/Bus: 'sid' must be used once a bus, got 'Accounts-424b7dce0c3e' for two statements; " +
      'give the one that is yours another, or change the allowed events by a value',
  ],
  [
    'logs of a bus to a log group of another region',
    ({ stack }) =>
      new CrossAccountEventBus(stack, 'Named', {
        logGroup: LogGroup.fromLogGroupArn(stack, 'Group', 'arn:aws:logs:us-east-1:111111111111:log-group:g:*'),
      }),
    "Hub/Named: 'logGroup' must be of account 111111111111 in eu-west-1, got one of account " +
      '111111111111 in us-east-1; ' +
      'logs are delivered within an account and region only: give a log group of this one',
  ],
  [
    'the management of rules by a service as principal',
    ({ bus }) =>
      bus.allowRuleManagement(
        principal(
          new ServicePrincipal('ses.amazonaws.com').withConditions({
            StringEquals: { 'aws:SourceAccount': '222222222222' },
          }),
        ),
      ),
    "Hub/Bus: 'publisher' must be of accounts that manage rules, got the service " +
      "'ses.amazonaws.com'; services manage rules with a role: let that in",
  ],
  [
    'a rule on a bus of another region that invokes a function',
    ({ stack, bus }) => {
      const far = testStack('Far', { account: '111111111111', region: 'us-east-1' }, stack.node.root as App);
      new Rule(far, 'Rule', { eventBus: bus, targets: [new LambdaEventTarget(testFunction(far, 'Handler'))] });
    },
    "Far/Rule: 'eventBus' must be a bus of the rule's account 111111111111 in us-east-1, got " +
      "'Hub/Bus' of 111111111111 in eu-west-1; " +
      'make it a CrossAccountRule, or make it in a stack of that account and region and forward ' +
      'the events with CrossAccountEventBusTarget',
  ],
  ...(['arn:aws:sns:eu-west-1:*:topic', '*', 'arn:aws:*', 'topic'] as const).map((arn): Row => [
    `a service for the source ${arn}`,
    allow(service('sns.amazonaws.com', { sourceArns: [arn] })),
    `Hub/Bus: 'sourceArns' must hold ARNs whose service and account are written out, got '${arn}` +
      "'; wildcards may stand after the account only",
  ]),
  [
    'a service for an organization that is none',
    allow(service('ses.amazonaws.com', { sourceOrganization: 'o-*' })),
    "Hub/Bus: 'sourceOrganization' must be an organization id, 'o-' and 10 to 32 lower-case " +
      "letters or digits, got 'o-*'; " +
      "take it from 'aws organizations describe-organization'",
  ],
  [
    'a service that manages rules',
    ({ bus }) => bus.allowRuleManagement(service('ses.amazonaws.com')),
    "Hub/Bus: 'publisher' must be of accounts that manage rules, got the service " +
      "'ses.amazonaws.com'; services manage rules with a role: let that in",
  ],
  [
    'the management of rules for no source',
    ({ bus }) => bus.allowRuleManagement(accounts('222222222222'), { sources: [] }),
    "Hub/Bus: 'sources' must name at least one, got none; leave the property out to allow any",
  ],
  ...(['*', 'arn:aws:events:eu-west-1:*:event-bus/own', 'own'] as const).map((arn): Row => [
    `the management of rules with the target ${arn}`,
    ({ bus }) => bus.allowRuleManagement(accounts('222222222222'), { targetArns: [arn] }),
    `Hub/Bus: 'targetArns' must hold ARNs whose service and account are written out, got '${arn}` +
      "'; wildcards may stand for the region and after the account only",
  ]),
  [
    'a publishing role whose events must come by a rule',
    publisherRole({ allowedEvents: { invocation: EventBusInvocation.RULE } }),
    "Hub/Publisher: 'invocation' must not be RULE, got RULE; holders of this role call PutEvents " +
      'themselves: rules send with CrossAccountEventBusTarget',
  ],
  [
    'an L1 role of another account that has no name',
    ({ consumer, bus }) => bus.allowPublisher(role(new CfnRole(consumer, 'Role', { assumeRolePolicyDocument: {} }))),
    "Hub/Bus: 'role' must have a name to be known in another account, got the unnamed " +
      "'Consumer/Role'; give it a 'roleName'",
  ],
  [
    'a permission for no account',
    permission(''),
    "Hub/Permission: 'eventBusAccount' must hold 12-digit account ids, got ''; write it as a " +
      'quoted string so that leading zeros survive',
  ],
  [
    'a permission for everybody',
    permission('*'),
    "Hub/Permission: 'eventBusAccount' must hold 12-digit account ids, got '*'; write it as a " +
      'quoted string so that leading zeros survive',
  ],
  [
    'a permission for a service',
    permission('events.amazonaws.com'),
    "Hub/Permission: 'eventBusAccount' must hold 12-digit account ids, got " +
      "'events.amazonaws.com'; write it as a quoted string so that leading zeros survive",
  ],
  [
    'a size limit of nothing',
    sizes({ eventBusPolicyLimit: 0 }),
    "PolicySizeAspect: 'eventBusPolicyLimit' must be a whole number of at least 1, got 0; leave it out for the default",
  ],
  [
    'a size limit in parts',
    sizes({ functionPolicyLimit: 0.5 }),
    "PolicySizeAspect: 'functionPolicyLimit' must be a whole number of at least 1, got 0.5; " +
      'leave it out for the default',
  ],
  [
    'a threshold over a hundred per cent',
    sizes({ warningThresholdPercent: 101 }),
    "PolicySizeAspect: 'warningThresholdPercent' must be a whole number from 1 to 100, got 101; " +
      'leave it out for the default',
  ],
  [
    'a trust policy longer than AWS allows on request',
    sizes({ trustPolicyLimit: 8_193 }),
    "PolicySizeAspect: 'trustPolicyLimit' must be a whole number from 1 to 8192, got 8193; leave " +
      'it out for the default',
  ],
  [
    'a limit of nothing for one bus',
    sizes({ eventBuses: { orders: { policyLimit: 0 } } }),
    "PolicySizeAspect: 'policyLimit' must be a whole number of at least 1 for bus 'orders', got " +
      '0; leave it out for the default',
  ],
  [
    'a number as the limits of one bus',
    sizes({ eventBuses: { orders: 20_480 } }),
    "PolicySizeAspect: 'eventBuses' must hold the limits of 'orders', got 20480; write them as { " +
      'policyLimit, rulesLimit }',
  ],
  [
    'a policy that stands alone, for a wrong account',
    ({ stack }) =>
      new CrossAccountEventBusPolicy(stack, 'Grants', {
        eventBus: new EventBus(stack, 'Plain'),
        publishers: [accounts('1')],
      }),
    "Hub/Grants: 'accounts' must hold 12-digit account ids, got '1'; write it as a quoted string " +
      'so that leading zeros survive',
  ],
  [
    'a rule on a bus of another account that invokes a function',
    ({ consumer, bus }) =>
      new Rule(consumer, 'Far', { eventBus: bus, targets: [new LambdaEventTarget(testFunction(consumer, 'Handler'))] }),
    "Consumer/Far: 'eventBus' must be a bus of the rule's account 333333333333 in eu-west-1, got " +
      "'Hub/Bus' of 111111111111 in eu-west-1; " +
      'make it a CrossAccountRule, or make it in a stack of that account and region and forward ' +
      'the events with CrossAccountEventBusTarget',
  ],
  [
    'a rule on a bus of another account that forwards to a local one',
    ({ consumer, bus }) =>
      new Rule(consumer, 'Far', {
        eventBus: bus,
        targets: [new CrossAccountEventBusTarget(new CrossAccountEventBus(consumer, 'Local'))],
      }),
    "Consumer/Far: 'eventBus' must be a bus of the rule's account 333333333333 in eu-west-1, got " +
      "'Hub/Bus' of 111111111111 in eu-west-1; " +
      'make it a CrossAccountRule, or make it in a stack of that account and region and forward ' +
      'the events with CrossAccountEventBusTarget',
  ],
  [
    'an imported role whose name has a wildcard',
    ({ stack, bus }) =>
      bus.allowPublisher(role(Role.fromRoleArn(stack, 'Imported', 'arn:aws:iam::222222222222:role/team-*'))),
    "Hub/Bus: 'role' must name one role, got 'arn:aws:iam::222222222222:role/team-*'; list the " +
      'roles, or let the account in with EventPublisher.accounts()',
  ],
  [
    'a publisher that passes no name on, in a wrapper, for a bus of another account that has none either',
    ({ consumer, stack }) =>
      new PublisherRole(stack, 'Publisher', {
        assumedBy: LAMBDA,
        roleName: undefined,
        eventBuses: [new EventBus(consumer, 'Unnamed')],
      }),
    "Hub/Publisher: 'eventBus' must have a name to be known in another account or region, got " +
      "the unnamed 'Consumer/Unnamed'; " +
      "give it an 'eventBusName', or make it a CrossAccountEventBus, which always has one",
  ],
  [
    'a principal of another account by a short account id',
    () => CrossAccountPrincipal.withExternalId('12345', 'secret'),
    "CrossAccountPrincipal.withExternalId(): 'account' must hold 12-digit account ids, got " +
      "'12345'; write it as a quoted string so that leading zeros survive",
  ],
  [
    'a principal of another account by an account as a number',
    () => CrossAccountPrincipal.withExternalId(222222222222 as unknown as string, 'secret'),
    "CrossAccountPrincipal.withExternalId(): 'account' must be text, got 222222222222; write it as a quoted string",
  ],
  [
    'a principal of another account without an external id',
    () => CrossAccountPrincipal.withExternalId('222222222222'),
    "CrossAccountPrincipal.withExternalId(): 'externalIds' must name at least one, got none; " +
      'name the one that the account gives',
  ],
  [
    'an external id that is too short',
    () => CrossAccountPrincipal.withExternalId('222222222222', 'x'),
    "CrossAccountPrincipal.withExternalId(): 'externalIds' must hold 2 to 1224 letters, digits " +
      "or any of +=,.@:/-_, got 'x'; agree on another one",
  ],
  [
    'an external id that is too long',
    () => CrossAccountPrincipal.withExternalId('222222222222', long(1225)),
    "CrossAccountPrincipal.withExternalId(): 'externalIds' must hold 2 to 1224 letters, digits " +
      `or any of +=,.@:/-_, got '${long(1225)}'; agree on another one`,
  ],
  [
    'an external id with a wildcard among right ones',
    () => CrossAccountPrincipal.withExternalId('222222222222', 'right', 'tenant*'),
    "CrossAccountPrincipal.withExternalId(): 'externalIds' must hold 2 to 1224 letters, digits " +
      "or any of +=,.@:/-_, got 'tenant*'; agree on another one",
  ],
  [
    'an external id with a space',
    () => CrossAccountPrincipal.withExternalId('222222222222', 'two words'),
    "CrossAccountPrincipal.withExternalId(): 'externalIds' must hold 2 to 1224 letters, digits " +
      "or any of +=,.@:/-_, got 'two words'; agree on another one",
  ],
  [
    'a principal of an organization by a wildcard for the account',
    () => CrossAccountPrincipal.inOrganization('*', 'o-a1b2c3d4e5'),
    "CrossAccountPrincipal.inOrganization(): 'account' must hold 12-digit account ids, got '*'; " +
      'write it as a quoted string so that leading zeros survive',
  ],
  [
    'a principal of an organization by that of a root',
    () => CrossAccountPrincipal.inOrganization('222222222222', 'r-ab12'),
    "CrossAccountPrincipal.inOrganization(): 'organization' must be an organization id, 'o-' and " +
      "10 to 32 lower-case letters or digits, got 'r-ab12'; " +
      "take it from 'aws organizations describe-organization'",
  ],
  [
    'a misspelt id of a finding that is switched off',
    disabling({ id: 'cdk-cross-account-eventbridge:wildcardPrincipals', reason: 'a demo' }),
    "CrossAccountEventChecks.applyTo(): 'disabledFindings' must hold ids of findings in full, " +
      "got 'cdk-cross-account-eventbridge:wildcardPrincipals'; " +
      "the nearest is 'cdk-cross-account-eventbridge:wildcardPrincipal'",
  ],
  [
    'the last part of an id of a finding that is switched off',
    disabling({ id: 'wildcardPrincipal', reason: 'a demo' }),
    "CrossAccountEventChecks.applyTo(): 'disabledFindings' must hold ids of findings in full, " +
      "got 'wildcardPrincipal'; " +
      "the nearest is 'cdk-cross-account-eventbridge:wildcardPrincipal'",
  ],
  [
    'an id as it is printed, of a finding that is switched off for a plugin',
    () =>
      new CrossAccountEventChecksPlugin({
        disabledFindings: [{ id: 'Annotation::cdk-cross-account-eventbridge:eventForwardedTooFar', reason: 'a demo' }],
      }),
    "CrossAccountEventChecksPlugin: 'disabledFindings' must hold ids of findings in full, got " +
      "'Annotation::cdk-cross-account-eventbridge:eventForwardedTooFar'; " +
      "the nearest is 'cdk-cross-account-eventbridge:eventForwardedTooFar'",
  ],
  [
    'a finding that is switched off by a list of ids',
    disabling({ id: ['cdk-cross-account-eventbridge:eventForwardedTooFar'], reason: 'a demo' } as any),
    "CrossAccountEventChecks.applyTo(): 'disabledFindings' must hold ids of findings in full, " +
      'got cdk-cross-account-eventbridge:eventForwardedTooFar; ' +
      "the nearest is 'cdk-cross-account-eventbridge:eventForwardedTooFar'",
  ],
  [
    'a finding that is switched off for no reason',
    disabling({ id: 'cdk-cross-account-eventbridge:eventForwardedTooFar', reason: ' ' }),
    "CrossAccountEventChecks.applyTo(): 'disabledFindings' must give a reason for " +
      "'cdk-cross-account-eventbridge:eventForwardedTooFar', got ' '; say why nobody needs to know " +
      'of it',
  ],
];
