import { CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermissionProps } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { CONSUMER, HUB, ORGANIZATION, PUBLISHER, testFunction } from '../../support/apps';
import { Asks, Faulty, MakeApp, faults, published } from '../../support/faults';
import {
  LENIENT,
  busArn,
  elsewhere,
  functionArn,
  inThreeAccounts,
  publisher,
  queueArn,
  rawBus,
  rawPermission,
  rawPolicy,
  rawRule,
  roleArn,
  rootArn,
  ruleArn,
  senderRole,
} from '../../support/three-accounts';

const RULE = ruleArn('orders/rule');
/** Leave to manage rules, and not to put events. */
const targets = { Action: 'events:PutTargets', Resource: ruleArn('orders/*') };
type Pattern = { readonly [field: string]: unknown };

/** A rule of the bus `orders`, on which account 222222222222 may put events, if the statement says nothing else. */
const pattern = (eventPattern: Pattern, statement: object | null = {}, context?: object, ...more: object[]) =>
  inThreeAccounts(({ hub }) => {
    const bus = rawBus(hub);
    if (statement) rawPolicy(hub, statement);
    more.forEach((another, i) => rawPolicy(hub, another, { id: `Another${i}`, sid: `Another${i}` }));
    rawPermission(hub, 'handler', RULE).node.addDependency(testFunction(hub, 'Handler', { functionName: 'handler' }));
    rawRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders', eventPattern }).node.addDependency(bus);
  }, context);

const from =
  (account: string, event: object = {}): Asks =>
  (arrives) => [
    {
      path: {
        from: { account, policies: 'allowAll' },
        to: { bus: 'Hub/Bus' },
        event: { source: 'com.shop', detailType: 'OrderPlaced', ...event },
        [arrives ? 'reaches' : 'notReaches']: ['Hub/Handler'],
      },
    },
  ];
const SHOP = { source: ['com.shop'] };
const source = (...values: string[]) => ({ Condition: { StringEquals: { 'events:source': values } } });
const never = (app: MakeApp, asks?: Asks): Faulty => ({ at: '/Hub/Rule', app, asks });
const ifProved = (app: MakeApp, asks?: Asks): Faulty => ({ ...never(app, asks), level: 'either' });

