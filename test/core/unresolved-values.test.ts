import {
  App,
  Aws,
  CfnDynamicReference,
  CfnDynamicReferenceService,
  CfnParameter,
  Fn,
  Lazy,
  SecretValue,
  Stack,
  Tokenization,
} from 'aws-cdk-lib';
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
import { BILLING, HUB, ORGANIZATION, SHOP, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectError, errorOf, expectFindings, expectMessage } from '../support/messages';
import { propertiesOf } from '../support/templates';

const UNIT = `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*`;
const dynamicReference = new CfnDynamicReference(CfnDynamicReferenceService.SSM, '/role');
const lazy = (value: string) => Lazy.string({ produce: () => value });
const { accounts, organization, organizationalUnits, principal, role, service } = EventPublisher;

let app: App;
let hub: Stack;
let shop: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  app = testApp();
  hub = testStack('Hub', HUB, app);
  shop = testStack('Shop', SHOP, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
  // The newest CDK rejects a template without resources.
  new Topic(shop, 'Any');
});
const statements = () => propertiesOf(hub, 'AWS::Events::EventBusPolicy').map(({ Statement }) => Statement);

/** Expects one finding of a level and id. Its path and text are in `test/messages.txt`. */
function expectOneFinding(messages: string[], levelAndId: string): void {
  expect(messages).toHaveLength(1);
  expectFindings(messages, [`${levelAndId} ${messages[0].split(' ')[1]}`]);
}

describe('a token whose value is known fails like the literal, at the call', () => {
  test.each<[string, () => unknown, string]>([
    [
      'a role by a dynamic reference, which has no account until deployment',
      () => bus.allowPublisher(role(SecretValue.cfnDynamicReference(dynamicReference).unsafeUnwrap())),
      "'role' must be no dynamic reference",
    ],
    [
      'a role with a wildcard in its name',
      () => bus.allowPublisher(role(Role.fromRoleName(shop, 'R', 'app-*'))),
      "'role' must name one role, got 'arn:aws:iam::222222222222:role/app-*'",
    ],
    [
      'a grant to a role with a wildcard as name',
      () => bus.grantPutEventsTo(Role.fromRoleName(shop, 'R', '*')),
      "'role' must name one role",
    ],
    [
      'the ARN of a role with a wildcard',
      () =>
        bus.allowPublisher(
          role(hub.formatArn({ service: 'iam', region: '', account: SHOP.account, resource: 'role/*' })),
        ),
      "'role' must name one role",
    ],
    [
      'the ARN of a role with an invalid account',
      () => bus.allowPublisher(role(`arn:${Aws.PARTITION}:iam::22222:role/x`)),
      "'role' must be",
    ],
    [
      'source ARNs in any account',
      () =>
        bus.allowPublisher(
          service('sns.amazonaws.com', {
            sourceArns: [hub.formatArn({ service: 'sns', account: '*', resource: '*' })],
          }),
        ),
      "'sourceArns' must",
    ],
    [
      'target ARNs in any account',
      () =>
        bus.allowRuleManagement(accounts(SHOP.account), {
          targetArns: [hub.formatArn({ service: '*', region: '*', account: '*', resource: '*' })],
        }),
      "'targetArns' must hold ARNs",
    ],
    [
      'a user with a wildcard as name',
      () => bus.grantPutEventsTo(User.fromUserName(shop, 'U', '*')),
      "'principal' must be",
    ],
    [
      'a user with a policy variable as name',
      () => bus.grantPutEventsTo(User.fromUserName(shop, 'U', '${aws:username}')),
      "'principal' must be",
    ],
    [
      'a role in the account of a parameter, with a wildcard',
      () => bus.allowPublisher(role(`arn:aws:iam::${new CfnParameter(hub, 'A').valueAsString}:role/*`)),
      "'role' must name one role",
    ],
    [
      'an account of a parameter and a letter',
      () => bus.allowPublisher(accounts(`${new CfnParameter(hub, 'A').valueAsString}-x`)),
      "'accounts' must hold 12-digit account IDs",
    ],
    [
      'a function with a wildcard as name',
      () =>
        rule(
          new LambdaEventTarget(
            Function.fromFunctionArn(
              hub,
              'F',
              hub.formatArn({ service: 'lambda', account: BILLING.account, resource: 'function:*' }),
            ),
          ),
        ),
      "'handler' must be 'arn:PARTITION:lambda",
    ],
    [
      'a bus with a wildcard as name',
      () =>
        rule(
          new CrossAccountEventBusTarget(
            EventBus.fromEventBusArn(
              hub,
              'B',
              hub.formatArn({ service: 'events', account: BILLING.account, resource: 'event-bus/*' }),
            ),
          ),
        ),
      "'eventBus' must be 'arn:PARTITION:events",
    ],
    [
      'an execution role with a wildcard in its name',
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
      'the account of an environment-agnostic stack',
      () => bus.allowPublisher(accounts(new Stack(app, 'Agnostic').account)),
      "'accounts' must hold",
    ],
    [
      'the account of an environment-agnostic stack, for a function',
      () =>
        new CrossAccountInvokePermission(hub, 'P', {
          handler: testFunction(hub, 'H'),
          eventBusAccount: new Stack(app, 'Agnostic').account,
        }),
      "'eventBusAccount' must",
    ],
  ])('%s', (_, make, message) => {
    expectError(make, message);
  });

  const rule = (target: LambdaEventTarget | CrossAccountEventBusTarget) =>
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern: { source: ['x'] }, targets: [target] });
});

