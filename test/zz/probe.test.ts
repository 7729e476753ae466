import { App, NestedStack, PhysicalName, Stack, Stage } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Alias, Function, Version } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Template } from 'aws-cdk-lib/assertions';
import { CrossAccountEventBus, CrossAccountEventBusTarget, CrossAccountInvokePermission, LambdaEventTarget } from '../../src';
import { CONSUMER, HUB, messagesOf, testApp, testFunction, testStack } from '../support/apps';
import { expectAnswers } from '../support/oracle';

const eventPattern = { source: ['com.shop'] };
const say = (...x: unknown[]) => process.stdout.write(x.map((y) => typeof y === 'string' ? y : JSON.stringify(y, null, 1)).join(' ') + '\n');
const probe = (name: string, f: () => void) => test(name, () => { say(`##### ${name}`); try { f(); } catch (e) { say('THROWS', (e as Error).message.slice(0, 1500)); } });
const res = (s: Stack, t: string) => Template.fromStack(s).findResources(t);

probe('unnamed L2 buses of two stacks', () => {
  const app = testApp();
  const [a, b, r] = ['A', 'B', 'R'].map((id) => testStack(id, HUB, app));
  const ba = new EventBus(a, 'Bus'); const bb = new EventBus(b, 'Bus');
  new Rule(r, 'R1', { eventPattern, targets: [new CrossAccountEventBusTarget(ba)] });
  new Rule(r, 'R2', { eventPattern, targets: [new CrossAccountEventBusTarget(bb)] });
  say(res(r, 'AWS::IAM::Policy'));
  expectAnswers(app, { questions: [{ noProblems: true }, { deliver: { rule: { bus: 'default', account: HUB.account, name: 'R/R1' } }, expect: 'allow' }, { deliver: { rule: { bus: 'default', account: HUB.account, name: 'R/R2' } }, expect: 'allow' }] });
});
probe('mutual forwarding in same stacks', () => {
  const app = testApp();
  const h = testStack('H', HUB, app); const c = testStack('C', CONSUMER, app);
  const bh = new CrossAccountEventBus(h, 'Bus'); const bc = new CrossAccountEventBus(c, 'Bus');
  new Rule(h, 'R', { eventBus: bh, eventPattern, targets: [new CrossAccountEventBusTarget(bc)] });
  new Rule(c, 'R', { eventBus: bc, eventPattern: { source: ['x'] }, targets: [new CrossAccountEventBusTarget(bh)] });
  app.synth();
});
probe('bus in other stage', () => {
  const app = testApp();
  const h = new Stack(new Stage(app, 'SH'), 'H', { env: HUB }); const c = new Stack(new Stage(app, 'SC'), 'C', { env: CONSUMER });
  const bh = new CrossAccountEventBus(h, 'Bus'); const bc = new CrossAccountEventBus(c, 'Bus');
  new Rule(h, 'R', { eventBus: bh, eventPattern, targets: [new CrossAccountEventBusTarget(bc)] });
  app.synth();
});
probe('function in other stage', () => {
  const app = testApp();
  const h = new Stack(new Stage(app, 'SH'), 'H', { env: HUB }); const c = new Stack(new Stage(app, 'SC'), 'C', { env: CONSUMER });
  const bh = new CrossAccountEventBus(h, 'Bus');
  new Rule(h, 'R', { eventBus: bh, eventPattern, targets: [new LambdaEventTarget(testFunction(c, 'F', { functionName: PhysicalName.GENERATE_IF_NEEDED }))] });
  app.synth();
});
probe('nested', () => {
  const app = testApp();
  const h = testStack('H', HUB, app); const c = testStack('C', CONSUMER, app);
  const bc = new CrossAccountEventBus(c, 'Bus');
  const n1 = new NestedStack(h, 'N1'); const n2 = new NestedStack(h, 'N2');
  for (const n of [n1, n2]) new Rule(n, 'R', { eventPattern, targets: [new CrossAccountEventBusTarget(bc)] });
  say(res(n1, 'AWS::IAM::Role'), res(n1, 'AWS::Events::Rule')); say(res(n2, 'AWS::IAM::Role')); say(res(c, 'AWS::Events::EventBusPolicy'));
  expectAnswers(app, { questions: [{ noProblems: true }, { deliver: { rule: { bus: 'default', account: HUB.account, name: 'H/N1/R' } }, expect: 'allow' }] });
});
probe('account without region', () => {
  const app = testApp();
  const h = new Stack(app, 'H', { env: { account: HUB.account } }); const c = testStack('C', CONSUMER, app);
  const bc = new CrossAccountEventBus(c, 'Bus');
  new Rule(h, 'R', { eventPattern, targets: [new CrossAccountEventBusTarget(bc)] });
  app.synth();
});
probe('account without region, function', () => {
  const app = testApp();
  const h = new Stack(app, 'H', { env: { account: HUB.account } }); const c = testStack('C', CONSUMER, app);
  new Rule(h, 'R', { eventPattern, targets: [new LambdaEventTarget(testFunction(c, 'F', { functionName: 'f' }))] });
  app.synth();
});
probe('version by ARN', () => {
  const h = testStack('H');
  const v = Version.fromVersionArn(h, 'V', 'arn:aws:lambda:eu-west-1:333333333333:function:f:3');
  new Rule(h, 'R', { eventPattern, targets: [new LambdaEventTarget(v)] });
  say(v.env, Template.fromStack(h).toJSON().Resources, messagesOf(h));
});
probe('alias by attributes', () => {
  const h = testStack('H');
  const v = Version.fromVersionArn(h, 'V', 'arn:aws:lambda:eu-west-1:333333333333:function:f:3');
  const a = Alias.fromAliasAttributes(h, 'A', { aliasName: 'live', aliasVersion: v });
  new Rule(h, 'R', { eventPattern, targets: [new LambdaEventTarget(a)] });
  say(a.env, a.functionArn, Template.fromStack(h).toJSON().Resources, messagesOf(h));
});
probe('imported dlq', () => {
  const h = testStack('H');
  const q = Queue.fromQueueArn(h, 'Q', 'arn:aws:sqs:eu-west-1:111111111111:q');
  new Rule(h, 'R', { eventPattern, targets: [new LambdaEventTarget(testFunction(h, 'F'), { deadLetterQueue: q })] });
  say(messagesOf(h));
});
probe('dlq in-app other account, unnamed / named', () => {
  for (const queueName of [undefined, 'q']) {
    try {
      const app = testApp();
      const h = testStack('H', HUB, app); const c = testStack('C', CONSUMER, app);
      const q = new Queue(c, 'Q', { queueName });
      new Rule(h, 'R', { eventPattern, targets: [new LambdaEventTarget(testFunction(h, 'F'), { deadLetterQueue: q })] });
      app.synth(); say(messagesOf(h));
    } catch (e) { say('THROWS', (e as Error).message); }
  }
});
probe('dlq with imported key, KMS_MANAGED', () => {
  const h = testStack('H');
  const q = new Queue(h, 'Q', { encryptionMasterKey: Key.fromKeyArn(h, 'K', 'arn:aws:kms:eu-west-1:111111111111:key/abc') });
  const q2 = new Queue(h, 'Q2', { encryption: QueueEncryption.KMS_MANAGED });
  new Rule(h, 'R', { ruleName: 'r', eventPattern, targets: [new LambdaEventTarget(testFunction(h, 'F'), { deadLetterQueue: q }), new LambdaEventTarget(testFunction(h, 'G'), { deadLetterQueue: q2 })] });
  say(messagesOf(h), q2.encryptionMasterKey?.node.path ?? '', q2.encryptionType ?? '');
  expectAnswers(h.node.root as App, { questions: [{ noProblems: true }, { deliver: { rule: { bus: 'default', account: HUB.account, name: 'r' } }, expect: 'allow' }] });
});
probe('dlq in other stack, rule on unnamed L2 bus', () => {
  const app = testApp();
  const h = testStack('H', HUB, app); const c = testStack('C', HUB, app);
  const q = new Queue(c, 'Q');
  new Rule(h, 'R', { eventBus: new EventBus(h, 'Bus'), eventPattern, targets: [new LambdaEventTarget(testFunction(h, 'F'), { deadLetterQueue: q })] });
  say(res(c, 'AWS::SQS::QueuePolicy'), res(h, 'AWS::Events::Rule'));
});
probe('GENERATE_IF_NEEDED rule', () => {
  const app = testApp();
  const h = testStack('H', HUB, app); const c = testStack('C', CONSUMER, app);
  const bc = new CrossAccountEventBus(c, 'Bus');
  const rule = new Rule(h, 'R', { ruleName: PhysicalName.GENERATE_IF_NEEDED, eventPattern, targets: [new CrossAccountEventBusTarget(bc)] });
  const user = testFunction(c, 'U', { environment: { RULE: rule.ruleArn, N: rule.ruleName } });
  void user;
  say(res(h, 'AWS::Events::Rule'), res(c, 'AWS::Lambda::Function'), res(h, 'AWS::IAM::Role'));
});
probe('permission for imported other-account function', () => {
  const h = testStack('H');
  new CrossAccountInvokePermission(h, 'P', { handler: Function.fromFunctionArn(h, 'I', 'arn:aws:lambda:eu-west-1:333333333333:function:f'), eventBusAccount: '222222222222' });
  say(Template.fromStack(h).toJSON().Resources);
});
probe('immutable execution role', () => {
  const h = testStack('H');
  const role = Role.fromRoleArn(h, 'Role', 'arn:aws:iam::111111111111:role/r', { mutable: false });
  new Rule(h, 'R', { eventPattern, targets: [new LambdaEventTarget(Function.fromFunctionArn(h, 'I', 'arn:aws:lambda:eu-west-1:333333333333:function:f'), { executionRole: role })] });
  say(messagesOf(h));
});
probe('agnostic + executionRole + imported fn', () => {
  const h = new Stack(testApp(), 'Agn');
  const role = Role.fromRoleArn(h, 'Role', 'arn:aws:iam::111111111111:role/r');
  new Rule(h, 'R', { eventPattern, targets: [new LambdaEventTarget(Function.fromFunctionArn(h, 'I', 'arn:aws:lambda:eu-west-1:333333333333:function:f'), { executionRole: role })] });
  say(messagesOf(h));
});
probe('several rules, imported bus', () => {
  const h = testStack('H');
  const b = EventBus.fromEventBusArn(h, 'B', 'arn:aws:events:eu-west-1:333333333333:event-bus/x');
  for (const r of ['R1', 'R2']) new Rule(h, r, { eventPattern, targets: [new CrossAccountEventBusTarget(b)] });
  say(res(h, 'AWS::IAM::Role'), messagesOf(h));
});
