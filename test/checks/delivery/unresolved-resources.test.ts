import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { FindingId } from '../../../src/checks/finding-id';
import { BILLING, SHOP, testFunction } from '../../support/apps';
import { MakeApp, deliveryAnnotationsOf, faults } from '../../support/faults';
import {
  ThreeAccounts,
  busArn,
  cfnEventBus,
  cfnEventBusPolicy,
  cfnRule,
  functionArn,
  inThreeAccounts,
  publisherRole,
  queueArn,
  rootArn,
  ruleArn,
} from '../../support/three-accounts';

const TOPIC_ARN = 'arn:aws:sns:eu-west-1:111111111111:topic';
const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/111111111111/queue';

const parameter = (stack: Stack, props = {}) => new CfnParameter(stack, 'Name', props).valueAsString;

const statement = (Action: string, Effect = 'Allow', Principal: object = { Service: 'events.amazonaws.com' }) => ({
  Version: '2012-10-17',
  Statement: [{ Effect, Principal, Action, Resource: '*' }],
});

/** A policy of a bus, function, queue or topic with a name. */
const POLICIES = {
  bus: (stack: Stack, name: string, effect = 'Allow', publisher = SHOP) =>
    new CfnEventBusPolicy(stack, `Policy${effect}`, {
      eventBusName: name,
      statementId: `Policy${effect}`,
      statement: {
        Effect: effect,
        Principal: { AWS: rootArn(publisher) },
        Action: 'events:PutEvents',
        Resource: busArn(name, { account: stack.account, region: stack.region }),
      },
    }),
  function: (stack: Stack, name: string) =>
    new CfnPermission(stack, 'Permission', {
      functionName: name,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: ruleArn('orders/rule'),
    }),
  queue: (stack: Stack, url: string, effect = 'Allow') =>
    new CfnQueuePolicy(stack, `Policy${effect}`, {
      queues: [url],
      policyDocument: statement('sqs:SendMessage', effect),
    }),
  topic: (stack: Stack, arn: string) =>
    new CfnTopicPolicy(stack, 'Policy', { topics: [arn], policyDocument: statement('sns:Publish') }),
};

/** A bus, and a publisher in another account. */
const withBus = (make: (hub: Stack, three: ThreeAccounts) => void): MakeApp =>
  inThreeAccounts((three) => {
    cfnEventBus(three.hub);
    publisherRole(three.shop);
    make(three.hub, three);
  });

/** A function, queue or topic that gets the events of a bus. */
const TARGETS = {
  function: (stack: Stack) => {
    testFunction(stack, 'Handler', { functionName: 'handler' });
    return functionArn('handler');
  },
  queue: (stack: Stack) => {
    new CfnQueue(stack, 'Queue', { queueName: 'queue' });
    return queueArn('queue');
  },
  topic: (stack: Stack) => {
    new CfnTopic(stack, 'Topic', { topicName: 'topic' });
    return TOPIC_ARN;
  },
};

const withTarget = (kind: keyof typeof TARGETS, make: (hub: Stack) => void): MakeApp =>
  inThreeAccounts(({ hub }) => {
    cfnEventBus(hub);
    cfnRule(hub, { arn: TARGETS[kind](hub) }, { eventBusName: 'orders' });
    make(hub);
  });

faults('a policy of a bus, function, queue or topic that is known only at deployment', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'a statement for an unknown bus beside one that allows the publisher': withBus((hub) => {
      cfnEventBusPolicy(hub);
      POLICIES.bus(hub, parameter(hub));
    }),
    'a Deny for an unknown bus in another account': withBus((hub, { billing }) => {
      cfnEventBusPolicy(hub);
      POLICIES.bus(billing, parameter(billing), 'Deny');
    }),
    'a Deny for one of two other buses': withBus((hub) => {
      cfnEventBusPolicy(hub);
      POLICIES.bus(hub, parameter(hub, { allowedValues: ['audit', 'returns'] }), 'Deny');
    }),
    'a permission for the function, and one for an unknown function': withTarget('function', (hub) => {
      POLICIES.function(hub, parameter(hub));
      new CfnPermission(hub, 'Known', {
        functionName: 'handler',
        action: 'lambda:InvokeFunction',
        principal: 'events.amazonaws.com',
        sourceArn: ruleArn('orders/rule'),
      });
    }),
  },
  faulty: {
    'a bus in a parameter': {
      app: withBus((hub) => POLICIES.bus(hub, parameter(hub))),
      at: '/Shop/Publisher',
    },
    'a bus in an SSM parameter': {
      app: withBus((hub) => POLICIES.bus(hub, StringParameter.valueForStringParameter(hub, '/bus'))),
      at: '/Shop/Publisher',
    },
    'a bus in a parameter, with the ARN of one bus in the statement': {
      app: withBus((hub) => cfnEventBusPolicy(hub, { Resource: busArn() }, { bus: parameter(hub) })),
      at: '/Shop/Publisher',
    },
    'a bus that is imported': {
      app: withBus((hub) => POLICIES.bus(hub, Fn.importValue('bus'))),
      at: '/Shop/Publisher',
    },
    'one of several buses': {
      app: withBus((hub) => POLICIES.bus(hub, parameter(hub, { allowedValues: ['orders', 'returns'] }))),
      at: '/Shop/Publisher',
    },
    'a Deny for an unknown bus': {
      app: withBus((hub) => {
        cfnEventBusPolicy(hub);
        POLICIES.bus(hub, parameter(hub), 'Deny');
      }),
      at: '/Shop/Publisher',
    },
    'a function in a parameter': {
      app: withTarget('function', (hub) => POLICIES.function(hub, parameter(hub))),
      at: '/Hub/Rule',
    },
    'a queue in a parameter': {
      app: withTarget('queue', (hub) => POLICIES.queue(hub, parameter(hub))),
      at: '/Hub/Rule',
    },
    'a Deny for a queue in a parameter': {
      app: withTarget('queue', (hub) => {
        POLICIES.queue(hub, QUEUE_URL);
        POLICIES.queue(hub, parameter(hub), 'Deny');
      }),
      at: '/Hub/Rule',
    },
    'a topic in a parameter': {
      app: withTarget('topic', (hub) => POLICIES.topic(hub, parameter(hub))),
      at: '/Hub/Rule',
    },
  },
});

