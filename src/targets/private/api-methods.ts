import { CfnRestApi, IRestApi, Method } from 'aws-cdk-lib/aws-apigateway';
import { ApiMethod } from './api-kind';
import { isGrantStatement } from './target-policy';
import { TemplateReader } from '../../app-model/resolve/template-reader';
import { cfnResourceOf } from '../../core/cfn-resources';
import { like } from '../../iam/matching';
import { isObject, statementsOf } from '../../iam/statement';

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

function usesIam(method: Method): boolean {
  const resource = method.node.defaultChild as { authorizationType?: string } | undefined;
  return resource?.authorizationType === 'AWS_IAM';
}

function isGranted({ httpMethod, resource }: Method, { method, path }: Omit<ApiMethod, 'stage'>): boolean {
  const isMethod = method === '*' || httpMethod === 'ANY' || httpMethod === method;
  // Parameters of the path, such as `{id}`, match any text.
  const pattern = resource.path.replace(/\{[^}]*\}/g, '*');
  return isMethod && (like(path, pattern) !== false || like(pattern, path) !== false);
}

/** Whether the policy of the API has statements that no permission of this library added. */
function hasOtherStatements(api: IRestApi): boolean {
  const resource = cfnResourceOf(api, CfnRestApi.isCfnRestApi);
  const policy = resource && new TemplateReader().resource(resource)?.properties.Policy;
  return statementsOf(policy).some((statement) => !isObject(statement) || !isGrantStatement(statement.Sid));
}
