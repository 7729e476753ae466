import { App, Stack } from 'aws-cdk-lib';
import { CfnEventBus, EventBus, IEventBusRef } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CrossAccountEventBus, PublisherRole, PublisherRoleProps } from '../../src';
import { HUB, SHOP, REGION, count, testApp, testStack } from '../support/apps';
import { errorOf, expectMessage } from '../support/messages';
import { propertiesOf } from '../support/templates';

const LAMBDA = new ServicePrincipal('lambda.amazonaws.com');
const arnOf = (name: string) => `arn:aws:events:${REGION}:${SHOP.account}:event-bus/${name}`;
let app: App;
let stack: Stack;
beforeEach(() => {
  app = testApp();
  stack = testStack('Publisher', SHOP, app);
});
const imported = (n: number, pad = 0) =>
  count(n, (i) => EventBus.fromEventBusArn(stack, `Bus${i}`, arnOf(`bus${i}-`.padEnd(pad, 'x'))));
const publisherOf = (eventBuses: IEventBusRef[], props: Partial<PublisherRoleProps> = {}) =>
  new PublisherRole(stack, 'Role', { assumedBy: LAMBDA, eventBuses, ...props });
const large = (action: string, n: number) =>
  new PolicyStatement({ actions: [action], resources: count(n, (i) => `arn:aws:s3:::bucket-${i}/`.padEnd(100, 'x')) });

/** Expects the synthesis to fail because the policies of the role exceed a quota. */
function expectQuotaError(): void {
  expectMessage(/\[Publisher\/Role\] 'eventBuses' must .*/.exec(errorOf(() => app.synth()))![0]);
}

describe('a publisher', () => {
  test('may have buses of another account of the app beside more buses than one policy holds', () => {
    const theirs = count(
      3,
      (i) => new CrossAccountEventBus(i ? (app.node.findChild('Hub') as Stack) : testStack('Hub', HUB, app), `Bus${i}`),
    );
    publisherOf([...imported(150), ...theirs]);
    expect(propertiesOf(Stack.of(theirs[0]), 'AWS::Events::EventBusPolicy')).toHaveLength(3);
  });

  test('may have 150 buses of another account', () => {
    const h = testStack('Hub', HUB, app);
    publisherOf(count(150, (i) => new CfnEventBus(h, `Bus${i}`, { name: `b${i}` })));
    app.synth();
  });

  test('fails for a bus that was refused before, as it did then', () => {
    const role = publisherOf(imported(1));
    const unnamed = new EventBus(testStack('Hub', HUB, app), 'Unnamed');
    for (let i = 0; i < 2; i++) expectMessage(errorOf(() => role.addEventBus(unnamed)));
  });

  test('fails for a bus that did not fit before, as it did then', () => {
    const role = publisherOf(imported(399, 256));
    const last = EventBus.fromEventBusArn(stack, 'Last', arnOf('last'.padEnd(256, 'x')));
    for (let i = 0; i < 2; i++) expectMessage(errorOf(() => role.addEventBus(last)));
  });

  test('fails with more than 20 managed policies by some that are added later', () => {
    const role = publisherOf(imported(399, 256));
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('One'));
    expectQuotaError();
  });

  test('fails with more than 20 managed policies by those that the CDK splits off', () => {
    const role = publisherOf(imported(399, 256));
    ['s3:A', 's3:B', 's3:C'].forEach((a) => role.addToPolicy(large(a, 50)));
    expectQuotaError();
  });

  test('fails with inline policies over 10,240 characters', () => {
    publisherOf(imported(110), { inlinePolicies: { Own: new PolicyDocument({ statements: [large('s3:A', 50)] }) } });
    expectQuotaError();
  });

  test('fails with inline policies over 10,240 characters by buses whose ARNs the CDK takes for short', () => {
    const role = publisherOf(count(18, (i) => new CfnEventBus(stack, `B${i}`, { name: `bus${i}-`.padEnd(256, 'x') })));
    role.addToPolicy(large('s3:A', 65));
    expectQuotaError();
  });

  test('fails with a scope that is too long for a managed policy', () => {
    const sources = count(30, (i) => `source${i}`.padEnd(256, 'x'));
    const message = errorOf(() => publisherOf(imported(2), { allowedEvents: { sources } }));
    expect(message).toMatch(/^Publisher\/Role: 'allowedEvents' must/);
    expectMessage(message);
  });

  test('has a bus that is given as L2 and as L1 once', () => {
    const bus = new EventBus(stack, 'Bus');
    publisherOf([bus, bus.node.defaultChild as CfnEventBus]);
    expect(propertiesOf(stack, 'AWS::IAM::Policy')[0].PolicyDocument.Statement[0].Resource).toEqual({
      'Fn::GetAtt': expect.anything(),
    });
  });
});
