import { CfnDeployment, CfnRestApi, CfnStage, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { assemblyOf, constructsInAssembly } from '../../app-model/assembly';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { cfnResourceOf, referencedResource } from '../../core/cfn-resources';
import { like } from '../../iam/matching';
import { toText } from '../../iam/statement';

/**
 * The problem with a stage that an API of this app does not have; none if the app does not define its stages, or if
 * one of them is known only at deployment.
 *
 * @param stage the name, or a pattern for names
 */
export function validateStage(api: IRestApi, stage: string): string[] {
  const reader = new TemplateReader();
  const name = toText(reader.resolve(api.stack, stage));
  const stages = stagesOf(api, reader);
  const isKnown = [name, ...stages].every((text) => /^[\w*?-]+$/.test(text));
  if (!isKnown || stages.length === 0 || stages.some((existing) => like(name, existing) !== false)) return [];
  return [
    `'stage' must be a stage of the API, got '${name}', which '${api.node.path}' does not have; use one of: ` +
      stages.join(', '),
  ];
}

/** The names of the stages that the app defines for an API, or may define for it. */
function stagesOf(api: IRestApi, reader: TemplateReader): string[] {
  const resource = cfnResourceOf(api, CfnRestApi.isCfnRestApi);
  return constructsInAssembly(assemblyOf(api))
    .filter(isStageOrDeployment)
    .filter(({ restApiId }) => [undefined, resource].includes(referencedResource(restApiId, CfnRestApi.isCfnRestApi)))
    .map((stage) => reader.resource(stage)?.properties.StageName)
    .filter((name) => name !== undefined)
    .map(toText);
}

function isStageOrDeployment(construct: unknown): construct is CfnStage | CfnDeployment {
  return CfnStage.isCfnStage(construct) || CfnDeployment.isCfnDeployment(construct);
}
