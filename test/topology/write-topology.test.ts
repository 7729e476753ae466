import { CfnResource } from 'aws-cdk-lib';
import { CfnRule, Rule } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, ManagedPolicy, PolicyStatement, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CrossAccountEventBus, EventPublisher, LambdaEventTarget, PublisherRole } from '../../src';
import { topologyText } from '../../src/topology/topology-file';
import { HUB, SHOP, ordersApp, testApp, testFunction, testStack } from '../support/apps';
import { topologyOfApp } from '../support/topologies';

const lambda = new ServicePrincipal('lambda.amazonaws.com');
const pathsOf = (entries: readonly { readonly path: string }[]) => entries.map(({ path }) => path);

describe('the file contains', () => {
  test('functions that are targets, and those with a known name', () => {
    const { app, hub, bus } = ordersApp();
    const targets = [new LambdaEventTarget(testFunction(hub, 'Target'))];
    new Rule(hub, 'Rule', { eventBus: bus, eventPattern: { source: ['shop'] }, targets });
    testFunction(hub, 'Named', { functionName: 'named' });
    testFunction(hub, 'Other');
    const { functions } = topologyOfApp(app);
    expect(functions).toEqual([
      expect.objectContaining({ path: 'Hub/Named/Resource', name: 'named' }),
      expect.not.objectContaining({ name: expect.anything() }),
    ]);
    expect(functions[1].arn).toBe(
      'arn:aws:lambda:eu-west-1:111111111111:function:‹FunctionName of Hub/Target/Resource›',
    );
  });

  test('roles that publish, with their statements about events only', () => {
    const { app, hub, bus } = ordersApp();
    const role = new PublisherRole(hub, 'Publisher', { assumedBy: lambda, eventBuses: [bus] });
    role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: ['*'] }));
    role.addToPolicy(new PolicyStatement({ actions: ['*', 's3:*'], resources: ['*'] }));
    new Role(hub, 'Reader', { assumedBy: lambda }).addToPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: ['*'] }),
    );
    const { roles, identityPolicies } = topologyOfApp(app);
    expect(pathsOf(roles)).toEqual(['Hub/Publisher/Resource']);
    const statements = [roles[0].statements ?? [], ...identityPolicies.map((policy) => policy.statements)].flat();
    expect(statements.map((statement) => (statement as { Action: unknown }).Action)).toEqual([
      'events:PutEvents',
      ['*', 's3:*'],
    ]);
  });

  test('all statements of a role that EventBridge can assume', () => {
    const { app, hub } = ordersApp();
    const role = new Role(hub, 'Execution', { assumedBy: new ServicePrincipal('events.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: ['*'] }));
    const { identityPolicies } = topologyOfApp(app);
    expect(identityPolicies).toEqual([expect.objectContaining({ path: 'Hub/Execution/DefaultPolicy/Resource' })]);
  });

  test('roles and users that the policy of a bus names, and a role of each account', () => {
    const { app, hub, bus } = ordersApp();
    const shop = testStack('Shop', SHOP, app);
    const [named] = ['Named', 'Other'].map((id) => new Role(hub, id, { assumedBy: lambda }));
    bus.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Named',
        principals: [named],
        actions: ['events:PutEvents'],
        resources: [bus.eventBusArn],
      }),
    );
    ['First', 'Second'].forEach((id) => new User(shop, id));
    const { roles, users } = topologyOfApp(app);
    expect(pathsOf(roles)).toEqual(['Hub/Named/Resource']);
    expect(pathsOf(users)).toEqual(['Shop/First/Resource']);
  });

  test('a managed policy that is a permissions boundary, even without a statement about events', () => {
    const { app, hub, bus } = ordersApp();
    const statements = [new PolicyStatement({ actions: ['s3:*'], resources: ['*'] })];
    const [boundary] = ['Boundary', 'Attached'].map((id) => new ManagedPolicy(hub, id, { statements }));
    const role = new Role(hub, 'Publisher', { assumedBy: lambda, permissionsBoundary: boundary });
    bus.grantPutEventsTo(role);
    expect(topologyOfApp(app).managedPolicies).toEqual([
      expect.objectContaining({ path: 'Hub/Boundary/Resource', statements: [], attachedTo: [] }),
    ]);
  });

  test('queues, topics and keys whose policy allows EventBridge or another account', () => {
    const { app, hub } = ordersApp();
    const queues = ['Dead', 'Shared', 'Own'].map((id) => new Queue(hub, id));
    queues[0].grantSendMessages(new ServicePrincipal('events.amazonaws.com'));
    queues[1].grantSendMessages(new AccountPrincipal(SHOP.account));
    queues[2].grantSendMessages(new ServicePrincipal('sns.amazonaws.com'));
    const topics = ['Events', 'Alarms'].map((id) => new Topic(hub, id));
    topics[0].grantPublish(new ServicePrincipal('events.amazonaws.com'));
    topics[1].grantPublish(new ServicePrincipal('cloudwatch.amazonaws.com'));
    const keys = ['Key', 'OtherKey'].map((id) => new Key(hub, id));
    keys[0].grantEncryptDecrypt(new ServicePrincipal('events.amazonaws.com'));
    const topology = topologyOfApp(app);
    expect(pathsOf(topology.queues)).toEqual(['Hub/Dead/Resource', 'Hub/Shared/Resource']);
    expect(pathsOf(topology.topics)).toEqual(['Hub/Events/Resource']);
    expect(pathsOf(topology.keys)).toEqual(['Hub/Key/Resource']);
    expect(topology.resourcePolicies.map(({ type }) => type).sort()).toEqual([
      'AWS::KMS::Key',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::QueuePolicy',
      'AWS::SQS::QueuePolicy',
    ]);
  });

  test('no environment variable, input of a target or other resource', () => {
    const { app, hub, bus } = ordersApp();
    const secret = 'a-secret-value';
    const handler = testFunction(hub, 'Handler', { environment: { TOKEN: secret } });
    new Rule(hub, 'Rule', {
      eventBus: bus,
      eventPattern: { source: ['shop'] },
      targets: [new LambdaEventTarget(handler)],
    });
    new CfnRule(hub, 'WithInput', {
      eventBusName: bus.eventBusName,
      eventPattern: { source: ['shop'] },
      targets: [{ id: 'T', arn: handler.functionArn, input: JSON.stringify({ secret }) }],
    });
    new CfnResource(hub, 'Bucket', { type: 'AWS::S3::Bucket', properties: { BucketName: secret } });
    const topology = topologyOfApp(app);
    expect(topologyText(topology)).not.toContain(secret);
    expect(topology.rules[1].targets[0].inputProperty).toBe('Input');
  });
});

