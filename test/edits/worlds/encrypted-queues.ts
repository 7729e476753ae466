import * as w from '../world';
import { BILLING, HUB, ORGANIZATION, REGION, SHOP, World } from '../world';

// Encrypted bus and queue, whose keys are in another account.

const ORDERS = w.busArn(HUB, 'orders');
const LETTERS = w.queueArn(HUB, 'letters');
const RULE = w.ruleArn(HUB, 'orders/to-queue');

const INBOX = w.queueArn(BILLING, 'inbox');
const SENDER = w.roleArn(HUB, 'sender');
const PUBLISHER = w.roleArn(SHOP, 'publisher');

/** The statement of the role about keys. */
const keysOf = (c: any) => c.Hub.resources.Sender.Properties.Policies[0].PolicyDocument.Statement[1];

/** The queue of billing is encrypted with a key of billing, the dead-letter queue is in an app of the same account. */
export const ENCRYPTED: World = {
  name: 'encrypted-queues',
  apps: {
    hub: w.plain({
      Hub: {
        env: HUB,
        resources: {
          Bus: w.bus('orders'),
          Policy: w.busPolicy(
            'orders',
            'Shop',
            w.allow({ AWS: w.rootArn(SHOP) }, 'events:PutEvents', ORDERS, {
              ArnEquals: { 'aws:PrincipalArn': PUBLISHER },
            }),
            { DependsOn: 'Bus' },
          ),
          Rule: w.rule(
            'to-queue',
            'orders',
            { source: ['com.shop'], account: [SHOP.account] },
            { Arn: INBOX, RoleArn: SENDER, DeadLetterConfig: { Arn: LETTERS } },
            { DependsOn: undefined },
          ),
          Sender: w.ruleRole('sender', RULE, [
            w.allow(undefined, 'sqs:SendMessage', INBOX),
            w.allow(
              undefined,
              ['kms:GenerateDataKey', 'kms:Decrypt'],
              `arn:aws:kms:${REGION}:${BILLING.account}:key/*`,
            ),
          ]),
        },
      },
    }),
    shop: w.plain({
      Shop: { env: SHOP, resources: { Publisher: w.role('publisher', 'lambda.amazonaws.com', w.put(ORDERS)) } },
    }),
    billing: w.plain({
      Billing: {
        env: BILLING,
        resources: {
          Inbox: w.queue('inbox', { KmsMasterKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } }),
          InboxPolicy: w.queuePolicy(
            { Ref: 'Inbox' },
            w.allow({ AWS: SENDER }, 'sqs:SendMessage', { 'Fn::GetAtt': ['Inbox', 'Arn'] }),
          ),
          Key: w.key(
            w.allow({ AWS: w.rootArn(BILLING) }, 'kms:*', '*'),
            w.allow({ AWS: SENDER }, ['kms:GenerateDataKey', 'kms:Decrypt'], '*'),
          ),
        },
      },
    }),
    letters: w.plain({
      Letters: {
        env: HUB,
        resources: {
          Letters: w.queue('letters', { KmsMasterKeyId: { Ref: 'Key' } }),
          LettersPolicy: w.queuePolicy({ Ref: 'Letters' }, w.sendFor(RULE, LETTERS)),
          Key: w.key(
            w.allow({ AWS: w.rootArn(HUB) }, 'kms:*', '*'),
            w.allow({ Service: 'events.amazonaws.com' }, ['kms:GenerateDataKey', 'kms:Decrypt'], '*', {
              StringEquals: { 'aws:SourceAccount': HUB.account },
            }),
          ),
        },
      },
    }),
  },
  questions: [
    { noProblems: true, name: 'no problems' },
    {
      name: 'deliver',
      deliver: { rule: 'Hub/T/Rule', event: { source: 'com.shop', detailType: 'x' } },
      expect: { T: 'allow', 'T.deadLetter': 'allow' },
    },
    {
      name: 'path',
      path: {
        from: { account: SHOP.account, role: 'publisher' },
        to: { bus: w.busAt(HUB, 'orders') },
        event: { source: 'com.shop', detailType: 'x' },
        reaches: ['Billing/T/Inbox'],
        allDelivered: true,
      },
    },
    { name: 'strangers', strangers: true, bus: w.busAt(HUB, 'orders'), welcome: [{ principalArn: PUBLISHER }] },
    { name: 'queue strangers', strangers: true, queue: 'Billing/T/Inbox', welcome: [{ principalArn: SENDER }] },
  ],
  edits: [
    {
      title: 'the key allows another role',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Billing.resources.Key.Properties.KeyPolicy.Statement[1].Principal.AWS = w.roleArn(HUB, 'senders')),
    },
    {
      title: 'the key allows decryption only',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Key.Properties.KeyPolicy.Statement[1].Action = 'kms:Decrypt'),
    },
    {
      title: 'the key allows the service',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Billing.resources.Key.Properties.KeyPolicy.Statement[1].Principal = { Service: 'events.amazonaws.com' }),
    },
    {
      title: 'the key has a condition on the service that uses it',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Billing.resources.Key.Properties.KeyPolicy.Statement[1].Condition = {
          StringEquals: { 'kms:ViaService': 'sns.eu-west-1.amazonaws.com' },
        }),
      oracle: 'kms:ViaService',
    },
    {
      title: 'the queue has the key of the account',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.Inbox.Properties.KmsMasterKeyId = 'alias/aws/sqs'),
    },
    {
      title: 'the queue has another key that allows nobody else',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.Billing.resources.Key2 = w.key(w.allow({ AWS: w.rootArn(BILLING) }, 'kms:*', '*'));
        c.Billing.resources.Inbox.Properties.KmsMasterKeyId = { Ref: 'Key2' };
      },
    },
    {
      title: 'the queue is encrypted by SQS',
      app: 'billing',
      effect: 'harmless',
      change: (c) => {
        delete c.Billing.resources.Inbox.Properties.KmsMasterKeyId;
        c.Billing.resources.Inbox.Properties.SqsManagedSseEnabled = true;
      },
    },
    {
      title: 'the queue becomes a FIFO queue',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => Object.assign(c.Billing.resources.Inbox.Properties, { QueueName: 'inbox.fifo', FifoQueue: true }),
    },
    {
      title: 'the queue policy allows to receive',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Billing.resources.InboxPolicy.Properties.PolicyDocument.Statement[0].Action = 'sqs:ReceiveMessage'),
    },
    {
      title: 'the queue policy has another resource',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Billing.resources.InboxPolicy.Properties.PolicyDocument.Statement[0].Resource = w.queueArn(HUB, 'inbox')),
    },
    {
      title: 'the queue policy is on another queue',
      app: 'billing',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => {
        c.Billing.resources.Other = w.queue('other');
        c.Billing.resources.InboxPolicy.Properties.Queues = [{ Ref: 'Other' }];
      },
    },
    {
      title: 'a second queue policy',
      app: 'billing',
      effect: 'breaks',
      oracle: 'it merges them',
      change: (c) =>
        (c.Billing.resources.Second = w.queuePolicy(
          { Ref: 'Inbox' },
          w.allow({ AWS: w.rootArn(BILLING) }, 'sqs:*', INBOX),
        )),
    },
    {
      title: 'a Deny without TLS',
      app: 'billing',
      effect: 'harmless',
      change: (c) =>
        c.Billing.resources.InboxPolicy.Properties.PolicyDocument.Statement.push({
          ...w.allow('*', 'sqs:*', '*', { Bool: { 'aws:SecureTransport': 'false' } }),
          Effect: 'Deny',
        }),
    },
    {
      title: 'a Deny of other organizations',
      app: 'billing',
      effect: 'harmless',
      oracle: 'no organization',
      change: (c) =>
        c.Billing.resources.InboxPolicy.Properties.PolicyDocument.Statement.push({
          ...w.allow('*', 'sqs:*', '*', { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': ORGANIZATION } }),
          Effect: 'Deny',
        }),
    },
    {
      title: 'the queue is open',
      app: 'billing',
      effect: 'opens',
      alone: 'unchanged need',
      change: (c) => (c.Billing.resources.InboxPolicy.Properties.PolicyDocument.Statement[0].Principal = '*'),
    },
    {
      title: 'the dead-letter queue is for another rule',
      app: 'letters',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Letters.resources.LettersPolicy.Properties.PolicyDocument.Statement[0].Condition.ArnEquals['aws:SourceArn'] =
          w.ruleArn(HUB, 'orders/to-queues')),
    },
    {
      title: 'the dead-letter queue is for the account of the shop',
      app: 'letters',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Letters.resources.LettersPolicy.Properties.PolicyDocument.Statement[0].Condition = {
          StringEquals: { 'aws:SourceAccount': SHOP.account },
        }),
    },
    {
      title: 'the dead-letter queue is for all rules of the bus',
      app: 'letters',
      effect: 'harmless',
      change: (c) =>
        (c.Letters.resources.LettersPolicy.Properties.PolicyDocument.Statement[0].Condition = {
          ArnLike: { 'aws:SourceArn': w.ruleArn(HUB, 'orders/*') },
        }),
    },
    {
      title: 'the key of the dead-letter queue is for another account',
      app: 'letters',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Letters.resources.Key.Properties.KeyPolicy.Statement[1].Condition = {
          StringEquals: { 'aws:SourceAccount': BILLING.account },
        }),
    },
    {
      title: 'the dead-letter queue is in another Region',
      app: 'letters',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Letters.env.region = 'us-east-1'),
    },
    {
      title: 'the dead-letter queue is renamed',
      app: 'letters',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Letters.resources.Letters.Properties.QueueName = 'dead-letters'),
    },
    {
      title: 'the rule names the dead-letter queue of billing',
      app: 'hub',
      effect: 'breaks',
      change: (c) => (c.Hub.resources.Rule.Properties.Targets[0].DeadLetterConfig.Arn = INBOX),
    },
    {
      title: 'the rule is renamed everywhere in the hub',
      app: 'hub',
      effect: 'breaks',
      change: (c) => {
        c.Hub.resources.Rule.Properties.Name = 'queue';
        c.Hub.resources.Sender = w.ruleRole(
          'sender',
          w.ruleArn(HUB, 'orders/queue'),
          c.Hub.resources.Sender.Properties.Policies[0].PolicyDocument.Statement,
        );
      },
    },
    {
      title: 'the sender may use the keys of its own account',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (keysOf(c).Resource = `arn:aws:kms:${REGION}:${HUB.account}:key/*`),
    },
    {
      title: 'the sender may use the keys of another Region',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (keysOf(c).Resource = `arn:aws:kms:us-east-1:${BILLING.account}:key/*`),
    },
    {
      title: 'the sender has an external ID',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Sender.Properties.AssumeRolePolicyDocument.Statement[0].Condition.StringEquals[
          'sts:ExternalId'
        ] = 'x'),
    },
    {
      title: 'ArnEquals becomes StringEquals with a wildcard',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition = {
          StringEquals: { 'aws:PrincipalArn': w.roleArn(SHOP, 'publish*') },
        }),
    },
    {
      title: 'the condition names the user',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.ArnEquals['aws:PrincipalArn'] =
          `arn:aws:iam::${SHOP.account}:user/publisher`),
    },
    {
      title: 'the condition names an assumed role',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.ArnEquals['aws:PrincipalArn'] =
          `arn:aws:sts::${SHOP.account}:assumed-role/publisher/*`),
    },
    {
      title: 'the condition names the role of another account',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) =>
        (c.Hub.resources.Policy.Properties.Statement.Condition.ArnEquals['aws:PrincipalArn'] = w.roleArn(
          BILLING,
          'publisher',
        )),
    },
    {
      title: 'the condition is gone: the whole account',
      app: 'hub',
      effect: 'harmless',
      oracle: 'it lets in the account',
      change: (c) => delete c.Hub.resources.Policy.Properties.Statement.Condition,
    },
    {
      title: 'the pattern names the account of billing',
      app: 'hub',
      effect: 'breaks',
      alone: 'unchanged need',
      change: (c) => (c.Hub.resources.Rule.Properties.EventPattern.account = [BILLING.account]),
    },
  ],
};
