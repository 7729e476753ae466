import { App, Aws, CfnCondition, CfnCustomResource, CfnMapping, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, Role, ServicePrincipal, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher, PublisherRole } from '../../src';
import { BILLING, HUB, ORGANIZATION, SHOP, messagesOf, testApp, testStack } from '../support/apps';
import { expectError, expectFindings } from '../support/messages';

const SHOP_ACCOUNT = SHOP.account;
const BILLING_ACCOUNT = BILLING.account;
const UNTRUSTED = '999999999999';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  // Newer releases of the CDK reject a missing mapping.
  app = testApp({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  hub = testStack('Hub', HUB, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
});

/** Expects one finding of a level and id. Its path and text are in `test/messages.txt`. */
function expectOneFinding(messages: string[], levelAndId: string): void {
  expect(messages).toHaveLength(1);
  expectFindings(messages, [`${levelAndId} ${messages[0].split(' ')[1]}`]);
}

const condition = () => new CfnCondition(hub, 'Live', { expression: Fn.conditionEquals(Aws.STACK_NAME, 'live') });
const mapping = (first = SHOP_ACCOUNT, second = BILLING_ACCOUNT) =>
  new CfnMapping(hub, 'Accounts', {
    mapping: { 'eu-west-1': { shop: first }, 'us-east-1': { shop: second } },
  });
const parameter = (props: object) => new CfnParameter(hub, 'Given', props);

/** Values that are one of the accounts of the shop and of billing, known only at deployment. */
const CHOICES: [string, () => string][] = [
  ['a parameter', () => parameter({ allowedValues: [SHOP_ACCOUNT, BILLING_ACCOUNT] }).valueAsString],
  [
    'an item of a list',
    () =>
      Fn.select(
        0,
        parameter({ type: 'CommaDelimitedList', allowedValues: [SHOP_ACCOUNT, BILLING_ACCOUNT] }).valueAsList,
      ),
  ],
  ['a condition', () => Fn.conditionIf(condition().logicalId, SHOP_ACCOUNT, BILLING_ACCOUNT).toString()],
  ['a mapping by the region', () => mapping().findInMap(new CfnParameter(hub, 'Region').valueAsString, 'shop')],
  [
    'a mapping by a parameter',
    () => mapping().findInMap(parameter({ allowedValues: ['eu-west-1', 'us-east-1'] }).valueAsString, 'shop'),
  ],
  [
    'the account of a role',
    () =>
      Fn.select(
        4,
        Fn.split(
          ':',
          parameter({
            allowedValues: [`arn:aws:iam::${SHOP_ACCOUNT}:role/x`, `arn:aws:iam::${BILLING_ACCOUNT}:role/x`],
          }).valueAsString,
        ),
      ),
  ],
];

describe.each(CHOICES)('an account by %s', (_, account) => {
  test('is a named principal', () => {
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is trusted if both accounts are trusted', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP_ACCOUNT, BILLING_ACCOUNT] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is an error if none of the accounts is trusted', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [UNTRUSTED] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expectOneFinding(messagesOf(hub), 'error untrustedPrincipal');
  });

  test('is a warning if only one of the accounts is trusted', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP_ACCOUNT] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expectOneFinding(messagesOf(hub), 'warning untrustedPrincipal');
  });
});

