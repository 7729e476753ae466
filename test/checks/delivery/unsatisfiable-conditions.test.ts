import { CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnPermissionProps } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, CfnQueuePolicy, Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, EventPublisher } from '../../../src';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, HUB, ORGANIZATION, SHOP, testFunction } from '../../support/apps';
import { OracleQuestions, Faulty, MakeApp, faults, published } from '../../support/faults';
import {
  LENIENT,
  busArn,
  PARTNER,
  functionArn,
  inThreeAccounts,
  publisherRole,
  queueArn,
  cfnEventBus,
  cfnPermission,
  cfnEventBusPolicy,
  cfnRule,
  cfnRuleToQueue,
  roleArn,
  rootArn,
  ruleArn,
  executionRole,
} from '../../support/three-accounts';

const RULE = ruleArn('orders/rule');
/** Permission to manage rules, but not to put events. */
const targets = { Action: 'events:PutTargets', Resource: ruleArn('orders/*') };
type Pattern = { readonly [field: string]: unknown };

/** A rule on the bus `orders`, on which account 222222222222 may put events by default. */
const pattern = (eventPattern: Pattern, statement: object | null = {}, context?: object, ...more: object[]) =>
  inThreeAccounts(({ hub }) => {
    const bus = cfnEventBus(hub);
    if (statement) cfnEventBusPolicy(hub, statement);
    more.forEach((another, i) => cfnEventBusPolicy(hub, another, { id: `Another${i}`, sid: `Another${i}` }));
    cfnPermission(hub, 'handler', RULE).node.addDependency(testFunction(hub, 'Handler', { functionName: 'handler' }));
    cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders', eventPattern }).node.addDependency(bus);
  }, context);

const from =
  (account: string, event: object = {}): OracleQuestions =>
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
/** The same, with the publisher that the policy allows. */
const patternWithPublisher = (eventPattern: Pattern) =>
  inThreeAccounts(({ hub, shop }) => {
    const bus = cfnEventBus(hub);
    cfnEventBusPolicy(hub);
    publisherRole(shop);
    cfnPermission(hub, 'handler', RULE).node.addDependency(testFunction(hub, 'Handler', { functionName: 'handler' }));
    cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders', eventPattern }).node.addDependency(bus);
  });
const SHOP_EVENTS = { source: ['com.shop'] };
const source = (...values: string[]) => ({ Condition: { StringEquals: { 'events:source': values } } });
const neverMatches = (app: MakeApp, asks?: OracleQuestions): Faulty => ({ at: '/Hub/Rule', app, asks });
const errorOrWarning = (app: MakeApp, asks?: OracleQuestions): Faulty => ({
  ...neverMatches(app, asks),
  level: 'either',
});

