import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { App, CfnResource, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { CrossAccountEventBusPolicy, CrossAccountInvokePermission, EventPublisher } from '../../src';

/** Where a stack is deployed; without an account, it is environment-agnostic. */
export interface Place {
  readonly account?: string;
  readonly region?: string;
}

/** A resource of a template. */
export interface Resource {
  Type: string;
  Properties?: { [property: string]: any };
  [attribute: string]: any;
}

/** A stack of an app in plain CloudFormation. */
export interface PlainStack {
  env: Place;
  resources: { [logicalId: string]: Resource };
  /** Other sections of the template, such as `Mappings`. */
  sections?: { [section: string]: any };
  /** The resources of a nested stack. */
  nested?: { [logicalId: string]: Resource };
  /** Calls that a message tells to make. */
  calls?: { arn: string; call: string; account?: string }[];
  /** The stage that the stack is in. */
  stage?: string;
  tags?: { [key: string]: string };
}

export type PlainApp = { [stack: string]: PlainStack };

/** What an edit changes: the stacks of an app in plain CloudFormation, or what a program writes out. */
export interface AppSource<C = any> {
  readonly content: C;
  readonly define: (app: App, content: C) => void;
  /** Whether the templates of its stacks can be checked by themselves. */
  readonly plain: boolean;
}

/** What the oracle is asked; the answer is that of the world without an edit. */
export interface Question {
  readonly name: string;
  readonly [key: string]: any;
}

export interface World {
  readonly name: string;
  readonly apps: { readonly [name: string]: AppSource };
  readonly questions: readonly Question[];
  /** Settings of the oracle. */
  readonly accounts?: object;
  /** Options of the checks of all apps. */
  readonly options?: { readonly [option: string]: any };
  /** Which apps each app reads. @default - all others */
  readonly reads?: { readonly [name: string]: readonly string[] };
  /** Arguments of the command, such as the account of stacks without one. */
  readonly args?: { readonly [name: string]: string };
  readonly edits: readonly Edit[];
  /** What is reported without an edit, which is a limit that the documentation states. */
  readonly silent?: readonly string[];
}

export interface Edit {
  readonly title: string;
  readonly app: string;
  /** Changes the content of the app. */
  readonly change: (content: any) => void;
  /**
   * - `breaks`: events are not delivered any more
   * - `opens`: others can publish, or others than before
   * - `harmless`: neither
   */
  readonly effect: 'breaks' | 'opens' | 'harmless';
  /** What each app reports, such as `hub: error publisherAccessDenied`. */
  readonly finds?: readonly string[];
  /** Why the oracle is expected to have another answer, if it is. */
  readonly oracle?: string;
  /** Why the command reports others than the apps. */
  readonly differs?: string;
  /** Why the edited side alone cannot report it. */
  readonly alone?: 'unchanged need';
  /** Whether a harmless edit changes what is needed, and so the fingerprints. */
  readonly needChanges?: boolean;
  /** Why nothing reports it, although it breaks delivery. */
  readonly unreported?: string;
  /** What is reported once the first error is corrected. */
  readonly leaves?: readonly string[];
  /** What the fix of the error says, done to the apps by hand. */
  readonly fix?: { readonly [app: string]: (content: any) => void };
}

/** Makes the edits of an app that end a delivery. */
export function breaksIn(app: string) {
  return (title: string, change: Edit['change'], more: Partial<Edit> = {}): Edit => ({
    title,
    app,
    effect: 'breaks',
    change,
    ...more,
  });
}

/** An app in plain CloudFormation. */
export function plain(content: PlainApp): AppSource<PlainApp> {
  return { content, define: definePlain, plain: true };
}

/** An app in a program. */
export function program<C>(content: C, define: (app: App, content: C) => void): AppSource<C> {
  return { content, define, plain: false };
}

function definePlain(app: App, content: PlainApp): void {
  for (const [id, { env, resources, sections, nested, stage, tags, calls = [] }] of Object.entries(content)) {
    const scope = stage === undefined ? app : ((app.node.tryFindChild(stage) as Stage) ?? new Stage(app, stage));
    const stack = new Stack(scope, id, { env, tags });
    include(stack, { ...sections, Resources: resources });
    calls.forEach((call, i) => makeCall(stack, `Fix${i}`, call));
    if (nested) {
      const inner = new NestedStack(stack, 'Nested');
      for (const [logicalId, { Type, Properties }] of Object.entries(nested)) {
        new CfnResource(inner, logicalId, { type: Type, properties: Properties });
      }
    }
  }
}

/** What a reader of a message does. */
function makeCall(
  stack: Stack,
  id: string,
  { arn: resource, call, account }: NonNullable<PlainStack['calls']>[number],
): void {
  if (account !== undefined) {
    const handler = lambda.Function.fromFunctionAttributes(stack, `${id}Fn`, {
      functionArn: resource,
      sameEnvironment: true,
    });
    new CrossAccountInvokePermission(stack, id, { handler, eventBusAccount: account });
    return;
  }
  const eventBus = EventBus.fromEventBusArn(stack, `${id}Bus`, resource);
  const policy = new CrossAccountEventBusPolicy(stack, id, { eventBus });
  runInNewContext(`policy.${call}`, { policy, EventPublisher });
}

function include(stack: Stack, template: object): void {
  const templateFile = join(mkdtempSync(join(tmpdir(), 'template-')), 'template.json');
  writeFileSync(templateFile, JSON.stringify(template));
  new CfnInclude(stack, 'T', { templateFile });
}

export const REGION = 'eu-west-1';
export const HUB = { account: '111111111111', region: REGION };
export const SHOP = { account: '222222222222', region: REGION };
export const BILLING = { account: '333333333333', region: REGION };
export const PLATFORM = { account: '444444444444', region: REGION };
export const STRANGER = '999999999999';
export const ORGANIZATION = 'o-a1b2c3d4e5';

type Known = { readonly account: string; readonly region: string };

export const arn = (service: string, { account, region }: Known, rest: string, partition = 'aws') =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`;
export const busArn = (env: Known, name: string) => arn('events', env, `event-bus/${name}`);
/** A bus, as questions to the oracle name it. */
export const busAt = ({ account, region }: Known, name: string) => ({ account, region, name });
export const ruleArn = (env: Known, path: string) => arn('events', env, `rule/${path}`);
export const fnArn = (env: Known, name: string) => arn('lambda', env, `function:${name}`);
export const queueArn = (env: Known, name: string) => arn('sqs', env, name);
export const topicArn = (env: Known, name: string) => arn('sns', env, name);
export const keyArn = (env: Known, id: string) => arn('kms', env, `key/${id}`);
export const roleArn = ({ account }: { account: string }, name: string) => `arn:aws:iam::${account}:role/${name}`;
export const rootArn = ({ account }: { account: string }) => `arn:aws:iam::${account}:root`;
export const queueUrl = ({ account, region }: Known, name: string) =>
  `https://sqs.${region}.amazonaws.com/${account}/${name}`;

export const allow = (Principal: any, Action: any, Res: any, Condition?: object, more: object = {}) => ({
  Effect: 'Allow',
  ...(Principal === undefined ? {} : { Principal }),
  Action,
  Resource: Res,
  ...(Condition && { Condition }),
  ...more,
});
const EVENTS = { Service: 'events.amazonaws.com' };

export const bus = (Name: any, more: object = {}): Resource => ({
  Type: 'AWS::Events::EventBus',
  Properties: { Name, ...more },
});

/** A statement of a bus policy. */
export const busPolicy = (EventBusName: any, StatementId: string, Statement: object, more: object = {}): Resource => ({
  Type: 'AWS::Events::EventBusPolicy',
  Properties: { EventBusName, StatementId, Statement: { Sid: StatementId, ...Statement } },
  ...more,
});

export const role = (
  RoleName: any,
  service: string,
  statements: any,
  more: object = {},
  Condition?: object,
): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole', ...(Condition && { Condition }) },
      ],
    },
    Policies: [{ PolicyName: 'Events', PolicyDocument: { Version: '2012-10-17', Statement: [statements].flat() } }],
    ...more,
  },
});