describe('a value with only one possible value', () => {
  test.each<[string, () => string]>([
    ['a mapping by a known key', () => mapping().findInMap('eu-west-1', 'shop')],
    ['a mapping by the region of the stack', () => mapping().findInMap(Aws.REGION, 'shop')],
    [
      'a mapping of one value',
      () => mapping(SHOP_ACCOUNT, SHOP_ACCOUNT).findInMap(new CfnParameter(hub, 'Region').valueAsString, 'shop'),
    ],
    [
      'a condition between the same',
      () => Fn.conditionIf(condition().logicalId, SHOP_ACCOUNT, SHOP_ACCOUNT).toString(),
    ],
    ['a parameter of one value', () => parameter({ allowedValues: [SHOP_ACCOUNT] }).valueAsString],
    [
      'an item of a list of one value',
      () => Fn.select(1, parameter({ type: 'CommaDelimitedList', allowedValues: [SHOP_ACCOUNT] }).valueAsList),
    ],
  ])('by %s allows only that account', (_, account) => {
    const shop = testStack('Shop', SHOP, app);
    const billing = testStack('Billing', BILLING, app);
    bus.allowPublisher(EventPublisher.accounts(account()));
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP_ACCOUNT, BILLING_ACCOUNT] });
    for (const stack of [shop, billing]) {
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      role.addToPolicy(
        new PolicyStatement({
          actions: ['events:PutEvents'],
          resources: ['arn:aws:events:eu-west-1:111111111111:event-bus/orders'],
        }),
      );
    }
    expect(messagesOf(hub)).toEqual([]);
    expect(messagesOf(shop).filter((message) => message.startsWith('error'))).toEqual([]);
    const errors = messagesOf(billing).filter((message) => message.startsWith('error'));
    expectFindings(errors, ['error publisherAccessDenied /Billing/Role/DefaultPolicy/Resource']);
  });

  test('by a mapping fails if it is not an account', () => {
    expectError(
      () => bus.allowPublisher(EventPublisher.accounts(mapping('22').findInMap(Aws.REGION, 'shop'))),
      "'accounts' must",
    );
  });

  test.each<[string, () => string]>([
    ['a missing key of a mapping', () => Fn.findInMap(mapping().logicalId, 'eu-central-1', 'shop')],
    ['a missing mapping', () => Fn.findInMap('Nothing', 'eu-west-1', 'shop')],
  ])('is unknown by %s, and not trusted', (_, account) => {
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP_ACCOUNT, BILLING_ACCOUNT] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expectOneFinding(messagesOf(hub), 'warning untrustedPrincipal');
  });
});

describe('a list', () => {
  beforeEach(() => CrossAccountEventChecks.applyTo(app));

  const policy = (more: object, action = 'events:PutEvents') =>
    new CfnEventBusPolicy(hub, 'Policy', {
      eventBusName: bus.eventBusName,
      statementId: 'Shops',
      statement: { Sid: 'Shops', Effect: 'Allow', Action: action, Resource: bus.eventBusArn, ...more },
    });

  test.each<[string, () => string[]]>([
    [
      'a parameter whose items are accounts',
      () => parameter({ type: 'CommaDelimitedList', allowedPattern: '\\d{12}' }).valueAsList,
    ],
    [
      'a parameter whose items are roles',
      () => parameter({ type: 'CommaDelimitedList', allowedPattern: 'arn:aws:iam::\\d{12}:role/.+' }).valueAsList,
    ],
  ])('of principals by %s has named principals', (_, list) => {
    policy({ Principal: { AWS: list() } });
    expect(messagesOf(hub)).toEqual([]);
  });

  test('of principals by a parameter without restrictions is a warning', () => {
    policy({ Principal: { AWS: parameter({ type: 'CommaDelimitedList' }).valueAsList } });
    expectOneFinding(messagesOf(hub), 'warning wildcardPrincipal');
  });

  test.each<[string, () => string[]]>([
    [
      'a mapping',
      () =>
        Fn.findInMap(
          new CfnMapping(hub, 'Regions', { mapping: { live: { allowed: ['eu-west-1'] as unknown as string } } })
            .logicalId,
          'live',
          'allowed',
        ) as unknown as string[],
    ],
  ])('of regions by %s is evaluated in a deny statement', (_, regions) => {
    const shop = testStack('Shop', SHOP, app);
    bus.allowPublisher(EventPublisher.accounts(SHOP_ACCOUNT));
    new PublisherRole(shop, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), eventBuses: [bus] });
    policy({
      Effect: Effect.DENY,
      Principal: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': regions() } },
    });
    expect([...messagesOf(hub), ...messagesOf(shop)]).toEqual([]);
  });
});