describe('the file is', () => {
  const appWith = (ids: string[]) => {
    const app = testApp();
    const stack = testStack('Hub', HUB, app);
    ids.forEach((id) => new CrossAccountEventBus(stack, id, { publishers: [EventPublisher.accounts(SHOP.account)] }));
    return app;
  };

  test('the same, in whichever order resources are defined', () => {
    const [one, other] = [
      ['A', 'B', 'C'],
      ['C', 'A', 'B'],
    ].map((ids) => topologyText(topologyOfApp(appWith(ids))));
    expect(one).toBe(other);
  });

  test('sorted by path, with a line for each entry', () => {
    const topology = topologyOfApp(appWith(['B', 'A']));
    expect(pathsOf(topology.eventBuses)).toEqual(['Hub/A/Resource', 'Hub/B/Resource']);
    const lines = topologyText(topology).split('\n');
    expect(lines.filter((line) => line.includes('"stack":')).length).toBe(
      topology.eventBuses.length + topology.resourcePolicies.length,
    );
  });

  test('of a stack without an account and Region, with placeholders', () => {
    const app = testApp();
    new CrossAccountEventBus(testStack('Hub', {}, app), 'Bus', { eventBusName: 'orders' });
    const { stacks, eventBuses } = topologyOfApp(app);
    expect(stacks).toEqual([{ path: 'Hub', name: 'Hub' }]);
    expect(eventBuses[0].arn).toBe('arn:aws:events:‹region›:‹AWS::AccountId›:event-bus/orders');
  });

  test('small, in an app with 300 publishers', () => {
    const { app, bus } = ordersApp();
    for (let i = 0; i < 300; i++) {
      const account = String(200000000000 + i);
      const stack = testStack(`Shop${i}`, { ...SHOP, account }, app);
      const role = new PublisherRole(stack, 'Publisher', { assumedBy: lambda, eventBuses: [bus] });
      testFunction(stack, 'Function', { role });
      new Role(stack, 'Other', { assumedBy: lambda });
    }
    const topology = topologyOfApp(app);
    expect([topology.stacks, topology.roles, topology.functions].map(({ length }) => length)).toEqual([301, 300, 0]);
    const bytes = Buffer.byteLength(topologyText(topology));
    expect(bytes / topology.roles.length).toBeLessThan(1_000);
  });
});