describe('a lazy value fails like the literal, at synthesis', () => {
  test.each<[string, () => unknown, string]>([
    [
      'organizational units with a wildcard',
      () => bus.allowPublisher(organizationalUnits(lazy('*'))),
      "'organizationalUnits' must hold paths of organizational units, 'o-…/r-…/ou-…/*', got '*'",
    ],
    [
      'an organization',
      () => bus.allowPublisher(organization(lazy('o-*'))),
      "'organization' must be an organization ID",
    ],
    ['an account', () => bus.allowPublisher(accounts(lazy('*'))), "'accounts' must hold 12-digit account IDs, got '*'"],
    ['a role', () => bus.allowPublisher(role(lazy('arn:aws:iam::222222222222:role/*'))), "'role' must name one role"],
    [
      'an account as principal',
      () => bus.allowPublisher(principal(new AccountPrincipal(lazy('*')))),
      "'publishers' must name principals, got statement",
    ],
    [
      'a principal',
      () => bus.allowPublisher(principal(new ArnPrincipal(lazy('*')))),
      "'publishers' must name principals",
    ],
    [
      'an organization in a condition',
      () =>
        bus.allowPublisher(
          principal(new AnyPrincipal().withConditions({ StringLike: { 'aws:PrincipalOrgID': lazy('*') } })),
        ),
      "'publishers' must name principals",
    ],
    [
      'accounts of a service',
      () => bus.allowPublisher(service('ses.amazonaws.com', { sourceAccounts: [lazy('12345')] })),
      "'sourceAccounts' must hold 12-digit account IDs",
    ],
    [
      'sources of a service',
      () => bus.allowPublisher(service('ses.amazonaws.com', { sourceArns: [lazy('arn:aws:ses:eu-west-1:*:*')] })),
      "'sourceArns' must hold ARNs",
    ],
    [
      'sources without an account',
      () => bus.allowPublisher(service('s3.amazonaws.com', { sourceArns: [lazy('arn:aws:s3:::bucket')] })),
      "'sourceArns' must",
    ],
    [
      'a list of organizational units',
      () => bus.allowPublisher(organizationalUnits(...Lazy.list({ produce: () => [UNIT, 'o-*'] }))),
      "'organizationalUnits' must hold paths",
    ],
    [
      'a source of events',
      () => bus.allowPublisher(accounts(SHOP.account), { sources: [lazy('com.*')] }),
      "'sources' must hold exact values",
    ],
    [
      'the name of a bus',
      () => new CrossAccountEventBus(hub, 'Other', { eventBusName: lazy('a*') }),
      "'eventBusName' must be 1 to 256 letters",
    ],
    [
      'the name of a role',
      () =>
        new PublisherRole(shop, 'Role', {
          roleName: lazy('a*'),
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [EventBus.fromEventBusName(shop, 'Own', 'own')],
        }),
      "'roleName' must be",
    ],
    [
      'the account of a bus',
      () => new CrossAccountInvokePermission(hub, 'P', { handler: testFunction(hub, 'H'), eventBusAccount: lazy('*') }),
      "'eventBusAccount' must hold 12-digit account IDs, got '*'",
    ],
    [
      'the principal that assumes a role',
      () => new PublisherRole(shop, 'Role', { assumedBy: new ArnPrincipal(lazy('*')), eventBuses: [bus] }),
      "'assumeRolePolicy' must",
    ],
  ])('%s', (_, make, message) => {
    make();
    expectError(() => app.synth(), message);
  });

  test('a statement added to the trust policy of a role fails', () => {
    const publisherRole = new PublisherRole(shop, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      eventBuses: [bus],
    });
    publisherRole.assumeRolePolicy!.addStatements(
      new PolicyStatement({ actions: ['sts:AssumeRole'], principals: [new AnyPrincipal()] }),
    );
    expectError(() => app.synth(), "'assumeRolePolicy' must");
  });

  test('a statement with a property override fails', () => {
    bus.allowPublisher(accounts(SHOP.account));
    const policies = bus.resourcePolicy.node.children as CfnPermission[];
    policies[0].addPropertyOverride('Statement.Principal', '*');
    expectMessage(/'publishers' must name principals.*/.exec(errorOf(() => app.synth()))![0]);
  });
});

