import { App, Aws, CfnCondition, CfnCustomResource, CfnMapping, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy, CfnRule } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement, Role, ServicePrincipal, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, CrossAccountEventChecks, EventPublisher, PublisherRole } from '../../src';
import { CONSUMER, HUB, ORGANIZATION, PUBLISHER, messagesOf, testApp, testStack } from '../support/apps';

const SHOP = PUBLISHER.account;
const BILLING = CONSUMER.account;
const STRANGER = '999999999999';

let app: App;
let hub: Stack;
let bus: CrossAccountEventBus;
beforeEach(() => {
  // Newer releases of the CDK refuse a mapping that is not there.
  app = testApp({ context: { '@aws-cdk/core:validateAgainstDefaultRules': false } });
  hub = testStack('Hub', HUB, app);
  bus = new CrossAccountEventBus(hub, 'Bus', { eventBusName: 'orders' });
});

const condition = () => new CfnCondition(hub, 'Live', { expression: Fn.conditionEquals(Aws.STACK_NAME, 'live') });
const mapping = (first = SHOP, second = BILLING) =>
  new CfnMapping(hub, 'Accounts', {
    mapping: { 'eu-west-1': { shop: first }, 'us-east-1': { shop: second } },
  });
const parameter = (props: object) => new CfnParameter(hub, 'Given', props);

/** Values that deployment chooses among the accounts of the shop and of billing, as people write them. */
const CHOICES: [string, () => string][] = [
  ['a parameter', () => parameter({ allowedValues: [SHOP, BILLING] }).valueAsString],
  [
    'an item of a list',
    () => Fn.select(0, parameter({ type: 'CommaDelimitedList', allowedValues: [SHOP, BILLING] }).valueAsList),
  ],
  ['a condition', () => Fn.conditionIf(condition().logicalId, SHOP, BILLING).toString()],
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
            allowedValues: [`arn:aws:iam::${SHOP}:role/x`, `arn:aws:iam::${BILLING}:role/x`],
          }).valueAsString,
        ),
      ),
  ],
];

describe.each(CHOICES)('an account by %s', (_, account) => {
  test('names callers, in every statement', () => {
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is trusted where all that it may be is', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP, BILLING] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([]);
  });

  test('is refused where none of that is trusted', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [STRANGER] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error .*:untrustedPrincipal\]$/)]);
  });

  test('is warned of where one of them is trusted, the other not', () => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([
      expect.stringMatching(/^warning .* it cannot be told at synth .*:untrustedPrincipal\]$/),
    ]);
  });
});

describe('a value that is known after all', () => {
  test.each<[string, () => string]>([
    ['a mapping by a known key', () => mapping().findInMap('eu-west-1', 'shop')],
    ['a mapping by the region of the stack', () => mapping().findInMap(Aws.REGION, 'shop')],
    [
      'a mapping of one value',
      () => mapping(SHOP, SHOP).findInMap(new CfnParameter(hub, 'Region').valueAsString, 'shop'),
    ],
    ['a condition between the same', () => Fn.conditionIf(condition().logicalId, SHOP, SHOP).toString()],
    ['a parameter of one value', () => parameter({ allowedValues: [SHOP] }).valueAsString],
    [
      'an item of a list of one value',
      () => Fn.select(1, parameter({ type: 'CommaDelimitedList', allowedValues: [SHOP] }).valueAsList),
    ],
  ])('by %s lets that account in, and no other', (_, account) => {
    const shop = testStack('Shop', PUBLISHER, app);
    const billing = testStack('Billing', CONSUMER, app);
    bus.allowPublisher(EventPublisher.accounts(account()));
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP, BILLING] });
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
    expect(messagesOf(billing).filter((message) => message.startsWith('error'))).toEqual([
      expect.stringMatching(/publisherAccessDenied\]$/),
    ]);
  });

  test('by a mapping is refused where it is no account', () => {
    expect(() => bus.allowPublisher(EventPublisher.accounts(mapping('22').findInMap(Aws.REGION, 'shop')))).toThrow(
      "'accounts' must hold 12-digit account ids, got '22'",
    );
  });

  test.each<[string, () => string]>([
    ['a key that it lacks', () => Fn.findInMap(mapping().logicalId, 'eu-central-1', 'shop')],
    ['a mapping that nobody made', () => Fn.findInMap('Nothing', 'eu-west-1', 'shop')],
  ])('is not one by %s', (_, account) => {
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([
      expect.stringMatching(/^warning .* may be of any account .*:wildcardPrincipal\]$/),
    ]);
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
  ])('of principals by %s names callers', (_, list) => {
    policy({ Principal: { AWS: list() } });
    expect(messagesOf(hub)).toEqual([]);
  });

  test('of principals by a parameter that says nothing is warned of', () => {
    policy({ Principal: { AWS: parameter({ type: 'CommaDelimitedList' }).valueAsList } });
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^warning .*:wildcardPrincipal\]$/)]);
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
  ])('of regions by %s is a guard that is judged', (_, regions) => {
    const shop = testStack('Shop', PUBLISHER, app);
    bus.allowPublisher(EventPublisher.accounts(SHOP));
    new PublisherRole(shop, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com'), eventBuses: [bus] });
    policy({
      Effect: Effect.DENY,
      Principal: '*',
      Condition: { StringNotEquals: { 'aws:RequestedRegion': regions() } },
    });
    expect([...messagesOf(hub), ...messagesOf(shop)]).toEqual([]);
  });
});