faults('a pattern that matches nothing', {
  finds: FindingId.PATTERN_NEVER_MATCHES,
  level: 'error',
  asks: from(SHOP.account),
  healthy: {
    'the account of the publisher': pattern({ account: [SHOP.account] }),
    'the accounts of the publisher and of another account': pattern({
      account: [PARTNER.account, SHOP.account],
    }),
    'the account of the bus itself': {
      app: pattern({ ...SHOP_EVENTS, account: [HUB.account] }),
      asks: from(HUB.account),
    },
    'the account of the bus, and a source that no other account may put': {
      app: pattern({ source: ['com.hub'], account: [HUB.account] }),
      asks: from(HUB.account, { source: 'com.hub' }),
    },
    'no statement, and no account in the pattern': { app: pattern(SHOP_EVENTS, null), asks: from(HUB.account) },
    'a source that the publisher may put': pattern(
      { ...SHOP_EVENTS, account: [SHOP.account] },
      source('com.shop', 'com.other'),
    ),
    'a prefix of such a source': pattern(
      { source: [{ prefix: 'com.s' }], account: [SHOP.account] },
      source('com.shop'),
    ),
    'a source that the publisher may put by a prefix': pattern(
      { ...SHOP_EVENTS, account: [SHOP.account] },
      { Condition: { StringLike: { 'events:source': 'com.*' } } },
    ),
    'a source that a role in the account of the bus may put': {
      app: inThreeAccounts(({ hub }) => {
        const bus = cfnEventBus(hub);
        cfnEventBusPolicy(hub, source('com.shop'));
        publisherRole(hub, busArn());
        cfnRuleToQueue(hub, { eventBusName: 'orders', eventPattern: { source: ['com.hub'] } }).node.addDependency(bus);
      }),
      asks: 'nothing',
    },
    'a source that a rule in the account of the bus forwards': {
      app: inThreeAccounts(({ hub }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub, source('com.shop'));
        cfnEventBus(hub, 'First', 'first');
        const { roleArn: sender } = executionRole(hub, ruleArn('first/forward'), busArn());
        cfnRule(
          hub,
          { arn: busArn(), roleArn: sender },
          { eventBusName: 'first', eventPattern: { source: ['com.hub'] } },
          'Forward',
        );
        cfnRuleToQueue(hub, { eventBusName: 'orders', eventPattern: { source: ['com.hub'] } });
      }),
      asks: 'nothing',
    },
    'a source that one statement does not restrict, and another does': {
      app: pattern({ source: ['com.hub'] }, source('com.shop'), undefined, { Principal: { AWS: rootArn(BILLING) } }),
      asks: from(BILLING.account, { source: 'com.hub' }),
    },
    'an account whose events a rule of another app may forward': {
      app: pattern({ account: [BILLING.account] }),
      asks: 'nothing',
    },
    'anything but another account': pattern({ account: [{ 'anything-but': [PARTNER.account] }] }),
    'an account that may be in the organization': {
      app: pattern(
        { account: [BILLING.account] },
        { Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': ORGANIZATION } } },
      ),
      asks: 'nothing',
    },
    'events from an AWS service on the default bus': {
      app: inThreeAccounts(({ hub }) =>
        cfnRuleToQueue(hub, { eventPattern: { source: ['aws.s3'], account: [HUB.account] } }),
      ),
      asks: 'nothing',
    },
    'a wildcard matcher and an exact value with an asterisk': pattern({ source: [{ wildcard: 'com.*' }, 'com.*'] }),
    'a schedule': {
      app: inThreeAccounts(({ hub }) =>
        cfnRuleToQueue(hub, { eventPattern: undefined, scheduleExpression: 'rate(1 day)' }),
      ),
      asks: 'nothing',
    },
    'constructs of this library': {
      app: inThreeAccounts(({ hub }) => {
        const eventBus = new CrossAccountEventBus(hub, 'Bus', {
          publishers: [EventPublisher.accounts(SHOP.account)],
        });
        new Rule(hub, 'Rule', {
          eventBus,
          eventPattern: { source: ['com.shop'], account: [SHOP.account] },
          targets: [new SqsQueue(new Queue(hub, 'Queue'))],
        });
      }),
      asks: 'nothing',
    },
  },
  faulty: {
    // A warning, because a publisher in the account of the bus may be defined in another app.
    'a source that no other account may put': {
      at: '/Hub/Rule',
      level: 'warning',
      app: pattern({ source: ['com.hub'] }, source('com.shop')),
      asks: 'nothing',
    },
    'a source that other accounts may manage rules for, but not put': {
      at: '/Hub/Rule',
      level: 'warning',
      app: pattern({ source: ['com.hub'] }, source('com.shop'), undefined, targets),
      asks: 'nothing',
    },
    'a source that is denied to all principals': {
      at: '/Hub/Rule',
      level: 'warning',
      app: pattern({ source: ['com.hub'] }, {}, undefined, { Effect: 'Deny', Principal: '*', ...source('com.hub') }),
      asks: 'nothing',
    },
    ...Object.fromEntries(
      ['source', 'detail-type'].map((field) => [
        `exact values with wildcards in ${field}`,
        {
          at: '/Hub/Rule',
          level: 'warning' as const,
          app: pattern({ [field]: ['com.*', '*.shop'] }),
          asks: 'nothing' as const,
        },
      ]),
    ),
    'exact values with wildcards that no publisher may put': neverMatches(
      pattern({ source: ['com.*'], account: [SHOP.account] }, null),
      'nothing' as never,
    ),
    'any account by an asterisk': neverMatches(pattern({ account: ['*'] })),
    'any account by an asterisk beside a source': neverMatches(pattern({ ...SHOP_EVENTS, account: ['*'] })),
    'no value': neverMatches(pattern({ source: [] }, {}, LENIENT)),
    'no value in detail': neverMatches(pattern({ ...SHOP_EVENTS, detail: { kind: [] } }, {}, LENIENT)),
    'an account as a number': neverMatches(pattern({ account: [Number(SHOP.account)] }, {}, LENIENT)),
    'an account without publishers': {
      ...neverMatches(patternWithPublisher({ account: [BILLING.account] }), from(BILLING.account)),
      level: 'warning',
    },
    'accounts without publishers': {
      ...neverMatches(
        patternWithPublisher({ ...SHOP_EVENTS, account: [BILLING.account, PARTNER.account] }),
        from(BILLING.account),
      ),
      level: 'warning',
    },
    'a publisher on a bus without policy': errorOrWarning(pattern({ account: [SHOP.account] }, null)),
    'a source that its only publisher may not put': errorOrWarning(
      pattern({ source: ['com.other'], account: [SHOP.account] }, source('com.shop')),
      from(SHOP.account, { source: 'com.other' }),
    ),
    'a detail type that its only publisher may not put': errorOrWarning(
      pattern(
        { 'detail-type': ['OrderSent'], account: [SHOP.account] },
        { Condition: { StringEquals: { 'events:detail-type': 'OrderPlaced' } } },
      ),
      from(SHOP.account, { detailType: 'OrderSent' }),
    ),
    'a rule of aws-cdk-lib': {
      ...neverMatches(
        inThreeAccounts(
          ({ hub }) =>
            new Rule(hub, 'Rule', {
              eventBus: new EventBus(hub, 'Bus'),
              eventPattern: { account: ['*'] },
              targets: [new SqsQueue(new Queue(hub, 'Queue'))],
            }),
        ),
      ),
      asks: 'nothing',
    },
  },
});