faults('a pattern that matches nothing', {
  finds: FindingId.PATTERN_NEVER_MATCHES,
  level: 'error',
  asks: from(PUBLISHER.account),
  healthy: {
    'the account of the publisher': pattern({ account: [PUBLISHER.account] }),
    'the accounts of publishers and others': pattern({ account: [elsewhere.account, PUBLISHER.account] }),
    'the account of the bus itself': { app: pattern({ ...SHOP, account: [HUB.account] }), asks: from(HUB.account) },
    'the account of the bus, and a source that no other may send': {
      app: pattern({ source: ['com.hub'], account: [HUB.account] }),
      asks: from(HUB.account, { source: 'com.hub' }),
    },
    'no statement, and no account in the pattern': { app: pattern(SHOP, null), asks: from(HUB.account) },
    'a source that the publisher may send': pattern(
      { ...SHOP, account: [PUBLISHER.account] },
      source('com.shop', 'com.other'),
    ),
    'a prefix of such a source': pattern(
      { source: [{ prefix: 'com.s' }], account: [PUBLISHER.account] },
      source('com.shop'),
    ),
    'a source that the publisher may send by a prefix': pattern(
      { ...SHOP, account: [PUBLISHER.account] },
      { Condition: { StringLike: { 'events:source': 'com.*' } } },
    ),
    'a source that a role of the account of the bus may send': {
      app: inThreeAccounts(({ hub }) => {
        const bus = rawBus(hub);
        rawPolicy(hub, source('com.shop'));
        publisher(hub, busArn());
        rawRule(hub, undefined, { eventBusName: 'orders', eventPattern: { source: ['com.hub'] } }).node.addDependency(
          bus,
        );
      }),
      asks: 'nothing',
    },
    'a source that a rule of the account of the bus brings': {
      app: inThreeAccounts(({ hub }) => {
        rawBus(hub);
        rawPolicy(hub, source('com.shop'));
        rawBus(hub, 'First', 'first');
        const { roleArn: sender } = senderRole(hub, ruleArn('first/forward'), busArn());
        rawRule(
          hub,
          { arn: busArn(), roleArn: sender },
          { eventBusName: 'first', eventPattern: { source: ['com.hub'] } },
          'Forward',
        );
        rawRule(hub, undefined, { eventBusName: 'orders', eventPattern: { source: ['com.hub'] } });
      }),
      asks: 'nothing',
    },
    'a source that one statement leaves open, and another does not': {
      app: pattern({ source: ['com.hub'] }, source('com.shop'), undefined, { Principal: { AWS: rootArn(CONSUMER) } }),
      asks: from(CONSUMER.account, { source: 'com.hub' }),
    },
    'anything but another account': pattern({ account: [{ 'anything-but': [elsewhere.account] }] }),
    'a member of an organization, which no template tells': {
      app: pattern(
        { account: [CONSUMER.account] },
        { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
      ),
      asks: 'nothing',
    },
    'events of a service on the default bus': {
      app: inThreeAccounts(({ hub }) =>
        rawRule(hub, undefined, { eventPattern: { source: ['aws.s3'], account: [HUB.account] } }),
      ),
      asks: 'nothing',
    },
    'a wildcard that is one, beside a name with an asterisk': pattern({ source: [{ wildcard: 'com.*' }, 'com.*'] }),
    'a schedule': {
      app: inThreeAccounts(({ hub }) =>
        rawRule(hub, undefined, { eventPattern: undefined, scheduleExpression: 'rate(1 day)' }),
      ),
      asks: 'nothing',
    },
    'constructs of this library': {
      app: inThreeAccounts(({ hub }) => {
        const eventBus = new CrossAccountEventBus(hub, 'Bus', {
          publishers: [EventPublisher.accounts(PUBLISHER.account)],
        });
        new Rule(hub, 'Rule', { eventBus, eventPattern: { source: ['com.shop'], account: [PUBLISHER.account] } });
      }),
      asks: 'nothing',
    },
  },
  faulty: {
    // Somebody of the account of the bus may: that is outside the app.
    'a source that no other account may send': {
      at: '/Hub/Rule',

      level: 'warning',
      app: pattern({ source: ['com.hub'] }, source('com.shop')),
      asks: 'nothing',
    },
    'a source that others may manage rules for, but not send': {
      at: '/Hub/Rule',

      level: 'warning',
      app: pattern({ source: ['com.hub'] }, source('com.shop'), undefined, targets),
      asks: 'nothing',
    },
    'a source that is denied to all others': {
      at: '/Hub/Rule',

      level: 'warning',
      app: pattern({ source: ['com.hub'] }, {}, undefined, { Effect: 'Deny', Principal: '*', ...source('com.hub') }),
      asks: 'nothing',
    },
    ...Object.fromEntries(
      ['source', 'detail-type'].map((field) => [
        `wildcards to the letter in ${field}`,
        {
          at: '/Hub/Rule',

          level: 'warning' as const,
          app: pattern({ [field]: ['com.*', '*.shop'] }),
          asks: 'nothing' as const,
        },
      ]),
    ),
    'wildcards to the letter that nobody may send either': never(
      pattern({ source: ['com.*'], account: [PUBLISHER.account] }, null),
      'nothing' as never,
    ),
    'any account by an asterisk': never(pattern({ account: ['*'] })),
    'any account by an asterisk beside a source': never(pattern({ ...SHOP, account: ['*'] })),
    'no value': never(pattern({ source: [] }, {}, LENIENT)),
    'no value in the details': never(pattern({ ...SHOP, detail: { kind: [] } }, {}, LENIENT)),
    'an account as a number': never(pattern({ account: [Number(PUBLISHER.account)] }, {}, LENIENT)),
    'an account without publishers': ifProved(pattern({ account: [CONSUMER.account] }), from(CONSUMER.account)),
    'accounts without publishers': ifProved(
      pattern({ ...SHOP, account: [CONSUMER.account, elsewhere.account] }),
      from(CONSUMER.account),
    ),
    'a publisher on a bus without policy': ifProved(pattern({ account: [PUBLISHER.account] }, null)),
    'a source that its only publisher may not send': ifProved(
      pattern({ source: ['com.other'], account: [PUBLISHER.account] }, source('com.shop')),
      from(PUBLISHER.account, { source: 'com.other' }),
    ),
    'a detail type that its only publisher may not send': ifProved(
      pattern(
        { 'detail-type': ['OrderSent'], account: [PUBLISHER.account] },
        { Condition: { StringEquals: { 'events:detail-type': 'OrderPlaced' } } },
      ),
      from(PUBLISHER.account, { detailType: 'OrderSent' }),
    ),
    'a rule of aws-cdk-lib': {
      ...never(
        inThreeAccounts(
          ({ hub }) => new Rule(hub, 'Rule', { eventBus: new EventBus(hub, 'Bus'), eventPattern: { account: ['*'] } }),
        ),
      ),
      asks: 'nothing',
    },
  },
});

/** A bus whose policy has one statement, for publishers elsewhere. */
const statement = (changed: object) => inThreeAccounts(({ hub }) => [rawBus(hub), rawPolicy(hub, changed)]);
const condition = (Condition: object, changed: object = { Principal: '*' }) => statement({ ...changed, Condition });
const permission = (props: Partial<CfnPermissionProps>) =>
  inThreeAccounts(({ hub }) => {
    rawPermission(hub, 'handler', RULE, props).node.addDependency(
      testFunction(hub, 'Handler', { functionName: 'handler' }),
    );
  });
const queue = (Condition: object) =>
  inThreeAccounts(({ hub }) => {
    const made = new CfnQueue(hub, 'Queue', { queueName: 'letters' });
    const Statement = [
      {
        Sid: 'Events',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: queueArn('letters'),
        Condition,
      },
    ];
    new CfnQueuePolicy(hub, 'Policy', { queues: [made.ref], policyDocument: { Version: '2012-10-17', Statement } });
  });

const ORG = { 'aws:PrincipalOrgID': ORGANIZATION };
const PATHS = { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*` };
const SERVICE = { Principal: { Service: 's3.amazonaws.com' } };
const creator = { StringEquals: { 'events:creatorAccount': '${aws:PrincipalAccount}' } };
const impossible = (app: MakeApp, at = '/Hub/Policy'): Faulty => ({ at, app });

faults('a condition that is never true', {
  finds: FindingId.CONDITION_NEVER_MATCHES,
  level: 'error',
  healthy: {
    'an organization of everybody': condition({ StringEquals: ORG }),
    'an organization of an account': condition({ StringEquals: ORG }, {}),
    'organizational units': condition({ 'ForAnyValue:StringLike': PATHS }),
    'an organization that a service acts for': condition(
      { StringEquals: { 'aws:SourceOrgID': ORGANIZATION } },
      SERVICE,
    ),
    'a prefix of sources': condition({ StringLike: { 'events:source': 'com.shop.*' } }, {}),
    'roles by an operator for ARNs, which takes wildcards': condition(
      { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${PUBLISHER.account}:role/team-*` } },
      {},
    ),
    'one source by an operator for one value, as in examples of AWS': condition(
      { StringEquals: { 'events:source': 'com.shop' } },
      {},
    ),
    'targets by an operator for many values': condition(
      {
        'ForAllValues:ArnLike': { 'events:TargetArn': `arn:aws:events:*:${PUBLISHER.account}:event-bus/*` },
        Null: { 'events:TargetArn': 'false' },
        ...creator,
      },
      targets,
    ),
    'a permission for an organization': permission({
      principal: '*',
      principalOrgId: ORGANIZATION,
      sourceArn: undefined,
      sourceAccount: undefined,
    }),
    'a queue for a rule': queue({ ArnEquals: { 'aws:SourceArn': RULE } }),
    'a Deny whose condition is never true': inThreeAccounts(({ hub }) => {
      rawBus(hub);
      rawPolicy(hub);
      rawPolicy(
        hub,
        { Effect: 'Deny', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': elsewhere.account } } },
        { id: 'Deny', sid: 'Deny' },
      );
    }),
  },
  faulty: {
    'an organization of a service': impossible(condition({ StringEquals: ORG }, SERVICE)),
    'organizational units of a service': impossible(condition({ 'ForAnyValue:StringLike': PATHS }, SERVICE)),
    'an account of a service': impossible(
      condition({ StringEquals: { 'aws:PrincipalAccount': PUBLISHER.account } }, SERVICE),
    ),
    'a role of a service': impossible(condition({ ArnLike: { 'aws:PrincipalArn': roleArn('publisher') } }, SERVICE)),
    'an organization of a service in a permission': impossible(
      permission({ principalOrgId: ORGANIZATION }),
      '/Hub/Permission',
    ),
    'an organization of a service in a queue policy': impossible(queue({ StringEquals: ORG }), '/Hub'),
    'organizational units by an operator for one value': impossible(condition({ StringLike: PATHS })),
    'targets by an operator for one value': {
      ...impossible(
        condition(
          {
            StringEquals: { 'events:TargetArn': busArn('own', PUBLISHER) },
            StringEqualsIfExists: creator.StringEquals,
          },
          targets,
        ),
      ),
      level: 'either',
    },
    'organizational units with an asterisk, without Like': impossible(condition({ 'ForAnyValue:StringEquals': PATHS })),
    'a source with an asterisk, without Like': impossible(
      condition({ StringEquals: { 'events:source': 'com.shop.*' } }, {}),
    ),
    'a source with an asterisk, for many values': impossible(
      condition({ 'ForAnyValue:StringEquals': { 'events:source': ['com.shop.*'] } }, {}),
    ),
    'roles with an asterisk, without Like': impossible(
      condition({ StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${PUBLISHER.account}:role/team-*` } }, {}),
    ),
    'rules with an asterisk, without Like': impossible(
      queue({ StringEquals: { 'aws:SourceArn': ruleArn('orders/*') } }),
      '/Hub',
    ),
    'a statement of aws-cdk-lib': impossible(
      inThreeAccounts(({ hub }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        bus.addToResourcePolicy(
          new PolicyStatement({
            sid: 'Shop',
            principals: [new AccountPrincipal(PUBLISHER.account)],
            actions: ['events:PutEvents'],
            resources: [bus.eventBusArn],
            conditions: { StringEquals: { 'events:source': 'com.*' } },
          }),
        );
      }),
      '/Hub/Bus',
    ),
    'a statement of this library that was overridden': impossible(
      inThreeAccounts(({ hub }) => {
        const bus = new CrossAccountEventBus(hub, 'Bus', {
          eventBusName: 'orders',
          publishers: [EventPublisher.accounts(PUBLISHER.account)],
        });
        const policy = bus.node.findAll().find((c): c is CfnEventBusPolicy => c instanceof CfnEventBusPolicy)!;
        policy.addPropertyOverride('Statement.Condition', { StringEquals: { 'events:source': 'com.*' } });
      }),
      '/Hub/Bus',
    ),
    'one that keeps out a publisher of the app': {
      finds: [FindingId.CONDITION_NEVER_MATCHES, FindingId.PUBLISHER_ACCESS_DENIED],
      at: ['/Hub/Policy', '/Shop/Publisher'],

      app: inThreeAccounts(({ hub, shop }) => {
        rawBus(hub);
        rawPolicy(hub, source('com.*'));
        publisher(shop, busArn(), source('com.shop').Condition);
      }),
      asks: published('Shop/Publisher', 'Hub/Bus', { source: 'com.shop' }),
    },
  },
});
