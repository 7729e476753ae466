import { App, AppProps, Stack } from 'aws-cdk-lib';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { CodePipeline, CodePipelineSource, ManualApprovalStep, ShellStep } from 'aws-cdk-lib/pipelines';
import { OrderStage } from './stage';

const REGION = 'eu-west-1';
const TOOLS = { account: '999999999999', region: REGION };
const CONNECTION = `arn:aws:codeconnections:${REGION}:${TOOLS.account}:connection/00000000-0000-0000-0000-000000000000`;

/** The whole app: two deployments of one stage, each in its own accounts, and the pipeline that deploys them. */
export function deliveryPipeline(props?: AppProps): App {
  const app = new App(props);
  // Define all stages before the pipeline: addStage() synthesizes a stage at once.
  const beta = new OrderStage(app, 'Beta', {
    env: { region: REGION },
    store: '111111111111',
    bus: '222222222222',
    invoices: '333333333333',
  });
  const prod = new OrderStage(app, 'Prod', {
    env: { region: REGION },
    store: '444444444444',
    bus: '555555555555',
    invoices: '666666666666',
  });

  const pipeline = new CodePipeline(new Stack(app, 'Tools', { env: TOOLS }), 'Pipeline', {
    crossAccountKeys: true,
    enableKeyRotation: true,
    pipelineType: PipelineType.V2,
    synth: new ShellStep('Synth', {
      input: CodePipelineSource.connection('example/orders', 'main', { connectionArn: CONNECTION }),
      commands: ['npm ci', 'npx cdk synth'],
    }),
  });
  pipeline.addStage(beta);
  pipeline.addStage(prod, { pre: [new ManualApprovalStep('Release')] });
  return app;
}
