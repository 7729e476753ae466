import { App, Environment, Stack } from 'aws-cdk-lib';
import { CfnEventBus, CfnEventBusPolicy, CfnRule, CfnRuleProps, EventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, CfnPermissionProps } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { BILLING, HUB, SHOP, REGION, testApp, stackIn } from './apps';

/**
 * The stacks of an app in three accounts. Each is made when it is first asked for: a template without resources is an
 * error.
 */
export class ThreeAccounts {
  public readonly app: App;

  constructor(context: object = {}) {
    this.app = testApp({ context: { ...context } });
  }

  /** Account 111111111111, of the bus `orders`. */
  public get hub(): Stack {
    return this.stack('Hub', HUB);
  }
  /** Account 222222222222, of the publisher. */
  public get shop(): Stack {
    return this.stack('Shop', SHOP);
  }
  /** Account 333333333333, of who wants the events. */
  public get billing(): Stack {
    return this.stack('Billing', BILLING);
  }

  public stack(id: string, env: Environment): Stack {
    return stackIn(this.app, id, env);
  }
}

/** For what the newest CDK refuses itself. */
export const LENIENT = { '@aws-cdk/core:validateAgainstDefaultRules': false };

/** Makes an app out of three accounts. */
export function inThreeAccounts(make: (three: ThreeAccounts) => unknown, context?: object): () => App {
  return () => {
    const three = new ThreeAccounts(context);
    make(three);
    return three.app;
  };
}

export const busArn = (name = 'orders', { account, region } = HUB) =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;
export const roleArn = (name: string, { account } = SHOP) => `arn:aws:iam::${account}:role/${name}`;
export const ruleArn = (path: string, { account, region } = HUB) => `arn:aws:events:${region}:${account}:rule/${path}`;
export const rootArn = ({ account }: { account: string }) => `arn:aws:iam::${account}:root`;
export const functionArn = (name: string, { account, region } = HUB) =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;
export const queueArn = (name: string, { account, region } = HUB) => `arn:aws:sqs:${region}:${account}:${name}`;

export const PARTNER = { account: '444444444444', region: REGION };

/** A bus, as an L1. */
export function cfnEventBus(stack: Stack, id = 'Bus', name = 'orders', props: object = {}): CfnEventBus {
  return new CfnEventBus(stack, id, { name, ...props });
}

/** A statement of a bus policy, as an L1: account 222222222222 may put events on `orders` of account 111111111111. */
export function cfnEventBusPolicy(
  stack: Stack,
  statement: object = {},
  { id = 'Policy', bus = 'orders', sid = 'Publishers' } = {},
): CfnEventBusPolicy {
  const { account, region } = stack;
  return new CfnEventBusPolicy(stack, id, {
    eventBusName: bus,
    statementId: sid,
    statement: {
      Sid: sid,
      Effect: 'Allow',
      Principal: { AWS: rootArn(SHOP) },
      Action: 'events:PutEvents',
      Resource: busArn(bus, { account, region }),
      ...statement,
    },
  });
}

/** A role that may put events on a bus itself. */
export function publisherRole(
  stack: Stack,
  resource: string = busArn(),
  conditions?: object,
  props: object = {},
): Role {
  return new Role(stack, 'Publisher', {
    roleName: 'publisher',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { put: policyDocument('events:PutEvents', resource, conditions) },
    ...props,
  });
}

export function policyDocument(
  action: string,
  resource: string | string[],
  conditions?: object,
  effect = Effect.ALLOW,
): PolicyDocument {
  return new PolicyDocument({
    statements: [new PolicyStatement({ effect, actions: [action], resources: [resource].flat(), conditions })],
  });
}

/** Who may assume the role of a rule: EventBridge, for this rule alone. */
export function trustForRule(
  arn: string,
  account: string = arn.split(':')[4],
  service = 'events.amazonaws.com',
): ServicePrincipal {
  return new ServicePrincipal(service, {
    conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnEquals: { 'aws:SourceArn': arn } },
  });
}

/** A role with which a rule does one thing. */
export function executionRole(
  stack: Stack,
  rule: string,
  resource: string | string[],
  action = 'events:PutEvents',
  { id = 'Sender', trust = trustForRule(rule) } = {},
): Role {
  return new Role(stack, id, {
    roleName: id.toLowerCase(),
    assumedBy: trust,
    inlinePolicies: { send: policyDocument(action, resource) },
  });
}

/** A rule about events of the source com.shop, as an L1; its targets are called T. */
export function cfnRule(
  stack: Stack,
  target: { arn: string; roleArn?: string; deadLetterConfig?: object } | undefined,
  props: CfnRuleProps = {},
  id = 'Rule',
): CfnRule {
  return new CfnRule(stack, id, {
    name: id.toLowerCase(),
    eventPattern: { source: ['com.shop'] },
    ...(target && { targets: [{ id: 'T', ...target }] }),
    ...props,
  });
}

/** A rule about events of the source com.shop, and a queue that may receive them. */
export function cfnRuleToQueue(stack: Stack, props: CfnRuleProps = {}, id = 'Rule'): CfnRule {
  const queue = new Queue(stack, `${id}Queue`, { encryption: QueueEncryption.SQS_MANAGED });
  const rule = cfnRule(stack, { arn: queue.queueArn }, props, id);
  const conditions = { ArnEquals: { 'aws:SourceArn': rule.attrArn } };
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com', { conditions })],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
    }),
  );
  return rule;
}

/** Leave for a rule to invoke a function, as an L1. */
export function cfnPermission(
  stack: Stack,
  functionName: string,
  sourceArn: string,
  props: Partial<CfnPermissionProps> = {},
  id = 'Permission',
): CfnPermission {
  return new CfnPermission(stack, id, {
    functionName,
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    sourceArn,
    sourceAccount: sourceArn.split(':')[4],
    ...props,
  });
}

/** A bus of the app, or of another one, by its ARN as an L2. */
export const importedBus = (stack: Stack, arn = busArn(), id = 'Imported') => EventBus.fromEventBusArn(stack, id, arn);
