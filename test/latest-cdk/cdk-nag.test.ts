import * as cdk from 'aws-cdk-lib';
import { CfnEventBusPolicy, EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { forwardToAnyTarget } from '../../examples/typescript/forward-to-any-target/app';
import { memberAccounts } from '../../examples/typescript/member-accounts/app';
import {
  CrossAccountEventBus,
  CrossAccountEventBusPolicy,
  CrossAccountEventBusTarget,
  EventPublisher,
  LambdaEventTarget,
  PublisherRole,
} from '../../src';
import { BILLING, HUB, ORGANIZATION, SHOP, testApp, testFunction } from '../support/apps';
import { errorOf } from '../support/messages';

/** The types are those of the oldest supported CDK, which does not have `Validations`. */
const { Validations } = cdk as unknown as {
  Validations: { of(app: cdk.App): { addPlugins(...plugins: object[]): void } };
};

function synthesisWithNag(build: (app: cdk.App) => void): () => void {
  const app = testApp();
  build(app);
  return withNag(app);
}

function withNag(app: cdk.App): () => void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app as never));
  return () => app.synth();
}

const stack = (app: cdk.App, id: string, env: cdk.Environment) => new cdk.Stack(app, id, { env });
const lambdaRole = (scope: cdk.Stack) =>
  new Role(scope, 'HandlerRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

describe("cdk-nag's AwsSolutions pack", () => {
  test('has no findings for the constructs of this library', () => {
    expect(
      synthesisWithNag((app) => {
        const hub = stack(app, 'Hub', HUB);
        const consumer = stack(app, 'Consumer', BILLING);
        const publisher = stack(app, 'Publisher', SHOP);
        const publishers = [EventPublisher.organization(ORGANIZATION), EventPublisher.accounts(SHOP.account)];
        const bus = new CrossAccountEventBus(hub, 'Bus', { publishers });
        const localBus = new CrossAccountEventBus(consumer, 'LocalBus');
        const queue = new Queue(hub, 'DeadLetters', {
          enforceSSL: true,
          deadLetterQueue: { queue: new Queue(hub, 'Last', { enforceSSL: true }), maxReceiveCount: 5 },
        });
        const functionName = cdk.PhysicalName.GENERATE_IF_NEEDED;
        const remote = testFunction(consumer, 'Handler', { functionName, role: lambdaRole(consumer) });
        const local = testFunction(hub, 'Handler', { role: lambdaRole(hub) });
        new Rule(hub, 'Rule', {
          eventBus: bus,
          eventPattern: { source: ['com.example'] },
          targets: [
            new LambdaEventTarget(remote),
            new LambdaEventTarget(local, { deadLetterQueue: queue }),
            new CrossAccountEventBusTarget(localBus),
          ],
        });
        new PublisherRole(publisher, 'Role', {
          assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
          eventBuses: [bus],
        });
        new CrossAccountEventBusPolicy(hub, 'Policy', { eventBus: new EventBus(hub, 'Other'), publishers });
      }),
    ).not.toThrow();
  });

  // The role of a function has an AWS managed policy, and the other findings are about resources of other services.
  test.each<[string, (props: cdk.AppProps) => cdk.App, string[]]>([
    [
      'forward-to-any-target',
      forwardToAnyTarget,
      [
        'Fulfillment/Archive/Resource',
        'Fulfillment/Fulfillment/Resource',
        'Fulfillment/ToArchive/Resource',
        'Fulfillment/ToArchive/S3 Destination Role/DefaultPolicy/Resource',
      ],
    ],
    ['member-accounts', memberAccounts, ['Hub/Handler/ServiceRole/Resource']],
  ])('has no findings for buses, rules and their roles in the example %s', (_, example, others) => {
    const report = errorOf(withNag(example({ outdir: testApp().outdir, analyticsReporting: false })));
    const paths = [...report.matchAll(/^ +(\S.*) aws-cdk-lib\.\w+\.Cfn\w+$/gm)].map(([, path]) => path);
    expect([...new Set(paths)].sort()).toEqual(others);
  });

  test('has a finding for a bus that allows any AWS account', () => {
    expect(
      synthesisWithNag((app) => {
        const statement = {
          Effect: 'Allow',
          Principal: '*',
          Action: 'events:PutEvents',
          Resource: `arn:aws:events:${HUB.region}:${HUB.account}:event-bus/default`,
        };
        new CfnEventBusPolicy(stack(app, 'Hub', HUB), 'Policy', { statementId: 'Open', statement });
      }),
    ).toThrow(/AwsSolutions-EVB1/);
  });
});