describe('a value that only seems to be known', () => {
  const role = (stack: Stack) =>
    new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }).addToPolicy(
      new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
    );
  const statement = (more: object) =>
    new CfnEventBusPolicy(hub, 'Policy', {
      eventBusName: bus.eventBusName,
      statementId: 'S',
      statement: { Sid: 'S', Effect: 'Allow', Action: 'events:PutEvents', Resource: bus.eventBusArn, ...more },
    });
  const environment = () => new CfnParameter(hub, 'Env', { allowedValues: ['dev', 'prod'] });

  test.each<[string, () => string]>([
    ['an import with a parameter in its name', () => Fn.importValue(`${environment().valueAsString}-ShopAccount`)],
    [
      'a part of a text',
      () =>
        Fn.select(
          1,
          Fn.split(
            '/',
            parameter({ allowedValues: [`shop/${SHOP_ACCOUNT}`, `billing/${BILLING_ACCOUNT}`] }).valueAsString,
          ),
        ),
    ],
    [
      'the text of a list',
      () => Fn.join('', parameter({ type: 'CommaDelimitedList', allowedValues: ['111111', '222222'] }).valueAsList),
    ],
    [
      'an attribute named like a placeholder',
      () =>
        new CfnCustomResource(hub, 'Made', { serviceToken: 'arn:aws:lambda:eu-west-1:111111111111:function:x' })
          .getAtt('account parameter x')
          .toString(),
    ],
    ['a parameter named like a placeholder', () => new CfnParameter(hub, `Shop¦account¦${SHOP_ACCOUNT}`).valueAsString],
    [
      'a mapping with a lazy value',
      () => {
        mapping(Lazy.string({ produce: () => Fn.importValue('Shop') }));
        return Fn.findInMap('Accounts', 'eu-west-1', 'shop');
      },
    ],
  ])('is a warning: %s', (_, account) => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP_ACCOUNT, BILLING_ACCOUNT] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expectOneFinding(messagesOf(hub), 'warning untrustedPrincipal');
  });

  test('a deny statement for an imported account is unknown', () => {
    const shop = testStack('Shop', SHOP, app);
    CrossAccountEventChecks.applyTo(app);
    bus.allowPublisher(EventPublisher.accounts(SHOP_ACCOUNT));
    role(shop);
    statement({
      Effect: 'Deny',
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': Fn.importValue(`${environment().valueAsString}-Blocked`) } },
    });
    expectOneFinding(messagesOf(shop), 'warning deliveryUnverified');
  });

  test('two conditions with the same values are different', () => {
    const nested = () => {
      new CfnCondition(hub, 'Other', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
      return Fn.conditionIf(condition().logicalId, 'orders', Fn.conditionIf('Other', 'test', 'orders')).toString();
    };
    const shop = testStack('Shop', SHOP, app);
    const chosen = Fn.conditionIf('Live', 'orders', 'test').toString();
    CrossAccountEventChecks.applyTo(app);
    new CfnEventBusPolicy(hub, 'Policy', {
      eventBusName: nested(),
      statementId: 'S',
      statement: {
        Sid: 'S',
        Effect: 'Allow',
        Principal: { AWS: SHOP_ACCOUNT },
        Action: 'events:PutEvents',
        Resource: `arn:aws:events:eu-west-1:111111111111:event-bus/${chosen}`,
      },
    });
    role(shop);
    expect(messagesOf(shop)).toEqual([expect.stringMatching(/publisherAccessDenied|deliveryUnverified/)]);
  });

  test.each<[string, () => string, string]>([
    [
      'an account or a wildcard',
      () => Fn.conditionIf(condition().logicalId, UNTRUSTED, '*').toString(),
      'wildcardPrincipal',
    ],
    [
      'a parameter with a question mark in its ID',
      () => new CfnParameter(hub, 'Which?', { allowedValues: [UNTRUSTED, SHOP_ACCOUNT] }).valueAsString,
      'untrustedPrincipal',
    ],
  ])('a condition with %s is a warning', (_, value, id) => {
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP_ACCOUNT] });
    statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': value() } } });
    expectOneFinding(messagesOf(hub), `warning ${id}`);
  });

  test.each<[string, object]>([
    ['a pattern', { allowedPattern: 'arn:aws:iam::\\d{12}:oidc-provider/.+' }],
    [
      'values',
      {
        allowedValues: [
          'arn:aws:iam::222222222222:oidc-provider/a.example',
          'arn:aws:iam::222222222222:oidc-provider/b.example',
        ],
      },
    ],
  ])('an identity provider by %s is a public principal', (_, props) => {
    const shop = testStack('Shop', SHOP, app);
    CrossAccountEventChecks.applyTo(app);
    bus.allowPublisher(EventPublisher.accounts(SHOP_ACCOUNT));
    new Role(shop, 'Role', {
      assumedBy: new WebIdentityPrincipal(new CfnParameter(shop, 'Provider', props).valueAsString),
    }).addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }));
    expectOneFinding(messagesOf(shop), 'warning publisherRoleTrustTooBroad');
  });

  test('a rule on a bus with one of two ARNs is no error if a queue allows the rules of one bus', () => {
    CrossAccountEventChecks.applyTo(app);
    const queue = new Queue(hub, 'Queue', { queueName: 'q' });
    queue.addToResourcePolicy(
      new PolicyStatement({
        actions: ['sqs:SendMessage'],
        principals: [new ServicePrincipal('events.amazonaws.com')],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:111111111111:rule/orders/*' } },
      }),
    );
    const eventBusName = parameter({
      allowedValues: ['orders', 'test'].map((name) => `arn:aws:events:eu-west-1:111111111111:event-bus/${name}`),
    }).valueAsString;
    new CfnRule(hub, 'Rule', {
      eventBusName,
      eventPattern: { source: ['shop'], account: [SHOP_ACCOUNT] },
      targets: [{ id: 'T', arn: queue.queueArn }],
    });
    expect(messagesOf(hub).filter((message) => message.startsWith('error'))).toEqual([]);
  });
});

describe('organizations', () => {
  const OTHER = 'o-z9y8x7w6v5';
  const either = (first: string, second: string) => Fn.conditionIf(condition().logicalId, first, second).toString();

  test.each<[string, () => EventPublisher]>([
    ['one of two', () => EventPublisher.organization(either(ORGANIZATION, OTHER))],
    ['units of two', () => EventPublisher.organizationalUnits(either(`${ORGANIZATION}/r-ab12/*`, `${OTHER}/r-ab12/*`))],
  ])('are trusted if both are: %s', (_, publisher) => {
    CrossAccountEventChecks.applyTo(app, { trustedOrganizations: [ORGANIZATION, OTHER] });
    bus.allowPublisher(publisher());
    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[string, () => EventPublisher]>([
    ['one of two', () => EventPublisher.organization(either(ORGANIZATION, OTHER))],
    ['units of two', () => EventPublisher.organizationalUnits(either(`${ORGANIZATION}/r-ab12/*`, `${OTHER}/r-ab12/*`))],
  ])('are an error if none is trusted: %s', (_, publisher) => {
    CrossAccountEventChecks.applyTo(app, { trustedOrganizations: ['o-q1w2e3r4t5'] });
    bus.allowPublisher(publisher());
    expectOneFinding(messagesOf(hub), 'error untrustedPrincipal');
  });
});

test('an ARN with an account known only at deployment is a named principal in a condition', () => {
  const chosen = parameter({ allowedValues: [SHOP_ACCOUNT, BILLING_ACCOUNT] }).valueAsString;
  CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP_ACCOUNT, BILLING_ACCOUNT] });
  new CfnEventBusPolicy(hub, 'Policy', {
    eventBusName: bus.eventBusName,
    statementId: 'S',
    statement: {
      Sid: 'S',
      Effect: 'Allow',
      Action: 'events:PutEvents',
      Resource: bus.eventBusArn,
      Principal: '*',
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': `arn:aws:iam::${chosen}:role/x`,
        },
      },
    },
  });
  expect(messagesOf(hub)).toEqual([]);
});