/** A bus whose policy has one statement, for a publisher in another account. */
const statement = (overrides: object) =>
  inThreeAccounts(({ hub }) => [cfnEventBus(hub), cfnEventBusPolicy(hub, overrides)]);
const condition = (Condition: object, overrides: object = { Principal: '*' }) => statement({ ...overrides, Condition });
const permission = (props: Partial<CfnPermissionProps>) =>
  inThreeAccounts(({ hub }) => {
    cfnPermission(hub, 'handler', RULE, props).node.addDependency(
      testFunction(hub, 'Handler', { functionName: 'handler' }),
    );
  });
const queue = (Condition: object) =>
  inThreeAccounts(({ hub }) => {
    const cfnQueue = new CfnQueue(hub, 'Queue', { queueName: 'letters' });
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
    new CfnQueuePolicy(hub, 'Policy', { queues: [cfnQueue.ref], policyDocument: { Version: '2012-10-17', Statement } });
  });

const ORG = { 'aws:PrincipalOrgID': ORGANIZATION };
const PATHS = { 'aws:PrincipalOrgPaths': `${ORGANIZATION}/r-ab12/ou-ab12-11111111/*` };
const SERVICE = { Principal: { Service: 's3.amazonaws.com' } };
const creator = { StringEquals: { 'events:creatorAccount': '${aws:PrincipalAccount}' } };
const unsatisfiable = (app: MakeApp, at = '/Hub/Policy'): Faulty => ({ at, app });

