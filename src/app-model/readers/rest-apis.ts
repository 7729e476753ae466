import { isObject, scalarOrList, toList, toText } from '../../iam/statement';
import type { ResourcePolicyStatement } from '../app-model';
import { ReadContext, ResourceReaders, baseOf, documentStatements } from '../read-context';

/** REST APIs and the parts of their paths, which only checks of such targets need. */
export const REST_API_READERS: ResourceReaders = {
  'AWS::ApiGateway::RestApi': (context) => {
    const { attributes, model, properties } = context;
    const { Body, BodyS3Location, CloneFrom, Policy } = properties;
    const api = baseOf(context, 'ExecuteArn');
    const mayHavePolicy = Body === undefined && BodyS3Location === undefined ? false : undefined;
    const methods = model.restApiMethods.filter(({ restApiId }) => restApiId === attributes.RestApiId);
    model.restApis.push({
      ...api,
      hasPolicy: Policy === undefined ? mayHavePolicy : true,
      requiresIam: methods.length > 0 && methods.every((method) => method.requiresIam),
      hasDefinition: [Body, BodyS3Location, CloneFrom].some((definition) => definition !== undefined),
      rootResourceId: attributes.RootResourceId,
    });
    const statements = documentStatements(context, api.arn, Policy);
    model.restApiStatements.push(...statements.map((entry) => withFullResource(entry, api.arn)));
  },
  'AWS::ApiGateway::Resource': ({ attributes, model, properties: { ParentId, PathPart } }) => {
    model.restApiResources.push({ id: attributes.Ref, parentId: toText(ParentId), pathPart: toText(PathPart) });
  },
};

/** Adds a method of a REST API. Methods are read before the APIs. */
export function addRestApiMethod({ model, properties }: ReadContext): void {
  const { AuthorizationType, HttpMethod, ResourceId, RestApiId } = properties;
  // Browsers send preflight requests without authorization.
  if (HttpMethod === 'OPTIONS' || typeof RestApiId !== 'string') return;
  model.restApiMethods.push({
    restApiId: RestApiId,
    httpMethod: toText(HttpMethod),
    resourceId: toText(ResourceId),
    requiresIam: AuthorizationType === 'AWS_IAM',
  });
}

/**
 * A statement with the ARNs of which `execute-api:/STAGE/METHOD/PATH` is the short form.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
 */
function withFullResource(entry: ResourcePolicyStatement, apiArn: string): ResourcePolicyStatement {
  const { statement } = entry;
  if (!isObject(statement) || statement.Resource === undefined) return entry;
  const resources = toList(statement.Resource).map((resource) => resource.replace(/^execute-api:\//, `${apiArn}/`));
  return { ...entry, statement: { ...statement, Resource: scalarOrList(resources) } };
}