/** A policy of a role with a name. */
const rolePolicy = (stack: Stack, role: string, Effect = 'Allow') =>
  new CfnPolicy(stack, `RolePolicy${Effect}`, {
    policyName: 'put',
    roles: [role],
    policyDocument: { Version: '2012-10-17', Statement: [{ Effect, Action: 'events:PutEvents', Resource: '*' }] },
  });

/** A rule that forwards events to the bus with a role without policies. */
const withSender = (make: (shop: Stack) => void): MakeApp =>
  inThreeAccounts(({ hub, shop }) => {
    cfnEventBus(hub);
    cfnEventBusPolicy(hub);
    const trust = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const role = new CfnRole(shop, 'Sender', {
      roleName: 'sender',
      assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
    });
    cfnRule(shop, { arn: busArn(), roleArn: role.attrArn });
    shop.addDependency(hub);
    make(shop);
  });

faults('a policy of a role that is known only at deployment', {
  finds: FindingId.DELIVERY_UNVERIFIED,
  level: 'warning',
  healthy: {
    'a Deny for one of two other roles': withBus((hub, { shop }) => {
      cfnEventBusPolicy(hub);
      rolePolicy(shop, parameter(shop, { allowedValues: ['audit', 'returns'] }), 'Deny');
    }),
    'a Deny for a role in another account': withBus((hub) => {
      cfnEventBusPolicy(hub);
      rolePolicy(hub, parameter(hub), 'Deny');
    }),
  },
  faulty: {
    'an Allow that the role of a rule needs': {
      app: withSender((shop) => rolePolicy(shop, parameter(shop))),
      at: '/Shop/Rule',
    },
    'a Deny for a role in a parameter': {
      app: withBus((hub, { shop }) => {
        cfnEventBusPolicy(hub);
        rolePolicy(shop, parameter(shop), 'Deny');
      }),
      at: '/Shop/Publisher',
    },
  },
});

faults('the role of a rule without permissions', {
  finds: FindingId.TARGET_ROLE_INVALID,
  level: 'error',
  healthy: {},
  faulty: {
    'and a policy for one of two other roles': {
      app: withSender((shop) => rolePolicy(shop, parameter(shop, { allowedValues: ['audit', 'returns'] }))),
      at: '/Shop/Sender',
    },
  },
});

faults('a publisher whom no statement allows, whichever bus it is for', {
  finds: FindingId.PUBLISHER_ACCESS_DENIED,
  level: 'error',
  healthy: {},
  faulty: {
    'a statement for an unknown bus that allows another account': {
      app: withBus((hub) => POLICIES.bus(hub, parameter(hub), 'Allow', BILLING)),
      at: '/Shop/Publisher',
    },
    'a statement for an unknown bus in another account': {
      app: withBus((_, { billing }) => POLICIES.bus(billing, parameter(billing))),
      at: '/Shop/Publisher',
    },
    'a statement for one of two other buses': {
      app: withBus((hub) => POLICIES.bus(hub, parameter(hub, { allowedValues: ['audit', 'returns'] }))),
      at: '/Shop/Publisher',
    },
  },
});

test('a pattern with an account is matched if a statement for an unknown bus may allow the account', () => {
  const findings = (account: string) => {
    const { app, hub } = new ThreeAccounts();
    cfnEventBus(hub);
    POLICIES.bus(hub, parameter(hub));
    POLICIES.function(hub, TARGETS.function(hub));
    const eventPattern = { account: [account], source: ['com.shop'] };
    cfnRule(hub, { arn: functionArn('handler') }, { eventBusName: 'orders', eventPattern });
    return deliveryAnnotationsOf(app).map(({ level, id, at }) => `${level} ${id} ${at}`);
  };
  expect(findings(SHOP.account)).toEqual([]);
  expect(findings(BILLING.account)).toEqual([`error ${FindingId.PATTERN_NEVER_MATCHES} /Hub/Rule`]);
});