describe('what only seems to be known', () => {
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
    ['an import by the name of an environment', () => Fn.importValue(`${environment().valueAsString}-ShopAccount`)],
    [
      'a part of a text',
      () =>
        Fn.select(1, Fn.split('/', parameter({ allowedValues: [`shop/${SHOP}`, `billing/${BILLING}`] }).valueAsString)),
    ],
    [
      'the text of a list',
      () => Fn.join('', parameter({ type: 'CommaDelimitedList', allowedValues: ['111111', '222222'] }).valueAsList),
    ],
    [
      'an attribute of that name',
      () =>
        new CfnCustomResource(hub, 'Made', { serviceToken: 'arn:aws:lambda:eu-west-1:111111111111:function:x' })
          .getAtt('account parameter x')
          .toString(),
    ],
    ['a parameter of that name', () => new CfnParameter(hub, `Shop¦account¦${SHOP}`).valueAsString],
    [
      'a mapping with a value that is made later',
      () => {
        mapping(Lazy.string({ produce: () => Fn.importValue('Shop') }));
        return Fn.findInMap('Accounts', 'eu-west-1', 'shop');
      },
    ],
  ])('is warned of: %s', (_, account) => {
    CrossAccountEventChecks.applyTo(hub, { trustedAccounts: [SHOP, BILLING] });
    bus.allowPublisher(EventPublisher.accounts(account()));
    expect(messagesOf(hub)).toEqual([
      expect.stringMatching(/^warning .* it cannot be told at synth whom .*:wildcardPrincipal\]$/),
    ]);
  });

  test('a denial of an account that is imported by the name of an environment is undecided', () => {
    const shop = testStack('Shop', PUBLISHER, app);
    CrossAccountEventChecks.applyTo(app);
    bus.allowPublisher(EventPublisher.accounts(SHOP));
    role(shop);
    statement({
      Effect: 'Deny',
      Principal: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': Fn.importValue(`${environment().valueAsString}-Blocked`) } },
    });
    expect(messagesOf(shop)).toEqual([expect.stringMatching(/^warning .*:deliveryUnverified\]$/)]);
  });

  test('two conditions that choose between the same values are two', () => {
    const nested = () => {
      new CfnCondition(hub, 'Other', { expression: Fn.conditionEquals(Aws.REGION, 'eu-west-1') });
      return Fn.conditionIf(condition().logicalId, 'orders', Fn.conditionIf('Other', 'test', 'orders')).toString();
    };
    const shop = testStack('Shop', PUBLISHER, app);
    const chosen = Fn.conditionIf('Live', 'orders', 'test').toString();
    CrossAccountEventChecks.applyTo(app);
    new CfnEventBusPolicy(hub, 'Policy', {
      eventBusName: nested(),
      statementId: 'S',
      statement: {
        Sid: 'S',
        Effect: 'Allow',
        Principal: { AWS: SHOP },
        Action: 'events:PutEvents',
        Resource: `arn:aws:events:eu-west-1:111111111111:event-bus/${chosen}`,
      },
    });
    role(shop);
    expect(messagesOf(shop)).toEqual([expect.stringMatching(/publisherAccessDenied|deliveryUnverified/)]);
  });

  test.each<[string, () => string]>([
    ['an account or anybody', () => Fn.conditionIf(condition().logicalId, STRANGER, '*').toString()],
    [
      'one whose id has a question mark',
      () => new CfnParameter(hub, 'Which?', { allowedValues: [STRANGER, SHOP] }).valueAsString,
    ],
  ])('a condition that names %s may let it in', (_, value) => {
    CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP] });
    statement({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': value() } } });
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^warning .*:(wildcardPrincipal|untrustedPrincipal)\]$/)]);
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
  ])('an identity provider by %s names nobody', (_, props) => {
    const shop = testStack('Shop', PUBLISHER, app);
    CrossAccountEventChecks.applyTo(app);
    bus.allowPublisher(EventPublisher.accounts(SHOP));
    new Role(shop, 'Role', {
      assumedBy: new WebIdentityPrincipal(new CfnParameter(shop, 'Provider', props).valueAsString),
    }).addToPolicy(new PolicyStatement({ actions: ['events:PutEvents'], resources: [bus.eventBusArn] }));
    expect(messagesOf(shop)).toEqual([expect.stringMatching(/publisherRoleTrustTooBroad/)]);
  });

  test('a rule on a bus by one of two ARNs is undecided where a queue lets in the rules of one', () => {
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
      eventPattern: { source: ['shop'], account: [SHOP] },
      targets: [{ id: 'T', arn: queue.queueArn }],
    });
    expect(messagesOf(hub).filter((message) => message.startsWith('error'))).toEqual([]);
  });
});

