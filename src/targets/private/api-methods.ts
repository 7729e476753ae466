import { CfnMethod, CfnRestApi, IRestApi, Method } from 'aws-cdk-lib/aws-apigateway';
import { ApiMethod } from './api-kind';
import { validateStage } from './api-stages';
import { isGrantStatement } from './target-policy';
import { assemblyOf, constructsInAssembly } from '../../app-model/assembly';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { cfnResourceOf, referencedResource } from '../../core/cfn-resources';
import { isPathOf, isPatternOfPath } from '../../eventbridge/api-paths';
import { isObject, statementsOf, toList } from '../../iam/statement';

/** The method of a target, with the values for each `*` of its path. */
export interface ApiTarget extends ApiMethod {
  readonly pathParameterValues: readonly string[];
}

/**
 * The problems with methods of an API that has a policy for the roles of rules. Without IAM authorization, requests are
 * anonymous, and the policy denies them.
 */
export function validateIamAuthorization(
  api: IRestApi,
  methods: readonly Method[],
  granted: Omit<ApiMethod, 'stage'>,
): string[] {
  const anonymous = methods.filter((method) => !usesIam(method));
  const [target] = anonymous.filter((method) => isGranted(method, granted));
  if (target) {
    return [
      `'restApi' must use IAM authorization for its methods, got '${target.node.path}' without; set ` +
        "'authorizationType' to AuthorizationType.IAM, or limit the permission by 'method' and 'path'",
    ];
  }
  if (anonymous.length === 0 || hasOtherStatements(api)) return [];
  return [
    `'restApi' must use IAM authorization for its methods, or have a policy that allows the others, got ` +
      `'${anonymous[0].node.path}', whose requests the policy denies; set 'authorizationType' to ` +
      'AuthorizationType.IAM, or call addToResourcePolicy() on the API',
  ];
}

/**
 * The problems with a target that is a REST API of this app: EventBridge sends the event, and API Gateway rejects it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-gateway-target.html
 */
export function validateApiTarget(
  api: IRestApi,
  methods: readonly Method[],
  target: ApiTarget,
  headers: readonly string[],
): string[] {
  const properties = propertiesOf(api);
  const { EndpointConfiguration: endpoint, DisableExecuteApiEndpoint: isDisabled } = properties ?? {};
  if (isObject(endpoint) && toList(endpoint.Types).includes('PRIVATE')) {
    return [
      `'restApi' must not be a private API, got '${api.node.path}', to which EventBridge cannot send; use a Regional ` +
        'or edge-optimized API, or an API destination with a private connection',
    ];
  }
  if (isDisabled === true) {
    return [
      `'restApi' must have its default endpoint, got '${api.node.path}' with 'disableExecuteApiEndpoint', which ` +
        "rejects the requests of EventBridge; remove 'disableExecuteApiEndpoint'",
    ];
  }
  const problems = areAllMethods(api, methods) ? validateMethod(methods, target, headers) : [];
  return problems.length > 0 ? problems : validateStage(api, target.stage);
}

/** The problems with a permission for methods or a stage that the API does not have: it has no effect. */
export function validateGrantedMethods(api: IRestApi, methods: readonly Method[], granted: ApiMethod): string[] {
  const { stage, method, path } = granted;
  if (areAllMethods(api, methods) && !methods.some((each) => isGranted(each, granted))) {
    return [
      `'path' and 'method' must match a method of the API, got '${method} ${path}', which allows nothing; ` +
        `use one of: ${namesOf(methods)}, with '*' for each parameter`,
    ];
  }
  return validateStage(api, stage);
}

/** Whether the methods of the construct of an API are certainly all of them. */
function areAllMethods(api: IRestApi, methods: readonly Method[]): boolean {
  return methods.length > 0 && !hasOtherMethods(api, methods);
}

function namesOf(methods: readonly Method[]): string {
  return methods.map(({ httpMethod, resource }) => `${httpMethod} ${resource.path}`).join(', ');
}

/** Whether other constructs add methods to the API, or may do so, such as one that imports it in another stack. */
function hasOtherMethods(api: IRestApi, methods: readonly Method[]): boolean {
  const known = new Set<unknown>(methods.map(({ node }) => node.defaultChild));
  const resource = cfnResourceOf(api, CfnRestApi.isCfnRestApi);
  return constructsInAssembly(assemblyOf(api))
    .filter((construct): construct is CfnMethod => CfnMethod.isCfnMethod(construct) && !known.has(construct))
    .some(({ restApiId }) => [undefined, resource].includes(referencedResource(restApiId, CfnRestApi.isCfnRestApi)));
}

function validateMethod(
  methods: readonly Method[],
  { method, path, pathParameterValues }: ApiTarget,
  headers: readonly string[],
): string[] {
  const candidates = methods.filter(
    ({ httpMethod, resource }) => isMethodOf(httpMethod, method) && isPathOf(resource.path, path, pathParameterValues),
  );
  if (candidates.length === 0) {
    return [
      `'path' and 'method' must be those of a method of the API, got '${method} ${path}', which API Gateway rejects; ` +
        `use one of: ${namesOf(methods)}, with '*' or a value for each parameter`,
    ];
  }
  const [{ node }] = candidates;
  const types = candidates.map((each) => methodPropertiesOf(each));
  if (types.every(({ authorizationType }) => authorizationType === 'COGNITO_USER_POOLS')) {
    return [
      `'restApi' must have a method that the execution role may call, got '${node.path}', which requires a token of ` +
        "Amazon Cognito; remove its 'authorizer', and set its 'authorizationType' to AuthorizationType.IAM",
    ];
  }
  const hasKey = headers.some((name) => name.toLowerCase() === 'x-api-key');
  if (hasKey || !types.every(({ apiKeyRequired }) => apiKeyRequired === true)) return [];
  return [
    `'headerParameters' must have an API key as 'x-api-key', got none for '${node.path}', which requires one; ` +
      "set it, or remove 'apiKeyRequired' from the method",
  ];
}

function methodPropertiesOf(method: Method): { authorizationType?: unknown; apiKeyRequired?: unknown } {
  return (method.node.defaultChild ?? {}) as object;
}

function usesIam(method: Method): boolean {
  return methodPropertiesOf(method).authorizationType === 'AWS_IAM';
}

function isGranted({ httpMethod, resource }: Method, { method, path }: Omit<ApiMethod, 'stage'>): boolean {
  return isMethodOf(httpMethod, method) && isPatternOfPath(path, resource.path);
}

function isMethodOf(httpMethod: string, method: string): boolean {
  return method === '*' || httpMethod === 'ANY' || httpMethod === method;
}

/** Whether the policy of the API has statements that no permission of this library added. */
function hasOtherStatements(api: IRestApi): boolean {
  return statementsOf(propertiesOf(api)?.Policy).some(
    (statement) => !isObject(statement) || !isGrantStatement(statement.Sid),
  );
}

function propertiesOf(api: IRestApi) {
  const resource = cfnResourceOf(api, CfnRestApi.isCfnRestApi);
  return resource && new TemplateReader().resource(resource)?.properties;
}
