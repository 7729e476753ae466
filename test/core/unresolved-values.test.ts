import { App, Aws, CfnParameter, Fn, Lazy, Stack, Tokenization } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import {
  AccountPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import { CfnPermission, Function } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  CrossAccountEventBus,
  CrossAccountEventBusTarget,
  CrossAccountInvokePermission,
  CrossAccountRule,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { producerOf } from '../../src/app-model/cdk-internals';
import { CONSUMER, HUB, ORGANIZATION, PUBLISHER, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { propertiesOf } from '../support/templates';

const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`;
const later = (value: string) => Lazy.string({ produce: () => value });
const { accounts, organization, organizationalUnits, principal, role, service } = EventPublisher;

let app: App;
let hub: Stack;
let shop: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  shop = testStack('Shop', PUBLISHER, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  // The newest CDK refuses a template without resources.
  new Topic(shop, 'Any');
});
const statements = () => propertiesOf(hub, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);

describe('what tokens stand for is refused as the literal is, at the call', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a role by a name with a wildcard',
      () => bus.allowPublisher(role(Role.fromRoleName(shop, 'R', 'app-*'))),
      "'role' must name one role, got 'arn:aws:iam::222222222222:role/app-*'",
    ],
    [
      'a grant to a role by a wildcard',
      () => bus.grantPutEventsTo(Role.fromRoleName(shop, 'R', '*')),
      "'role' must name one role",
    ],
    [
      'the ARN of roles',
      () =>
        bus.allowPublisher(
          role(hub.formatArn({ service: 'iam', region: '', account: PUBLISHER.account, resource: 'role/*' })),
        ),
      "'role' must name one role",
    ],
    [
      'the ARN of a role, with an account that is none',
      () => bus.allowPublisher(role(`arn:${Aws.PARTITION}:iam::22222:role/x`)),
      "'role' must be",
    ],
    [
      'sources of every account',
      () =>
        bus.allowPublisher(
          service('sns.amazonaws.com', {
            sourceArns: [hub.formatArn({ service: 'sns', account: '*', resource: '*' })],
          }),
        ),
      "'sourceArns' must hold ARNs whose service and account are written out, got 'arn:aws:sns:eu-west-1:*:*'",
    ],
    [
      'targets of every account',
      () =>
        bus.allowRuleManagement(accounts(PUBLISHER.account), {
          targetArns: [hub.formatArn({ service: '*', region: '*', account: '*', resource: '*' })],
        }),
      "'targetArns' must hold ARNs",
    ],
    ['a user by a wildcard', () => bus.grantPutEventsTo(User.fromUserName(shop, 'U', '*')), "'principal' must be"],
    [
      'a user by a policy variable',
      () => bus.grantPutEventsTo(User.fromUserName(shop, 'U', '${aws:username}')),
      "'principal' must be",
    ],
    [
      'the role of a parameter, with a wildcard behind it',
      () => bus.allowPublisher(role(`arn:aws:iam::${new CfnParameter(hub, 'A').valueAsString}:role/*`)),
      "'role' must name one role",
    ],
    [
      'an account by a parameter, and a letter',
      () => bus.allowPublisher(accounts(`${new CfnParameter(hub, 'A').valueAsString}-x`)),
      "'accounts' must hold 12-digit account ids",
    ],
    [
      'a function by a wildcard',
      () =>
        rule(
          new LambdaEventTarget(
            Function.fromFunctionArn(
              hub,
              'F',
              hub.formatArn({ service: 'lambda', account: CONSUMER.account, resource: 'function:*' }),
            ),
          ),
        ),
      "'handler' must be 'arn:PARTITION:lambda",
    ],
    [
      'a bus by a wildcard',
      () =>
        rule(
          new CrossAccountEventBusTarget(
            EventBus.fromEventBusArn(
              hub,
              'B',
              hub.formatArn({ service: 'events', account: CONSUMER.account, resource: 'event-bus/*' }),
            ),
          ),
        ),
      "'eventBus' must be 'arn:PARTITION:events",
    ],
    [
      'an execution role by a wildcard',
      () =>
        rule(
          new LambdaEventTarget(
            Function.fromFunctionArn(hub, 'F', 'arn:aws:lambda:eu-west-1:333333333333:function:f'),
            { executionRole: Role.fromRoleName(hub, 'R', 'exec-*') },
          ),
        ),
      "'executionRole' must name one role",
    ],
    [
      'the account of a stack that does not know its own',
      () => bus.allowPublisher(accounts(new Stack(app, 'Agnostic').account)),
      "'accounts' must hold ids of other accounts",
    ],
    [
      'the account of a stack that does not know its own, for a function',
      () =>
        new CrossAccountInvokePermission(hub, 'P', {
          handler: testFunction(hub, 'H'),
          eventBusAccount: new Stack(app, 'Agnostic').account,
        }),
      "'eventBusAccount' must be another account",
    ],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  const rule = (target: LambdaEventTarget | CrossAccountEventBusTarget) =>
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets: [target] });
});

describe('what is made later is refused as the literal is, at synth', () => {
  test.each<[string, () => unknown, string]>([
    [
      'units that are all',
      () => bus.allowPublisher(organizationalUnits(later('*'))),
      "'organizationalUnits' must hold paths of organizational units, 'o-…/r-…/ou-…/*', got '*'",
    ],
    [
      'an organization',
      () => bus.allowPublisher(organization(later('o-*'))),
      "'organization' must be an organization id",
    ],
    [
      'an account',
      () => bus.allowPublisher(accounts(later('*'))),
      "'accounts' must hold 12-digit account ids, got '*'",
    ],
    ['a role', () => bus.allowPublisher(role(later('arn:aws:iam::222222222222:role/*'))), "'role' must name one role"],
    [
      'an account as principal',
      () => bus.allowPublisher(principal(new AccountPrincipal(later('*')))),
      "'publishers' must name principals, got statement",
    ],
    [
      'a principal',
      () => bus.allowPublisher(principal(new ArnPrincipal(later('*')))),
      "'publishers' must name principals",
    ],
    [
      'an organization in a condition',
      () =>
        bus.allowPublisher(
          principal(new AnyPrincipal().withConditions({ StringLike: { 'aws:PrincipalOrgID': later('*') } })),
        ),
      "'publishers' must name principals",
    ],
    [
      'accounts of a service',
      () => bus.allowPublisher(service('ses.amazonaws.com', { sourceAccounts: [later('12345')] })),
      "'sourceAccounts' must hold 12-digit account ids",
    ],
    [
      'sources of a service',
      () => bus.allowPublisher(service('ses.amazonaws.com', { sourceArns: [later('arn:aws:ses:eu-west-1:*:*')] })),
      "'sourceArns' must hold ARNs",
    ],
    [
      'sources that nobody owns',
      () => bus.allowPublisher(service('s3.amazonaws.com', { sourceArns: [later('arn:aws:s3:::bucket')] })),
      "'sourceArns' must name accounts",
    ],
    [
      'a list of units',
      () => bus.allowPublisher(organizationalUnits(...Lazy.list({ produce: () => [UNIT, 'o-*'] }))),
      "'organizationalUnits' must hold paths",
    ],
    [
      'a source of events',
      () => bus.allowPublisher(accounts(PUBLISHER.account), { sources: [later('com.*')] }),
      "'sources' must hold exact values",
    ],
    [
      'a name of a bus',
      () => new CrossAccountEventBus(hub, 'Other', { eventBusName: later('a*') }),
      "'eventBusName' must be 1 to 256 letters",
    ],
    [
      'a name of a role',
      () =>
        new PublisherRole(shop, 'Role', {
          roleName: later('a*'),
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [EventBus.fromEventBusName(shop, 'Own', 'own')],
        }),
      "'roleName' must be",
    ],
    [
      'the account of a bus',
      () =>
        new CrossAccountInvokePermission(hub, 'P', { handler: testFunction(hub, 'H'), eventBusAccount: later('*') }),
      "'eventBusAccount' must hold 12-digit account ids, got '*'",
    ],
    [
      'who assumes a role',
      () => new PublisherRole(shop, 'Role', { assumedBy: new ArnPrincipal(later('*')), eventBuses: [bus] }),
      "'assumeRolePolicy' must not let strangers assume",
    ],
  ])('%s', (_, make, message) => {
    make();
    expect(() => app.synth()).toThrow(message);
  });

  test('whatever is added to who assumes a role', () => {
    const made = new PublisherRole(shop, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
    });
    made.assumeRolePolicy!.addStatements(
      new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new AnyPrincipal()] }),
    );
    expect(() => app.synth()).toThrow("'assumeRolePolicy' must not let strangers assume a role that publishes");
  });

  test('whatever an override makes of a statement', () => {
    bus.allowPublisher(accounts(PUBLISHER.account));
    const policies = bus.resourcePolicy.node.children as CfnPermission[];
    policies[0].addPropertyOverride('Statement.Principal', '*');
    expect(() => app.synth()).toThrow("'publishers' must name principals");
  });
});

describe('what is made later is right in the template, though it was another one at the call', () => {
  let value: string;
  const changing = (cached: boolean) =>
    cached ? Lazy.string({ produce: () => value }) : Lazy.uncachedString({ produce: () => value });

  test.each<[string, boolean, (token: string) => unknown, string, string]>([
    [
      'an account as principal',
      true,
      (token) => bus.allowPublisher(principal(new AccountPrincipal(token))),
      PUBLISHER.account,
      CONSUMER.account,
    ],
    [
      'a grant',
      false,
      (token) => bus.grantPutEventsTo(new AccountPrincipal(token)),
      PUBLISHER.account,
      CONSUMER.account,
    ],
    [
      'a role by its ARN',
      true,
      (token) => bus.allowPublisher(principal(new ArnPrincipal(token))),
      'arn:aws:iam::222222222222:role/old',
      'arn:aws:iam::333333333333:role/new',
    ],
    ['an imported role', true, (token) => bus.allowPublisher(role(Role.fromRoleName(shop, 'R', token))), 'old', 'new'],
    [
      'a condition',
      true,
      (token) =>
        bus.allowPublisher(
          principal(new AnyPrincipal().withConditions({ StringEquals: { 'aws:PrincipalOrgID': token } })),
        ),
      'o-a1b2c3d4e5',
      'o-z1b2c3d4e5',
    ],
    [
      'a statement as it is',
      true,
      (token) =>
        bus.addToResourcePolicy(
          new PolicyStatement({ principals: [new AccountPrincipal(token)], actions: ['events:PutEvents'] }),
        ),
      '222222222222',
      '333333333333',
    ],
    [
      'a source of a service',
      true,
      (token) => bus.allowPublisher(service('ses.amazonaws.com', { sourceArns: [token] })),
      'arn:aws:ses:eu-west-1:111111111111:identity/a',
      'arn:aws:ses:eu-west-1:111111111111:identity/b',
    ],
    [
      'a source of events',
      true,
      (token) => bus.allowPublisher(accounts(PUBLISHER.account), { sources: [token] }),
      'com.old',
      'com.new',
    ],
  ])('%s', (_, cached, make, before, after) => {
    value = before;
    make(changing(cached));
    value = after;
    const text = JSON.stringify(statements());
    expect(text).toContain(after);
    expect(text).not.toContain(`${before}"`);
  });

  test('also who assumes a role', () => {
    value = `arn:aws:iam::${PUBLISHER.account}:role/old`;
    new PublisherRole(shop, 'Role', { assumedBy: new ArnPrincipal(changing(true)), eventBuses: [bus] });
    value = `arn:aws:iam::${PUBLISHER.account}:role/new`;
    expect(JSON.stringify(propertiesOf(shop, 'AWS::IAM::Role')[0].AssumeRolePolicyDocument)).toContain('role/new');
  });
});

describe('a parameter that becomes a principal', () => {
  const parameter = (props: object = {}) => new CfnParameter(hub, 'Given', props).valueAsString;

  test.each<[string, (token: string) => unknown, RegExp, object]>([
    [
      'an account',
      (token) => bus.allowPublisher(accounts(token)),
      /may be of any account/,
      { allowedPattern: '\\d{12}' },
    ],
    [
      'a role',
      (token) => bus.allowPublisher(role(token)),
      /may be of any account/,
      { allowedPattern: 'arn:aws:iam::\\d{12}:role/[a-z-]+' },
    ],
    [
      'units',
      (token) => bus.allowPublisher(organizationalUnits(token)),
      /'aws:PrincipalOrgPaths' is '‹parameter Hub\/Given›'/,
      { allowedValues: [UNIT] },
    ],
    [
      'the account of a service',
      (token) => bus.allowPublisher(service('ses.amazonaws.com', { sourceAccounts: [token] })),
      /'aws:SourceAccount' is/,
      { allowedPattern: '[0-9]{12}' },
    ],
    [
      'the account of a bus',
      (token) =>
        new CrossAccountInvokePermission(hub, 'P', { handler: testFunction(hub, 'H'), eventBusAccount: token }),
      /may be of any account/,
      { allowedPattern: '^\\d{12}$' },
    ],
  ])('as %s is warned of, unless it can be one only', (_, make, says, one) => {
    make(parameter());
    expect(messagesOf(hub)).toEqual([expect.stringMatching(says)]);
    expect(messagesOf(hub)[0]).toMatch(/^warning .* it cannot be told at synth whom statement .*:wildcardPrincipal\]$/);
    hub = testStack('Hub', HUB, testApp());
    bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    make(parameter(one));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('as an organization, or in units of one that is written out, is no warning: it is one organization', () => {
    bus.allowPublisher(organization(parameter()));
    bus.allowPublisher(organizationalUnits(`${ORGANIZATION}/r-ab12/${new CfnParameter(hub, 'Unit').valueAsString}/*`));
    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[string, () => string]>([
    ['a parameter and all below', () => `${parameter()}/*`],
    ['an import', () => Fn.importValue('Unit')],
    ['parts that are parameters', () => `${parameter()}/${new CfnParameter(hub, 'Root').valueAsString}/*`],
  ])('is warned of as units that are put together of %s', (_, path) => {
    bus.allowPublisher(organizationalUnits(path()));
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/it cannot be told at synth whom statement/)]);
  });
});

describe('ordinary tokens pass', () => {
  test.each<[string, () => unknown]>([
    [
      'a lookup that the CLI has yet to make',
      () => bus.allowPublisher(accounts(StringParameter.valueFromLookup(hub, '/account'))),
    ],
    [
      'a rule of an agnostic stack on a bus of another account',
      () => {
        const agnostic = new Stack(app, 'Agnostic');
        new CrossAccountRule(agnostic, 'Rule', {
          eventBus: EventBus.fromEventBusArn(
            agnostic,
            'Theirs',
            'arn:aws:events:eu-west-1:444444444444:event-bus/theirs',
          ),
          eventPattern: { source: ['x'] },
          targets: [new CrossAccountEventBusTarget(new CrossAccountEventBus(agnostic, 'Own'))],
        });
      },
    ],
    [
      'roles that are made elsewhere',
      () => {
        const other = testStack('Other', PUBLISHER, app);
        Role.customizeRoles(other, { preventSynthesis: false, usePrecreatedRoles: { 'Other/Role': 'precreated' } });
        new PublisherRole(other, 'Role', {
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [bus],
        });
      },
    ],
    [
      'another permission of the account of a role',
      () => {
        const handler = testFunction(testStack('Consumer', CONSUMER, app), 'H', { functionName: 'h' });
        new CfnPermission(handler, 'Read', {
          functionName: handler.functionArn,
          action: 'lambda:GetFunction',
          principal: HUB.account,
        });
        new Rule(hub, 'Rule', {
          eventBus: bus,
          eventPattern: { source: ['x'] },
          targets: [new LambdaEventTarget(handler, { restrictToExecutionRole: true })],
        });
      },
    ],
  ])('%s', (_, make) => {
    make();
    expect(() => app.synth()).not.toThrow();
  });
});

test('one role alone is not let in beside its whole account, whoever wrote that', () => {
  const handler = testFunction(testStack('Consumer', CONSUMER, app), 'H', { functionName: 'h' });
  new Rule(hub, 'Rule', {
    eventBus: bus,
    eventPattern: { source: ['x'] },
    targets: [new LambdaEventTarget(handler, { restrictToExecutionRole: true })],
  });
  new CfnPermission(handler, 'Whole', {
    functionName: handler.functionArn,
    action: 'lambda:InvokeFunction',
    principal: HUB.account,
  });
  expect(() => app.synth()).toThrow(
    "'executionRole' must be the only principal of account 111111111111 in the policy of the " +
      "function, got also 'Consumer/H/Whole'",
  );
});

test('the CDK still keeps in a private field what makes a value later', () => {
  expect(producerOf(Lazy.any({ produce: () => 'x' }))?.produce(undefined as never)).toBe('x');
  expect(
    producerOf(Tokenization.reverseString(Lazy.string({ produce: () => 'x' })).tokens[0])?.produce(undefined as never),
  ).toBe('x');
});
