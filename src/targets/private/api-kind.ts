import { ResourceEnvironment, Stack } from 'aws-cdk-lib';
import { CfnRestApi, IRestApi } from 'aws-cdk-lib/aws-apigateway';
import { IConstruct } from 'constructs';
import { TargetResourceKind } from './target-resource';
import { FindingId } from '../../checks/finding-id';
import { isOwned } from '../../core/ownership';
import { validationError } from '../../core/validation-error';
import { apiMethodArn } from '../../eventbridge/target-formats';

/** A method of a REST API. */
export interface ApiMethod {
  readonly stage: string;
  readonly method: string;
  /** Begins with `/`. */
  readonly path: string;
}

/** The kind of a method of an API, in the policy of which the ID of the API is omitted: it would be a cycle. */
export function apiKind(
  { stage, method, path }: ApiMethod,
  { account, region }: ResourceEnvironment,
): TargetResourceKind<IRestApi, CfnRestApi> {
  const resourceName = `${stage}/${method}${path}`;
  return {
    noun: 'API',
    property: 'restApi',
    nameProperty: 'restApiName',
    action: 'execute-api:Invoke',
    arnFormat: apiMethodArn,
    arnOf: (api) =>
      Stack.of(api).formatArn({ service: 'execute-api', account, region, resource: api.restApiId, resourceName }),
    policyArn: `execute-api:/${resourceName}`,
    isResource: CfnRestApi.isCfnRestApi,
    resourceArnOf: ({ ref }) => ref,
    target: 'ApiGatewayEventTarget',
    permission: 'CrossAccountApiPermission',
    manualStep: FindingId.MANUALLY_ADD_API_POLICY,
    manualStepNote: 'the method must use IAM authorization',
  };
}

/** Rejects an API of this app in another account: its ID is known only at deployment. */
export function requireImportedApi(rule: IConstruct, api: IRestApi): void {
  if (!isOwned(api)) return;
  throw validationError(
    rule,
    `'restApi' must be imported by its ID for a rule in another account, got '${api.node.path}', whose ID is known ` +
      "only at deployment; import it with RestApi.fromRestApiId() and 'restApiAccount', and add a " +
      'CrossAccountApiPermission for it to its stack',
  );
}