describe('organizations', () => {
  const OTHER = 'o-z9y8x7w6v5';
  const either = (...[one, other]: string[]) => Fn.conditionIf(condition().logicalId, one, other).toString();

  test.each<[string, () => EventPublisher]>([
    ['one of two', () => EventPublisher.organization(either(ORGANIZATION, OTHER))],
    ['units of two', () => EventPublisher.organizationalUnits(either(`${ORGANIZATION}/r-ab12/*`, `${OTHER}/r-ab12/*`))],
  ])('are trusted where both are: %s', (_, publisher) => {
    CrossAccountEventChecks.applyTo(app, { trustedOrganizations: [ORGANIZATION, OTHER] });
    bus.allowPublisher(publisher());
    expect(messagesOf(hub)).toEqual([]);
  });

  test.each<[string, () => EventPublisher]>([
    ['one of two', () => EventPublisher.organization(either(ORGANIZATION, OTHER))],
    ['units of two', () => EventPublisher.organizationalUnits(either(`${ORGANIZATION}/r-ab12/*`, `${OTHER}/r-ab12/*`))],
  ])('are refused where none is: %s', (_, publisher) => {
    CrossAccountEventChecks.applyTo(app, { trustedOrganizations: ['o-q1w2e3r4t5'] });
    bus.allowPublisher(publisher());
    expect(messagesOf(hub)).toEqual([expect.stringMatching(/^error .*:untrustedPrincipal\]$/)]);
  });
});

test('an ARN around an account of which deployment chooses names callers in a condition', () => {
  CrossAccountEventChecks.applyTo(app, { trustedAccounts: [SHOP, BILLING] });
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
          'aws:PrincipalArn': `arn:aws:iam::${parameter({ allowedValues: [SHOP, BILLING] }).valueAsString}:role/x`,
        },
      },
    },
  });
  expect(messagesOf(hub)).toEqual([]);
});