/** A role with which a rule does one thing. */
export const ruleRole = (name: string, rule: string, statements: any): Resource =>
  role(
    name,
    'events.amazonaws.com',
    statements,
    {},
    {
      StringEquals: { 'aws:SourceAccount': rule.split(':')[4] },
      ArnEquals: { 'aws:SourceArn': rule },
    },
  );

export const put = (resource: any, Condition?: object) => allow(undefined, 'events:PutEvents', resource, Condition);

export const rule = (
  Name: any,
  EventBusName: any,
  EventPattern: object,
  target: object,
  more: object = {},
): Resource => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name,
    ...(EventBusName && { EventBusName }),
    EventPattern,
    Targets: [{ Id: 'T', ...target }],
    ...more,
  },
});

export const fn = (FunctionName: any, Role: any = roleArn(BILLING, 'lambda')): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName,
    Role,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Code: { ZipFile: 'exports.handler = async () => {};' },
  },
});
export const lambdaRole = (name = 'lambda'): Resource =>
  role(name, 'lambda.amazonaws.com', allow(undefined, 'logs:PutLogEvents', '*'));

export const permission = (FunctionName: any, Principal: string, more: object = {}): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: { FunctionName, Principal, Action: 'lambda:InvokeFunction', ...more },
});

export const queue = (QueueName: any, more: object = {}): Resource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, ...more },
});
export const queuePolicy = (url: any, ...Statement: object[]): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: { Queues: [url], PolicyDocument: { Version: '2012-10-17', Statement } },
});
export const topic = (TopicName: any, more: object = {}): Resource => ({
  Type: 'AWS::SNS::Topic',
  Properties: { TopicName, ...more },
});
export const topicPolicy = (Topics: any, ...Statement: object[]): Resource => ({
  Type: 'AWS::SNS::TopicPolicy',
  Properties: { Topics: [Topics], PolicyDocument: { Version: '2012-10-17', Statement } },
});
export const key = (...Statement: object[]): Resource => ({
  Type: 'AWS::KMS::Key',
  Properties: { KeyPolicy: { Version: '2012-10-17', Statement } },
});

export const sendFor = (source: string, target: string, more: object = {}) =>
  allow(EVENTS, 'sqs:SendMessage', target, { ArnEquals: { 'aws:SourceArn': source } }, more);