describe('the template has the value at synthesis, not the value at the call', () => {
  let value: string;
  const changing = (cached: boolean) =>
    cached ? Lazy.string({ produce: () => value }) : Lazy.uncachedString({ produce: () => value });

  test.each<[string, boolean, (token: string) => unknown, string, string]>([
    [
      'an account as principal',
      true,
      (token) => bus.allowPublisher(principal(new AccountPrincipal(token))),
      SHOP.account,
      BILLING.account,
    ],
    ['a grant', false, (token) => bus.grantPutEventsTo(new AccountPrincipal(token)), SHOP.account, BILLING.account],
    [
      'the ARN of a role',
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
      'a statement of addToResourcePolicy()',
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
      (token) => bus.allowPublisher(accounts(SHOP.account), { sources: [token] }),
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

  test('the principal that assumes a role', () => {
    value = `arn:aws:iam::${SHOP.account}:role/old`;
    new PublisherRole(shop, 'Role', { assumedBy: new ArnPrincipal(changing(true)), eventBuses: [bus] });
    value = `arn:aws:iam::${SHOP.account}:role/new`;
    expect(JSON.stringify(propertiesOf(shop, 'AWS::IAM::Role')[0].AssumeRolePolicyDocument)).toContain('role/new');
  });
});

describe('a parameter as principal', () => {
  const parameter = (props: object = {}) => new CfnParameter(hub, 'Given', props).valueAsString;

  test.each<[string, (token: string) => unknown, object]>([
    ['units', (token) => bus.allowPublisher(organizationalUnits(token)), { allowedValues: [UNIT] }],
    [
      'the account of a service',
      (token) => bus.allowPublisher(service('ses.amazonaws.com', { sourceAccounts: [token] })),
      { allowedPattern: '[0-9]{12}' },
    ],
    [
      'the account of a bus',
      (token) =>
        new CrossAccountInvokePermission(hub, 'P', { handler: testFunction(hub, 'H'), eventBusAccount: token }),
      { allowedPattern: '^\\d{12}$' },
    ],
  ])('for %s is a warning, unless it can be only one', (_, make, restriction) => {
    make(parameter());
    expectOneFinding(messagesOf(hub), 'warning wildcardPrincipal');
    hub = testStack('Hub', HUB, testApp());
    bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
    make(parameter(restriction));
    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[string, (token: string) => unknown]>([
    ['an account', (token) => bus.allowPublisher(accounts(token))],
    ['a role', (token) => bus.allowPublisher(role(token))],
  ])('for %s is no warning, because it is in one account', (_, make) => {
    make(parameter());
    expect(messagesOf(hub)).toEqual([]);
  });

  test('for an organization, or in the organizational units of a literal organization, is no warning', () => {
    bus.allowPublisher(organization(parameter()));
    bus.allowPublisher(organizationalUnits(`${ORGANIZATION}/r-ab12/${new CfnParameter(hub, 'Unit').valueAsString}/*`));
    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[string, () => string]>([
    ['a parameter and a wildcard', () => `${parameter()}/*`],
    ['an import', () => Fn.importValue('Unit')],
    ['parts that are parameters', () => `${parameter()}/${new CfnParameter(hub, 'Root').valueAsString}/*`],
  ])('for organizational units is a warning if they consist of %s', (_, path) => {
    bus.allowPublisher(organizationalUnits(path()));
    expectOneFinding(messagesOf(hub), 'warning wildcardPrincipal');
  });
});

describe('a usual token is accepted', () => {
  test.each<[string, () => unknown]>([
    [
      'a lookup without a value yet',
      () => bus.allowPublisher(accounts(StringParameter.valueFromLookup(hub, '/account'))),
    ],
    [
      'a rule in an environment-agnostic stack on a bus in another account',
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
      'precreated roles',
      () => {
        const other = testStack('Other', SHOP, app);
        Role.customizeRoles(other, { preventSynthesis: false, usePrecreatedRoles: { 'Other/Role': 'precreated' } });
        new PublisherRole(other, 'Role', {
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [bus],
        });
      },
    ],
    [
      'another permission for the account of a role',
      () => {
        const handler = testFunction(testStack('Consumer', BILLING, app), 'H', { functionName: 'h' });
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

test('a permission for one role fails if another one allows its whole account', () => {
  const handler = testFunction(testStack('Consumer', BILLING, app), 'H', { functionName: 'h' });
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
  const [message] = /'executionRole' must be .*/.exec(errorOf(() => app.synth()))!;
  expect(message).toContain("account 111111111111 in the policy of the function, got also 'Consumer/H/Whole'");
  expectMessage(message);
});

test('the CDK still keeps the producer of a lazy value in a private field', () => {
  expect(producerOf(Lazy.any({ produce: () => 'x' }))?.produce(undefined as never)).toBe('x');
  expect(
    producerOf(Tokenization.reverseString(Lazy.string({ produce: () => 'x' })).tokens[0])?.produce(undefined as never),
  ).toBe('x');
});
