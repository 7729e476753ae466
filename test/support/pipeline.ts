import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { REGION } from './apps';

const TOOLS = { account: '000000000000', region: REGION };

/** A pipeline in a stack of its own. */
export function testPipeline(app: App): CodePipeline {
  const connectionArn =
    `arn:aws:codeconnections:${TOOLS.region}:${TOOLS.account}` + ':connection/00000000-0000-0000-0000-000000000000';
  const input = CodePipelineSource.connection('example/shop', 'main', { connectionArn });
  return new CodePipeline(new Stack(app, 'Pipeline', { env: TOOLS }), 'Pipeline', {
    crossAccountKeys: true,
    synth: new ShellStep('Synth', { input, commands: ['npx cdk synth'] }),
  });
}

/**
 * When each stack is deployed, as the template of the pipeline has it: `{ 'Beta.Hub': 2 }`, by the stage of the
 * pipeline.
 */
export function deployOrderOf(pipeline: CodePipeline): { [stage: string]: { [stack: string]: number } } {
  const [{ Properties }] = Object.values(
    Template.fromStack(Stack.of(pipeline)).findResources('AWS::CodePipeline::Pipeline'),
  );
  const actionsOf = (actions: any[]) =>
    actions
      .filter(({ Name }) => /\.Deploy$/.test(Name))
      .map(({ Name, RunOrder }) => [Name.replace(/\.Deploy$/, ''), RunOrder]);
  const stages = Properties.Stages.map(({ Name, Actions }: any) => [Name, Object.fromEntries(actionsOf(Actions))]);
  return Object.fromEntries(stages.filter(([, deployed]: [string, object]) => Object.keys(deployed).length > 0));
}