faults('a condition that never matches', {
  finds: FindingId.CONDITION_NEVER_MATCHES,
  level: 'error',
  healthy: {
    'an organization with principal *': condition({ StringEquals: ORG }),
    'an organization with an account as principal': condition({ StringEquals: ORG }, {}),
    'organizational units': condition({ 'ForAnyValue:StringLike': PATHS }),
    'the source organization of a service': condition({ StringEquals: { 'aws:SourceOrgID': ORGANIZATION } }, SERVICE),
    'a prefix of sources': condition({ StringLike: { 'events:source': 'com.shop.*' } }, {}),
    'roles with a wildcard by an operator for ARNs': condition(
      { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${SHOP.account}:role/team-*` } },
      {},
    ),
    'one source by an operator for one value, as in the AWS documentation': condition(
      { StringEquals: { 'events:source': 'com.shop' } },
      {},
    ),
    'targets by an operator for many values': condition(
      {
        'ForAllValues:ArnLike': { 'events:TargetArn': `arn:aws:events:*:${SHOP.account}:event-bus/*` },
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
    'units that are excluded without ForAnyValue, with a service as principal': condition(
      { StringNotLike: PATHS, StringEquals: { 'aws:SourceOrgID': ORGANIZATION } },
      SERVICE,
    ),
    'a queue for a rule': queue({ ArnEquals: { 'aws:SourceArn': RULE } }),
    'a Deny statement whose condition never matches': inThreeAccounts(({ hub }) => {
      cfnEventBus(hub);
      cfnEventBusPolicy(hub);
      cfnEventBusPolicy(
        hub,
        { Effect: 'Deny', Principal: '*', Condition: { StringEquals: { 'aws:PrincipalAccount': PARTNER.account } } },
        { id: 'Deny', sid: 'Deny' },
      );
    }),
  },
  faulty: {
    'an organization with a service as principal': unsatisfiable(condition({ StringEquals: ORG }, SERVICE)),
    'organizational units with a service as principal': unsatisfiable(
      condition({ 'ForAnyValue:StringLike': PATHS }, SERVICE),
    ),
    'units that are excluded, with a service as principal': unsatisfiable(
      condition({ 'ForAnyValue:StringNotLike': PATHS }, SERVICE),
    ),
    'an account with a service as principal': unsatisfiable(
      condition({ StringEquals: { 'aws:PrincipalAccount': SHOP.account } }, SERVICE),
    ),
    'a role with a service as principal': unsatisfiable(
      condition({ ArnLike: { 'aws:PrincipalArn': roleArn('publisher') } }, SERVICE),
    ),
    'an organization with a service as principal in a permission': unsatisfiable(
      permission({ principalOrgId: ORGANIZATION }),
      '/Hub/Permission',
    ),
    'an organization with a service as principal in a queue policy': unsatisfiable(
      queue({ StringEquals: ORG }),
      '/Hub',
    ),
    'organizational units by an operator for one value': unsatisfiable(condition({ StringLike: PATHS })),
    'targets by an operator for one value': {
      ...unsatisfiable(
        condition(
          {
            StringEquals: { 'events:TargetArn': busArn('own', SHOP) },
            StringEqualsIfExists: creator.StringEquals,
          },
          targets,
        ),
      ),
      level: 'either',
    },
    'organizational units with an asterisk, without Like': unsatisfiable(
      condition({ 'ForAnyValue:StringEquals': PATHS }),
    ),
    'a source with an asterisk, without Like': unsatisfiable(
      condition({ StringEquals: { 'events:source': 'com.shop.*' } }, {}),
    ),
    'a source with an asterisk, for many values': unsatisfiable(
      condition({ 'ForAnyValue:StringEquals': { 'events:source': ['com.shop.*'] } }, {}),
    ),
    'roles with an asterisk, without Like': unsatisfiable(
      condition({ StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${SHOP.account}:role/team-*` } }, {}),
    ),
    'rules with an asterisk, without Like': unsatisfiable(
      queue({ StringEquals: { 'aws:SourceArn': ruleArn('orders/*') } }),
      '/Hub',
    ),
    'a statement of aws-cdk-lib': unsatisfiable(
      inThreeAccounts(({ hub }) => {
        const bus = new EventBus(hub, 'Bus', { eventBusName: 'orders' });
        bus.addToResourcePolicy(
          new PolicyStatement({
            sid: 'Shop',
            principals: [new AccountPrincipal(SHOP.account)],
            actions: ['events:PutEvents'],
            resources: [bus.eventBusArn],
            conditions: { StringEquals: { 'events:source': 'com.*' } },
          }),
        );
      }),
      '/Hub/Bus',
    ),
    'a statement of this library that was overridden': unsatisfiable(
      inThreeAccounts(({ hub }) => {
        const bus = new CrossAccountEventBus(hub, 'Bus', {
          eventBusName: 'orders',
          publishers: [EventPublisher.accounts(SHOP.account)],
        });
        const policy = bus.node.findAll().find((c): c is CfnEventBusPolicy => c instanceof CfnEventBusPolicy)!;
        policy.addPropertyOverride('Statement.Condition', { StringEquals: { 'events:source': 'com.*' } });
      }),
      '/Hub/Bus',
    ),
    'one that excludes a publisher in the app': {
      finds: [FindingId.CONDITION_NEVER_MATCHES, FindingId.PUBLISHER_ACCESS_DENIED],
      at: ['/Hub/Policy', '/Shop/Publisher'],
      app: inThreeAccounts(({ hub, shop }) => {
        cfnEventBus(hub);
        cfnEventBusPolicy(hub, source('com.*'));
        publisherRole(shop, busArn(), source('com.shop').Condition);
      }),
      asks: published('Shop/Publisher', 'Hub/Bus', { source: 'com.shop' }),
    },
  },
});
